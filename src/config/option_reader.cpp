#include "config/option_reader.h"

#include <cmath>

#include <fmt/format.h>

namespace tagwire::config {
namespace {

bool looksLikeNumber(std::string_view text) {
    return !text.empty() && text.size() < 20 &&
           text.find_first_not_of("0123456789+-._eE") == std::string_view::npos &&
           text.find_first_of("0123456789") != std::string_view::npos;
}

std::string found(const toml::node& node, bool secret) {
    if (node.is_table()) return "a table";
    if (node.is_array()) return "an array";
    if (secret) return "something else";
    if (const auto* text = node.as_string()) return fmt::format("the text {}", inQuotes(text->get()));
    if (const auto* number = node.as_integer()) return fmt::format("{}", number->get());
    if (const auto* real = node.as_floating_point()) return fmt::format("{}", real->get());
    if (const auto* flag = node.as_boolean()) return flag->get() ? "true" : "false";
    return "a date or time";
}

/// What to do about the commonest slips.
std::string advice(const toml::node& node, std::string_view allowed) {
    const bool wantsText = allowed.starts_with("a text") || allowed.starts_with('"');
    const bool wantsNumber = allowed.find("number") != std::string_view::npos;
    const bool wantsFlag = allowed.starts_with("true");
    if (const auto* text = node.as_string()) {
        if (wantsNumber && looksLikeNumber(text->get())) return "; write it without quotes";
        if (wantsFlag && (text->get() == "true" || text->get() == "false"))
            return "; write it without quotes";
        if (allowed.starts_with("an array")) return "; put it in square brackets";
    } else if (wantsText && !node.is_array() && !node.is_table()) {
        return "; put it in quotes";
    }
    return {};
}

/// The node at `key` below `table`, or the nearest thing around it that exists.
const toml::source_region& locate(const toml::table& table, std::string_view key) {
    while (!key.empty()) {
        if (const auto view = toml::at_path(table, key)) return view.node()->source();
        const auto cut = key.find_last_of(".[");
        key = cut == std::string_view::npos ? std::string_view{} : key.substr(0, cut);
    }
    return table.source();
}

}  // namespace

void ProblemList::add(const toml::source_region& where, std::string key, std::string reason) {
    problems_.push_back({.file = where.path ? *where.path : std::string{},
                         .line = where.begin.line,
                         .key = std::move(key),
                         .reason = std::move(reason)});
}

void ProblemList::addCheck(const toml::table& table, std::string_view path,
                           const OptionErrors::Entry& entry) {
    std::string key = std::string(path) + entry.key;
    if (!concerns(key)) add(locate(table, entry.key), std::move(key), entry.reason);
}

bool ProblemList::concerns(std::string_view key) const {
    const auto contains = [](std::string_view outer, std::string_view inner) {
        if (!inner.starts_with(outer)) return false;
        const auto rest = inner.substr(outer.size());
        return rest.empty() || rest.front() == '.' || rest.front() == '[';
    };
    return std::ranges::any_of(problems_, [&](const Problem& problem) {
        return contains(problem.key, key) || contains(key, problem.key);
    });
}

std::vector<Problem> ProblemList::take() { return std::move(problems_); }

void Place::reject(std::string_view allowed) const {
    problems.add(
        node.source(), key,
        fmt::format("must be {}, but is {}{}", allowed, found(node, option.secret), advice(node, allowed)));
}

void readOption(const Place& place, bool& out) {
    if (const auto* flag = place.node.as_boolean()) {
        out = flag->get();
    } else {
        place.reject("true or false");
    }
}

void readOption(const Place& place, double& out) {
    const auto number = place.node.value<double>();  // integers, too
    const bool isNumber = place.node.is_number() && number && std::isfinite(*number);
    if (isNumber && *number >= place.option.min && *number <= place.option.max) {
        out = *number;
    } else {
        place.reject(allowedNumber(place.option));
    }
}

void readOption(const Place& place, std::string& out) {
    const auto* text = place.node.as_string();
    const auto length = text == nullptr ? 0.0 : static_cast<double>(lengthOf(text->get()));
    if (text == nullptr || length < place.option.min || length > place.option.max) {
        const bool empty = text != nullptr && length == 0;
        if (empty) {
            place.problems.add(place.node.source(), place.key, "must not be empty");
        } else {
            place.reject(allowedText(place.option));
        }
        return;
    }
    if (text->get().find('\0') != std::string::npos) {
        place.problems.add(place.node.source(), place.key, "must not contain the character U+0000");
        return;
    }
    out = text->get();
}

void readOption(const Place& place, std::vector<std::string>& out) {
    const auto* array = place.node.as_array();
    if (array == nullptr) return place.reject(allowedTexts(place.option));
    if (static_cast<double>(array->size()) > place.option.max) {
        return place.problems.add(
            place.node.source(), place.key,
            fmt::format("must be {}, but has {} entries", allowedTexts(place.option), array->size()));
    }
    static constexpr Option kText{.key = "", .text = "", .min = 1};
    out.clear();  // what is given takes the place of the default
    for (const toml::node& node : *array) {
        const Place entry{node, kText, fmt::format("{}[{}]", place.key, out.size()), place.problems};
        readOption(entry, out.emplace_back());
    }
}

void readOption(const Place& place, std::chrono::milliseconds& out) {
    std::int64_t count = out.count();
    readInteger(place, boundsOf<std::int64_t>(place.option), count);
    out = std::chrono::milliseconds{count};
}

void readInteger(const Place& place, const IntegerBounds& bounds, std::int64_t& out) {
    const auto* number = place.node.as_integer();
    if (number == nullptr || number->get() < bounds.low || number->get() > bounds.high) {
        return place.reject(allowedInteger(bounds, place.option));
    }
    out = number->get();
}

std::size_t readName(const Place& place, std::span<const std::string_view> names) {
    const auto* text = place.node.as_string();
    const auto position = text == nullptr ? names.end() : std::ranges::find(names, text->get());
    if (position == names.end()) {
        const auto hint = text == nullptr ? std::string_view{} : nearest(text->get(), names);
        if (hint.empty()) {
            place.reject(allowedNames(names));
        } else {
            place.problems.add(place.node.source(), place.key,
                               fmt::format("must be {}, but is the text {}; did you mean {}?",
                                           allowedNames(names), inQuotes(text->get()), inQuotes(hint)));
        }
    }
    return static_cast<std::size_t>(position - names.begin());
}

const toml::table* tableAt(const Place& place) {
    if (const auto* table = place.node.as_table()) return table;
    const bool doubled = place.node.is_array_of_tables();
    place.problems.add(
        place.node.source(), place.key,
        doubled ? fmt::format("is a single table: write [{0}] instead of [[{0}]], and only once",
                              place.option.key)
                : fmt::format("must be a table, but is {}", found(place.node, place.option.secret)));
    return nullptr;
}

const toml::array* tablesAt(const Place& place) {
    const auto* array = place.node.as_array();
    if (array == nullptr) {
        place.problems.add(
            place.node.source(), place.key,
            place.node.is_table()
                ? fmt::format("is an array of tables: write [[{0}]] instead of [{0}]", place.key)
                : fmt::format("must be an array of tables, but is {}",
                              found(place.node, place.option.secret)));
    } else if (static_cast<double>(array->size()) > place.option.max) {
        place.problems.add(
            place.node.source(), place.key,
            fmt::format("has {} entries; at most {} are allowed", array->size(), place.option.max));
        return nullptr;
    }
    return array;
}

void rejectUnknown(const toml::table& table, std::string_view path, std::span<const std::string_view> known,
                   ProblemList& problems) {
    for (const auto& [key, node] : table) {
        if (std::ranges::find(known, key.str()) != known.end()) continue;
        const auto hint = nearest(key.str(), known);
        std::string reason = hint.empty()
                                 ? fmt::format("unknown key; known here: {}", enumerate(known, " and "))
                                 : fmt::format("unknown key; did you mean {}?", hint);
        problems.add(key.source(), std::string(path) + std::string(key.str()), std::move(reason));
    }
}

}  // namespace tagwire::config
