// An OPC UA server to test against, on 127.0.0.1: real, scriptable, and easy to kill.
//
// clang-format off
//   tagwire_opcua_peer PORT [NAME=NUMBER]...
//     bulk        Double nodes Bulk.0 ... besides Counter (Int32, counts 20 times a second) and Level (Double)
//     shift       namespaces registered before ours, so that its index differs
//     per_call    MaxMonitoredItemsPerCall
//     per_read    MaxNodesPerRead
//     per_browse  MaxNodesPerBrowse
//     late        the Double node Late appears after this many milliseconds
//     services    1: the nodes of service_nodes.h
//     plant       1: the address space of plant_tree.h
//     wide        so many children of one folder
//     subs        MaxSubscriptionsPerSession
//     per_sub     MaxMonitoredItemsPerSubscription
//     items       MaxMonitoredItems of all
//     transfer    1: sessions do not go on over another connection, but their subscriptions may be taken over
//
// Prints "ready" when it listens. Reads commands from its standard input, one a line, and answers each with one line:
//   set NODE NUMBER    writes a Double node
//   setall NUMBER      writes every Bulk node
//   event SEVERITY TEXT   raises an event of the Server object
//   events COUNT       raises so many at once, numbered in their messages
//   add FOLDER NAME    adds the Double node FOLDER.NAME below the node FOLDER (see plant_tree.h)
//   remove NODE        removes a node
//   record N FIRST COUNT STEP
//                      history of History.N: COUNT values, STEP ms apart from FIRST (100 ns since 1601) on
//   record_recipes FIRST COUNT STEP
//                      the same of Recipe: structures named r0, r1, ...
//   recipe NAME [LIMIT]
//                      writes the structure Recipe (plant_types.h)
//   sessions           how many sessions are open
//   subscriptions      how many subscriptions there are
//   counter            the latest value of Counter
//   level NUMBER       sets the ServiceLevel
//   quit               shuts down in an orderly way; so does the end of the input
// clang-format on
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <open62541/plugin/log_stdout.h>
#include <open62541/server.h>
#include <open62541/server_config_default.h>
#include <poll.h>
#include <unistd.h>

#include "plant_tree.h"
#include "plant_types.h"
#include "service_nodes.h"

namespace {

constexpr const char* kNamespace = "http://tagwire.test/plant/";
constexpr double kCountIntervalMs = 50;

struct Settings {
    UA_UInt16 port = 0;
    int bulk = 0;
    int shift = 0;
    UA_UInt32 perCall = 0;
    UA_UInt32 perRead = 0;
    int lateMs = 0;
    UA_UInt32 subscriptions = 0;
    UA_UInt32 perSubscription = 0;
    UA_UInt32 items = 0;
    bool transfer = false;
    bool services = false;
    int plant = 0;
    int wide = 0;
    UA_UInt32 perBrowse = 0;
};

UA_String borrow(std::string_view text) {
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}

class Peer {
public:
    explicit Peer(const Settings& settings) : bulk_(settings.bulk) {
        UA_ServerConfig config{};
        config.logging = UA_Log_Stdout_new(UA_LOGLEVEL_FATAL);
        check(UA_ServerConfig_setMinimal(&config, settings.port, nullptr), "configure");
        config.tcpReuseAddr = true;
        config.allowEmptyVariables = UA_RULEHANDLING_ACCEPT;  // values of own types are given when asked
        config.maxMonitoredItemsPerCall = settings.perCall;
        config.maxNodesPerRead = settings.perRead;
        config.queueSizeLimits.max = 10'000;
        config.maxSubscriptionsPerSession = settings.subscriptions;
        config.maxMonitoredItemsPerSubscription = settings.perSubscription;
        config.maxMonitoredItems = settings.items;
        if (settings.transfer) {
            config.accessControl.allowTransferSubscription = allowTransfer;
            activateSession_ = std::exchange(config.accessControl.activateSession, activateOnce);
        }
        config.maxNodesPerBrowse = settings.perBrowse;
        config.samplingIntervalLimits.min = 5;
        config.publishingIntervalLimits.min = 5;
        if (settings.services) services_.configure(config);
        server_.reset(UA_Server_newWithConfig(&config));
        for (int i = 0; i < settings.shift; ++i) {
            UA_Server_addNamespace(server_.get(), fmt::format("http://tagwire.test/filler/{}", i).c_str());
        }
        space_ = UA_Server_addNamespace(server_.get(), kNamespace);
        UA_Int32 zero = 0;
        addVariable("Counter", &zero, UA_TYPES[UA_TYPES_INT32]);
        double level = 0;
        addVariable("Level", &level, UA_TYPES[UA_TYPES_DOUBLE]);
        if (settings.services) services_.add(server_.get(), space_);
        for (int i = 0; i < bulk_; ++i) addVariable(bulkName(i), &level, UA_TYPES[UA_TYPES_DOUBLE]);
        UA_NodeId levelNode{};
        levelNode.identifier.numeric = UA_NS0ID_SERVER_SERVICELEVEL;
        UA_Server_setNodeContext(server_.get(), levelNode, this);
        check(UA_Server_setVariableNode_dataSource(server_.get(), levelNode, {readLevel, nullptr}), "level");
        plant_types::add(server_.get(), space_);
        if (settings.services) services_.historize(nodeId("Recipe"));
        check(UA_Server_addRepeatedCallback(server_.get(), count, this, kCountIntervalMs, nullptr), "count");
        if (settings.lateMs > 0) {
            const UA_DateTime due = UA_DateTime_nowMonotonic() + settings.lateMs * UA_DATETIME_MSEC;
            check(UA_Server_addTimedCallback(server_.get(), appear, this, due, nullptr), "late");
        }
        tree_.emplace(server_.get(), space_);
        if (settings.plant > 0) tree_->addPlant();
        if (settings.wide > 0) tree_->addWide(settings.wide);
        check(UA_Server_run_startup(server_.get()), "listen");
    }

