/// Bodies of the HTTP routes under /api/v1 and of event streams (OpenAPI document), as text.
/// Thread: any. Lifetime: functions. All append to `out`. Lists are passed as the elements' texts, each
/// followed by a comma.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/time.h"
#include "model/data_value.h"
#include "model/source_administration.h"
#include "model/source_diagnostics.h"
#include "model/tag_id.h"
#include "wire/frames.h"

namespace tagwire::wire {

struct Info {
    std::string_view server;  ///< product and version
    std::string_view boot;
    Timestamp now;
    Timestamp started;
    std::string_view zone;  ///< IANA name; empty: not known
    ChangeNumber seq;
    std::size_t tags = 0;
    std::size_t sources = 0;
    std::size_t clients = 0;
    std::chrono::milliseconds ping{0};
    SessionLimits limits;
};
void appendInfo(std::string& out, const Info& info);

struct TagsPage {
    std::size_t total = 0;
    std::string_view tagDescs;
    std::optional<std::string_view> next;  ///< path after which the next page starts
};
void appendTagsPage(std::string& out, const TagsPage& page);

/// `{"n":…,"h":…,"v":…,"q":…,"st":…,"ts":…,"rts":…}`
void appendNamedValue(std::string& out, std::string_view path, TagId tag, const DataValue& value);

struct ValuesAnswer {
    Timestamp now;
    ChangeNumber seq;
    std::string_view boot;
    std::string_view namedValues;
    std::span<const BadTag> bad;
};
void appendValuesAnswer(std::string& out, const ValuesAnswer& answer);

void appendSourcesAnswer(std::string& out, std::span<const SourceState> sources);

/// `diagnostics` may be null.
void appendSourceFile(std::string& out, const SourceFile& file);
void appendSourceDetail(std::string& out, const SourceState& source, const SourceDiagnostics* diagnostics);

/// `{"code":…,"msg":…}`
void appendErrorBody(std::string& out, ErrorCode code, std::string_view message);

/// `{"tag":…,"value":…,"ts":…,"q":…}`: one change in a stream of format flat.
void appendFlatEvent(std::string& out, std::string_view path, const DataValue& value);

}  // namespace tagwire::wire
