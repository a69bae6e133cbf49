# ccache when present, and the quickest linker present. Included before project().

find_program(TAGWIRE_CCACHE ccache)
if(TAGWIRE_CCACHE AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  # Paths relative to the tree let several clones share one cache; precompiled headers need the sloppiness.
  set(launcher ${CMAKE_COMMAND} -E env
      CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}
      CCACHE_NOHASHDIR=1
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      ${TAGWIRE_CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()

if(CMAKE_CXX_COMPILER MATCHES "clang\\+\\+-([0-9]+)$")
  find_program(TAGWIRE_LINKER NAMES ld.lld-${CMAKE_MATCH_1} ld.lld ld.mold)
else()
  find_program(TAGWIRE_LINKER NAMES ld.mold ld.lld)
endif()
if(TAGWIRE_LINKER MATCHES "mold")
  set(linker_flag -fuse-ld=mold)
elseif(TAGWIRE_LINKER)
  set(linker_flag -fuse-ld=lld)
endif()
if(linker_flag)
  foreach(kind EXE SHARED MODULE)
    set(CMAKE_${kind}_LINKER_FLAGS_INIT "${linker_flag}")
  endforeach()
endif()
