/// What an OPC DA source tells of its inner life.
/// Thread: the source's. Lifetime: owned by the source.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/source_diagnostics.h"
#include "source/opcda/agent_answers.h"

namespace tagwire::source::opcda {

class AgentDiagnostics {
public:
    AgentDiagnostics(SourceId source, std::chrono::milliseconds askedRate)
        : source_(source), asked_(askedRate) {}

    void connected();
    void disconnected();
    /// `granted`: 0 where the agent does not tell.
    void serverIs(bool live, std::chrono::milliseconds granted);
    void came(std::size_t values, bool past);
    /// How many values more than before found no room at the agent.
    [[nodiscard]] std::uint64_t take(const AgentHealth& health);

    [[nodiscard]] SourceDiagnostics report(std::string endpoint, std::uint64_t items) const;

private:
    const SourceId source_;
    const std::chrono::milliseconds asked_;
    bool live_ = false;
    std::chrono::milliseconds granted_{0};
    std::optional<AgentHealth> health_;
    std::optional<std::chrono::milliseconds> skew_;
    SteadyTime lastCame_{};
    std::uint64_t connections_ = 0;
    std::uint64_t losses_ = 0;  ///< of the server's connection, while the agent was there
    std::uint64_t frames_ = 0;
    std::uint64_t values_ = 0;
    std::uint64_t past_ = 0;
    std::uint64_t lost_ = 0;
    std::uint64_t lostAtAgent_ = 0;  ///< as it said last
};

}  // namespace tagwire::source::opcda
