#include "source/opcua/values/value_encode.h"

#include <limits>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "model/data_value.h"
#include "model/value_json.h"
#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

class ValueEncode : public testing::Test {
protected:
    WriteTarget target(const UA_NodeId& type, std::int32_t rank = -1) {
        return {.dataType = types_.typeOf(type), .valueRank = rank, .arrayDimensions = {}};
    }
    WriteTarget target(UA_UInt32 type, std::int32_t rank = -1) { return target(standardNode(type), rank); }

    Value back(Result<Ua<UA_Variant>> encoded) {
        if (!encoded) return Value("error: " + encoded.error().message);
        UA_DataValue value{};
        value.hasValue = true;
        value.value = encoded->get();
        ConvertContext context{.namespaces = kNamespaces, .types = &types_};
        return convert(value, context, {}).value;
    }
    /// What the node would then show.
    Value written(std::string_view text, const WriteTarget& to) { return back(encodeText(text, to, types_)); }
    std::string shown(std::string_view text, const WriteTarget& to) {
        const Value value = written(text, to);
        if (const auto* message = value.getIf<std::string>(); message != nullptr) return *message;
        std::string out;
        appendValue(out, value);
        return out;
    }

    StructureTypes types_{kNamespaces};
};

TEST_F(ValueEncode, TakesEveryNumberWithinItsRange) {
    EXPECT_EQ(written("true", target(UA_NS0ID_BOOLEAN)), Value(true));
    EXPECT_EQ(written("0", target(UA_NS0ID_BOOLEAN)), Value(false));
    EXPECT_EQ(written("-128", target(UA_NS0ID_SBYTE)), Value(std::int8_t{-128}));
    EXPECT_EQ(written("255", target(UA_NS0ID_BYTE)), Value(std::uint8_t{255}));
    EXPECT_EQ(written("-32768", target(UA_NS0ID_INT16)), Value(std::int16_t{-32768}));
    EXPECT_EQ(written("65535", target(UA_NS0ID_UINT16)), Value(std::uint16_t{65535}));
    EXPECT_EQ(written("12.0", target(UA_NS0ID_INT32)), Value(std::int32_t{12}));
    EXPECT_EQ(written("\"7\"", target(UA_NS0ID_UINT32)), Value(std::uint32_t{7}));
    EXPECT_EQ(written("-9223372036854775808", target(UA_NS0ID_INT64)), Value(std::int64_t{INT64_MIN}));
    EXPECT_EQ(written("\"18446744073709551615\"", target(UA_NS0ID_UINT64)), Value(std::uint64_t{UINT64_MAX}));
    EXPECT_EQ(written("1", target(UA_NS0ID_DOUBLE)), Value(1.0));
    EXPECT_EQ(written(" 2.5 ", target(UA_NS0ID_DURATION)), Value(2.5));
    EXPECT_EQ(written("0.1", target(UA_NS0ID_DOUBLE)), Value(0.1));
    EXPECT_EQ(written("9007199254740993.5e-22", target(UA_NS0ID_DOUBLE)), Value(9007199254740993.5e-22));
    EXPECT_EQ(written("NaN", target(UA_NS0ID_DOUBLE)), Value(std::numeric_limits<double>::quiet_NaN()));
    EXPECT_EQ(written("-Infinity", target(UA_NS0ID_FLOAT)), Value(-std::numeric_limits<float>::infinity()));
    EXPECT_EQ(written("3.4028235e38", target(UA_NS0ID_FLOAT)), Value(std::numeric_limits<float>::max()));
}

