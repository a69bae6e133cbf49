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

#include "model/document_services.h"
#include "serve/ask.h"
#include "serve/engineering_gate.h"
#include "serve/http_messages.h"
#include "serve/router.h"
#include "serve/service_refusal.h"
#include "serve/shard.h"
#include "wire/document_answers.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using wire::ErrorCode;
using Answering = asio::awaitable<HttpResponse>;

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr std::string_view kPrefix = "/api/v1/documents/";
constexpr std::string_view kVersions = "versions";

/// What a path names: a kind, a document of it, or its versions.
struct Place {
    DocumentKind kind = DocumentKind::Dashboard;
    std::optional<std::string_view> name;
    bool versions = false;

    [[nodiscard]] DocumentId id() const { return {.kind = kind, .name = std::string(name.value_or(""))}; }
};

Answering atOnce(HttpResponse response) { co_return response; }

HttpResponse badRequest(std::string_view message) { return errorResponse(ErrorCode::BadRequest, message); }

/// Kind, name and what is asked of it, by the slashes between them.
Result<Place, HttpResponse> placeOf(std::string_view path) {
    std::vector<std::string_view> parts;
    for (path.remove_prefix(kPrefix.size());;) {
        const auto slash = std::min(path.find('/'), path.size());
        parts.push_back(path.substr(0, slash));
        if (slash == path.size()) break;
        path.remove_prefix(slash + 1);
    }
    const auto kind = std::ranges::find(kDocumentKindNames, parts.front());
    if (kind == kDocumentKindNames.end()) {
        return tl::unexpected(errorResponse(
            ErrorCode::NotFound, fmt::format("there are no documents of the kind '{}'; there are: {}",
                                             parts.front(), fmt::join(kDocumentKindNames, ", "))));
    }
    Place place{.kind = static_cast<DocumentKind>(kind - kDocumentKindNames.begin()),
                .name = std::nullopt,
                .versions = false};
    if (parts.size() == 1) return place;
    if (parts.size() > 3 || (parts.size() == 3 && parts[2] != kVersions)) {
        return tl::unexpected(errorResponse(
            ErrorCode::NotFound, "a document has its text, and its versions below /versions, nothing else"));
    }
    if (!isDocumentName(parts[1])) {
        return tl::unexpected(badRequest(
            fmt::format("'{}' is no name of a document: expected 1 to 64 of the characters a-z, 0-9 "
                        "and -, not - first",
                        parts[1])));
    }
    place.name = parts[1];
    place.versions = parts.size() == 3;
    return place;
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
        fmt::format("the header If-Match: expected one version as ETag named it, such as \"7\", got '{}'",
                    request.ifMatch)));
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