    /// Until the input ends or says quit.
    void serve() {
        std::string input;
        while (!quit_) {
            UA_Server_run_iterate(server_.get(), false);
            pollfd waited{STDIN_FILENO, POLLIN, 0};
            if (poll(&waited, 1, 2) <= 0) continue;
            char bytes[4096];
            const auto size = read(STDIN_FILENO, bytes, sizeof bytes);
            if (size <= 0) break;
            input.append(bytes, static_cast<std::size_t>(size));
            for (auto end = input.find('\n'); end != std::string::npos; end = input.find('\n')) {
                std::cout << obey(input.substr(0, end)) << std::endl;
                input.erase(0, end + 1);
            }
        }
        UA_Server_run_shutdown(server_.get());
    }

private:
    struct Delete {
        void operator()(UA_Server* server) const { UA_Server_delete(server); }
    };

    static UA_Boolean allowTransfer(UA_Server*, UA_AccessControl*, const UA_NodeId*, void*, const UA_NodeId*,
                                    void*) {
        return true;
    }

    static UA_StatusCode activateOnce(UA_Server* server, UA_AccessControl* control,
                                      const UA_EndpointDescription* endpoint,
                                      const UA_ByteString* certificate, const UA_NodeId* session,
                                      const UA_ExtensionObject* token, void** context) {
        if (!activated_.insert(UA_NodeId_hash(session)).second)
            return UA_STATUSCODE_BADIDENTITYCHANGENOTSUPPORTED;
        return activateSession_(server, control, endpoint, certificate, session, token, context);
    }

    static void check(UA_StatusCode status, std::string_view what) {
        if (status == UA_STATUSCODE_GOOD) return;
        std::cerr << what << ": " << UA_StatusCode_name(status) << std::endl;
        std::exit(1);
    }

    static void count(UA_Server* /*server*/, void* self) {
        auto& peer = *static_cast<Peer*>(self);
        ++peer.counter_;
        peer.write("Counter", &peer.counter_, UA_TYPES[UA_TYPES_INT32]);
    }

    static UA_StatusCode readLevel(UA_Server*, const UA_NodeId*, void*, const UA_NodeId*, void* self,
                                   UA_Boolean /*sourceTime*/, const UA_NumericRange*, UA_DataValue* value) {
        value->hasValue = true;
        return UA_Variant_setScalarCopy(&value->value, &static_cast<Peer*>(self)->level_,
                                        &UA_TYPES[UA_TYPES_BYTE]);
    }

    static void appear(UA_Server* /*server*/, void* self) {
        double level = 0;
        static_cast<Peer*>(self)->addVariable("Late", &level, UA_TYPES[UA_TYPES_DOUBLE]);
    }

    static std::string bulkName(int index) { return fmt::format("Bulk.{}", index); }

