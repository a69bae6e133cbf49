#include "serve/listen_address.h"

#include <charconv>

#include <boost/asio/ip/address.hpp>
#include <fmt/format.h>

namespace tagwire::serve {

Result<ListenAddress> parseListenAddress(std::string_view text) {
    const auto wrong = [text](std::string_view reason) {
        return fail(
            fmt::format("'{}' {}; expected ADDRESS:PORT such as 127.0.0.1:5000 or [::1]:5000", text, reason));
    };
    const auto colon = text.rfind(':');
    if (colon == std::string_view::npos) return wrong("has no port");
    auto host = text.substr(0, colon);
    const auto digits = text.substr(colon + 1);

    unsigned port = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (error != std::errc{} || end != digits.data() + digits.size())
        return wrong("has a port that is no number");
    if (port < 1 || port > 65535) return wrong("has a port outside 1..65535");

    if (host.size() > 2 && host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code failed;
    const auto address = boost::asio::ip::make_address(host, failed);
    if (failed) return wrong("has no IP address or 'localhost' before the port");
    return ListenAddress{address.to_string(), static_cast<std::uint16_t>(port), address.is_loopback()};
}

}  // namespace tagwire::serve
