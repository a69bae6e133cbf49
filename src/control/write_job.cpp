#include "control/write_job.h"

#include <map>
#include <ranges>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire::control {
namespace {

TagWritten unknownOutcome(StatusCode status, std::string_view why) {
    TagWritten result;
    result.status = status;
    result.message = fmt::format("{}; whether the value was written is not known: read it", why);
    result.unknown = true;
    return result;
}

}  // namespace

std::optional<Refusal> notLive(const WriterDirectory::Found& found) {
    if (found.writer == nullptr)
        return Refusal{kBadNotSupported, "the tag's source only reads: nothing can be written to it"};
    if (found.state.phase == SourcePhase::Live) return std::nullopt;
    return Refusal{kBadServerNotConnected,
                   fmt::format("source '{}' is not live ({}): nothing was written, and nothing waits; write "
                               "again when it is back{}{}",
                               found.state.name, phaseName(found.state.phase),
                               found.state.message.empty() ? "" : "; ", found.state.message)};
}

void WriteJobs::add(WriteJob job) {
    const auto number = ++last_;
    std::vector<TagId> tags;
    tags.reserve(job.writes.size());
    for (const auto& write : job.writes) tags.push_back(write.tag->id);
    jobs_.emplace(number, Open{.job = std::move(job)});
    turns_.wait(number, std::move(tags));
}

void WriteJobs::pump(SteadyTime now) {
    // What ends at once frees its tags for those behind it.
    for (auto ready = turns_.takeReady(); !ready.empty(); ready = turns_.takeReady()) {
        for (const auto number : ready) begin(number, now);
    }
}

void WriteJobs::begin(TagTurns::Number number, SteadyTime now) {
    Open& open = jobs_.at(number);
    if (stopped_) return end(number, failure(kBadShutdown, "the server stops: nothing was written"));
    if (now >= open.job.deadline) {
        return end(number, failure(kBadRequestTimeout,
                                   "the order's time to live was over before its turn: nothing was written"));
    }
    std::map<SourceId, Part> parts;
    for (std::size_t i = 0; i < open.job.writes.size(); ++i) {
        const auto source = open.job.writes[i].tag->source;
        Part& part = parts[source];
        part.places.push_back(i);
        if (part.writer != nullptr) continue;
        const auto found = writers_.writerOf(source);
        if (auto refusal = notLive(found))
            return end(number, failure(refusal->status, std::move(refusal->message)));
        part.writer = found.writer;
    }
    open.results.resize(open.job.writes.size());
    open.answered.resize(open.job.writes.size());
    open.parts = parts.size();
    for (auto& part : std::views::values(parts)) send(number, std::move(part));
}

void WriteJobs::send(TagTurns::Number number, Part part) {
    const Open& open = jobs_.at(number);
    std::vector<TagWrite> writes;
    writes.reserve(part.places.size());
    for (const auto place : part.places) writes.push_back(open.job.writes[place]);
    part.writer->write(
        std::move(writes), open.job.deadline,
        [this, number, places = std::move(part.places),
         later = later_](ServiceResult<std::vector<TagWritten>> answer) mutable {
            later([this, number, places = std::move(places), answer = std::move(answer)]() mutable {
                take(number, places, std::move(answer));
            });
        });
}

void WriteJobs::take(TagTurns::Number number, const std::vector<std::size_t>& places,
                     ServiceResult<std::vector<TagWritten>> answer) {
    const auto found = jobs_.find(number);
    if (found == jobs_.end()) return;  // given up meanwhile
    Open& open = found->second;
    for (std::size_t i = 0; i < places.size(); ++i) {
        TagWritten& result = open.results[places[i]];
        open.answered[places[i]] = true;
        if (!answer) {
            result.status = answer.error().status;
            result.message = answer.error().message;
        } else if (i < answer->size()) {
            result = std::move((*answer)[i]);
        } else {
            result = unknownOutcome(kBadUnknownResponse, "the source's answer does not tell");
        }
    }
    open.sent = open.sent || answer.has_value();
    if (!answer) open.failure = std::move(answer.error());
    if (--open.parts > 0) return;
    if (open.sent) {
        end(number, std::move(open.results));
    } else {
        end(number, tl::unexpected(*std::move(open.failure)));
    }
}

void WriteJobs::end(TagTurns::Number number, ServiceResult<std::vector<TagWritten>> result) {
    const auto done = std::move(jobs_.at(number).job.done);
    jobs_.erase(number);
    turns_.done(number);
    done(std::move(result));
}

void WriteJobs::abandon() {
    std::vector<TagTurns::Number> left;
    for (const auto& [number, open] : jobs_) left.push_back(number);
    for (const auto number : left) {
        Open& open = jobs_.at(number);
        if (open.parts == 0) {
            end(number, failure(kBadShutdown, "the server stops: nothing was written"));
            continue;
        }
        for (std::size_t i = 0; i < open.results.size(); ++i) {
            if (open.answered[i]) continue;
            open.results[i] =
                unknownOutcome(kBadShutdown, "the server stopped before the device had answered");
        }
        end(number, std::move(open.results));
    }
}

}  // namespace tagwire::control
