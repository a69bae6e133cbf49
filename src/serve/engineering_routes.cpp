#include "serve/engineering_routes.h"

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "serve/asked.h"
#include "serve/error_response.h"
#include "serve/json_body.h"
#include "wire/address_space_answers.h"
#include "wire/certificate_answers.h"
#include "wire/rest_answers.h"

namespace tagwire::serve {

namespace asio = boost::asio;
using wire::ErrorCode;
using Answering = asio::awaitable<HttpResponse>;

namespace {

/// The same answer, with what it is about for the audit trail.
Answering about(std::string subject, Answering answering) {
    auto response = co_await std::move(answering);
    response.subject = std::move(subject);
    co_return response;
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

Answering browse(Shard& shard, SourceServices& source, const Query& query) {
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

Answering node(Shard& shard, SourceServices& source, const Query& query) {
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

Answering search(Shard& shard, SourceServices& source, const Query& query) {
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

/// Asks the source that the path names.
Answering ofSource(Shard& shard, const HttpRequest& request,
                   Answering (*answer)(Shard&, SourceServices&, const Query&)) {
    const auto& name = request.arguments.front();
    const auto* directory = shard.server().directory;
    auto* source = directory == nullptr ? nullptr : directory->find(name);
    if (source != nullptr) return answer(shard, *source, request.query);
    return answerAtOnce(
        errorResponse(ErrorCode::NotFound, fmt::format("there is no source '{}' with an address space; "
                                                       "/api/v1/sources lists all sources",
                                                       name)));
}

// --- certificates and endpoints of OPC UA

Answering listCertificates(Shard& shard, CertificateServices& certificates, const HttpRequest&) {
    return asked<CertificateOverview>(
        shard,
        [&certificates](ServiceAnswer<CertificateOverview> answer) { certificates.list(std::move(answer)); },
        wire::appendCertificates);
}

// NOLINTNEXTLINE(cppcoreguidelines-avoid-reference-coroutine-parameters): shard and services outlive it
Answering ownCertificate(Shard& shard, CertificateServices& certificates, const HttpRequest&) {
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

template <CertificateDecision Decision>
Answering decide(Shard& shard, CertificateServices& certificates, const HttpRequest& request) {
    auto choice = bodyOf<wire::CertificateChoice>(request);
    if (!choice) return answerAtOnce(badRequest(choice.error()));
    auto fingerprint = choice->fingerprint;
    return about(fingerprint, asked<CertificateOverview>(
                                  shard,
                                  [&certificates, fingerprint](ServiceAnswer<CertificateOverview> answer) {
                                      certificates.decide(Decision, fingerprint, std::move(answer));
                                  },
                                  wire::appendCertificates));
}

Answering listEndpoints(Shard& shard, CertificateServices& certificates, const HttpRequest& request) {
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

Answering withCertificates(Shard& shard, const HttpRequest& request,
                           Answering (*answer)(Shard&, CertificateServices&, const HttpRequest&)) {
    auto* certificates = shard.server().certificates;
    if (certificates == nullptr) return answerAtOnce(nothingAt(request.path));
    return answer(shard, *certificates, request);
}

// --- sources that are added while the server runs

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
        for (auto& tag : *tags) {
            auto& added = all.tags.emplace_back(NewTag{std::move(tag.name), std::move(tag.node), {}});
            if (tag.lim) added.limits = Limits{tag.lim->ll, tag.lim->l, tag.lim->h, tag.lim->hh};
        }
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
    auto name = source.name;
    return about(std::move(name),
                 asked<SourceFile>(
                     shard,
                     [&administration, source = std::move(source)](ServiceAnswer<SourceFile> answer) {
                         administration.add(source, std::move(answer));
                     },
                     wire::appendSourceFile));
}

Answering addTags(Shard& shard, SourceAdministration& administration, const HttpRequest& request) {
    auto body = bodyOf<wire::MoreTags>(request);
    if (!body) return answerAtOnce(badRequest(body.error()));
    return asked<SourceFile>(
        shard,
        [&administration, name = request.arguments.front(),
         tags = tagsOf(std::move(body->subtrees), std::move(body->tags))](ServiceAnswer<SourceFile> answer) {
            administration.addTags(name, tags, std::move(answer));
        },
        wire::appendSourceFile);
}

Answering removeSource(Shard& shard, SourceAdministration& administration, const HttpRequest& request) {
    // It has no body; the type is asked for against forms of other pages all the same.
    if (!request.contentType.starts_with("application/json"))
        return answerAtOnce(badRequest({"expected the header Content-Type: application/json"}));
    return asked<SourceFile>(
        shard,
        [&administration, name = request.arguments.front()](ServiceAnswer<SourceFile> answer) {
            administration.remove(name, std::move(answer));
        },
        wire::appendSourceFile);
}

Answering withAdministration(Shard& shard, const HttpRequest& request,
                             Answering (*answer)(Shard&, SourceAdministration&, const HttpRequest&)) {
    auto* administration = shard.server().administration;
    if (administration == nullptr) return answerAtOnce(nothingAt(request.path));
    return answer(shard, *administration, request);
}

}  // namespace

Answering browseRoute(Shard& shard, const HttpRequest& request) { return ofSource(shard, request, browse); }

Answering nodeRoute(Shard& shard, const HttpRequest& request) { return ofSource(shard, request, node); }

Answering searchRoute(Shard& shard, const HttpRequest& request) { return ofSource(shard, request, search); }

Answering certificatesRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, listCertificates);
}

Answering ownCertificateRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, ownCertificate);
}

Answering trustRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, decide<CertificateDecision::Trust>);
}

Answering rejectRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, decide<CertificateDecision::Reject>);
}

Answering removeCertificateRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, decide<CertificateDecision::Remove>);
}

Answering endpointsRoute(Shard& shard, const HttpRequest& request) {
    return withCertificates(shard, request, listEndpoints);
}

Answering addSourceRoute(Shard& shard, const HttpRequest& request) {
    return withAdministration(shard, request, addSource);
}

Answering addTagsRoute(Shard& shard, const HttpRequest& request) {
    return withAdministration(shard, request, addTags);
}

Answering removeSourceRoute(Shard& shard, const HttpRequest& request) {
    return withAdministration(shard, request, removeSource);
}

}  // namespace tagwire::serve
