#include "source/opcua/opcua_source.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "model/generated/status_codes.h"
#include "source/opcua/session/endpoint_session.h"
#include "source/opcua/session/event_part.h"
#include "source/opcua/session/history_part.h"
#include "source/opcua/session/metadata_part.h"
#include "source/opcua/session/path_resolver.h"
#include "source/opcua/session/subtree_part.h"
#include "source/opcua/session/tag_writing.h"

namespace tagwire::source::opcua {
namespace {

/// The library's loop cannot be woken from outside: this is how long a command or a request to stop may go
/// unnoticed.
constexpr std::chrono::milliseconds kTurn{20};

}  // namespace

OpcUaSource::OpcUaSource(OpcUaOptions options, SourceId id, UpdateSink& sink)
    : options_(std::move(options)), id_(id), sink_(sink) {}

OpcUaSource::~OpcUaSource() { stop(); }

void OpcUaSource::start() {
    thread_ = std::jthread([this](const std::stop_token& stop) { work(stop); });
}

void OpcUaSource::stop() noexcept {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
    stopped_ = true;
    obey(nullptr);  // what came while the thread ended
}

bool OpcUaSource::post(Command command) {
    if (!commands_.tryPush(std::move(command))) {
        counters_.commandsRefused.add();
        return false;
    }
    if (stopped_) obey(nullptr);  // there is no thread any more that would
    return true;
}

template <class T>
void OpcUaSource::ask(const ServiceAnswer<T>& answer, std::function<void(ServiceAnswer<T>)> begin) {
    if (post([answer, begin = std::move(begin)](Generation* /*connection*/) { begin(answer); })) return;
    answer(tl::unexpected(ServiceFailure{StatusCode{UA_STATUSCODE_BADTOOMANYOPERATIONS},
                                         "too many questions are waiting already: ask again in a moment"}));
}

void OpcUaSource::browse(BrowseQuestion question, ServiceAnswer<BrowsePage> answer) {
    ask<BrowsePage>(answer, [this, question = std::move(question)](ServiceAnswer<BrowsePage> then) {
        browsing_.browse(question, std::move(then));
    });
}

void OpcUaSource::attributes(std::string node, ServiceAnswer<NodeAttributes> answer) {
    ask<NodeAttributes>(answer, [this, node = std::move(node)](ServiceAnswer<NodeAttributes> then) {
        browsing_.attributes(node, std::move(then));
    });
}

void OpcUaSource::search(SearchQuestion question, ServiceAnswer<SearchAnswer> answer) {
    ask<SearchAnswer>(answer, [this, question = std::move(question)](ServiceAnswer<SearchAnswer> then) {
        browsing_.search(question, std::move(then));
    });
}

void OpcUaSource::write(std::vector<TagWrite> writes, SteadyTime deadline,
                        ServiceAnswer<std::vector<TagWritten>> answer) {
    const bool taken = post([writes = std::move(writes), deadline, answer](Generation* connection) mutable {
        if (connection == nullptr) {
            answer(failure(kBadServerNotConnected,
                           "the source is not connected to its server: nothing was written"));
        } else {
            writeTags(*connection, std::move(writes), deadline, std::move(answer));
        }
    });
    if (!taken)
        answer(failure(kBadTooManyOperations, "too many questions wait already: write again in a moment"));
}

void OpcUaSource::act(ConditionOrder order, SteadyTime deadline, ServiceAnswer<ConditionAnswer> answer) {
    const bool taken =
        post([this, order = std::move(order), deadline, answer](Generation* connection) mutable {
            acts_.begin(connection, order, deadline, std::move(answer));
        });
    if (!taken)
        answer(failure(kBadTooManyOperations, "too many questions wait already: try again in a moment"));
}

void OpcUaSource::obey(Generation* connection) {
    std::vector<Command> commands;
    commands_.drain(commands);
    for (Command& command : commands) command(connection);
}

void OpcUaSource::work(const std::stop_token& stop) {
    PathResolver resolver;
    MetadataPart metadata(options_);
    HistoryPart history(options_);
    std::optional<SubtreePart> subtrees;  // goes after the session, which calls it to its end
    std::optional<EventPart> events;
    EndpointSession session(options_, id_, sink_, counters_, diagnostics_);
    session.setResolver(resolver);
    session.addPart(subtrees.emplace(options_, id_, sink_, session.items()));
    session.addPart(metadata);
    session.addPart(browsing_);
    session.addPart(history);
    session.addPart(events.emplace(options_, sink_, options_.subtrees.empty() ? nullptr : &*subtrees));
    while (!session.stopped()) {
        if (stop.stop_requested()) session.beginStop();
        obey(session.connection());
        session.run(kTurn);
    }
    obey(nullptr);
}

}  // namespace tagwire::source::opcua
