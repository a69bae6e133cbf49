#include "documents/document_title.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/document_services.h"

namespace tagwire::documents {
namespace {

using testing::HasSubstr;

std::string reasonOf(std::string_view text) {
    const auto title = titleOf(text);
    return title ? "accepted" : title.error().message;
}

TEST(DocumentTitleTest, IsAMemberOfTheObject) {
    EXPECT_EQ(titleOf(R"({"tiles":[],"title":"Line 1"})").value(), "Line 1");
    EXPECT_EQ(titleOf(R"({"title":"\u84b8馏"})").value(), "蒸馏");
    EXPECT_TRUE(titleOf(fmt::format(R"({{"title":"{}"}})", std::string(kMaxTitleBytes, 'x'))));
}

TEST(DocumentTitleTest, SaysWhatWasExpected) {
    EXPECT_THAT(reasonOf(""), HasSubstr("not valid JSON"));
    EXPECT_THAT(reasonOf("{\"title\":\"\xff\"}"), HasSubstr("not valid JSON"));
    EXPECT_THAT(reasonOf(R"({"title":"a","title":"b"})"), HasSubstr("given twice"));
    EXPECT_THAT(reasonOf(R"(["title"])"), HasSubstr("expected a JSON object"));
    EXPECT_THAT(reasonOf("{}"), HasSubstr("\"title\""));
    EXPECT_THAT(reasonOf(R"({"title":7})"), HasSubstr("\"title\""));
    EXPECT_THAT(reasonOf(R"({"title":""})"), HasSubstr("1 to 512"));
    EXPECT_THAT(reasonOf(fmt::format(R"({{"title":"{}"}})", std::string(kMaxTitleBytes + 1, 'x'))),
                HasSubstr("got 513"));
    EXPECT_THAT(
        reasonOf(fmt::format(R"({{"title":"a","x":{}{}}})", std::string(40, '['), std::string(40, ']'))),
        HasSubstr("nested deeper"));
}

TEST(DocumentNameTest, HasBounds) {
    for (const auto* good : {"a", "0", "line-1", "a-"}) EXPECT_TRUE(isDocumentName(good)) << good;
    for (const auto* bad : {"", "-a", "A", "a_b", "a.b", "a/b", "ä"})
        EXPECT_FALSE(isDocumentName(bad)) << bad;
    EXPECT_TRUE(isDocumentName(std::string(64, 'a')));
    EXPECT_FALSE(isDocumentName(std::string(65, 'a')));
}

}  // namespace
}  // namespace tagwire::documents
