/// Notices what is missing between the notification messages of one subscription (OPC 10000-4, 5.14.1.1).
/// Thread: the source's. Lifetime: one subscription.
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
        if (!started_) {
            started_ = true;
            expected_ = number;
        }
        const auto ahead = static_cast<std::int32_t>(number - expected_);
        if (ahead < 0) return {.repeated = true};
        expected_ = keepAlive ? number : following(number);
        return {.missing = static_cast<std::uint32_t>(ahead)};
    }

private:
    /// After the greatest number comes 1; 0 is never used.
    static std::uint32_t following(std::uint32_t number) noexcept {
        return number == UINT32_MAX ? 1 : number + 1;
    }

    bool started_ = false;
    std::uint32_t expected_ = 0;
};

}  // namespace tagwire::source::opcua
