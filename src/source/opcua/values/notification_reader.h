/// The values of a DataChangeNotification (OPC 10000-4, 7.25.2) one after the other, straight from its
/// encoding (OPC 10000-6, 5.2): numbers and booleans in place, everything else as the bytes of its DataValue.
/// Thread: any. Lifetime: the bytes outlive it and what it returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/time.h"
#include "model/data_value.h"
#include "source/opcua/values/binary_reader.h"

namespace tagwire::source::opcua {

class NotificationReader {
public:
    explicit NotificationReader(std::string_view body) noexcept : in_(body), left_(in_.count()) {}

    /// Values that are still to come if the bytes keep what they promise; never more than they have room
    /// for.
    [[nodiscard]] std::size_t atMost() const noexcept;

    /// Goes to the next value; false behind the last one, or where the bytes are broken.
    [[nodiscard]] bool next() noexcept;
    /// The bytes were whole so far. What lies behind a place where they are not is lost.
    [[nodiscard]] bool whole() const noexcept { return in_.ok(); }

    // Of the value that next() went to:

    [[nodiscard]] std::uint32_t handle() const noexcept { return handle_; }
    /// It is a number, a boolean or nothing, and value() has it.
    [[nodiscard]] bool isPlain() const noexcept { return plain_; }
    /// Times that are missing or not known are replaced as by convert().
    [[nodiscard]] DataValue value(Timestamp received) const noexcept;
    /// The DataValue as the server has encoded it.
    [[nodiscard]] std::string_view encoded() const noexcept { return encoded_; }

private:
    BinaryReader in_;
    std::size_t left_;
    std::uint32_t handle_ = 0;
    bool plain_ = false;
    BuiltInType type_ = BuiltInType::Null;
    /// Where a plain value's number lies.
    const char* number_ = nullptr;
    std::uint32_t status_ = 0;
    UA_DateTime sourceTime_ = 0;
    UA_DateTime serverTime_ = 0;
    std::string_view encoded_;
};

}  // namespace tagwire::source::opcua
