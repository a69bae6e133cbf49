#include "documents/document_service.h"

#include <future>
#include <memory>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/folder_testing.h"
#include "model/generated/status_codes.h"

namespace tagwire::documents {
namespace {

class DocumentServiceTest : public testing::Test {
protected:
    template <class T>
    static std::pair<ServiceAnswer<T>, std::future<ServiceResult<T>>> promise() {
        auto promise = std::make_shared<std::promise<ServiceResult<T>>>();
        auto future = promise->get_future();
        return {[promise](ServiceResult<T> result) { promise->set_value(std::move(result)); },
                std::move(future)};
    }

    std::future<ServiceResult<DocumentSaveAnswer>> save(std::string name, std::size_t size = 0) {
        auto [answer, future] = promise<DocumentSaveAnswer>();
        service_.save({.id = {.kind = DocumentKind::Screen, .name = std::move(name)},
                       .text = R"({"title":"S"})" + std::string(size, ' '),
                       .by = {},
                       .over = {}},
                      std::move(answer));
        return std::move(future);
    }

    TestFolder root_;
    DocumentService service_{{.folder = "documents", .maxSizeMb = 100}, root_.path()};
};

TEST_F(DocumentServiceTest, AnswersEachQuestionInTurn) {
    service_.start();
    auto saved = save("s");
    auto [readAnswer, read] = promise<DocumentText>();
    service_.read({.kind = DocumentKind::Screen, .name = "s"}, {}, std::move(readAnswer));
    auto [listAnswer, list] = promise<std::vector<DocumentSummary>>();
    service_.list(DocumentKind::Screen, std::move(listAnswer));
    auto [versionsAnswer, versions] = promise<std::vector<DocumentVersion>>();
    service_.versions({.kind = DocumentKind::Screen, .name = "s"}, std::move(versionsAnswer));
    auto [removeAnswer, removed] = promise<DocumentRemoveAnswer>();
    service_.remove({.kind = DocumentKind::Screen, .name = "s"}, 1, std::move(removeAnswer));
    EXPECT_EQ(std::get<DocumentSummary>(saved.get().value()).latest.number, 1);
    EXPECT_EQ(read.get()->text, R"({"title":"S"})");
    EXPECT_EQ(list.get()->at(0).name, "s");
    EXPECT_EQ(versions.get()->at(0).number, 1);
    EXPECT_TRUE(std::holds_alternative<DocumentRemoved>(removed.get().value()));
    EXPECT_TRUE(std::filesystem::exists(root_.path() / "documents" / kDocumentsFile));
}

TEST_F(DocumentServiceTest, RefusesWhatIsTooMuchAtOnceAndAnswersTheRestWhenItStops) {
    std::vector<std::future<ServiceResult<DocumentSaveAnswer>>> waiting;
    for (int i = 0; i < 15; ++i) waiting.push_back(save("s", kMaxDocumentBytes));
    waiting.push_back(save("s"));
    auto refused = save("s", kMaxDocumentBytes);
    EXPECT_EQ(refused.get().error().status, kBadTooManyOperations);
    service_.stop();
    for (auto& each : waiting) EXPECT_EQ(each.get().error().status, kBadShutdown);
}

}  // namespace
}  // namespace tagwire::documents
