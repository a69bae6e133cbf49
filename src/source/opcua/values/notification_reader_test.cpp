#include "source/opcua/values/notification_reader.h"

#include <array>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "source/opcua/values/binary_skip.h"
#include "source/opcua/values/encoded_notification.h"
#include "source/opcua/values/library_bytes_testing.h"
#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

constexpr UA_DateTime kSourceTime = 133'000'000'000'000'000;
constexpr UA_DateTime kServerTime = kSourceTime + 12'345;

/// As the library writes a DataChangeNotification of these values, with the handles 100, 101, ….
std::string notificationOf(std::vector<UA_DataValue> values) {
    std::vector<UA_MonitoredItemNotification> items(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        items[i].clientHandle = static_cast<UA_UInt32>(100 + i);
        items[i].value = values[i];
    }
    UA_DataChangeNotification notification{};
    notification.monitoredItems = items.data();
    notification.monitoredItemsSize = items.size();
    return libraryBytes(notification);
}

UA_DataValue scalarOf(void* data, const UA_DataType& type) {
    UA_DataValue value{};
    value.hasValue = true;
    value.hasSourceTimestamp = value.hasServerTimestamp = true;
    value.sourceTimestamp = kSourceTime;
    value.serverTimestamp = kServerTime;
    UA_Variant_setScalar(&value.value, data, &type);
    return value;
}

UA_DataValue arrayOf(void* data, std::size_t size, const UA_DataType& type) {
    UA_DataValue value = scalarOf(data, type);
    value.value.arrayLength = size;
    return value;
}

/// What comes of the value that the reader is at, on whichever way.
DataValue read(const NotificationReader& reader) {
    if (reader.isPlain()) return reader.value(kReceived);
    Ua<UA_DataValue> decoded;
    EXPECT_EQ(decodeBinary(reader.encoded(), decoded), UA_STATUSCODE_GOOD);
    return convert(decoded.get(), kNamespaces, kReceived);
}

/// Every value reads as the library's own decoding converts.
void expectAll(const std::vector<UA_DataValue>& values) {
    const std::string body = notificationOf(values);
    NotificationReader reader(body);
    EXPECT_GE(reader.atMost(), values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        ASSERT_TRUE(reader.next()) << i;
        EXPECT_EQ(reader.handle(), 100 + i);
        EXPECT_EQ(read(reader), convert(values[i], kNamespaces, kReceived)) << i;
        EXPECT_EQ(libraryBytes(values[i]), reader.encoded()) << i;
    }
    EXPECT_FALSE(reader.next());
    EXPECT_TRUE(reader.whole());
}

TEST(NotificationReader, ReadsNumbersInPlace) {
    UA_Boolean boolean = true;
    UA_SByte sbyte = -128;
    UA_Byte byte = 255;
    UA_Int16 int16 = -32'768;
    UA_UInt16 uint16 = 65'535;
    UA_Int32 int32 = std::numeric_limits<UA_Int32>::min();
    UA_UInt32 uint32 = std::numeric_limits<UA_UInt32>::max();
    UA_Int64 int64 = std::numeric_limits<UA_Int64>::min();
    UA_UInt64 uint64 = std::numeric_limits<UA_UInt64>::max();
    UA_Float single = -0.0F;
    UA_Double number = 3.141592653589793;
    UA_Double nan = std::nan("7");
    const std::vector<UA_DataValue> values{
        scalarOf(&boolean, UA_TYPES[UA_TYPES_BOOLEAN]), scalarOf(&sbyte, UA_TYPES[UA_TYPES_SBYTE]),
        scalarOf(&byte, UA_TYPES[UA_TYPES_BYTE]),       scalarOf(&int16, UA_TYPES[UA_TYPES_INT16]),
        scalarOf(&uint16, UA_TYPES[UA_TYPES_UINT16]),   scalarOf(&int32, UA_TYPES[UA_TYPES_INT32]),
        scalarOf(&uint32, UA_TYPES[UA_TYPES_UINT32]),   scalarOf(&int64, UA_TYPES[UA_TYPES_INT64]),
        scalarOf(&uint64, UA_TYPES[UA_TYPES_UINT64]),   scalarOf(&single, UA_TYPES[UA_TYPES_FLOAT]),
        scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE]),   scalarOf(&nan, UA_TYPES[UA_TYPES_DOUBLE])};
    expectAll(values);
    const std::string body = notificationOf(values);
    NotificationReader reader(body);
    while (reader.next()) EXPECT_TRUE(reader.isPlain()) << reader.handle();
}

TEST(NotificationReader, TakesEveryPartOfADataValueThatIsThere) {
    UA_Double number = 2.5;
    UA_String text = borrow("on");
    std::vector<UA_DataValue> values;
    for (unsigned parts = 0; parts < 64; ++parts) {
        for (const bool plain : {true, false}) {
            UA_DataValue value = plain ? scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE])
                                       : scalarOf(&text, UA_TYPES[UA_TYPES_STRING]);
            value.hasValue = (parts & 1U) != 0;
            value.hasStatus = (parts & 2U) != 0;
            value.status = UA_STATUSCODE_UNCERTAINLASTUSABLEVALUE;
            value.hasSourceTimestamp = (parts & 4U) != 0;
            value.hasServerTimestamp = (parts & 8U) != 0;
            value.hasSourcePicoseconds = (parts & 16U) != 0;
            value.sourcePicoseconds = 17;
            value.hasServerPicoseconds = (parts & 32U) != 0;
            values.push_back(value);
        }
    }
    expectAll(values);
}

