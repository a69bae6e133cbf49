# cmake --install BUILD [--strip] [--prefix PREFIX]: the program, its service, an example of a configuration, the documents.
include(GNUInstallDirs)

configure_file("${CMAKE_SOURCE_DIR}/packaging/tagwire.service.in" "${CMAKE_BINARY_DIR}/tagwire.service" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/tagwire.service" DESTINATION lib/systemd/system)
install(FILES "${CMAKE_SOURCE_DIR}/packaging/tagwire.sysusers" DESTINATION lib/sysusers.d RENAME tagwire.conf)
install(FILES "${CMAKE_SOURCE_DIR}/config/tagwire.toml" DESTINATION "${CMAKE_INSTALL_DATADIR}/tagwire")
install(DIRECTORY "${CMAKE_SOURCE_DIR}/docs/" DESTINATION "${CMAKE_INSTALL_DOCDIR}" FILES_MATCHING PATTERN "*.md")
