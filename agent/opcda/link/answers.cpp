#include "link/answers.h"

#include <utility>

#include <fmt/format.h>

#include "base/json_text.h"
#include "model/generated/status_codes.h"
#include "types/variant_type.h"

namespace tagwire::da {
namespace {

/// What the gateway takes of a text.
constexpr std::size_t kMaxText = 1024;
/// A value that is longer is not shown, so that an answer fits into one message.
constexpr std::size_t kMaxValue = std::size_t{8} * 1024;

/// Begins a frame that answers; the caller adds members.
void head(ObjectWriter& frame, std::string_view type, std::uint64_t id) {
    frame.member("t", type);
    frame.member("id", id);
}

/// At most `most` bytes of UTF-8.
std::string_view clipped(std::string_view text, std::size_t most) {
    if (text.size() <= most) return text;
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U) --most;
    return text.substr(0, most);
}

void appendEntry(std::string& out, const ListedEntry& entry) {
    ObjectWriter object(out);
    object.member("name", entry.name);
    if (!entry.item.empty()) object.member("item", entry.item);
    if (entry.branch) object.member("step", entry.step);
}

std::string entriesFrame(std::uint64_t id, std::string_view rows, bool more, std::string_view cut) {
    std::string out;
    {
        ObjectWriter frame(out);
        head(frame, "entries", id);
        frame.key("add").append("[").append(rows).append("]");
        if (more) frame.member("more", true);
        if (!cut.empty()) frame.member("cut", cut);
    }
    return out;
}

/// The value, or null with the status that says why it is not shown.
std::pair<std::string_view, StatusCode> shown(std::string_view value, StatusCode status) {
    if (value.size() > kMaxValue) return {"null", kBadResponseTooLarge};
    return {value, status};
}

void appendProperty(std::string& out, const LookedProperty& property) {
    const auto [value, status] = shown(property.value, property.status);
    out += fmt::format("[{},", property.id);
    appendJsonString(out, clipped(property.text, kMaxText));
    out += fmt::format(",{}", value);
    if (status.code() != 0) out += fmt::format(",{}", status.code());
    out += ']';
}

}  // namespace

std::vector<std::string> entriesFrames(std::uint64_t id, const std::vector<ListedEntry>& entries,
                                       std::string_view cut) {
    std::vector<std::string> frames;
    std::string rows;
    for (const auto& entry : entries) {
        if (entry.name.size() > kMaxText || entry.item.size() > kMaxText || entry.step.size() > kMaxText)
            continue;
        std::string row;
        appendEntry(row, entry);
        if (rows.size() + row.size() > kMaxFrameBytes)
            frames.push_back(entriesFrame(id, std::exchange(rows, {}), true, {}));
        if (!rows.empty()) rows += ',';
        rows += row;
    }
    frames.push_back(entriesFrame(id, rows, false, cut));
    return frames;
}

std::string lookedFrame(std::uint64_t id, const LookedItem& item) {
    std::string properties;
    for (const auto& property : item.properties) {
        std::string row;
        appendProperty(row, property);
        if (properties.size() + row.size() > kMaxFrameBytes - kMaxValue) break;
        if (!properties.empty()) properties += ',';
        properties += row;
    }
    std::string out;
    {
        ObjectWriter frame(out);
        head(frame, "looked", id);
        if (item.type != vt::kEmpty) frame.member("vt", item.type);
        const auto shape = shapeOf(item.type);
        frame.member("type", typeName(shape.type));
        if (shape.array) frame.member("array", true);
        const auto [value, status] = shown(item.value.value, item.value.status);
        frame.key("value").append(value);
        if (item.value.time) frame.member("time", *item.value.time);
        if (status.code() != 0) frame.member("q", status.code());
        frame.key("props").append("[").append(properties).append("]");
    }
    return out;
}

std::string writtenFrame(std::uint64_t id, const std::vector<WrittenItem>& items) {
    std::string rows;
    for (const auto& item : items) {
        if (!rows.empty()) rows += ',';
        // Many long values would not fit into one message; they come as changes all the same.
        const bool fits = rows.size() + item.after.size() + item.before.size() <= kMaxFrameBytes;
        const auto fitting = [fits](std::string_view value) {
            return fits ? shown(value, {}).first : std::string_view("null");
        };
        rows += fmt::format("[{},{},{},{}]", item.code, item.status.code(), fitting(item.after),
                            fitting(item.before));
    }
    std::string out;
    {
        ObjectWriter frame(out);
        head(frame, "written", id);
        frame.key("v").append("[").append(rows).append("]");
    }
    return out;
}

std::string refusedFrame(std::uint64_t id, StatusCode status, std::string_view message) {
    std::string out;
    {
        ObjectWriter frame(out);
        head(frame, "refused", id);
        frame.member("q", status.code());
        frame.member("msg", clipped(message, kMaxText));
    }
    return out;
}

std::string healthFrame(const Health& health) {
    std::string out;
    {
        ObjectWriter frame(out);
        frame.member("t", "health");
        frame.member("state", health.state);
        if (health.started) frame.member("started", *health.started);
        if (health.clock) frame.member("clock", *health.clock);
        frame.member("rtt", health.roundTripMs);
        frame.member("lost", health.lost);
    }
    return out;
}

}  // namespace tagwire::da
