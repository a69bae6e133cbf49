#include "source/opcua/options.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <unordered_map>

#include <fmt/format.h>

#include "model/tag_path.h"
#include "model/tag_patterns.h"
#include "source/opcua/text/browse_path_text.h"
#include "source/opcua/text/endpoint_url.h"

namespace tagwire {

std::span<const OptionName<DataChangeTrigger>> optionNames(DataChangeTrigger) noexcept {
    static constexpr std::array kNames{
        OptionName<DataChangeTrigger>{DataChangeTrigger::Status, "status"},
        OptionName<DataChangeTrigger>{DataChangeTrigger::StatusValue, "status_value"},
        OptionName<DataChangeTrigger>{DataChangeTrigger::StatusValueTimestamp, "status_value_timestamp"},
    };
    return kNames;
}

}  // namespace tagwire

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kOneDeadband = "give deadband_absolute or deadband_percent, not both";

/// Longest silence of a healthy server; beyond it nobody would call the display live.
constexpr std::chrono::minutes kMaxKeepAlive{10};

void checkTag(const OpcUaOptions& server, std::size_t index,
              std::unordered_map<std::string, std::size_t>& indexOfPath, OptionErrors& errors) {
    const TagOptions& tag = server.tags[index];
    const std::string path = tagPathText(server, tag);
    if (const auto parsed = TagPath::parse(path); !parsed) {
        errors.add(fmt::format("tags[{}].name", index), parsed.error().message);
    } else if (const auto [first, added] = indexOfPath.emplace(path, index); !added) {
        errors.add(fmt::format("tags[{}].name", index),
                   fmt::format("`{}` is already the name of tags[{}]; give each tag its own name", path,
                               first->second));
    }
    if (const auto interval = tag.publishingInterval; interval && *interval > kMaxKeepAlive) {
        errors.add(fmt::format("tags[{}].publishing_interval_ms", index),
                   fmt::format("must not be above {} ms: a lost server must show in that time",
                               std::chrono::milliseconds(kMaxKeepAlive).count()));
    }
    if (const auto node = parseNodeLocator(tag.node); !node) {
        errors.add(fmt::format("tags[{}].node", index), node.error().message);
    }
}

}  // namespace

void RangeOptions::check(OptionErrors& errors) const {
    if (low.has_value() != high.has_value()) {
        errors.add(low ? "high" : "low", "is missing: a range needs both low and high");
    } else if (low && !(*low < *high)) {
        errors.add("high", fmt::format("must be above low ({}), but is {}", *low, *high));
    }
}

void LimitOptions::check(OptionErrors& errors) const {
    struct Named {
        std::string_view key;
        const std::optional<double>& value;
    };
    const std::array rising{Named{"low_low", lowLow}, Named{"low", low}, Named{"high", high},
                            Named{"high_high", highHigh}};
    const Named* previous = nullptr;
    for (const Named& limit : rising) {
        if (!limit.value) continue;
        if (previous != nullptr && !(*previous->value < *limit.value)) {
            errors.add(limit.key, fmt::format("must be above {} ({}), but is {}", previous->key,
                                              *previous->value, *limit.value));
        }
        previous = &limit;
    }
}

void TagOptions::check(OptionErrors& errors) const {
    if (deadbandAbsolute && deadbandPercent) errors.add("deadband_percent", std::string(kOneDeadband));
}

void OpcUaOptions::check(OptionErrors& errors) const {
    if (const auto url = EndpointUrl::parse(endpoint); !url) errors.add("endpoint", url.error().message);
    for (std::size_t i = 0; i < endpoints.size(); ++i) {
        const std::string key = fmt::format("endpoints[{}]", i);
        if (const auto url = EndpointUrl::parse(endpoints[i]); !url) {
            errors.add(key, url.error().message);
        } else if (endpoints[i] == endpoint ||
                   std::find(endpoints.begin(), endpoints.begin() + static_cast<std::ptrdiff_t>(i),
                             endpoints[i]) != endpoints.begin() + static_cast<std::ptrdiff_t>(i)) {
            errors.add(key, fmt::format("`{}` is there already; name each server once", endpoints[i]));
        }
    }
    if (!prefix.empty()) {
        if (const auto path = TagPath::parse(prefix); !path) errors.add("prefix", path.error().message);
    }
    checkPatterns("writable", writable, errors);
    if (deadbandAbsolute && deadbandPercent) errors.add("deadband_percent", std::string(kOneDeadband));
    if (lifetimeCount / 3 < keepAliveCount) {
        errors.add("lifetime_count", fmt::format("must be at least 3 times keep_alive_count ({}), but is {}",
                                                 keepAliveCount, lifetimeCount));
    }
    if (publishingInterval * keepAliveCount > kMaxKeepAlive) {
        errors.add(
            "keep_alive_count",
            fmt::format(
                "times publishing_interval_ms is {} s; a lost server must show within {} s, so lower one",
                std::chrono::duration_cast<std::chrono::seconds>(publishingInterval * keepAliveCount).count(),
                std::chrono::seconds(kMaxKeepAlive).count()));
    }
    if (reconnectMax < reconnectMin) {
        errors.add("reconnect_max_ms", fmt::format("must not be below reconnect_min_ms ({}), but is {}",
                                                   reconnectMin.count(), reconnectMax.count()));
    }
    std::unordered_map<std::string, std::size_t> indexOfPath;
    for (std::size_t i = 0; i < tags.size(); ++i) checkTag(*this, i, indexOfPath, errors);
}

std::string tagPathText(const OpcUaOptions& server, const TagOptions& tag) {
    return server.prefix.empty() ? tag.name : server.prefix + "." + tag.name;
}

Deadband deadbandOf(const OpcUaOptions& server, const TagOptions& tag) noexcept {
    const bool own = tag.deadbandAbsolute || tag.deadbandPercent;
    const auto absolute = own ? tag.deadbandAbsolute : server.deadbandAbsolute;
    const auto percent = own ? tag.deadbandPercent : server.deadbandPercent;
    Deadband deadband;
    if (absolute) {
        deadband = {.kind = Deadband::Kind::Absolute, .size = *absolute};
    } else if (percent) {
        deadband = {.kind = Deadband::Kind::Percent, .size = *percent};
    }
    deadband.trigger = tag.trigger.value_or(DataChangeTrigger::StatusValue);
    return deadband;
}

}  // namespace tagwire::source::opcua
