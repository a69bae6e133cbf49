#include "source/opcua/services/write.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/plain_text.h"
#include "source/opcua/services/service_client_testing.h"
#include "source/opcua/values/type_words.h"

namespace tagwire::source::opcua {
namespace {

using testing::HasSubstr;

class WriteTest : public testing::Test {
protected:
    std::vector<WriteOutcome> write(std::vector<WriteItem> items) {
        std::optional<std::vector<WriteOutcome>> answer;
        writeNodes(connected_.client(), connected_.limits(), connected_.types(), std::move(items),
                   [&](std::vector<WriteOutcome>& outcomes) { answer = std::move(outcomes); });
        EXPECT_TRUE(connected_.until([&] { return answer.has_value(); }));
        return std::move(answer).value_or(std::vector<WriteOutcome>{});
    }

    WriteItem number(const std::string& node, double value, std::string range = {}) {
        return {connected_.node(node), std::move(range), [value](const WriteTarget&, StructureTypes&) {
                    return Result<Ua<UA_Variant>>(variantOf(value));
                }};
    }

    /// As somebody types it.
    WriteItem typed(const std::string& node, std::string text) {
        return {connected_.node(node),
                {},
                [text = std::move(text)](const WriteTarget& target, StructureTypes& types) {
                    return encodeText(text, target, types);
                }};
    }
    std::string readBack(const WriteOutcome& outcome) {
        std::string out;
        appendPlainText(out, connected_.valueOf(outcome.readBack.get()));
        return out;
    }