    UA_NodeId nodeId(std::string_view name) const {
        UA_NodeId id{};
        id.namespaceIndex = space_;
        id.identifierType = UA_NODEIDTYPE_STRING;
        id.identifier.string = borrow(name);
        return id;
    }

    void addVariable(const std::string& name, void* initial, const UA_DataType& type) {
        UA_VariableAttributes attributes = UA_VariableAttributes_default;
        UA_Variant_setScalar(&attributes.value, initial, &type);
        attributes.dataType = type.typeId;
        attributes.accessLevel = UA_ACCESSLEVELMASK_READ | UA_ACCESSLEVELMASK_WRITE;
        UA_NodeId objects{};
        objects.identifier.numeric = UA_NS0ID_OBJECTSFOLDER;
        UA_NodeId organizes{};
        organizes.identifier.numeric = UA_NS0ID_ORGANIZES;
        UA_NodeId baseVariable{};
        baseVariable.identifier.numeric = UA_NS0ID_BASEDATAVARIABLETYPE;
        check(UA_Server_addVariableNode(server_.get(), nodeId(name), objects, organizes,
                                        {space_, borrow(name)}, baseVariable, attributes, nullptr, nullptr),
              name);
    }

    UA_StatusCode write(std::string_view name, void* value, const UA_DataType& type) {
        UA_Variant variant;
        UA_Variant_init(&variant);
        UA_Variant_setScalar(&variant, value, &type);
        return UA_Server_writeValue(server_.get(), nodeId(name), variant);
    }

    UA_StatusCode writeField(const UA_NodeId& event, std::string_view name, void* value,
                             const UA_DataType& type) {
        UA_Variant variant;
        UA_Variant_init(&variant);
        UA_Variant_setScalar(&variant, value, &type);
        return UA_Server_writeObjectProperty(server_.get(), event, {0, borrow(name)}, variant);
    }

    UA_StatusCode raise(UA_UInt16 severity, const std::string& text) {
        UA_NodeId baseEvent{};
        baseEvent.identifier.numeric = UA_NS0ID_BASEEVENTTYPE;
        UA_NodeId event;
        UA_StatusCode status = UA_Server_createEvent(server_.get(), baseEvent, &event);
        if (status != UA_STATUSCODE_GOOD) return status;
        UA_LocalizedText message{borrow("en"), borrow(text)};
        UA_DateTime now = UA_DateTime_now();
        UA_String source = borrow("Peer");
        status |= writeField(event, "Severity", &severity, UA_TYPES[UA_TYPES_UINT16]);
        status |= writeField(event, "Message", &message, UA_TYPES[UA_TYPES_LOCALIZEDTEXT]);
        status |= writeField(event, "Time", &now, UA_TYPES[UA_TYPES_DATETIME]);
        status |= writeField(event, "SourceName", &source, UA_TYPES[UA_TYPES_STRING]);
        UA_NodeId server{};
        server.identifier.numeric = UA_NS0ID_SERVER;
        return status | UA_Server_triggerEvent(server_.get(), event, server, nullptr, true);
    }

