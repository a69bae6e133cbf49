// An OPC UA server (open62541) that brings hundreds of thousands of value changes a second to one client, and
// counts.
//
//   tagwire_opcua_load_server PORT [nodes=N] [active=N] [rate=CHANGES_A_SECOND]
//     nodes    Double nodes nsu=urn:tagwire:load;i=1 … i=N, 20000 by default
//     active   how many of them change, the first ones; all by default
//     rate     changes a second, over all of them; none by default
//
// A node's value is the number of its own changes, so that a client sees from two values how many it missed
// between them. Items with a sampling interval of 0 see every change. Listens on 127.0.0.1; prints "ready"
// when it does. Reads commands from its standard input, one a line, and answers each with one line:
//   load ACTIVE RATE   from now on
//   stats              {"written", "behind", "sessions", "subscriptions", "monitored_items", "cpu_us"} as
//   JSON;
//                      behind: changes that were due but not made, because the machine is too slow
//   quit               shuts down in an orderly way; so does the end of the input
#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <open62541/plugin/log_stdout.h>
#include <open62541/server.h>
#include <open62541/server_config_default.h>
#include <poll.h>
#include <unistd.h>

namespace {

constexpr const char* kNamespace = "urn:tagwire:load";

/// Changes are made in slices, so that the server's loop goes on between them.
constexpr double kSliceMs = 5;
/// After a delay at most this much is caught up in one slice.
constexpr double kMaxCatchUpSeconds = 0.05;

struct Settings {
    UA_UInt16 port = 0;
    UA_UInt32 nodes = 20'000;
    std::optional<UA_UInt32> active;
    UA_UInt32 rate = 0;
};

UA_String borrow(std::string_view text) {
    return {text.size(), reinterpret_cast<UA_Byte*>(const_cast<char*>(text.data()))};
}

void check(UA_StatusCode status, std::string_view what) {
    if (status == UA_STATUSCODE_GOOD) return;
    std::cerr << what << ": " << UA_StatusCode_name(status) << std::endl;
    std::exit(1);
}

class LoadServer {
public:
    explicit LoadServer(const Settings& settings)
        : values_(settings.nodes, 0.0),
          active_(std::min(settings.active.value_or(settings.nodes), settings.nodes)),
          rate_(settings.rate) {
        UA_ServerConfig config{};
        config.logging = UA_Log_Stdout_new(UA_LOGLEVEL_FATAL);
        check(UA_ServerConfig_setMinimal(&config, settings.port, nullptr), "configure");
        config.context = this;
        config.monitoredItemRegisterCallback = onItem;
        config.tcpReuseAddr = true;
        config.samplingIntervalLimits.min = 0;  // 0: every change is seen
        config.publishingIntervalLimits.min = 5;
        config.maxNotificationsPerPublish = 1'000'000;  // as the client asks
        config.maxPublishReqPerSession = 100;
        server_.reset(UA_Server_newWithConfig(&config));
        space_ = UA_Server_addNamespace(server_.get(), kNamespace);
        for (UA_UInt32 i = 0; i < settings.nodes; ++i) addNode(i);
        check(UA_Server_addRepeatedCallback(server_.get(), change, this, kSliceMs, nullptr), "load");
        check(UA_Server_run_startup(server_.get()), "listen");
    }

