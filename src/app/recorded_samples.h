/// Reads all that the record has of a tag, for the console.
/// Thread: main; no program may record meanwhile. Lifetime: functions.
#pragma once

#include <functional>
#include <span>

#include "base/result.h"
#include "base/time.h"
#include "history/query.h"
#include "history/storage.h"
#include "model/tag_path.h"

namespace tagwire::app {

/// Calls `take` for the samples of `tag`, of which something is recorded, in [from, to), some at a time, in
/// time order, until it returns an error.
[[nodiscard]] Result<void> readSamples(
    const history::Storage& storage, history::QueryRunner& runner, const TagPath& tag, Timestamp from,
    Timestamp to, const std::function<Result<void>(std::span<const HistorySample>)>& take);

}  // namespace tagwire::app