TEST_F(ValueEncode, SaysWhatIsExpectedInstead) {
    const std::tuple<UA_UInt32, std::string_view, std::string_view> cases[]{
        {UA_NS0ID_BYTE, "300", "300 is refused: a whole number from 0 to 255 (Byte) is expected"},
        {UA_NS0ID_BYTE, "-1", "-1 is refused: a whole number from 0 to 255 (Byte) is expected"},
        {UA_NS0ID_INT32, "12.5",
         "1.25E1 is refused: a whole number from -2147483648 to 2147483647 (Int32) is expected"},
        {UA_NS0ID_INT32, "twelve",
         "\"twelve\" is refused: a whole number from -2147483648 to 2147483647 (Int32) is expected"},
        {UA_NS0ID_INT32, "",
         "\"\" is refused: a whole number from -2147483648 to 2147483647 (Int32) is expected"},
        {UA_NS0ID_INT32, "[1]", "an array is refused: one value is expected"},
        {UA_NS0ID_INT32, "{}",
         "an object is refused: a whole number from -2147483648 to 2147483647 (Int32) is expected"},
        {UA_NS0ID_INT64, "9223372036854775808",
         "9223372036854775808 is refused: a whole number from -9223372036854775808 to 9223372036854775807 "
         "(Int64) "
         "is expected"},
        {UA_NS0ID_INT64, "1e300",
         "1E300 is refused: a whole number from -9223372036854775808 to 9223372036854775807 (Int64) is "
         "expected"},
        {UA_NS0ID_BOOLEAN, "2", "2 is refused: true or false (Boolean) is expected"},
        {UA_NS0ID_DOUBLE, "1,5",
         "\"1,5\" is refused: a number, NaN, Infinity or -Infinity (Double) is expected"},
        {UA_NS0ID_FLOAT, "1e39",
         "\"1e39\" is refused: a number up to 3.4028235e38 in size (Float) is expected"},
        {UA_NS0ID_DATETIME, "2026-11-23T08:00:00",
         "\"2026-11-23T08:00:00\" is refused: a time with its zone such as 2026-11-23T08:00:00Z or "
         "2026-11-23T09:00:00+01:00 (DateTime) is expected"},
        {UA_NS0ID_BYTESTRING, "A", "\"A\" is refused: base64 text such as AQID (ByteString) is expected"},
        {UA_NS0ID_GUID, "x",
         "\"x\" is refused: a GUID such as 09087e75-8e5e-499b-954f-f2a9603db28a is expected"},
        {UA_NS0ID_NODEID, "nsu=http://other/;i=1",
         "the server does not know the namespace of nsu=http://other/;i=1"},
        {UA_NS0ID_STATUSCODE, "Bed",
         "\"Bed\" is refused: a status by name such as BadTimeout, or its number (StatusCode) is expected"},
        {UA_NS0ID_STRUCTURE, "{}", "a structure of an abstract type cannot be written"},
        {UA_NS0ID_DATAVALUE, "1", "values of this type cannot be written"},
    };
    for (const auto& [type, text, message] : cases) {
        EXPECT_EQ(shown(text, target(type)), "error: " + std::string(message));
    }
    EXPECT_EQ(shown(std::string(100, 'x'), target(UA_NS0ID_INT32)).substr(0, 80),
              "error: \"" + std::string(59, 'x') + "… is refuse");
    EXPECT_NE(
        shown(std::string(EncodeLimits::kMaxTextBytes + 1, 'x'), target(UA_NS0ID_STRING)).find("too long"),
        std::string::npos);
}

