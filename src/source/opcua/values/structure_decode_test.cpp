#include "source/opcua/values/structure_decode.h"

#include <limits>
#include <random>

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/value_convert.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

const UA_NodeId kDouble = standardNode(UA_NS0ID_DOUBLE);
const UA_NodeId kInt32 = standardNode(UA_NS0ID_INT32);
const UA_NodeId kString = standardNode(UA_NS0ID_STRING);

class StructureDecode : public testing::Test {
protected:
    std::string decoded(TypeIndex type, const TestBytes& body) {
        budget_ = {};
        auto json = decodeBody(body.bytes, type, types_, budget_);
        if (!json) return (json.error().pending ? "pending: " : "error: ") + json.error().reason;
        boost::json::error_code error;
        boost::json::parse(*json, error);
        EXPECT_FALSE(error) << *json;
        return *json;
    }

    StructureTypes types_{kNamespaces};
    ValueBudget budget_;
};

TEST_F(StructureDecode, PlainFieldsByName) {
    const auto type = defineStructure(
        types_, 1, "Point", UA_STRUCTURETYPE_STRUCTURE,
        {{"x", kDouble}, {"na\"me", kString}, {"big", standardNode(UA_NS0ID_UINT64)}, {"nan", kDouble}});
    TestBytes body;
    body.number(1.5)
        .text("p\xFF")
        .number(std::uint64_t{1} << 63U)
        .number(std::numeric_limits<double>::quiet_NaN());
    EXPECT_EQ(decoded(type, body),
              "{\"x\":1.5,\"na\\\"me\":\"p\xEF\xBF\xBD\",\"big\":\"9223372036854775808\",\"nan\":\"NaN\"}");
    EXPECT_EQ(budget_.bytes, ValueLimits::kMaxBytes - decoded(type, body).size());
}

