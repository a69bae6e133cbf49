// The one place where Boost.Asio and Boost.Beast are compiled; see TagwireDependencies.cmake.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
