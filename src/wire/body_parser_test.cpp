#include "wire/body_parser.h"

#include <string>

#include <gtest/gtest.h>

namespace tagwire::wire {
namespace {

TEST(BodyParser, ReadsTheMembersOfTheSchema) {
    const std::string fingerprint(64, 'a');
    const auto body = parseBody<CertificateChoice>(R"({"fingerprint":")" + fingerprint + R"(","more":1})");
    ASSERT_TRUE(body);
    EXPECT_EQ(body->fingerprint, fingerprint);
}

TEST(BodyParser, ReadsNumbersOfAnyKind) {
    const auto body = parseBody<NewTag>(R"({"name":"A","node":"i=1","lim":{"ll":-1.5,"l":0,"hh":1e3}})");
    ASSERT_TRUE(body) << body.error().message;
    EXPECT_EQ(body->lim, (Limits{.ll = -1.5, .l = 0, .h = {}, .hh = 1000}));
    const auto none = parseBody<NewTag>(R"({"name":"A","node":"i=1","lim":{}})");
    ASSERT_TRUE(none) << none.error().message;
    EXPECT_EQ(none->lim, Limits{});
    for (const char* limit : {"\"5\"", "null", "true", "[]"}) {
        const auto wrong =
            parseBody<NewTag>(std::string(R"({"name":"A","node":"i=1","lim":{"h":)") + limit + "}}");
        ASSERT_FALSE(wrong) << limit;
        EXPECT_EQ(wrong.error().message.find("body.lim.h: expected a number, got "), 0U)
            << wrong.error().message;
    }
}

struct Refusal {
    std::string text;
    std::string words;
};

class BodyParserRefuses : public testing::TestWithParam<Refusal> {};

TEST_P(BodyParserRefuses, WithTheReason) {
    const auto body = parseBody<CertificateChoice>(GetParam().text);
    ASSERT_FALSE(body);
    EXPECT_NE(body.error().message.find(GetParam().words), std::string::npos) << body.error().message;
}

INSTANTIATE_TEST_SUITE_P(All, BodyParserRefuses,
                         testing::Values(Refusal{"", "not valid JSON"}, Refusal{"{", "not valid JSON"},
                                         Refusal{"[]", "expected a JSON object"},
                                         Refusal{"{}", "body.fingerprint"},
                                         Refusal{R"({"fingerprint":7})", "body.fingerprint"},
                                         Refusal{R"({"fingerprint":"abc"})", "body.fingerprint"}));

}  // namespace
}  // namespace tagwire::wire
