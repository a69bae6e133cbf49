/// Boost.JSON without its library: Debian has none for Windows.
#include <boost/json/src.hpp>
