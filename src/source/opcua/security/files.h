/// Files of certificates and keys.
/// Thread: any. Lifetime: function.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "base/files.h"

namespace tagwire::source::opcua {

/// Regular files of a folder with one of the extensions of certificates and keys (.der, .cer, .crt, .pem,
/// .crl, .key), sorted by name, at most `limit`; hidden ones are left out. A missing folder is empty.
[[nodiscard]] std::vector<std::filesystem::path> filesIn(const std::filesystem::path& folder,
                                                         std::size_t limit = 1000);

}  // namespace tagwire::source::opcua
