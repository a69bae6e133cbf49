#include "tool/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

namespace tagwire::da {
namespace {

constexpr std::array<std::string_view, 11> kCommands{"servers", "info",      "list",   "properties",
                                                     "read",    "write",     "watch",  "bridge",
                                                     "install", "uninstall", "service"};

template <class T>
Result<T> number(const std::string& option, const std::string& text, T most) {
    T value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || !(value >= T{0} && value <= most)) {
        return fail(option + " needs a number from 0 to " + std::to_string(most) + ", not \"" + text + "\"");
    }
    return value;
}

/// The option at `words[i]`; moves `i` over its value.
Result<void> readOption(Arguments& arguments, const std::vector<std::string>& words, std::size_t& i) {
    const auto& option = words[i];
    bool* flag = option == "--json"          ? &arguments.json
                 : option == "--flat"        ? &arguments.flat
                 : option == "--cache"       ? &arguments.cache
                 : option == "--allow-plain" ? &arguments.allowPlain
                                             : nullptr;
    if (flag != nullptr) {
        *flag = true;
        return {};
    }
    std::string* text = option == "--token-file"       ? &arguments.tokenFile
                        : option == "--keep"           ? &arguments.keepFolder
                        : option == "--gateway-sha256" ? &arguments.gatewaySha256
                                                       : nullptr;
    if (text != nullptr) {
        if (++i == words.size()) {
            return fail(option + (option == "--token-file" ? " needs the name of a file"
                                  : option == "--keep"     ? " needs the name of a folder"
                                                           : " needs the SHA-256 of a certificate"));
        }
        *text = words[i];
        return {};
    }
    if (option != "--rate" && option != "--deadband" && option != "--seconds" && option != "--keep-mb")
        return fail("no option " + option);
    if (++i == words.size()) return fail(option + " needs a number");
    if (option == "--deadband") {
        const auto value = number<float>(option, words[i], 100);
        if (!value) return tl::unexpected(value.error());
        arguments.deadband = *value;
        return {};
    }
    const auto value = number<std::uint32_t>(option, words[i], 86'400'000);
    if (!value) return tl::unexpected(value.error());
    (option == "--rate"      ? arguments.rateMs
     : option == "--keep-mb" ? arguments.keepMegabytes
                             : arguments.seconds) = *value;
    return {};
}

}  // namespace

Result<Arguments> parseArguments(const std::vector<std::string>& words) {
    if (words.empty()) return fail("a command is needed");
    Arguments arguments;
    arguments.command = words.front();
    if (std::ranges::find(kCommands, arguments.command) == kCommands.end())
        return fail("no command " + arguments.command);
    bool onlyWords = false;  // after --: values such as -5
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] == "--" && !onlyWords) {
            onlyWords = true;
        } else if (!onlyWords && words[i].starts_with("--")) {
            if (const auto read = readOption(arguments, words, i); !read) return tl::unexpected(read.error());
        } else if (arguments.server.empty()) {
            arguments.server = words[i];
        } else {
            arguments.words.push_back(words[i]);
        }
    }
    if (arguments.command == "servers") return arguments;
    const auto& command = arguments.command;
    if (command == "uninstall") return arguments;
    if (command == "bridge" || command == "install" || command == "service") {
        if (arguments.server.empty())
            return fail(command + " needs the address of a gateway, such as wss://gateway:5000");
        if (arguments.tokenFile.empty())
            return fail(command + " needs --token-file FILE, whose first line is the token of the source");
        return arguments;
    }
    if (arguments.server.empty())
        return fail(arguments.command + " needs a server; `tagwire-da-agent servers` lists them");
    const bool needsItems = arguments.command != "info" && arguments.command != "list";
    if (needsItems && arguments.words.empty()) return fail(arguments.command + " needs an item");
    return arguments;
}

}  // namespace tagwire::da
