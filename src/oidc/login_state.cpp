#include "oidc/login_state.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <stdexcept>

#include <fmt/format.h>
#include <sodium.h>

#include "access/base64_url.h"
#include "access/secret.h"
#include "base/sha256.h"

namespace tagwire::oidc {
namespace {

/// Far more than a sealed state takes.
constexpr std::size_t kMaxSealedCharacters = 1024;

std::string randomBytes(std::size_t size) {
    std::string bytes(size, '\0');
    randombytes_buf(bytes.data(), bytes.size());
    return bytes;
}

unsigned char* bytesOf(std::string& text) noexcept { return reinterpret_cast<unsigned char*>(text.data()); }
const unsigned char* bytesOf(std::string_view text) noexcept {
    return reinterpret_cast<const unsigned char*>(text.data());
}

std::string_view takeLine(std::string_view& text) noexcept {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

}  // namespace

LoginState newLoginState(Timestamp now) {
    return {.state = access::newSecret(),
            .nonce = access::newSecret(),
            .verifier = access::newSecret(),
            .expires = now + kLoginTime};
}

std::string challengeOf(std::string_view verifier) {
    const auto hash = sha256(verifier);
    return access::toBase64Url({reinterpret_cast<const char*>(hash.data()), hash.size()});
}

StateSeal::StateSeal() {
    static_assert(crypto_secretbox_KEYBYTES == sizeof(key_));
    if (sodium_init() < 0) throw std::runtime_error("this machine gives no random numbers");
    crypto_secretbox_keygen(key_.data());
}

StateSeal::~StateSeal() { sodium_memzero(key_.data(), key_.size()); }

std::string StateSeal::seal(const LoginState& state) const {
    const auto text =
        fmt::format("{}\n{}\n{}\n{}", ticksOf(state.expires), state.state, state.nonce, state.verifier);
    auto sealed = randomBytes(crypto_secretbox_NONCEBYTES);
    sealed.resize(crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + text.size());
    crypto_secretbox_easy(bytesOf(sealed) + crypto_secretbox_NONCEBYTES, bytesOf(std::string_view(text)),
                          text.size(), bytesOf(sealed), key_.data());
    return access::toBase64Url(sealed);
}

std::optional<LoginState> StateSeal::open(std::string_view sealed, Timestamp now) const {
    if (sealed.size() > kMaxSealedCharacters) return std::nullopt;
    const auto bytes = access::fromBase64Url(sealed);
    constexpr auto kHead = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES;
    if (!bytes || bytes->size() < kHead) return std::nullopt;
    const auto box = std::string_view(*bytes).substr(crypto_secretbox_NONCEBYTES);
    std::string text(bytes->size() - kHead, '\0');
    if (crypto_secretbox_open_easy(bytesOf(text), bytesOf(box), box.size(), bytesOf(std::string_view(*bytes)),
                                   key_.data()) != 0)
        return std::nullopt;
    std::string_view rest = text;
    const auto time = takeLine(rest);
    std::int64_t ticks = 0;
    std::from_chars(time.data(), time.data() + time.size(), ticks);
    LoginState state{.state = {}, .nonce = {}, .verifier = {}, .expires = Timestamp{Ticks{ticks}}};
    state.state = takeLine(rest);
    state.nonce = takeLine(rest);
    state.verifier = takeLine(rest);
    if (state.expires <= now) return std::nullopt;
    return state;
}

}  // namespace tagwire::oidc
