/// A source that reads the tags of one OPC UA server.
/// Thread: start and stop by the composition root; everything else happens on the source's own I/O thread,
/// the only one that touches the library's client. Lifetime: the sink outlives it.
#pragma once

#include <string_view>
#include <thread>

#include "model/tag_id.h"
#include "source/opcua/options.h"
#include "source/source.h"

namespace tagwire::source::opcua {

class OpcUaSource final : public Source {
public:
    OpcUaSource(OpcUaOptions options, SourceId id, UpdateSink& sink);
    ~OpcUaSource() override;
    OpcUaSource(const OpcUaSource&) = delete;
    OpcUaSource& operator=(const OpcUaSource&) = delete;

    [[nodiscard]] std::string_view name() const noexcept override { return options_.name; }
    void start() override;
    void stop() noexcept override;

private:
    void work(const std::stop_token& stop);

    const OpcUaOptions options_;
    const SourceId id_;
    UpdateSink& sink_;
    std::jthread thread_;
};

}  // namespace tagwire::source::opcua