TEST_F(ValueEncode, TakesTextWithoutQuotes) {
    EXPECT_EQ(written(" two words ", target(UA_NS0ID_STRING)), Value(" two words "));
    EXPECT_EQ(written("42", target(UA_NS0ID_STRING)), Value("42"));
    EXPECT_EQ(written(R"("qu\"oted")", target(UA_NS0ID_STRING)), Value("qu\"oted"));
    EXPECT_EQ(written("\"open", target(UA_NS0ID_STRING)), Value("\"open"));
    EXPECT_EQ(written("AQL/", target(UA_NS0ID_BYTESTRING)), Value(ByteString{"\x01\x02\xFF"}));
    EXPECT_EQ(written("<a/>", target(UA_NS0ID_XMLELEMENT)), Value(XmlText{"<a/>"}));
    EXPECT_EQ(written("nsu=http://plant/;s=Pump 1", target(UA_NS0ID_NODEID)),
              Value(NodeIdText{"nsu=http://plant/;s=Pump 1"}));
    EXPECT_EQ(written("ns=2;b=AQID", target(UA_NS0ID_EXPANDEDNODEID)),
              Value(ExpandedNodeIdText{"nsu=http://plant/;b=AQID"}));
    EXPECT_EQ(written("09087e75-8e5e-499b-954f-f2a9603db28a", target(UA_NS0ID_GUID)),
              Value(Guid{{0x09, 0x08, 0x7e, 0x75, 0x8e, 0x5e, 0x49, 0x9b, 0x95, 0x4f, 0xf2, 0xa9, 0x60, 0x3d,
                          0xb2, 0x8a}}));
    EXPECT_EQ(written("2:Level", target(UA_NS0ID_QUALIFIEDNAME)), Value(QualifiedName{2, "Level"}));
    EXPECT_EQ(written("a:b", target(UA_NS0ID_QUALIFIEDNAME)), Value(QualifiedName{0, "a:b"}));
    EXPECT_EQ(written("Kessel", target(UA_NS0ID_LOCALIZEDTEXT)), Value(LocalizedText{"", "Kessel"}));
    EXPECT_EQ(written(R"({"locale":"de","text":"Kessel"})", target(UA_NS0ID_LOCALIZEDTEXT)),
              Value(LocalizedText{"de", "Kessel"}));
    EXPECT_EQ(written("BadTimeout", target(UA_NS0ID_STATUSCODE)),
              Value(StatusCode{UA_STATUSCODE_BADTIMEOUT}));
    EXPECT_EQ(written("Good", target(UA_NS0ID_STATUSCODE)), Value(StatusCode{}));
    EXPECT_EQ(written("2148139008", target(UA_NS0ID_STATUSCODE)),
              Value(StatusCode{UA_STATUSCODE_BADTIMEOUT}));
}

TEST_F(ValueEncode, TakesTimesWithTheirZone) {
    const auto to = target(UA_NS0ID_DATETIME);
    const Value time(fromUnixMillis(1'577'836'800'000));
    EXPECT_EQ(written("2020-01-01T00:00:00Z", to), time);
    EXPECT_EQ(written("2020-01-01 01:30+01:30", to), time);
    EXPECT_EQ(written("2019-12-31T19:00:00.000-0500", to), time);
    EXPECT_EQ(written("1577836800000", to), time);
    EXPECT_EQ(written("2020-01-01T00:00:00.0000001Z", to),
              Value(fromUnixMillis(1'577'836'800'000) + Ticks{1}));
    EXPECT_EQ(written("2020-01-01T00:00:00,00000019Z", to),
              Value(fromUnixMillis(1'577'836'800'000) + Ticks{1}));
    EXPECT_EQ(toUnixMillis(*written("1601-01-01T00:00Z", to).getIf<Timestamp>()), -11'644'473'600'000);
    EXPECT_EQ(toUnixMillis(*written("9999-12-31T23:59:59.999Z", to).getIf<Timestamp>()), 253'402'300'799'999);
    for (const char* wrong :
         {"2020-13-01T00:00Z", "2020-02-30T00:00Z", "1600-01-01T00:00Z", "2020-01-01T24:00Z",
          "2020-01-01T00:60Z", "2020-01-01T00:00:60Z", "2020-01-01T00:00+15:00", "2020-01-01",
          "2020-01-01T00:00Zx", "253402300800000", "20-01-01T00:00Z", "1601-01-01T00:00+01:00",
          "9999-12-31T23:59-01:00", "2020-01-01T00:00:0Z", "now"}) {
        EXPECT_NE(shown(wrong, to).find("a time with its zone"), std::string::npos) << wrong;
    }
}

