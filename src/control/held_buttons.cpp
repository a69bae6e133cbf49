#include "control/held_buttons.h"

#include <algorithm>

namespace tagwire::control {

using State = HeldButtons::Button::State;

bool HeldButtons::holds(TagId tag) const {
    return std::ranges::any_of(buttons_,
                               [tag](const auto& each) { return each.second.release.tag->id == tag; });
}

HeldButtons::Button* HeldButtons::find(ButtonId id) {
    const auto found = buttons_.find(id);
    return found == buttons_.end() ? nullptr : &found->second;
}

void HeldButtons::pressed(ButtonId id, SteadyTime now) {
    auto* button = find(id);
    if (button == nullptr) return;
    button->state = State::Held;
    button->heldUntil = now + WriteServices::kHoldTime;
}

bool HeldButtons::hold(ButtonId id, SteadyTime now) {
    auto* button = find(id);
    if (button == nullptr || button->cause) return false;
    button->heldUntil = now + WriteServices::kHoldTime;
    return true;
}

std::vector<ButtonId> HeldButtons::takeDue(SteadyTime now) {
    std::vector<ButtonId> due;
    for (auto& [id, button] : buttons_) {
        if (button.state == State::Held && now >= button.heldUntil) letGo(button, ReleaseCause::NotHeld);
        const bool first = button.state == State::Held && button.cause;
        const bool again = button.state == State::Waiting && now >= button.nextTry;
        if (!first && !again) continue;
        button.state = State::Releasing;
        ++button.attempts;
        due.push_back(id);
    }
    return due;
}

std::vector<ButtonId> HeldButtons::ids() const {
    std::vector<ButtonId> all;
    for (const auto& [id, button] : buttons_) all.push_back(id);
    return all;
}

std::vector<HeldButtons::Answer> HeldButtons::remove(ButtonId id) {
    const auto found = buttons_.find(id);
    if (found == buttons_.end()) return {};
    auto askers = std::move(found->second.askers);
    buttons_.erase(found);
    return askers;
}

SteadyTime HeldButtons::nextDue() const noexcept {
    auto next = SteadyTime::max();
    for (const auto& [id, button] : buttons_) {
        if (button.state == State::Held)
            next = std::min(next, button.cause ? SteadyTime{} : button.heldUntil);
        if (button.state == State::Waiting) next = std::min(next, button.nextTry);
    }
    return next;
}

}  // namespace tagwire::control
