/// Frames that the server sends, as text (docs/protocol.md, Frames).
/// Thread: any. Lifetime: functions. All append to `out`, which the caller reuses to save allocations.
///
/// Lists of rows and of tag descriptions are passed as the elements' texts, *each followed by a comma*: that
/// way they are gathered by plain copying.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/json_text.h"
#include "base/time.h"
#include "model/source_state.h"
#include "model/status_code.h"
#include "model/tag_id.h"
#include "model/value.h"
#include "wire/generated/protocol.h"
#include "wire/ids.h"
#include "wire/write_item.h"

namespace tagwire::wire {

struct SessionLimits {
    std::size_t frameBytes = kMaxClientFrameBytes;
    std::size_t tagsPerSubscription = 20'000;
    std::size_t subscriptions = 100;
};

struct Hello {
    std::string_view boot;  ///< 8 hexadecimal digits
    Timestamp now;
    std::chrono::milliseconds ping{0};
    std::string_view server;  ///< product and version
    SessionLimits limits;
};
void appendHello(std::string& out, const Hello& hello);

/// Answer to a request that returns nothing.
void appendOk(std::string& out, RequestId id);

/// Answer to auth.
void appendAuthenticated(std::string& out, RequestId id, std::string_view user, std::string_view role);

/// What came of a value that was to be written.
struct WriteRow {
    TagName tag;  ///< as the client named it
    StatusCode status;
    Value value;  ///< read back; null: not written, or not readable
    std::string message;
};
/// Answer to write, press and release.
void appendWritten(std::string& out, RequestId id, std::span<const WriteRow> rows);
/// `{"values":[{"tag":…,"status":…,"value":…,"msg":…},…]}`: the same by HTTP.
void appendWriteAnswer(std::string& out, std::span<const WriteRow> rows);

/// A name or pattern that could not be served.
struct BadTag {
    std::string name;
    ErrorCode code = ErrorCode::UnknownTag;
    std::string message;
};

struct Subscribed {
    RequestId id;
    SubId sub;
    std::optional<bool> resumed;  ///< when the client asked to resume
    std::string_view tagDescs;    ///< at most kMaxTagsPerOkFrame, each followed by a comma
    std::span<const BadTag> bad;
};
void appendSubscribed(std::string& out, const Subscribed& answer);

/// `tagDescs`: each followed by a comma.
void appendTags(std::string& out, SubId sub, std::string_view tagDescs);

/// A data frame is beginData, then rows each followed by a comma, then endData.
struct DataHeader {
    SubId sub;
    ChangeNumber seq;
    Timestamp base;
    bool snapshot = false;
};
void beginData(std::string& out, const DataHeader& header);
/// `more`: the snapshot or the resumed rows go on in the next frame.
void endData(std::string& out, bool more);

void appendLag(std::string& out, SubId sub, std::uint64_t skipped, LagState state);
void appendPing(std::string& out, Timestamp now);
void appendPong(std::string& out, std::optional<RequestId> id, Timestamp now);
void appendSrc(std::string& out, const SourceState& state);

/// `retry` follows from the code.
void appendErr(std::string& out, std::optional<RequestId> id, ErrorCode code, std::string_view message);

/// The members that every description of a source has.
void writeSourceStatus(ObjectWriter& object, const SourceState& state);

/// `[{"n":…,"code":…,"msg":…},…]`
void appendBadTags(std::string& out, std::span<const BadTag> bad);
/// `{"frame":…,"tags":…,"subs":…}`
void appendSessionLimits(std::string& out, const SessionLimits& limits);
/// The src frame without `t`: an element of `/api/v1/sources`.
void appendSourceStatus(std::string& out, const SourceState& state);
/// Closes a list whose elements are each followed by a comma, or which is empty.
void closeList(std::string& out);

}  // namespace tagwire::wire
