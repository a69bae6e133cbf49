/// The words after `tagwire opcua COMMAND`: options and what is left.
/// Thread: main. Lifetime: value types; the words outlive them.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "base/time.h"

namespace tagwire::source::opcua {

struct OptionSpec {
    /// With its dashes.
    std::string_view name;
    /// What stands after it, as the help names it; empty for a switch.
    std::string_view value;
    std::string_view text;
};

class Arguments {
public:
    /// Options may stand anywhere and be written `--name value` or `--name=value`. Words that begin with a
    /// dash and a digit are numbers, not options; everything after `--` is no option. The error names the
    /// word that is wrong.
    [[nodiscard]] static Result<Arguments> parse(std::span<const std::string_view> words,
                                                 std::span<const OptionSpec> options);

    [[nodiscard]] const std::vector<std::string_view>& positional() const noexcept { return positional_; }
    [[nodiscard]] bool has(std::string_view option) const noexcept { return value(option).has_value(); }
    /// The last one given; nothing where it was not.
    [[nodiscard]] std::optional<std::string_view> value(std::string_view option) const noexcept;

private:
    std::vector<std::string_view> positional_;
    std::vector<std::pair<std::string_view, std::string_view>> options_;
};

/// `500ms`, `5s`, `2m`, `1h`, `7d`; a bare number counts seconds. Between 1 ms and 10 years.
[[nodiscard]] Result<std::chrono::milliseconds> parseDuration(std::string_view text);

/// `2026-11-23`, `2026-11-23T08:00`, `2026-11-23T08:00:00.5Z`, `…+08:00` (UTC where no zone is given), `now`,
/// or a duration before `now`: `-2h`.
[[nodiscard]] Result<Timestamp> parseTime(std::string_view text, Timestamp now);

/// A whole number within the bounds, which the error names. `what` is the option or argument.
[[nodiscard]] Result<std::uint32_t> parseCount(std::string_view what, std::string_view text,
                                               std::uint32_t min, std::uint32_t max);

}  // namespace tagwire::source::opcua
