/// Reading and writing items without watching them.
/// Thread: the server's. Lifetime: functions.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "client/da_server.h"
#include "com/com_ptr.h"
#include "opcda.h"

namespace tagwire::da {

/// By IOPCItemIO where the server offers it (DA 3), else by a group for the moment.
[[nodiscard]] Result<std::vector<ItemReading>> readItems(const ComPtr<IOPCServer>& server,
                                                         const std::vector<std::string>& itemIds,
                                                         bool fromCache);

/// See DaServer::write().
[[nodiscard]] Result<std::uint32_t> writeText(const ComPtr<IOPCServer>& server, const std::string& itemId,
                                              const std::string& text);
[[nodiscard]] Result<std::vector<WriteResult>, WriteFailure> writeItems(
    const ComPtr<IOPCServer>& server, const std::vector<ItemWrite>& writes,
    const std::function<bool()>& mayBegin);

}  // namespace tagwire::da
