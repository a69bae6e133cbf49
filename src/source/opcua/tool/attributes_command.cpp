// tagwire opcua attributes: everything about one node.

#include <optional>

#include <fmt/format.h>

#include "source/opcua/services/node_attributes.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/tool/locate.h"

namespace tagwire::source::opcua {
namespace {

/// A record that grows field by field; what is not known is left out.
class Fields {
public:
    void add(std::string_view key, std::string_view title, Value value) {
        if (value.isNull()) return;
        columns_.push_back({key, title});
        row_.push_back(std::move(value));
    }
    template <class T>
    void add(std::string_view key, std::string_view title, const std::optional<T>& value) {
        if (value) add(key, title, Value(*value));
    }
    void print(const Output& output) const { output.record(columns_, row_); }

private:
    std::vector<Column> columns_;
    Row row_;
};

Value words(const std::optional<AccessLevel>& level) {
    return level ? Value(fmt::format("{}", fmt::join(accessWords(*level), ", "))) : Value{};
}

Value text(const std::optional<LocalizedText>& text) { return text ? textCell(text->text) : Value{}; }

std::string withName(const std::string& node, const std::string& name) {
    return name.empty() ? node : fmt::format("{} ({})", name, node);
}

Fields fieldsOf(const NodeAttributes& node) {
    Fields fields;
    fields.add("node", "Node", Value(node.node));
    fields.add("class", "Class", Value(std::string(nodeClassName(node.nodeClass))));
    fields.add("browseName", "Browse name", Value(nameText(node.browseName)));
    fields.add("displayName", "Display name", textCell(node.displayName.text));
    fields.add("locale", "Locale", textCell(node.displayName.locale));
    fields.add("description", "Description", text(node.description));
    fields.add("typeDefinition", "Type definition",
               textCell(withName(node.typeDefinition, node.typeDefinitionName)));
    fields.add("dataType", "Data type", textCell(withName(node.dataType, node.dataTypeName)));
    fields.add("valueRank", "Value rank", node.valueRank);
    if (!node.arrayDimensions.empty())
        fields.add("arrayDimensions", "Dimensions",
                   Value(fmt::format("{}", fmt::join(node.arrayDimensions, " × "))));
    fields.add("accessLevel", "Access level", words(node.accessLevel));
    fields.add("userAccessLevel", "User access", words(node.userAccessLevel));
    fields.add("minimumSamplingInterval", "Min. sampling, ms", node.minimumSamplingInterval);
    fields.add("historizing", "Historizing", node.historizing);
    if (node.value) {
        fields.add("value", "Value", node.value->value);
        fields.add("status", "Status", Value(statusText(node.value->status)));
        fields.add("sourceTime", "Source time", Value(node.value->sourceTime));
        fields.add("serverTime", "Server time", Value(node.value->serverTime));
    }
    fields.add("eventNotifier", "Event notifier", node.eventNotifier);
    fields.add("executable", "Executable", node.executable);
    fields.add("userExecutable", "User executable", node.userExecutable);
    fields.add("isAbstract", "Abstract", node.isAbstract);
    fields.add("symmetric", "Symmetric", node.symmetric);
    fields.add("inverseName", "Inverse name", text(node.inverseName));
    fields.add("writeMask", "Write mask", node.writeMask);
    fields.add("userWriteMask", "User write mask", node.userWriteMask);
    std::vector<std::string> parents;
    for (const NodeSummary& parent : node.inverseReferences)
        parents.push_back(fmt::format("{} ({})", nameText(parent.browseName), parent.node));
    fields.add("referencedBy", "Referenced by", textCell(fmt::format("{}", fmt::join(parents, ", "))));
    return fields;
}

CommandResult attributes(CommandContext& context) {
    const auto locators = parseLocators(context.operands);
    if (!locators) return tl::unexpected(locators.error());
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        const auto nodes = locate(connection, *locators);
        if (!nodes) return tl::unexpected(nodes.error());
        std::optional<NodeAttributes> node;
        readNodeAttributes(viewOf(connection), connection.typeReader(), nodes->front(),
                           [&](NodeAttributes got) { node = std::move(got); });
        if (const auto ran = connection.runUntil([&] { return node.has_value(); }); !ran)
            return failed(ran.error().message);
        if (node->status.isBad()) return failed(fmt::format("{}: {}", node->node, statusText(node->status)));
        fieldsOf(*node).print(context.output);
        return Exit::Done;
    });
}

}  // namespace

Command attributesCommand() {
    return {.name = "attributes",
            .operands = "NODE",
            .summary = "Shows everything about one node",
            .details = "The node is named by its id or by a browse path such as /Objects/2:Plant.\n",
            .options = {},
            .minOperands = 1,
            .maxOperands = 1,
            .run = attributes};
}

}  // namespace tagwire::source::opcua