    /// Until the input ends or says quit.
    void serve() {
        std::string input;
        while (!quit_) {
            UA_Server_run_iterate(server_.get(), true);
            pollfd waited{STDIN_FILENO, POLLIN, 0};
            if (poll(&waited, 1, 0) <= 0) continue;
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

    static void onItem(UA_Server* server, const UA_NodeId* /*session*/, void* /*sessionContext*/,
                       const UA_NodeId* /*node*/, void* /*nodeContext*/, UA_UInt32 /*attribute*/,
                       UA_Boolean removed) {
        auto& self = *static_cast<LoadServer*>(UA_Server_getConfig(server)->context);
        self.items_ += removed ? -1 : 1;
    }

    static void change(UA_Server* /*server*/, void* self) { static_cast<LoadServer*>(self)->changeSlice(); }

    UA_NodeId nodeId(UA_UInt32 index) const {
        UA_NodeId id{};
        id.namespaceIndex = space_;
        id.identifier.numeric = index + 1;
        return id;
    }

    void addNode(UA_UInt32 index) {
        UA_VariableAttributes attributes = UA_VariableAttributes_default;
        UA_Variant_setScalar(&attributes.value, &values_[index], &UA_TYPES[UA_TYPES_DOUBLE]);
        attributes.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId;
        attributes.accessLevel = UA_ACCESSLEVELMASK_READ;
        UA_NodeId objects{};
        objects.identifier.numeric = UA_NS0ID_OBJECTSFOLDER;
        UA_NodeId organizes{};
        organizes.identifier.numeric = UA_NS0ID_ORGANIZES;
        UA_NodeId baseVariable{};
        baseVariable.identifier.numeric = UA_NS0ID_BASEDATAVARIABLETYPE;
        const std::string name = fmt::format("Load.{}", index + 1);
        check(UA_Server_addVariableNode(server_.get(), nodeId(index), objects, organizes,
                                        {space_, borrow(name)}, baseVariable, attributes, nullptr, nullptr),
              name);
    }

    void changeSlice() {
        const UA_DateTime now = UA_DateTime_nowMonotonic();
        const double passed = static_cast<double>(now - last_) / UA_DATETIME_SEC;
        const bool first = last_ == 0;
        last_ = now;
        if (first || rate_ == 0 || active_ == 0) return;
        due_ += passed * rate_;
        if (const double most = kMaxCatchUpSeconds * rate_; due_ > most) {
            behind_ += static_cast<UA_UInt64>(due_ - most);
            due_ = most;
        }
        for (; due_ >= 1; due_ -= 1) {
            next_ = next_ < active_ ? next_ : 0;
            values_[next_] += 1;
            UA_Variant value;
            UA_Variant_init(&value);
            UA_Variant_setScalar(&value, &values_[next_], &UA_TYPES[UA_TYPES_DOUBLE]);
            UA_Server_writeValue(server_.get(), nodeId(next_), value);
            ++next_;
            ++written_;
        }
    }

    UA_UInt32 subscriptions() {
        UA_NodeId node{};
        node.identifier.numeric =
            UA_NS0ID_SERVER_SERVERDIAGNOSTICS_SERVERDIAGNOSTICSSUMMARY_CURRENTSUBSCRIPTIONCOUNT;
        UA_Variant value;
        UA_Variant_init(&value);
        UA_UInt32 count = 0;
        if (UA_Server_readValue(server_.get(), node, &value) == UA_STATUSCODE_GOOD &&
            UA_Variant_hasScalarType(&value, &UA_TYPES[UA_TYPES_UINT32])) {
            count = *static_cast<UA_UInt32*>(value.data);
        }
        UA_Variant_clear(&value);
        return count;
    }

    std::string stats() {
        timespec cpu{};
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
        return fmt::format(
            R"({{"written":{},"behind":{},"sessions":{},"subscriptions":{},"monitored_items":{},"cpu_us":{}}})",
            written_, behind_, UA_Server_getStatistics(server_.get()).ss.currentSessionCount, subscriptions(),
            items_, cpu.tv_sec * 1'000'000 + cpu.tv_nsec / 1'000);
    }

    std::string obey(const std::string& line) {
        std::istringstream words(line);
        std::string verb;
        words >> verb;
        if (verb == "quit") {
            quit_ = true;
            return "bye";
        }
        if (verb == "stats") return stats();
        UA_UInt32 active = 0;
        if (UA_UInt32 rate = 0; verb == "load" && words >> active >> rate) {
            active_ = std::min(active, static_cast<UA_UInt32>(values_.size()));
            rate_ = rate;
            due_ = 0;
            return "ok";
        }
        return "unknown command";
    }

    std::unique_ptr<UA_Server, Delete> server_;
    UA_UInt16 space_ = 0;
    std::vector<double> values_;
    UA_UInt32 active_;
    UA_UInt32 rate_;
    UA_UInt32 next_ = 0;
    UA_DateTime last_ = 0;
    double due_ = 0;
    UA_UInt64 written_ = 0;
    UA_UInt64 behind_ = 0;
    std::int64_t items_ = 0;
    bool quit_ = false;
};

std::optional<UA_UInt32> number(std::string_view text) {
    UA_UInt32 value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc{} && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

std::optional<Settings> settingsOf(int argc, char** argv) {
    const auto port = argc < 2 ? std::nullopt : number(argv[1]);
    if (!port || *port == 0 || *port > 65'535) return std::nullopt;
    Settings settings;
    settings.port = static_cast<UA_UInt16>(*port);
    for (int i = 2; i < argc; ++i) {
        const std::string_view argument = argv[i];
        const auto equals = argument.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        const auto value = number(argument.substr(equals + 1));
        if (!value) return std::nullopt;
        const auto key = argument.substr(0, equals);
        if (key == "nodes") {
            settings.nodes = *value;
        } else if (key == "active") {
            settings.active = *value;
        } else if (key == "rate") {
            settings.rate = *value;
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
        std::cerr << "usage: tagwire_opcua_load_server PORT [nodes=N] [active=N] [rate=CHANGES_A_SECOND]"
                  << std::endl;
        return 2;
    }
    LoadServer server(*settings);
    std::cout << "ready" << std::endl;
    server.serve();
    return 0;
}