TEST_F(ValueEncode, TakesEnumerationsByNameOrNumber) {
    defineEnumeration(types_, 5, {{0, "Stopped"}, {7, "Running"}});
    const auto to = target(plantNode(5));
    for (const char* text : {"Running", "\"Running\"", "7", "\"7\"", "Running_7"}) {
        EXPECT_EQ(written(text, to), Value(std::int32_t{7})) << text;
    }
    EXPECT_EQ(
        shown("Walking", to),
        "error: \"Walking\" is refused: one of Stopped (0), Running (7), by name or number, is expected");
    EXPECT_EQ(shown("3", to),
              "error: 3 is refused: one of Stopped (0), Running (7), by name or number, is expected");
    EXPECT_EQ(written("3", target(UA_NS0ID_SERVERSTATE)), Value(std::int32_t{3}));  // no names are known
    defineEnumeration(types_, 6, {{0, "Bit"}}, UA_NS0ID_UINT16);
    EXPECT_EQ(written("5", target(plantNode(6))), Value(std::uint16_t{5}));
}

TEST_F(ValueEncode, TakesArraysAndMatrices) {
    EXPECT_EQ(
        written("[1,2.5,\"NaN\"]", target(UA_NS0ID_DOUBLE, 1)),
        Value(Array{
            BuiltInType::Double, std::vector<double>{1, 2.5, std::numeric_limits<double>::quiet_NaN()}, {}}));
    EXPECT_EQ(written("[]", target(UA_NS0ID_STRING, 1)),
              Value(Array{BuiltInType::String, std::vector<Value>{}, {}}));
    EXPECT_EQ(written("[[1,2,3],[4,5,6]]", target(UA_NS0ID_INT32, 2)),
              Value(Array{BuiltInType::Int32, std::vector<std::int32_t>{1, 2, 3, 4, 5, 6}, {2, 3}}));
    EXPECT_EQ(written("[[1],[2]]", target(UA_NS0ID_INT32, 0)).getIf<Array>()->dimensions,
              (std::vector<std::uint32_t>{2, 1}));
    EXPECT_EQ(written("[\"a\"]", target(UA_NS0ID_STRING, -3)),
              Value(Array{BuiltInType::String, std::vector<Value>{Value("a")}, {}}));
    EXPECT_EQ(written("a", target(UA_NS0ID_STRING, -2)), Value("a"));
    EXPECT_EQ(
        shown("[1,[2]]", target(UA_NS0ID_INT32, 1)),
        "error: element 1: an array is refused: a whole number from -2147483648 to 2147483647 (Int32) is "
        "expected");
    EXPECT_EQ(shown("[[1,2],[3]]", target(UA_NS0ID_INT32, 2)),
              "error: element 1: the rows of the matrix have different lengths");
    EXPECT_EQ(shown("[1]", target(UA_NS0ID_INT32, 2)),
              "error: element 0: 1 is refused: a matrix such as [[1,2],[3,4]] is expected");
    EXPECT_EQ(shown("1", target(UA_NS0ID_INT32, 1)),
              "error: 1 is refused: an array such as [1,2] is expected");
    EXPECT_EQ(shown("1", target(UA_NS0ID_INT32, 0)),
              "error: 1 is refused: an array such as [1,2] is expected");
    EXPECT_EQ(shown("[[1]]", target(UA_NS0ID_INT32, -3)),
              "error: an array is refused: one value or an array such as [1,2] is expected");
    EXPECT_EQ(shown("1 2", target(UA_NS0ID_INT32, 1)),
              "error: the value is no JSON such as [1,2]: at byte 2: more follows after the value");
    auto bounded = target(UA_NS0ID_INT32, 2);
    bounded.arrayDimensions = {0, 2};
    EXPECT_EQ(shown("[[1,2],[3,4],[5,6]]", bounded), "[[1,2],[3,4],[5,6]]");
    EXPECT_EQ(shown("[[1,2,3]]", bounded), "error: 3 elements are refused: the node takes 2");
}

