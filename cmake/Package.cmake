# cpack -G DEB: a Debian package, as scripts/package builds it.
if(NOT AGGD_PACKAGE)
  return()
endif()

set(debian ${PROJECT_SOURCE_DIR}/packaging/debian)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/aggd)
install(FILES ${debian}/feeds.conf DESTINATION /etc/aggd)
install(FILES ${debian}/copyright DESTINATION ${documents})
install(FILES feeds.conf DESTINATION ${documents}/examples)

# Compressed without a name and a time, so that the same manual is the same bytes.
function(install_compressed source folder name)
  set(compressed ${PROJECT_BINARY_DIR}/package/${name}.gz)
  file(MAKE_DIRECTORY ${PROJECT_BINARY_DIR}/package)
  execute_process(COMMAND gzip -9nc ${source} OUTPUT_FILE ${compressed} COMMAND_ERROR_IS_FATAL ANY)
  install(FILES ${compressed} DESTINATION ${folder})
endfunction()
install_compressed(${debian}/changelog ${documents} changelog.Debian)
install_compressed(${PROJECT_SOURCE_DIR}/CHANGELOG.md ${documents} changelog)
foreach(manual ${AGGD_MANUALS})
  string(REGEX REPLACE ".*\\." "" section ${manual})
  install_compressed(${PROJECT_SOURCE_DIR}/man/${manual} ${CMAKE_INSTALL_MANDIR}/man${section} ${manual})
endforeach()

file(STRINGS ${debian}/changelog newest LIMIT_COUNT 1)
if(NOT newest MATCHES "^aggd \\(${PROJECT_VERSION}-([0-9]+)\\)")
  message(FATAL_ERROR "packaging/debian/changelog begins with \"${newest}\"; give ${PROJECT_VERSION} an entry")
endif()
set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON)  # /etc is outside the prefix
set(CPACK_PACKAGING_INSTALL_PREFIX ${CMAKE_INSTALL_PREFIX})
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_NAME aggd)
set(CPACK_DEBIAN_PACKAGE_RELEASE ${CMAKE_MATCH_1})
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "The aggd developers <aggd@aggd.example>")
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "feed aggregator that removes duplicates and serves one merged feed")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"aggd polls RSS, Atom and JSON feeds, recognises stories that several of
them tell, keeps everything in SQLite, and serves the merged feed to any
feed reader on this machine. aggctl manages it.")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "init-system-helpers (>= 1.54~), systemd | systemd-standalone-sysusers | systemd-sysusers, systemd | systemd-standalone-tmpfiles | systemd-tmpfiles")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "ca-certificates")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "newsboat | liferea")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
  ${debian}/conffiles ${debian}/postinst ${debian}/prerm ${debian}/postrm)
include(CPack)
