/// The buttons that somebody presses or holds, and those whose release is not done yet: which are to be
/// released now, and when to try again. Knows nothing of devices. Thread: the desk's. Lifetime: owned by the
/// desk.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "base/time.h"
#include "model/tag_writer.h"
#include "model/write_services.h"

namespace tagwire::control {

class HeldButtons {
public:
    /// Pressed at a time, by everybody together.
    static constexpr std::size_t kMaxButtons = 100;
    /// Between two attempts to write the release value.
    static constexpr std::chrono::milliseconds kRetry{500};

    using Answer = ServiceAnswer<WriteResult>;

    struct Button {
        WriteAsker by;
        /// What is written when it is let go.
        TagWrite release;
        enum class State : std::uint8_t {
            Pressing,   ///< the press is on its way
            Held,       ///< until heldUntil
            Releasing,  ///< the release is on its way
            Waiting,    ///< to try again
        } state = State::Pressing;
        SteadyTime heldUntil{};
        SteadyTime nextTry{};
        /// Somebody let it go, or nobody said that he holds it.
        std::optional<ReleaseCause> cause{};
        std::vector<Answer> askers{};
        unsigned attempts = 0;
    };

    [[nodiscard]] bool full() const noexcept { return buttons_.size() >= kMaxButtons; }
    [[nodiscard]] std::size_t size() const noexcept { return buttons_.size(); }
    [[nodiscard]] bool holds(TagId tag) const;
    /// Null: there is none of this number.
    [[nodiscard]] Button* find(ButtonId id);

    void add(ButtonId id, Button button) { buttons_.emplace(id, std::move(button)); }
    /// The device has the press, or may have it.
    void pressed(ButtonId id, SteadyTime now);
    /// False: nobody may hold it any more.
    [[nodiscard]] bool hold(ButtonId id, SteadyTime now);
    /// To be released as soon as it is pressed. Only the first cause counts.
    void letGo(Button& button, ReleaseCause cause) const noexcept {
        if (!button.cause) button.cause = cause;
    }
    void letGoAll(ReleaseCause cause) {
        for (auto& [id, button] : buttons_) letGo(button, cause);
    }
    /// Those to be released now; from now on their release is on its way.
    [[nodiscard]] std::vector<ButtonId> takeDue(SteadyTime now);
    /// It did not work.
    void tryAgain(Button& button, SteadyTime now) const noexcept {
        button.state = Button::State::Waiting;
        button.nextTry = now + kRetry;
    }
    /// All there are.
    [[nodiscard]] std::vector<ButtonId> ids() const;
    /// Whoever waits for its release.
    [[nodiscard]] std::vector<Answer> remove(ButtonId id);

    /// When takeDue() may have something to say; max() for never.
    [[nodiscard]] SteadyTime nextDue() const noexcept;

private:
    std::map<ButtonId, Button> buttons_;
};

}  // namespace tagwire::control
