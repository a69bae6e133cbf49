#include "serve/write_requests.h"

#include <cstddef>
#include <unordered_map>
#include <utility>

#include <boost/asio/post.hpp>
#include <fmt/format.h>

#include "serve/shard.h"

namespace tagwire::serve {

using wire::ErrorCode;

/// Where answers from the desk's thread find the session, if it still lives.
struct WriteRequests::Shared {
    Shard& shard;
    Outlet outlet;  ///< empty once the session has gone
    std::size_t open = 0;
    struct Held {
        ButtonId button;
        wire::TagName name;
    };
    std::unordered_map<wire::RequestId, Held> buttons;

    [[nodiscard]] WriteServices* desk() const noexcept { return shard.server().writing; }
    [[nodiscard]] bool gone() const noexcept { return !outlet.send; }

    /// Brings what the desk answers to the session's thread.
    template <class T, class Take>
    [[nodiscard]] static ServiceAnswer<T> answer(const std::shared_ptr<Shared>& shared, Take take) {
        return [shared, take = std::move(take)](ServiceResult<T> result) {
            boost::asio::post(shared->shard.context(), [shared, take, result = std::move(result)]() mutable {
                if (!shared->gone()) take(*shared, std::move(result));
            });
        };
    }
};

WriteRequests::WriteRequests(Shard& shard, Outlet outlet)
    : shared_(std::make_shared<Shared>(
          Shared{.shard = shard, .outlet = std::move(outlet), .open = 0, .buttons = {}})) {}

WriteRequests::~WriteRequests() {
    letGo(ReleaseCause::ClientGone);
    shared_->outlet = {};
}

std::optional<WriteRefusal> WriteRequests::noRoom() const {
    if (shared_->desk() == nullptr)
        return WriteRefusal{ErrorCode::Unsupported, "nothing can be written through this server"};
    if (shared_->open + shared_->buttons.size() < wire::kMaxWriteRequests) return std::nullopt;
    return WriteRefusal{ErrorCode::TooManyRequests,
                        fmt::format("{} writes of this connection wait for their answers, or are held; write "
                                    "again after one of them",
                                    wire::kMaxWriteRequests)};
}

void WriteRequests::write(const wire::WriteFrame& request, const Caller& caller) {
    const auto& outlet = shared_->outlet;
    if (const auto refusal = noRoom()) return outlet.refuse(request.id, *refusal);
    auto writes = orderedWrites(shared_->shard, caller, request.w);
    if (!writes) return outlet.refuse(request.id, writes.error());
    std::vector<wire::TagName> names;
    for (const auto& item : request.w) names.push_back(item.tag);
    ++shared_->open;
    shared_->desk()->write(
        {.by = writeAsker(caller), .key = request.key, .ttl = request.ttl, .writes = *std::move(writes)},
        Shared::answer<std::vector<WriteResult>>(
            shared_, [id = request.id, names = std::move(names)](
                         Shared& shared, ServiceResult<std::vector<WriteResult>> result) {
                --shared.open;
                if (!result) return shared.outlet.refuse(id, writeRefusal(result.error()));
                shared.outlet.send(id, writeRows(names, *std::move(result)));
            }));
}

void WriteRequests::press(const wire::PressFrame& request, const Caller& caller) {
    const auto& outlet = shared_->outlet;
    if (const auto refusal = noRoom()) return outlet.refuse(request.id, *refusal);
    if (shared_->buttons.contains(request.id))
        return outlet.refuse(request.id,
                             {ErrorCode::BadRequest, "press.id: a button of this number is held"});
    auto writes = orderedWrites(shared_->shard, caller, {&request.w, 1});
    if (!writes) return outlet.refuse(request.id, writes.error());
    ButtonPress press{
        .by = writeAsker(caller), .press = std::move(writes->front()), .release = request.release};
    // The answer comes later, because it is posted to this very thread.
    const auto button = shared_->desk()->press(
        std::move(press),
        Shared::answer<WriteResult>(shared_, [id = request.id, name = request.w.tag](
                                                 Shared& shared, ServiceResult<WriteResult> result) {
            if (!result || result->status.isBad()) shared.buttons.erase(id);
            if (!result) return shared.outlet.refuse(id, writeRefusal(result.error()));
            std::vector<WriteResult> results{*std::move(result)};
            shared.outlet.send(id, writeRows({&name, 1}, std::move(results)));
        }));
    shared_->buttons.emplace(request.id, Shared::Held{button, request.w.tag});
}

void WriteRequests::hold(const wire::HoldFrame& request) {
    const auto found = shared_->buttons.find(request.id);
    if (found == shared_->buttons.end()) {
        return shared_->outlet.refuse(
            request.id, {ErrorCode::NotFound, "hold.id: this connection holds no button of this number"});
    }
    shared_->desk()->hold(
        found->second.button,
        Shared::answer<bool>(shared_, [id = request.id](Shared& shared, const ServiceResult<bool>& held) {
            if (held && *held) return;
            if (shared.buttons.erase(id) == 0) return;  // it was let go meanwhile
            shared.outlet.refuse(id, {ErrorCode::NotFound,
                                      "the button is not held any more: no hold had come for too long, or "
                                      "it could not be pressed"});
        }));
}

void WriteRequests::release(const wire::ReleaseFrame& request) {
    const auto found = shared_->buttons.find(request.id);
    if (found == shared_->buttons.end()) {
        return shared_->outlet.refuse(
            request.id, {ErrorCode::NotFound, "release.id: this connection holds no button of this number"});
    }
    const auto held = std::move(found->second);
    shared_->buttons.erase(found);
    ++shared_->open;
    shared_->desk()->release(
        held.button, ReleaseCause::LetGo,
        Shared::answer<WriteResult>(
            shared_, [id = request.id, name = held.name](Shared& shared, ServiceResult<WriteResult> result) {
                --shared.open;
                if (!result) return shared.outlet.refuse(id, writeRefusal(result.error()));
                std::vector<WriteResult> results{*std::move(result)};
                shared.outlet.send(id, writeRows({&name, 1}, std::move(results)));
            }));
}

void WriteRequests::letGo(ReleaseCause cause) {
    for (const auto& [id, held] : std::exchange(shared_->buttons, {}))
        shared_->desk()->release(held.button, cause, [](const auto&) {});
}

}  // namespace tagwire::serve
