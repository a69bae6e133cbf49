// tagwire opcua info: who the server is, how it is, and what it takes.

#include <array>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <open62541/nodeids.h>

#include "source/opcua/services/read.h"
#include "source/opcua/tool/commands.h"
#include "source/opcua/values/value_convert.h"

namespace tagwire::source::opcua {
namespace {

/// OPC 10000-5, 12.6
std::string_view stateName(UA_ServerState state) noexcept {
    switch (state) {
        case UA_SERVERSTATE_RUNNING: return "Running";
        case UA_SERVERSTATE_FAILED: return "Failed";
        case UA_SERVERSTATE_NOCONFIGURATION: return "NoConfiguration";
        case UA_SERVERSTATE_SUSPENDED: return "Suspended";
        case UA_SERVERSTATE_SHUTDOWN: return "Shutdown";
        case UA_SERVERSTATE_TEST: return "Test";
        case UA_SERVERSTATE_COMMUNICATIONFAULT: return "CommunicationFault";
        default: return "Unknown";
    }
}

Value timeCell(UA_DateTime time) { return time > 0 ? Value(timestampOf(time)) : Value{}; }

/// What is shown of the server, in its order.
struct Record {
    std::vector<Column> fields;
    Row values;

    void add(std::string_view key, std::string_view title, Value value) {
        fields.push_back({key, title});
        values.push_back(std::move(value));
    }
};

void addStatus(Record& record, const UA_Variant& value) {
    if (!UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_SERVERSTATUSDATATYPE])) return;
    const auto& status = *static_cast<const UA_ServerStatusDataType*>(value.data);
    record.add("state", "state", textCell(stateName(status.state)));
    record.add("product", "product", textCell(view(status.buildInfo.productName)));
    record.add("manufacturer", "manufacturer", textCell(view(status.buildInfo.manufacturerName)));
    record.add("version", "version", textCell(view(status.buildInfo.softwareVersion)));
    record.add("build", "build", textCell(view(status.buildInfo.buildNumber)));
    record.add("buildDate", "build date", timeCell(status.buildInfo.buildDate));
    record.add("productUri", "product URI", textCell(view(status.buildInfo.productUri)));
    record.add("startTime", "started", timeCell(status.startTime));
    record.add("currentTime", "its clock", timeCell(status.currentTime));
    if (status.state == UA_SERVERSTATE_SHUTDOWN) {
        record.add("secondsTillShutdown", "seconds left", Value(std::uint32_t{status.secondsTillShutdown}));
        record.add("shutdownReason", "shutdown reason", textCell(view(status.shutdownReason.text)));
    }
}

/// OPC 10000-5, 12.5
Value redundancyCell(const Value& value) {
    constexpr std::array<const char*, 6> kNames{"None", "Cold",        "Warm",
                                                "Hot",  "Transparent", "HotAndMirrored"};
    const auto* number = value.getIf<std::int32_t>();
    if (number == nullptr || *number < 0 || *number >= static_cast<std::int32_t>(kNames.size())) return value;
    return Value(kNames.at(static_cast<std::size_t>(*number)));
}

struct Extra {
    UA_UInt32 node;
    std::string_view key;
    std::string_view title;
};

constexpr std::array kExtras{
    Extra{UA_NS0ID_SERVER_SERVICELEVEL, "serviceLevel", "service level"},
    Extra{UA_NS0ID_SERVER_SERVERREDUNDANCY_REDUNDANCYSUPPORT, "redundancySupport", "redundancy"},
    Extra{UA_NS0ID_SERVER_SERVERCAPABILITIES_LOCALEIDARRAY, "locales", "locales"},
    Extra{UA_NS0ID_SERVER_SERVERCAPABILITIES_MINSUPPORTEDSAMPLERATE, "minSampleRateMs",
          "fastest sampling (ms)"},
    Extra{UA_NS0ID_SERVER_SERVERCAPABILITIES_MAXARRAYLENGTH, "maxArrayLength", "max array length"},
    Extra{UA_NS0ID_SERVER_SERVERCAPABILITIES_MAXBROWSECONTINUATIONPOINTS, "maxBrowseContinuationPoints",
          "max browses at a time"},
    Extra{UA_NS0ID_SERVER_SERVERCAPABILITIES_MAXHISTORYCONTINUATIONPOINTS, "maxHistoryContinuationPoints",
          "max history reads at a time"},
};

Value limitCell(std::uint32_t limit) { return limit == 0 ? Value{} : Value(limit); }

void addLimits(Record& record, const OperationLimits& limits) {
    record.add("maxNodesPerRead", "max nodes per read", limitCell(limits.read));
    record.add("maxNodesPerWrite", "max nodes per write", limitCell(limits.write));
    record.add("maxNodesPerMethodCall", "max calls at once", limitCell(limits.call));
    record.add("maxNodesPerBrowse", "max nodes per browse", limitCell(limits.browse));
    record.add("maxNodesPerTranslate", "max browse paths", limitCell(limits.translateBrowsePaths));
    record.add("maxNodesPerHistoryReadData", "max nodes per history read", limitCell(limits.historyReadData));
    record.add("maxMonitoredItemsPerCall", "max items per call", limitCell(limits.monitoredItems));
}

CommandResult info(CommandContext& context) {
    return withConnection(context, [&](Connection& connection) -> CommandResult {
        std::vector<ReadItem> items(1 + kExtras.size());
        items[0].node->identifier.numeric = UA_NS0ID_SERVER_SERVERSTATUS;
        for (std::size_t i = 0; i < kExtras.size(); ++i)
            items[i + 1].node->identifier.numeric = kExtras[i].node;

        const auto& namespaces = connection.info().namespaces();
        Record record;
        record.add("endpoint", "endpoint", Value(context.connection.endpoint.text()));
        bool answered = false;
        readNodes(connection.client(), connection.info().limits().read, std::move(items),
                  std::chrono::milliseconds(0), [&](ReadOutcomes& outcomes) {
                      addStatus(record, outcomes[0].result.value);
                      for (std::size_t i = 0; i < kExtras.size(); ++i) {
                          Value value = convert(outcomes[i + 1].result, namespaces, wallClockNow()).value;
                          if (kExtras[i].key == "redundancySupport") value = redundancyCell(value);
                          record.add(kExtras[i].key, kExtras[i].title, std::move(value));
                      }
                      answered = true;
                  });
        if (const auto ran = connection.runUntil([&] { return answered; }); !ran)
            return failed(ran.error().message);
        addLimits(record, connection.info().limits());
        std::vector<std::string> titles(namespaces.size());  // the record points to them
        if (context.output.json()) {
            std::vector<Value> uris;
            for (const std::string& uri : namespaces) uris.emplace_back(uri);
            record.add("namespaces", "", Value(Array{BuiltInType::String, std::move(uris), {}}));
        } else {
            for (std::size_t i = 0; i < namespaces.size(); ++i) {
                titles[i] = fmt::format("namespace {}", i);
                record.add("", titles[i], Value(namespaces[i]));
            }
        }
        context.output.record(record.fields, record.values);
        return Exit::Done;
    });
}

}  // namespace

Command infoCommand() {
    return {.name = "info",
            .operands = "",
            .summary = "Shows the server's product, state, limits and namespaces",
            .details = "A limit that is not shown is none, or the server does not tell.\n",
            .options = {},
            .maxOperands = 0,
            .run = info};
}

}  // namespace tagwire::source::opcua
