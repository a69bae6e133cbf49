#include "app/user_command.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <vector>

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "app/console.h"
#include "app/security_console.h"
#include "base/time_text.h"

namespace tagwire::app {
namespace {

using access::Accounts;
using access::Role;

constexpr std::string_view kUserUsage =
    "usage: tagwire user add NAME [--role ROLE] [--read PATTERN]... [--write PATTERN]...\n"
    "       tagwire user list\n"
    "       tagwire user password NAME\n"
    "       tagwire user role NAME ROLE\n"
    "       tagwire user disable NAME\n"
    "       tagwire user enable NAME\n"
    "       tagwire user remove NAME\n"
    "each with [--config PATH | --folder FOLDER]; without, the folder security\n"
    "\n"
    "ROLE is viewer (the default), operator, engineer or administrator. PATTERN says which tags: Line1.** "
    "are\n"
    "all below Line1; without --read all tags are readable, without --write none is writable. The password "
    "is\n"
    "asked for at the terminal, or is the first line of standard input.\n"
    "\n"
    "A running server takes what was changed within a second, and ends the user's sessions. Everything is\n"
    "written down in the audit log.\n"
    "\n"
    "Exit codes: 0 it is done; 2 it could not be done.\n";

constexpr std::string_view kTokenUsage =
    "usage: tagwire token make NAME --user USER [--role ROLE] [--read PATTERN]... [--write PATTERN]...\n"
    "                          [--expires TIME]\n"
    "       tagwire token list\n"
    "       tagwire token revoke ID\n"
    "each with [--config PATH | --folder FOLDER]; without, the folder security\n"
    "\n"
    "A token lets a program act for USER: `Authorization: Bearer twt_...`. It reaches no further than its "
    "user.\n"
    "ROLE is viewer where none is given; without --read all tags are readable, without --write none is\n"
    "writable. make prints the token once: only its hash is kept.\n"
    "\n"
    "Exit codes: 0 it is done; 2 it could not be done.\n";

constexpr std::array<std::string_view, 8> kOptions{
    kConfigOption, kConfigOptionShort, kFolderOption, "--role", "--read", "--write", "--user", "--expires"};

/// The exit code of what was asked of the accounts.
template <class T>
int done(const ServiceResult<T>& result, const std::string& what) {
    if (!result) return complain(result.error().message);
    fmt::print("{}\n", what);
    return 0;
}

Result<Role> roleOf(const ConsoleWords& words) {
    const auto* text = words.option("--role");
    return text == nullptr ? Result<Role>(Role::Viewer) : access::parseRole(*text);
}

std::vector<std::string> readableOf(const ConsoleWords& words) {
    auto patterns = words.all("--read");
    if (patterns.empty()) patterns.emplace_back("**");
    return patterns;
}

std::string timeText(const std::optional<Timestamp>& time) {
    if (!time) return "-";
    return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}",
                       fmt::gmtime(std::chrono::system_clock::to_time_t(
                           std::chrono::time_point_cast<std::chrono::system_clock::duration>(*time))));
}

