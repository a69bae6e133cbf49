/// The sources of this run: each with its inbox of the store, its sink, and its place in the numbers and
/// directories that the server asks. Sources can be added, replaced and ended while the program runs.
/// Thread: add, replace, end, start and stop one at a time; find and diagnostics any. Lifetime: the store and
/// what it is given outlive it; it outlives the server.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/program_metrics.h"
#include "app/source_events_reader.h"
#include "app/store_sink.h"
#include "model/tag_writer.h"
#include "serve/source_directory.h"
#include "source/source_supervisor.h"
#include "store/store_thread.h"

namespace tagwire::app {

class RunningSources final : public serve::SourceDirectory, public WriterDirectory {
public:
    /// Makes a source that puts what it learns into the sink. Called once.
    using Make = std::function<std::unique_ptr<source::Source>(SourceId, source::UpdateSink&)>;
    template <class S, class Options>
    [[nodiscard]] static Make makerOf(Options options) {
        return [options = std::move(options)](SourceId id, source::UpdateSink& sink) mutable {
            return std::make_unique<S>(std::move(options), id, sink);
        };
    }

    RunningSources(store::StoreThread& store, ProgramMetrics& metrics, SourceEventsReader& events)
        : store_(store), metrics_(metrics), events_(events) {}

    /// Runs at once where the others do. Its name is new. `kind` as in SourceState.
    void add(const std::string& name, const std::string& kind, const Make& make, Succession succession);
    /// Stops the source of this name, which was added with Succession::Possible, and lets another take its
    /// place.
    void replace(std::string_view name, const Make& make);
    /// Stops it for good. Its tags stay, Bad.
    void end(std::string_view name, std::string message);

    void start();
    void stop() noexcept;

    [[nodiscard]] SourceServices* find(std::string_view name) const override;
    [[nodiscard]] std::optional<Conditions> conditionsOf(std::string_view name) const override;
    [[nodiscard]] std::shared_ptr<const SourceDiagnostics> diagnostics(std::string_view name) const override;
    [[nodiscard]] WriterDirectory::Found writerOf(SourceId source) const override;
    [[nodiscard]] bool contains(std::string_view name) const;
    /// Whether it may be replaced; false where there is none.
    [[nodiscard]] bool canBeReplaced(std::string_view name) const;

private:
    struct Slot {
        std::string name;
        SourceId id;
        Succession succession = Succession::None;
        std::unique_ptr<StoreSink> sink;
        source::Source* source = nullptr;
    };

    store::StoreThread& store_;
    ProgramMetrics& metrics_;
    SourceEventsReader& events_;
    TagIdAllocator ids_;
    mutable std::mutex mutex_;  ///< of slots_, which only one thread changes
    std::vector<Slot> slots_;
    source::SourceSupervisor sources_;
};

}  // namespace tagwire::app
