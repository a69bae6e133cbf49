#include "source/opcua/events/event_decode.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "source/opcua/events/event_type_names.h"

namespace tagwire::source::opcua {
namespace {

const Timestamp kReceived = fromUnixMillis(1'000'000);
const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:plant"};

UA_NodeId node(std::uint32_t number, std::uint16_t space = 0) {
    UA_NodeId id{};
    id.namespaceIndex = space;
    id.identifier.numeric = number;
    return id;
}

/// An event with the fields a test sets; the others are null.
class EventMaker {
public:
    explicit EventMaker(std::uint32_t type) : values_(selection_.fields().size()) {
        auto id = node(type);
        set(EventField::EventType, id, UA_TYPES_NODEID);
    }

    template <class T>
    EventMaker& set(EventField field, const T& value, std::size_t type) {
        UA_Variant& variant = values_[static_cast<std::size_t>(field)];
        UA_Variant_clear(&variant);
        EXPECT_EQ(UA_Variant_setScalarCopy(&variant, &value, &UA_TYPES[type]), UA_STATUSCODE_GOOD);
        return *this;
    }
    EventMaker& flag(EventField field, bool value) { return set(field, value, UA_TYPES_BOOLEAN); }

    UA_Variant& variant(EventField field) { return values_[static_cast<std::size_t>(field)]; }

