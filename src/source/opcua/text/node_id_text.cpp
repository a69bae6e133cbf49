#include "source/opcua/text/node_id_text.h"

#include <charconv>
#include <optional>
#include <system_error>

#include <fmt/format.h>

#include "source/opcua/text/base64.h"

namespace tagwire::source::opcua {
namespace {

tl::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    constexpr std::size_t kShown = 80;
    return fail(fmt::format("`{}{}` is no node id: {}; write it as nsu=URI;s=NAME, ns=2;s=NAME or i=NUMBER",
                            text.substr(0, kShown), text.size() > kShown ? "…" : "", why));
}

template <class Number>
std::optional<Number> wholeNumber(std::string_view text, int base = 10) noexcept {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// The 8-4-4-4-12 form.
std::optional<Guid> parseGuid(std::string_view text) noexcept {
    constexpr std::size_t kLength = 36;
    if (text.size() != kLength) return std::nullopt;
    Guid guid;
    std::size_t at = 0;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
            if (text[at++] != '-') return std::nullopt;
        }
        const auto byte = wholeNumber<std::uint8_t>(text.substr(at, 2), 16);
        if (!byte) return std::nullopt;
        guid.bytes[i] = *byte;
        at += 2;
    }
    return guid;
}

std::string guidText(const Guid& guid) {
    std::string text;
    for (std::size_t i = 0; i < guid.bytes.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text.push_back('-');
        fmt::format_to(std::back_inserter(text), "{:02x}", guid.bytes[i]);
    }
    return text;
}

Result<NodeAddress::Namespace> parseNamespace(std::string_view text, std::string_view& rest) {
    const bool byUri = rest.starts_with("nsu=");
    if (!byUri && !rest.starts_with("ns=")) return NodeAddress::Namespace{std::uint16_t{0}};
    const auto end = rest.find(';');
    if (end == std::string_view::npos) return refuse(text, "after the namespace comes no `;` and identifier");
    const auto name = rest.substr(byUri ? 4 : 3, end - (byUri ? 4 : 3));
    rest.remove_prefix(end + 1);
    if (byUri) {
        auto uri = unescapeNamespaceUri(name);
        if (!uri) return refuse(text, "in the namespace's URI a % is not followed by two hexadecimal digits");
        if (uri->empty()) return refuse(text, "the namespace's URI is empty");
        return NodeAddress::Namespace{std::move(*uri)};
    }
    const auto index = wholeNumber<std::uint16_t>(name);
    if (!index) return refuse(text, "the namespace index is no number from 0 to 65535");
    return NodeAddress::Namespace{*index};
}

Result<NodeAddress::Identifier> parseIdentifier(std::string_view text, std::string_view rest) {
    if (rest.size() < 2 || rest[1] != '=')
        return refuse(text, "the identifier's kind (i=, s=, g= or b=) is missing");
    const auto body = rest.substr(2);
    if (body.size() > NodeAddress::kMaxIdentifierBytes)
        return refuse(text, "the identifier is over 4096 bytes long");
    switch (rest[0]) {
        case 'i': {
            const auto number = wholeNumber<std::uint32_t>(body);
            if (!number) return refuse(text, "after i= comes no number from 0 to 4294967295");
            return NodeAddress::Identifier{*number};
        }
        case 's':
            if (body.empty()) return refuse(text, "after s= comes no name");
            return NodeAddress::Identifier{std::string(body)};
        case 'g': {
            const auto guid = parseGuid(body);
            if (!guid)
                return refuse(text, "after g= comes no GUID such as 09087e75-8e5e-499b-954f-f2a9603db28a");
            return NodeAddress::Identifier{*guid};
        }
        case 'b': {
            auto bytes = fromBase64(body);
            if (!bytes || bytes->empty()) return refuse(text, "after b= comes no base64 text");
            return NodeAddress::Identifier{ByteString{std::move(*bytes)}};
        }
        default: return refuse(text, "the identifier's kind is none of i=, s=, g=, b=");
    }
}

}  // namespace

std::optional<std::string> unescapeNamespaceUri(std::string_view text) {
    std::string uri;
    uri.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            uri.push_back(text[i]);
            continue;
        }
        const auto code =
            text.size() - i < 3 ? std::nullopt : wholeNumber<std::uint8_t>(text.substr(i + 1, 2), 16);
        if (!code) return std::nullopt;
        uri.push_back(static_cast<char>(*code));
        i += 2;
    }
    return uri;
}

std::string escapeNamespaceUri(std::string_view uri) {
    std::string text;
    text.reserve(uri.size());
    for (const char c : uri) {
        if (c == ';') {
            text += "%3B";
        } else if (c == '%') {
            text += "%25";
        } else {
            text.push_back(c);
        }
    }
    return text;
}

Result<NodeAddress> NodeAddress::parse(std::string_view text) {
    std::string_view rest = text;
    auto space = parseNamespace(text, rest);
    if (!space) return tl::unexpected(std::move(space.error()));
    auto identifier = parseIdentifier(text, rest);
    if (!identifier) return tl::unexpected(std::move(identifier.error()));
    return NodeAddress{std::move(*space), std::move(*identifier)};
}

std::string NodeAddress::text() const {
    std::string out;
    if (const auto* uri = std::get_if<std::string>(&space)) {
        out = fmt::format("nsu={};", escapeNamespaceUri(*uri));
    } else if (const auto index = std::get<std::uint16_t>(space); index != 0) {
        out = fmt::format("ns={};", index);
    }
    if (const auto* number = std::get_if<std::uint32_t>(&identifier))
        return out + fmt::format("i={}", *number);
    if (const auto* name = std::get_if<std::string>(&identifier)) return out + "s=" + *name;
    if (const auto* guid = std::get_if<Guid>(&identifier)) return out + "g=" + guidText(*guid);
    return out + "b=" + toBase64(std::get<ByteString>(identifier).bytes);
}

}  // namespace tagwire::source::opcua
