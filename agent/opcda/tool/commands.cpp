#include "tool/commands.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include <fmt/format.h>

#include "base/json_text.h"
#include "bridge/bridge.h"
#include "client/com_apartment.h"
#include "client/da_server.h"
#include "client/server_list.h"
#include "client/tree.h"
#include "model/value_json.h"
#include "service/service.h"
#include "tool/arguments.h"
#include "types/hresult.h"
#include "types/quality.h"
#include "types/variant_type.h"
#include "types/wildcard.h"

namespace tagwire::da {
namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;

constexpr std::string_view kHelp = R"(tagwire-da-agent COMMAND …: classic OPC DA at the console
  servers                          what is installed on this machine
  info SERVER                      vendor, version, state, clock
  list SERVER [PATTERN] [--flat]   branches and items; PATTERN has * and ?, and goes over all item ids
  properties SERVER ITEM…          every property of each item
  read SERVER ITEM… [--cache]      value, quality, time
  write SERVER ITEM VALUE          writes, and reads back
  watch SERVER ITEM… [--rate MS] [--deadband PERCENT] [--seconds N]
                                   changes as the server tells them; connects again when the server was away
  bridge GATEWAY --token-file FILE [--gateway-sha256 HEX] [--keep FOLDER] [--keep-mb N] [--allow-plain]
                                   connects to a Tagwire gateway, such as wss://gateway:5000, and brings it the
                                   values that it asks for, until it is stopped; values of a time without it
                                   wait in FOLDER, else in memory, up to 64 MB; HEX is the fingerprint of the
                                   gateway's certificate, where no authority that Windows trusts has issued it
  install GATEWAY --token-file FILE …
                                   the same as a Windows service, which starts with the machine; uninstall ends that
SERVER is a ProgID or a CLSID in braces. --json prints one JSON object a line.
)";

void print(std::string line) {
    line += '\n';
    std::fwrite(line.data(), 1, line.size(), stdout);
    std::fflush(stdout);
}

int refuse(const Error& error) {
    std::fputs((error.message + "\n").c_str(), stderr);
    return kRefused;
}

std::string valueText(const Value& value) {
    std::string text;
    appendValue(text, value);
    return text;
}

std::string timeText(const std::optional<Timestamp>& time) {
    if (!time) return "no time";
    const auto millis = toUnixMillis(*time);
    const auto day = std::chrono::floor<std::chrono::days>(
        std::chrono::sys_time<std::chrono::milliseconds>(std::chrono::milliseconds(millis)));
    const std::chrono::year_month_day date(day);
    const auto rest = std::chrono::milliseconds(millis) -
                      std::chrono::duration_cast<std::chrono::milliseconds>(day.time_since_epoch());
    const std::chrono::hh_mm_ss clock(rest);
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                       clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                       clock.subseconds().count());
}

void printReading(const Arguments& arguments, const std::string& item, const ItemReading& reading,
                  const std::string& error) {
    if (!arguments.json) {
        if (!error.empty()) return print(fmt::format("{}  {}", item, error));
        return print(fmt::format("{}  {}  {}  {}", item, valueText(reading.value),
                                 qualityText(reading.quality), timeText(reading.time)));
    }
    std::string line;
    {
        ObjectWriter object(line);
        object.member("item", item);
        if (error.empty()) {
            appendValue(object.key("value"), reading.value);
            object.member("type", variantTypeName(reading.type));
            object.member("quality", qualityWord(reading.quality));
            object.member("q16", reading.quality);
            object.member("status", statusOfQuality(reading.quality).code());
            if (reading.time) object.member("time", timeText(reading.time));
        } else {
            object.member("error", error);
            object.member("hresult", reading.error);
        }
    }
    print(std::move(line));
}

int servers(const Arguments& arguments) {
    const auto found = installedServers();
    if (!found) return refuse(found.error());
    for (const auto& server : *found) {
        if (!arguments.json) {
            print(fmt::format("{}  {}  {}", server.progId, server.clsid, server.title));
            continue;
        }
        std::string line;
        {
            ObjectWriter object(line);
            object.member("progid", server.progId);
            object.member("clsid", server.clsid);
            object.member("title", server.title);
        }
        print(std::move(line));
    }
    if (found->empty()) std::fputs("no OPC DA server is registered on this machine\n", stderr);
    return kDone;
}

