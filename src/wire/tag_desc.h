/// Tag descriptions, `TagDesc` of the protocol.
/// Thread: any. Lifetime: functions.
#pragma once

#include <string>
#include <string_view>

#include "model/data_value.h"
#include "model/tag_info.h"

namespace tagwire::wire {

/// `{"h":…,"n":…,…}`. The text depends on nothing but the tag: it can be kept and copied for every client.
void appendTagDesc(std::string& out, const TagInfo& info, std::string_view sourceName);

/// The description with the latest value, `TagDetail`.
void appendTagDetail(std::string& out, const TagInfo& info, std::string_view sourceName,
                     const DataValue& value);

}  // namespace tagwire::wire