    [[nodiscard]] DecodedEvent decode(std::size_t fields = SIZE_MAX) {
        const UA_EventFieldList list{0, std::min(fields, values_.size()), values_.data()};
        return decodeEvent(list, selection_.fields(), kNamespaces, kReceived);
    }

private:
    EventSelection selection_ = EventSelection::full();
    UaArray<UA_Variant> values_;
};

TEST(EventDecodeTest, AnEventOfNoCondition) {
    EventMaker maker(UA_NS0ID_DEVICEFAILUREEVENTTYPE);
    maker.set(EventField::EventId, borrow(std::string_view("\0\1x", 3)), UA_TYPES_BYTESTRING)
        .set(EventField::SourceNode, node(7, 1), UA_TYPES_NODEID)
        .set(EventField::SourceName, borrow("Tank"), UA_TYPES_STRING)
        .set(EventField::Severity, std::uint16_t{700}, UA_TYPES_UINT16)
        .set(EventField::Message, UA_LocalizedText{borrow("zh"), borrow("高")}, UA_TYPES_LOCALIZEDTEXT)
        .set(EventField::Time, UA_DateTime{116'444'736'000'000'000 + 50'000}, UA_TYPES_DATETIME);
    const auto decoded = maker.decode();
    EXPECT_EQ(decoded.kind, EventKind::Ordinary);
    EXPECT_FALSE(decoded.condition);
    EXPECT_EQ(decoded.event.id, std::string("\0\1x", 3));
    EXPECT_EQ(decoded.event.typeName, "DeviceFailureEventType");
    EXPECT_EQ(decoded.event.sourceNode, "nsu=urn:plant;i=7");
    EXPECT_EQ(decoded.event.sourceName, "Tank");
    EXPECT_EQ(decoded.event.severity, 700);
    EXPECT_EQ(decoded.event.message, (LocalizedText{"zh", "高"}));
    EXPECT_EQ(decoded.event.time, fromUnixMillis(5));
    EXPECT_EQ(decoded.event.receiveTime, kReceived);
}

TEST(EventDecodeTest, AnAlarm) {
    EventMaker maker(9341);
    maker.set(EventField::ConditionId, node(3, 1), UA_TYPES_NODEID)
        .set(EventField::BranchId, node(4, 1), UA_TYPES_NODEID)
        .set(EventField::ConditionName, borrow("High"), UA_TYPES_STRING)
        .flag(EventField::Retain, true)
        .flag(EventField::Active, true)
        .flag(EventField::Acked, true)
        .flag(EventField::Confirmed, false)
        .set(EventField::ShelvingState, node(UA_NS0ID_SHELVEDSTATEMACHINETYPE_ONESHOTSHELVED),
             UA_TYPES_NODEID)
        .set(EventField::Quality, UA_StatusCode{UA_STATUSCODE_BADNOCOMMUNICATION}, UA_TYPES_STATUSCODE);
    const auto decoded = maker.decode();
    EXPECT_EQ(decoded.kind, EventKind::Condition);
    ASSERT_TRUE(decoded.condition);
    EXPECT_EQ(decoded.condition->key, (ConditionKey{"nsu=urn:plant;i=3", "nsu=urn:plant;i=4"}));
    EXPECT_EQ(decoded.event.condition, "nsu=urn:plant;i=3");
    EXPECT_EQ(decoded.condition->name, "High");
    EXPECT_TRUE(decoded.condition->retain);
    EXPECT_EQ(decoded.condition->active, true);
    EXPECT_EQ(decoded.condition->acked, true);
    EXPECT_EQ(decoded.condition->confirmed, false);
    EXPECT_EQ(decoded.condition->suppressed, std::nullopt);
    EXPECT_EQ(decoded.condition->shelving, Shelving::OneShot);
    EXPECT_EQ(decoded.condition->quality.code(), UA_STATUSCODE_BADNOCOMMUNICATION);
}

TEST(EventDecodeTest, KnowsTheEventsThatAreSignals) {
    EXPECT_EQ(EventMaker(UA_NS0ID_REFRESHSTARTEVENTTYPE).decode().kind, EventKind::RefreshStart);
    EXPECT_EQ(EventMaker(UA_NS0ID_REFRESHENDEVENTTYPE).decode().kind, EventKind::RefreshEnd);
    EXPECT_EQ(EventMaker(UA_NS0ID_REFRESHREQUIREDEVENTTYPE).decode().kind, EventKind::RefreshRequired);
    EXPECT_EQ(EventMaker(UA_NS0ID_EVENTQUEUEOVERFLOWEVENTTYPE).decode().kind, EventKind::QueueOverflow);
    EXPECT_EQ(EventMaker(UA_NS0ID_EVENTQUEUEOVERFLOWEVENTTYPE).decode(1).kind, EventKind::QueueOverflow)
        << "some servers send the type alone";
}

TEST(EventDecodeTest, FieldsOfWrongTypesAreNotTold) {
    EventMaker maker(UA_NS0ID_BASEEVENTTYPE);
    const UA_Boolean yes = true;
    maker.flag(EventField::EventId, yes)
        .flag(EventField::SourceName, yes)
        .flag(EventField::Severity, yes)
        .flag(EventField::Message, yes)
        .flag(EventField::Time, yes)
        .flag(EventField::ConditionId, yes);
    UA_Variant_setArrayCopy(&maker.variant(EventField::ReceiveTime), &kReceived, 0,
                            &UA_TYPES[UA_TYPES_DATETIME]);
    const auto decoded = maker.decode();
    EXPECT_EQ(decoded.kind, EventKind::Ordinary);
    EXPECT_EQ(decoded.event.id, "");
    EXPECT_EQ(decoded.event.sourceName, "");
    EXPECT_EQ(decoded.event.severity, 0);
    EXPECT_EQ(decoded.event.time, kReceived);
    EXPECT_EQ(decoded.event.receiveTime, kReceived);
}

TEST(EventDecodeTest, TooFewAndTooManyFields) {
    EXPECT_EQ(EventMaker(UA_NS0ID_BASEEVENTTYPE).decode(0).event.type, "");
    std::vector<UA_Variant> many(100);
    const UA_EventFieldList list{0, many.size(), many.data()};
    EXPECT_EQ(decodeEvent(list, EventSelection::base().fields(), kNamespaces, kReceived).kind,
              EventKind::Ordinary);
    EXPECT_EQ(decodeEvent({}, {}, {}, kReceived).kind, EventKind::Ordinary);
}

TEST(EventDecodeTest, TextsAreBoundedAtACharacterAndIdsWhole) {
    const std::string text(EventLimits::kMaxTextBytes - 1, 'x');
    const std::string longText = text + "泵" + text;
    const std::string longId(EventLimits::kMaxEventIdBytes + 1, 'i');
    const std::string longNode(NodeAddress::kMaxIdentifierBytes + 1, 'n');
    UA_NodeId longNodeId{};
    longNodeId.identifierType = UA_NODEIDTYPE_STRING;
    longNodeId.identifier.string = borrow(longNode);
    EventMaker maker(UA_NS0ID_BASEEVENTTYPE);
    maker.set(EventField::SourceName, borrow(longText), UA_TYPES_STRING)
        .set(EventField::EventId, borrow(longId), UA_TYPES_BYTESTRING)
        .set(EventField::Message, UA_LocalizedText{borrow("\xff"), borrow("a\xfe")}, UA_TYPES_LOCALIZEDTEXT)
        .set(EventField::SourceNode, longNodeId, UA_TYPES_NODEID);
    const auto decoded = maker.decode();
    EXPECT_EQ(decoded.event.sourceName, text);
    EXPECT_EQ(decoded.event.id, "");
    EXPECT_EQ(decoded.event.message, (LocalizedText{"\uFFFD", "a\uFFFD"}));
    EXPECT_EQ(decoded.event.sourceNode, "");
}

TEST(EventDecodeTest, ModelChanges) {
    UA_ModelChangeStructureDataType change{};
    change.affected = node(9, 1);
    change.verb = ModelChange::kNodeAdded | ModelChange::kReferenceAdded;
    const std::vector<UA_ModelChangeStructureDataType> two{change, change};
    const auto& type = UA_TYPES[UA_TYPES_MODELCHANGESTRUCTUREDATATYPE];

    EventMaker maker(UA_NS0ID_GENERALMODELCHANGEEVENTTYPE);
    EXPECT_TRUE(maker.decode().model.empty()) << "changed, but not told what";
    UA_Variant_setArrayCopy(&maker.variant(EventField::ModelChanges), two.data(), two.size(), &type);
    const auto decoded = maker.decode();
    EXPECT_EQ(decoded.kind, EventKind::ModelChange);
    ASSERT_EQ(decoded.model.size(), 2U);
    EXPECT_EQ(decoded.model[0].node.text(), "nsu=urn:plant;i=9");
    EXPECT_EQ(decoded.model[0].verb, change.verb);
}

TEST(EventTypeNamesTest, AreThoseOfTheStandard) {
    EXPECT_EQ(eventTypeName(UA_NS0ID_BASEEVENTTYPE), "BaseEventType");
    EXPECT_EQ(eventTypeName(UA_NS0ID_ALARMCONDITIONTYPE), "AlarmConditionType");
    EXPECT_EQ(eventTypeName(9341), "ExclusiveLimitAlarmType");
    EXPECT_EQ(eventTypeName(0), "");
    EXPECT_EQ(eventTypeName(UINT32_MAX), "");
}

}  // namespace
}  // namespace tagwire::source::opcua