Answering listRoute(Shard& shard, DocumentServices& documents, DocumentKind kind, bool fromThisMachine) {
    auto asking = ask<std::vector<DocumentSummary>>(
        shard.context(), kPatience, [&documents, kind](ServiceAnswer<std::vector<DocumentSummary>> answer) {
            documents.list(kind, std::move(answer));
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    wire::appendDocuments(response.body, **result, engineeringRefusal(fromThisMachine));
    co_return response;
}

Answering versionsRoute(Shard& shard, DocumentServices& documents, DocumentId id) {
    auto asking = ask<std::vector<DocumentVersion>>(
        shard.context(), kPatience,
        [&documents, id = std::move(id)](ServiceAnswer<std::vector<DocumentVersion>> answer) {
            documents.versions(id, std::move(answer));
        });
    const auto result = co_await std::move(asking);
    if (auto refused = unanswered(result)) co_return *std::move(refused);
    HttpResponse response;
    wire::appendDocumentVersions(response.body, **result);
    co_return response;
}

Answering readRoute(Shard& shard, DocumentServices& documents, DocumentId id,
                    std::optional<std::int64_t> version, const HttpRequest& request,
                    std::shared_ptr<void> turn) {
    auto asking =
        ask<DocumentText>(shard.context(), kPatience,
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

Answering saveRoute(Shard& shard, DocumentServices& documents, DocumentSave save) {
    const bool creating = !save.over;
    auto asking = ask<DocumentSaveAnswer>(shard.context(), kPatience,
                                          [&documents, &save](ServiceAnswer<DocumentSaveAnswer> answer) {
                                              documents.save(std::move(save), std::move(answer));
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

Answering removeRoute(Shard& shard, DocumentServices& documents, DocumentId id, std::int64_t seen) {
    auto asking = ask<DocumentRemoveAnswer>(
        shard.context(), kPatience,
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

Answering reading(Shard& shard, DocumentServices& documents, const Place& place, const HttpRequest& request) {
    const bool text = place.name && !place.versions;
    const auto known = text ? request.query.onlyKnown({"version"}) : request.query.onlyKnown({});
    if (!known) return atOnce(badRequest(known.error().message));
    if (!place.name) return listRoute(shard, documents, place.kind, request.fromThisMachine);
    if (place.versions) return versionsRoute(shard, documents, place.id());
    std::optional<std::int64_t> version;
    if (const auto given = request.query.get("version")) {
        version = versionOf(fmt::format("\"{}\"", *given));
        if (!version) {
            return atOnce(badRequest(
                fmt::format("parameter 'version': expected a whole number from 1 on, got '{}'", *given)));
        }
    }
    auto turn = shard.documentTurns().take(kMaxDocumentTexts);
    if (turn == nullptr) return atOnce(noDocumentTurn());
    return readRoute(shard, documents, place.id(), version, request, std::move(turn));
}

Answering saving(Shard& shard, DocumentServices& documents, const Place& place, const HttpRequest& request) {
    // Pages of other origins can send forms without being asked, but not this type.
    if (!request.contentType.starts_with("application/json")) {
        return atOnce(
            statusResponse(415, "the body: expected JSON, with the header Content-Type: application/json"));
    }
    std::optional<std::int64_t> over;
    if (!request.ifMatch.empty() && !request.ifNoneMatch.empty()) {
        return atOnce(badRequest("either If-Match or If-None-Match, not both"));
    }
    if (!request.ifMatch.empty()) {
        const auto seen = seenBy(request);
        if (!seen) return atOnce(seen.error());
        over = *seen;
    } else if (request.ifNoneMatch.empty()) {
        return atOnce(conditionNeeded());
    } else if (request.ifNoneMatch != "*") {
        return atOnce(badRequest(fmt::format(
            "the header If-None-Match: expected * for a new document, got '{}'", request.ifNoneMatch)));
    }
    DocumentSave save{.id = place.id(), .text = std::string(request.body), .by = {}, .over = over};
    return saveRoute(shard, documents, std::move(save));
}

Answering removing(Shard& shard, DocumentServices& documents, const Place& place,
                   const HttpRequest& request) {
    if (request.ifMatch.empty()) return atOnce(conditionNeeded());
    const auto seen = seenBy(request);
    if (!seen) return atOnce(seen.error());
    return removeRoute(shard, documents, place.id(), *seen);
}

}  // namespace

std::optional<Answering> documentRoute(Shard& shard, const HttpRequest& request) {
    auto* documents = shard.server().documents;
    if (documents == nullptr || !request.path.starts_with(kPrefix) || request.method == Method::Options)
        return std::nullopt;
    const auto place = placeOf(request.path);
    if (!place) return atOnce(place.error());
    if (request.method == Method::Get || request.method == Method::Head)
        return reading(shard, *documents, *place, request);
    const bool text = place->name && !place->versions;
    const bool puts = request.method == Method::Put;
    if (!text || (!puts && request.method != Method::Delete))
        return atOnce(methodNotAllowed(text ? "GET, HEAD, PUT, DELETE" : "GET, HEAD"));
    if (const auto refused = engineeringRefusal(request.fromThisMachine))
        return atOnce(errorResponse(ErrorCode::Forbidden, *refused));
    if (const auto known = request.query.onlyKnown({}); !known)
        return atOnce(badRequest(known.error().message));
    return puts ? saving(shard, *documents, *place, request) : removing(shard, *documents, *place, request);
}

bool bringsDocument(Method method, std::string_view target) noexcept {
    return method == Method::Put && target.starts_with(kPrefix);
}

HttpResponse noDocumentTurn() {
    auto response = errorResponse(
        ErrorCode::Overloaded,
        fmt::format("{} documents are being sent already; ask again in a moment", kMaxDocumentTexts));
    response.headers.emplace_back("Retry-After", "1");
    return response;
}

}  // namespace tagwire::serve
