/// Values as clients sent them, as texts for people.
/// Thread: any. Lifetime: function.
#pragma once

#include <string>

#include <boost/json/value.hpp>

namespace tagwire::control {

/// JSON with numbers as everybody writes them: 100.5, where the library would say 1.005E2.
[[nodiscard]] std::string jsonText(const boost::json::value& value);

}  // namespace tagwire::control