int info(const Arguments& arguments, DaServer& server) {
    const auto info = server.info();
    if (!info) return refuse(info.error());
    if (!arguments.json) {
        print(
            fmt::format("vendor      {}\nversion     {}\nstate       {}\nstarted     {}\nclock       "
                        "{}\nlast update {}\ngroups      {}",
                        info->vendor, info->version, info->state, timeText(info->start), timeText(info->now),
                        timeText(info->lastUpdate), info->groups));
        for (const auto& name : info->interfaces) print("has         " + name);
        return kDone;
    }
    std::string line;
    {
        ObjectWriter object(line);
        object.member("vendor", info->vendor);
        object.member("version", info->version);
        object.member("state", info->state);
        object.member("started", timeText(info->start));
        object.member("clock", timeText(info->now));
        object.member("groups", info->groups);
    }
    print(std::move(line));
    return kDone;
}

void showEntry(const Arguments& arguments, const BrowseEntry& entry, std::size_t depth) {
    if (arguments.json) {
        std::string line;
        {
            ObjectWriter object(line);
            object.member("name", entry.name);
            if (entry.isBranch) object.member("branch", true);
            if (!entry.itemId.empty()) object.member("item", entry.itemId);
        }
        return print(std::move(line));
    }
    const bool tree = !arguments.flat && arguments.words.empty();
    print(tree ? std::string(depth * 2, ' ') + (entry.isBranch ? entry.name + "/" : entry.itemId)
               : entry.itemId);
}

int list(const Arguments& arguments, DaServer& server) {
    const std::string_view pattern = arguments.words.empty() ? std::string_view{} : arguments.words.front();
    const auto done = walkTree(server, [&](const BrowseEntry& entry, const std::vector<std::string>& path) {
        const bool shown = entry.itemId.empty() ? !arguments.flat && pattern.empty()
                                                : matchesWildcard(std::string_view(entry.itemId), pattern);
        if (shown) showEntry(arguments, entry, path.size());
        return true;
    });
    return done ? kDone : refuse(done.error());
}

int properties(const Arguments& arguments, DaServer& server) {
    int exitCode = kDone;
    for (const auto& item : arguments.words) {
        const auto properties = server.properties(item);
        if (!properties) {
            exitCode = refuse(properties.error());
            continue;
        }
        for (const auto& property : *properties) {
            const auto value =
                isFailure(property.error) ? server.explain(property.error) : valueText(property.value);
            if (!arguments.json) {
                print(fmt::format("{}  {:>4}  {}  {}", item, property.id, property.text, value));
                continue;
            }
            std::string line;
            {
                ObjectWriter object(line);
                object.member("item", item);
                object.member("id", property.id);
                object.member("name", property.text);
                if (isFailure(property.error)) {
                    object.member("error", value);
                } else {
                    appendValue(object.key("value"), property.value);
                }
            }
            print(std::move(line));
        }
    }
    return exitCode;
}

int read(const Arguments& arguments, DaServer& server) {
    const auto readings = server.read(arguments.words, arguments.cache);
    if (!readings) return refuse(readings.error());
    int exitCode = kDone;
    for (std::size_t i = 0; i < readings->size(); ++i) {
        const auto& reading = (*readings)[i];
        const bool bad = isFailure(reading.error);
        if (bad) exitCode = kRefused;
        printReading(arguments, arguments.words[i], reading,
                     bad ? server.explain(reading.error) : std::string{});
    }
    return exitCode;
}

int write(Arguments arguments, DaServer& server) {
    if (arguments.words.size() != 2)
        return refuse({"write needs an item and a value: tagwire-da-agent write SERVER ITEM VALUE"});
    const auto item = arguments.words.front();
    const auto code = server.write(item, arguments.words.back());
    if (!code) return refuse(code.error());
    if (isFailure(*code)) return refuse({item + ": " + server.explain(*code)});
    if (*code != 0) std::fputs((item + ": " + server.explain(*code) + "\n").c_str(), stderr);
    arguments.words = {item};
    const auto back = server.read(arguments.words, false);
    if (!back) return refuse(back.error());
    const auto& reading = back->front();
    constexpr std::uint32_t kBadRights = 0xC0040006;
    if (reading.error == kBadRights) {
        std::fputs((item + ": written; it cannot be read back, because it is write-only\n").c_str(), stderr);
        return kDone;
    }
    const bool bad = isFailure(reading.error);
    printReading(arguments, item, reading, bad ? server.explain(reading.error) : std::string{});
    return bad ? kRefused : kDone;
}

