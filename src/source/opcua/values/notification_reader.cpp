#include "source/opcua/values/notification_reader.h"

#include <algorithm>
#include <cstring>

#include "source/opcua/values/binary_skip.h"

namespace tagwire::source::opcua {
namespace {

/// Bytes of the types that are read in place; 0 for all others, and for arrays.
std::size_t plainSize(std::uint8_t encoding) noexcept {
    const auto type = static_cast<BuiltInType>(encoding);
    return type <= BuiltInType::Double ? fixedSize(type) : 0;
}

template <class T>
Value numberAt(const char* bytes) noexcept {
    T number{};
    std::memcpy(&number, bytes, sizeof number);
    return Value(number);
}

Value valueAt(BuiltInType type, const char* bytes) noexcept {
    switch (type) {
        // Every other byte than 0 is true.
        case BuiltInType::Boolean: return Value(*bytes != 0);
        case BuiltInType::SByte: return numberAt<std::int8_t>(bytes);
        case BuiltInType::Byte: return numberAt<std::uint8_t>(bytes);
        case BuiltInType::Int16: return numberAt<std::int16_t>(bytes);
        case BuiltInType::UInt16: return numberAt<std::uint16_t>(bytes);
        case BuiltInType::Int32: return numberAt<std::int32_t>(bytes);
        case BuiltInType::UInt32: return numberAt<std::uint32_t>(bytes);
        case BuiltInType::Int64: return numberAt<std::int64_t>(bytes);
        case BuiltInType::UInt64: return numberAt<std::uint64_t>(bytes);
        case BuiltInType::Float: return numberAt<float>(bytes);
        case BuiltInType::Double: return numberAt<double>(bytes);
        default: return Value();
    }
}

}  // namespace

std::size_t NotificationReader::atMost() const noexcept {
    // A handle and the first byte of a DataValue.
    constexpr std::size_t kLeast = 5;
    return std::min(left_, in_.rest().size() / kLeast);
}

bool NotificationReader::next() noexcept {
    if (left_ == 0) return false;
    --left_;
    handle_ = in_.number<std::uint32_t>();
    const char* const begin = in_.rest().data();
    const auto has = in_.number<std::uint8_t>();
    type_ = BuiltInType::Null;
    plain_ = true;
    if ((has & DataValueBits::kValue) != 0) {
        const auto encoding = in_.number<std::uint8_t>();
        if (const std::size_t size = plainSize(encoding); size > 0) {
            type_ = static_cast<BuiltInType>(encoding);
            number_ = in_.take(size).data();
        } else {
            plain_ = encoding == 0;
            skipVariantContent(in_, encoding);
        }
    }
    status_ = (has & DataValueBits::kStatus) != 0 ? in_.number<std::uint32_t>() : 0;
    sourceTime_ = (has & DataValueBits::kSourceTime) != 0 ? in_.number<UA_DateTime>() : 0;
    if ((has & DataValueBits::kSourcePicoseconds) != 0) in_.skip(sizeof(std::uint16_t));
    serverTime_ = (has & DataValueBits::kServerTime) != 0 ? in_.number<UA_DateTime>() : 0;
    if ((has & DataValueBits::kServerPicoseconds) != 0) in_.skip(sizeof(std::uint16_t));
    if (!in_.ok()) {
        left_ = 0;
        return false;
    }
    encoded_ = {begin, static_cast<std::size_t>(in_.rest().data() - begin)};
    return true;
}

DataValue NotificationReader::value(Timestamp received) const noexcept {
    const Timestamp serverTime = timestampOr(serverTime_, received);
    return {.value = valueAt(type_, number_),
            .status = StatusCode{status_},
            .sourceTime = timestampOr(sourceTime_, serverTime),
            .serverTime = serverTime};
}

}  // namespace tagwire::source::opcua
