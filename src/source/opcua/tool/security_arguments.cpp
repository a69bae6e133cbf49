#include "source/opcua/tool/security_arguments.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace tagwire::source::opcua {
namespace {

// A password itself is no option: every user of the machine can read the command line.
constexpr std::array kSecurityOptions{
    OptionSpec{"--policy", "NAME",
               "auto (the strongest secure one; where it is not given), none (no security at all), "
               "basic256sha256, aes128_sha256_rsaoaep or aes256_sha256_rsapss"},
    OptionSpec{"--mode", "NAME", "sign_and_encrypt (where it is not given) or sign"},
    OptionSpec{"--user", "NAME", "user at the server; anonymous where neither it nor a certificate is given"},
    OptionSpec{"--password-file", "FILE", "with the user's password"},
    OptionSpec{"--user-certificate", "FILE", "X.509 certificate that stands for the user"},
    OptionSpec{"--user-key", "FILE", "its private key"},
    OptionSpec{"--allow-password-in-clear", "", "send the password even where everybody can read it"},
    OptionSpec{"--no-verify-host", "", "the server's certificate need not name the host"},
    OptionSpec{"--pki", "FOLDER",
               "with our certificate and those that are trusted; pki where it is not given"},
};

/// "user_key" → "--user-key"
std::string optionOf(std::string key) {
    std::ranges::replace(key, '_', '-');
    return "--" + (key == "password" ? "password-file" : key);
}

template <class E>
Result<void> choose(const Arguments& arguments, std::string_view option, E& out) {
    const auto word = arguments.value(option);
    if (!word) return {};
    const auto names = optionNames(E{});
    const auto found = std::ranges::find(names, *word, &OptionName<E>::name);
    if (found == names.end()) {
        std::vector<std::string_view> known;
        for (const auto& each : names) known.push_back(each.name);
        return fail(fmt::format("{}: there is no '{}'; there are {}", option, *word, fmt::join(known, ", ")));
    }
    out = found->value;
    return {};
}

}  // namespace

std::span<const OptionSpec> securityArguments() noexcept { return kSecurityOptions; }

Result<SecurityOptions> securityOf(const Arguments& arguments) {
    const auto text = [&](std::string_view option) {
        return std::string(arguments.value(option).value_or(std::string_view()));
    };
    SecurityOptions options;
    if (auto chosen = choose(arguments, "--policy", options.policy); !chosen)
        return fail(chosen.error().message);
    if (auto chosen = choose(arguments, "--mode", options.mode); !chosen) return fail(chosen.error().message);
    options.user = text("--user");
    options.passwordFile = text("--password-file");
    options.userCertificate = text("--user-certificate");
    options.userKey = text("--user-key");
    options.allowPasswordInClear = arguments.has("--allow-password-in-clear");
    options.verifyHost = !arguments.has("--no-verify-host");
    OptionErrors errors;
    options.check(errors);
    if (!errors.entries().empty()) {
        const auto& [key, reason] = errors.entries().front();
        return fail(fmt::format("{} {}", optionOf(key), reason));
    }
    options.locate(std::filesystem::current_path(),
                   arguments.has("--pki") ? std::filesystem::path(text("--pki")) : options.pki);
    return options;
}

}  // namespace tagwire::source::opcua
