#include "source/opcda/tag_writing.h"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "model/generated/status_codes.h"

namespace tagwire::source::opcda {
namespace {

/// The codes of OPC DA and COM that people meet, in words; others by their status and number.
std::string wordsOf(const AgentWrittenItem& item) {
    switch (item.code) {
        case 0: return {};
        case 0x0004000E: return "the server has clamped the value to the item's range";
        case 0xC0040004: return "the item has another type now: it was told anew, so write again";
        case 0xC0040006: return "the OPC DA server does not let the item be written";
        case 0xC0040007: return "the OPC DA server has no such item any more";
        case 0xC004000B:
            return "the OPC DA server does not take the value: it is not within the item's range";
        default: break;
    }
    if (item.status == kBadCommunicationError) {
        return fmt::format(
            "0x{:08X}: the OPC DA server ended within the call; whether the value was written is "
            "not known: read it",
            item.code);
    }
    if (!item.status.isBad()) return {};
    return fmt::format(
        "0x{:08X}: the OPC DA server refuses the value; `tagwire-da-agent write` on its machine "
        "tells in its own words why",
        item.code);
}

TagWritten resultOf(AgentWrittenItem& item, ValueShape shape) {
    TagWritten result;
    result.status = item.status;
    result.message = wordsOf(item);
    result.unknown = item.status == kBadCommunicationError;
    if (auto before = readValue(item.before, shape); before && !before->isNull())
        result.before = std::move(*before);
    auto after = readValue(item.after, shape);
    if (item.status.isBad() || !after || after->isNull()) return result;
    const auto now = wallClockNow();
    result.readBack =
        DataValue{.value = std::move(*after), .status = {}, .sourceTime = now, .serverTime = now};
    return result;
}

TagWritten unknown() {
    return {.status = kBadConnectionClosed,
            .message = "the agent did not answer; whether the value was written is not known: read it",
            .before = {},
            .readBack = {},
            .unknown = true};
}

}  // namespace

void writeTags(Questions& questions, const ItemTable& items, const std::vector<TagWrite>& writes,
               SteadyTime deadline, const ServiceAnswer<std::vector<TagWritten>>& answer) {
    if (!questions.isOpen())
        return answer(failure(kBadServerNotConnected, "no agent is connected: nothing was written"));
    std::vector<TagWritten> results(writes.size());
    std::vector<HandleWrite> asked;
    std::vector<std::pair<std::size_t, ValueShape>> places;
    for (std::size_t i = 0; i < writes.size(); ++i) {
        const auto item = items.writing(*writes[i].tag);
        if (!item) {
            results[i].status = kBadNodeIdUnknown;
            results[i].message = item.error().message;
            continue;
        }
        asked.push_back({.handle = item->handle, .variantType = item->variantType, .value = writes[i].value});
        places.emplace_back(i, item->shape);
    }
    if (asked.empty()) return answer(std::move(results));
    // What the protocol allows; nobody waits longer for a switch to move.
    constexpr std::chrono::milliseconds kLongest{60'000};
    const auto patience =
        std::chrono::duration_cast<std::chrono::milliseconds>(deadline - SteadyClock::now());
    if (patience.count() < 1)
        return answer(failure(kBadTimeout, "the time for writing has ended: nothing was written"));
    questions.write(asked, std::min(patience, kLongest),
                    [answer, results = std::move(results),
                     places = std::move(places)](ServiceResult<Questions::Written> done) mutable {
                        if (!done) return answer(tl::unexpected(std::move(done.error())));
                        for (std::size_t n = 0; n < places.size(); ++n) {
                            const auto& [place, shape] = places[n];
                            results[place] = *done ? resultOf((**done)[n], shape) : unknown();
                        }
                        answer(std::move(results));
                    });
}

}  // namespace tagwire::source::opcda
