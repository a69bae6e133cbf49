/// Options of one OPC DA server behind an agent: an entry [[opcda]] of the configuration.
/// Thread: any. Lifetime: value type.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/option.h"

namespace tagwire::source::opcda {

struct OpcDaOptions {
    std::string name;
    std::string tokenSha256;
    std::string server;
    std::string prefix;
    std::vector<std::string> items;
    std::chrono::milliseconds rate{1000};
    double deadbandPercent = 0;
    std::vector<std::string> writable{};

    template <class Visitor>
    static void describe(Visitor& v) {
        using Self = OpcDaOptions;
        v.field(&Self::name, {.key = "name",
                              .text = "Name of the source, as shown on the pages; unique among all sources.",
                              .min = 1,
                              .max = 64,
                              .required = true});
        v.field(
            &Self::tokenSha256,
            {.key = "token_sha256",
             .text =
                 "SHA-256 of the token that the agent shows, as 64 hexadecimal digits. The token itself is "
                 "known to the agent alone; each source has its own.",
             .min = 64,
             .max = 64,
             .required = true});
        v.field(&Self::server, {.key = "server",
                                .text = "ProgID of the OPC DA server on the agent's machine, such as "
                                        "`Matrikon.OPC.Simulation.1`, or its CLSID in braces.",
                                .min = 1,
                                .max = 256,
                                .required = true});
        v.field(&Self::prefix,
                {.key = "prefix",
                 .text = "Put before every item id with a dot, which makes the tag's path; empty for none.",
                 .max = 200});
        v.field(&Self::items,
                {.key = "items",
                 .text = "Item ids; `*` and `?` stand for any characters, and are searched in all ids of the "
                         "server. Only what is named here is asked for.",
                 .min = 1,
                 .max = 10'000,
                 .required = true});
        v.field(&Self::rate,
                {.key = "rate_ms",
                 .text = "How often the server may tell of changes; it may choose a slower rate.",
                 .unit = "ms",
                 .min = 10,
                 .max = 3'600'000});
        v.field(
            &Self::deadbandPercent,
            {.key = "deadband_percent",
             .text = "Changes up to this share of an item's range are not told; servers know ranges of some "
                     "items only.",
             .unit = "%",
             .min = 0,
             .max = 100});
        v.field(
            &Self::writable,
            {.key = "writable",
             .text = "Tags that may be written, as patterns of their whole paths with the prefix, such as "
                     "`HMI1.**.SP`: `*` stands for any characters within one level, `**` as a whole "
                     "level for any number of levels. Without it none may. The server has to let them be "
                     "written, too.",
             .max = 1'000});
    }

    /// The prefix is a tag path or empty, the hash hexadecimal, and no item empty.
    void check(OptionErrors& errors) const;
};

/// Whether an entry of `items` has to be searched for.
[[nodiscard]] bool isItemPattern(std::string_view item) noexcept;

}  // namespace tagwire::source::opcda
