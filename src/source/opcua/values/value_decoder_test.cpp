#include "source/opcua/values/value_decoder.h"

#include <gtest/gtest.h>

#include "source/opcua/values/structure_testing.h"
#include "source/opcua/values/values_testing.h"

namespace tagwire::source::opcua {
namespace {

/// A structure of the plant, as the library hands on what it does not know.
struct EncodedValue {
    EncodedValue(UA_UInt32 encoding, std::string body) : bytes(std::move(body)) {
        object.encoding = UA_EXTENSIONOBJECT_ENCODED_BYTESTRING;
        object.content.encoded.typeId = plantNode(encoding);
        object.content.encoded.body = borrow(bytes);
        value.hasValue = true;
        UA_Variant_setScalar(&value.value, &object, &UA_TYPES[UA_TYPES_EXTENSIONOBJECT]);
    }
    std::string bytes;
    UA_ExtensionObject object{};
    UA_DataValue value{};
};

Value json(std::string_view text) { return Value(Structure{std::string(text), {}}); }

TEST(ValueDecoder, DeliversAgainOnceTheTypeIsRead) {
    ValueDecoder decoder(kNamespaces);
    const EncodedValue first(1001, TestBytes{}.number(1).bytes);
    const EncodedValue second(1001, TestBytes{}.number(2).bytes);
    EXPECT_EQ(decoder.decode(first.value, 7, kReceived).value,
              Value(Structure{
                  {}, "the type of the structure with encoding nsu=http://plant/;i=1001 is being read"}));
    EXPECT_TRUE(decoder.decode(second.value, 7, kReceived).status.isGood());
    defineStructure(decoder.types(), 1, "Count", UA_STRUCTURETYPE_STRUCTURE,
                    {{"n", standardNode(UA_NS0ID_INT32)}});
    const auto again = decoder.retry();
    ASSERT_EQ(again.size(), 1U);  // only the latest
    EXPECT_EQ(again[0].handle, 7U);
    EXPECT_EQ(again[0].value, (DataValue{json(R"({"n":2})"), {}, kReceived, kReceived}));
    EXPECT_TRUE(decoder.retry().empty());
    EXPECT_EQ(decoder.decode(first.value, 7, kReceived).value, json(R"({"n":1})"));
}

TEST(ValueDecoder, ANewerValueIsNotOvertakenByOneThatWaited) {
    ValueDecoder decoder(kNamespaces);
    const EncodedValue unknown(1001, TestBytes{}.number(1).bytes);
    (void)decoder.decode(unknown.value, 7, kReceived);
    double number = 5;
    UA_DataValue plain{};
    plain.hasValue = true;
    UA_Variant_setScalar(&plain.value, &number, &UA_TYPES[UA_TYPES_DOUBLE]);
    EXPECT_EQ(decoder.decode(plain, 7, kReceived).value, Value(5.0));
    EXPECT_TRUE(decoder.retry().empty());
}

TEST(ValueDecoder, GoesOnWaitingForTypesWithin) {
    ValueDecoder decoder(kNamespaces);
    const EncodedValue value(1001, TestBytes{}.number(1).bytes);
    (void)decoder.decode(value.value, 3, kReceived);
    defineStructure(decoder.types(), 1, "Count", UA_STRUCTURETYPE_STRUCTURE, {{"n", plantNode(2)}});
    ASSERT_EQ(decoder.retry().size(), 1U);
    decoder.types().setDerived(decoder.types().typeOf(plantNode(2)), standardNode(UA_NS0ID_INT32), false);
    const auto again = decoder.retry();
    ASSERT_EQ(again.size(), 1U);
    EXPECT_EQ(again[0].value.value, json(R"({"n":1})"));
}

TEST(ValueDecoder, KeepsOnlySoManyBytes) {
    ValueDecoder decoder(kNamespaces);
    const EncodedValue large(1001, std::string(ValueDecoder::kMaxWaitingBytes / 2, 'x'));
    for (std::uint32_t handle = 0; handle < 5; ++handle) (void)decoder.decode(large.value, handle, kReceived);
    EXPECT_EQ(decoder.retry().size(), 1U);
    decoder.types().failEncoding(plantNode(1001), "gone");
    EXPECT_EQ(decoder.retry().size(), 1U);
    EXPECT_TRUE(decoder.retry().empty());
    (void)decoder.decode(EncodedValue(1002, large.bytes).value, 1, kReceived);
    EXPECT_EQ(decoder.retry().size(), 1U);  // the bytes were given back
}

}  // namespace
}  // namespace tagwire::source::opcua
