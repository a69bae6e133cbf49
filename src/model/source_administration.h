/// What an administrator can do with the sources while the server runs.
/// Thread: any may ask; the answer comes once, from another thread. Lifetime: outlives whoever asks.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/service_answer.h"
#include "model/tag_info.h"

namespace tagwire {

/// A node of an OPC UA server that becomes a tag.
struct NewTag {
    /// Path of the tag, without the source's prefix.
    std::string name;
    std::string node;
    /// Instead of those that the server names; empty: none.
    std::optional<Limits> limits{};
};

/// A node all of whose variables become tags.
struct NewSubtree {
    /// Put before the paths of its tags; empty for nothing.
    std::string name;
    std::string node;
};

struct NewTags {
    std::vector<NewSubtree> subtrees;
    std::vector<NewTag> tags;
};

/// An OPC UA server, in the words of the configuration; empty ones have its defaults.
struct NewSource {
    std::string name;
    std::string endpoint;
    std::string prefix;
    std::string policy;
    std::string mode;
    std::string user;
    std::string password;
    NewTags tags;
};

/// A source that was added while the program ran, now or in an earlier run.
struct SourceFile {
    std::string name;
    /// Where it stands.
    std::string file;
};

/// Refusals: BadInvalidArgument for what the configuration would not take, BadNotFound for a source that does
/// not exist or was not added in this way, BadTooManyOperations, BadInternalError where the file cannot be
/// written. Nothing has changed then.
class SourceAdministration {
public:
    SourceAdministration() = default;
    SourceAdministration(const SourceAdministration&) = delete;
    SourceAdministration& operator=(const SourceAdministration&) = delete;
    virtual ~SourceAdministration() = default;

    /// Writes it down and starts it.
    virtual void add(NewSource source, ServiceAnswer<SourceFile> answer) = 0;
    /// Writes them down and starts the source anew with them.
    virtual void addTags(std::string name, NewTags tags, ServiceAnswer<SourceFile> answer) = 0;
    /// Ends it and forgets it.
    virtual void remove(std::string name, ServiceAnswer<SourceFile> answer) = 0;
};

}  // namespace tagwire
