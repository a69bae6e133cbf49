#include "bridge/url.h"

#include <charconv>

#include <fmt/format.h>

namespace tagwire::da {

Result<GatewayUrl> parseGatewayUrl(std::string_view text, bool allowPlain) {
    constexpr std::string_view kTls = "wss://";
    constexpr std::string_view kPlain = "ws://";
    constexpr std::uint16_t kPlainPort = 80;
    const auto wrong = [text] {
        return fail(fmt::format("\"{}\" is not the address of a gateway, such as wss://gateway:5000", text));
    };
    GatewayUrl url;
    std::string_view rest = text;
    if (rest.starts_with(kTls)) {
        rest.remove_prefix(kTls.size());
    } else if (rest.starts_with(kPlain)) {
        rest.remove_prefix(kPlain.size());
        url.tls = false;
        url.port = kPlainPort;
    } else {
        return wrong();
    }
    if (rest.ends_with('/')) rest.remove_suffix(1);
    const auto bracket = rest.starts_with('[') ? rest.find(']') : 0;
    if (bracket == std::string_view::npos) return wrong();
    const auto colon = rest.find(':', bracket);
    url.host = std::string(rest.substr(0, colon));
    if (colon != std::string_view::npos) {
        const auto digits = rest.substr(colon + 1);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), url.port);
        if (error != std::errc{} || end != digits.data() + digits.size() || url.port == 0) return wrong();
    }
    if (url.host.empty() || url.host.find_first_of("/?#@ ") != std::string::npos) return wrong();
    const bool here = url.host == "localhost" || url.host == "[::1]" || url.host.starts_with("127.");
    if (!url.tls && !here && !allowPlain) {
        return fail(
            "ws:// would send the token in clear: use wss://, or --allow-plain in a network that you trust "
            "with it");
    }
    return url;
}

}  // namespace tagwire::da
