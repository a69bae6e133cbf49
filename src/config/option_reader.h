/// Fills structs of options from parsed TOML and lists every problem it finds.
/// Thread: any, one at a time. Lifetime: for the duration of a load.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "config/option_text.h"
#include "config/option_type.h"
#include "config/problem.h"
#include "config/toml.h"

namespace tagwire::config {

class ProblemList {
public:
    void add(const toml::source_region& where, std::string key, std::string reason);
    /// A problem of check(), unless its key, what is in it or what it is in already has one: a consequence.
    void addCheck(const toml::table& table, std::string_view path, const OptionErrors::Entry& entry);

    [[nodiscard]] std::vector<Problem> take();

private:
    [[nodiscard]] bool concerns(std::string_view key) const;

    std::vector<Problem> problems_;
};

/// Where a value stands: the node and its full key.
struct Place {
    const toml::node& node;
    const Option& option;
    std::string key;
    ProblemList& problems;

    /// "must be <allowed>, but is <what was found>", with a hint where the slip is a common one.
    void reject(std::string_view allowed) const;
};

void readOption(const Place& place, bool& out);
void readOption(const Place& place, double& out);
void readOption(const Place& place, std::string& out);
void readOption(const Place& place, std::vector<std::string>& out);
void readOption(const Place& place, std::chrono::milliseconds& out);
void readInteger(const Place& place, const IntegerBounds& bounds, std::int64_t& out);
/// Position in `names`; names.size() if it is none of them.
[[nodiscard]] std::size_t readName(const Place& place, std::span<const std::string_view> names);
/// The table at the place, or null with a problem.
[[nodiscard]] const toml::table* tableAt(const Place& place);
/// The array of tables at the place, or null with a problem.
[[nodiscard]] const toml::array* tablesAt(const Place& place);
void rejectUnknown(const toml::table& table, std::string_view path, std::span<const std::string_view> known,
                   ProblemList& problems);

template <Described T>
void readTable(const toml::table& table, const std::string& path, T& out, ProblemList& problems);

template <IntegerOption I>
void readOption(const Place& place, I& out) {
    // NOLINTNEXTLINE(bugprone-signed-char-misuse): options that small are numbers, not characters
    auto number = static_cast<std::int64_t>(out);
    readInteger(place, boundsOf<I>(place.option), number);
    out = static_cast<I>(number);
}

template <EnumOption E>
void readOption(const Place& place, E& out) {
    const auto names = namesOf<E>();
    const std::size_t position = readName(place, names);
    if (position < names.size()) out = optionNames(E{})[position].value;
}

template <Described T>
void readOption(const Place& place, T& out) {
    if (const toml::table* table = tableAt(place)) readTable(*table, place.key, out, place.problems);
}

template <TableList L>
void readOption(const Place& place, L& out) {
    const toml::array* tables = tablesAt(place);
    if (tables == nullptr) return;
    out.reserve(tables->size());
    for (const toml::node& node : *tables) {
        // An entry that is no table keeps its position, so that the keys of later problems are right.
        const Place entry{node, place.option, place.key + '[' + std::to_string(out.size()) + ']',
                          place.problems};
        readOption(entry, out.emplace_back());
    }
}

template <OptionalOption O>
void readOption(const Place& place, O& out) {
    readOption(place, out.emplace());
}

template <Described T>
class TableReader {
public:
    TableReader(const toml::table& table, const std::string& path, T& out, ProblemList& problems)
        : table_(table), path_(path.empty() ? path : path + '.'), out_(out), problems_(problems) {}

    template <class M>
    void field(M T::* member, const Option& option) {
        known_.push_back(option.key);
        std::string key = path_ + std::string(option.key);
        if (const toml::node* node = table_.get(option.key)) {
            readOption(Place{*node, option, std::move(key), problems_}, out_.*member);
        } else if (option.required) {
            problems_.add(table_.source(), std::move(key),
                          "is required but missing. " + std::string(option.text));
        }
    }

    void finish() {
        rejectUnknown(table_, path_, known_, problems_);
        if constexpr (requires(const T& options, OptionErrors& errors) { options.check(errors); }) {
            OptionErrors errors;
            std::as_const(out_).check(errors);
            for (const auto& entry : errors.entries()) problems_.addCheck(table_, path_, entry);
        }
    }

private:
    const toml::table& table_;
    const std::string path_;
    T& out_;
    ProblemList& problems_;
    std::vector<std::string_view> known_;
};

template <Described T>
void readTable(const toml::table& table, const std::string& path, T& out, ProblemList& problems) {
    TableReader<T> reader(table, path, out, problems);
    T::describe(reader);
    reader.finish();
}

}  // namespace tagwire::config
