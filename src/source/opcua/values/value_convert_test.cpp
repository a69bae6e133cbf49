#include "source/opcua/values/value_convert.h"

#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <open62541/statuscodes.h>

#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

/// 2020-01-01T00:00:00Z in both countings.
constexpr UA_DateTime kUa2020 = 132'223'104'000'000'000;
constexpr Timestamp k2020 = fromUnixMillis(1'577'836'800'000);

template <class T>
UA_DataValue valueOf(T& data, int type) {
    UA_DataValue value{};
    value.hasValue = true;
    UA_Variant_setScalar(&value.value, &data, &UA_TYPES[type]);
    return value;
}

template <class T>
UA_DataValue arrayOf(std::vector<T>& data, int type) {
    UA_DataValue value{};
    value.hasValue = true;
    UA_Variant_setArray(&value.value, data.data(), data.size(), &UA_TYPES[type]);
    return value;
}

DataValue converted(const UA_DataValue& value) { return convert(value, kNamespaces, kReceived); }

template <class T>
Value scalar(T data, int type) {
    return converted(valueOf(data, type)).value;
}

TEST(ValueConvert, TakesEveryNumber) {
    EXPECT_EQ(scalar<UA_Boolean>(true, UA_TYPES_BOOLEAN), Value(true));
    EXPECT_EQ(scalar<UA_SByte>(-128, UA_TYPES_SBYTE), Value(std::int8_t{-128}));
    EXPECT_EQ(scalar<UA_Byte>(255, UA_TYPES_BYTE), Value(std::uint8_t{255}));
    EXPECT_EQ(scalar<UA_Int16>(-32768, UA_TYPES_INT16), Value(std::int16_t{-32768}));
    EXPECT_EQ(scalar<UA_UInt16>(65535, UA_TYPES_UINT16), Value(std::uint16_t{65535}));
    EXPECT_EQ(scalar<UA_Int32>(-5, UA_TYPES_INT32), Value(std::int32_t{-5}));
    EXPECT_EQ(scalar<UA_UInt32>(5, UA_TYPES_UINT32), Value(std::uint32_t{5}));
    EXPECT_EQ(scalar<UA_Int64>(INT64_MIN, UA_TYPES_INT64), Value(std::int64_t{INT64_MIN}));
    EXPECT_EQ(scalar<UA_UInt64>(std::uint64_t{1} << 63U, UA_TYPES_UINT64), Value(std::uint64_t{1} << 63U));
    EXPECT_EQ(scalar<UA_Float>(1.5F, UA_TYPES_FLOAT), Value(1.5F));
    EXPECT_EQ(scalar<UA_Double>(-2.25, UA_TYPES_DOUBLE), Value(-2.25));
    EXPECT_EQ(scalar<UA_StatusCode>(UA_STATUSCODE_BADTIMEOUT, UA_TYPES_STATUSCODE),
              Value(StatusCode{UA_STATUSCODE_BADTIMEOUT}));
    EXPECT_EQ(scalar<UA_ServerState>(UA_SERVERSTATE_SUSPENDED, UA_TYPES_SERVERSTATE), Value(std::int32_t{3}));
}

TEST(ValueConvert, KeepsNumbersThatAreNone) {
    EXPECT_TRUE(std::isnan(scalar(std::numeric_limits<double>::quiet_NaN(), UA_TYPES_DOUBLE).toDouble()));
    EXPECT_EQ(scalar(-std::numeric_limits<double>::infinity(), UA_TYPES_DOUBLE),
              Value(-std::numeric_limits<double>::infinity()));
}

