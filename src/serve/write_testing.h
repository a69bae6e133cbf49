/// For tests only: a desk that answers when the test says so, and tags to be written.
/// Thread: the test's. Lifetime: of the test.
#pragma once

#include <deque>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

#include "model/feed.h"
#include "model/write_services.h"

namespace tagwire::serve {

/// Keeps what it is asked; the test answers.
class FakeDesk final : public WriteServices {
public:
    void write(WriteOrder order, ServiceAnswer<std::vector<WriteResult>> answer) override {
        orders.push_back(std::move(order));
        writeAnswers.push_back(std::move(answer));
    }
    ButtonId press(ButtonPress press, ServiceAnswer<WriteResult> answer) override {
        presses.push_back(std::move(press));
        pressAnswers.push_back(std::move(answer));
        return ButtonId{presses.size()};
    }
    void hold(ButtonId button, ServiceAnswer<bool> answer) override {
        held.push_back(button);
        answer(stillHeld);
    }
    void release(ButtonId button, ReleaseCause cause, ServiceAnswer<WriteResult> answer) override {
        released.emplace_back(button, cause);
        answer(WriteResult{.status = {}, .value = Value(false), .message = {}});
    }

    std::vector<WriteOrder> orders;
    std::deque<ServiceAnswer<std::vector<WriteResult>>> writeAnswers;
    std::vector<ButtonPress> presses;
    std::deque<ServiceAnswer<WriteResult>> pressAnswers;
    std::vector<ButtonId> held;
    std::vector<std::pair<ButtonId, ReleaseCause>> released;
    bool stillHeld = true;
};

/// Numbered from 0, in this order.
inline TagsAdded writableTags(std::initializer_list<const char*> paths) {
    TagsAdded added;
    for (const auto* path : paths) {
        TagInfo info{.id = TagId{static_cast<std::uint32_t>(added.tags.size())},
                     .path = TagPath::parse(path).value(),
                     .source = SourceId{0},
                     .type = BuiltInType::Double,
                     .access = Access::ReadWrite};
        added.tags.push_back(std::make_shared<const TagInfo>(std::move(info)));
    }
    return added;
}

}  // namespace tagwire::serve
