#include "app/security_console.h"

#include <array>
#include <cerrno>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/options.h"
#include "base/log.h"

namespace tagwire::app {
namespace {

/// Of the folder, or where it is not there yet, of the nearest above it.
Result<void> becomeOwnerOf(const std::filesystem::path& folder) {
    if (::geteuid() != 0) return {};
    for (auto each = folder; !each.empty(); each = each.parent_path()) {
        struct stat status{};
        if (::stat(each.c_str(), &status) == 0) {
            if (status.st_uid == 0) return {};
            if (::setegid(status.st_gid) == 0 && ::seteuid(status.st_uid) == 0) return {};
            return fail(fmt::format("could not become the owner of {}: {}", each.string(),
                                    std::generic_category().message(errno)));
        }
        if (each == each.root_path()) break;
    }
    return {};
}

std::string accountName() {
    std::array<char, 4096> buffer{};
    passwd entry{};
    passwd* found = nullptr;
    const auto uid = ::getuid();
    if (::getpwuid_r(uid, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr)
        return found->pw_name;
    return std::to_string(uid);
}

}  // namespace

Result<std::filesystem::path> securityFolder(const ConsoleWords& words) {
    std::filesystem::path folder;
    const auto* config = words.option(kConfigOption);
    if (config == nullptr) config = words.option(kConfigOptionShort);
    if (const auto* named = words.option(kFolderOption)) {
        folder = std::filesystem::absolute(*named);
    } else if (config != nullptr) {
        const auto configuration = configurationAt(*config);
        if (!configuration) return tl::unexpected(configuration.error());
        folder = access::folderOf(configuration->security, configuration->folder);
    } else {
        folder = access::folderOf({}, {});
    }
    if (auto became = becomeOwnerOf(folder); !became) return tl::unexpected(became.error());
    return folder;
}

std::filesystem::path auditFolderOf(const std::filesystem::path& securityFolder) {
    return securityFolder / "audit";
}

void ConsoleTrail::record(AuditEntry entry) {
    const auto what = entry.action;
    if (const auto written = writer_.append(std::span(&entry, 1)); !written)
        log::error("audit", "{} could not be recorded: {}", what, written.error().message);
}

access::Asking SecurityConsole::asking() {
    return {.user = "console:" + accountName(), .token = {}, .address = {}};
}

}  // namespace tagwire::app
