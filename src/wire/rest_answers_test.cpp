#include "wire/rest_answers.h"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "wire/api_documents.h"
#include "wire/golden_values.h"
#include "wire/tag_desc.h"

namespace tagwire::wire {
namespace {

const Timestamp kNow = fromUnixMillis(1795404647367);

template <class... Args>
std::string text(void (*append)(std::string&, Args...), std::type_identity_t<Args>... args) {
    std::string out;
    append(out, args...);
    return out;
}

TEST(RestAnswers, Info) {
    const Info info{"Tagwire 0.1.0",
                    "b7f3c2a1",
                    kNow,
                    fromUnixMillis(5),
                    "Asia/Shanghai",
                    ChangeNumber{9},
                    3,
                    2,
                    1,
                    std::chrono::milliseconds{20000},
                    {65536, 20000, 100}};
    EXPECT_EQ(
        text(appendInfo, info),
        R"({"server":"Tagwire 0.1.0","protocol":"tagwire.v1","boot":"b7f3c2a1","now":1795404647367,"started":5,)"
        R"("zone":"Asia/Shanghai","seq":9,"tags":3,"sources":2,"clients":1,"ping":20000,)"
        R"("max":{"frame":65536,"tags":20000,"subs":100}})");
}

TEST(RestAnswers, TagsPage) {
    EXPECT_EQ(text(appendTagsPage, TagsPage{0, "", {}}), R"({"total":0,"tags":[]})");
    EXPECT_EQ(text(appendTagsPage, TagsPage{5, R"({"h":1},{"h":2},)", "a\"b"}),
              R"({"total":5,"tags":[{"h":1},{"h":2}],"next":"a\"b"})");
}

TEST(RestAnswers, NamedValueWithAndWithoutAValue) {
    const DataValue value{Value(92.5), StatusCode{0x80310000}, kNow, fromUnixMillis(1795404647400)};
    EXPECT_EQ(text(appendNamedValue, "Sim.T0", TagId{17}, value),
              R"({"n":"Sim.T0","h":17,"v":92.5,"q":2150694912,"st":"BadNoCommunication","ts":1795404647367,)"
              R"("rts":1795404647400})");
    EXPECT_EQ(text(appendNamedValue, "x", TagId{0}, DataValue{}),
              R"({"n":"x","h":0,"v":null,"q":0,"st":"Good"})");
}

TEST(RestAnswers, ValuesAnswer) {
    const std::vector<BadTag> bad{{"Nope", ErrorCode::UnknownTag, "There is no tag Nope."}};
    EXPECT_EQ(text(appendValuesAnswer, ValuesAnswer{kNow, ChangeNumber{4}, "b7f3c2a1", R"({"n":"a"},)", bad}),
              R"({"now":1795404647367,"seq":4,"boot":"b7f3c2a1","values":[{"n":"a"}],)"
              R"("bad":[{"n":"Nope","code":"unknown_tag","msg":"There is no tag Nope."}]})");
    EXPECT_EQ(text(appendValuesAnswer, ValuesAnswer{kNow, ChangeNumber{4}, "b7f3c2a1", "", {}}),
              R"({"now":1795404647367,"seq":4,"boot":"b7f3c2a1","values":[],"bad":[]})");
}

TEST(RestAnswers, Sources) {
    SourceState state;
    state.name = "sim";
    state.kind = "simulator";
    state.phase = SourcePhase::Live;
    state.since = kNow;
    const std::vector<SourceState> sources{state, state};
    const std::string one =
        R"({"n":"sim","kind":"simulator","state":"live","since":1795404647367,"tags":0,"bad":0})";
    EXPECT_EQ(text(appendSourcesAnswer, sources), R"({"sources":[)" + one + "," + one + "]}");
    EXPECT_EQ(text(appendSourcesAnswer, {}), R"({"sources":[]})");
}

TEST(RestAnswers, ErrorBodyAndFlatEvent) {
    EXPECT_EQ(text(appendErrorBody, ErrorCode::NotFound, "No\nroute."),
              R"({"code":"not_found","msg":"No\nroute."})");
    EXPECT_EQ(text(appendFlatEvent, "Sim.T0", DataValue{Value(1.5), {}, kNow, kNow}),
              R"({"tag":"Sim.T0","value":1.5,"ts":1795404647367,"q":0})");
}

TEST(TagDesc, DetailIsTheDescriptionWithTheValue) {
    const auto info = golden::bareTagInfo(TagId{3}, "A.B");
    std::string out;
    appendTagDetail(out, info, "sim", {Value(std::int16_t{4}), {}, kNow, kNow});
    EXPECT_EQ(out,
              R"({"h":3,"n":"A.B","ty":"variant","src":"sim","v":4,"q":0,"st":"Good","ts":1795404647367,)"
              R"("rts":1795404647367})");
}

TEST(ErrorCodes, AnswerWithTheStatusOfTheirKind) {
    EXPECT_EQ(httpStatus(ErrorCode::BadRequest), 400U);
    EXPECT_EQ(httpStatus(ErrorCode::UnknownTag), 404U);
    EXPECT_EQ(httpStatus(ErrorCode::Overloaded), 503U);
    EXPECT_TRUE(isRetryable(ErrorCode::Overloaded));
    EXPECT_FALSE(isRetryable(ErrorCode::Forbidden));
    EXPECT_EQ(nameOf(CloseCode::TooSlow), "too_slow");
}

TEST(ApiDocuments, AreJsonOfTheirKind) {
    const auto openApi = boost::json::parse(openApiJson());
    EXPECT_EQ(openApi.at("openapi").as_string(), "3.1.0");
    EXPECT_TRUE(openApi.at("paths").as_object().contains("/api/v1/values"));
    const auto asyncApi = boost::json::parse(asyncApiJson());
    EXPECT_EQ(asyncApi.at("asyncapi").as_string(), "3.0.0");
    EXPECT_TRUE(asyncApi.at("components").at("messages").as_object().contains("DataFrame"));
}

}  // namespace
}  // namespace tagwire::wire