TEST(NotificationReader, ReplacesTimesThatAreNotKnown) {
    UA_Double number = 1;
    std::vector<UA_DataValue> values;
    for (const UA_DateTime time : {UA_DateTime{0}, UA_DateTime{-5}, std::numeric_limits<UA_DateTime>::max(),
                                   UA_DateTime{2'650'467'743'990'000'000}}) {
        values.push_back(scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE]));
        values.back().sourceTimestamp = time;
        values.push_back(scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE]));
        values.back().serverTimestamp = time;
    }
    expectAll(values);
}

TEST(NotificationReader, GoesPastEveryOtherType) {
    UA_String text = borrow("Kessel");
    UA_String null{};
    UA_DateTime time = kSourceTime;
    UA_Guid guid{1, 2, 3, {4, 5, 6, 7, 8, 9, 10, 11}};
    UA_StatusCode status = UA_STATUSCODE_BADOUTOFRANGE;
    std::array<UA_NodeId, 5> nodes{};
    nodes[0].identifier.numeric = 255;
    nodes[1].namespaceIndex = 255;
    nodes[1].identifier.numeric = 65'535;
    nodes[2].namespaceIndex = 256;
    nodes[2].identifier.numeric = 4'000'000'000;
    nodes[3] = {.namespaceIndex = 1, .identifierType = UA_NODEIDTYPE_STRING, .identifier = {}};
    nodes[3].identifier.string = text;
    nodes[4] = {.namespaceIndex = 1, .identifierType = UA_NODEIDTYPE_GUID, .identifier = {}};
    nodes[4].identifier.guid = guid;
    UA_ExpandedNodeId expanded{nodes[3], borrow("urn:server"), 7};
    UA_QualifiedName qualified{2, text};
    UA_LocalizedText localized{borrow("de"), text};
    UA_LocalizedText unspoken{};
    UA_DiagnosticInfo inner{};
    inner.hasInnerStatusCode = inner.hasSymbolicId = inner.hasLocale = true;
    UA_DiagnosticInfo diagnostic{};
    diagnostic.hasAdditionalInfo = diagnostic.hasInnerDiagnosticInfo = true;
    diagnostic.hasNamespaceUri = diagnostic.hasLocalizedText = true;
    diagnostic.additionalInfo = text;
    diagnostic.innerDiagnosticInfo = &inner;
    UA_ExtensionObject unknown{};
    unknown.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
    unknown.content.encoded.typeId = plantNode(1001);
    unknown.content.encoded.body = borrow("bytes");
    UA_ExtensionObject xml = unknown;
    xml.encoding = UA_EXTENSIONOBJECT_ENCODED_XML;
    UA_ExtensionObject none{};
    UA_Range range{-1, 1};
    std::array<UA_Double, 6> numbers{1, 2, 3, 4, 5, 6};
    std::array<UA_UInt32, 2> dimensions{2, 3};
    UA_DataValue matrix = arrayOf(numbers.data(), numbers.size(), UA_TYPES[UA_TYPES_DOUBLE]);
    matrix.value.arrayDimensions = dimensions.data();
    matrix.value.arrayDimensionsSize = dimensions.size();
    std::array<UA_Variant, 3> variants{};
    UA_Variant_setScalar(&variants[1], &text, &UA_TYPES[UA_TYPES_STRING]);
    variants[2] = matrix.value;
    std::array<UA_DataValue, 2> inside{matrix, {}};
    std::array<UA_String, 3> texts{text, null, borrow("")};
    std::array<UA_ExtensionObject, 2> objects{unknown, none};
    expectAll({scalarOf(&text, UA_TYPES[UA_TYPES_STRING]),
               scalarOf(&null, UA_TYPES[UA_TYPES_STRING]),
               scalarOf(&text, UA_TYPES[UA_TYPES_BYTESTRING]),
               scalarOf(&text, UA_TYPES[UA_TYPES_XMLELEMENT]),
               scalarOf(&time, UA_TYPES[UA_TYPES_DATETIME]),
               scalarOf(&guid, UA_TYPES[UA_TYPES_GUID]),
               scalarOf(&status, UA_TYPES[UA_TYPES_STATUSCODE]),
               arrayOf(nodes.data(), nodes.size(), UA_TYPES[UA_TYPES_NODEID]),
               scalarOf(&nodes[4], UA_TYPES[UA_TYPES_NODEID]),
               scalarOf(&expanded, UA_TYPES[UA_TYPES_EXPANDEDNODEID]),
               scalarOf(&qualified, UA_TYPES[UA_TYPES_QUALIFIEDNAME]),
               scalarOf(&localized, UA_TYPES[UA_TYPES_LOCALIZEDTEXT]),
               scalarOf(&unspoken, UA_TYPES[UA_TYPES_LOCALIZEDTEXT]),
               scalarOf(&diagnostic, UA_TYPES[UA_TYPES_DIAGNOSTICINFO]),
               scalarOf(&unknown, UA_TYPES[UA_TYPES_EXTENSIONOBJECT]),
               scalarOf(&xml, UA_TYPES[UA_TYPES_EXTENSIONOBJECT]),
               scalarOf(&none, UA_TYPES[UA_TYPES_EXTENSIONOBJECT]),
               scalarOf(&range, UA_TYPES[UA_TYPES_RANGE]),
               matrix,
               arrayOf(variants.data(), variants.size(), UA_TYPES[UA_TYPES_VARIANT]),
               arrayOf(inside.data(), inside.size(), UA_TYPES[UA_TYPES_DATAVALUE]),
               arrayOf(texts.data(), texts.size(), UA_TYPES[UA_TYPES_STRING]),
               arrayOf(objects.data(), objects.size(), UA_TYPES[UA_TYPES_EXTENSIONOBJECT]),
               arrayOf(nullptr, 0, UA_TYPES[UA_TYPES_DOUBLE]),
               arrayOf(UA_EMPTY_ARRAY_SENTINEL, 0, UA_TYPES[UA_TYPES_STRING])});
}

