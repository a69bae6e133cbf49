#include "source/opcua/services/method_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/services/service_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::HasSubstr;

ValueEncoder always(double number) {
    return
        [number](const WriteTarget&, StructureTypes&) { return Result<Ua<UA_Variant>>(variantOf(number)); };
}
ValueEncoder typed(std::string text) {
    return [text = std::move(text)](const WriteTarget& target, StructureTypes& types) {
        return encodeText(text, target, types);
    };
}
ValueEncoder steps(std::vector<std::int32_t> numbers) {
    return [numbers = std::move(numbers)](const WriteTarget&, StructureTypes&) {
        return Result<Ua<UA_Variant>>(variantOf(numbers));
    };
}

class MethodCallTest : public testing::Test {
protected:
    std::vector<CallOutcome> call(std::vector<CallItem> items) {
        std::optional<std::vector<CallOutcome>> answer;
        callMethods(connected_.client(), connected_.limits(), connected_.types(), std::move(items),
                    [&](std::vector<CallOutcome>& outcomes) { answer = std::move(outcomes); });
        EXPECT_TRUE(connected_.until([&] { return answer.has_value(); }));
        return std::move(answer).value_or(std::vector<CallOutcome>{});
    }
    CallItem item(const std::string& method, std::vector<ValueEncoder> inputs,
                  const std::string& object = "Plant") {
        return {connected_.node(object), connected_.node(method), std::move(inputs), false};
    }
    CallOutcome callOne(CallItem item) { return std::move(call(listOf(std::move(item))).at(0)); }

    ServiceClient connected_{{"services=1", "per_read=3"}};
};

TEST_F(MethodCallTest, NamesTheOutputs) {
    const auto outcome = callOne(item("Plant.Mix", {always(1.5), steps({1, 2})}));
    EXPECT_EQ(outcome.status, StatusCode{}) << outcome.message;
    EXPECT_EQ(signatureText(outcome.inputs, connected_.types().types()), "(Litres: Double, Steps: Int32[])");
    EXPECT_EQ(signatureText(outcome.outputs, connected_.types().types()), "(Total: Double, Text: String)");
    ASSERT_EQ(outcome.results.size(), 2U);
    EXPECT_EQ(connected_.valueOf(outcome.results[0]), Value(4.5));
    EXPECT_EQ(connected_.valueOf(outcome.results[1]), Value("2 steps"));
}

TEST_F(MethodCallTest, TakesAndGivesStructures) {
    const std::string recipe = R"({"Name":"x","State":0,"Origin":{"X":5,"Y":6},"Samples":[1,2]})";
    const auto outcome = callOne(item("Kitchen.Cook", {typed(recipe), typed("2")}, "Kitchen"));
    EXPECT_EQ(outcome.status, StatusCode{}) << outcome.message;
    EXPECT_EQ(signatureText(outcome.inputs, connected_.types().types()), "(Recipe: Recipe, State: Int32)");
    ASSERT_EQ(outcome.results.size(), 1U);
    EXPECT_EQ(connected_.valueOf(outcome.results[0]),
              Value(Structure{R"({"Name":"x","State":2,"Origin":{"X":5,"Y":6},"Samples":[1,2]})", {}}));
    EXPECT_THAT(callOne(item("Kitchen.Cook", {typed("{}"), typed("2")}, "Kitchen")).message,
                HasSubstr("input Recipe: the field Name of Recipe"));
}

TEST_F(MethodCallTest, DescribesWithoutCalling) {
    auto asked = item("Plant.Mix", {});
    asked.describeOnly = true;
    const auto outcome = callOne(std::move(asked));
    EXPECT_EQ(outcome.status, StatusCode{});
    EXPECT_EQ(outcome.inputs.size(), 2U);
    EXPECT_EQ(outcome.inputs[0].description, "for tests");
    EXPECT_EQ(outcome.results.size(), 0U);
}

TEST_F(MethodCallTest, RefusesWithWords) {
    EXPECT_THAT(callOne(item("Plant.Mix", {always(1)})).message,
                HasSubstr("takes 2 inputs (Litres: Double, Steps: Int32[]), and 1 was given"));
    EXPECT_EQ(callOne(item("Plant.Stop", {always(1)})).status.code(), UA_STATUSCODE_BADTOOMANYARGUMENTS);
    const auto wrong = callOne(
        item("Plant.Mix",
             {[](const WriteTarget&, StructureTypes&) -> Result<Ua<UA_Variant>> { return fail("no"); },
              always(1)}));
    EXPECT_EQ(wrong.message, "input Litres: no");
    EXPECT_EQ(callOne(item("Plant.Locked", {})).status.code(), UA_STATUSCODE_BADNOTEXECUTABLE);
    EXPECT_EQ(callOne(item("ReadOnly", {})).message, "the node is no method");
    EXPECT_EQ(callOne(item("Nowhere", {})).status.code(), UA_STATUSCODE_BADNODEIDUNKNOWN);
    EXPECT_EQ(callOne(item("Plant.Stop", {}, "i=2253")).status.code(), UA_STATUSCODE_BADMETHODINVALID);
    EXPECT_EQ(callOne(item("Plant.Mix", {always(-1), steps({1})})).status.code(),
              UA_STATUSCODE_BADOUTOFRANGE);
    // What the server itself finds wrong with an input.
    EXPECT_THAT(callOne(item("Plant.Mix", {steps({1}), steps({1})})).message, HasSubstr("input Litres"));
}

TEST_F(MethodCallTest, SeveralAtATimeEachWithItsOwnOutcome) {
    const auto outcomes = call(
        listOf(item("Plant.Stop", {}), item("Plant.Locked", {}), item("Plant.Mix", {always(2), steps({})})));
    ASSERT_EQ(outcomes.size(), 3U);
    EXPECT_EQ(outcomes[0].status, StatusCode{});
    EXPECT_TRUE(outcomes[1].status.isBad());
    EXPECT_EQ(connected_.valueOf(outcomes[2].results[0]), Value(2.0));
}

}  // namespace
}  // namespace tagwire::source::opcua
