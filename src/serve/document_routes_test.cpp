#include "serve/document_routes.h"

#include <memory>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/document_services.h"
#include "model/generated/status_codes.h"
#include "serve/access_testing.h"
#include "serve/route_testing.h"

namespace tagwire::serve {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::SizeIs;

/// Answers at once what the test has prepared, and remembers what it was asked.
class FakeDocuments final : public DocumentServices {
public:
    void list(DocumentKind kind, ServiceAnswer<std::vector<DocumentSummary>> answer) override {
        asked.emplace_back(nameOf(kind));
        answer(std::vector<DocumentSummary>{{.name = "a", .latest = version()}});
    }
    void read(DocumentId id, std::optional<std::int64_t> number,
              ServiceAnswer<DocumentText> answer) override {
        asked.push_back(id.name);
        if (failure) return answer(tl::unexpected(*failure));
        answer(DocumentText{.version = number.value_or(7), .text = R"({"title":"A"})"});
    }
    void versions(DocumentId id, ServiceAnswer<std::vector<DocumentVersion>> answer) override {
        asked.push_back(id.name + "/versions");
        answer(std::vector<DocumentVersion>{version()});
    }
    void save(DocumentSave save, ServiceAnswer<DocumentSaveAnswer> answer) override {
        saved.push_back(save);
        if (conflict) return answer(DocumentSaveAnswer(*conflict));
        answer(DocumentSaveAnswer(DocumentSummary{.name = save.id.name, .latest = version()}));
    }
    void remove(DocumentId id, std::int64_t seen, ServiceAnswer<DocumentRemoveAnswer> answer) override {
        asked.push_back(id.name + " " + std::to_string(seen));
        if (conflict) return answer(DocumentRemoveAnswer(*conflict));
        answer(DocumentRemoveAnswer(DocumentRemoved{}));
    }

    static DocumentVersion version() {
        return {.number = 7, .title = "A", .changed = fromUnixMillis(5), .by = ""};
    }

    std::vector<std::string> asked;
    std::vector<DocumentSave> saved;
    std::optional<DocumentConflict> conflict;
    std::optional<ServiceFailure> failure;
};

class DocumentRouteTest : public testing::Test {
protected:
    DocumentRouteTest() {
        server_.server.documents = &documents_;
        request_.contentType = "application/json";
        request_.body = "{}";
    }

    HttpResponse answer(Method method, std::string_view target) { return bench_.answer(method, target); }

    FakeDocuments documents_;
    FakeAccess access_;
    FakeTrail trail_;
    ShardWithHistory server_{nullptr, &access_, &trail_};
    RouteBench bench_{server_};
    HttpRequest& request_ = bench_.request;
};

TEST_F(DocumentRouteTest, WithoutAStoreThereIsNothing) {
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents").status, 404);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard").status, 200);
    server_.server.documents = nullptr;
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard").status, 404);
}

TEST_F(DocumentRouteTest, ListsWithTheReasonWhyNothingMayBeChanged) {
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/screen").body,
              R"({"documents":[{"name":"a","version":7,"title":"A","changed":5,"by":""}]})");
    access_.let("t", access::PrincipalKind::Token, access::Role::Viewer);
    request_.authorization = "Bearer t";
    EXPECT_THAT(answer(Method::Get, "/api/v1/documents/screen").body,
                HasSubstr(R"("refusal":"this takes the role engineer; you have viewer")"));
    EXPECT_EQ(documents_.asked.front(), "screen");
}

TEST_F(DocumentRouteTest, ReadsWithAVersionAsTag) {
    const auto latest = answer(Method::Get, "/api/v1/documents/dashboard/a");
    EXPECT_EQ(latest.body, R"({"title":"A"})");
    EXPECT_THAT(latest.headers, testing::Contains(Pair("ETag", "\"7\"")));
    EXPECT_NE(latest.held, nullptr) << "counted until it is sent";
    request_.ifNoneMatch = R"("6", "7")";
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 304);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a?version=3").status, 200);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a?version=1e3").status, 400);
}

TEST_F(DocumentRouteTest, SendsFewTextsAtATime) {
    std::vector<std::shared_ptr<void>> held;
    for (std::size_t i = 0; i < kMaxDocumentTexts; ++i)
        held.push_back(answer(Method::Get, "/api/v1/documents/dashboard/a").held);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 503);
    held.pop_back();
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 200);
}

