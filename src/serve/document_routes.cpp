#include "serve/document_routes.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <fmt/format.h>

#include "access/gate.h"
#include "model/document_services.h"
#include "serve/admission.h"
#include "serve/ask.h"
#include "serve/error_response.h"
#include "serve/http_messages.h"
#include "serve/service_refusal.h"
#include "serve/shard.h"
#include "wire/document_answers.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using wire::ErrorCode;
using Answering = asio::awaitable<HttpResponse>;

namespace {

constexpr std::chrono::seconds kStorePatience{30};
constexpr std::string_view kDocumentsPrefix = "/api/v1/documents/";

Answering atOnce(HttpResponse response) { co_return response; }

/// What a path names: a document, or all of a kind where the name is empty. The error is the answer.
Result<DocumentId, HttpResponse> documentOf(const HttpRequest& request) {
    const auto& arguments = request.arguments;
    const auto kind = std::ranges::find(kDocumentKindNames, arguments.front());
    if (kind == kDocumentKindNames.end()) {
        return tl::unexpected(errorResponse(
            ErrorCode::NotFound, fmt::format("there are no documents of the kind '{}'; there are: {}",
                                             arguments.front(), fmt::join(kDocumentKindNames, ", "))));
    }
    DocumentId id{.kind = static_cast<DocumentKind>(kind - kDocumentKindNames.begin()), .name = {}};
    if (arguments.size() == 1) return id;
    const auto& name = arguments[1];
    if (name.find('/') != std::string::npos) {
        return tl::unexpected(errorResponse(
            ErrorCode::NotFound, "a document has its text, and its versions below /versions, nothing else"));
    }
    if (!isDocumentName(name)) {
        return tl::unexpected(badRequest(
            {fmt::format("'{}' is no name of a document: expected 1 to 64 of the characters a-z, 0-9 "
                         "and -, not - first",
                         name)}));
    }
    id.name = name;
    return id;
}

/// A number as an entity tag, as in ETag and If-Match (RFC 9110, 8.8.3).
std::string quoted(std::int64_t version) { return fmt::format("\"{}\"", version); }

std::optional<std::int64_t> versionOf(std::string_view tag) {
    if (tag.size() < 3 || tag.front() != '"' || tag.back() != '"') return std::nullopt;
    std::int64_t version = 0;
    const auto* const end = tag.data() + tag.size() - 1;
    const auto [stopped, error] = std::from_chars(tag.data() + 1, end, version);
    if (error != std::errc{} || stopped != end || version < 1) return std::nullopt;
    return version;
}

/// If-Match, which says what whoever changes has seen.
Result<std::int64_t, HttpResponse> seenBy(const HttpRequest& request) {
    if (const auto version = versionOf(request.ifMatch)) return *version;
    return tl::unexpected(badRequest(
        {fmt::format("the header If-Match: expected one version as ETag named it, such as \"7\", got '{}'",
                     request.ifMatch)}));
}

HttpResponse conditionNeeded() {
    return statusResponse(
        428,
        "say what you have seen, so that nobody else's change is lost: the header If-Match "
        "with the ETag of the version you have read, or If-None-Match: * for a new document");
}

HttpResponse conflict(const DocumentConflict& conflict, bool creating) {
    auto response = errorResponse(
        ErrorCode::Conflict,
        !conflict.version ? "there is no such document any more: save it as a new one, with If-None-Match: *"
        : creating        ? fmt::format("there is a document of this name already, with version {}: choose "
                                               "another name",
                                        *conflict.version)
                   : fmt::format("the document has been changed meanwhile and is at version {}: read it, "
                                 "and decide what to keep",
                                 *conflict.version));
    if (conflict.version) response.headers.emplace_back("ETag", quoted(*conflict.version));
    return response;
}

/// Whether If-None-Match, a list of entity tags, has this one.
bool knows(std::string_view ifNoneMatch, std::int64_t version) {
    return ifNoneMatch == "*" || ifNoneMatch.find(quoted(version)) != std::string_view::npos;
}

// NOLINTBEGIN(cppcoreguidelines-avoid-reference-coroutine-parameters): shard, services and request outlive it

Answering list(Shard& shard, DocumentServices& documents, DocumentKind kind,
               std::optional<std::string> refusal) {
    auto asking = ask<std::vector<DocumentSummary>>(
        shard.context(), kStorePatience,
        [&documents, kind](ServiceAnswer<std::vector<DocumentSummary>> answer) {
            documents.list(kind, std::move(answer));
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    wire::appendDocuments(response.body, **result, refusal);
    co_return response;
}

Answering versions(Shard& shard, DocumentServices& documents, DocumentId id) {
    auto asking = ask<std::vector<DocumentVersion>>(
        shard.context(), kStorePatience,
        [&documents, id = std::move(id)](ServiceAnswer<std::vector<DocumentVersion>> answer) {
            documents.versions(id, std::move(answer));
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    wire::appendDocumentVersions(response.body, **result);
    co_return response;
}

Answering read(Shard& shard, DocumentServices& documents, DocumentId id, std::optional<std::int64_t> version,
               const HttpRequest& request, std::shared_ptr<void> turn) {
    auto asking =
        ask<DocumentText>(shard.context(), kStorePatience,
                          [&documents, id = std::move(id), version](ServiceAnswer<DocumentText> answer) {
                              documents.read(id, version, std::move(answer));
                          });
    auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    response.headers.emplace_back("ETag", quoted((*result)->version));
    response.headers.emplace_back("Cache-Control", "no-cache");
    if (knows(request.ifNoneMatch, (*result)->version)) {
        response.status = 304;
        co_return response;
    }
    response.body = std::move((*result)->text);
    response.held = std::move(turn);
    co_return response;
}

Answering save(Shard& shard, DocumentServices& documents, DocumentSave document) {
    const bool creating = !document.over;
    auto asking = ask<DocumentSaveAnswer>(shard.context(), kStorePatience,
                                          [&documents, &document](ServiceAnswer<DocumentSaveAnswer> answer) {
                                              documents.save(std::move(document), std::move(answer));
                                          });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    if (const auto* other = std::get_if<DocumentConflict>(&**result)) co_return conflict(*other, creating);
    const auto& summary = std::get<DocumentSummary>(**result);
    HttpResponse response;
    response.status = creating ? 201 : 200;
    response.headers.emplace_back("ETag", quoted(summary.latest.number));
    wire::appendDocumentSummary(response.body, summary);
    co_return response;
}

Answering remove(Shard& shard, DocumentServices& documents, DocumentId id, std::int64_t seen) {
    auto asking = ask<DocumentRemoveAnswer>(
        shard.context(), kStorePatience,
        [&documents, id = std::move(id), seen](ServiceAnswer<DocumentRemoveAnswer> answer) {
            documents.remove(id, seen, std::move(answer));
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    if (const auto* other = std::get_if<DocumentConflict>(&**result)) co_return conflict(*other, false);
    HttpResponse response;
    response.status = 204;
    co_return response;
}

// NOLINTEND(cppcoreguidelines-avoid-reference-coroutine-parameters)

/// What keeps a request from the store: there is none, or the path or a parameter is wrong.
Result<DocumentId, HttpResponse> accepted(const Shard& shard, const HttpRequest& request,
                                          std::initializer_list<std::string_view> parameters) {
    if (shard.server().documents == nullptr) return tl::unexpected(nothingAt(request.path));
    auto id = documentOf(request);
    if (!id) return id;
    if (const auto known = request.query.onlyKnown(parameters); !known)
        return tl::unexpected(badRequest(known.error()));
    return id;
}

std::optional<std::string> changeRefusal(const Caller& caller) {
    const auto decision = access::Gate::mayBegin(*caller.principal, access::Action::ChangeConfiguration);
    if (decision == access::Decision::Allowed) return std::nullopt;
    return whyNot(caller, access::Action::ChangeConfiguration, decision);
}

}  // namespace

Answering documentListRoute(Shard& shard, const HttpRequest& request) {
    auto id = accepted(shard, request, {});
    if (!id) return atOnce(std::move(id.error()));
    return list(shard, *shard.server().documents, id->kind, changeRefusal(request.caller));
}

Answering documentVersionsRoute(Shard& shard, const HttpRequest& request) {
    auto id = accepted(shard, request, {});
    if (!id) return atOnce(std::move(id.error()));
    return versions(shard, *shard.server().documents, *std::move(id));
}

Answering documentRoute(Shard& shard, const HttpRequest& request) {
    auto id = accepted(shard, request, {"version"});
    if (!id) return atOnce(std::move(id.error()));
    std::optional<std::int64_t> version;
    if (const auto given = request.query.get("version")) {
        version = versionOf(fmt::format("\"{}\"", *given));
        if (!version) {
            return atOnce(badRequest(
                {fmt::format("parameter 'version': expected a whole number from 1 on, got '{}'", *given)}));
        }
    }
    auto turn = shard.documentTurns().take(kMaxDocumentTexts);
    if (turn == nullptr) return atOnce(noDocumentTurn());
    return read(shard, *shard.server().documents, *std::move(id), version, request, std::move(turn));
}

Answering documentSaveRoute(Shard& shard, const HttpRequest& request) {
    auto id = accepted(shard, request, {});
    if (!id) return atOnce(std::move(id.error()));
    // Pages of other origins can send forms without being asked, but not this type.
    if (!request.contentType.starts_with("application/json")) {
        return atOnce(
            statusResponse(415, "the body: expected JSON, with the header Content-Type: application/json"));
    }
    std::optional<std::int64_t> over;
    if (!request.ifMatch.empty() && !request.ifNoneMatch.empty()) {
        return atOnce(badRequest({"either If-Match or If-None-Match, not both"}));
    }
    if (!request.ifMatch.empty()) {
        const auto seen = seenBy(request);
        if (!seen) return atOnce(seen.error());
        over = *seen;
    } else if (request.ifNoneMatch.empty()) {
        return atOnce(conditionNeeded());
    } else if (request.ifNoneMatch != "*") {
        return atOnce(badRequest({fmt::format(
            "the header If-None-Match: expected * for a new document, got '{}'", request.ifNoneMatch)}));
    }
    DocumentSave document{.id = *std::move(id),
                          .text = std::string(request.body),
                          .by = request.caller.principal->user,
                          .over = over};
    return save(shard, *shard.server().documents, std::move(document));
}

Answering documentRemoveRoute(Shard& shard, const HttpRequest& request) {
    auto id = accepted(shard, request, {});
    if (!id) return atOnce(std::move(id.error()));
    if (request.ifMatch.empty()) return atOnce(conditionNeeded());
    const auto seen = seenBy(request);
    if (!seen) return atOnce(seen.error());
    return remove(shard, *shard.server().documents, *std::move(id), *seen);
}

bool bringsDocument(Method method, std::string_view target) noexcept {
    return method == Method::Put && target.starts_with(kDocumentsPrefix);
}

HttpResponse noDocumentTurn() {
    auto response = errorResponse(
        ErrorCode::Overloaded,
        fmt::format("{} documents are being sent already; ask again in a moment", kMaxDocumentTexts));
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace tagwire::serve
