#include "model/deadband.h"

#include <cmath>

namespace tagwire {
namespace {

/// Equal values never pass a deadband; a number that becomes or stops being NaN or infinite always does.
bool exceeds(const Value& reported, const Value& latest, double size) noexcept {
    const double a = reported.toDouble();
    const double b = latest.toDouble();
    if (std::isfinite(a) && std::isfinite(b)) return std::abs(b - a) > size;
    return reported != latest;
}

bool isNumber(const Value& value) noexcept {
    const auto type = value.type();
    return !value.isArray() && type >= BuiltInType::SByte && type <= BuiltInType::Double;
}

}  // namespace

bool Deadband::passes(const DataValue& reported, const DataValue& latest,
                      const EURange* range) const noexcept {
    if (reported.status != latest.status) return true;
    if (trigger == DataChangeTrigger::Status) return false;
    if (trigger == DataChangeTrigger::StatusValueTimestamp && reported.sourceTime != latest.sourceTime)
        return true;

    const bool numeric =
        kind != Kind::None && isNumber(latest.value) && reported.value.type() == latest.value.type();
    if (!numeric || (kind == Kind::Percent && range == nullptr)) return reported.value != latest.value;
    const double absolute = kind == Kind::Absolute ? size : size / 100.0 * std::abs(range->high - range->low);
    return exceeds(reported.value, latest.value, absolute);
}

}  // namespace tagwire
