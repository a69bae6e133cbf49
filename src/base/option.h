/// Options are declared once, beside the struct they fill; the parser, the documentation and the JSON Schema
/// of the pages' forms are made from the declaration. Thread: any. Lifetime: value types.
///
///     struct SimulatorOptions {
///         std::uint64_t seed = 1;
///         std::chrono::milliseconds scan{100};
///         template <class Visitor>
///         static void describe(Visitor& v) {
///             v.field(&SimulatorOptions::seed, {.key = "seed", .text = "Same seed, same values."});
///             v.field(&SimulatorOptions::scan, {.key = "scan_ms", .text = "How often values change.", .min =
///             10, .max = 60000});
///         }
///         void check(OptionErrors& errors) const;  // optional: rules between several options
///     };
///
/// Member types a visitor takes: bool, integers, double, std::string, std::chrono::milliseconds (whole
/// milliseconds, key ends in _ms), an enum with `optionNames(E)`, std::optional of those,
/// std::vector<std::string>, a described struct (a table), std::vector of a described struct (an array of
/// tables). The member's initial value is the default.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tagwire {

struct Option {
    std::string_view key;
    /// One or two sentences: what it does and the trade-off.
    std::string_view text;
    std::string_view unit = {};
    /// Numbers and durations: inclusive bounds. Strings and lists: length.
    double min = -std::numeric_limits<double>::infinity();
    double max = std::numeric_limits<double>::infinity();
    bool required = false;
    /// Never shown, logged or exported.
    bool secret = false;
};

/// Names an enumeration's values in configuration files.
template <class E>
struct OptionName {
    E value;
    std::string_view name;
};

/// What the check() of an options struct found: the key within that struct and the reason.
class OptionErrors {
public:
    struct Entry {
        std::string key;
        std::string reason;
    };

    void add(std::string_view key, std::string reason) {
        entries_.push_back({std::string(key), std::move(reason)});
    }
    [[nodiscard]] std::span<const Entry> entries() const noexcept { return entries_; }

private:
    std::vector<Entry> entries_;
};

}  // namespace tagwire
