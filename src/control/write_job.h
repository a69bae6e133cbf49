/// Values on their way to the sources: passed on when it is the turn of their tags, unless that is too late
/// or a source is not live any more; gathered when all sources have answered.
/// Thread: the desk's. Lifetime: owned by the desk; the directory and `later` outlive every answer of a
/// source.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include "base/time.h"
#include "control/refusal.h"
#include "control/tag_turns.h"
#include "model/tag_writer.h"

namespace tagwire::control {

struct WriteJob {
    /// Of different tags; at least one.
    std::vector<TagWrite> writes;
    SteadyTime deadline;
    /// Called once, with one result for each write; a failure: none was sent.
    ServiceAnswer<std::vector<TagWritten>> done;
};

/// Why nothing can be written to the tag's source now; nothing: it can.
[[nodiscard]] std::optional<Refusal> notLive(const WriterDirectory::Found& found);

class WriteJobs {
public:
    /// Runs something on the desk's thread, soon. Any thread calls it; never blocks.
    using Later = std::function<void(std::function<void()>)>;

    WriteJobs(const WriterDirectory& writers, Later later) : writers_(writers), later_(std::move(later)) {}

    void add(WriteJob job);
    /// Passes on those whose turn it is.
    void pump(SteadyTime now);
    /// None is passed on any more, and those that wait are told so.
    void stop() noexcept { stopped_ = true; }

    /// Jobs that wait for their turn.
    [[nodiscard]] std::size_t waiting() const noexcept { return turns_.waiting(); }
    /// Jobs without their answers, those that wait and those at the sources.
    [[nodiscard]] std::size_t open() const noexcept { return jobs_.size(); }
    /// What is at the sources is given up: whether it was written is not known.
    void abandon();

private:
    /// The part of a job that goes to one source.
    struct Part {
        TagWriter* writer = nullptr;
        std::vector<std::size_t> places;  ///< in the job
    };
    struct Open {
        WriteJob job;
        std::vector<TagWritten> results{};
        std::vector<bool> answered{};  ///< as results
        std::size_t parts = 0;         ///< at the sources, without an answer
        bool sent = false;             ///< a source has taken something of it
        std::optional<ServiceFailure> failure{};
    };

    void begin(TagTurns::Number number, SteadyTime now);
    void send(TagTurns::Number number, Part part);
    void take(TagTurns::Number number, const std::vector<std::size_t>& places,
              ServiceResult<std::vector<TagWritten>> answer);
    void end(TagTurns::Number number, ServiceResult<std::vector<TagWritten>> result);

    const WriterDirectory& writers_;
    Later later_;
    TagTurns turns_;
    std::unordered_map<TagTurns::Number, Open> jobs_;
    TagTurns::Number last_ = 0;
    bool stopped_ = false;
};

}  // namespace tagwire::control
