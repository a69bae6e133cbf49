// tagwire opcua browse: what lies below a node, as a tree.

#include <array>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/browser.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/locate.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array kBrowseOptions{
    OptionSpec{"--depth", "N", "levels to show, 1 unless given"},
    OptionSpec{"--inverse", "", "what points to the node, instead of what it points to"},
    OptionSpec{"--any", "", "references of any type, not only hierarchical ones"},
    OptionSpec{"--limit", "N", "nodes to show at most, 10000 unless given"},
};

const std::vector<Column> kBrowseColumns{
    {"depth", "LEVEL"},   {"name", "NAME", 40},           {"class", "CLASS", 10},
    {"node", "NODE", 50}, {"referenceType", "REFERENCE"}, {"displayName", "DISPLAY NAME"}};

/// One level that is being shown, page by page.
struct Level {
    std::size_t depth;
    BrowsePage page;
    std::size_t next = 0;
};

class Tree {
public:
    Tree(CommandContext& context, Connection& connection, std::size_t depth, std::size_t limit)
        : context_(context),
          connection_(connection),
          browser_(viewOf(connection)),
          depth_(depth),
          left_(limit) {
        request_.hierarchical = !context.arguments.has("--any");
        if (context.arguments.has("--inverse")) request_.direction = UA_BROWSEDIRECTION_INVERSE;
    }

    CommandResult show(const NodeAddress& root) {
        context_.output.headings(kBrowseColumns);
        met_.insert(root.text());
        request_.node = root;
        auto first = ask([this](Browser::Done done) { browser_.browse(request_, std::move(done)); });
        if (!first) return tl::unexpected(first.error());
        if (first->status.isBad())
            return failed(fmt::format("{}: {}", root.text(), statusText(first->status)));
        levels_.push_back({1, std::move(*first)});
        while (!levels_.empty()) {
            const auto went = step();
            if (!went) return tl::unexpected(went.error());
            if (left_ == 0) {
                Output::note("there is more; --limit shows more of it\n");
                break;
            }
        }
        return exit_;
    }

private:
    /// Shows one node, and goes into it, or to the next page, or back to the level above.
    Result<void, CommandFailure> step() {
        Level& level = levels_.back();
        if (level.next == level.page.references.size()) {
            if (!level.page.continuation) {
                if (!level.page.cutOff.empty()) Output::note(level.page.cutOff + "\n");
                levels_.pop_back();
                return {};
            }
            const auto continuation = *level.page.continuation;
            auto more = ask([&](Browser::Done done) { browser_.next(continuation, std::move(done)); });
            if (!more) return tl::unexpected(more.error());
            if (more->status.isBad()) note("the rest", more->status);
            levels_.back().page = std::move(*more);
            levels_.back().next = 0;
            return {};
        }
        const NodeSummary node = level.page.references[level.next++];
        const std::size_t depth = level.depth;
        print(node, depth);
        --left_;
        // A node that was shown before would be shown for ever in a cycle.
        if (!met_.insert(node.node).second || depth == depth_ || node.remote || left_ == 0) return {};
        const auto address = NodeAddress::parse(node.node);
        if (!address) return {};
        request_.node = *address;
        auto below = ask([this](Browser::Done done) { browser_.browse(request_, std::move(done)); });
        if (!below) return tl::unexpected(below.error());
        if (below->status.isBad()) note(node.node, below->status);
        levels_.push_back({depth + 1, std::move(*below)});
        return {};
    }

    void note(std::string_view what, StatusCode status) {
        Output::note(fmt::format("{}: {}\n", what, statusText(status)));
        exit_ = Exit::Failed;
    }

    void print(const NodeSummary& node, std::size_t depth) const {
        std::string name = nameText(node.browseName);
        if (!context_.output.json()) name.insert(0, 2 * (depth - 1), ' ');
        context_.output.row(kBrowseColumns,
                            {Value(static_cast<std::uint32_t>(depth)), Value(std::move(name)),
                             Value(std::string(nodeClassName(node.nodeClass))), Value(node.node),
                             textCell(node.referenceType), textCell(node.displayName.text)});
    }

    Result<BrowsePage, CommandFailure> ask(const std::function<void(Browser::Done)>& question) {
        std::optional<BrowsePage> page;
        question([&](BrowsePage got) { page = std::move(got); });
        if (const auto ran = connection_.runUntil([&] { return page.has_value(); }); !ran)
            return failed(ran.error().message);
        return std::move(*page);
    }

    CommandContext& context_;
    Connection& connection_;
    Browser browser_;
    LevelRequest request_;
    std::size_t depth_;
    std::size_t left_;
    std::vector<Level> levels_;
    std::unordered_set<std::string> met_;
    Exit exit_ = Exit::Done;
};

CommandResult browse(CommandContext& context) {
    constexpr std::uint32_t kMaxDepth = 64;
    constexpr std::uint32_t kMaxNodes = 10'000'000;
    const auto depth = parseCount("--depth", context.arguments.value("--depth").value_or("1"), 1, kMaxDepth);
    if (!depth) return usageError(depth.error().message);
    const auto limit =
        parseCount("--limit", context.arguments.value("--limit").value_or("10000"), 1, kMaxNodes);
    if (!limit) return usageError(limit.error().message);
    constexpr std::array<std::string_view, 1> kRoot{"i=84"};
    const auto start = parseLocators(context.operands.empty() ? std::span(kRoot) : context.operands);
    if (!start) return tl::unexpected(start.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto node = locate(connection, *start);
        if (!node) return tl::unexpected(node.error());
        return Tree(context, connection, *depth, *limit).show(node->front());
    });
}

}  // namespace

Command browseCommand() {
    return {
        .name = "browse",
        .operands = "[NODE]",
        .summary = "Shows what lies below a node, or below the root",
        .details =
            "The node is named by its id or by a browse path such as /Objects/2:Plant. In a tree each node\n"
            "is gone into once, whatever cycles its references make.\n",
        .options = kBrowseOptions,
        .minOperands = 0,
        .maxOperands = 1,
        .run = browse};
}

}  // namespace tagwire::source::opcua
