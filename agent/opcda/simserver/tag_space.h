/// The simulated tags: the tree of the well-known simulation server, with values as functions of time.
/// Thread: any; what was written is guarded by a lock. Lifetime: one, outlives all server objects.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "com/platform.h"
#include "com/variant.h"

namespace tagwire::da {

enum class Behaviour : std::uint8_t {
    Stored,
    Random,
    Qualities,
    SawTooth,
    Triangle,
    Square,
    ReadError,
    WriteError,
    WriteOnly,
    ClientCount,
    Clients,
    Shutdown
};

struct SimTag {
    std::wstring branch;  ///< "" for the root's own tags
    std::wstring leaf;
    VARTYPE type = VT_EMPTY;
    Behaviour behaviour = Behaviour::Stored;

    [[nodiscard]] std::wstring id() const { return branch.empty() ? leaf : branch + L"." + leaf; }
    /// OPC_READABLE 1, OPC_WRITEABLE 2.
    [[nodiscard]] DWORD accessRights() const noexcept;
    /// Waves have a range, and with it deadbands and the properties High EU and Low EU.
    [[nodiscard]] bool isAnalog() const noexcept;
    [[nodiscard]] double highEu() const noexcept;
    [[nodiscard]] double lowEu() const noexcept;
};

/// A value with what OPC DA says beside it; `error` is the item's own code.
struct SimSample {
    Variant value;
    WORD quality = 0xC0;
    FILETIME time{};
    HRESULT error = S_OK;
};

class TagSpace {
public:
    TagSpace();

    [[nodiscard]] const std::vector<SimTag>& tags() const noexcept { return tags_; }
    [[nodiscard]] std::vector<std::wstring> branches() const;
    /// Null for an id that is unknown; ids are compared without case, as servers of the field do.
    [[nodiscard]] const SimTag* find(std::wstring_view id) const;

    [[nodiscard]] SimSample read(const SimTag& tag) const;
    [[nodiscard]] HRESULT write(const SimTag& tag, const VARIANT& value);

    void setClients(std::vector<std::wstring> names);
    /// What was written to @Shutdown since the last call.
    [[nodiscard]] std::optional<std::wstring> takeShutdown();

private:
    [[nodiscard]] SimSample stored(const SimTag& tag) const;

    std::vector<SimTag> tags_;
    mutable std::mutex mutex_;
    std::map<const SimTag*, SimSample> stored_;
    std::vector<std::wstring> clients_;
};

}  // namespace tagwire::da
