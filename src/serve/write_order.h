/// What a client wants written, as the desk takes it: tags looked up and each of them asked of the gate.
/// Thread: the shard's. Lifetime: functions.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/write_services.h"
#include "serve/caller.h"
#include "wire/frames.h"

namespace tagwire::serve {

class Shard;

/// Why nothing at all was sent.
struct WriteRefusal {
    wire::ErrorCode code = wire::ErrorCode::Internal;
    std::string message;
};

/// Tags that the caller does not see are as if there were none. Where he may not write one of them, nothing
/// is written, and that is recorded.
[[nodiscard]] Result<std::vector<OrderedWrite>, WriteRefusal> orderedWrites(
    Shard& shard, const Caller& caller, std::span<const wire::WriteItem> items);

[[nodiscard]] WriteAsker writeAsker(const Caller& caller);

[[nodiscard]] WriteRefusal writeRefusal(const ServiceFailure& failure);

/// The results beside the names that the client gave.
[[nodiscard]] std::vector<wire::WriteRow> writeRows(std::span<const wire::TagName> names,
                                                    std::vector<WriteResult> results);

}  // namespace tagwire::serve
