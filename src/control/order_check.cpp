#include "control/order_check.h"

#include <unordered_set>
#include <utility>

#include <boost/json/serialize.hpp>
#include <fmt/format.h>

#include "control/typed_value.h"
#include "control/value_range.h"
#include "control/write_job.h"
#include "model/generated/status_codes.h"

namespace tagwire::control {

Result<TagWrite, Refusal> checkedWrite(const OrderedWrite& write) {
    if (!write.tag) return refuse(kBadNodeIdUnknown, fmt::format("there is no tag '{}'", write.path));
    const TagInfo& tag = *write.tag;
    if (tag.access == Access::Read) {
        return refuse(kBadNotWritable,
                      fmt::format("'{}' is read-only: an administrator lets it be written by `writable` of "
                                  "its source, where the device lets it",
                                  tag.path.text()));
    }
    auto value = typedValue(write.value, tag);
    if (!value) return tl::unexpected(std::move(value.error()));
    if (auto refusal = outOfRange(*value, tag)) return tl::unexpected(*std::move(refusal));
    return TagWrite{write.tag, *std::move(value)};
}

std::optional<ServiceFailure> malformed(const WriteOrder& order) {
    if (order.writes.empty() || order.writes.size() > WriteServices::kMaxWrites) {
        return ServiceFailure{kBadInvalidArgument,
                              fmt::format("an order has 1 to {} values, not {}", WriteServices::kMaxWrites,
                                          order.writes.size())};
    }
    if (order.key.empty() || order.key.size() > WriteServices::kMaxKeyBytes) {
        return ServiceFailure{kBadInvalidArgument,
                              fmt::format("the key of an order has 1 to {} bytes, not {}",
                                          WriteServices::kMaxKeyBytes, order.key.size())};
    }
    std::unordered_set<TagId> seen;
    for (const auto& write : order.writes) {
        if (!write.tag || seen.insert(write.tag->id).second) continue;
        return ServiceFailure{kBadInvalidArgument,
                              fmt::format("'{}' is named twice in one order: which value comes last would be "
                                          "left to chance",
                                          write.tag->path.text())};
    }
    return std::nullopt;
}

std::optional<ServiceFailure> unreachable(std::span<const OrderedWrite> writes,
                                          const WriterDirectory& writers) {
    for (const auto& write : writes) {
        if (!write.tag || write.tag->access == Access::Read) continue;
        if (auto refusal = notLive(writers.writerOf(write.tag->source)))
            return ServiceFailure{refusal->status, std::move(refusal->message)};
    }
    return std::nullopt;
}

std::string contentOf(const WriteOrder& order) {
    std::string content;
    for (const auto& write : order.writes) {
        content += write.tag ? write.tag->path.text() : write.path;
        content += '\0';
        content += boost::json::serialize(write.value);
        content += '\0';
    }
    return content;
}

}  // namespace tagwire::control
