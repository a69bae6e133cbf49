#include "base/file_permissions.h"

#include <system_error>

namespace tagwire {

namespace fs = std::filesystem;

bool openToOthers(const fs::path& file) {
    std::error_code failed;
    const auto whole = fs::canonical(file, failed);  // a link's own permissions say nothing
    if (failed) return false;
    const auto may = [&failed](const fs::path& path, fs::perms any) {
        return (fs::status(path, failed).permissions() & any) != fs::perms::none && !failed;
    };
    if (!may(whole, fs::perms::others_read | fs::perms::others_write)) return false;
    for (auto folder = whole.parent_path();; folder = folder.parent_path()) {
        if (!may(folder, fs::perms::others_exec)) return false;
        if (folder == folder.root_path()) return true;
    }
}

}  // namespace tagwire