TEST(ValueConvert, TakesEveryTextAndId) {
    EXPECT_EQ(scalar(borrow("Grüße"), UA_TYPES_STRING), Value("Grüße"));
    EXPECT_EQ(scalar(UA_String{}, UA_TYPES_STRING), Value(""));
    EXPECT_EQ(scalar(borrow("\x01\xFF"), UA_TYPES_BYTESTRING), Value(ByteString{"\x01\xFF"}));
    EXPECT_EQ(scalar(borrow("<a/>"), UA_TYPES_XMLELEMENT), Value(XmlText{"<a/>"}));
    EXPECT_EQ(scalar(UA_QualifiedName{2, borrow("Temp")}, UA_TYPES_QUALIFIEDNAME),
              Value(QualifiedName{2, "Temp"}));
    EXPECT_EQ(scalar(UA_LocalizedText{borrow("de"), borrow("Kessel")}, UA_TYPES_LOCALIZEDTEXT),
              Value(LocalizedText{"de", "Kessel"}));
    const UA_Guid guid{0x09087e75, 0x8e5e, 0x499b, {0x95, 0x4f, 0xf2, 0xa9, 0x60, 0x3d, 0xb2, 0x8a}};
    EXPECT_EQ(scalar(guid, UA_TYPES_GUID), Value(Guid{{0x09, 0x08, 0x7e, 0x75, 0x8e, 0x5e, 0x49, 0x9b, 0x95,
                                                       0x4f, 0xf2, 0xa9, 0x60, 0x3d, 0xb2, 0x8a}}));
    UA_NodeId node{};
    node.namespaceIndex = 2;
    node.identifier.numeric = 7;
    EXPECT_EQ(scalar(node, UA_TYPES_NODEID), Value(NodeIdText{"nsu=http://plant/;i=7"}));
    UA_ExpandedNodeId expanded{};
    expanded.nodeId = node;
    expanded.serverIndex = 1;
    EXPECT_EQ(scalar(expanded, UA_TYPES_EXPANDEDNODEID),
              Value(ExpandedNodeIdText{"svr=1;nsu=http://plant/;i=7"}));
    UA_DiagnosticInfo info{};
    info.hasAdditionalInfo = true;
    info.additionalInfo = borrow("pump");
    info.hasInnerStatusCode = true;
    info.innerStatusCode = UA_STATUSCODE_BADTIMEOUT;
    EXPECT_EQ(scalar(info, UA_TYPES_DIAGNOSTICINFO), Value(DiagnosticText{"pump: BadTimeout"}));
}

TEST(ValueConvert, TakesTimesFromTheYear1601To9999) {
    EXPECT_EQ(scalar<UA_DateTime>(kUa2020, UA_TYPES_DATETIME), Value(k2020));
    EXPECT_EQ(toUnixMillis(*scalar<UA_DateTime>(0, UA_TYPES_DATETIME).getIf<Timestamp>()),
              -11'644'473'600'000);
    const Value end = scalar<UA_DateTime>(INT64_MAX, UA_TYPES_DATETIME);
    EXPECT_GT(toUnixMillis(*end.getIf<Timestamp>()), 253'402'300'799'000);  // the end of 9999
    EXPECT_EQ(
        scalar<UA_DateTime>(INT64_MIN, UA_TYPES_DATETIME).getIf<Timestamp>()->time_since_epoch().count(),
        INT64_MIN);
}

TEST(ValueConvert, TakesArraysOfEveryStorage) {
    std::vector<UA_Double> doubles{1, 2.5, -3};
    EXPECT_EQ(converted(arrayOf(doubles, UA_TYPES_DOUBLE)).value,
              Value(Array{BuiltInType::Double, std::vector<double>{1, 2.5, -3}, {}}));
    const UA_Boolean bits[]{true, false, true};
    UA_DataValue bools{};
    bools.hasValue = true;
    bools.value.type = &UA_TYPES[UA_TYPES_BOOLEAN];
    bools.value.data = const_cast<UA_Boolean*>(bits);
    bools.value.arrayLength = 3;
    EXPECT_EQ(converted(bools).value,
              Value(Array{BuiltInType::Boolean, std::vector<bool>{true, false, true}, {}}));
    std::vector<UA_Byte> bytes{1, 2};
    EXPECT_EQ(converted(arrayOf(bytes, UA_TYPES_BYTE)).value,
              Value(Array{BuiltInType::Byte, std::vector<std::uint8_t>{1, 2}, {}}));
    std::vector<UA_DateTime> times{kUa2020};
    EXPECT_EQ(converted(arrayOf(times, UA_TYPES_DATETIME)).value,
              Value(Array{BuiltInType::DateTime, std::vector<Timestamp>{k2020}, {}}));
    std::vector<UA_StatusCode> codes{UA_STATUSCODE_BADTIMEOUT};
    EXPECT_EQ(
        converted(arrayOf(codes, UA_TYPES_STATUSCODE)).value,
        Value(Array{
            BuiltInType::StatusCode, std::vector<StatusCode>{StatusCode{UA_STATUSCODE_BADTIMEOUT}}, {}}));
    std::vector<UA_String> texts{borrow("a"), borrow("b")};
    EXPECT_EQ(converted(arrayOf(texts, UA_TYPES_STRING)).value,
              Value(Array{BuiltInType::String, std::vector<Value>{Value("a"), Value("b")}, {}}));
    std::vector<UA_Double> none;
    UA_DataValue empty = arrayOf(none, UA_TYPES_DOUBLE);
    empty.value.data = UA_EMPTY_ARRAY_SENTINEL;
    EXPECT_EQ(converted(empty).value, Value(Array{BuiltInType::Double, std::vector<double>{}, {}}));
}

