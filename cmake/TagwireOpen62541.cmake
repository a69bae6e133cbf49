# open62541 1.4 with encryption, event subscriptions, history and a lock: docs/adr/0002-open62541-1.4.md.

list(PREPEND CMAKE_PREFIX_PATH "${CMAKE_SOURCE_DIR}/.deps/open62541")
find_package(open62541 CONFIG QUIET)

function(tagwire_refuse_open62541 problem)
  message(FATAL_ERROR
    "open62541: ${problem}\n"
    "Tagwire needs version 1.4 with encryption, event subscriptions, history and UA_MULTITHREADING >= 100.\n"
    "Two ways to get it:\n"
    "  Debian 13 and newer:  apt-get install libopen62541-1.4-dev libopen62541-1.4-tools\n"
    "  anywhere else:        scripts/get-open62541.sh    (builds it from Debian's source into .deps/open62541)\n")
endfunction()

if(NOT open62541_FOUND)
  tagwire_refuse_open62541("not found")
elseif(open62541_VERSION VERSION_LESS 1.4 OR open62541_VERSION VERSION_GREATER_EQUAL 1.5)
  tagwire_refuse_open62541("${open62541_DIR} is version ${open62541_VERSION}")
endif()

if(NOT TAGWIRE_OPEN62541_CHECKED STREQUAL open62541_DIR)
  file(WRITE "${CMAKE_BINARY_DIR}/open62541-check.c" [[
    #include <open62541/config.h>
    #ifndef UA_ENABLE_ENCRYPTION
    #error no encryption
    #endif
    #ifndef UA_ENABLE_SUBSCRIPTIONS_EVENTS
    #error no event subscriptions
    #endif
    #ifndef UA_ENABLE_HISTORIZING
    #error no history
    #endif
    #if UA_MULTITHREADING < 100
    #error not thread safe
    #endif
    int main(void) { return 0; }
  ]])
  try_compile(open62541_fits "${CMAKE_BINARY_DIR}/open62541-check" "${CMAKE_BINARY_DIR}/open62541-check.c"
    LINK_LIBRARIES open62541::open62541 OUTPUT_VARIABLE output)
  if(NOT open62541_fits)
    string(REGEX MATCH "#error [^\n]*" reason "${output}")
    tagwire_refuse_open62541("${open62541_DIR} does not fit: ${reason}")
  endif()
  set(TAGWIRE_OPEN62541_CHECKED "${open62541_DIR}" CACHE INTERNAL "the open62541 that passed the check")
endif()
message(STATUS "open62541 ${open62541_VERSION}: ${open62541_DIR}")