TEST_F(StructureDecode, EveryBuiltInType) {
    const auto type = defineStructure(types_, 1, "All", UA_STRUCTURETYPE_STRUCTURE, [] {
        std::vector<TestField> fields;
        static const std::vector<std::string> names = [] {
            std::vector<std::string> out;
            for (int i = 1; i <= 21; ++i) out.push_back("f" + std::to_string(i));
            return out;
        }();
        for (UA_UInt32 i = 1; i <= 21; ++i) fields.push_back({names[i - 1], standardNode(i)});
        return fields;
    }());
    TestBytes body;
    body.number(std::uint8_t{1}).number(std::int8_t{-1}).number(std::uint8_t{255});
    body.number(std::int16_t{-2})
        .number(std::uint16_t{65535})
        .number(std::int32_t{-3})
        .number(4'000'000'000U);
    body.number(INT64_MIN).number(UINT64_MAX).number(1.5F).number(-2.5).text("text");
    body.number(std::int64_t{132'223'104'000'000'000});
    body.number(0x09087e75U).number(std::uint16_t{0x8e5e}).number(std::uint16_t{0x499b});
    body.bytes += "\x95\x4f\xf2\xa9\x60\x3d\xb2\x8a";
    body.text("\x01\xFF").text("<a/>");
    body.number(std::uint8_t{3}).number(std::uint16_t{2}).text("Pump");                // string NodeId
    body.number(std::uint8_t{0xC0}).number(std::uint8_t{5}).text("urn:o").number(1U);  // expanded, two bytes
    body.number(std::uint32_t{UA_STATUSCODE_BADTIMEOUT});
    body.number(std::uint16_t{2}).text("Temp");
    body.number(std::uint8_t{2}).text("hello");
    EXPECT_EQ(
        decoded(type, body),
        R"({"f1":true,"f2":-1,"f3":255,"f4":-2,"f5":65535,"f6":-3,"f7":4000000000,)"
        R"("f8":"-9223372036854775808","f9":"18446744073709551615","f10":1.5,"f11":-2.5,"f12":"text",)"
        R"("f13":1577836800000,"f14":"09087e75-8e5e-499b-954f-f2a9603db28a","f15":"Af8=","f16":"<a/>",)"
        R"("f17":"nsu=http://plant/;s=Pump","f18":"svr=1;nsu=urn:o;i=5","f19":2148139008,"f20":"2:Temp",)"
        R"("f21":{"locale":"","text":"hello"}})");
}

TEST_F(StructureDecode, NestedArraysMatricesAndEnumerations) {
    defineEnumeration(types_, 5, {{0, "Stopped"}, {7, "Running"}});
    defineEnumeration(types_, 6, {{0, "Bit"}}, UA_NS0ID_UINT16);  // an option set
    defineStructure(types_, 1, "Point", UA_STRUCTURETYPE_STRUCTURE, {{"x", kDouble}});
    const auto type = defineStructure(types_, 2, "Path", UA_STRUCTURETYPE_STRUCTURE,
                                      {{"points", plantNode(1), 1},
                                       {"cells", kInt32, 2},
                                       {"state", plantNode(5)},
                                       {"other", plantNode(5)},
                                       {"bits", plantNode(6)},
                                       {"none", kString, 1}});
    TestBytes body;
    body.number(2).number(1.0).number(2.0);
    body.number(2).number(2).number(2).number(1).number(2).number(3).number(4);
    body.number(7).number(8).number(std::uint16_t{5}).number(-1);
    EXPECT_EQ(decoded(type, body),
              R"({"points":[{"x":1},{"x":2}],"cells":[[1,2],[3,4]],"state":"Running_7","other":8,"bits":5,)"
              R"("none":[]})");
    TestBytes empty;
    empty.number(0).number(2).number(0).number(0x7FFFFFFF);
    empty.number(0).number(0).number(std::uint16_t{0}).number(0);
    EXPECT_EQ(decoded(type, empty),
              R"({"points":[],"cells":[],"state":"Stopped_0","other":"Stopped_0","bits":0,"none":[]})");
    TestBytes wrongRank;
    wrongRank.number(0).number(3);
    EXPECT_EQ(decoded(type, wrongRank),
              "error: structure Path (nsu=http://plant/;i=2): field cells: it has 3 "
              "dimensions instead of 2");
}

TEST_F(StructureDecode, OptionalFieldsAndUnions) {
    const auto sparse = defineStructure(types_, 1, "Sparse", UA_STRUCTURETYPE_STRUCTUREWITHOPTIONALFIELDS,
                                        {{"a", kInt32, -1, true}, {"b", kInt32}, {"c", kInt32, -1, true}});
    EXPECT_EQ(decoded(sparse, TestBytes{}.number(2U).number(5).number(6)), R"({"b":5,"c":6})");
    EXPECT_EQ(decoded(sparse, TestBytes{}.number(0U).number(5)), R"({"b":5})");
    EXPECT_EQ(decoded(sparse, TestBytes{}.number(3U).number(4).number(5).number(6)),
              R"({"a":4,"b":5,"c":6})");
    const auto choice = defineStructure(types_, 2, "Choice", UA_STRUCTURETYPE_UNION,
                                        {{"number", kDouble}, {"word", kString}});
    EXPECT_EQ(decoded(choice, TestBytes{}.number(2U).text("x")), R"({"word":"x"})");
    EXPECT_EQ(decoded(choice, TestBytes{}.number(0U)), "{}");
    EXPECT_EQ(decoded(choice, TestBytes{}.number(3U)),
              "error: structure Choice (nsu=http://plant/;i=2): the union has no field 3");
}

TEST_F(StructureDecode, FieldsThatMayBeOfADerivedType) {
    defineStructure(types_, 1, "Base", UA_STRUCTURETYPE_STRUCTURE, {}, true);
    defineStructure(types_, 2, "Leaf", UA_STRUCTURETYPE_STRUCTURE, {{"x", kInt32}});
    const auto type = defineStructure(types_, 3, "Holder", UA_STRUCTURETYPE_STRUCTUREWITHSUBTYPEDVALUES,
                                      {{"any", standardNode(UA_NS0ID_NUMBER), -1, true},
                                       {"leaf", plantNode(2), -1, true},
                                       {"abstract", plantNode(1)}});
    const TestBytes leaf = TestBytes{}.number(7);
    const auto object = [&](TestBytes& out) {
        out.number(std::uint8_t{1}).number(std::uint8_t{2}).number(std::uint16_t{1002});
        out.number(std::uint8_t{1}).text(leaf.bytes);
    };
    TestBytes body;
    body.number(std::uint8_t{11}).number(2.5);
    object(body);
    object(body);
    EXPECT_EQ(decoded(type, body), R"({"any":2.5,"leaf":{"x":7},"abstract":{"x":7}})");
}

TEST_F(StructureDecode, VariantsDataValuesAndDiagnostics) {
    const auto type = defineStructure(types_, 1, "Any", UA_STRUCTURETYPE_STRUCTURE,
                                      {{"v", standardNode(UA_NS0ID_BASEDATATYPE)},
                                       {"a", standardNode(UA_NS0ID_BASEDATATYPE)},
                                       {"m", standardNode(UA_NS0ID_BASEDATATYPE)},
                                       {"d", standardNode(UA_NS0ID_DATAVALUE)},
                                       {"i", standardNode(UA_NS0ID_DIAGNOSTICINFO)}});
    TestBytes body;
    body.number(std::uint8_t{0});
    body.number(std::uint8_t{0x80 | 6}).number(2).number(1).number(2);
    body.number(std::uint8_t{0xC0 | 6}).number(2).number(1).number(2).number(2).number(2).number(1);
    body.number(std::uint8_t{0x3F}).number(std::uint8_t{1}).number(std::uint8_t{1});
    body.number(UA_STATUSCODE_BADTIMEOUT).number(std::int64_t{0}).number(std::uint16_t{1});
    body.number(std::int64_t{132'223'104'000'000'000}).number(std::uint16_t{1});
    body.number(std::uint8_t{0x51})
        .number(1)
        .text("pump")
        .number(std::uint8_t{0x20})
        .number(UA_STATUSCODE_BADTIMEOUT);
    EXPECT_EQ(decoded(type, body), R"({"v":null,"a":[1,2],"m":[1,2],"d":{"v":true,"q":2148139008,)"
                                   R"("ts":1577836800000},"i":"pump: BadTimeout"})");
}

TEST_F(StructureDecode, UnknownStructuresWithinAreOpaqueAndWanted) {
    const auto type = defineStructure(types_, 1, "Holder", UA_STRUCTURETYPE_STRUCTURE,
                                      {{"o", standardNode(UA_NS0ID_STRUCTURE)}, {"x", kInt32}});
    TestBytes body;
    body.number(std::uint8_t{1}).number(std::uint8_t{2}).number(std::uint16_t{77});
    body.number(std::uint8_t{1}).text("abcd").number(5);
    EXPECT_EQ(decoded(type, body), R"({"o":{"opaque":"the type of the structure with encoding )"
                                   R"(nsu=http://plant/;i=77 is being read"},"x":5})");
    EXPECT_TRUE(budget_.awaitsTypes);
    EXPECT_TRUE(types_.hasWanted());
    types_.failEncoding(plantNode(77), "it is secret");
    EXPECT_EQ(decoded(type, body), R"({"o":{"opaque":"structure with encoding nsu=http://plant/;i=77 is not )"
                                   R"(known: it is secret"},"x":5})");
    EXPECT_FALSE(budget_.awaitsTypes);
}