TEST(ValueConvert, KeepsDimensionsThatFit) {
    std::vector<UA_Int32> cells{1, 2, 3, 4, 5, 6};
    std::vector<UA_UInt32> dimensions{2, 3};
    UA_DataValue matrix = arrayOf(cells, UA_TYPES_INT32);
    matrix.value.arrayDimensions = dimensions.data();
    matrix.value.arrayDimensionsSize = dimensions.size();
    EXPECT_EQ(converted(matrix).value.getIf<Array>()->dimensions, (std::vector<std::uint32_t>{2, 3}));
    dimensions = {0xFFFFFFFF, 0xFFFFFFFF};
    EXPECT_TRUE(converted(matrix).value.getIf<Array>()->dimensions.empty());
}

TEST(ValueConvert, ConvertsWhatIsNestedUpToALimit) {
    UA_Double number = 4;
    UA_DataValue inner = valueOf(number, UA_TYPES_DOUBLE);
    inner.hasStatus = true;
    inner.status = UA_STATUSCODE_BADTIMEOUT;
    const Value nested = scalar(inner, UA_TYPES_DATAVALUE);
    ASSERT_NE(nested.getIf<DataValue>(), nullptr);
    EXPECT_EQ(nested.getIf<DataValue>()->value, Value(4.0));
    EXPECT_EQ(nested.getIf<DataValue>()->status.code(), UA_STATUSCODE_BADTIMEOUT);

    std::vector<UA_Variant> variants{inner.value};
    EXPECT_EQ(converted(arrayOf(variants, UA_TYPES_VARIANT)).value,
              Value(Array{BuiltInType::Variant, std::vector<Value>{Value(4.0)}, {}}));

    std::vector<UA_DataValue> levels(30);
    levels[0] = inner;
    for (std::size_t i = 1; i < levels.size(); ++i) levels[i] = valueOf(levels[i - 1], UA_TYPES_DATAVALUE);
    Value value = converted(levels.back()).value;
    int depth = 0;
    while (const auto* next = value.getIf<DataValue>()) {
        value = Value(next->value);
        ++depth;
    }
    EXPECT_EQ(depth, ValueLimits::kMaxDepth);
    ASSERT_NE(value.getIf<Structure>(), nullptr);
    EXPECT_EQ(value.getIf<Structure>()->opaqueReason, "nested too deeply");
}

TEST(ValueConvert, StructuresThatCannotBeDecodedAreOpaqueWithTheirType) {
    UA_ExtensionObject object{};
    object.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
    object.content.encoded.typeId.namespaceIndex = 2;
    object.content.encoded.typeId.identifier.numeric = 99;
    EXPECT_EQ(scalar(object, UA_TYPES_EXTENSIONOBJECT),
              Value(Structure{{}, "structure with encoding nsu=http://plant/;i=99 is not decoded"}));
    object.encoding = UA_EXTENSIONOBJECT_ENCODED_XML;
    EXPECT_EQ(
        scalar(object, UA_TYPES_EXTENSIONOBJECT),
        Value(Structure{{}, "structure with encoding nsu=http://plant/;i=99 comes as XML, not binary"}));
    EXPECT_EQ(scalar(UA_ExtensionObject{}, UA_TYPES_EXTENSIONOBJECT),
              Value(Structure{{}, "the structure is empty"}));
}

