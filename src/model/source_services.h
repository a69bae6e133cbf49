/// What can be asked of a source besides its values: looking around at the server it reads from.
/// Thread: any may ask; the answer comes once, from the source's own thread, or at once where there is
/// nothing to wait for. Lifetime: the source's; whoever asks keeps what the answer needs alive.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/address_space.h"
#include "model/service_answer.h"

namespace tagwire {

/// One level of the address space (OPC 10000-4, 5.9.2).
struct BrowseQuestion {
    /// Node id as the configuration takes it; empty for the Objects folder.
    std::string node;
    /// What points to the node, instead of what it points to.
    bool inverse = false;
    /// Every reference, instead of the hierarchical ones.
    bool all = false;
    /// References a page; 0 for as many as the server likes to send.
    std::size_t limit = 0;
    /// BrowsePage::continuation of the page before.
    std::optional<std::uint64_t> continuation;
};

struct SearchQuestion {
    /// Part of a browse or display name, upper and lower case alike.
    std::string text;
    /// Where to begin; empty for the Objects folder.
    std::string node;
    std::size_t limit = 100;
};

struct SearchAnswer {
    std::vector<SearchHit> hits;
    std::size_t nodesSeen = 0;
    /// Why the search ended before everything was seen, in words; empty when it was not.
    std::string cutOff;
};

class SourceServices {
public:
    SourceServices() = default;
    SourceServices(const SourceServices&) = delete;
    SourceServices& operator=(const SourceServices&) = delete;
    virtual ~SourceServices() = default;

    virtual void browse(BrowseQuestion question, ServiceAnswer<BrowsePage> answer) = 0;
    virtual void attributes(std::string node, ServiceAnswer<NodeAttributes> answer) = 0;
    virtual void search(SearchQuestion question, ServiceAnswer<SearchAnswer> answer) = 0;
};

}  // namespace tagwire
