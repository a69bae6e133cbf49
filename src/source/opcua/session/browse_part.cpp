#include "source/opcua/session/browse_part.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "source/opcua/services/browse_path.h"
#include "source/opcua/services/node_attributes.h"
#include "source/opcua/services/node_search.h"
#include "source/opcua/session/generation.h"

namespace tagwire::source::opcua {
namespace {

constexpr WalkBounds kSearchBounds{.maxNodes = 200'000, .maxTime = std::chrono::seconds(20)};

template <class T>
using Shared = std::shared_ptr<OneAnswer<T>>;

template <class T>
Shared<T> share(ServiceAnswer<T> answer) {
    return std::make_shared<OneAnswer<T>>(
        std::move(answer),
        ServiceFailure{StatusCode{UA_STATUSCODE_BADCONNECTIONCLOSED},
                       "the connection to the server ended before it had answered: see the "
                       "state of the source"});
}

/// "node `ns=2;s=X` …"
ServiceResult<BrowsePage> toResult(BrowsePage page, const std::string& node) {
    if (page.status.isBad())
        return failure(page.status, fmt::format("`{}` cannot be browsed: {}", node, statusText(page.status)));
    return page;
}

}  // namespace

void BrowsePart::onOpened(Generation& generation) {
    generation_ = &generation;
    browser_.emplace(viewOf(generation.client(), generation.info()));
}

void BrowsePart::onTurn(Generation& /*generation*/, SteadyTime now) {
    if (browser_) browser_->tick(now);
}

void BrowsePart::onClosed() {
    browser_.reset();
    generation_ = nullptr;
}

template <class T, class Begin>
void BrowsePart::locate(const std::string& node, ServiceAnswer<T> answer, Begin begin) {
    if (generation_ == nullptr) {
        answer(failure(StatusCode{UA_STATUSCODE_BADNOTCONNECTED},
                       "the source is not connected to its server: see the state of the source"));
        return;
    }
    auto locator = parseNodeLocator(node.empty() ? "i=85" : node);
    if (!locator) {
        answer(failure(StatusCode{UA_STATUSCODE_BADNODEIDINVALID}, std::move(locator.error().message)));
        return;
    }
    auto shared = share(std::move(answer));
    if (const auto* address = std::get_if<NodeAddress>(&*locator)) {
        begin(*address, shared);
        return;
    }
    const ServerView view = viewOf(generation_->client(), generation_->info());
    locateNodes(
        view, {&*locator, 1},
        [view, shared, begin = std::move(begin)](const std::vector<LocatedNode>& located) {
            if (located.front().status.isBad()) {
                shared->give(failure(StatusCode{UA_STATUSCODE_BADNODEIDUNKNOWN}, located.front().reason));
            } else {
                begin(addressOf(located.front().id.get(), view.namespaces), shared);
            }
        });
}

void BrowsePart::browse(const BrowseQuestion& question, ServiceAnswer<BrowsePage> answer) {
    locate<BrowsePage>(question.node, std::move(answer),
                       [this, question](const NodeAddress& node, const Shared<BrowsePage>& shared) {
                           if (!browser_) return;
                           auto done = [shared, name = node.text()](BrowsePage page) {
                               shared->give(toResult(std::move(page), name));
                           };
                           if (question.continuation) {
                               browser_->next(*question.continuation, std::move(done));
                               return;
                           }
                           LevelRequest level{.node = node,
                                              .direction = question.inverse ? UA_BROWSEDIRECTION_INVERSE
                                                                            : UA_BROWSEDIRECTION_FORWARD,
                                              .hierarchical = !question.all,
                                              .askForChildren = true};
                           if (question.limit > 0)
                               level.pageSize = std::min(question.limit, Browser::kMaxPage);
                           browser_->browse(level, std::move(done));
                       });
}

void BrowsePart::attributes(const std::string& node, ServiceAnswer<NodeAttributes> answer) {
    locate<NodeAttributes>(
        node, std::move(answer), [this](const NodeAddress& address, const Shared<NodeAttributes>& shared) {
            if (generation_ == nullptr) return;
            readNodeAttributes(
                viewOf(generation_->client(), generation_->info()), generation_->typeReader(), address,
                [shared, name = address.text()](NodeAttributes found) {
                    if (found.status.isBad()) {
                        shared->give(failure(found.status, fmt::format("`{}` cannot be read: {}", name,
                                                                       statusText(found.status))));
                    } else {
                        shared->give(std::move(found));
                    }
                });
        });
}

void BrowsePart::search(const SearchQuestion& question, ServiceAnswer<SearchAnswer> answer) {
    locate<SearchAnswer>(
        question.node, std::move(answer),
        [this, question](const NodeAddress& start, const Shared<SearchAnswer>& shared) {
            if (generation_ == nullptr) return;
            const SearchRequest request{
                .text = question.text, .start = start, .maxHits = question.limit, .bounds = kSearchBounds};
            const auto found = std::make_shared<SearchAnswer>();
            searchNodes(viewOf(generation_->client(), generation_->info()), request,
                        {[found](std::vector<SearchHit> hits) {
                             std::ranges::move(hits, std::back_inserter(found->hits));
                         },
                         [found, shared](const WalkEnd& end, std::string words) {
                             if (end.stop == WalkStop::Failed) {
                                 shared->give(failure(end.status, std::move(words)));
                                 return;
                             }
                             found->nodesSeen = end.nodes;
                             found->cutOff = std::move(words);
                             shared->give(std::move(*found));
                         }});
        });
}

}  // namespace tagwire::source::opcua
