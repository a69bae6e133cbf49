#include "source/opcua/security/pki_folder.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <system_error>

#include "base/files.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::array<std::string_view, 6> kExtensions{".der", ".cer", ".crt", ".pem", ".crl", ".key"};

}  // namespace

Result<void> PkiFolder::create() const {
    for (const auto& folder :
         {ownCertificates(), trusted(), trustedCrls(), issuers(), issuerCrls(), rejected()}) {
        if (auto made = makeFolder(folder, 0755); !made) return made;
    }
    return makeFolder(ownKeys(), 0700);
}

std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder, std::size_t limit) {
    std::vector<std::filesystem::path> files;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        std::string extension = entry->path().extension().string();
        std::ranges::transform(extension, extension.begin(), [](unsigned char c) {
            return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
        });
        if (std::ranges::find(kExtensions, extension) == kExtensions.end()) continue;
        if (entry->path().filename().string().starts_with('.')) continue;
        std::error_code ignored;
        if (!entry->is_regular_file(ignored)) continue;
        files.push_back(entry->path());
        if (files.size() >= limit) break;
    }
    std::ranges::sort(files);
    return files;
}

PkiWatch::PkiWatch(const PkiFolder& folder)
    : folders_{folder.ownCertificates(), folder.ownKeys(), folder.trusted(),
               folder.trustedCrls(),     folder.issuers(), folder.issuerCrls()},
      seen_(look()),
      next_(SteadyClock::now() + kInterval),
      nextAnyway_(SteadyClock::now() + kLongInterval) {}

PkiWatch::Times PkiWatch::look() const {
    Times times{};
    for (std::size_t i = 0; i < kFolders; ++i) {
        std::error_code missing;
        times.at(i) = std::filesystem::last_write_time(folders_.at(i), missing);
    }
    return times;
}

bool PkiWatch::changed(SteadyTime now) {
    if (now < next_) return false;
    next_ = now + kInterval;
    const Times times = look();
    if (times == seen_ && now < nextAnyway_) return false;
    seen_ = times;
    nextAnyway_ = now + kLongInterval;
    return true;
}

}  // namespace tagwire::source::opcua
