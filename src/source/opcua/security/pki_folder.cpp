#include "source/opcua/security/pki_folder.h"

#include <system_error>

#include "source/opcua/security/files.h"

namespace tagwire::source::opcua {

Result<void> PkiFolder::create() const {
    for (const auto& folder :
         {ownCertificates(), trusted(), trustedCrls(), issuers(), issuerCrls(), rejected()}) {
        if (auto made = makeFolder(folder, 0755); !made) return made;
    }
    return makeFolder(ownKeys(), 0700);
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
