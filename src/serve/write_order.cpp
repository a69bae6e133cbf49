#include "serve/write_order.h"

#include <utility>

#include <fmt/format.h>

#include "access/gate.h"
#include "model/generated/status_codes.h"
#include "serve/admission.h"
#include "serve/shard.h"
#include "serve/tag_sight.h"

namespace tagwire::serve {

using access::Action;
using access::Decision;
using access::Gate;
using wire::ErrorCode;

namespace {

std::string textOf(const wire::TagName& name) {
    if (const auto* handle = std::get_if<TagId>(&name)) return fmt::format("handle {}", handle->value());
    return std::get<std::string>(name);
}

/// Null: there is none, or the caller does not see it.
const TagCache::Entry* entryOf(const TagCache& cache, const wire::TagName& name, const TagSight& sight) {
    const auto* entry = std::visit([&cache](const auto& one) { return cache.find(one); }, name);
    return entry != nullptr && sight.sees(entry->info->path.text()) ? entry : nullptr;
}

}  // namespace

Result<std::vector<OrderedWrite>, WriteRefusal> orderedWrites(Shard& shard, const Caller& caller,
                                                              std::span<const wire::WriteItem> items) {
    const auto sight = TagSight::of(caller.principal);
    std::vector<OrderedWrite> writes;
    writes.reserve(items.size());
    for (const auto& item : items) {
        OrderedWrite write{.path = textOf(item.tag), .tag = nullptr, .before = {}, .value = item.value};
        if (const auto* entry = entryOf(shard.cache(), item.tag, sight)) {
            const auto& path = entry->info->path.text();
            const auto decision = Gate::decide(*caller.principal, Action::WriteTag, path);
            if (decision == Decision::LoginNeeded)
                return tl::unexpected(
                    WriteRefusal{ErrorCode::Unauthorized, whyNot(caller, Action::WriteTag, decision)});
            if (decision == Decision::Forbidden) {
                shard.server().denials.record(caller, Action::WriteTag, path, wallClockNow());
                return tl::unexpected(WriteRefusal{
                    ErrorCode::Forbidden,
                    fmt::format("'{}' is none of the tags that you may write: nothing was written; an "
                                "administrator changes that with the user's or token's patterns",
                                path)});
            }
            write.path = path;
            write.tag = entry->info;
            write.before = entry->value.value;
        }
        writes.push_back(std::move(write));
    }
    return writes;
}

WriteAsker writeAsker(const Caller& caller) {
    auto asking = caller.asking();
    return {.user = std::move(asking.user),
            .token = std::move(asking.token),
            .address = std::move(asking.address)};
}

WriteRefusal writeRefusal(const ServiceFailure& failure) {
    const auto code = [&failure] {
        switch (failure.status.withoutInfoBits().code()) {
            case kBadInvalidArgument.code(): return ErrorCode::BadRequest;
            case kBadEntryExists.code():
            case kBadInvalidState.code(): return ErrorCode::Conflict;
            case kBadNotFound.code(): return ErrorCode::NotFound;
            case kBadTooManyOperations.code():
            case kBadShutdown.code(): return ErrorCode::Overloaded;
            case kBadResourceUnavailable.code(): return ErrorCode::Internal;
            default: return ErrorCode::Unreachable;
        }
    }();
    return {code, failure.message};
}

std::vector<wire::WriteRow> writeRows(std::span<const wire::TagName> names,
                                      std::vector<WriteResult> results) {
    std::vector<wire::WriteRow> rows;
    rows.reserve(results.size());
    for (std::size_t i = 0; i < results.size() && i < names.size(); ++i) {
        rows.push_back({.tag = names[i],
                        .status = results[i].status,
                        .value = std::move(results[i].value),
                        .message = std::move(results[i].message)});
    }
    return rows;
}

}  // namespace tagwire::serve
