/// Keys of a provider and tokens that they sign, for tests.
/// Thread: the test's. Lifetime: value types.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <cjose/cjose.h>

#include "access/base64_url.h"
#include "base/free_with.h"

namespace tagwire::oidc {

class TestKey {
public:
    [[nodiscard]] static TestKey rsa(std::string id, std::size_t bits = 2048) {
        cjose_err error{};
        return {std::move(id), cjose_jwk_create_RSA_random(bits, nullptr, 0, &error)};
    }
    [[nodiscard]] static TestKey elliptic(std::string id, cjose_jwk_ec_curve curve = CJOSE_JWK_EC_P_256) {
        cjose_err error{};
        return {std::move(id), cjose_jwk_create_EC_random(curve, &error)};
    }
    [[nodiscard]] static TestKey shared(std::string id, std::string_view secret) {
        cjose_err error{};
        return {std::move(id), cjose_jwk_create_oct_spec(reinterpret_cast<const std::uint8_t*>(secret.data()),
                                                         secret.size(), &error)};
    }

    /// Without its private part; `more`: further members, such as `,"use":"sig"`.
    [[nodiscard]] std::string publicJson(std::string_view more = {}) const {
        cjose_err error{};
        const std::unique_ptr<char, FreeWith<&free>> json(cjose_jwk_to_json(key_.get(), false, &error));
        std::string text(json.get());
        text.insert(text.size() - 1, R"(,"kid":")" + id_ + "\"" + std::string(more));
        return text;
    }

    [[nodiscard]] std::string sign(std::string_view claims, const char* algorithm) const {
        cjose_err error{};
        const std::unique_ptr<cjose_header_t, FreeWith<&cjose_header_release>> header(
            cjose_header_new(&error));
        cjose_header_set(header.get(), CJOSE_HDR_ALG, algorithm, &error);
        if (!id_.empty()) cjose_header_set(header.get(), CJOSE_HDR_KID, id_.c_str(), &error);
        const std::unique_ptr<cjose_jws_t, FreeWith<&cjose_jws_release>> jws(
            cjose_jws_sign(key_.get(), header.get(), reinterpret_cast<const std::uint8_t*>(claims.data()),
                           claims.size(), &error));
        const char* text = nullptr;
        if (!jws || !cjose_jws_export(jws.get(), &text, &error)) return {};
        return text;
    }

private:
    TestKey(std::string id, cjose_jwk_t* key) : id_(std::move(id)), key_(key) {}

    std::string id_;
    std::unique_ptr<cjose_jwk_t, FreeWith<&cjose_jwk_release>> key_;
};

/// Signed by nobody.
[[nodiscard]] inline std::string unsignedToken(std::string_view header, std::string_view claims,
                                               std::string_view signature = {}) {
    return access::toBase64Url(header) + "." + access::toBase64Url(claims) + "." +
           access::toBase64Url(signature);
}

}  // namespace tagwire::oidc