TEST_F(DocumentRouteTest, TellsWhyAServiceCouldNot) {
    documents_.failure = ServiceFailure{kBadNotFound, "there is none"};
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 404);
    documents_.failure = ServiceFailure{kBadInternalError, "damaged"};
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 500);
}

TEST_F(DocumentRouteTest, SavesOnConditionOnly) {
    constexpr auto kTarget = "/api/v1/documents/dashboard/a";
    EXPECT_EQ(answer(Method::Put, kTarget).status, 428);
    request_.ifMatch = "\"7\"";
    EXPECT_EQ(answer(Method::Put, kTarget).status, 200);
    EXPECT_EQ(documents_.saved.back().over, 7);
    for (const auto* wrong :
         {"7", R"(W/"7")", "*", R"("")", R"("0")", R"("7", "8")", R"("99999999999999999999")"}) {
        request_.ifMatch = wrong;
        EXPECT_EQ(answer(Method::Put, kTarget).status, 400) << wrong;
    }
    request_.ifMatch = {};
    request_.ifNoneMatch = "*";
    EXPECT_EQ(answer(Method::Put, kTarget).status, 201);
    EXPECT_EQ(documents_.saved.back().over, std::nullopt);
    EXPECT_THAT(documents_.saved, SizeIs(2));
}

TEST_F(DocumentRouteTest, TellsWithWhichVersionAConflictIs) {
    request_.ifMatch = "\"7\"";
    documents_.conflict = DocumentConflict{.version = 9};
    auto response = answer(Method::Put, "/api/v1/documents/dashboard/a");
    EXPECT_EQ(response.status, 412);
    EXPECT_THAT(response.headers, testing::Contains(Pair("ETag", "\"9\"")));
    documents_.conflict = DocumentConflict{};
    response = answer(Method::Delete, "/api/v1/documents/dashboard/a");
    EXPECT_EQ(response.status, 412);
    EXPECT_THAT(response.headers, IsEmpty());
}

TEST_F(DocumentRouteTest, IsChangedByEngineersAndAsJsonOnly) {
    request_.ifMatch = "\"7\"";
    request_.contentType = "text/plain";
    EXPECT_EQ(answer(Method::Put, "/api/v1/documents/dashboard/a").status, 415);
    request_.contentType = "application/json; charset=utf-8";
    access_.let("t", access::PrincipalKind::Token, access::Role::Operator);
    request_.authorization = "Bearer t";
    EXPECT_EQ(answer(Method::Put, "/api/v1/documents/dashboard/a").status, 403);
    EXPECT_EQ(answer(Method::Delete, "/api/v1/documents/dashboard/a").status, 403);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a").status, 200);
    EXPECT_THAT(documents_.saved, IsEmpty());
    access_.let("e", access::PrincipalKind::Token, access::Role::Engineer);
    request_.authorization = "Bearer e";
    EXPECT_EQ(answer(Method::Put, "/api/v1/documents/dashboard/a").status, 200);
    EXPECT_EQ(documents_.saved.back().by, "anna");
    EXPECT_EQ(trail_.entries.back().action, "document.save");
    EXPECT_EQ(trail_.entries.back().target, "dashboard/a");
    EXPECT_EQ(trail_.entries.back().token, "script");
}

TEST_F(DocumentRouteTest, RefusesPathsAndMethodsThatAreNone) {
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/report").status, 404);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/").status, 404);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/A").status, 400);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a%2Fb").status, 404);
    EXPECT_EQ(answer(Method::Get, "/api/v1/documents/dashboard/a/versions/1").status, 404);
    EXPECT_EQ(answer(Method::Post, "/api/v1/documents/dashboard/a").status, 405);
    EXPECT_EQ(answer(Method::Put, "/api/v1/documents/dashboard").status, 405);
}

TEST(BringsDocumentTest, KnowsByTheHeadWhatMayBeLarge) {
    EXPECT_TRUE(bringsDocument(Method::Put, "/api/v1/documents/dashboard/a"));
    EXPECT_FALSE(bringsDocument(Method::Post, "/api/v1/documents/dashboard/a"));
    EXPECT_FALSE(bringsDocument(Method::Put, "/api/v1/values"));
}

}  // namespace
}  // namespace tagwire::serve