TEST_F(ValueEncode, AbstractTypesTakeWhatTheNodeHolds) {
    auto to = target(UA_NS0ID_NUMBER);
    EXPECT_EQ(written("5", to), Value(std::int32_t{5}));
    EXPECT_EQ(written("5000000000", to), Value(std::int64_t{5'000'000'000}));
    EXPECT_EQ(written("18446744073709551615", to), Value(std::uint64_t{UINT64_MAX}));
    EXPECT_EQ(written("5.5", to), Value(5.5));
    to.current = BuiltInType::Double;
    EXPECT_EQ(written("5", to), Value(5.0));
    const auto any = target(UA_NS0ID_BASEDATATYPE, -2);
    EXPECT_EQ(written("true", any), Value(true));
    EXPECT_EQ(written("\"a\"", any), Value("a"));
    EXPECT_EQ(written("null", any), Value());
    EXPECT_EQ(written("[1,2.5]", any), Value(Array{BuiltInType::Double, std::vector<double>{1, 2.5}, {}}));
    EXPECT_NE(shown("[1,\"a\"]", any).find("an array of one kind"), std::string::npos);
    EXPECT_NE(shown("{\"a\":1}", any).find("the node takes any type"), std::string::npos);
}

class StructureEncode : public ValueEncode {
protected:
    StructureEncode() {
        defineEnumeration(types_, 5, {{0, "Stopped"}, {7, "Running"}});
        defineStructure(types_, 1, "Point", UA_STRUCTURETYPE_STRUCTURE,
                        {{"x", standardNode(UA_NS0ID_DOUBLE)}, {"y", standardNode(UA_NS0ID_DOUBLE)}});
        defineStructure(types_, 2, "Recipe", UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS,
                        {{"name", standardNode(UA_NS0ID_STRING)},
                         {"state", plantNode(5)},
                         {"limit", standardNode(UA_NS0ID_DOUBLE), -1, true},
                         {"path", plantNode(1), 1},
                         {"cells", standardNode(UA_NS0ID_INT32), 2},
                         {"note", standardNode(UA_NS0ID_STRING), -1, true}});
        defineStructure(types_, 3, "Setting", UA_STRUCTURETYPE_UNION,
                        {{"number", standardNode(UA_NS0ID_DOUBLE)}, {"word", standardNode(UA_NS0ID_STRING)}});
        defineStructure(types_, 4, "Holder", UA_STRUCTURETYPE_STRUCTUREWITHSUBTYPEDVALUES,
                        {{"any", standardNode(UA_NS0ID_NUMBER), -1, true}, {"leaf", plantNode(1), -1, true}});
    }
};

TEST_F(StructureEncode, RoundTrips) {
    const std::pair<UA_UInt32, std::string_view> cases[]{
        {2, R"({"name":"a","state":"Running_7","path":[{"x":1,"y":2}],"cells":[[1,2],[3,4]],"note":"n"})"},
        {2, R"({"name":"","state":"Stopped_0","limit":1.5,"path":[],"cells":[]})"},
        {3, R"({"word":"slow"})"},
        {3, R"({})"},
        {4, R"({"any":2.5,"leaf":{"x":1,"y":"NaN"}})"},
    };
    for (const auto& [type, text] : cases) {
        EXPECT_EQ(shown(text, target(plantNode(type))), text);
        // The model's value goes the same way.
        const Value value(Structure{std::string(text), {}});
        EXPECT_EQ(back(encodeValue(value, target(plantNode(type)), types_)), value);
    }
    EXPECT_EQ(shown(R"([{"x":1,"y":2},{"y":4,"x":3}])", target(plantNode(1), 1)),
              R"([{"x":1,"y":2},{"x":3,"y":4}])");
    const std::string_view recipes =
        R"([{"name":"a","state":"Running_7","path":[{"x":1,"y":2},{"x":1,"y":2}],"cells":[[1]]}])";
    EXPECT_EQ(shown(recipes, target(plantNode(2), 1)), recipes);
    EXPECT_EQ(written(R"({"Low":0,"High":10})", target(UA_NS0ID_RANGE)),
              Value(Structure{R"({"Low":0,"High":10})", {}}));
}

TEST_F(StructureEncode, SaysWhatIsWrongWithAField) {
    const std::pair<std::string_view, std::string_view> cases[]{
        {"7", "7 is refused: an object with the fields name, state, limit, path, cells, note is expected"},
        {"{", "the value is no JSON such as {\"field\":1}: at byte 1: it ends too early"},
        {R"({"nam":1})",
         "Recipe (nsu=http://plant/;i=2) has no field nam; it has name, state, limit, path, cells, note"},
        {R"({"name":"a"})", "the field state of Recipe (nsu=http://plant/;i=2) is missing"},
        {R"({"name":"a","state":7,"path":[{"x":1,"y":"z"}],"cells":[]})",
         "field path: element 0: field y: \"z\" is refused: a number, NaN, Infinity or -Infinity (Double) is "
         "expected"},
    };
    for (const auto& [text, message] : cases) {
        EXPECT_EQ(shown(text, target(plantNode(2))), "error: " + std::string(message));
    }
    EXPECT_EQ(shown(R"({"number":1,"word":"a"})", target(plantNode(3))),
              "error: Setting (nsu=http://plant/;i=3) is a union: only one of number, word can be given");
    EXPECT_EQ(shown("1", target(plantNode(77))), "error: the type nsu=http://plant/;i=77 is being read");
    EXPECT_EQ(back(encodeValue(Value(Structure{{}, "why"}), target(plantNode(2)), types_)),
              Value("error: a structure that is not decoded cannot be written: why"));
}

TEST_F(ValueEncode, TakesValuesOfTheModelWithoutLoss) {
    const Timestamp time = fromUnixMillis(1'577'836'800'000) + Ticks{1234567};
    const std::tuple<UA_UInt32, std::int32_t, Value> cases[]{
        {UA_NS0ID_BOOLEAN, -1, Value(true)},
        {UA_NS0ID_UINT64, -1, Value(std::uint64_t{UINT64_MAX})},
        {UA_NS0ID_INT64, -1, Value(std::int64_t{INT64_MIN})},
        {UA_NS0ID_FLOAT, -1, Value(0.1F)},
        {UA_NS0ID_DOUBLE, -1, Value(-std::numeric_limits<double>::infinity())},
        {UA_NS0ID_DATETIME, -1, Value(time)},
        {UA_NS0ID_DATETIME, -1, Value(Timestamp{Ticks{-116'444'736'000'000'000}})},
        {UA_NS0ID_STRING, -1, Value("a\"b")},
        {UA_NS0ID_BYTESTRING, -1, Value(ByteString{"\x01\xFF"})},
        {UA_NS0ID_GUID, -1, Value(Guid{{1, 2, 3}})},
        {UA_NS0ID_QUALIFIEDNAME, -1, Value(QualifiedName{2, "a:b"})},
        {UA_NS0ID_LOCALIZEDTEXT, -1, Value(LocalizedText{"de", "x"})},
        {UA_NS0ID_NODEID, -1, Value(NodeIdText{"nsu=http://plant/;i=7"})},
        {UA_NS0ID_STATUSCODE, -1, Value(StatusCode{UA_STATUSCODE_BADTIMEOUT})},
        {UA_NS0ID_DATETIME, 1, Value(Array{BuiltInType::DateTime, std::vector<Timestamp>{time, time}, {}})},
        {UA_NS0ID_BOOLEAN, 1, Value(Array{BuiltInType::Boolean, std::vector<bool>{true, false}, {}})},
        {UA_NS0ID_STRING, 1, Value(Array{BuiltInType::String, std::vector<Value>{Value("a")}, {}})},
        {UA_NS0ID_INT32, 3,
         Value(Array{BuiltInType::Int32, std::vector<std::int32_t>{1, 2, 3, 4, 5, 6, 7, 8}, {2, 2, 2}})},
    };
    for (const auto& [type, rank, value] : cases) {
        const Value result = back(encodeValue(value, target(type, rank), types_));
        EXPECT_EQ(result, value) << type;
    }
    EXPECT_EQ(back(encodeValue(Value(std::int32_t{300}), target(UA_NS0ID_BYTE), types_)),
              Value("error: 300 is refused: a whole number from 0 to 255 (Byte) is expected"));
}

}  // namespace
}  // namespace tagwire::source::opcua
