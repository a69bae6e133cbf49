#include "source/opcua/services/node_search.h"

#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

char lower(char c) noexcept { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

/// With namespace URIs where the server tells them, so that it can go into the configuration.
std::string pathText(const WalkPath& path, NamespaceArray namespaces) {
    std::string text;
    path.forEach([&](const QualifiedName& name) {
        NodeAddress::Namespace space = name.namespaceIndex;
        if (name.namespaceIndex != 0 && name.namespaceIndex < namespaces.size())
            space = namespaces[name.namespaceIndex];
        text += pathElementText({std::move(space), name.name});
    });
    return text;
}

/// Of the folders that every server has below its root; empty for the root, and where the way is not known.
std::string_view pathOfStart(const UA_NodeId& start) noexcept {
    if (start.namespaceIndex != 0 || start.identifierType != UA_NODEIDTYPE_NUMERIC) return {};
    switch (start.identifier.numeric) {
        case UA_NS0ID_OBJECTSFOLDER: return "/Objects";
        case UA_NS0ID_TYPESFOLDER: return "/Types";
        case UA_NS0ID_VIEWSFOLDER: return "/Views";
        default: return {};
    }
}

/// What the callbacks of one search share.
struct Search {
    std::string text;
    std::string pathOfStart;
    std::size_t hitsLeft;
    NamespaceArray namespaces;
    SearchCallbacks callbacks;
    std::vector<SearchHit> hits;

    void flush() {
        if (!hits.empty()) callbacks.onHits(std::exchange(hits, {}));
    }
};

}  // namespace

bool containsText(std::string_view text, std::string_view part) noexcept {
    const auto equal = [](char a, char b) { return lower(a) == lower(b); };
    return part.empty() || std::ranges::search(text, part, equal).begin() != text.end();
}

Operation searchNodes(const ServerView& server, const SearchRequest& request, SearchCallbacks callbacks) {
    auto start = resolve(request.start, server.namespaces);
    if (!start) {
        WalkEnd end;
        end.stop = WalkStop::Failed;
        end.status = start.error();
        callbacks.onDone(end, "the server has no namespace of the node where the search begins");
        return {};
    }
    auto search = std::make_shared<Search>(Search{request.text,
                                                  std::string(pathOfStart(start->get())),
                                                  std::max<std::size_t>(request.maxHits, 1),
                                                  server.namespaces,
                                                  std::move(callbacks),
                                                  {}});
    const auto visit = [search](const UA_ReferenceDescription& reference, const WalkPath& path, bool) {
        if (!containsText(view(reference.browseName.name), search->text) &&
            !containsText(view(reference.displayName.text), search->text)) {
            return Visit::Descend;
        }
        search->hits.push_back({summaryOf(reference, search->namespaces),
                                search->pathOfStart + pathText(path, search->namespaces), path.depth()});
        return --search->hitsLeft == 0 ? Visit::Stop : Visit::Descend;
    };
    return walkAddressSpace(server, std::move(*start), request.bounds,
                            {visit, [search] { search->flush(); },
                             [search](const WalkEnd& end) {
                                 search->flush();
                                 search->callbacks.onDone(end, end.words());
                             }});
}

}  // namespace tagwire::source::opcua
