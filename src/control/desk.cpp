#include "control/desk.h"

#include <utility>

#include <fmt/format.h>

#include "base/log.h"
#include "control/order_check.h"
#include "model/generated/status_codes.h"

namespace tagwire::control {
namespace {

WriteResult resultOf(const TagWritten& written) {
    return {
        .status = written.status,
        .value = written.readBack && !written.readBack->status.isBad() ? written.readBack->value : Value(),
        .message = written.message};
}

/// Keys are whose they are: nobody gets the answer to somebody else's order.
std::string keyName(const WriteOrder& order) {
    return fmt::format("{}\n{}\n{}", order.by.user, order.by.token, order.key);
}

}  // namespace

std::optional<ServiceFailure> Desk::closed() const {
    if (stopping_) return ServiceFailure{kBadShutdown, "the server stops: nothing was written"};
    if (!log_.ready()) {
        return ServiceFailure{
            kBadResourceUnavailable,
            "the audit log takes nothing now, and nothing is written to the plant unrecorded: "
            "see the server's log"};
    }
    if (jobs_.waiting() >= kMaxWaiting) {
        return ServiceFailure{kBadTooManyOperations,
                              fmt::format("{} orders wait already: write again in a moment", kMaxWaiting)};
    }
    return std::nullopt;
}

void Desk::refuseWhole(std::string_view action, const WriteAsker& by, const std::vector<OrderedWrite>& writes,
                       std::string_view why) {
    for (const auto& write : writes) log_.refused(action, by, write, why);
}

Result<std::vector<TagWrite>, Desk::Results> Desk::checked(const WriteOrder& order) {
    std::vector<TagWrite> writes;
    std::vector<std::optional<Refusal>> refusals;
    for (const auto& each : order.writes) {
        auto write = checkedWrite(each);
        refusals.push_back(write ? std::nullopt : std::optional(std::move(write.error())));
        if (write) writes.push_back(*std::move(write));
    }
    if (writes.size() == order.writes.size()) return writes;
    Results results;
    for (std::size_t i = 0; i < refusals.size(); ++i) {
        const auto refusal = refusals[i].value_or(
            Refusal{kBadOperationAbandoned, "not written, because another value of the order was refused"});
        log_.refused(WriteLog::kWrite, order.by, order.writes[i], refusal.message);
        results.push_back({.status = refusal.status, .value = {}, .message = refusal.message});
    }
    return tl::unexpected(std::move(results));
}

void Desk::write(WriteOrder order, SteadyTime asked, const ServiceAnswer<Results>& answer) {
    const auto refused = [&](const ServiceFailure& failure) {
        refuseWhole(WriteLog::kWrite, order.by, order.writes, failure.message);
        answer(tl::unexpected(failure));
    };
    if (const auto failure = malformed(order)) return refused(*failure);
    const auto name = keyName(order);
    switch (keys_.take(name, contentOf(order), answer, now_())) {
        case WriteKeys::Known::New: break;
        case WriteKeys::Known::Again: return;
        case WriteKeys::Known::Another:
            return refused({kBadEntryExists,
                            "this key was used for other values: each order has a key of its own, and only "
                            "the same order again has the same"});
        case WriteKeys::Known::TooMany:
            return refused({kBadTooManyOperations, "too many wait for the answer to this very order"});
    }
    auto failure = closed();
    if (!failure) failure = unreachable(order.writes, writers_);
    if (failure) {
        refuseWhole(WriteLog::kWrite, order.by, order.writes, failure->message);
        return keys_.settle(name, tl::unexpected(*std::move(failure)), now_());
    }
    auto writes = checked(order);
    if (!writes) return keys_.settle(name, std::move(writes.error()), now_());
    std::vector<Value> before;
    for (const auto& each : order.writes) before.push_back(each.before);
    jobs_.add({.writes = *writes,
               .deadline = asked + order.ttl,
               .done = [this, name, by = std::move(order.by), writes = *writes,
                        before = std::move(before)](ServiceResult<std::vector<TagWritten>> result) {
                   if (!result) {
                       const auto& why = result.error();
                       for (std::size_t i = 0; i < writes.size(); ++i)
                           log_.notSent(WriteLog::kWrite, by, writes[i], before[i], why);
                       // An order whose time is over has come to its end; others may be told again.
                       if (why.status == kBadRequestTimeout)
                           return keys_.settle(name, Results(writes.size(), {why.status, {}, why.message}),
                                               now_());
                       return keys_.settle(name, tl::unexpected(std::move(result.error())), now_());
                   }
                   Results results;
                   for (std::size_t i = 0; i < writes.size(); ++i) {
                       log_.answered(WriteLog::kWrite, by, writes[i], before[i], (*result)[i]);
                       results.push_back(resultOf((*result)[i]));
                   }
                   keys_.settle(name, std::move(results), now_());
               }});
}

void Desk::press(ButtonId id, ButtonPress press, SteadyTime asked, const ServiceAnswer<WriteResult>& answer) {
    const auto refused = [&](StatusCode status, std::string why) {
        log_.refused(WriteLog::kPress, press.by, press.press, why);
        answer(failure(status, std::move(why)));
    };
    if (auto why = closed()) return refused(why->status, std::move(why->message));
    if (auto why = unreachable({&press.press, 1}, writers_))
        return refused(why->status, std::move(why->message));
    const auto rejected = [&](const Refusal& refusal) {
        log_.refused(WriteLog::kPress, press.by, press.press, refusal.message);
        answer(WriteResult{.status = refusal.status, .value = {}, .message = refusal.message});
    };
    const auto down = checkedWrite(press.press);
    if (!down) return rejected(down.error());
    auto up = checkedWrite(
        {.path = press.press.path, .tag = press.press.tag, .before = {}, .value = std::move(press.release)});
    if (!up) {
        up.error().message.insert(0, "the value for letting go: ");
        return rejected(up.error());
    }
    if (buttons_.holds(down->tag->id))
        return refused(kBadInvalidState, fmt::format("'{}' is held already", down->tag->path.text()));
    if (buttons_.full()) {
        return refused(kBadTooManyOperations,
                       fmt::format("{} buttons are held already", HeldButtons::kMaxButtons));
    }
    buttons_.add(id, {.by = press.by, .release = *std::move(up)});
    jobs_.add(
        {.writes = {*down},
         .deadline = asked + kButtonTtl,
         .done = [this, id, by = std::move(press.by), write = *down, before = std::move(press.press.before),
                  answer](ServiceResult<std::vector<TagWritten>> result) {
             pressAnswered(id, by, write, before, std::move(result), answer);
         }});
}

void Desk::pressAnswered(ButtonId id, const WriteAsker& by, const TagWrite& write, const Value& before,
                         ServiceResult<std::vector<TagWritten>> result,
                         const ServiceAnswer<WriteResult>& answer) {
    if (!result) {
        log_.notSent(WriteLog::kPress, by, write, before, result.error());
        endButton(id, failure(kBadNotFound, "the button was never pressed"));
        return answer(tl::unexpected(std::move(result.error())));
    }
    const TagWritten& written = result->front();
    log_.answered(WriteLog::kPress, by, write, before, written);
    if (written.status.isBad() && !written.unknown) {
        endButton(id,
                  failure(kBadNotFound, "the button was never pressed: the device did not take the value"));
    } else {
        // Also where it is not known: then the device may have it.
        buttons_.pressed(id, now_());
        if (written.status.isBad()) buttons_.letGo(*buttons_.find(id), ReleaseCause::LetGo);
    }
    answer(resultOf(written));
}

void Desk::hold(ButtonId id, const ServiceAnswer<bool>& answer) { answer(buttons_.hold(id, now_())); }

void Desk::release(ButtonId id, ReleaseCause cause, const ServiceAnswer<WriteResult>& answer) {
    auto* button = buttons_.find(id);
    if (button == nullptr) {
        return answer(failure(kBadNotFound,
                              "the button is not held any more: see the audit log for when and why it was "
                              "released"));
    }
    button->askers.push_back(answer);
    buttons_.letGo(*button, cause);
}

void Desk::turn() {
    jobs_.pump(now_());
    for (const auto id : buttons_.takeDue(now_())) sendRelease(id);
    jobs_.pump(now_());
}

void Desk::sendRelease(ButtonId id) {
    jobs_.add({.writes = {buttons_.find(id)->release},
               .deadline = now_() + kButtonTtl,
               .done = [this, id](ServiceResult<std::vector<TagWritten>> result) {
                   releaseAnswered(id, std::move(result));
               }});
}

void Desk::releaseAnswered(ButtonId id, ServiceResult<std::vector<TagWritten>> result) {
    auto* button = buttons_.find(id);
    if (button == nullptr) return;
    const auto note = causeText(button->cause.value_or(ReleaseCause::LetGo));
    if (result && !result->front().status.isBad()) {
        log_.answered(WriteLog::kRelease, button->by, button->release, {}, result->front(), note);
        return endButton(id, resultOf(result->front()));
    }
    TagWritten failed;
    if (result) {
        failed = std::move(result->front());
    } else {
        failed.status = result.error().status;
        failed.message = std::move(result.error().message);
    }
    const bool lost = notLive(writers_.writerOf(button->release.tag->source)).has_value();
    const bool over = lost || failed.status == kBadShutdown;
    // Once as it begins to fail and once as it is given up, whatever lies between.
    if (over || button->attempts == 1)
        log_.answered(WriteLog::kRelease, button->by, button->release, {}, failed, note);
    if (!over) return buttons_.tryAgain(*button, now_());
    log::error(
        "control",
        "{}: its button was let go, but the value for that could not be written, and its source is not "
        "live: look after the device ({})",
        button->release.tag->path.text(), failed.message);
    endButton(id, WriteResult{.status = failed.status, .value = {}, .message = failed.message});
}

void Desk::endButton(ButtonId id, const ServiceResult<WriteResult>& result) {
    for (const auto& answer : buttons_.remove(id)) answer(result);
}

void Desk::beginStop() {
    stopping_ = true;
    buttons_.letGoAll(ReleaseCause::ServerStopped);
}

void Desk::abandon() {
    jobs_.stop();
    jobs_.abandon();
    for (const auto id : buttons_.ids()) {
        releaseAnswered(
            id, failure(kBadShutdown, "the server stopped before the value for letting go was written"));
    }
}

}  // namespace tagwire::control