TEST_F(StructureDecode, AFieldWhoseTypeIsMissingMakesTheWholeWait) {
    const auto type =
        defineStructure(types_, 1, "Holder", UA_STRUCTURETYPE_STRUCTURE, {{"x", plantNode(50)}});
    EXPECT_EQ(
        decoded(type, TestBytes{}.number(1)),
        "pending: structure Holder (nsu=http://plant/;i=1): field x: the type nsu=http://plant/;i=50 is "
        "being read");
    types_.setDerived(types_.typeOf(plantNode(50)), kInt32, false);
    EXPECT_EQ(decoded(type, TestBytes{}.number(1)), R"({"x":1})");
    types_.setDerived(types_.typeOf(plantNode(50)), standardNode(UA_NS0ID_STRUCTURE), false);
    EXPECT_EQ(
        decoded(type, TestBytes{}.number(1)),
        "error: structure Holder (nsu=http://plant/;i=1): field x: type nsu=http://plant/;i=50: the server "
        "gives no DataTypeDefinition for it, as servers before OPC UA 1.04 did");
}

TEST_F(StructureDecode, RefusesWhatDoesNotFit) {
    const auto type =
        defineStructure(types_, 1, "Two", UA_STRUCTURETYPE_STRUCTURE, {{"a", kInt32}, {"b", kString}});
    const std::string name = "error: structure Two (nsu=http://plant/;i=1): ";
    EXPECT_EQ(decoded(type, TestBytes{}.number(1).text("x").number(std::uint8_t{0})),
              name + "bytes are left over; does its definition fit?");
    EXPECT_EQ(decoded(type, TestBytes{}.number(std::uint8_t{1})),
              name + "field a: its bytes end too early or make no sense; does its definition fit?");
    EXPECT_EQ(decoded(type, TestBytes{}.number(1).number(0x7FFFFFFF)),
              name + "field b: its bytes end too early or make no sense; does its definition fit?");
}

