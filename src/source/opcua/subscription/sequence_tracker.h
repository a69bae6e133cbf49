/// Notices what is missing between the notification messages of one subscription (OPC 10000-4, 5.14.1.1).
/// Thread: the source's. Lifetime: one subscription, also across connections.
#pragma once

#include <cstdint>

namespace tagwire::source::opcua {

class SequenceTracker {
public:
    struct Verdict {
        /// Messages that never came.
        std::uint32_t missing = 0;
        /// The message was there before, or is older than one that was.
        bool repeated = false;
    };

    /// `number` of a message with notifications, or of a keep-alive, which carries that of the next message
    /// to come.
    [[nodiscard]] Verdict take(std::uint32_t number, bool keepAlive) noexcept {
        if (!started_) expect(number);
        const std::int32_t ahead = distance(expected_, number);
        if (ahead < 0) return {.repeated = true};
        expected_ = keepAlive ? number : following(number);
        return {.missing = static_cast<std::uint32_t>(ahead)};
    }

    /// Nothing has come yet: any number may be the first.
    [[nodiscard]] bool started() const noexcept { return started_; }
    /// Of the next message; meaningful once started.
    [[nodiscard]] std::uint32_t expected() const noexcept { return expected_; }
    /// The next message is to be this one.
    void expect(std::uint32_t number) noexcept {
        started_ = true;
        expected_ = number;
    }

    /// After the greatest number comes 1; 0 is never used.
    [[nodiscard]] static constexpr std::uint32_t following(std::uint32_t number) noexcept {
        return number == UINT32_MAX ? 1 : number + 1;
    }
    /// How far `to` lies behind `from`; below 0 when it lies before.
    [[nodiscard]] static constexpr std::int32_t distance(std::uint32_t from, std::uint32_t to) noexcept {
        return static_cast<std::int32_t>(to - from);
    }

private:
    bool started_ = false;
    std::uint32_t expected_ = 0;
};

}  // namespace tagwire::source::opcua