/// Says once why the server is away, and when it is back.
int watch(const Arguments& arguments) {
    using namespace std::chrono_literals;
    constexpr auto kWatchdog = 1s;
    constexpr auto kLongestPause = 30s;
    const auto end = SteadyClock::now() + std::chrono::seconds(arguments.seconds);
    const auto running = [&] { return arguments.seconds == 0 || SteadyClock::now() < end; };
    std::mutex printing;
    auto pause = std::chrono::duration_cast<std::chrono::milliseconds>(1s);
    bool everLive = false;
    const auto note = [&](const std::string& text) { std::fputs((text + "\n").c_str(), stderr); };
    while (running()) {
        const auto left = std::make_shared<std::atomic<bool>>(false);
        auto server = DaServer::connect(arguments.server, [=](const std::string& reason) {
            std::fputs(("the server asks its clients to leave: " + reason + "\n").c_str(), stderr);
            *left = true;
        });
        auto group = server
                         ? server->watch(arguments.words,
                                         {.rateMs = arguments.rateMs, .deadbandPercent = arguments.deadband},
                                         [&](std::size_t index, const ItemReading& reading) {
                                             if (index >= arguments.words.size()) return;
                                             const std::lock_guard lock(printing);
                                             const bool bad = isFailure(reading.error);
                                             printReading(arguments, arguments.words[index], reading,
                                                          bad ? hresultText(reading.error) : std::string{});
                                         })
                         : Result<std::unique_ptr<DaWatch>>(tl::unexpected(server.error()));
        if (group) {
            if ((*group)->revisedRateMs() != arguments.rateMs)
                note(fmt::format("the server's rate is {} ms", (*group)->revisedRateMs()));
            note("live");
            everLive = true;
            pause = 1s;
            std::uint32_t code = 0;
            while (running() && !*left && !isFailure(code)) {
                std::this_thread::sleep_for(kWatchdog);
                if (!*left) code = server->ping();
            }
            if (isFailure(code)) note("lost: " + hresultText(code));
        } else if (!everLive) {
            return refuse(group.error());
        } else {
            note(group.error().message);
        }
        if (!running()) break;
        std::this_thread::sleep_for(pause);
        pause = std::min<std::chrono::milliseconds>(pause * 2, kLongestPause);
    }
    return kDone;
}

/// None: it is another command.
std::optional<int> runBridgeCommand(const Arguments& arguments) {
    const BridgeOptions options{.gateway = arguments.server,
                                .tokenFile = arguments.tokenFile,
                                .allowPlain = arguments.allowPlain,
                                .gatewaySha256 = arguments.gatewaySha256,
                                .keepFolder = arguments.keepFolder,
                                .keepMegabytes = arguments.keepMegabytes};
    Result<void> done;
    if (arguments.command == "install") {
        done = installService(options);
    } else if (arguments.command == "uninstall") {
        done = uninstallService();
    } else if (arguments.command == "service") {
        done = runService(options);
    } else if (arguments.command == "bridge") {
        const ComApartment apartment;
        done =
            FAILED(apartment.result())
                ? fail("COM cannot be used: " + hresultText(static_cast<std::uint32_t>(apartment.result())))
                : runBridgeAtConsole(options);
    } else {
        return std::nullopt;
    }
    return done ? kDone : refuse(done.error());
}

}  // namespace

int runTool(const std::vector<std::string>& words) {
    const auto arguments = parseArguments(words);
    if (!arguments) {
        std::fputs((arguments.error().message + "\n\n").c_str(), stderr);
        std::fwrite(kHelp.data(), 1, kHelp.size(), stderr);
        return kUsage;
    }
    if (const auto code = runBridgeCommand(*arguments)) return *code;
    const ComApartment apartment;
    if (FAILED(apartment.result()))
        return refuse({"COM cannot be used: " + hresultText(static_cast<std::uint32_t>(apartment.result()))});
    if (arguments->command == "servers") return servers(*arguments);
    if (arguments->command == "watch") return watch(*arguments);
    auto server = DaServer::connect(arguments->server);
    if (!server) return refuse(server.error());
    if (arguments->command == "info") return info(*arguments, *server);
    if (arguments->command == "list") return list(*arguments, *server);
    if (arguments->command == "properties") return properties(*arguments, *server);
    if (arguments->command == "write") return write(*arguments, *server);
    return read(*arguments, *server);
}

}  // namespace tagwire::da
