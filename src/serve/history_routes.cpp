#include "serve/history_routes.h"

#include <chrono>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/url/encode.hpp>
#include <boost/url/rfc/unreserved_chars.hpp>
#include <fmt/format.h>

#include "base/time_text.h"
#include "serve/ask.h"
#include "serve/error_response.h"
#include "serve/hang_up_watch.h"
#include "serve/history_question.h"
#include "serve/history_reader.h"
#include "serve/shard.h"
#include "wire/history_csv.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using wire::ErrorCode;
using Answering = asio::awaitable<HttpResponse>;

namespace {

/// After this the history is told to stop.
constexpr std::chrono::seconds kHistoryPatience{30};
/// Answers that a shard makes, or that wait for their clients to take them, at a time.
constexpr std::size_t kMaxHistoryAnswers = 8;
constexpr std::size_t kMaxHistoryQuestionTags = 100;
constexpr std::size_t kMaxBodyMiB = 16;
constexpr std::size_t kMaxBodyBytes = kMaxBodyMiB * 1024 * 1024;

HttpResponse refused(const HistoryRefusal& refusal) { return errorResponse(refusal.code, refusal.message); }

tl::unexpected<HistoryRefusal> wrongQuestion(std::string message) {
    return tl::unexpected(HistoryRefusal{ErrorCode::BadRequest, std::move(message)});
}

struct Parameters {
    HistoryTerms terms;
    wire::HistFormat format = wire::HistFormat::Json;
};

Result<Timestamp, HistoryRefusal> timeOf(const Query& query, std::string_view name) {
    const auto time = parseTime(query.get(name).value_or(""));
    if (!time) return wrongQuestion(fmt::format("parameter '{}': {}", name, time.error().message));
    return *time;
}

Result<Parameters, HistoryRefusal> parametersOf(const Query& query) {
    if (const auto known =
            query.onlyKnown({"tags", "from", "to", "form", "intervals", "limit", "cursor", "format"});
        !known)
        return wrongQuestion(known.error().message);
    Parameters result;
    auto& terms = result.terms;
    terms.tags = query.list("tags");
    if (terms.tags.empty())
        return wrongQuestion("parameter 'tags': expected paths, such as ?tags=Random.Int1");
    if (terms.tags.size() > kMaxHistoryQuestionTags)
        return tl::unexpected(HistoryRefusal{
            ErrorCode::TooManyTags,
            fmt::format("parameter 'tags': at most {} tags at a time", kMaxHistoryQuestionTags)});
    const auto from = timeOf(query, "from");
    if (!from) return tl::unexpected(from.error());
    terms.from = *from;
    terms.to = wallClockNow();
    if (query.get("to")) {
        const auto to = timeOf(query, "to");
        if (!to) return tl::unexpected(to.error());
        terms.to = *to;
    }
    const auto form = query.name<wire::HistForm>("form", wire::kHistFormNames);
    if (!form) return wrongQuestion(form.error().message);
    terms.form = *form;
    const auto format = query.name<wire::HistFormat>("format", wire::kHistFormatNames);
    if (!format) return wrongQuestion(format.error().message);
    result.format = *format;
    const auto intervals = query.number("intervals", wire::kGetHistoryIntervalsDefault,
                                        wire::kGetHistoryIntervalsMin, wire::kGetHistoryIntervalsMax);
    if (!intervals) return wrongQuestion(intervals.error().message);
    terms.intervals = static_cast<std::size_t>(*intervals);
    const auto limit = query.number("limit", wire::kGetHistoryLimitDefault, wire::kGetHistoryLimitMin,
                                    wire::kGetHistoryLimitMax);
    if (!limit) return wrongQuestion(limit.error().message);
    terms.limit = static_cast<std::size_t>(*limit);
    terms.cursor = query.get("cursor").value_or("");
    return result;
}

/// Address of the next page, relative to this one (RFC 8288).
std::string nextPage(const Parameters& parameters, std::string_view cursor) {
    const auto encoded = [](std::string_view text) {
        return boost::urls::encode(text, boost::urls::unreserved_chars);
    };
    const auto& terms = parameters.terms;
    std::string link = "<?";
    // A comma would divide a name in two.
    for (const auto& tag : terms.tags) link += fmt::format("tags={}&", encoded(tag));
    return link + fmt::format("from={}&to={}&limit={}&format={}&cursor={}>; rel=\"next\"",
                              toUnixMillis(terms.from), toUnixMillis(terms.to), terms.limit,
                              wire::nameOf(parameters.format), encoded(cursor));
}

HttpResponse tooLarge() {
    return errorResponse(ErrorCode::TooLarge,
                         fmt::format("the answer would be longer than {} MiB: ask for fewer tags, a shorter "
                                     "time or a smaller limit",
                                     kMaxBodyMiB));
}

HttpResponse csvAnswer(const TagCache& cache, HistoryAnswer& answer, tagwire::HistoryForm form) {
    std::vector<wire::TypedSeries> all;
    for (auto& series : answer.series) {
        auto type = seriesType(series, cache);
        const auto* entry = cache.find(series.tag.text());
        const bool hasUnit = entry != nullptr && entry->info->units;
        all.push_back({.series = std::move(series),
                       .type = std::move(type),
                       .unit = hasUnit ? entry->info->units->symbol : ""});
    }
    HttpResponse response;
    if (!wire::appendHistoryCsv(response.body, all, form, kMaxBodyBytes)) return tooLarge();
    response.contentType = "text/csv; charset=utf-8";
    response.headers.emplace_back("Content-Disposition", "attachment; filename=\"history.csv\"");
    return response;
}

HttpResponse jsonAnswer(const TagCache& cache, HistoryAnswer& answer, const HistoryTerms& terms,
                        const std::vector<wire::BadTag>& bad) {
    const auto form = wire::historyForm(terms.form);
    std::vector<wire::SeriesEncoder> encoders;
    for (auto& series : answer.series) {
        auto type = seriesType(series, cache);
        encoders.emplace_back(std::move(series), std::move(type), form, terms.from);
    }
    HttpResponse response;
    const wire::HistoryHead head{
        .from = terms.from, .to = terms.to, .form = form, .bad = bad, .next = answer.more};
    if (!wire::appendHistoryAnswer(response.body, head, encoders, kMaxBodyBytes)) return tooLarge();
    return response;
}

Answering withoutWaiting(HttpResponse response) { co_return response; }

/// The shard outlives its coroutines, and `client` is of the session that waits for this one.
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters)
Answering answerLater(Shard& shard, asio::ip::tcp::socket& client, Parameters parameters,
                      HistoryQuestion question, std::shared_ptr<void> turn) {
    std::stop_source stop;
    const HangUpWatch watch(client, [stop]() mutable { stop.request_stop(); });
    const std::stop_callback withTheServer(shard.stopToken(), [&stop] { stop.request_stop(); });
    auto asking = ask<HistoryAnswer>(shard.context(), kHistoryPatience,
                                     [history = shard.server().history, query = std::move(question.query),
                                      token = stop.get_token()](ServiceAnswer<HistoryAnswer> answer) mutable {
                                         history->ask(std::move(query), std::move(token), std::move(answer));
                                     });
    auto result = co_await std::move(asking);
    if (!result) {
        stop.request_stop();
        co_return errorResponse(ErrorCode::Overloaded,
                                "the history did not answer in time: ask for a shorter time or fewer tags");
    }
    if (!*result) co_return refused(refusalOf(result->error()));
    auto& answer = **result;
    const auto& cache = shard.cache();
    sortOutUnknown(answer.series, cache, question.bad);
    const bool csv = parameters.format == wire::HistFormat::Csv;
    if (csv && !question.bad.empty()) {  // a table has no place to say so
        const auto& bad = question.bad.front();
        co_return errorResponse(bad.code, fmt::format("'{}': {}", bad.name, bad.message));
    }
    auto response = csv ? csvAnswer(cache, answer, wire::historyForm(parameters.terms.form))
                        : jsonAnswer(cache, answer, parameters.terms, question.bad);
    if (!answer.more.empty()) response.headers.emplace_back("Link", nextPage(parameters, answer.more));
    response.held = std::move(turn);
    co_return response;
}

}  // namespace

Answering historyRoute(Shard& shard, const HttpRequest& request, asio::ip::tcp::socket& client) {
    if (shard.server().history == nullptr) return withoutWaiting(refused(noHistory()));
    auto parameters = parametersOf(request.query);
    if (!parameters) return withoutWaiting(refused(parameters.error()));
    parameters->terms.sight = request.sight;
    auto question = historyQuestion(parameters->terms);
    if (!question) return withoutWaiting(refused(question.error()));
    markStepped(question->query, shard.cache());
    auto turn = shard.historyTurn(kMaxHistoryAnswers);
    if (turn == nullptr) {
        auto response = errorResponse(ErrorCode::Overloaded,
                                      fmt::format("{} questions about the past are being answered; ask again "
                                                  "in a moment",
                                                  kMaxHistoryAnswers));
        response.headers.emplace_back("Retry-After", "1");
        return withoutWaiting(std::move(response));
    }
    return answerLater(shard, client, *std::move(parameters), *std::move(question), std::move(turn));
}

}  // namespace tagwire::serve