TEST_F(StructureDecode, BoundsDepthElementsAndBytes) {
    const auto list =
        defineStructure(types_, 1, "List", UA_STRUCTURETYPE_STRUCTURE, {{"next", plantNode(1), 1}});
    TestBytes deep;
    for (int i = 0; i < 1000; ++i) deep.number(1);
    deep.number(0);
    EXPECT_NE(decoded(list, deep).find("nested too deeply"), std::string::npos);
    const auto itself =
        defineStructure(types_, 9, "Self", UA_STRUCTURETYPE_STRUCTURE, {{"me", plantNode(9)}});
    EXPECT_NE(decoded(itself, {}).find("nested too deeply"), std::string::npos);

    defineStructure(types_, 2, "Nothing", UA_STRUCTURETYPE_STRUCTURE, {});
    const auto many =
        defineStructure(types_, 3, "Many", UA_STRUCTURETYPE_STRUCTURE, {{"n", plantNode(2), 1}});
    EXPECT_NE(decoded(many, TestBytes{}.number(0x7FFFFFFF)).find("more elements than Tagwire takes (65536)"),
              std::string::npos);
    EXPECT_EQ(decoded(many, TestBytes{}.number(65536)).size(), 65536 * 3 - 1 + 8U);

    const auto text = defineStructure(types_, 4, "Text", UA_STRUCTURETYPE_STRUCTURE, {{"t", kString}});
    EXPECT_NE(decoded(text, TestBytes{}.text(std::string(2'000'000, 'x'))).find("larger than Tagwire takes"),
              std::string::npos);
    EXPECT_EQ(budget_.bytes, 0U);  // what failed has been paid for

    // 4096 fields of 4096 fields of …, all of no bytes.
    std::vector<std::string> names;
    names.reserve(4096);
    for (int i = 0; i < 4096; ++i) names.push_back(std::to_string(i));
    for (UA_UInt32 level = 10; level < 20; ++level) {
        std::vector<TestField> fields;
        fields.reserve(names.size());
        for (const auto& name : names) fields.push_back({name, plantNode(level == 10 ? 2 : level - 1)});
        defineStructure(types_, level, "Bomb", UA_STRUCTURETYPE_STRUCTURE, fields);
    }
    EXPECT_NE(decoded(types_.typeOf(plantNode(19)), {}).find("larger than Tagwire takes"), std::string::npos);
}

/// Writes a random body of the type, as a correct server would.
class RandomBody {
public:
    RandomBody(const StructureTypes& types, unsigned seed) : types_(types), random_(seed) {}

    std::string of(TypeIndex type) {
        const auto resolved = types_.resolve(type);
        if (resolved->structure != nullptr) {
            structure(*resolved->structure);
        } else {
            builtIn(resolved->builtIn);
        }
        return std::move(out_.bytes);
    }

private:
    unsigned pick(unsigned most) { return static_cast<unsigned>(random_() % (most + 1)); }

