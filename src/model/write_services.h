/// Writing to the plant, as whoever brings a client's wish sees it (docs/writing.md).
/// Thread: any may ask; each answer comes once, from another thread or at once. Lifetime: outlives whoever
/// asks.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "base/strong_id.h"
#include "model/service_answer.h"
#include "model/tag_info.h"

namespace tagwire {

/// Who wants it, for the audit log. Whether he may has been decided before.
struct WriteAsker {
    std::string user;
    std::string token;
    std::string address;

    friend bool operator==(const WriteAsker&, const WriteAsker&) = default;
};

struct OrderedWrite {
    /// As the client named it.
    std::string path;
    /// Null: there is no such tag.
    SharedTagInfo tag;
    /// The latest that is known here.
    Value before;
    /// As the client sent it.
    boost::json::value value;
};

/// Values that are wanted together: where one of them is refused here, none is sent.
struct WriteOrder {
    WriteAsker by;
    /// Names the wish: the same key again does not write again.
    std::string key;
    /// From now on; what could not be sent by then is not sent at all.
    std::chrono::milliseconds ttl{0};
    /// Of different tags.
    std::vector<OrderedWrite> writes;
};

/// What came of one value.
struct WriteResult {
    StatusCode status;
    /// Read back from the device; Null where it was not written, or cannot be read.
    Value value;
    /// Why not and what to do, or that the device made something else of it; empty while all is well.
    std::string message;
};

/// A value that stands only while somebody holds the button.
struct ButtonPress {
    WriteAsker by;
    OrderedWrite press;
    boost::json::value release;
};

using ButtonId = StrongId<struct ButtonIdTag, std::uint64_t>;

/// Why a button is let go.
enum class ReleaseCause : std::uint8_t {
    LetGo,          ///< the client says so
    ClientGone,     ///< its connection has ended
    NotHeld,        ///< it did not say for too long that it still holds it
    GrantEnded,     ///< it may not write any more
    ServerStopped,  ///< the program ends
};

/// In words, for the audit log.
[[nodiscard]] std::string_view causeText(ReleaseCause cause) noexcept;

/// Failures are those of a whole order, of which nothing was sent: BadInvalidArgument, BadEntryExists (a key
/// that was used for something else), BadServerNotConnected (a source is not live), BadTooManyOperations,
/// BadResourceUnavailable (the audit log takes nothing), BadNotFound (no such button), BadInvalidState (the
/// tag's button is held already), BadShutdown.
class WriteServices {
public:
    static constexpr std::size_t kMaxWrites = 100;
    static constexpr std::size_t kMaxKeyBytes = 64;
    /// A button is let go when nobody has said for so long that he holds it.
    static constexpr std::chrono::milliseconds kHoldTime{2'000};

    WriteServices() = default;
    WriteServices(const WriteServices&) = delete;
    WriteServices& operator=(const WriteServices&) = delete;
    virtual ~WriteServices() = default;

    /// One result for each value, in their order.
    virtual void write(WriteOrder order, ServiceAnswer<std::vector<WriteResult>> answer) = 0;

    /// The button exists from the call on, and until it was released: release() it, whatever comes of the
    /// press. Where the press was not written there is nothing to release any more.
    [[nodiscard]] virtual ButtonId press(ButtonPress press, ServiceAnswer<WriteResult> answer) = 0;
    /// Says that it is held still. Answered with whether it is, unless too much waits.
    virtual void hold(ButtonId button, ServiceAnswer<bool> answer) = 0;
    virtual void release(ButtonId button, ReleaseCause cause, ServiceAnswer<WriteResult> answer) = 0;
};

}  // namespace tagwire
