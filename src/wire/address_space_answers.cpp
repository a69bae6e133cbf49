#include "wire/address_space_answers.h"

#include <optional>
#include <string_view>

#include <fmt/format.h>

#include "base/json_text.h"
#include "model/value_json.h"
#include "wire/json_list.h"

namespace tagwire::wire {
namespace {

/// As in a browse path: `2:Boiler`, `Server`.
std::string textOf(const QualifiedName& name) {
    return name.namespaceIndex == 0 ? name.name : fmt::format("{}:{}", name.namespaceIndex, name.name);
}

void writeIfAny(ObjectWriter& object, std::string_view name, const std::string& text) {
    if (!text.empty()) object.member(name, text);
}

template <class T>
void writeIfKnown(ObjectWriter& object, std::string_view name, const std::optional<T>& value) {
    if (value) object.member(name, *value);
}

void writeWords(ObjectWriter& object, std::string_view name, const std::optional<AccessLevel>& level) {
    if (level) appendJsonList(object.key(name), accessWords(*level), appendJsonString);
}

void appendSummary(std::string& out, const NodeSummary& node) {
    ObjectWriter object(out);
    object.member("node", node.node);
    object.member("browseName", textOf(node.browseName));
    object.member("displayName", node.displayName.text);
    object.member("nodeClass", nodeClassName(node.nodeClass));
    writeIfAny(object, "typeDefinition", node.typeDefinition);
    object.member("referenceType", node.referenceType);
    object.member("forward", node.forward);
    if (node.remote) object.member("remote", true);
    writeIfKnown(object, "hasChildren", node.hasChildren);
}

}  // namespace

void appendBrowsePage(std::string& out, const BrowsePage& page) {
    ObjectWriter object(out);
    appendJsonList(object.key("references"), page.references, appendSummary);
    if (page.continuation) object.member("next", fmt::to_string(*page.continuation));
    writeIfAny(object, "cutOff", page.cutOff);
}

void appendNodeDetail(std::string& out, const NodeAttributes& node) {
    ObjectWriter object(out);
    object.member("node", node.node);
    object.member("nodeClass", nodeClassName(node.nodeClass));
    object.member("browseName", textOf(node.browseName));
    object.member("displayName", node.displayName.text);
    if (node.description) writeIfAny(object, "description", node.description->text);
    writeIfAny(object, "typeDefinition", node.typeDefinition);
    writeIfAny(object, "typeDefinitionName", node.typeDefinitionName);
    writeIfAny(object, "dataType", node.dataType);
    writeIfAny(object, "dataTypeName", node.dataTypeName);
    writeIfKnown(object, "valueRank", node.valueRank);
    if (!node.arrayDimensions.empty()) {
        appendJsonList(
            object.key("arrayDimensions"), node.arrayDimensions,
            [](std::string& text, std::uint32_t length) { appendJsonInteger(text, std::uint64_t{length}); });
    }
    writeWords(object, "access", node.accessLevel);
    writeWords(object, "userAccess", node.userAccessLevel);
    writeIfKnown(object, "minimumSamplingInterval", node.minimumSamplingInterval);
    writeIfKnown(object, "historizing", node.historizing);
    if (node.value) {
        appendValue(object.key("value"), node.value->value);
        object.member("status", node.value->status.code());
        object.member("ts", node.value->sourceTime);
    }
    writeIfKnown(object, "eventNotifier", node.eventNotifier);
    writeIfKnown(object, "executable", node.executable);
    appendJsonList(object.key("inverse"), node.inverseReferences, appendSummary);
}

void appendSearchAnswer(std::string& out, const SearchAnswer& answer) {
    ObjectWriter object(out);
    appendJsonList(object.key("hits"), answer.hits, [](std::string& text, const SearchHit& hit) {
        ObjectWriter entry(text);
        appendSummary(entry.key("node"), hit.node);
        entry.member("path", hit.path);
    });
    object.member("seen", answer.nodesSeen);
    writeIfAny(object, "cutOff", answer.cutOff);
}

}  // namespace tagwire::wire