    void structure(const DataTypeEntry& type) {
        if (type.form == TypeForm::Union) {
            const auto chosen = pick(static_cast<unsigned>(type.fields.size()));
            out_.number(chosen);
            if (chosen > 0) field(type.fields[chosen - 1]);
            return;
        }
        const bool sparse = type.form == TypeForm::StructureWithOptionalFields;
        unsigned mask = static_cast<unsigned>(random_());
        if (sparse) {
            const auto count = std::ranges::count_if(type.fields, &StructureField::optional);
            mask &= (1U << static_cast<unsigned>(count)) - 1;
            out_.number(mask);
        }
        for (const auto& each : type.fields) {
            if (each.optional && (std::exchange(mask, mask >> 1U) & 1U) == 0) continue;
            field(each);
        }
    }
    void field(const StructureField& field) {
        const unsigned count = field.valueRank < 0 ? 1 : pick(3);
        if (field.valueRank >= 0) out_.number(static_cast<std::int32_t>(count));
        for (unsigned i = 0; i < count; ++i) {
            const auto type = types_.resolve(field.type);
            if (type->structure != nullptr) {
                structure(*type->structure);
            } else {
                builtIn(type->builtIn);
            }
        }
    }
    void text() {
        std::string letters(pick(5), 'a');
        for (char& c : letters) c = static_cast<char>(random_());
        out_.text(letters);
    }
    void builtIn(BuiltInType type) {
        switch (type) {
            case BuiltInType::Boolean: out_.number(static_cast<std::uint8_t>(pick(1))); break;
            case BuiltInType::SByte:
            case BuiltInType::Byte: out_.number(static_cast<std::uint8_t>(random_())); break;
            case BuiltInType::Int16:
            case BuiltInType::UInt16: out_.number(static_cast<std::uint16_t>(random_())); break;
            case BuiltInType::Int32:
            case BuiltInType::UInt32:
            case BuiltInType::Float:
            case BuiltInType::StatusCode: out_.number(static_cast<std::uint32_t>(random_())); break;
            case BuiltInType::Int64:
            case BuiltInType::UInt64:
            case BuiltInType::Double: out_.number(random_()); break;
            case BuiltInType::DateTime: out_.number(static_cast<std::int64_t>(random_() >> 2U)); break;
            case BuiltInType::String:
            case BuiltInType::ByteString:
            case BuiltInType::XmlElement: text(); break;
            case BuiltInType::Guid: out_.number(random_()).number(random_()); break;
            case BuiltInType::NodeId:
            case BuiltInType::ExpandedNodeId:
                out_.number(std::uint8_t{1})
                    .number(std::uint8_t{2})
                    .number(static_cast<std::uint16_t>(random_()));
                break;
            case BuiltInType::QualifiedName:
                out_.number(std::uint16_t{1});
                text();
                break;
            case BuiltInType::LocalizedText:
                out_.number(std::uint8_t{3});
                text();
                text();
                break;
            case BuiltInType::ExtensionObject: out_.number(std::uint16_t{0}).number(std::uint8_t{0}); break;
            case BuiltInType::DataValue:
                out_.number(std::uint8_t{1}).number(std::uint8_t{11}).number(random_());
                break;
            case BuiltInType::Variant:
                out_.number(std::uint8_t{0x80 | 13})
                    .number(2)
                    .number(random_() >> 2U)
                    .number(random_() >> 2U);
                break;
            case BuiltInType::DiagnosticInfo: out_.number(std::uint8_t{0}); break;
            default: FAIL() << static_cast<int>(type);
        }
    }

    const StructureTypes& types_;
    std::mt19937_64 random_;
    TestBytes out_;
};

/// What the library decodes and we show member by member is what we decode ourselves from the same bytes, for
/// every structure of OPC UA.
TEST_F(StructureDecode, AgreesWithTheLibraryOnEveryStructureOfOpcUa) {
    int compared = 0;
    for (const UA_DataType& type : UA_TYPES) {
        if (type.typeKind < UA_DATATYPEKIND_STRUCTURE || type.typeKind > UA_DATATYPEKIND_UNION) continue;
        const TypeIndex index = types_.typeOf(type.typeId);
        if (types_[index].fields.empty()) continue;
        for (unsigned seed = 0; seed < 20; ++seed) {
            const std::string body = RandomBody(types_, seed).of(index);
            std::vector<std::byte> decodedByLibrary(type.memSize);
            const UA_ByteString bytes = borrow(body);
            ASSERT_EQ(UA_decodeBinary(&bytes, decodedByLibrary.data(), &type, nullptr), UA_STATUSCODE_GOOD)
                << type.typeName;
            UA_DataValue value{};
            value.hasValue = true;
            UA_Variant_setScalar(&value.value, decodedByLibrary.data(), &type);
            const DataValue walked = convert(value, kNamespaces, {});
            UA_clear(decodedByLibrary.data(), &type);
            EXPECT_EQ(decoded(index, {body}), walked.value.getIf<Structure>()->json) << type.typeName;
            ++compared;
        }
    }
    EXPECT_GT(compared, 20 * 150);
}

}  // namespace
}  // namespace tagwire::source::opcua
