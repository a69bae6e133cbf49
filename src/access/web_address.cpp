#include "access/web_address.h"

#include <boost/url/grammar/ci_string.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

namespace tagwire::access {
namespace {

bool isLoopback(const boost::urls::url_view& url) {
    switch (url.host_type()) {
        case boost::urls::host_type::ipv4: return url.host_ipv4_address().is_loopback();
        case boost::urls::host_type::ipv6: return url.host_ipv6_address().is_loopback();
        default: return boost::urls::grammar::ci_is_equal(url.encoded_host(), "localhost");
    }
}

}  // namespace

Result<WebAddress> parseWebAddress(std::string_view text, PlainHttp plain) {
    const auto url = boost::urls::parse_uri(text);
    if (!url) return fail(fmt::format("is no web address: '{:.200}'", text));
    const bool secure = boost::urls::grammar::ci_is_equal(url->scheme(), "https");
    if (!secure && !boost::urls::grammar::ci_is_equal(url->scheme(), "http"))
        return fail(fmt::format("must begin with https://, but is '{:.200}'", text));
    if (url->encoded_host().empty()) return fail(fmt::format("names no host: '{:.200}'", text));
    const auto encoded = url->encoded_path();
    // Boost 1.81 reads 127.0.0.1.example.com as the host 127.0.0.1 and the rest as a path.
    if (!encoded.empty() && encoded.front() != '/')
        return fail(fmt::format("has a host that begins like an address and is none: '{:.200}'", text));
    if (url->has_userinfo() || url->has_fragment())
        return fail("must have neither a user nor a fragment (#)");
    const bool loopback = isLoopback(*url);
    if (!secure && (plain == PlainHttp::Never || !loopback)) {
        return fail(
            fmt::format("must begin with https://, because secrets are sent there, but is '{:.200}'", text));
    }
    std::string path(encoded.data(), encoded.size());
    while (path.ends_with('/')) path.pop_back();
    return WebAddress{
        .secure = secure, .loopback = loopback, .path = std::move(path), .query = url->has_query()};
}

}  // namespace tagwire::access
