/// The tags that a subtree of a server's address space makes, and how two such lists differ: pure functions.
/// Thread: any. Lifetime: value types.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/tag_path.h"
#include "source/opcua/subtree_options.h"
#include "source/opcua/text/browse_path_text.h"

namespace tagwire::source::opcua {

/// A subtree's options, checked and ready for use.
struct SubtreeRules {
    NodeLocator start;
    /// Of the server and of the subtree, with a dot at its end where it is not empty.
    std::string prefix;
    std::vector<TagPattern> include;
    std::vector<TagPattern> exclude;
    std::size_t maxDepth = 16;
    std::size_t maxTags = 100'000;
    bool properties = false;

    /// `serverPrefix` may be empty.
    [[nodiscard]] static Result<SubtreeRules> of(const SubtreeOptions& options,
                                                 std::string_view serverPrefix);

    /// `below` is a path without the prefix.
    [[nodiscard]] bool excludes(std::string_view below) const;
    /// Included and not excluded.
    [[nodiscard]] bool takes(std::string_view below) const;
};

/// A variable that becomes a tag.
struct SubtreeVariable {
    /// The tag's.
    std::string path;
    NodeAddress node;

    friend bool operator==(const SubtreeVariable&, const SubtreeVariable&) = default;
};

/// A browse name as a level of a tag path: what model/tag_path.h does not allow (dots, `*`, control
/// characters, blanks at an end) becomes %XX, and so does a % that could be read as such. An empty name
/// becomes `_`.
[[nodiscard]] std::string levelOf(std::string_view browseName);

/// Sorts by path. Of several variables with one path, the one whose node id is the lowest as text keeps it;
/// the others get `~` and a number made from their node id, so that they keep their names while nodes come
/// and go. Paths that are too long are taken out; their number is returned.
std::size_t settlePaths(std::vector<SubtreeVariable>& variables);

struct SubtreeDiff {
    std::vector<SubtreeVariable> added;
    /// Their nodes are gone: the tags become Bad (BadNodeIdUnknown).
    std::vector<SubtreeVariable> removed;
    /// Tags that another node has now.
    std::vector<SubtreeVariable> moved;

    [[nodiscard]] bool empty() const noexcept { return added.empty() && removed.empty() && moved.empty(); }
};

/// Both lists as settlePaths() leaves them. With `complete` false, what is missing in `now` may only not have
/// been reached, and is not removed.
[[nodiscard]] SubtreeDiff differenceOf(std::span<const SubtreeVariable> before,
                                       std::span<const SubtreeVariable> now, bool complete);

}  // namespace tagwire::source::opcua
