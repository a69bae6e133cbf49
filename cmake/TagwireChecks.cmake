# Checks of the sources that are part of the build.

# The arrows between the modules; a wrong one fails every build.
add_custom_target(layers ALL
  COMMAND ${TAGWIRE_NODE} scripts/check-layers.mjs
  WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
  COMMENT "Layers"
  VERBATIM)
if(NOT TAGWIRE_SANITIZE)
  add_test(NAME layers COMMAND ${TAGWIRE_NODE} scripts/check-layers.mjs WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  add_test(NAME layers_self_test COMMAND ${TAGWIRE_NODE} scripts/check-layers.mjs --self-test
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
endif()

if(TAGWIRE_LINT)
  add_custom_target(lint
    COMMAND ${TAGWIRE_NODE} scripts/lint.mjs
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    USES_TERMINAL
    VERBATIM)
endif()
