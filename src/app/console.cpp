#include "app/console.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include "access/password.h"
#include "config/load.h"

namespace tagwire::app {
namespace {

constexpr char kCtrlC = '\x03';

/// The terminal does not show what is typed as long as it lives.
class Unseen {
public:
    Unseen() {
        if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
        auto unseen = before_;
        // Ctrl-C comes as a character, so that the terminal is put right before we end.
        unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO | ISIG);
        changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen) == 0;
    }
    ~Unseen() {
        if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    }
    Unseen(const Unseen&) = delete;
    Unseen& operator=(const Unseen&) = delete;
    [[nodiscard]] bool isSo() const noexcept { return changed_; }

private:
    termios before_{};
    bool changed_ = false;
};

/// Without its line break. More than a password can have is not read.
Result<std::string> readLine() {
    std::string line;
    for (;;) {
        char c = 0;
        const auto got = ::read(STDIN_FILENO, &c, 1);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail(fmt::format("standard input: {}", std::generic_category().message(errno)));
        if (got == 0 || c == '\n') break;
        if (c == kCtrlC) return fail("given up");
        if (line.size() <= access::kMaxPasswordBytes) line += c;
    }
    if (line.ends_with('\r')) line.pop_back();
    return line;
}

Result<std::string> ask(const char* prompt) {
    const Unseen unseen;
    if (!unseen.isSo()) return fail("the terminal cannot hide what is typed");
    fmt::print(stderr, "{}", prompt);
    auto line = readLine();
    fmt::print(stderr, "\n");
    return line;
}

}  // namespace

int complain(const std::string& message) {
    fmt::print(stderr, "tagwire: {}\n", message);
    return kConsoleProblem;
}

Result<config::Configuration> configurationAt(std::string_view path) {
    auto configuration = config::load(path);
    if (configuration) return *std::move(configuration);
    std::string problems;
    for (const auto& problem : configuration.error())
        problems += (problems.empty() ? "" : "\n") + toText(problem);
    return fail(problems);
}

const std::string* ConsoleWords::option(std::string_view name) const {
    const auto found = options.find(name);
    return found == options.end() ? nullptr : &found->second.back();
}

std::vector<std::string> ConsoleWords::all(std::string_view name) const {
    const auto found = options.find(name);
    return found == options.end() ? std::vector<std::string>{} : found->second;
}

Result<ConsoleWords> consoleWords(std::span<const std::string_view> words,
                                  std::span<const std::string_view> options, std::string_view tool) {
    ConsoleWords result;
    bool namesOnly = false;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto word = words[i];
        if (namesOnly || !word.starts_with("-")) {
            result.names.emplace_back(word);
            continue;
        }
        if (word == "--") {
            namesOnly = true;
            continue;
        }
        if (std::ranges::find(options, word) == options.end())
            return fail(fmt::format(
                "'{}' is unknown; tagwire {} --help (names that begin with - come after --)", word, tool));
        if (++i == words.size()) return fail(fmt::format("{} needs a value after it", word));
        result.options[std::string(word)].emplace_back(words[i]);
    }
    return result;
}

Result<std::string> readNewPassword() {
    if (::isatty(STDIN_FILENO) == 0) return readLine();
    auto first = ask("Password: ");
    if (!first) return first;
    auto second = ask("Once more: ");
    if (!second) return second;
    if (*first != *second) return fail("the two are not the same: nothing was changed");
    return first;
}

}  // namespace tagwire::app
