#include "source/opcua/text/browse_path_text.h"

#include <charconv>
#include <cstdint>
#include <optional>
#include <system_error>
#include <utility>

#include <fmt/format.h>

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kPrefix = "path=";
constexpr std::string_view kReserved = "/.<>:#!&";

bool isReserved(char c) noexcept { return kReserved.find(c) != std::string_view::npos; }

std::string escaped(std::string_view name, std::string_view special) {
    std::string text;
    for (const char c : name) {
        if (special.find(c) != std::string_view::npos) text.push_back('&');
        text.push_back(c);
    }
    return text;
}

std::string namespaceText(const NodeAddress::Namespace& space) {
    if (const auto* uri = std::get_if<std::string>(&space))
        return fmt::format("nsu={};", escapeNamespaceUri(*uri));
    const auto index = std::get<std::uint16_t>(space);
    return index == 0 ? std::string{} : fmt::format("{}:", index);
}

bool looksLikeNodeId(std::string_view text) noexcept {
    for (const std::string_view start : {"ns=", "nsu=", "i=", "s=", "g=", "b="}) {
        if (text.starts_with(start)) return true;
    }
    return false;
}

/// Reads a path from the left. The reason of a failure stands in fault().
class Reader {
public:
    explicit Reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool done() const noexcept { return rest_.empty(); }
    [[nodiscard]] const std::string& fault() const noexcept { return fault_; }

    std::optional<BrowsePathText::Element> element() {
        BrowsePathText::Element element;
        const char sign = rest_.front();
        rest_.remove_prefix(1);
        switch (sign) {
            case '/': break;
            case '.': element.reference = BrowsePathText::Aggregates{}; break;
            case '<': {
                auto type = referenceType();
                if (!type) return std::nullopt;
                element.reference = std::move(*type);
                break;
            }
            default: return give(fmt::format("before `{}` one of / . < is missing", sign));
        }
        auto target = name();
        if (!target) return std::nullopt;
        element.target = std::move(*target);
        return element;
    }

private:
    std::nullopt_t give(std::string why) {
        fault_ = std::move(why);
        return std::nullopt;
    }

    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) return false;
        rest_.remove_prefix(1);
        return true;
    }

    /// Up to the first of `ends` that is not escaped, or to the end; without the &.
    std::optional<std::string> unescapedUntil(std::string_view ends) {
        std::string text;
        while (!rest_.empty() && ends.find(rest_.front()) == std::string_view::npos) {
            const bool escape = take('&');
            if (escape && (rest_.empty() || !isReserved(rest_.front())))
                return give("& does not stand before one of / . < > : # ! &");
            text.push_back(rest_.front());
            rest_.remove_prefix(1);
        }
        return text;
    }

    std::optional<BrowsePathText::ReferenceType> referenceType() {
        BrowsePathText::ReferenceType reference;
        reference.includeSubtypes = !take('#');
        reference.inverse = take('!');
        auto words = unescapedUntil(">");
        if (!words) return std::nullopt;
        if (!take('>')) return give("a < is without its >");
        if (looksLikeNodeId(*words)) {
            auto id = NodeAddress::parse(*words);
            if (!id) return give(std::move(id.error().message));
            reference.type = std::move(*id);
            return reference;
        }
        if (words->starts_with("0:")) words->erase(0, 2);
        if (words->empty()) return give("between < and > stands no reference type");
        if (words->find(':') != std::string::npos)
            return give(
                "a reference type outside OPC UA's namespace is named by its node id: <nsu=URI;i=NUMBER>");
        reference.type = std::move(*words);
        return reference;
    }

    std::optional<NodeAddress::Namespace> nameSpace() {
        if (rest_.starts_with("nsu=")) {
            const auto end = rest_.find(';');
            if (end == std::string_view::npos) return give("after a namespace's URI comes no ;");
            auto uri = unescapeNamespaceUri(rest_.substr(4, end - 4));
            if (!uri) return give("in a namespace's URI a % is not followed by two hexadecimal digits");
            if (uri->empty()) return give("a namespace's URI is empty");
            rest_.remove_prefix(end + 1);
            return NodeAddress::Namespace{std::move(*uri)};
        }
        const auto digits = rest_.substr(0, rest_.find_first_not_of("0123456789"));
        if (digits.empty() || !rest_.substr(digits.size()).starts_with(':'))
            return NodeAddress::Namespace{std::uint16_t{0}};
        std::uint16_t index = 0;
        if (std::from_chars(digits.data(), digits.data() + digits.size(), index).ec != std::errc{})
            return give("a namespace index is no number from 0 to 65535");
        rest_.remove_prefix(digits.size() + 1);
        return NodeAddress::Namespace{index};
    }

    std::optional<BrowseNameText> name() {
        auto space = nameSpace();
        if (!space) return std::nullopt;
        auto name = unescapedUntil("/.<>:#!");
        if (!name) return std::nullopt;
        if (name->empty()) return give("a name is empty");
        if (!rest_.empty() && rest_.front() != '/' && rest_.front() != '.' && rest_.front() != '<')
            return give(fmt::format("in a name `{0}` is written as &{0}", rest_.front()));
        return BrowseNameText{std::move(*space), std::move(*name)};
    }

    std::string_view rest_;
    std::string fault_;
};

