/// How the routes reach the sources; implemented by the composition root.
/// Thread: any. Lifetime: outlives the server.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "model/condition_services.h"
#include "model/source_diagnostics.h"
#include "model/source_services.h"
#include "model/source_state.h"

namespace tagwire::serve {

class SourceDirectory {
public:
    SourceDirectory() = default;
    SourceDirectory(const SourceDirectory&) = delete;
    SourceDirectory& operator=(const SourceDirectory&) = delete;
    virtual ~SourceDirectory() = default;

    /// Null: there is no source of that name, or it has nothing to look around in.
    [[nodiscard]] virtual SourceServices* find(std::string_view name) const = 0;
    struct Conditions {
        /// Null: it has none.
        ConditionServices* services = nullptr;
        /// As it is now.
        SourceState state{};
    };
    /// Nothing: there is no source of that name.
    [[nodiscard]] virtual std::optional<Conditions> conditionsOf(std::string_view name) const = 0;
    /// Null where there is nothing to tell.
    [[nodiscard]] virtual std::shared_ptr<const SourceDiagnostics> diagnostics(
        std::string_view name) const = 0;
};

}  // namespace tagwire::serve