/// Columns as wide as they have to be.
void printTable(const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::size_t> widths;
    for (const auto& row : rows) {
        widths.resize(std::max(widths.size(), row.size()));
        for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    for (const auto& row : rows) {
        std::string line;
        for (std::size_t i = 0; i < row.size(); ++i)
            line += i + 1 == row.size() ? row[i] : fmt::format("{:{}}  ", row[i], widths[i]);
        fmt::print("{}\n", line);
    }
}

std::string listText(const std::vector<std::string>& patterns) {
    return patterns.empty() ? "-" : fmt::format("{}", fmt::join(patterns, ","));
}

int addUser(Accounts& accounts, const ConsoleWords& words) {
    const auto role = roleOf(words);
    if (!role) return complain(role.error().message);
    auto password = readNewPassword();
    if (!password) return complain(password.error().message);
    const auto added = accounts.addUser(
        {.name = words.names[0], .role = *role, .read = readableOf(words), .write = words.all("--write")},
        *password, SecurityConsole::asking(), wallClockNow());
    return done(added, fmt::format("the user '{}' was added: {}", words.names[0], nameOf(*role)));
}

int listUsers(Accounts& accounts, const ConsoleWords& /*words*/) {
    const auto users = accounts.users();
    if (!users) return complain(users.error().message);
    std::vector<std::vector<std::string>> rows{{"NAME", "ROLE", "STATE", "LAST LOGIN", "READ", "WRITE"}};
    for (const auto& user : *users) {
        rows.push_back({user.name, std::string(nameOf(user.role)),
                        fmt::format("{}{}", user.disabled ? "disabled" : "enabled",
                                    user.external ? " (by provider)" : ""),
                        timeText(user.lastLogin), listText(user.read), listText(user.write)});
    }
    printTable(rows);
    return 0;
}

int change(Accounts& accounts, const access::UserChange& change, const std::string& what) {
    return done(accounts.changeUser(change, SecurityConsole::asking(), wallClockNow()), what);
}

int setPassword(Accounts& accounts, const ConsoleWords& words) {
    auto password = readNewPassword();
    if (!password) return complain(password.error().message);
    return change(accounts, {.name = words.names[0], .password = *std::move(password)},
                  fmt::format("the password of '{}' is set, and his sessions have ended", words.names[0]));
}

int setRole(Accounts& accounts, const ConsoleWords& words) {
    const auto role = access::parseRole(words.names[1]);
    if (!role) return complain(role.error().message);
    return change(accounts, {.name = words.names[0], .role = *role},
                  fmt::format("'{}' is {} now", words.names[0], words.names[1]));
}

int disable(Accounts& accounts, const ConsoleWords& words) {
    return change(accounts, {.name = words.names[0], .disabled = true},
                  fmt::format("'{}' is disabled, and his sessions have ended", words.names[0]));
}

int enable(Accounts& accounts, const ConsoleWords& words) {
    return change(accounts, {.name = words.names[0], .disabled = false},
                  fmt::format("'{}' is enabled", words.names[0]));
}

int removeUser(Accounts& accounts, const ConsoleWords& words) {
    return done(accounts.removeUser(words.names[0], SecurityConsole::asking(), wallClockNow()),
                fmt::format("the user '{}' was removed, with his sessions and tokens", words.names[0]));
}

int makeToken(Accounts& accounts, const ConsoleWords& words) {
    const auto role = roleOf(words);
    if (!role) return complain(role.error().message);
    const auto* user = words.option("--user");
    if (user == nullptr) return complain("whose token? --user USER");
    access::NewToken token{.name = words.names[0],
                           .user = *user,
                           .role = *role,
                           .read = readableOf(words),
                           .write = words.all("--write")};
    if (const auto* text = words.option("--expires")) {
        const auto time = parseTime(*text);
        if (!time) return complain(fmt::format("--expires: {}", time.error().message));
        token.expires = *time;
    }
    const auto made = accounts.makeToken(token, SecurityConsole::asking(), wallClockNow());
    // Alone on standard output, so that a program can take it.
    return done(made, made ? made->secret : std::string());
}

int listTokens(Accounts& accounts, const ConsoleWords& /*words*/) {
    const auto tokens = accounts.tokens({});
    if (!tokens) return complain(tokens.error().message);
    std::vector<std::vector<std::string>> rows{
        {"ID", "USER", "ROLE", "EXPIRES", "LAST USED", "READ", "WRITE", "NAME"}};
    for (const auto& token : *tokens) {
        rows.push_back({token.id, token.user, std::string(nameOf(token.role)), timeText(token.expires),
                        timeText(token.used), listText(token.read), listText(token.write), token.name});
    }
    printTable(rows);
    return 0;
}

int revokeToken(Accounts& accounts, const ConsoleWords& words) {
    return done(accounts.revokeToken(words.names[0], {}, SecurityConsole::asking(), wallClockNow()),
                "the token is revoked");
}

/// A command, how many names it takes, and what is said where they are not so many.
struct SecurityCommand {
    std::string_view name;
    std::size_t names;
    std::string_view wanted;
    int (*run)(Accounts& accounts, const ConsoleWords& words);
};

constexpr std::array<SecurityCommand, 7> kUserCommands{{
    {"add", 1, "which name? tagwire user add NAME", addUser},
    {"list", 0, "list takes no name", listUsers},
    {"password", 1, "whose? tagwire user password NAME (the password itself is asked for)", setPassword},
    {"role", 2, "whose, and which? tagwire user role NAME ROLE", setRole},
    {"disable", 1, "whom? tagwire user disable NAME", disable},
    {"enable", 1, "whom? tagwire user enable NAME", enable},
    {"remove", 1, "whom? tagwire user remove NAME", removeUser},
}};

constexpr std::array<SecurityCommand, 3> kTokenCommands{{
    {"make", 1, "which name? tagwire token make NAME --user USER", makeToken},
    {"list", 0, "list takes no name", listTokens},
    {"revoke", 1, "which? tagwire token revoke ID, as tagwire token list shows it", revokeToken},
}};

int run(std::span<const std::string_view> words, std::span<const SecurityCommand> commands,
        std::string_view tool, std::string_view usage) {
    if (words.empty() || words[0] == "--help" || words[0] == "-h") {
        fmt::print("{}", usage);
        return words.empty() ? kConsoleProblem : 0;
    }
    const auto command = std::ranges::find(commands, words[0], &SecurityCommand::name);
    if (command == commands.end())
        return complain(
            fmt::format("'{}' is no command of tagwire {}; tagwire {} --help", words[0], tool, tool));
    const auto rest = consoleWords(words.subspan(1), kOptions, tool);
    if (!rest) return complain(rest.error().message);
    if (rest->names.size() != command->names) return complain(std::string(command->wanted));
    const auto folder = securityFolder(*rest);
    if (!folder) return complain(folder.error().message);
    SecurityConsole console(*folder);
    if (const auto opened = console.open(); !opened) return complain(opened.error().message);
    return command->run(console.accounts(), *rest);
}

}  // namespace

int runUserCommand(std::span<const std::string_view> words) {
    return run(words, kUserCommands, "user", kUserUsage);
}

int runTokenCommand(std::span<const std::string_view> words) {
    return run(words, kTokenCommands, "token", kTokenUsage);
}

}  // namespace tagwire::app
