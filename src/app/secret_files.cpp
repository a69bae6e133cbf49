#include "app/secret_files.h"

#include <algorithm>
#include <string_view>
#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <sys/stat.h>

#include "base/file_permissions.h"
#include "config/load.h"
#include "source/opcua/security/pki_folder.h"

namespace tagwire::app {
namespace {

namespace fs = std::filesystem;

class Secrets {
public:
    explicit Secrets(fs::path folder) : folder_(std::move(folder)) {}

    /// `file` counts from the configuration's folder; empty where there is none.
    void add(const fs::path& file, std::string_view what) {
        if (file.empty()) return;
        const auto whole = folder_ / file;
        if (std::ranges::find(seen_, whole) != seen_.end()) return;
        seen_.push_back(whole);
        if (!openToOthers(whole)) return;
        warnings_.push_back(fmt::format("every user of this machine can read or change {} '{}': chmod go= it",
                                        what, whole.string()));
    }
    /// Files of a folder; where an extension is given, those that have it.
    void addAllIn(const fs::path& folder, std::string_view what, std::string_view extension = {}) {
        std::error_code failed;
        for (auto entry = fs::directory_iterator(folder_ / folder, failed);
             !failed && entry != fs::directory_iterator(); entry.increment(failed)) {
            const bool wanted = extension.empty() || entry->path().extension() == extension;
            if (wanted && entry->is_regular_file(failed)) add(entry->path(), what);
        }
    }

    [[nodiscard]] std::vector<std::string> take() {
        std::ranges::sort(warnings_);
        return std::move(warnings_);
    }

private:
    const fs::path folder_;
    std::vector<fs::path> seen_;
    std::vector<std::string> warnings_;
};

bool hasPassword(const config::Configuration& configuration) {
    return !configuration.security.oidc.clientSecret.empty() ||
           std::ranges::any_of(configuration.opcua,
                               [](const auto& server) { return !server.security.password.empty(); });
}

}  // namespace

std::vector<std::string> openSecrets(const config::Configuration& configuration,
                                     const std::optional<fs::path>& file) {
    Secrets secrets(fs::current_path() / configuration.folder);
    std::error_code ignored;
    if (file && hasPassword(configuration)) {
        constexpr std::string_view kWhat = "the configuration, which holds a password,";
        constexpr std::string_view kTomlFiles = ".toml";
        if (fs::is_directory(*file, ignored)) {
            secrets.addAllIn(fs::absolute(*file), kWhat, kTomlFiles);
        } else {
            secrets.add(fs::absolute(*file), kWhat);
        }
        secrets.addAllIn(config::kAddedSourcesFolder, "a source that was added, which may hold a password,",
                         kTomlFiles);
    }
    for (const auto& server : configuration.opcua) {
        secrets.add(server.security.passwordFile, "the password file");
        secrets.add(server.security.userKey, "the key of a user at an OPC UA server");
    }
    secrets.addAllIn(source::opcua::PkiFolder(configuration.opcuaClient.pkiDir).ownKeys(),
                     "the key of OPC UA");
    secrets.add(configuration.postgresql.passwordFile, "the password file");
    secrets.add(configuration.security.oidc.clientSecretFile, "the file with the client secret");
    return secrets.take();
}

void keepFilesPrivate() noexcept { ::umask(S_IRWXG | S_IRWXO); }

}  // namespace tagwire::app
