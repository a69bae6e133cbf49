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
