/// Options of who may do what: the table [security] of the configuration.
/// Thread: any. Lifetime: value types.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "access/oidc_options.h"
#include "base/option.h"

namespace tagwire::access {

/// What somebody unknown may do whose connection comes from this machine.
enum class AnonymousLocal : std::uint8_t { Auto, None, Viewer, Operator, Engineer };

[[nodiscard]] constexpr std::array<OptionName<AnonymousLocal>, 5> optionNames(
    AnonymousLocal /*value*/) noexcept {
    return {{{AnonymousLocal::Auto, "auto"},
             {AnonymousLocal::None, "none"},
             {AnonymousLocal::Viewer, "viewer"},
             {AnonymousLocal::Operator, "operator"},
             {AnonymousLocal::Engineer, "engineer"}}};
}

/// What somebody unknown may do from elsewhere.
enum class AnonymousRemote : std::uint8_t { None, Viewer };

[[nodiscard]] constexpr std::array<OptionName<AnonymousRemote>, 2> optionNames(
    AnonymousRemote /*value*/) noexcept {
    return {{{AnonymousRemote::None, "none"}, {AnonymousRemote::Viewer, "viewer"}}};
}

struct AccessOptions {
    AnonymousLocal anonymousLocal = AnonymousLocal::Auto;
    AnonymousRemote anonymousRemote = AnonymousRemote::None;
    std::string folder = "security";
    std::uint32_t sessionIdleMinutes = 60;
    std::uint32_t sessionMaxHours = 12;
    OidcOptions oidc;

    template <class Visitor>
    static void describe(Visitor& v) {
        using O = AccessOptions;
        v.field(&O::anonymousLocal,
                {.key = "anonymous_local",
                 .text = "The role of whoever has not logged in and connects from this machine, past no "
                         "proxy. `auto` is engineer until there is a user, and viewer from then on."});
        v.field(&O::anonymousRemote,
                {.key = "anonymous_remote",
                 .text = "The role of whoever has not logged in and connects from elsewhere, or through a "
                         "proxy."});
        v.field(&O::folder,
                {.key = "folder",
                 .text = "Folder of users, sessions, tokens and the audit log, relative to the "
                         "configuration's folder; made if it is missing, and closed to other accounts of "
                         "this machine.",
                 .min = 1,
                 .max = 4096});
        v.field(&O::sessionIdleMinutes,
                {.key = "session_idle_minutes",
                 .text = "A session ends when nothing was asked with it for so long and no page of it is "
                         "open.",
                 .unit = "min",
                 .min = 1,
                 .max = 43'200});
        v.field(&O::sessionMaxHours,
                {.key = "session_max_hours",
                 .text = "A session ends after so long whatever is done with it: then one logs in again.",
                 .unit = "h",
                 .min = 1,
                 .max = 8'760});
        v.field(&O::oidc, {.key = "oidc", .text = "Logging in by a provider of OpenID Connect."});
    }
};

/// `base` is the configuration's folder.
[[nodiscard]] inline std::filesystem::path folderOf(const AccessOptions& options,
                                                    const std::filesystem::path& base) {
    return std::filesystem::absolute(base / options.folder);
}

}  // namespace tagwire::access
