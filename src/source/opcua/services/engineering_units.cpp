#include "source/opcua/services/engineering_units.h"

#include <algorithm>

#include "source/opcua/services/node_text.h"

namespace tagwire::source::opcua {
namespace {

constexpr std::string_view kUnece = "http://www.opcfoundation.org/UA/units/un/cefact";

}  // namespace

const UneceUnit* uneceUnitOf(std::int32_t id) noexcept {
    const auto units = uneceUnits();
    const auto found = std::ranges::lower_bound(units, id, {}, &UneceUnit::id);
    return found == units.end() || found->id != id ? nullptr : &*found;
}

const UneceUnit* uneceUnitOf(std::string_view symbol) noexcept {
    const auto units = uneceUnits();
    const auto found = std::ranges::find(units, symbol, &UneceUnit::symbol);
    return found == units.end() ? nullptr : &*found;
}

std::int32_t unitIdOf(std::string_view code) noexcept {
    constexpr std::size_t kMaxLength = 3;
    if (code.empty() || code.size() > kMaxLength) return -1;
    std::int32_t id = 0;
    for (const char c : code) {
        if ((c < 'A' || c > 'Z') && (c < '0' || c > '9')) return -1;
        id = id * 256 + c;
    }
    return id;
}

std::optional<EngineeringUnits> unitsOf(const UA_EUInformation& information) {
    EngineeringUnits units{shownText(information.displayName.text), shownText(information.description.text),
                           -1};
    // Many servers leave the organisation out.
    const auto organisation = view(information.namespaceUri);
    const UneceUnit* known =
        organisation == kUnece || organisation.empty() ? uneceUnitOf(information.unitId) : nullptr;
    if (known != nullptr) {
        units.symbol = known->symbol;
        units.unitId = known->id;
    } else if (organisation == kUnece) {
        units.unitId = information.unitId;
    }
    if (units.symbol.empty() && units.description.empty()) return std::nullopt;
    if (units.symbol.empty()) units.symbol = units.description;
    return units;
}

}  // namespace tagwire::source::opcua