    std::string subscriptions() {
        UA_NodeId node{};
        node.identifier.numeric = UA_NS0ID_SERVER_SERVERDIAGNOSTICS_SERVERDIAGNOSTICSSUMMARY;
        UA_Variant value;
        UA_Variant_init(&value);
        std::string count = "unknown";
        if (UA_Server_readValue(server_.get(), node, &value) == UA_STATUSCODE_GOOD &&
            UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_SERVERDIAGNOSTICSSUMMARYDATATYPE])) {
            const auto& summary = *static_cast<UA_ServerDiagnosticsSummaryDataType*>(value.data);
            count = std::to_string(summary.currentSubscriptionCount);
        }
        UA_Variant_clear(&value);
        return count;
    }

    UA_StatusCode recordRecipes(UA_DateTime first, int count, UA_DateTime step) {
        UA_StatusCode status = UA_STATUSCODE_GOOD;
        for (int i = 0; i < count && status == UA_STATUSCODE_GOOD; ++i) {
            status =
                plant_types::withRecipe(fmt::format("r{}", i), std::nullopt, [&](const UA_Variant& value) {
                    return services_.record(nodeId("Recipe"), first + i * step, value);
                });
        }
        return status;
    }

    std::string obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "quit") {
            quit_ = true;
            return "bye";
        }
        if (verb == "sessions") {
            return std::to_string(UA_Server_getStatistics(server_.get()).ss.currentSessionCount);
        }
        if (verb == "subscriptions") return subscriptions();
        if (verb == "counter") return std::to_string(counter_);
        std::string node;
        std::string name;
        if (verb == "add" && words >> node >> name) return tree_->addVariable(node, name);
        if (verb == "remove" && words >> node) return tree_->remove(node);
        if (verb == "recipe" && words >> name) {
            std::optional<double> limit;
            if (double most = 0; words >> most) limit = most;
            return UA_StatusCode_name(plant_types::writeRecipe(server_.get(), space_, name, limit));
        }
        double number = 0;
        if (verb == "level" && words >> number) {
            level_ = static_cast<UA_Byte>(number);
            return "Good";
        }
        if (verb == "set" && words >> node >> number) {
            return UA_StatusCode_name(write(node, &number, UA_TYPES[UA_TYPES_DOUBLE]));
        }
        if (int node = 0, count = 0, step = 0; verb == "record") {
            UA_DateTime first = 0;
            if (words >> node >> first >> count >> step)
                return UA_StatusCode_name(services_.record(node, first, count, step));
        }
        if (int count = 0, step = 0; verb == "record_recipes") {
            UA_DateTime first = 0;
            if (words >> first >> count >> step)
                return UA_StatusCode_name(recordRecipes(first, count, step * UA_DATETIME_MSEC));
        }
        if (verb == "setall" && words >> number) {
            for (int i = 0; i < bulk_; ++i) write(bulkName(i), &number, UA_TYPES[UA_TYPES_DOUBLE]);
            return "Good";
        }
        if (UA_UInt16 severity = 0; verb == "event" && words >> severity) {
            std::string text;
            std::getline(words >> std::ws, text);
            return UA_StatusCode_name(raise(severity, text));
        }
        if (int count = 0; verb == "events" && words >> count) {
            UA_StatusCode status = UA_STATUSCODE_GOOD;
            for (int i = 0; i < count; ++i) status |= raise(500, fmt::format("event {}", i));
            return UA_StatusCode_name(status);
        }
        return "unknown command";
    }

    inline static decltype(UA_AccessControl::activateSession) activateSession_ = nullptr;
    inline static std::set<UA_UInt32> activated_;
    ServiceNodes services_;
    std::unique_ptr<UA_Server, Delete> server_;
    UA_UInt16 space_ = 0;
    std::optional<PlantTree> tree_;
    int bulk_ = 0;
    UA_Int32 counter_ = 0;
    UA_Byte level_ = 255;
    bool quit_ = false;
};

std::optional<Settings> settingsOf(int argc, char** argv) {
    if (argc < 2) return std::nullopt;
    Settings settings;
    settings.port = static_cast<UA_UInt16>(std::atoi(argv[1]));
    for (int i = 2; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const int value = std::atoi(argument.data() + equals + 1);
        const auto key = argument.substr(0, equals);
        if (key == "bulk") {
            settings.bulk = value;
        } else if (key == "shift") {
            settings.shift = value;
        } else if (key == "per_call") {
            settings.perCall = static_cast<UA_UInt32>(value);
        } else if (key == "per_read") {
            settings.perRead = static_cast<UA_UInt32>(value);
        } else if (key == "services") {
            settings.services = value != 0;
        } else if (key == "late") {
            settings.lateMs = value;
        } else if (key == "subs") {
            settings.subscriptions = static_cast<UA_UInt32>(value);
        } else if (key == "per_sub") {
            settings.perSubscription = static_cast<UA_UInt32>(value);
        } else if (key == "transfer") {
            settings.transfer = value != 0;
        } else if (key == "items") {
            settings.items = static_cast<UA_UInt32>(value);
        } else if (key == "plant") {
            settings.plant = value;
        } else if (key == "wide") {
            settings.wide = value;
        } else if (key == "per_browse") {
            settings.perBrowse = static_cast<UA_UInt32>(value);
        } else {
            return std::nullopt;
        }
    }
    return settings;
}

}  // namespace

int main(int argc, char** argv) {
    const auto settings = settingsOf(argc, argv);
    if (!settings) {
        std::cerr << "usage: see the head of opcua_peer.cpp" << std::endl;
        return 2;
    }
    Peer peer(*settings);
    std::cout << "ready" << std::endl;
    peer.serve();
    return 0;
}
