# The web pages as the library tagwire_assets (src/serve/embedded_assets.h). scripts/build-web.mjs builds them
# into build/web, shared by all presets; it compares contents, so running it at every build costs a tenth of a second.

find_program(TAGWIRE_NODE node HINTS "${CMAKE_SOURCE_DIR}/.deps/node/bin" REQUIRED)
set(web_output "${CMAKE_SOURCE_DIR}/build/web")

if(NOT TAGWIRE_LINT)
  add_custom_target(web
    COMMAND ${TAGWIRE_NODE} scripts/build-web.mjs
    BYPRODUCTS "${web_output}/embedded_assets.cpp" "${web_output}/embedded_assets.S"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}"
    COMMENT "Web pages"
    VERBATIM)
  add_library(tagwire_assets STATIC EXCLUDE_FROM_ALL
    "${web_output}/embedded_assets.cpp" "${web_output}/embedded_assets.S")
  target_link_libraries(tagwire_assets PUBLIC tagwire_options)
  add_dependencies(tagwire_assets web)
  # As a part of a merged file it would be compiled again only by the next build, because only a source of its own is
  # known to come of `web`.
  set_target_properties(tagwire_assets PROPERTIES UNITY_BUILD OFF)
endif()
