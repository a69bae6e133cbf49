#include "source/opcda/opcda_source.h"

#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/log.h"
#include "base/thread_name.h"
#include "model/generated/status_codes.h"
#include "source/opcda/tag_writing.h"

namespace tagwire::source::opcda {
namespace {

constexpr std::string_view kModule = "opcda";
constexpr std::chrono::seconds kLookAgain{1};
constexpr std::string_view kNoAgent =
    "no agent is connected: start tagwire-da-agent on the machine of the OPC DA server, with the address of "
    "this "
    "gateway and the token of this source";

}  // namespace

OpcDaSource::OpcDaSource(OpcDaOptions options, SourceId id, UpdateSink& sink)
    : options_(std::move(options)),
      id_(id),
      sink_(sink),
      items_(options_, id, sink),
      questions_(options_.server),
      book_(id, options_.rate),
      mailbox_(kMaxWaiting, [this] { bell_.ring(); }) {}

void OpcDaSource::start() {
    thread_ = std::thread([this] { run(); });
}

void OpcDaSource::stop() noexcept {
    stopping_ = true;
    bell_.ring();
    if (thread_.joinable()) thread_.join();
    std::vector<Command> unheard;  // whoever asks is told when this goes
    mailbox_.drain(unheard);
}

void OpcDaSource::opened(std::shared_ptr<AgentLink> link) {
    static_cast<void>(mailbox_.tryPush(Opened{std::move(link)}, 0));
}

bool OpcDaSource::received(const AgentLink& link, std::string frame) {
    const auto weight = frame.size() + sizeof(Command);
    return mailbox_.tryPush(Received{.link = &link, .frame = std::move(frame)}, weight);
}

void OpcDaSource::closed(const AgentLink& link) {
    static_cast<void>(mailbox_.tryPush(Closed{.link = &link}, 0));
}

void OpcDaSource::run() {
    nameThisThread("tw-opcda");
    items_.declareConfigured();
    changeState(SourcePhase::Connecting, kBadNotConnected, std::string(kNoAgent));
    while (!stopping_) {
        std::vector<Command> commands;
        if (mailbox_.drain(commands)) {
            for (auto& command : commands) std::visit([this](auto& one) { handle(one); }, command);
            continue;
        }
        if (link_ && SteadyClock::now() - lastHeard_ > kSilence) {
            refuse("nothing came for 15 s");
            continue;
        }
        questions_.expire(SteadyClock::now());
        tellDiagnostics();
        bell_.waitUntil(SteadyClock::now() + kLookAgain);
    }
    questions_.close("the source has been stopped");
    if (link_) link_->close("the gateway stops");
    link_.reset();
    changeState(SourcePhase::Stopped, kBadShutdown, {});
}

void OpcDaSource::handle(Opened& command) {
    if (link_) link_->close("another agent has come with the same token");
    link_ = std::move(command.link);
    greeted_ = false;
    lastSequence_ = 0;
    past_ = 0;
    lastHeard_ = SteadyClock::now();
    agent_.clear();
    vendor_.clear();
    items_.forgetHandles();
    questions_.close("the agent has come again: ask again in a moment");
    book_.connected();
    changeState(SourcePhase::Subscribing, kBadNotConnected, "an agent has connected");
    link_->send(gatewayHello("Tagwire"));
}

void OpcDaSource::handle(Received& command) {
    if (command.link != link_.get()) return;  // of an earlier connection
    lastHeard_ = SteadyClock::now();
    auto frame = parseAgentFrame(command.frame);
    if (!frame) return refuse(frame.error().message);
    if (!greeted_ && !std::holds_alternative<AgentHello>(*frame)) return refuse("hello has to come first");
    std::visit([this](auto& one) { handle(one); }, *frame);
}

void OpcDaSource::handle(const Closed& command) {
    if (command.link != link_.get()) return;
    link_.reset();
    agentLost("the agent has gone: see that its machine and the network are up, and that it runs");
}

void OpcDaSource::handle(AgentHello& frame) {
    if (std::exchange(greeted_, true)) return refuse("hello came twice");
    agent_ = frame.host.empty() ? frame.agent : fmt::format("{} on {}", frame.agent, frame.host);
    log::info(kModule, "{}: {} has connected", options_.name, agent_);
    questions_.open(link_);
    link_->send(watchFrame(options_.server, options_.items, options_.rate, options_.deadbandPercent));
}

void OpcDaSource::handle(const AgentItems& frame) {
    if (auto taken = items_.take(frame.items); !taken) refuse(taken.error().message);
}

void OpcDaSource::handle(AgentServerState& frame) {
    vendor_ = frame.server;
    book_.serverIs(frame.live, frame.rate);
    if (!frame.live) {
        log::warning(kModule, "{}: {}", options_.name, frame.message);
        return changeState(SourcePhase::Backoff, frame.status, std::move(frame.message));
    }
    log::info(kModule, "{}: {} tags from {}", options_.name, items_.tags(), options_.server);
    changeState(SourcePhase::Live, {},
                items_.refused() == 0 ? std::string{}
                                      : fmt::format("{} items cannot be read; the first: {}",
                                                    items_.refused(), items_.firstRefusal()));
}

void OpcDaSource::handle(AgentData& frame) {
    if (frame.sequence != ++lastSequence_)
        return refuse(fmt::format("data {} came after {}", frame.sequence, lastSequence_ - 1));
    countPast(frame);
    book_.came(frame.rows.size(), frame.past);
    auto updates = items_.updates(std::move(frame.rows), frame.past, wallClockNow());
    if (!updates) return refuse(updates.error().message);
    if (!updates->empty()) sink_.post(std::move(*updates));
    link_->send(ackFrame(frame.sequence));
}

void OpcDaSource::handle(const AgentHealth& frame) {
    if (const auto lost = book_.take(frame); lost > 0) {
        log::warning(kModule,
                     "{}: the agent had no room for {} values of a time without it, which the history does "
                     "not have: see its options --keep and --keep-mb",
                     options_.name, lost);
    }
    tellDiagnostics();
}

void OpcDaSource::tellDiagnostics() {
    diagnostics_.set(std::make_shared<const SourceDiagnostics>(book_.report(endpoint(), items_.tags())));
}

std::string OpcDaSource::endpoint() const {
    return agent_.empty() ? options_.server : fmt::format("{} by {}", options_.server, agent_);
}

template <class T>
void OpcDaSource::post(ServiceAnswer<T> answer, std::function<void(const ServiceAnswer<T>&)> ask) {
    const auto once = std::make_shared<OneAnswer<T>>(
        std::move(answer), ServiceFailure{.status = kBadShutdown, .message = "the source has been stopped"});
    Command command = Asked{[once, ask = std::move(ask)] {
        ask([once](ServiceResult<T> result) { once->give(std::move(result)); });
    }};
    constexpr std::size_t kWeight = 1024;
    if (stopping_ || mailbox_.tryPush(std::move(command), kWeight)) return;
    once->give(
        failure(kBadTooManyOperations, "too many questions are waiting already: ask again in a moment"));
}

void OpcDaSource::browse(BrowseQuestion question, ServiceAnswer<BrowsePage> answer) {
    post<BrowsePage>(std::move(answer), [this, question = std::move(question)](const auto& then) {
        questions_.browse(question, then);
    });
}

void OpcDaSource::attributes(std::string node, ServiceAnswer<NodeAttributes> answer) {
    post<NodeAttributes>(std::move(answer), [this, node = std::move(node)](const auto& then) {
        questions_.attributes(node, then);
    });
}

void OpcDaSource::search(SearchQuestion question, ServiceAnswer<SearchAnswer> answer) {
    post<SearchAnswer>(std::move(answer), [this, question = std::move(question)](const auto& then) {
        questions_.search(question, then);
    });
}

void OpcDaSource::write(std::vector<TagWrite> writes, SteadyTime deadline,
                        ServiceAnswer<std::vector<TagWritten>> answer) {
    post<std::vector<TagWritten>>(std::move(answer),
                                  [this, deadline, writes = std::move(writes)](const auto& then) {
                                      writeTags(questions_, items_, writes, deadline, then);
                                  });
}

void OpcDaSource::countPast(const AgentData& frame) {
    if (frame.past) {
        past_ += frame.rows.size();
    } else if (const auto count = std::exchange(past_, 0); count > 0) {
        log::info(kModule, "{}: the agent brought {} values of the time without it", options_.name, count);
    }
}

void OpcDaSource::refuse(const std::string& why) {
    log::warning(kModule, "{}: the agent's connection is ended: {}", options_.name, why);
    constexpr std::size_t kMostOfAReason = 120;
    link_->close(why.substr(0, kMostOfAReason));
    link_.reset();
    agentLost("the agent's connection was ended: " + why);
}

void OpcDaSource::agentLost(const std::string& message) {
    log::warning(kModule, "{}: {}", options_.name, message);
    questions_.close(message);
    book_.disconnected();
    changeState(SourcePhase::Connecting, kBadNotConnected, message);
}

void OpcDaSource::changeState(SourcePhase phase, StatusCode why, std::string message) {
    sink_.changeState({.source = id_,
                       .name = options_.name,
                       .kind = "opcda",
                       .phase = phase,
                       .since = wallClockNow(),
                       .why = why,
                       .message = std::move(message),
                       .endpoint = endpoint(),
                       .tags = items_.tags(),
                       .badTags = items_.refused()});
}

}  // namespace tagwire::source::opcda