    ServiceClient connected_{{"services=1", "shift=1", "per_read=5"}};
};

TEST_F(WriteTest, WritesAndReadsBack) {
    const auto outcomes = write(listOf(number("Write.Double", 21.5), number("Write.Duration", 250)));
    ASSERT_EQ(outcomes.size(), 2U);
    EXPECT_EQ(outcomes[0].status, StatusCode{});
    EXPECT_EQ(outcomes[0].message, "");
    EXPECT_EQ(connected_.valueOf(outcomes[0].readBack.get()), Value(21.5));
    EXPECT_EQ(typeText(outcomes[1].target, connected_.types().types()), "Double") << "what a Duration is";
    EXPECT_EQ(connected_.valueOf(outcomes[1].readBack.get()), Value(250.0));
}

TEST_F(WriteTest, TellsTheEncoderWhatEachNodeTakes) {
    std::vector<std::string> types;
    const auto take = [&](const std::string& node) {
        return WriteItem{
            connected_.node(node),
            {},
            [&types](const WriteTarget& target, StructureTypes& known) -> Result<Ua<UA_Variant>> {
                types.push_back(typeText(target, known));
                return fail("does not fit");
            }};
    };
    std::vector<WriteItem> items;
    for (const char* node : {"Write.Boolean", "Write.Guids", "Write.State", "Write.Any", "Write.Duration"})
        items.push_back(take(node));
    const auto outcomes = write(std::move(items));
    EXPECT_EQ(types, (std::vector<std::string>{"Boolean", "Guid[]", "Int32", "any type", "Double"}));
    EXPECT_EQ(outcomes[0].status.code(), UA_STATUSCODE_BADTYPEMISMATCH);
    EXPECT_EQ(outcomes[0].message, "does not fit");
    EXPECT_FALSE(outcomes[0].readBack->hasValue);
}

TEST_F(WriteTest, ReadsTheTypesThatTheServerDefines) {
    const std::string recipe = R"({"Name":"x","State":2,"Origin":{"X":5,"Y":6},"Samples":[1,2],"Limit":4})";
    // Anything takes any type and holds a Recipe.
    const auto outcomes =
        write(listOf(typed("Recipe", recipe), typed("Cells", "[[1,2],[3,4],[5,6]]"), typed("State", "2"),
                     typed("Anything", recipe), typed("Setting", R"({"Number":7})"), typed("Recipes", "[]"),
                     typed("Mode", "Auto"), typed("Phase", "Draining")));
    for (const auto& outcome : outcomes) {
        EXPECT_EQ(outcome.status, StatusCode{}) << outcome.message;
        EXPECT_EQ(outcome.message, "");
    }
    EXPECT_EQ(readBack(outcomes[0]), recipe);
    EXPECT_EQ(readBack(outcomes[1]), "[[1,2],[3,4],[5,6]]");
    EXPECT_EQ(readBack(outcomes[2]), "2");
    EXPECT_EQ(readBack(outcomes[3]), recipe);
    EXPECT_EQ(typeText(outcomes[3].target, connected_.types().types()), "Recipe");
    EXPECT_EQ(readBack(outcomes[4]), R"({"Number":7})");
    EXPECT_EQ(readBack(outcomes[5]), "[]");
    EXPECT_EQ(readBack(outcomes[6]), "2");
    EXPECT_EQ(readBack(outcomes[7]), "-1");
}

TEST_F(WriteTest, SaysWhatIsWrongWithAStructure) {
    const auto outcomes = write(
        listOf(typed("Recipe", R"({"Name":"x"})"), typed("Cells", "[[1],[2,3]]"), typed("Recipe", "5")));
    for (const auto& outcome : outcomes) EXPECT_EQ(outcome.status.code(), UA_STATUSCODE_BADTYPEMISMATCH);
    EXPECT_THAT(outcomes[0].message, HasSubstr("the field State of Recipe"));
    EXPECT_THAT(outcomes[1].message, HasSubstr("different lengths"));
    EXPECT_THAT(outcomes[2].message, HasSubstr("an object with the fields Name, State"));
}

TEST_F(WriteTest, RefusesWithWordsWhatANodeCannotTakeAndWritesTheRest) {
    std::vector<WriteItem> items;
    for (const char* node : {"ReadOnly", "NotMine", "i=2253", "Nowhere", "Write.Int16"})
        items.push_back(number(node, 1));
    items.push_back(number("Write.Int32s", 7, "99"));
    items.push_back(number("Write.Double", 3));
    const auto outcomes = write(std::move(items));
    ASSERT_EQ(outcomes.size(), 7U);
    EXPECT_EQ(outcomes[0].status.code(), UA_STATUSCODE_BADNOTWRITABLE);
    EXPECT_THAT(outcomes[0].message, HasSubstr("read-only"));
    EXPECT_EQ(outcomes[1].status.code(), UA_STATUSCODE_BADUSERACCESSDENIED);
    EXPECT_THAT(outcomes[1].message, HasSubstr("this user may not"));
    EXPECT_THAT(outcomes[2].message, HasSubstr("no variable"));
    EXPECT_EQ(outcomes[3].status.code(), UA_STATUSCODE_BADNODEIDUNKNOWN);
    EXPECT_EQ(outcomes[4].status.code(), UA_STATUSCODE_BADTYPEMISMATCH);
    EXPECT_THAT(outcomes[4].message, HasSubstr("it says it takes Int16"));
    EXPECT_TRUE(outcomes[5].status.isBad());
    EXPECT_EQ(outcomes[6].status, StatusCode{});
}

TEST_F(WriteTest, SaysWhenTheNodeMakesSomethingElseOfTheValue) {
    const auto outcomes = write(listOf(number("Write.Clamped", 500)));
    EXPECT_EQ(outcomes[0].status, StatusCode{});
    EXPECT_EQ(connected_.valueOf(outcomes[0].readBack.get()), Value(100.0));
    EXPECT_THAT(outcomes[0].message, HasSubstr("another value"));
}

TEST_F(WriteTest, TellsOfEveryItemWhenTheServerIsGone) {
    connected_.peer().kill();
    const auto outcomes = write(listOf(number("Write.Double", 1), number("Write.Double", 2)));
    ASSERT_EQ(outcomes.size(), 2U);
    for (const auto& outcome : outcomes) EXPECT_TRUE(outcome.status.isBad());
}

TEST_F(WriteTest, ManyNodesGoInCallsThatTheServerTakes) {
    std::vector<WriteItem> items;
    for (int i = 0; i < 300; ++i) items.push_back(number("Write.Double", i));
    for (const auto& outcome : write(std::move(items))) EXPECT_EQ(outcome.status, StatusCode{});
}

}  // namespace
}  // namespace tagwire::source::opcua
