/// PublishResponse and RepublishResponse whose notifications stay as the server has encoded them. The library
/// decodes a value into a piece of memory of its own, which costs more than everything else that happens to
/// it (docs/adr/0019-notifications-read-by-us.md); NotificationReader reads most of them in place.
/// The structures have the layout of the library's, with ExtensionObjects that are not looked into.
/// Thread: any. Lifetime: owned through Ua<>.
#pragma once

#include <cstddef>
#include <string_view>

#include "source/opcua/values/ua_types.h"

namespace tagwire::source::opcua {

/// An ExtensionObject with a body (OPC 10000-6, 5.2.2.15). One without any, which no notification may be,
/// cannot be decoded as this.
struct EncodedObject {
    UA_NodeId typeId;
    /// 1: the body is binary.
    UA_Byte encoding;
    UA_ByteString body;
};

/// UA_NotificationMessage.
struct EncodedNotificationMessage {
    UA_UInt32 sequenceNumber;
    UA_DateTime publishTime;
    std::size_t notificationDataSize;
    EncodedObject* notificationData;
};

/// UA_PublishResponse.
struct EncodedPublishResponse {
    UA_ResponseHeader responseHeader;
    UA_UInt32 subscriptionId;
    std::size_t availableSequenceNumbersSize;
    UA_UInt32* availableSequenceNumbers;
    UA_Boolean moreNotifications;
    EncodedNotificationMessage notificationMessage;
    std::size_t resultsSize;
    UA_StatusCode* results;
    std::size_t diagnosticInfosSize;
    UA_DiagnosticInfo* diagnosticInfos;
};

/// UA_RepublishResponse.
struct EncodedRepublishResponse {
    UA_ResponseHeader responseHeader;
    EncodedNotificationMessage notificationMessage;
};

template <>
[[nodiscard]] const UA_DataType& dataTypeOf<EncodedObject>() noexcept;
template <>
[[nodiscard]] const UA_DataType& dataTypeOf<EncodedNotificationMessage>() noexcept;
template <>
[[nodiscard]] const UA_DataType& dataTypeOf<EncodedPublishResponse>() noexcept;
template <>
[[nodiscard]] const UA_DataType& dataTypeOf<EncodedRepublishResponse>() noexcept;

/// Whether the object's body is this structure in binary.
template <class T>
[[nodiscard]] bool holds(const EncodedObject& object) noexcept {
    constexpr UA_Byte kBinary = 1;
    return object.encoding == kBinary && UA_NodeId_equal(&object.typeId, &dataTypeOf<T>().binaryEncodingId);
}

/// What the library makes of `bytes`; empty where they are no T.
template <class T>
[[nodiscard]] UA_StatusCode decodeBinary(std::string_view bytes, Ua<T>& out) noexcept {
    const UA_ByteString borrowed = borrow(bytes);
    return UA_decodeBinary(&borrowed, &out.get(), &dataTypeOf<T>(), nullptr);
}

}  // namespace tagwire::source::opcua