TEST(ValueConvert, StructuresOfOpcUaAreObjects) {
    EXPECT_EQ(scalar(UA_Range{-1, 2.5}, UA_TYPES_RANGE), Value(Structure{R"({"Low":-1,"High":2.5})", {}}));
    UA_EUInformation unit{};
    unit.namespaceUri = borrow("http://www.opcfoundation.org/UA/units/un/cefact");
    unit.unitId = 4408652;
    unit.displayName = {borrow("en"), borrow("°C")};
    EXPECT_EQ(scalar(unit, UA_TYPES_EUINFORMATION).getIf<Structure>()->json,
              R"({"NamespaceUri":"http://www.opcfoundation.org/UA/units/un/cefact","UnitId":4408652,)"
              R"("DisplayName":{"locale":"en","text":"°C"},"Description":{"locale":"","text":""}})");
    UA_Argument argument{};
    argument.name = borrow("speed");
    argument.dataType.identifier.numeric = 11;
    argument.valueRank = 2;
    std::vector<UA_UInt32> dimensions{2, 0};
    argument.arrayDimensions = dimensions.data();
    argument.arrayDimensionsSize = dimensions.size();
    EXPECT_EQ(scalar(argument, UA_TYPES_ARGUMENT).getIf<Structure>()->json,
              R"({"Name":"speed","DataType":"i=11","ValueRank":2,"ArrayDimensions":[2,0],)"
              R"("Description":{"locale":"","text":""}})");
    UA_Range range{0, std::numeric_limits<double>::infinity()};
    UA_ExtensionObject object{};
    UA_ExtensionObject_setValueNoDelete(&object, &range, &UA_TYPES[UA_TYPES_RANGE]);
    EXPECT_EQ(scalar(object, UA_TYPES_EXTENSIONOBJECT),
              Value(Structure{R"({"Low":0,"High":"Infinity"})", {}}));
    std::vector<UA_Range> ranges{{0, 1}, {2, 3}};
    const Value array = converted(arrayOf(ranges, UA_TYPES_RANGE)).value;
    EXPECT_EQ(array.type(), BuiltInType::ExtensionObject);
    EXPECT_EQ(array, Value(Array{BuiltInType::ExtensionObject,
                                 std::vector<Value>{Value(Structure{R"({"Low":0,"High":1})", {}}),
                                                    Value(Structure{R"({"Low":2,"High":3})", {}})},
                                 {}}));
}

TEST(ValueConvert, AStructureThatIsTooLargeIsOpaque) {
    const std::string letters(ValueLimits::kMaxBytes / 2, '"');  // twice as long in JSON
    UA_Argument argument{};
    argument.name = borrow(letters);
    const Value value = scalar(argument, UA_TYPES_ARGUMENT);
    ASSERT_NE(value.getIf<Structure>(), nullptr);
    EXPECT_EQ(value.getIf<Structure>()->opaqueReason,
              "structure Argument (i=296) is larger than Tagwire takes (1 MiB as JSON)");
}

TEST(ValueConvert, CutsWhatIsTooLongAndSaysUncertain) {
    std::string letters(ValueLimits::kMaxBytes - 1, 'x');
    letters += "ä";  // lies across the limit
    UA_String text = borrow(letters);
    const DataValue cut = converted(valueOf(text, UA_TYPES_STRING));
    EXPECT_EQ(cut.status.code(), UA_STATUSCODE_UNCERTAINDATASUBNORMAL);
    EXPECT_EQ(cut.value, Value(std::string(ValueLimits::kMaxBytes - 1, 'x')));

    std::vector<UA_Int32> numbers(ValueLimits::kMaxElements + 1, 7);
    UA_DataValue array = arrayOf(numbers, UA_TYPES_INT32);
    EXPECT_EQ(converted(array).value.getIf<Array>()->size(), ValueLimits::kMaxElements);
    EXPECT_EQ(converted(array).status.code(), UA_STATUSCODE_UNCERTAINDATASUBNORMAL);
    array.hasStatus = true;
    array.status = UA_STATUSCODE_BADTIMEOUT;
    EXPECT_EQ(converted(array).status.code(), UA_STATUSCODE_BADTIMEOUT);

    // The texts of one value share one allowance.
    std::vector<UA_String> many(64, text);
    const DataValue shared = converted(arrayOf(many, UA_TYPES_STRING));
    EXPECT_EQ(shared.value.getIf<Array>()->size(), 64U);
    EXPECT_EQ(shared.status.code(), UA_STATUSCODE_UNCERTAINDATASUBNORMAL);
}

