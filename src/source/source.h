/// The contract of everything that brings values in: one folder per kind (options, source, tests).
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "model/condition_services.h"
#include "model/source_diagnostics.h"
#include "model/source_event.h"
#include "model/source_services.h"
#include "model/tag_update.h"
#include "model/tag_writer.h"

namespace tagwire::source {

/// Where a source puts what it learns. Thread: the source's own. Lifetime: outlives the source.
class UpdateSink {
public:
    UpdateSink() = default;
    UpdateSink(const UpdateSink&) = delete;
    UpdateSink& operator=(const UpdateSink&) = delete;
    virtual ~UpdateSink() = default;

    /// A fresh id for a tag the source is about to declare.
    [[nodiscard]] virtual TagId allocateTag() = 0;

    /// New tags or new metadata; never dropped. Before the first post() of a tag. Whoever made the sink has
    /// introduced the source to it by changeState(), so that readers hear of a source before its tags.
    virtual void declare(std::vector<SharedTagInfo> tags) = 0;

    /// Values in the order they arose. Never blocks: when the inbox is full, what waits is conflated to the
    /// latest value of each tag; the values skipped are counted and those that remain in their place carry
    /// the overflow bit.
    virtual void post(std::vector<TagUpdate> updates) = 0;

    /// A change of state; never dropped. When the phase leaves Live, the store turns every tag of this source
    /// to `state.why` and keeps the last values.
    virtual void changeState(SourceState state) = 0;

    /// Events in the order they were learned, and what conditions came to. Never blocks and never dropped as
    /// a whole: conditions are bounded by the source, which counts those it refuses, and of events the latest
    /// are kept, numbered so that a reader sees what is gone. Sinks without use for events keep this default.
    // NOLINTNEXTLINE(performance-unnecessary-value-param): sinks that use the batch keep it
    virtual void postEvents(EventBatch batch) { static_cast<void>(batch); }
};

/// Owns its threads. Constructing validates nothing and connects nothing; errors of the outside world after
/// start() show as states, never as exceptions.
class Source {
public:
    Source() = default;
    Source(const Source&) = delete;
    Source& operator=(const Source&) = delete;
    /// Stops if it was started.
    virtual ~Source() = default;

    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// What else can be asked of it; null: nothing. As long as the source lives, also before start() and
    /// after stop(), when every question is answered with why not.
    [[nodiscard]] virtual SourceServices* services() noexcept { return nullptr; }
    /// Writes its tags; null: it only reads. As services().
    [[nodiscard]] virtual TagWriter* writer() noexcept { return nullptr; }
    /// Does what people want done with its conditions; null: it has none. As services().
    [[nodiscard]] virtual ConditionServices* conditions() noexcept { return nullptr; }
    /// How it is doing inside, as of a second ago at most. Thread: any. Null before it is known, and for
    /// sources that have nothing to tell.
    [[nodiscard]] virtual std::shared_ptr<const SourceDiagnostics> diagnostics() const { return nullptr; }

    /// Declares what it knows, then begins to post. Returns at once.
    virtual void start() = 0;

    /// Closes connections in an orderly way, within 2 s, and joins the threads. No call into the sink comes
    /// after.
    virtual void stop() noexcept = 0;
};

}  // namespace tagwire::source
