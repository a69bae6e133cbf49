# Every outside library, found once. scripts/setup.sh installs the Debian packages named here.

find_package(Boost 1.81 CONFIG REQUIRED COMPONENTS headers json url) # libboost{,-json,-url}-dev, on Debian 12 with 1.81
find_package(fmt 9 REQUIRED)                                         # libfmt-dev
find_package(spdlog 1.10 REQUIRED)                                   # libspdlog-dev
find_package(tl-expected REQUIRED)                                   # libexpected-dev
find_package(utf8cpp REQUIRED)                                       # libutfcpp-dev
find_package(OpenSSL 3 REQUIRED)                                     # libssl-dev
find_package(ZLIB REQUIRED)                                          # zlib1g-dev
find_package(zstd 1.5 CONFIG REQUIRED)                               # libzstd-dev
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)                      # libxxhash-dev, used header-only
find_package(SQLite3 3.37 REQUIRED)                                  # libsqlite3-dev
find_path(SODIUM_INCLUDE_DIR sodium.h REQUIRED)                      # libsodium-dev
find_library(SODIUM_LIBRARY sodium REQUIRED)
find_package(CURL 7.88 REQUIRED)                                     # libcurl4-openssl-dev
find_path(CJOSE_INCLUDE_DIR cjose/cjose.h REQUIRED)                  # libcjose-dev
find_library(CJOSE_LIBRARY cjose REQUIRED)
find_package(PostgreSQL 15 REQUIRED)                                 # libpq-dev
find_package(GTest 1.12 REQUIRED)                                    # libgtest-dev, libgmock-dev
if(TAGWIRE_BENCH)
  find_package(benchmark REQUIRED)                                   # libbenchmark-dev
endif()
include(TagwireOpen62541)

# These have no package files for CMake.
if(NOT TARGET sodium::sodium)
  add_library(sodium::sodium UNKNOWN IMPORTED)
  set_target_properties(sodium::sodium PROPERTIES
    IMPORTED_LOCATION "${SODIUM_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${SODIUM_INCLUDE_DIR}")
endif()
if(NOT TARGET cjose::cjose)
  add_library(cjose::cjose UNKNOWN IMPORTED)
  set_target_properties(cjose::cjose PROPERTIES
    IMPORTED_LOCATION "${CJOSE_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${CJOSE_INCLUDE_DIR}")
endif()

# prometheus-cpp-dev. Only the core is wanted; its package file would drag in curl and a web server.
if(NOT TARGET prometheus-cpp::core)
  find_path(PROMETHEUS_CPP_INCLUDE_DIR prometheus/registry.h REQUIRED)
  find_library(PROMETHEUS_CPP_CORE prometheus-cpp-core REQUIRED)
  add_library(prometheus-cpp::core UNKNOWN IMPORTED)
  set_target_properties(prometheus-cpp::core PROPERTIES
    IMPORTED_LOCATION "${PROMETHEUS_CPP_CORE}"
    INTERFACE_INCLUDE_DIRECTORIES "${PROMETHEUS_CPP_INCLUDE_DIR}")
endif()

# libtomlplusplus-dev, used header-only: its package file would link the compiled library all the same.
find_path(TOMLPLUSPLUS_INCLUDE_DIR toml++/toml.h REQUIRED)
add_library(tagwire_toml INTERFACE)
target_include_directories(tagwire_toml SYSTEM INTERFACE "${TOMLPLUSPLUS_INCLUDE_DIR}")

# Asio and Beast, compiled once instead of in every file that includes them. Whoever includes a Boost.Asio or
# Boost.Beast header links this; the definitions are global so that no file can see the other flavour.
target_compile_definitions(tagwire_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION)
add_library(tagwire_asio STATIC "${CMAKE_CURRENT_LIST_DIR}/asio.cpp")
target_compile_options(tagwire_asio PRIVATE -w)
target_link_libraries(tagwire_asio PUBLIC tagwire_options Boost::headers OpenSSL::SSL)
