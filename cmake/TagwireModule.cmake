# tagwire_module(<name> [DEPS <module>...] [LIBS <target>...] [PCH <header>...]
#                       [OPTIONS <file>...] [OPTIONS_DEPS <module>...] [SOURCES <file>...] [TEST_DEPS <module>...] [TEST_LIBS <target>...]
#                       [APART <file>...] [ONE_THREAD])
#
# Turns the calling folder into the static library `tagwire_<name>`, seen by others as "folder/header.h".
#   *.cpp, generated/*.cpp   the library (SOURCES replaces this list); header-only and empty folders are fine
#   *_test.cpp               one GoogleTest program `<name>_test`, run by ctest; TEST_* are for it alone
#   *_fuzz.cpp               one libFuzzer program each, named after the file; in the preset asan, where the tests
#                            with the label fuzz run each for a few seconds, starting from corpus/<program>/
#   *_bench.cpp              one Google Benchmark program `<name>_bench`; built by the target `benchmarks`
# DEPS are modules this one may include (scripts/check-layers.mjs has the last word), LIBS outside libraries,
# PCH headers worth compiling once for the whole module. The files in OPTIONS become `tagwire_<name>_options`, a part of
# the module that stands alone: what src/config needs to check the module's options. It gets OPTIONS_DEPS where they are
# given, otherwise DEPS. All presets but dev compile several files as one (unity builds: most of the time goes into
# headers); those in APART share names with others, and are compiled alone. With ONE_THREAD nothing of the module, nor of
# what its tests use of others, is shared between threads: the preset tsan has no tests of it.

include(GoogleTest)
add_custom_target(benchmarks)

function(tagwire_module name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "ONE_THREAD" "" "SOURCES;OPTIONS;OPTIONS_DEPS;DEPS;LIBS;PCH;TEST_DEPS;TEST_LIBS;APART")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "tagwire_module(${name}): what is '${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  file(GLOB all CONFIGURE_DEPENDS *.cpp generated/*.cpp)
  set(sources ${all})
  list(FILTER sources EXCLUDE REGEX "(_test|_fuzz|_bench|/main)\\.cpp$")
  if(arg_SOURCES)
    set(sources ${arg_SOURCES})
  endif()
  set_source_files_properties(${arg_APART} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  list(TRANSFORM arg_DEPS PREPEND tagwire_)
  list(TRANSFORM arg_TEST_DEPS PREPEND tagwire_)
  list(TRANSFORM arg_OPTIONS_DEPS PREPEND tagwire_)

  if(arg_OPTIONS)
    list(TRANSFORM arg_OPTIONS PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/" OUTPUT_VARIABLE option_sources)
    list(REMOVE_ITEM sources ${option_sources})
    add_library(tagwire_${name}_options STATIC ${option_sources})
    if(NOT arg_OPTIONS_DEPS)
      set(arg_OPTIONS_DEPS ${arg_DEPS} ${arg_LIBS})
    endif()
    target_link_libraries(tagwire_${name}_options PUBLIC tagwire_options ${arg_OPTIONS_DEPS})
    list(APPEND arg_DEPS tagwire_${name}_options)
  endif()

  set(library tagwire_${name})
  if(sources)
    add_library(${library} STATIC ${sources})
    target_link_libraries(${library} PUBLIC tagwire_options ${arg_DEPS} ${arg_LIBS})
    if(arg_PCH)
      target_precompile_headers(${library} PRIVATE ${arg_PCH})
    endif()
  else()
    add_library(${library} INTERFACE)
    target_link_libraries(${library} INTERFACE tagwire_options ${arg_DEPS} ${arg_LIBS})
  endif()

  if(TAGWIRE_FUZZ)
    set(fuzzers ${all})
    list(FILTER fuzzers INCLUDE REGEX "_fuzz\\.cpp$")
    foreach(source IN LISTS fuzzers)
      tagwire_fuzzer(${library} ${source})
    endforeach()
  endif()

  set(tests ${all})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  if(tests AND NOT (arg_ONE_THREAD AND TAGWIRE_SANITIZE MATCHES "thread"))
    add_executable(${name}_test ${tests})
    target_link_libraries(${name}_test PRIVATE
      ${library} ${arg_TEST_DEPS} ${arg_TEST_LIBS} GTest::gmock GTest::gtest_main)
    # Files a test reads (golden frames, bad configurations) are named relative to the repository.
    target_compile_definitions(${name}_test PRIVATE TAGWIRE_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    if(arg_PCH AND sources)
      target_precompile_headers(${name}_test REUSE_FROM ${library})
    endif()
    if(TAGWIRE_SANITIZE OR TAGWIRE_COVERAGE)
      add_test(NAME ${name}_test COMMAND ${name}_test) # one process: sanitizers are slow to start
      # The limit is for all of a module's tests in a row. Those of the OPC UA source wait for a real server that dies,
      # stalls and comes back, a minute in all; instrumented, and on a machine that has other work, some times that.
      set_tests_properties(${name}_test PROPERTIES TIMEOUT 900)
    else()
      gtest_discover_tests(${name}_test
        TEST_PREFIX ${name}/ NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT 60)
    endif()
  endif()

  set(benches ${all})
  list(FILTER benches INCLUDE REGEX "_bench\\.cpp$")
  if(TAGWIRE_BENCH AND benches)
    add_executable(${name}_bench EXCLUDE_FROM_ALL ${benches})
    target_link_libraries(${name}_bench PRIVATE ${library} ${arg_TEST_DEPS} benchmark::benchmark_main)
    add_dependencies(benchmarks ${name}_bench)
  endif()
endfunction()

function(tagwire_fuzzer library source)
  cmake_path(GET source STEM fuzzer)
  add_executable(${fuzzer} ${source})
  target_link_libraries(${fuzzer} PRIVATE ${library})
  target_link_options(${fuzzer} PRIVATE -fsanitize=fuzzer)
  set(found "${CMAKE_BINARY_DIR}/corpus/${fuzzer}") # what the run finds; the committed corpus is only read
  file(MAKE_DIRECTORY "${found}")
  set(corpus "${CMAKE_CURRENT_SOURCE_DIR}/corpus/${fuzzer}")
  if(NOT IS_DIRECTORY "${corpus}")
    message(FATAL_ERROR "${fuzzer}: no corpus; put a few inputs into ${corpus}")
  endif()
  add_test(NAME ${fuzzer} COMMAND ${fuzzer} -max_total_time=${TAGWIRE_FUZZ_SECONDS} -timeout=10
    -rss_limit_mb=2048 -print_final_stats=1 "-artifact_prefix=${found}-crash-" "${found}" "${corpus}")
  math(EXPR limit "${TAGWIRE_FUZZ_SECONDS} + 120")
  set_tests_properties(${fuzzer} PROPERTIES TIMEOUT ${limit} LABELS fuzz)
endfunction()

# tagwire_executable(<name> <source> LIBS <target>...): a program in <build>/bin; skipped while <source> is missing.
function(tagwire_executable name source)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "LIBS")
  if(NOT EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${source}")
    return()
  endif()
  add_executable(${name} ${source})
  target_link_libraries(${name} PRIVATE ${arg_LIBS})
  set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  add_dependencies(${name} layers)
endfunction()
