#include "config/option_schema.h"

namespace tagwire::config::detail {

void putBound(boost::json::object& schema, const char* name, double bound) {
    if (!std::isfinite(bound)) return;
    if (bound == std::trunc(bound) && std::abs(bound) < 0x1.0p53) {
        schema[name] = static_cast<std::int64_t>(bound);
    } else {
        schema[name] = bound;
    }
}

}  // namespace tagwire::config::detail
