#include "source/opcua/tool/typed_value.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <open62541/nodeids.h>

#include "model/plain_text.h"
#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:server", "http://plant/"};

class EncodeTyped : public testing::Test {
protected:
    WriteTarget target(UA_UInt32 type, std::int32_t rank = -1) {
        return {.dataType = types_.typeOf(standardNode(type)), .valueRank = rank};
    }

    /// As the node would read afterwards; or "! " and the error.
    std::string written(std::string_view text, const WriteTarget& to, bool part = false) {
        auto encoded = encodeTyped(text, to, types_, part);
        if (!encoded) return "! " + encoded.error().message;
        Ua<UA_DataValue> holder;
        holder->hasValue = true;
        std::swap(holder->value, encoded->get());
        ConvertContext context{.namespaces = kNamespaces, .types = &types_};
        std::string out;
        appendPlainText(out, convert(holder.get(), context, Timestamp{}).value);
        return out;
    }

    StructureTypes types_{kNamespaces};
};

TEST_F(EncodeTyped, ShowsAnExampleOfWhatFits) {
    EXPECT_EQ(written("300", target(UA_NS0ID_BYTE)),
              "! 300 is refused: a whole number from 0 to 255 (Byte) is expected; for example: 42");
    EXPECT_THAT(written("5", target(UA_NS0ID_INT32, 2)), EndsWith("for example: [[42,42],[42,42]]"));
    EXPECT_THAT(written("{", target(UA_NS0ID_RANGE)), EndsWith(R"(for example: {"Low":21.5,"High":21.5})"));
    defineEnumeration(types_, 5, {{0, "Stopped"}, {7, "Running"}});
    const WriteTarget state{.dataType = types_.typeOf(plantNode(5))};
    EXPECT_EQ(written("Running", state), "7");
    EXPECT_THAT(written("Walking", state), EndsWith("for example: Running"));
    EXPECT_EQ(written("{}", target(UA_NS0ID_STRUCTURE)),
              "! a structure of an abstract type cannot be written");
}

TEST_F(EncodeTyped, TakesTimesAsTheOptionsDo) {
    const auto time = target(UA_NS0ID_DATETIME);
    EXPECT_EQ(written("2026-11-23", time), "2026-11-23T00:00:00.000Z");
    EXPECT_EQ(written("2026-11-23T08:00+02:00", time), "2026-11-23T06:00:00.000Z");
    EXPECT_EQ(written("2026-11-23T08:00:00.1234567Z", time), "2026-11-23T08:00:00.123Z");
    for (const char* text : {"now", "-2h"}) EXPECT_THAT(written(text, time), StartsWith("20")) << text;
    EXPECT_THAT(written("tomorrow", time), HasSubstr("a time with its zone"));
    EXPECT_EQ(written("now", target(UA_NS0ID_STRING)), "now");
}

TEST_F(EncodeTyped, AnElementThatARangeNamesNeedsNoBrackets) {
    EXPECT_EQ(written("5", target(UA_NS0ID_INT32, 1), true), "[5]");
    EXPECT_EQ(written("[5,6]", target(UA_NS0ID_INT32, 1), true), "[5,6]");
    EXPECT_EQ(written("a b", target(UA_NS0ID_STRING, 1), true), "[\"a b\"]");
    EXPECT_EQ(written("5", target(UA_NS0ID_INT32, 2), true), "[[5]]");
    EXPECT_EQ(written("[[5,6]]", target(UA_NS0ID_INT32, 2), true), "[[5,6]]");
    EXPECT_EQ(written("5", target(UA_NS0ID_INT32, 0), true), "[5]");
    EXPECT_EQ(written("ab", target(UA_NS0ID_STRING), true), "ab") << "a part of a text";
    EXPECT_EQ(written(R"({"Low":1,"High":2})", target(UA_NS0ID_RANGE, 1), true), R"([{"Low":1,"High":2}])");
    auto bounded = target(UA_NS0ID_INT32, 1);
    bounded.arrayDimensions = {2};
    EXPECT_EQ(written("5", bounded, true), "[5]");
    EXPECT_THAT(written("x", target(UA_NS0ID_BYTE, 1), true), StartsWith("! \"x\" is refused"));
}

TEST_F(EncodeTyped, GuessesWhereTheNodeTakesAnything) {
    const auto any = target(UA_NS0ID_BASEDATATYPE, -2);
    EXPECT_EQ(encodeTyped("1.5", any, types_)->get().type, &UA_TYPES[UA_TYPES_DOUBLE]);
    EXPECT_EQ(encodeTyped("true", any, types_)->get().type, &UA_TYPES[UA_TYPES_BOOLEAN]);
    EXPECT_EQ(encodeTyped("1.5 bar", any, types_)->get().type, &UA_TYPES[UA_TYPES_STRING]);
    EXPECT_EQ(written("[1,2]", any), "[1,2]");
    EXPECT_EQ(written("[1,2]", target(UA_NS0ID_STRING)), "[1,2]") << "a text that looks like an array";
}

TEST(TypeOption, TakesNamesInAnyCaseAndNodeIds) {
    EXPECT_EQ(typeOption("double").value().text(), "i=11");
    EXPECT_EQ(typeOption("Int32").value().text(), "i=6");
    EXPECT_EQ(typeOption("nsu=http://plant/;i=3001").value().text(), "nsu=http://plant/;i=3001");
    const auto real = typeOption("real");
    ASSERT_FALSE(real);
    EXPECT_EQ(real.error().exit, Exit::Usage);
    EXPECT_THAT(real.error().message, HasSubstr("no type 'real'; write Boolean"));
}

}  // namespace
}  // namespace tagwire::source::opcua
