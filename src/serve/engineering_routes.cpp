#include "serve/engineering_routes.h"

#include <array>
#include <charconv>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "serve/ask.h"
#include "serve/engineering_gate.h"
#include "serve/router.h"
#include "serve/service_refusal.h"
#include "serve/shard.h"
#include "wire/address_space_answers.h"
#include "wire/body_parser.h"
#include "wire/certificate_answers.h"
#include "wire/rest_answers.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using wire::ErrorCode;
using Answering = asio::awaitable<HttpResponse>;

namespace {

/// Longer than a server may take to answer one request; a search, which needs many, ends itself earlier.
constexpr std::chrono::seconds kPatience{30};

constexpr std::string_view kSourcePrefix = "/api/v1/sources/";

/// The body that `append` makes of the answer, or why there is none.
template <class T>
HttpResponse toResponse(const std::optional<ServiceResult<T>>& result,
                        void (*append)(std::string&, const T&)) {
    if (auto refused = unanswered(result)) return *std::move(refused);
    HttpResponse response;
    append(response.body, **result);
    return response;
}

std::optional<HttpResponse> gate(const HttpRequest& request) {
    const auto refused = engineeringRefusal(request.fromThisMachine);
    if (!refused) return std::nullopt;
    return errorResponse(ErrorCode::Forbidden, *refused);
}

Answering answerAtOnce(HttpResponse response) { co_return response; }

/// Asks by `begin` and answers with the body that `append` makes of it.
template <class T>
// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): the shard outlives its coroutines
Answering asked(Shard& shard, std::function<void(ServiceAnswer<T>)> begin,
                void (*append)(std::string&, const T&)) {
    auto asking = ask<T>(shard.context(), kPatience, std::move(begin));
    const auto result = co_await std::move(asking);
    co_return toResponse(result, append);
}

/// One of a few words; the first is the default.
Result<std::string_view> choice(const Query& query, std::string_view name,
                                std::initializer_list<std::string_view> words) {
    const auto given = query.get(name).value_or(*words.begin());
    for (const auto word : words) {
        if (given == word) return word;
    }
    return fail(
        fmt::format("parameter '{}': expected one of {}, got '{}'", name, fmt::join(words, ", "), given));
}

Result<std::optional<std::uint64_t>> continuationOf(const Query& query) {
    const auto text = query.get("continuation");
    if (!text) return std::nullopt;
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
    if (error != std::errc{} || end != text->data() + text->size()) {
        return fail("parameter 'continuation': expected 'next' of the page before");
    }
    return number;
}

Answering browseRoute(Shard& shard, SourceServices& source, const Query& query) {
    if (const auto known = query.onlyKnown({"node", "direction", "all", "limit", "continuation"}); !known)
        return answerAtOnce(badRequest(known.error()));
    const auto direction = choice(query, "direction", {"forward", "inverse"});
    if (!direction) return answerAtOnce(badRequest(direction.error()));
    const auto all = choice(query, "all", {"false", "true"});
    if (!all) return answerAtOnce(badRequest(all.error()));
    const auto limit =
        query.number("limit", wire::kBrowseLimitDefault, wire::kBrowseLimitMin, wire::kBrowseLimitMax);
    if (!limit) return answerAtOnce(badRequest(limit.error()));
    const auto continuation = continuationOf(query);
    if (!continuation) return answerAtOnce(badRequest(continuation.error()));
    BrowseQuestion question{.node = std::string(query.get("node").value_or("")),
                            .inverse = *direction == "inverse",
                            .all = *all == "true",
                            .limit = static_cast<std::size_t>(*limit),
                            .continuation = *continuation};
    return asked<BrowsePage>(
        shard,
        [&source, question = std::move(question)](ServiceAnswer<BrowsePage> answer) {
            source.browse(question, std::move(answer));
        },
        wire::appendBrowsePage);
}

Answering nodeRoute(Shard& shard, SourceServices& source, const Query& query) {
    if (const auto known = query.onlyKnown({"node"}); !known) return answerAtOnce(badRequest(known.error()));
    const auto node = query.get("node");
    if (!node || node->empty())
        return answerAtOnce(badRequest({"parameter 'node': expected a node id, such as ?node=i=2253"}));
    return asked<NodeAttributes>(
        shard,
        [&source, id = std::string(*node)](ServiceAnswer<NodeAttributes> answer) {
            source.attributes(id, std::move(answer));
        },
        wire::appendNodeDetail);
}

Answering searchRoute(Shard& shard, SourceServices& source, const Query& query) {
    if (const auto known = query.onlyKnown({"q", "node", "limit"}); !known)
        return answerAtOnce(badRequest(known.error()));
    const auto text = query.get("q");
    if (!text || text->empty())
        return answerAtOnce(badRequest({"parameter 'q': expected a part of a name, such as ?q=temp"}));
    const auto limit = query.number("limit", wire::kSearchNodesLimitDefault, wire::kSearchNodesLimitMin,
                                    wire::kSearchNodesLimitMax);
    if (!limit) return answerAtOnce(badRequest(limit.error()));
    SearchQuestion question{.text = std::string(*text),
                            .node = std::string(query.get("node").value_or("")),
                            .limit = static_cast<std::size_t>(*limit)};
    return asked<SearchAnswer>(
        shard,
        [&source, question = std::move(question)](ServiceAnswer<SearchAnswer> answer) {
            source.search(question, std::move(answer));
        },
        wire::appendSearchAnswer);
}

struct SourceRoute {
    std::string_view name;
    Answering (*answer)(Shard&, SourceServices&, const Query&);
};

constexpr std::array kSourceRoutes{
    SourceRoute{"browse", browseRoute},
    SourceRoute{"node", nodeRoute},
    SourceRoute{"search", searchRoute},
};

/// `/api/v1/sources/{name}/{route}`
std::optional<Answering> sourceRoute(Shard& shard, const HttpRequest& request) {
    const auto rest = std::string_view(request.path).substr(kSourcePrefix.size());
    const auto slash = rest.rfind('/');
    if (slash == std::string_view::npos) return std::nullopt;
    for (const auto& [name, answer] : kSourceRoutes) {
        if (rest.substr(slash + 1) != name) continue;
        if (request.method != Method::Get && request.method != Method::Head)
            return answerAtOnce(methodNotAllowed("GET, HEAD"));
        if (auto refused = gate(request)) return answerAtOnce(std::move(*refused));
        const auto sourceName = rest.substr(0, slash);
        auto* source =
            shard.server().directory == nullptr ? nullptr : shard.server().directory->find(sourceName);
        if (source == nullptr) {
            return answerAtOnce(errorResponse(ErrorCode::NotFound,
                                              fmt::format("there is no source '{}' with an address space; "
                                                          "/api/v1/sources lists all sources",
                                                          sourceName)));
        }
        return answer(shard, *source, request.query);
    }
    return std::nullopt;
}

// --- certificates and endpoints of OPC UA

Answering certificatesRoute(Shard& shard, CertificateServices& certificates, const HttpRequest&) {
    return asked<CertificateOverview>(
        shard,
        [&certificates](ServiceAnswer<CertificateOverview> answer) { certificates.list(std::move(answer)); },
        wire::appendCertificates);
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): shard and services outlive it
Answering ownCertificateRoute(Shard& shard, CertificateServices& certificates, const HttpRequest&) {
    auto asking = asked<std::string>(
        shard,
        [&certificates](ServiceAnswer<std::string> answer) {
            certificates.ownCertificate(std::move(answer));
        },
        [](std::string& body, const std::string& der) { body = der; });
    auto response = co_await std::move(asking);
    if (response.status == 200) {
        response.contentType = "application/pkix-cert";
        response.headers.emplace_back("Content-Disposition", "attachment; filename=\"tagwire.der\"");
    }
    co_return response;
}

/// The body as `Body`. Pages of other origins can send forms without being asked, but not this type.
template <class Body>
Result<Body> bodyOf(const HttpRequest& request) {
    if (!request.contentType.starts_with("application/json"))
        return fail("the body: expected JSON, with the header Content-Type: application/json");
    return wire::parseBody<Body>(request.body);
}

template <CertificateDecision Decision>
Answering decideRoute(Shard& shard, CertificateServices& certificates, const HttpRequest& request) {
    auto choice = bodyOf<wire::CertificateChoice>(request);
    if (!choice) return answerAtOnce(badRequest(choice.error()));
    return asked<CertificateOverview>(
        shard,
        [&certificates,
         fingerprint = std::move(choice->fingerprint)](ServiceAnswer<CertificateOverview> answer) {
            certificates.decide(Decision, fingerprint, std::move(answer));
        },
        wire::appendCertificates);
}

Answering endpointsRoute(Shard& shard, CertificateServices& certificates, const HttpRequest& request) {
    if (const auto known = request.query.onlyKnown({"url"}); !known)
        return answerAtOnce(badRequest(known.error()));
    const auto url = request.query.get("url");
    if (!url || url->empty())
        return answerAtOnce(
            badRequest({"parameter 'url': expected the address of a server, such as "
                        "?url=opc.tcp://192.168.0.10:4840"}));
    return asked<std::vector<ServerEndpoint>>(
        shard,
        [&certificates, url = std::string(*url)](ServiceAnswer<std::vector<ServerEndpoint>> answer) {
            certificates.endpoints(url, std::move(answer));
        },
        wire::appendEndpoints);
}

struct CertificateRoute {
    std::string_view path;
    Method method;
    Answering (*answer)(Shard&, CertificateServices&, const HttpRequest&);
};

constexpr std::array kCertificateRoutes{
    CertificateRoute{"/api/v1/opcua/certificates", Method::Get, certificatesRoute},
    CertificateRoute{"/api/v1/opcua/certificates/own.der", Method::Get, ownCertificateRoute},
    CertificateRoute{"/api/v1/opcua/certificates/trust", Method::Post,
                     decideRoute<CertificateDecision::Trust>},
    CertificateRoute{"/api/v1/opcua/certificates/reject", Method::Post,
                     decideRoute<CertificateDecision::Reject>},
    CertificateRoute{"/api/v1/opcua/certificates/remove", Method::Post,
                     decideRoute<CertificateDecision::Remove>},
    CertificateRoute{"/api/v1/opcua/endpoints", Method::Get, endpointsRoute},
};

std::optional<Answering> certificateRoute(Shard& shard, const HttpRequest& request) {
    auto* certificates = shard.server().certificates;
    if (certificates == nullptr) return std::nullopt;
    for (const auto& [path, method, answer] : kCertificateRoutes) {
        if (request.path != path) continue;
        const bool reads = request.method == Method::Get || request.method == Method::Head;
        if (method == Method::Get ? !reads : request.method != method)
            return answerAtOnce(methodNotAllowed(method == Method::Get ? "GET, HEAD" : "POST"));
        if (auto refused = gate(request)) return answerAtOnce(std::move(*refused));
        return answer(shard, *certificates, request);
    }
    return std::nullopt;
}

// --- sources that are added while the server runs

constexpr std::string_view kAddedPrefix = "/api/v1/opcua/sources";

NewTags tagsOf(std::optional<std::vector<wire::NewSubtree>> subtrees,
               std::optional<std::vector<wire::NewTag>> tags) {
    NewTags all;
    if (subtrees) {
        for (auto& subtree : *subtrees) {
            all.subtrees.push_back(
                {.name = std::move(subtree.name).value_or(""), .node = std::move(subtree.node)});
        }
    }
    if (tags) {
        for (auto& tag : *tags)
            all.tags.push_back({.name = std::move(tag.name), .node = std::move(tag.node)});
    }
    return all;
}

Answering addSource(Shard& shard, SourceAdministration& administration, const HttpRequest& request) {
    auto body = bodyOf<wire::NewSource>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    const auto textOf = [](std::optional<std::string>& text) { return std::move(text).value_or(""); };
    NewSource source{.name = std::move(body->name),
                     .endpoint = std::move(body->endpoint),
                     .prefix = textOf(body->prefix),
                     .policy = textOf(body->policy),
                     .mode = textOf(body->mode),
                     .user = textOf(body->user),
                     .password = textOf(body->password),
                     .tags = tagsOf(std::move(body->subtrees), std::move(body->tags))};
    return asked<SourceFile>(
        shard,
        [&administration, source = std::move(source)](ServiceAnswer<SourceFile> answer) {
            administration.add(source, std::move(answer));
        },
        wire::appendSourceFile);
}

Answering addTags(Shard& shard, SourceAdministration& administration, const HttpRequest& request,
                  std::string name) {
    auto body = bodyOf<wire::MoreTags>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    return asked<SourceFile>(
        shard,
        [&administration, name = std::move(name),
         tags = tagsOf(std::move(body->subtrees), std::move(body->tags))](ServiceAnswer<SourceFile> answer) {
            administration.addTags(name, tags, std::move(answer));
        },
        wire::appendSourceFile);
}

Answering removeSource(Shard& shard, SourceAdministration& administration, std::string name) {
    return asked<SourceFile>(
        shard,
        [&administration, name = std::move(name)](ServiceAnswer<SourceFile> answer) {
            administration.remove(name, std::move(answer));
        },
        wire::appendSourceFile);
}

/// `/api/v1/opcua/sources` and `/api/v1/opcua/sources/{name}/{tags|remove}`
std::optional<Answering> addedSourceRoute(Shard& shard, const HttpRequest& request) {
    auto* administration = shard.server().administration;
    auto rest = std::string_view(request.path);
    if (administration == nullptr || !rest.starts_with(kAddedPrefix)) return std::nullopt;
    rest.remove_prefix(kAddedPrefix.size());
    const auto slash = rest.rfind('/');
    const auto action = slash == std::string_view::npos ? std::string_view() : rest.substr(slash + 1);
    const bool named = rest.size() > action.size() + 2 && rest.front() == '/';
    if (!rest.empty() && !(named && (action == "tags" || action == "remove"))) return std::nullopt;
    if (request.method != Method::Post) return answerAtOnce(methodNotAllowed("POST"));
    if (auto refused = gate(request)) return answerAtOnce(std::move(*refused));
    if (rest.empty()) return addSource(shard, *administration, request);
    std::string name(rest.substr(1, slash - 1));
    if (action == "tags") return addTags(shard, *administration, request, std::move(name));
    // It has no body; the type is asked for against forms of other pages all the same.
    if (!request.contentType.starts_with("application/json"))
        return answerAtOnce(badRequest({"expected the header Content-Type: application/json"}));
    return removeSource(shard, *administration, std::move(name));
}

}  // namespace

std::optional<Answering> engineeringRoute(Shard& shard, const HttpRequest& request) {
    if (request.method == Method::Options) return std::nullopt;
    if (request.path.starts_with(kSourcePrefix)) return sourceRoute(shard, request);
    if (auto added = addedSourceRoute(shard, request)) return added;
    return certificateRoute(shard, request);
}

}  // namespace tagwire::serve
