// An OPC UA server on 127.0.0.1 whose values are the time at which they were written.
//
//   tagwire_bench_clock_server PORT TAGS EVERY_MS
//
// The Double nodes `nsu=urn:tagwire:bench;s=0` … `s=TAGS-1` are written in turn, one each EVERY_MS, with
// CLOCK_MONOTONIC in microseconds: every process on this machine reads the same clock. Prints "ready" when it
// listens; ends when its standard input does.
#include <charconv>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <open62541/plugin/log_stdout.h>
#include <open62541/server.h>
#include <open62541/server_config_default.h>
#include <poll.h>
#include <unistd.h>

namespace {

struct Settings {
    UA_UInt16 port = 0;
    unsigned tags = 0;
    double everyMs = 0;
};

struct DeleteServer {
    void operator()(UA_Server* server) const { UA_Server_delete(server); }
};
using ServerPtr = std::unique_ptr<UA_Server, DeleteServer>;

void check(UA_StatusCode status, std::string_view what) {
    if (status == UA_STATUSCODE_GOOD) return;
    std::cerr << what << ": " << UA_StatusCode_name(status) << '\n';
    std::exit(1);
}

double monotonicMicroseconds() {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

class Clocks {
public:
    Clocks(UA_Server* server, unsigned count) : server_(server) {
        const UA_UInt16 space = UA_Server_addNamespace(server, "urn:tagwire:bench");
        names_.reserve(count);
        for (unsigned i = 0; i < count; ++i) names_.push_back(std::to_string(i));
        for (auto& name : names_) add(space, name);
    }

    static void writeNext(UA_Server* /*server*/, void* self) { static_cast<Clocks*>(self)->writeNext(); }

private:
    void add(UA_UInt16 space, std::string& name) {
        const UA_String text{name.size(), reinterpret_cast<UA_Byte*>(name.data())};
        UA_NodeId id{};
        id.namespaceIndex = space;
        id.identifierType = UA_NODEIDTYPE_STRING;
        id.identifier.string = text;
        double zero = 0;
        UA_VariableAttributes attributes = UA_VariableAttributes_default;
        UA_Variant_setScalar(&attributes.value, &zero, &UA_TYPES[UA_TYPES_DOUBLE]);
        attributes.dataType = UA_TYPES[UA_TYPES_DOUBLE].typeId;
        check(UA_Server_addVariableNode(server_, id, UA_NODEID_NUMERIC(0, UA_NS0ID_OBJECTSFOLDER),
                                        UA_NODEID_NUMERIC(0, UA_NS0ID_ORGANIZES), {space, text},
                                        UA_NODEID_NUMERIC(0, UA_NS0ID_BASEDATAVARIABLETYPE), attributes,
                                        nullptr, nullptr),
              name);
        nodes_.push_back(id);
    }

    void writeNext() {
        const UA_NodeId node = nodes_[next_];
        next_ = (next_ + 1) % nodes_.size();
        double now = monotonicMicroseconds();
        UA_Variant value;
        UA_Variant_init(&value);
        UA_Variant_setScalar(&value, &now, &UA_TYPES[UA_TYPES_DOUBLE]);
        check(UA_Server_writeValue(server_, node, value), "write");
    }

    UA_Server* server_;
    std::vector<std::string> names_;  ///< the node ids point into these
    std::vector<UA_NodeId> nodes_;
    std::size_t next_ = 0;
};

/// Nothing but the intervals asked for stands between a write and its publishing: no lower limits.
ServerPtr makeServer(UA_UInt16 port) {
    UA_ServerConfig config{};
    config.logging = UA_Log_Stdout_new(UA_LOGLEVEL_FATAL);
    check(UA_ServerConfig_setMinimal(&config, port, nullptr), "configure");
    config.samplingIntervalLimits.min = 0;
    config.publishingIntervalLimits.min = 1;
    return ServerPtr(UA_Server_newWithConfig(&config));
}

template <class Number>
bool parse(std::string_view text, Number& number) {
    const auto result = std::from_chars(text.data(), text.data() + text.size(), number);
    return result.ec == std::errc{} && result.ptr == text.data() + text.size() && number > 0;
}

std::optional<Settings> settingsOf(int argc, char** argv) {
    Settings settings;
    const bool good = argc == 4 && parse(argv[1], settings.port) && parse(argv[2], settings.tags) &&
                      parse(argv[3], settings.everyMs);
    return good ? std::optional(settings) : std::nullopt;
}

bool inputEnded() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    char byte = 0;
    return poll(&input, 1, 0) > 0 && read(STDIN_FILENO, &byte, 1) <= 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto settings = settingsOf(argc, argv);
    if (!settings) {
        std::cerr << "usage: tagwire_bench_clock_server PORT TAGS EVERY_MS\n";
        return 2;
    }
    const auto server = makeServer(settings->port);
    Clocks clocks(server.get(), settings->tags);
    check(UA_Server_addRepeatedCallback(server.get(), Clocks::writeNext, &clocks, settings->everyMs, nullptr),
          "timer");
    check(UA_Server_run_startup(server.get()), "listen");
    std::cout << "ready" << std::endl;
    while (!inputEnded()) UA_Server_run_iterate(server.get(), true);
    return UA_Server_run_shutdown(server.get()) == UA_STATUSCODE_GOOD ? 0 : 1;
}
