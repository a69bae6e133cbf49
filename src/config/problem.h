/// What is wrong with a configuration, and where.
/// Thread: any. Lifetime: value types.
#pragma once

#include <compare>
#include <string>
#include <vector>

namespace tagwire::config {

struct Problem {
    std::string file;
    /// From 1; 0 when the problem concerns the file as a whole.
    unsigned line = 0;
    /// Such as `opcua[1].tags[0].node`, entries counted from 0; empty when no key is concerned.
    std::string key;
    /// In words an administrator understands: what is allowed and what was found.
    std::string reason;

    friend auto operator<=>(const Problem&, const Problem&) = default;
};

/// `file:line: key: reason`, without the parts that are empty. Control characters are escaped.
[[nodiscard]] std::string toText(const Problem& problem);

}  // namespace tagwire::config
