#include "source/opcda/space_node.h"

#include <charconv>
#include <optional>
#include <utility>

#include <boost/json/array.hpp>
#include <fmt/format.h>

#include "base/json_text.h"
#include "base/strict_json.h"

namespace tagwire::source::opcda {
namespace {

constexpr std::string_view kBranch = "branch=";
constexpr std::string_view kItem = "item=";
constexpr std::string_view kProperty = "property=";
constexpr std::size_t kMaxSteps = 64;

std::optional<BranchPath> pathOf(std::string_view text) {
    const auto parsed = parseStrictJson(text, 1, {});
    if (!parsed || !parsed->is_array() || parsed->get_array().size() > kMaxSteps) return std::nullopt;
    BranchPath path;
    for (const auto& step : parsed->get_array()) {
        if (!step.is_string()) return std::nullopt;
        path.emplace_back(step.get_string());
    }
    return path;
}

std::optional<PropertyNode> propertyOf(std::string_view text) {
    PropertyNode node;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), node.property);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (!text.starts_with(';') || !text.substr(1).starts_with(kItem)) return std::nullopt;
    node.item = text.substr(1 + kItem.size());
    return node.item.empty() ? std::nullopt : std::optional(std::move(node));
}

}  // namespace

Result<SpaceNode> parseSpaceNode(std::string_view text) {
    if (text.empty()) return BranchNode{};
    if (text.starts_with(kBranch)) {
        if (auto path = pathOf(text.substr(kBranch.size()))) return BranchNode{.path = std::move(*path)};
    } else if (text.starts_with(kItem) && text.size() > kItem.size()) {
        return ItemNode{.id = std::string(text.substr(kItem.size()))};
    } else if (text.starts_with(kProperty)) {
        if (auto node = propertyOf(text.substr(kProperty.size()))) return std::move(*node);
    }
    return fail(
        fmt::format("\"{:.100}\" is no node of an OPC DA server: those are branch=[\"…\"], item=… and "
                    "property=…;item=…",
                    text));
}

std::string textOf(const BranchNode& node) {
    if (node.path.empty()) return {};
    std::string text(kBranch);
    text += '[';
    for (const auto& step : node.path) {
        if (&step != &node.path.front()) text += ',';
        appendJsonString(text, step);
    }
    text += ']';
    return text;
}

std::string textOf(const ItemNode& node) { return std::string(kItem) + node.id; }

std::string textOf(const PropertyNode& node) {
    return fmt::format("{}{};{}{}", kProperty, node.property, kItem, node.item);
}

}  // namespace tagwire::source::opcda
