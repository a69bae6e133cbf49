#include "serve/audit_routes.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/time_text.h"
#include "model/audit_reader.h"
#include "serve/asked.h"
#include "serve/error_response.h"
#include "wire/audit_answers.h"

namespace tagwire::serve {

using Answering = boost::asio::awaitable<HttpResponse>;

namespace {

enum class AuditFormat : std::uint8_t { Json, Csv };
constexpr std::array<std::string_view, 2> kAuditFormatNames{"json", "csv"};

struct AuditTerms {
    AuditQuestion question;
    AuditFormat format = AuditFormat::Json;
};

Result<std::optional<Timestamp>> timeIn(const Query& query, std::string_view name) {
    const auto text = query.get(name);
    if (!text) return std::nullopt;
    const auto time = parseTime(*text);
    if (!time) return fail(fmt::format("parameter '{}': {}", name, time.error().message));
    return *time;
}

Result<AuditTerms> auditTerms(const Query& query) {
    if (const auto known =
            query.onlyKnown({"from", "to", "user", "action", "text", "outcome", "before", "limit", "format"});
        !known)
        return tl::unexpected(known.error());
    AuditTerms terms;
    auto& question = terms.question;
    const auto from = timeIn(query, "from");
    if (!from) return tl::unexpected(from.error());
    question.from = *from;
    const auto to = timeIn(query, "to");
    if (!to) return tl::unexpected(to.error());
    question.to = *to;
    question.user = query.get("user").value_or("");
    question.action = query.get("action").value_or("");
    question.text = query.get("text").value_or("");
    if (query.get("outcome")) {
        const auto outcome = query.name<AuditOutcome>("outcome", wire::kAuditOutcomeNames);
        if (!outcome) return tl::unexpected(outcome.error());
        question.outcome = *outcome;
    }
    if (query.get("before")) {
        const auto before = query.number("before", 0, wire::kGetAuditBeforeMin, wire::kGetAuditBeforeMax);
        if (!before) return tl::unexpected(before.error());
        question.before = static_cast<std::uint64_t>(*before);
    }
    const auto limit =
        query.number("limit", wire::kGetAuditLimitDefault, wire::kGetAuditLimitMin, wire::kGetAuditLimitMax);
    if (!limit) return tl::unexpected(limit.error());
    question.limit = static_cast<std::size_t>(*limit);
    const auto format = query.name<AuditFormat>("format", kAuditFormatNames);
    if (!format) return tl::unexpected(format.error());
    terms.format = *format;
    return terms;
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): both outlive their coroutines
Answering csvOf(Shard& shard, AuditReader& reader, AuditQuestion question) {
    auto asking = asked<AuditPage>(
        shard,
        [&reader, question = std::move(question)](ServiceAnswer<AuditPage> answer) {
            reader.read(question, std::move(answer));
        },
        wire::appendAuditCsv);
    auto response = co_await std::move(asking);
    if (response.status == 200) {
        response.contentType = "text/csv; charset=utf-8";
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"audit.csv\"");
    }
    co_return response;
}

}  // namespace

Answering auditRoute(Shard& shard, const HttpRequest& request) {
    auto* reader = shard.server().auditReader;
    if (reader == nullptr) return answerAtOnce(nothingAt(request.path));
    auto terms = auditTerms(request.query);
    if (!terms) return answerAtOnce(badRequest(terms.error()));
    if (terms->format == AuditFormat::Csv) return csvOf(shard, *reader, std::move(terms->question));
    return asked<AuditPage>(
        shard,
        [reader, question = std::move(terms->question)](ServiceAnswer<AuditPage> answer) {
            reader->read(question, std::move(answer));
        },
        wire::appendAuditPage);
}

Answering auditVerifyRoute(Shard& shard, const HttpRequest& request) {
    auto* reader = shard.server().auditReader;
    if (reader == nullptr) return answerAtOnce(nothingAt(request.path));
    if (const auto known = request.query.onlyKnown({}); !known)
        return answerAtOnce(badRequest(known.error()));
    return asked<AuditVerdict>(
        shard, [reader](ServiceAnswer<AuditVerdict> answer) { reader->verify(std::move(answer)); },
        wire::appendAuditVerdict);
}

}  // namespace tagwire::serve