TEST(ValueConvert, KeepsLittleOfWhatIsHuge) {
    const std::string letters(64U << 20U, 'x');
    UA_String text = borrow(letters);
    const DataValue cut = converted(valueOf(text, UA_TYPES_STRING));
    EXPECT_EQ(cut.status.code(), UA_STATUSCODE_UNCERTAINDATASUBNORMAL);
    EXPECT_EQ(cut.value.getIf<std::string>()->size(), ValueLimits::kMaxBytes);
    EXPECT_EQ(cut.value.getIf<std::string>()->capacity(), ValueLimits::kMaxBytes);

    std::vector<UA_Double> numbers(10'000'000, 1.5);
    const DataValue first = converted(arrayOf(numbers, UA_TYPES_DOUBLE));
    EXPECT_EQ(first.status.code(), UA_STATUSCODE_UNCERTAINDATASUBNORMAL);
    EXPECT_EQ(first.value.getIf<Array>()->size(), ValueLimits::kMaxElements);

    // Each of these could use all that one value may have.
    std::vector<UA_Argument> arguments(100);
    for (auto& each : arguments) each.name = text;
    const DataValue many = converted(arrayOf(arguments, UA_TYPES_ARGUMENT));
    std::size_t bytes = 0;
    for (const Value& each : std::get<std::vector<Value>>(many.value.getIf<Array>()->elements)) {
        bytes += each.getIf<Structure>()->json.size() + each.getIf<Structure>()->opaqueReason.size();
    }
    EXPECT_LT(bytes, ValueLimits::kMaxBytes + std::size_t{100} * 128);
}

TEST(ValueConvert, MendsTextThatIsNotUtf8) {
    EXPECT_EQ(scalar(borrow("a\xFFz"), UA_TYPES_STRING), Value("a\xEF\xBF\xBDz"));
    EXPECT_EQ(scalar(UA_QualifiedName{0, borrow("\xC3")}, UA_TYPES_QUALIFIEDNAME),
              Value(QualifiedName{0, "\xEF\xBF\xBD"}));
}

TEST(ValueConvert, FillsInMissingTimesAndStatus) {
    UA_Double number = 1;
    UA_DataValue value = valueOf(number, UA_TYPES_DOUBLE);
    EXPECT_EQ(converted(value), (DataValue{Value(1.0), StatusCode{}, kReceived, kReceived}));
    value.hasServerTimestamp = true;
    value.serverTimestamp = kUa2020;
    EXPECT_EQ(converted(value).sourceTime, k2020);
    EXPECT_EQ(converted(value).serverTime, k2020);
    value.hasSourceTimestamp = true;
    value.sourceTimestamp = kUa2020 + 10'000;
    EXPECT_EQ(converted(value).sourceTime, k2020 + std::chrono::milliseconds(1));
    for (const UA_DateTime unknown : {UA_DateTime{0}, UA_DateTime{-5}, UA_DateTime{INT64_MAX}}) {
        value.sourceTimestamp = unknown;
        EXPECT_EQ(converted(value).sourceTime, k2020) << unknown;
    }
}

TEST(ValueConvert, AStatusMayComeWithoutAValue) {
    UA_DataValue value{};
    value.hasStatus = true;
    value.status = UA_STATUSCODE_BADSENSORFAILURE;
    EXPECT_TRUE(converted(value).value.isNull());
    EXPECT_EQ(converted(value).status.code(), UA_STATUSCODE_BADSENSORFAILURE);
    value.hasValue = true;  // an empty Variant
    EXPECT_TRUE(converted(value).value.isNull());
}

}  // namespace
}  // namespace tagwire::source::opcua
