#include "source/opcua/tool/connection.h"

#include <array>
#include <ctime>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <open62541/statuscodes.h>
#include <pthread.h>

#include "base/time.h"
#include "source/opcua/client/connect_advice.h"
#include "source/opcua/client/host_lookup.h"
#include "source/opcua/services/whole_values.h"
#include "source/opcua/tool/security_arguments.h"

namespace tagwire::source::opcua {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kStep{10};
constexpr milliseconds kCloseDeadline{1'000};
/// The tool never stays away longer than a request; then the server may forget its session.
constexpr milliseconds kSessionTimeout{60'000};

constexpr std::array kConnectionOptions{
    OptionSpec{"--timeout", "TIME",
               "for opening the connection and for every request; 5s where it is not given"},
};

tl::unexpected<Error> interruptedError() { return fail("interrupted"); }

}  // namespace

std::vector<OptionSpec> connectionOptions() {
    std::vector<OptionSpec> options(kConnectionOptions.begin(), kConnectionOptions.end());
    const auto security = securityArguments();
    options.insert(options.end(), security.begin(), security.end());
    return options;
}

Result<ConnectionSettings> connectionSettings(std::string_view endpoint, const Arguments& arguments) {
    ConnectionSettings settings;
    auto url = EndpointUrl::parse(endpoint);
    if (!url) return fail(url.error().message);
    settings.endpoint = std::move(*url);
    if (const auto text = arguments.value("--timeout")) {
        const auto timeout = parseDuration(*text);
        if (!timeout) return fail(fmt::format("--timeout: {}", timeout.error().message));
        if (*timeout > std::chrono::minutes(10)) return fail("--timeout: at most 10m");
        settings.timeout = *timeout;
    }
    auto security = securityOf(arguments);
    if (!security) return fail(security.error().message);
    settings.security = std::move(*security);
    return settings;
}

Interrupt::Interrupt() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

bool Interrupt::pending() {
    const std::timespec now{};
    if (!seen_ && sigtimedwait(&signals_, nullptr, &now) > 0) seen_ = true;
    return seen_;
}

Connection::Connection(ConnectionSettings settings) : settings_(std::move(settings)) {}

Connection::~Connection() {
    if (!client_) return;
    client_->beginClose();
    const SteadyTime deadline = SteadyClock::now() + kCloseDeadline;
    while (!client_->closed() && SteadyClock::now() < deadline) client_->run(kStep);
    client_.reset();
}

Result<std::unique_ptr<Connection>> Connection::open(const ConnectionSettings& settings) {
    std::unique_ptr<Connection> connection(new Connection(settings));
    auto addresses = connection->lookUp();
    if (!addresses) return fail(addresses.error().message);
    Result<void> connected;
    for (const std::string& address : *addresses) {
        connected = connection->connect(address);
        // The other addresses of a host are worth a try only while none has answered.
        if (connected || connection->interrupted() || connection->client().reached()) break;
    }
    if (!connected) return fail(connected.error().message);
    return connection;
}

Result<std::vector<std::string>> Connection::lookUp() {
    if (settings_.endpoint.isNumeric()) return std::vector{settings_.endpoint.host};
    HostLookup lookup;
    lookup.begin(settings_.endpoint.host);
    const SteadyTime deadline = SteadyClock::now() + settings_.timeout;
    while (SteadyClock::now() < deadline) {
        if (interrupt_.pending()) return interruptedError();
        if (auto found = lookup.take()) return std::move(*found);
        std::this_thread::sleep_for(milliseconds(1));
    }
    return fail(
        fmt::format("host `{}` is still being looked up: does the DNS work?", settings_.endpoint.host));
}

Result<void> Connection::connect(const std::string& address) {
    EndpointUrl url = settings_.endpoint;
    url.host = address;
    typeReader_.reset();
    types_.reset();
    info_.reset();
    client_ = std::make_unique<UaClient>(ClientSettings{.url = url.text(),
                                                        .sessionName = "Tagwire command line",
                                                        .requestTimeout = settings_.timeout,
                                                        .sessionTimeout = kSessionTimeout,
                                                        .endpoint = settings_.endpoint.text(),
                                                        .security = settings_.security});
    client_->connect();
    const SteadyTime deadline = SteadyClock::now() + settings_.timeout;
    while (!client_->active()) {
        if (interrupt_.pending()) return interruptedError();
        auto failure = client_->failure();
        if (!failure && SteadyClock::now() >= deadline) failure = StatusCode{UA_STATUSCODE_BADTIMEOUT};
        if (failure) {
            return fail(fmt::format("{} {}", settings_.endpoint.text(), advice(*failure)));
        }
        client_->run(kStep);
    }
    info_ = std::make_unique<ServerInfo>(*client_);
    info_->request();
    auto known = runUntil([this] { return info_->complete(); });
    types_.emplace(info_->namespaces());
    typeReader_.emplace(*client_, info_->limits(), *types_);
    if (known && info_->fault().isBad()) {
        return fail(fmt::format("{} does not answer what its namespaces are ({}): is it overloaded?",
                                settings_.endpoint.text(), statusText(info_->fault())));
    }
    return known;
}

std::string Connection::advice(StatusCode failure) const {
    const std::string words = client_->failureWords();
    if (words.empty())
        return client_->reached() ? adviceWhileOpeningSession(failure) : adviceWhileReaching(failure);
    constexpr std::string_view kTable = "[opcua.security]";
    return words.find(kTable) == std::string::npos
               ? words
               : fmt::format("{} (here these are options: `--policy none` and so on, see --help)", words);
}

Result<void> Connection::runUntil(const std::function<bool()>& done) {
    while (!done()) {
        if (interrupt_.pending()) return interruptedError();
        if (const auto failure = client_->failure()) {
            return fail(
                fmt::format("{} closed the connection ({}): did the server stop, or the network fail?",
                            settings_.endpoint.text(), statusText(*failure)));
        }
        client_->run(kStep);
        if (typeReader_) static_cast<void>(typeReader_->tick());
    }
    return {};
}

Result<std::vector<DataValue>> Connection::decode(std::vector<const UA_DataValue*> values) {
    std::vector<DataValue> decoded;
    bool done = false;
    convertWhole(*typeReader_, std::move(values), wallClockNow(), [&](std::vector<DataValue>& whole) {
        decoded = std::move(whole);
        done = true;
    });
    if (const auto ran = runUntil([&] { return done; }); !ran) return fail(ran.error().message);
    return decoded;
}

Result<bool> Connection::runFor(milliseconds time, const std::function<bool()>& done) {
    const SteadyTime end = SteadyClock::now() + time;
    bool timeIsUp = false;
    const auto ran = runUntil([&] {
        if (done()) return true;
        timeIsUp = SteadyClock::now() >= end;
        return timeIsUp;
    });
    if (!ran) return fail(ran.error().message);
    return timeIsUp;
}

}  // namespace tagwire::source::opcua
