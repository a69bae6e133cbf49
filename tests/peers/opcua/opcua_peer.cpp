// An OPC UA server to test against, on 127.0.0.1: real, scriptable, and easy to kill.
//
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
//
// Prints "ready" when it listens. Reads commands from its standard input, one a line, and answers each with one line:
//   set NODE NUMBER    writes a Double node
//   setall NUMBER      writes every Bulk node
//   add FOLDER NAME    adds the Double node FOLDER.NAME below the node FOLDER (see plant_tree.h)
//   remove NODE        removes a node
//   record N FIRST COUNT STEP
//                      history of History.N: COUNT values, STEP ms apart from FIRST (100 ns since 1601) on
//   recipe NAME [LIMIT]
//                      writes the structure Recipe (plant_types.h)
//   sessions           how many sessions are open
//   quit               shuts down in an orderly way; so does the end of the input
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>

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
        plant_types::add(server_.get(), space_);
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
        if (verb == "set" && words >> node >> number) {
            return UA_StatusCode_name(write(node, &number, UA_TYPES[UA_TYPES_DOUBLE]));
        }
        if (int node = 0, count = 0, step = 0; verb == "record") {
            UA_DateTime first = 0;
            if (words >> node >> first >> count >> step)
                return UA_StatusCode_name(services_.record(node, first, count, step));
        }
        if (verb == "setall" && words >> number) {
            for (int i = 0; i < bulk_; ++i) write(bulkName(i), &number, UA_TYPES[UA_TYPES_DOUBLE]);
            return "Good";
        }
        return "unknown command";
    }

    ServiceNodes services_;
    std::unique_ptr<UA_Server, Delete> server_;
    UA_UInt16 space_ = 0;
    std::optional<PlantTree> tree_;
    int bulk_ = 0;
    UA_Int32 counter_ = 0;
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
        std::cerr << "usage: see the head of opcua_peer.cpp"
                  << std::endl;
        return 2;
    }
    Peer peer(*settings);
    std::cout << "ready" << std::endl;
    peer.serve();
    return 0;
}
