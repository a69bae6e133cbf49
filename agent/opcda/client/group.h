/// A group of items at an OPC DA server.
/// Thread: one at a time. Lifetime: removed at the server when it goes.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "base/result.h"
#include "client/da_server.h"
#include "com/com_ptr.h"
#include "com/platform.h"
#include "opcda.h"

namespace tagwire::da {

class Group {
public:
    Group(ComPtr<IOPCServer> server, ComPtr<IOPCItemMgt> items, HND handle, DWORD rate)
        : server_(std::move(server)), items_(std::move(items)), handle_(handle), rate_(rate) {}
    Group(const Group&) = delete;
    Group& operator=(const Group&) = delete;
    ~Group();

    [[nodiscard]] const ComPtr<IOPCItemMgt>& items() const noexcept { return items_; }
    /// That the server granted.
    [[nodiscard]] DWORD rate() const noexcept { return rate_; }

    [[nodiscard]] static Result<std::unique_ptr<Group>> add(const ComPtr<IOPCServer>& server, bool active,
                                                            WatchOptions options);
    /// What the server says of each, in the order of the ids.
    [[nodiscard]] Result<std::vector<AddedItem>> addItems(const std::vector<std::string>& itemIds) const;

private:
    ComPtr<IOPCServer> server_;
    ComPtr<IOPCItemMgt> items_;
    HND handle_;
    DWORD rate_;
};

}  // namespace tagwire::da
