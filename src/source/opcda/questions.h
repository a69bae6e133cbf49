/// Questions to an agent that are on their way: each is answered once, by the agent, or by the reason why it
/// does not.
///
/// At most `kMaxOpen` are open, and each `kPatience` long. Lists of a branch are cut at `kMaxLevel`; what
/// does not fit into a page waits for whoever asks for the next one, the latest `kMaxRests` of them.
///
/// Thread: the source's. Lifetime: owned by the source.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/agent_port.h"
#include "model/service_answer.h"
#include "model/source_services.h"
#include "source/opcda/agent_answers.h"
#include "source/opcda/space_node.h"

namespace tagwire::source::opcda {

class Questions {
public:
    static constexpr std::size_t kMaxOpen = 64;
    static constexpr std::chrono::seconds kPatience{20};
    static constexpr std::size_t kMaxLevel = 20'000;
    static constexpr std::size_t kMaxRests = 16;

    explicit Questions(std::string server) : server_(std::move(server)) {}

    /// Somebody can be asked.
    void open(std::shared_ptr<AgentLink> link) { link_ = std::move(link); }
    /// Nobody can; who waits is told so.
    void close(const std::string& why);

    [[nodiscard]] bool isOpen() const noexcept { return link_ != nullptr; }

    void browse(const BrowseQuestion& question, const ServiceAnswer<BrowsePage>& answer);
    void attributes(const std::string& node, const ServiceAnswer<NodeAttributes>& answer);
    void search(const SearchQuestion& question, const ServiceAnswer<SearchAnswer>& answer);
    /// A row for each write, in their order; or none where nobody knows whether they were written, because
    /// the agent went on the way, or said nothing.
    using Written = std::optional<std::vector<AgentWrittenItem>>;
    /// `answer` gets a failure where nothing was written.
    void write(const std::vector<HandleWrite>& writes, std::chrono::milliseconds patience,
               const ServiceAnswer<Written>& answer);

    // Answers of the agent; those that nobody waits for any more are dropped.
    void take(AgentEntries& answer);
    void take(AgentLooked& answer);
    void take(AgentWritten& answer);
    void take(const AgentRefused& answer);

    /// Tells those whose patience has ended.
    void expire(SteadyTime now);
    [[nodiscard]] bool empty() const noexcept { return open_.empty(); }

private:
    struct Open {
        SteadyTime due;
        std::vector<AgentEntry> gathered;
        std::function<void(AgentEntries&)> entries;
        std::function<void(AgentLooked&)> looked;
        std::function<void(AgentWritten&)> written;
        std::function<void(ServiceFailure)> failed;
        /// Where it matters that the agent had been asked; else `failed`.
        std::function<void()> unanswered;

        void noAnswer(ServiceFailure failure) const {
            if (unanswered) return unanswered();
            failed(std::move(failure));
        }
    };

    template <class T>
    [[nodiscard]] static Open openFor(const ServiceAnswer<T>& answer);
    /// Sends what `frame` makes of the number, or says why not.
    void ask(Open open, const std::function<std::string(std::uint64_t)>& frame,
             std::chrono::milliseconds patience = kPatience);
    template <class Then>
    [[nodiscard]] Then claim(std::uint64_t id, Then Open::* kind);
    void listBranch(const BranchNode& branch, std::size_t limit, const ServiceAnswer<BrowsePage>& answer);
    void lookAt(const std::string& item, std::function<void(AgentLooked&)> then,
                std::function<void(ServiceFailure)> failed);
    [[nodiscard]] BrowsePage pageOf(std::vector<NodeSummary> nodes, std::size_t limit, std::string cut);
    void nextPage(std::uint64_t continuation, std::size_t limit, const ServiceAnswer<BrowsePage>& answer);

    struct Rest {
        std::vector<NodeSummary> nodes;
        std::string cut;
    };

    const std::string server_;
    std::shared_ptr<AgentLink> link_;
    std::string whyClosed_ = "no agent is connected: see the state of the source";
    std::uint64_t lastId_ = 0;
    std::map<std::uint64_t, Open> open_;
    std::uint64_t lastRest_ = 0;
    std::map<std::uint64_t, Rest> rests_;
};

}  // namespace tagwire::source::opcda