tl::unexpected<Error> refuse(std::string_view text, std::string_view why) {
    constexpr std::size_t kShown = 80;
    return fail(
        fmt::format("`{}{}` is no browse path: {}; write it as /Objects/2:Plant/2:Temp or "
                    "/Objects/nsu=URI;Plant/nsu=URI;Temp",
                    text.substr(0, kShown), text.size() > kShown ? "…" : "", why));
}

std::string referenceText(const BrowsePathText::Element& element) {
    if (std::holds_alternative<BrowsePathText::Hierarchical>(element.reference)) return "/";
    const auto* given = std::get_if<BrowsePathText::ReferenceType>(&element.reference);
    if (given == nullptr) return ".";
    const auto* id = std::get_if<NodeAddress>(&given->type);
    std::string type =
        id == nullptr ? escaped(std::get<std::string>(given->type), kReserved) : escaped(id->text(), ">&");
    // A name that could be read as a node id.
    if (id == nullptr && looksLikeNodeId(type)) type.insert(0, "0:");
    return fmt::format("<{}{}{}>", given->includeSubtypes ? "" : "#", given->inverse ? "!" : "", type);
}

}  // namespace

Result<BrowsePathText> BrowsePathText::parse(std::string_view text) {
    if (text.size() > kMaxBytes) return refuse(text, fmt::format("it is over {} bytes long", kMaxBytes));
    std::string_view rest = text;
    if (rest.starts_with(kPrefix)) rest.remove_prefix(kPrefix.size());
    if (rest.empty()) return refuse(text, "it is empty");
    BrowsePathText path;
    Reader reader(rest);
    while (!reader.done()) {
        if (path.elements.size() == kMaxElements)
            return refuse(text, fmt::format("it has over {} elements", kMaxElements));
        auto element = reader.element();
        if (!element) return refuse(text, reader.fault());
        path.elements.push_back(std::move(*element));
    }
    return path;
}

std::string BrowsePathText::text() const {
    std::string text;
    for (const Element& element : elements) {
        const std::string target = pathElementText(element.target);
        text += referenceText(element);
        text.append(target, 1);
    }
    return text.starts_with('/') ? text : std::string(kPrefix) + text;
}

std::string pathElementText(const BrowseNameText& name) {
    std::string space = namespaceText(name.space);
    // A name that could be read as a namespace.
    if (space.empty() && name.name.starts_with("nsu=")) space = "0:";
    return fmt::format("/{}{}", space, escaped(name.name, kReserved));
}

Result<NodeLocator> parseNodeLocator(std::string_view text) {
    if (BrowsePathText::isPath(text)) {
        auto path = BrowsePathText::parse(text);
        if (!path) return tl::unexpected(std::move(path.error()));
        return NodeLocator{std::move(*path)};
    }
    auto address = NodeAddress::parse(text);
    if (!address) return tl::unexpected(std::move(address.error()));
    return NodeLocator{std::move(*address)};
}

std::string textOf(const NodeLocator& locator) {
    return std::visit([](const auto& each) { return each.text(); }, locator);
}

}  // namespace tagwire::source::opcua
