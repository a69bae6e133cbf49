#include "oidc/key_set.h"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

#include "access/base64_url.h"
#include "oidc/documents.h"

namespace tagwire::oidc {
namespace {

/// Of RSA with 16,384 bits.
constexpr std::size_t kMaxNumberBytes = 2048;

std::optional<KeyKind> kindOf(const boost::json::object& object) {
    const auto kind = textOf(object, "kty");
    if (kind == "RSA") return KeyKind::Rsa;
    if (kind == "EC" && textOf(object, "crv") == "P-256") return KeyKind::P256;
    return std::nullopt;
}

/// The library ends the program where a number is no base64url.
bool isNumber(const boost::json::object& object, std::string_view name) {
    const auto bytes = access::fromBase64Url(textOf(object, name));
    return bytes && !bytes->empty() && bytes->size() <= kMaxNumberBytes;
}

bool hasNumbers(const boost::json::object& object, KeyKind kind) {
    return kind == KeyKind::Rsa ? isNumber(object, "n") && isNumber(object, "e")
                                : isNumber(object, "x") && isNumber(object, "y");
}

/// Only what is public of it reaches the library.
boost::json::object publicPart(const boost::json::object& object, KeyKind kind) {
    if (kind == KeyKind::Rsa) return {{"kty", "RSA"}, {"n", textOf(object, "n")}, {"e", textOf(object, "e")}};
    return {{"kty", "EC"}, {"crv", "P-256"}, {"x", textOf(object, "x")}, {"y", textOf(object, "y")}};
}

std::optional<SigningKey> keyOf(const boost::json::object& object) {
    const auto kind = kindOf(object);
    const auto use = textOf(object, "use");
    const auto algorithm = textOf(object, "alg");
    if (!kind || !hasNumbers(object, *kind) || (!use.empty() && use != "sig")) return std::nullopt;
    SigningKey made{
        .id = textOf(object, "kid"), .kind = *kind, .only = algorithmNamed(algorithm), .key = nullptr};
    if (!algorithm.empty() && !made.only) return std::nullopt;
    const auto text = boost::json::serialize(publicPart(object, *kind));
    cjose_err error{};
    made.key.reset(cjose_jwk_import(text.data(), text.size(), &error));
    if (!made.key) return std::nullopt;
    if (*kind == KeyKind::Rsa && cjose_jwk_get_keysize(made.key.get(), &error) < KeySet::kMinRsaBits)
        return std::nullopt;
    return made;
}

}  // namespace

std::optional<Algorithm> algorithmNamed(std::string_view name) noexcept {
    if (name == "RS256") return Algorithm::Rs256;
    if (name == "PS256") return Algorithm::Ps256;
    if (name == "ES256") return Algorithm::Es256;
    return std::nullopt;
}

bool SigningKey::fits(Algorithm algorithm) const noexcept {
    const bool elliptic = algorithm == Algorithm::Es256;
    return elliptic == (kind == KeyKind::P256) && (!only || *only == algorithm);
}

Result<KeySet> KeySet::parse(std::string_view text) {
    const auto object = parseObject(text);
    if (!object) return tl::unexpected(object.error());
    const auto* list = object->if_contains("keys");
    const auto* array = list == nullptr ? nullptr : list->if_array();
    if (array == nullptr) return fail("it has no keys");
    if (array->size() > kMaxKeys) return fail(fmt::format("it has more than {} keys", kMaxKeys));
    KeySet set;
    for (const auto& each : *array) {
        const auto* inner = each.if_object();
        auto key = inner == nullptr ? std::nullopt : keyOf(*inner);
        if (key) set.keys_.push_back(*std::move(key));
    }
    return set;
}

const SigningKey* KeySet::find(const std::string& id, Algorithm algorithm) const {
    const SigningKey* found = nullptr;
    for (const auto& key : keys_) {
        if (!key.fits(algorithm) || (!id.empty() && key.id != id)) continue;
        if (found != nullptr) return nullptr;
        found = &key;
    }
    return found;
}

}  // namespace tagwire::oidc
