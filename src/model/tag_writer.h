/// What a source offers that can write to its devices, and how it is found.
/// Thread: any may ask; the answer comes once, from the source's own thread, or at once. Lifetime: the
/// source's; whoever asks keeps what the answer needs alive.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/data_value.h"
#include "model/service_answer.h"
#include "model/source_state.h"
#include "model/tag_info.h"

namespace tagwire {

/// The value has the tag's type and shape.
struct TagWrite {
    SharedTagInfo tag;
    Value value;
};

/// What came of one of them.
struct TagWritten {
    /// The device's own answer; Good: it has taken the value.
    StatusCode status{};
    /// Why not and what to do, or that the device made something else of it; empty while all is well.
    std::string message{};
    /// What the tag had before, where it was asked.
    std::optional<Value> before{};
    /// What the device has now; nothing where it was not written, or cannot be read.
    std::optional<DataValue> readBack{};
    /// Whether the value reached the device is not known: its answer did not come.
    bool unknown = false;
};

/// What the device has now, for TagWritten::readBack.
[[nodiscard]] inline DataValue readBackOf(Value value, StatusCode status = {}) {
    return {.value = std::move(value), .status = status, .sourceTime = {}, .serverTime = {}};
}

class TagWriter {
public:
    TagWriter() = default;
    TagWriter(const TagWriter&) = delete;
    TagWriter& operator=(const TagWriter&) = delete;
    virtual ~TagWriter() = default;

    /// Writes values of different tags, reads each back, and answers with one result for each, in their
    /// order. A failure instead means that none of them was sent. Nothing ever waits for a connection, and
    /// nothing is sent to the device after `deadline`.
    virtual void write(std::vector<TagWrite> writes, SteadyTime deadline,
                       ServiceAnswer<std::vector<TagWritten>> answer) = 0;
};

/// Where the writer of a tag is found; implemented by the composition root.
/// Thread: any. Lifetime: outlives whoever asks, and so do the writers.
class WriterDirectory {
public:
    WriterDirectory() = default;
    WriterDirectory(const WriterDirectory&) = delete;
    WriterDirectory& operator=(const WriterDirectory&) = delete;
    virtual ~WriterDirectory() = default;

    struct Found {
        /// Null: the source is of a kind that only reads, or there is none.
        TagWriter* writer = nullptr;
        /// As it is now.
        SourceState state{};
    };
    [[nodiscard]] virtual Found writerOf(SourceId source) const = 0;
};

}  // namespace tagwire
