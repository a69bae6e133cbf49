#include "source/opcua/services/whole_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "source/opcua/services/read.h"
#include "source/opcua/services/service_client_testing.h"

namespace tagwire::source::opcua {
namespace {

using testing::HasSubstr;

class WholeValuesTest : public testing::Test {
protected:
    void read(const std::vector<std::string>& names) {
        std::vector<ReadItem> items;
        for (const auto& name : names) items.push_back({connected_.node(name), UA_ATTRIBUTEID_VALUE, {}});
        bool done = false;
        readNodes(connected_.client(), 0, std::move(items), std::chrono::milliseconds(0),
                  [&](ReadOutcomes& outcomes) {
                      raw_ = std::vector<Ua<UA_DataValue>>(outcomes.size());
                      for (std::size_t i = 0; i < raw_.size(); ++i)
                          std::swap(raw_[i].get(), outcomes[i].result);
                      done = true;
                  });
        ASSERT_TRUE(connected_.until([&] { return done; }));
    }
    void begin() {
        std::vector<const UA_DataValue*> values;
        for (const auto& each : raw_) values.push_back(&each.get());
        whole_.reset();
        convertWhole(connected_.types(), std::move(values), Timestamp{},
                     [this](std::vector<DataValue>& converted) { whole_ = std::move(converted); });
    }
    bool done() {
        return connected_.until([this] { return whole_.has_value(); });
    }
    std::string json(std::size_t i) const {
        const auto* structure = whole_->at(i).value.getIf<Structure>();
        return structure == nullptr ? "no structure" : structure->json + structure->opaqueReason;
    }

    ServiceClient connected_{std::vector<std::string>{"services=1"}};
    std::vector<Ua<UA_DataValue>> raw_;
    std::optional<std::vector<DataValue>> whole_;
};

constexpr const char* kFirstRecipe =
    R"({"Name":"first","State":1,"Origin":{"X":1,"Y":2},"Samples":[1.5,-2]})";

TEST_F(WholeValuesTest, WaitForTheTypesOfTheirStructures) {
    read({"Level", "Recipe", "Undescribed", "Setting", "Recipes"});
    begin();
    EXPECT_FALSE(whole_);
    ASSERT_TRUE(done());
    EXPECT_EQ((*whole_)[0].value, Value(0.0));
    EXPECT_EQ(json(1), kFirstRecipe);
    EXPECT_THAT(json(2), HasSubstr("the server does not say of which data type it is"));
    EXPECT_EQ(json(3), R"({"Word":"slow"})");
    const auto* recipes = (*whole_)[4].value.getIf<Array>();
    ASSERT_NE(recipes, nullptr);
    EXPECT_EQ(std::get<std::vector<Value>>(recipes->elements).at(1), (*whole_)[1].value);
    // Now they are known.
    begin();
    ASSERT_TRUE(whole_);
    EXPECT_EQ(json(1), kFirstRecipe);
}

TEST_F(WholeValuesTest, ComeWithTheReasonWhenTheServerDies) {
    read({"Recipe"});
    connected_.peer().kill();
    begin();
    ASSERT_TRUE(done());
    EXPECT_THAT(json(0), HasSubstr("is not known"));
}

TEST_F(WholeValuesTest, OfNothingAreThereAtOnce) {
    begin();
    ASSERT_TRUE(whole_);
    EXPECT_TRUE(whole_->empty());
}

}  // namespace
}  // namespace tagwire::source::opcua
