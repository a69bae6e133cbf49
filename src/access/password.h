/// Passwords, of which only an argon2id hash is kept.
/// Thread: any; hashing takes a tenth of a second and 64 MiB, so only one thread does it. Lifetime: value
/// type.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace tagwire::access {

inline constexpr std::size_t kMinPasswordBytes = 10;
inline constexpr std::size_t kMaxPasswordBytes = 1024;

/// Long rather than intricate (NIST SP 800-63B, 5.1.1.2): no rule about kinds of characters, but none of
/// those that everybody tries first. The error says what is wrong with it.
[[nodiscard]] Result<void> checkPassword(std::string_view user, std::string_view password);

class PasswordHasher {
public:
    struct Cost {
        unsigned long long passes = 3;
        std::size_t memoryBytes = std::size_t{64} * 1024 * 1024;
    };

    PasswordHasher() : PasswordHasher(Cost{}) {}
    explicit PasswordHasher(Cost cost);

    /// The error: there is no memory for it.
    [[nodiscard]] Result<std::string> hash(std::string_view password) const;
    /// Where there is no such user `kept` is empty, and it takes the same time.
    [[nodiscard]] bool matches(std::string_view kept, std::string_view password) const;
    /// Whether it was made with another cost than is usual now.
    [[nodiscard]] bool isOutdated(const std::string& kept) const;

private:
    Cost cost_;
    std::string nobody_;  ///< of a password that nobody has
};

}  // namespace tagwire::access
