#include "source/opcua/values/encoded_notification.h"

#include <algorithm>
#include <array>

namespace tagwire::source::opcua {
namespace {

static_assert(sizeof(EncodedNotificationMessage) == sizeof(UA_NotificationMessage));
static_assert(offsetof(EncodedNotificationMessage, notificationData) ==
              offsetof(UA_NotificationMessage, notificationData));
static_assert(sizeof(EncodedPublishResponse) == sizeof(UA_PublishResponse));
static_assert(offsetof(EncodedPublishResponse, notificationMessage) ==
              offsetof(UA_PublishResponse, notificationMessage));
static_assert(offsetof(EncodedPublishResponse, results) == offsetof(UA_PublishResponse, results));
static_assert(sizeof(EncodedRepublishResponse) == sizeof(UA_RepublishResponse));
static_assert(offsetof(EncodedRepublishResponse, notificationMessage) ==
              offsetof(UA_RepublishResponse, notificationMessage));

constexpr std::size_t kMostMembers = 8;

/// A description of a structure with its members.
struct Described {
    std::array<UA_DataTypeMember, kMostMembers> members;
    UA_DataType type;
};

/// The library's description of a structure, with one member's type in the place of another.
Described with(const UA_DataType& original, const UA_DataType& member, const UA_DataType& instead) {
    Described out{.members = {}, .type = original};
    std::copy_n(original.members, std::min<std::size_t>(original.membersSize, kMostMembers),
                out.members.begin());
    for (UA_DataTypeMember& each : out.members) {
        if (each.memberType == &member) each.memberType = &instead;
    }
    return out;
}

Described describeObject() {
    Described out{.members = {}, .type = dataTypeOf<UA_ExtensionObject>()};
    out.members[0].memberType = &UA_TYPES[UA_TYPES_NODEID];
    out.members[1].memberType = &UA_TYPES[UA_TYPES_BYTE];
    out.members[2].memberType = &UA_TYPES[UA_TYPES_BYTESTRING];
    out.members[2].padding =
        offsetof(EncodedObject, body) - offsetof(EncodedObject, encoding) - sizeof(UA_Byte);
    out.type.typeKind = UA_DATATYPEKIND_STRUCTURE;
    out.type.memSize = sizeof(EncodedObject);
    out.type.membersSize = 3;
    return out;
}

/// Made once; a pointer to its own members must not be copied.
class Description {
public:
    explicit Description(const Described& described) : described_(described) {
        described_.type.members = described_.members.data();
    }
    Description(const Description&) = delete;
    Description& operator=(const Description&) = delete;
    ~Description() = default;

    [[nodiscard]] const UA_DataType& type() const noexcept { return described_.type; }

private:
    Described described_;
};

}  // namespace

template <>
const UA_DataType& dataTypeOf<EncodedObject>() noexcept {
    static const Description description(describeObject());
    return description.type();
}

template <>
const UA_DataType& dataTypeOf<EncodedNotificationMessage>() noexcept {
    static const Description description(with(dataTypeOf<UA_NotificationMessage>(),
                                              dataTypeOf<UA_ExtensionObject>(), dataTypeOf<EncodedObject>()));
    return description.type();
}

template <>
const UA_DataType& dataTypeOf<EncodedPublishResponse>() noexcept {
    static const Description description(with(dataTypeOf<UA_PublishResponse>(),
                                              dataTypeOf<UA_NotificationMessage>(),
                                              dataTypeOf<EncodedNotificationMessage>()));
    return description.type();
}

template <>
const UA_DataType& dataTypeOf<EncodedRepublishResponse>() noexcept {
    static const Description description(with(dataTypeOf<UA_RepublishResponse>(),
                                              dataTypeOf<UA_NotificationMessage>(),
                                              dataTypeOf<EncodedNotificationMessage>()));
    return description.type();
}

}  // namespace tagwire::source::opcua