TEST(NotificationReader, KeepsWhatComesBeforeABrokenPlace) {
    UA_Double number = 1.5;
    UA_String text = borrow("text");
    const std::vector<UA_DataValue> values{scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE]),
                                           scalarOf(&text, UA_TYPES[UA_TYPES_STRING]),
                                           scalarOf(&number, UA_TYPES[UA_TYPES_DOUBLE])};
    const std::string notification = notificationOf(values);
    // An empty list of diagnostics follows.
    const auto body = std::string_view(notification).substr(0, notification.size() - sizeof(std::int32_t));
    std::size_t fewest = values.size();
    for (std::size_t size = body.size() - 1; size + 1 > 0; --size) {
        NotificationReader reader(body.substr(0, size));
        std::size_t count = 0;
        while (reader.next()) {
            EXPECT_EQ(read(reader), convert(values.at(count), kNamespaces, kReceived));
            ++count;
        }
        EXPECT_LE(count, fewest);
        fewest = count;
        EXPECT_FALSE(reader.whole()) << size;
    }
    EXPECT_EQ(fewest, 0U);
}

TEST(NotificationReader, BelievesNoNumberOfElements) {
    constexpr std::int32_t kMany = std::numeric_limits<std::int32_t>::max();
    const std::string many = TestBytes{}.number(kMany).number(std::uint32_t{7}).bytes;
    NotificationReader promised(many);
    EXPECT_LE(promised.atMost(), 1U);
    EXPECT_FALSE(promised.next());
    EXPECT_FALSE(promised.whole());

    const std::string none = TestBytes{}.number(std::int32_t{-1}).bytes;
    NotificationReader negative(none);
    EXPECT_FALSE(negative.next());
    EXPECT_TRUE(negative.whole());

    for (const BuiltInType type :
         {BuiltInType::Double, BuiltInType::Guid, BuiltInType::String, BuiltInType::Variant}) {
        const auto bytes = TestBytes{}
                               .number(std::int32_t{1})
                               .number(std::uint32_t{7})
                               .number(DataValueBits::kValue)
                               .number(static_cast<std::uint8_t>(0x80U | static_cast<unsigned>(type)))
                               .number(kMany)
                               .bytes;
        NotificationReader reader(bytes);
        EXPECT_FALSE(reader.next());
        EXPECT_FALSE(reader.whole());
    }
}

TEST(NotificationReader, RefusesWhatIsNestedWithoutEnd) {
    TestBytes bytes;
    bytes.number(std::int32_t{1}).number(std::uint32_t{7}).number(DataValueBits::kValue);
    for (int depth = 0; depth < 100'000; ++depth)
        bytes.number(static_cast<std::uint8_t>(0x80U | 24U)).number(std::int32_t{1});
    bytes.number(std::uint8_t{0});
    NotificationReader reader(bytes.bytes);
    EXPECT_FALSE(reader.next());
    EXPECT_FALSE(reader.whole());
}

TEST(NotificationReader, RefusesTypesThatAreNone) {
    for (const std::uint8_t encoding : std::array<std::uint8_t, 3>{26, 0x3F, 24}) {
        const auto bytes = TestBytes{}
                               .number(std::int32_t{1})
                               .number(std::uint32_t{7})
                               .number(DataValueBits::kValue)
                               .number(encoding)
                               .number(std::uint64_t{0})
                               .bytes;
        NotificationReader reader(bytes);
        EXPECT_FALSE(reader.next()) << int{encoding};
        EXPECT_FALSE(reader.whole()) << int{encoding};
    }
}

}  // namespace
}  // namespace tagwire::source::opcua
