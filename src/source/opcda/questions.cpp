#include "source/opcda/questions.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"
#include "source/opcda/space_answers.h"

namespace tagwire::source::opcda {
namespace {

/// The agent's own patience ends first.
constexpr std::chrono::milliseconds kWay{2000};

/// `answer` as somebody to be told of a failure.
template <class T>
std::function<void(ServiceFailure)> refusing(const ServiceAnswer<T>& answer) {
    return [answer](ServiceFailure failure) { answer(tl::unexpected(std::move(failure))); };
}

void giveAttributes(const ServiceAnswer<NodeAttributes>& answer, NodeAttributes found,
                    const std::string& node) {
    if (found.status.isBad()) {
        answer(failure(found.status, fmt::format("there is no `{:.200}`", node)));
    } else {
        answer(std::move(found));
    }
}

}  // namespace

template <class T>
Questions::Open Questions::openFor(const ServiceAnswer<T>& answer) {
    Open open;
    open.failed = refusing(answer);
    return open;
}

void Questions::close(const std::string& why) {
    link_.reset();
    whyClosed_ = why;
    for (auto& [id, open] : std::exchange(open_, {}))
        open.noAnswer({.status = kBadNotConnected, .message = why});
}

void Questions::ask(Open open, const std::function<std::string(std::uint64_t)>& frame,
                    std::chrono::milliseconds patience) {
    if (!link_) return open.failed({.status = kBadNotConnected, .message = whyClosed_});
    if (open_.size() >= kMaxOpen) {
        return open.failed({.status = kBadTooManyOperations,
                            .message = "too many questions are waiting already: ask again in a moment"});
    }
    const auto id = ++lastId_;
    open.due = SteadyClock::now() + patience;
    open_.emplace(id, std::move(open));
    link_->send(frame(id));
}

// --- browsing

void Questions::browse(const BrowseQuestion& question, const ServiceAnswer<BrowsePage>& answer) {
    if (question.continuation) return nextPage(*question.continuation, question.limit, answer);
    const auto node = parseSpaceNode(question.node);
    if (!node) return answer(failure(kBadNodeIdInvalid, node.error().message));
    if (question.inverse) return answer(pageOf(parentOf(*node), question.limit, {}));
    if (const auto* branch = std::get_if<BranchNode>(&*node))
        return listBranch(*branch, question.limit, answer);
    const auto* item = std::get_if<ItemNode>(&*node);
    if (item == nullptr) return answer(BrowsePage{});
    lookAt(
        item->id,
        [this, item = *item, limit = question.limit, answer](const AgentLooked& looked) {
            answer(pageOf(propertiesOf(item, looked), limit, {}));
        },
        refusing(answer));
}

void Questions::listBranch(const BranchNode& branch, std::size_t limit,
                           const ServiceAnswer<BrowsePage>& answer) {
    auto open = openFor(answer);
    open.entries = [this, branch, limit, answer](AgentEntries& found) {
        answer(pageOf(levelOf(branch, std::move(found.entries)), limit, std::move(found.cut)));
    };
    ask(std::move(open), [&branch](std::uint64_t id) { return browseFrame(id, branch.path, kMaxLevel); });
}

BrowsePage Questions::pageOf(std::vector<NodeSummary> nodes, std::size_t limit, std::string cut) {
    BrowsePage page;
    if (limit == 0 || nodes.size() <= limit) {
        page.references = std::move(nodes);
        page.cutOff = std::move(cut);
        return page;
    }
    const auto middle = nodes.begin() + static_cast<std::ptrdiff_t>(limit);
    page.references.assign(std::make_move_iterator(nodes.begin()), std::make_move_iterator(middle));
    nodes.erase(nodes.begin(), middle);
    page.continuation = ++lastRest_;
    rests_.emplace(lastRest_, Rest{.nodes = std::move(nodes), .cut = std::move(cut)});
    if (rests_.size() > kMaxRests) rests_.erase(rests_.begin());
    return page;
}

void Questions::nextPage(std::uint64_t continuation, std::size_t limit,
                         const ServiceAnswer<BrowsePage>& answer) {
    auto rest = rests_.extract(continuation);
    if (rest.empty()) {
        return answer(failure(kBadInvalidArgument,
                              "the page that this one follows is too long ago: begin with the first again"));
    }
    answer(pageOf(std::move(rest.mapped().nodes), limit, std::move(rest.mapped().cut)));
}

// --- nodes

void Questions::lookAt(const std::string& item, std::function<void(AgentLooked&)> then,
                       std::function<void(ServiceFailure)> failed) {
    Open open;
    open.looked = std::move(then);
    open.failed = std::move(failed);
    ask(std::move(open), [&item](std::uint64_t id) { return lookFrame(id, item); });
}

void Questions::attributes(const std::string& node, const ServiceAnswer<NodeAttributes>& answer) {
    const auto parsed = parseSpaceNode(node);
    if (!parsed) return answer(failure(kBadNodeIdInvalid, parsed.error().message));
    if (const auto* branch = std::get_if<BranchNode>(&*parsed)) return answer(attributesOf(*branch, server_));
    if (const auto* item = std::get_if<ItemNode>(&*parsed)) {
        return lookAt(
            item->id,
            [item = *item, answer](const AgentLooked& looked) { answer(attributesOf(item, looked)); },
            refusing(answer));
    }
    const auto& property = std::get<PropertyNode>(*parsed);
    lookAt(
        property.item,
        [property, node, answer](const AgentLooked& looked) {
            giveAttributes(answer, attributesOf(property, looked), node);
        },
        refusing(answer));
}

void Questions::search(const SearchQuestion& question, const ServiceAnswer<SearchAnswer>& answer) {
    // What is written in the pattern's own signs is meant so.
    const auto pattern = '*' + question.text + '*';
    auto open = openFor(answer);
    open.entries = [answer](AgentEntries& found) {
        SearchAnswer hits;
        hits.cutOff = std::move(found.cut);
        for (auto& entry : found.entries) {
            auto path = entry.item;
            entry.step.reset();
            auto nodes = levelOf({}, {std::move(entry)});
            if (nodes.empty()) continue;
            hits.hits.push_back({.node = std::move(nodes.front()), .path = std::move(path), .depth = 0});
        }
        hits.nodesSeen = hits.hits.size();
        answer(std::move(hits));
    };
    ask(std::move(open),
        [&](std::uint64_t id) { return searchFrame(id, pattern, std::max<std::size_t>(question.limit, 1)); });
}

void Questions::write(const std::vector<HandleWrite>& writes, std::chrono::milliseconds patience,
                      const ServiceAnswer<Written>& answer) {
    auto open = openFor(answer);
    open.written = [answer, expected = writes.size()](AgentWritten& done) {
        // An agent that tells of other items than were written has told nothing.
        answer(done.items.size() == expected ? Written(std::move(done.items)) : Written());
    };
    open.unanswered = [answer] { answer(Written()); };
    ask(std::move(open), [&](std::uint64_t id) { return writeFrame(id, patience, writes); }, patience + kWay);
}

// --- answers

/// Whoever waits for an answer of this kind with this number, and waits no more; none where nobody does.
template <class Then>
Then Questions::claim(std::uint64_t id, Then Open::* kind) {
    const auto found = open_.find(id);
    if (found == open_.end() || !(found->second.*kind)) return {};
    auto then = std::move(found->second.*kind);
    open_.erase(found);
    return then;
}

void Questions::take(AgentEntries& answer) {
    const auto found = open_.find(answer.id);
    if (found == open_.end() || !found->second.entries) return;
    auto& gathered = found->second.gathered;
    std::ranges::move(answer.entries, std::back_inserter(gathered));
    if (answer.more && gathered.size() <= kMaxLevel) return;
    answer.entries = std::move(gathered);
    claim(answer.id, &Open::entries)(answer);
}

void Questions::take(AgentLooked& answer) {
    if (const auto then = claim(answer.id, &Open::looked)) then(answer);
}

void Questions::take(AgentWritten& answer) {
    if (const auto then = claim(answer.id, &Open::written)) then(answer);
}

void Questions::take(const AgentRefused& answer) {
    if (const auto failed = claim(answer.id, &Open::failed))
        failed({.status = answer.status, .message = answer.message});
}

void Questions::expire(SteadyTime now) {
    std::vector<std::uint64_t> late;
    for (const auto& [id, open] : open_) {
        if (open.due <= now) late.push_back(id);
    }
    for (const auto id : late) {
        auto open = open_.extract(id);
        open.mapped().noAnswer({.status = kBadTimeout, .message = "the agent did not answer in time"});
    }
}

}  // namespace tagwire::source::opcda
