# How our own code is compiled: language, warnings, hardening, instrumentation.
# Everything hangs on the interface target `tagwire_options`, which tagwire_module() links.

set(TAGWIRE_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them (presets asan, tsan)")
set(TAGWIRE_FUZZ_SECONDS 5 CACHE STRING "Seconds a fuzz target runs under ctest")
option(TAGWIRE_FUZZ "Build the libFuzzer targets as well (preset asan)" OFF)
option(TAGWIRE_BENCH "Build the micro benchmarks: target benchmarks (preset release)" OFF)
option(TAGWIRE_COVERAGE "Instrument for gcov (preset coverage)" OFF)
option(TAGWIRE_LINT "Only offer the target lint (preset lint)" OFF)
option(TAGWIRE_WERROR "Warnings are errors" ON)

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

find_package(Threads REQUIRED)

add_library(tagwire_options INTERFACE)
target_include_directories(tagwire_options INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_link_libraries(tagwire_options INTERFACE Threads::Threads)

target_compile_options(tagwire_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Woverloaded-virtual
  -Wold-style-cast -Wcast-align -Wcast-qual -Wdouble-promotion -Wextra-semi -Wformat=2 -Wno-format-nonliteral
  -Wundef -Wunused -Wimplicit-fallthrough -Wmissing-declarations
  $<$<BOOL:${TAGWIRE_WERROR}>:-Werror>
  -fno-omit-frame-pointer -ffunction-sections -fdata-sections -fstack-protector-strong
  "-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
target_link_options(tagwire_options INTERFACE -Wl,--gc-sections -Wl,--compress-debug-sections=zlib)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(tagwire_options INTERFACE
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override
    -Wno-restrict      # false alarms in GCC 12 and 13's std::string
    -fpch-preprocess)  # lets ccache see through precompiled headers
  if(TAGWIRE_SANITIZE OR TAGWIRE_COVERAGE)
    # Instrumented code leads GCC's flow analysis astray; the release build still checks these.
    target_compile_options(tagwire_options INTERFACE
      -Wno-maybe-uninitialized -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
      -Wno-dangling-pointer -Wno-nonnull -Wno-null-dereference -Wno-tsan)
  endif()
else()
  target_compile_options(tagwire_options INTERFACE -Wsuggest-override)
endif()

# Bounds checks of the standard library stay on everywhere: this program reads what strangers send.
target_compile_definitions(tagwire_options INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "RelWithDebInfo" AND NOT TAGWIRE_SANITIZE)
  target_compile_options(tagwire_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
  target_link_options(tagwire_options INTERFACE -Wl,-z,relro,-z,now)
endif()

if(TAGWIRE_SANITIZE)
  set(sanitize -fsanitize=${TAGWIRE_SANITIZE} -fno-sanitize-recover=all)
  target_compile_options(tagwire_options INTERFACE ${sanitize} $<$<BOOL:${TAGWIRE_FUZZ}>:-fsanitize=fuzzer-no-link>)
  target_link_options(tagwire_options INTERFACE ${sanitize})
  target_compile_definitions(tagwire_options INTERFACE TAGWIRE_SANITIZED) # for what takes its time then
  if(TAGWIRE_SANITIZE MATCHES "thread")
    # ThreadSanitizer cannot map its shadow memory under the wide address randomisation of recent kernels.
    find_program(TAGWIRE_SETARCH setarch REQUIRED)
    set(CMAKE_CROSSCOMPILING_EMULATOR ${TAGWIRE_SETARCH} ${CMAKE_HOST_SYSTEM_PROCESSOR} -R)
  endif()
endif()
if(TAGWIRE_COVERAGE)
  target_compile_options(tagwire_options INTERFACE --coverage)
  target_link_options(tagwire_options INTERFACE --coverage)
endif()
