#include "source/opcua/tool/value_words.h"

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/plain_text.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

using testing::HasSubstr;

const std::vector<std::string> kNamespaces{"http://opcfoundation.org/UA/", "urn:server", "http://plant/"};

NodeType typeOf(BuiltInType builtIn, std::int32_t rank = -1) {
    NodeType type;
    type.builtIn = builtIn;
    type.valueRank = rank;
    return type;
}

/// As the node would read afterwards; or "! " and the error.
std::string written(std::string_view text, const NodeType& type, bool part = false) {
    auto encoded = encodeWords(text, type, kNamespaces, part);
    if (!encoded) return "! " + encoded.error().message;
    Ua<UA_DataValue> holder;
    holder->hasValue = true;
    std::swap(holder->value, encoded->get());
    std::string out;
    appendPlainText(out, convert(holder.get(), kNamespaces, Timestamp{}).value);
    return out;
}

TEST(EncodeWords, EveryTypeThatHasATextForm) {
    const std::vector<std::pair<BuiltInType, std::string>> cases{
        {BuiltInType::Boolean, "true"},
        {BuiltInType::SByte, "-128"},
        {BuiltInType::Byte, "255"},
        {BuiltInType::Int16, "-32768"},
        {BuiltInType::UInt16, "65535"},
        {BuiltInType::Int32, "-2147483648"},
        {BuiltInType::UInt32, "4294967295"},
        {BuiltInType::Int64, "-9223372036854775808"},
        {BuiltInType::UInt64, "18446744073709551615"},
        {BuiltInType::Float, "0.1"},
        {BuiltInType::Double, "-0.25"},
        {BuiltInType::String, "a \"b\" 泵"},
        {BuiltInType::DateTime, "2026-11-23T08:00:00.000Z"},
        {BuiltInType::Guid, "72962b91-fa75-4ae6-8d28-b404dc7daf63"},
        {BuiltInType::ByteString, "AAH+/w=="},
        {BuiltInType::XmlElement, "<a/>"},
        {BuiltInType::NodeId, "nsu=http://plant/;s=Pump"},
        {BuiltInType::ExpandedNodeId, "i=85"},
        {BuiltInType::QualifiedName, "2:Level"},
        {BuiltInType::LocalizedText, "Stufe"},
    };
    for (const auto& [type, text] : cases) EXPECT_EQ(written(text, typeOf(type)), text) << typeName(type);
}

TEST(EncodeWords, WhatDoesNotFitSaysWhatTheNodeTakes) {
    EXPECT_THAT(written("256", typeOf(BuiltInType::Byte)), HasSubstr("Byte, whole numbers from 0 to 255"));
    EXPECT_THAT(written("1.5", typeOf(BuiltInType::Int32)), HasSubstr("! '1.5' does not fit"));
    EXPECT_THAT(written("abc", typeOf(BuiltInType::Double)), HasSubstr("such as 21.5"));
    EXPECT_THAT(written("yes", typeOf(BuiltInType::Boolean)), HasSubstr("true or false"));
    EXPECT_THAT(written("a", typeOf(BuiltInType::ByteString)), HasSubstr("base64"));
    EXPECT_THAT(written("tomorrow", typeOf(BuiltInType::DateTime)), HasSubstr("! 'tomorrow' is no time"));
    EXPECT_THAT(written("123", typeOf(BuiltInType::Guid)), HasSubstr("Guid, such as"));
    EXPECT_THAT(written("x", typeOf(BuiltInType::NodeId)), HasSubstr("no node id"));
    EXPECT_THAT(written("nsu=urn:else;i=1", typeOf(BuiltInType::NodeId)),
                HasSubstr("namespace that the server"));
    EXPECT_THAT(written("{}", typeOf(BuiltInType::ExtensionObject)), HasSubstr("cannot be written"));
    EXPECT_THAT(written("", typeOf(BuiltInType::Int16)), HasSubstr("! "));
}

TEST(EncodeWords, Arrays) {
    EXPECT_EQ(written("[1, -2, 3]", typeOf(BuiltInType::Int32, 1)), "[1,-2,3]");
    EXPECT_EQ(written("[]", typeOf(BuiltInType::Int32, 1)), "[]");
    EXPECT_EQ(written(R"(["a", "b\"c"])", typeOf(BuiltInType::String, 1)), R"(["a","b\"c"])");
    EXPECT_EQ(written("[0.5, 21.5]", typeOf(BuiltInType::Float, 1)), "[0.5,21.5]");
    EXPECT_THAT(written("5", typeOf(BuiltInType::Int32, 1)), HasSubstr("takes an array"));
    EXPECT_EQ(written("5", typeOf(BuiltInType::Int32, 1), true), "[5]") << "one element of an array";
    EXPECT_THAT(written("[1, 300]", typeOf(BuiltInType::Byte, 1)), HasSubstr("! element 1: '300'"));
    EXPECT_THAT(written("[1, [2]]", typeOf(BuiltInType::Byte, 1)), HasSubstr("! an array's elements"));
    EXPECT_THAT(written("[1, 2", typeOf(BuiltInType::Byte, 1)), HasSubstr("takes an array"));
    EXPECT_THAT(written("[1]", typeOf(BuiltInType::Byte, 2)), HasSubstr("--range"));
    auto two = typeOf(BuiltInType::Int32, 1);
    two.dimensions = {2};
    EXPECT_THAT(written("[1,2,3]", two), HasSubstr("2 at most"));
}

TEST(EncodeWords, GuessesWhereTheNodeTakesAnything) {
    const NodeType any;
    EXPECT_EQ(encodeWords("1.5", any, {})->get().type, &UA_TYPES[UA_TYPES_DOUBLE]);
    EXPECT_EQ(encodeWords("true", any, {})->get().type, &UA_TYPES[UA_TYPES_BOOLEAN]);
    EXPECT_EQ(encodeWords("1.5 bar", any, {})->get().type, &UA_TYPES[UA_TYPES_STRING]);
    EXPECT_EQ(written("[1,2]", any), "[1,2]");
    EXPECT_EQ(written("[1,2]", typeOf(BuiltInType::String)), "[1,2]") << "a text that looks like an array";
}

TEST(TypeNamed, InAnyCase) {
    EXPECT_EQ(typeNamed("double"), BuiltInType::Double);
    EXPECT_EQ(typeNamed("Int32"), BuiltInType::Int32);
    EXPECT_EQ(typeNamed("real"), BuiltInType::Null);
}

}  // namespace
}  // namespace tagwire::source::opcua
