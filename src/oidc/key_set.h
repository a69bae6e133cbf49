/// The provider's public keys (RFC 7517), as far as they can sign ID tokens for us.
/// Thread: one at a time. Lifetime: owned by Provider.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cjose/jwk.h>

#include "base/free_with.h"
#include "base/result.h"

namespace tagwire::oidc {

/// No other ones: `none` proves nothing, and HS… is a secret that we share with whoever has the file of it.
enum class Algorithm : std::uint8_t { Rs256, Ps256, Es256 };

[[nodiscard]] std::optional<Algorithm> algorithmNamed(std::string_view name) noexcept;

enum class KeyKind : std::uint8_t { Rsa, P256 };

struct SigningKey {
    std::string id;  ///< kid; empty: it has none
    KeyKind kind = KeyKind::Rsa;
    std::optional<Algorithm> only;  ///< nothing: any that its kind can do
    std::unique_ptr<cjose_jwk_t, FreeWith<&cjose_jwk_release>> key;

    [[nodiscard]] bool fits(Algorithm algorithm) const noexcept;
};

class KeySet {
public:
    KeySet() = default;

    static constexpr std::size_t kMaxKeys = 100;
    static constexpr std::size_t kMinRsaBits = 2048;

    /// Keys for other uses, and weak ones, are left out. The error: it is no set of keys.
    [[nodiscard]] static Result<KeySet> parse(std::string_view text);

    /// Where the token names no key there has to be just one that fits. Null: there is none.
    [[nodiscard]] const SigningKey* find(const std::string& id, Algorithm algorithm) const;
    [[nodiscard]] std::size_t size() const noexcept { return keys_.size(); }

private:
    std::vector<SigningKey> keys_;
};

}  // namespace tagwire::oidc
