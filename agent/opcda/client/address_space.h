/// Looking around at an OPC DA server: by IOPCBrowse where it offers that (DA 3), else by the interfaces of
/// DA 2. Thread: the server's. Lifetime: functions.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/da_server.h"
#include "com/com_ptr.h"
#include "opcda.h"

namespace tagwire::da {

/// At most `most` entries; one more where there are more.
[[nodiscard]] Result<std::vector<BrowseEntry>> browseLevel(const ComPtr<IOPCServer>& server,
                                                           const std::vector<std::string>& path,
                                                           std::size_t most);

[[nodiscard]] Result<std::vector<ItemProperty>> propertiesOf(const ComPtr<IOPCServer>& server,
                                                             const std::string& itemId);

}  // namespace tagwire::da
