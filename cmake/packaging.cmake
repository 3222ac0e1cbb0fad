# What `cmake --install` puts where, and the Debian package CPack makes of it (scripts/package). The simulator is for
# development only and stays out.
include(GNUInstallDirs)

set(share ${CMAKE_INSTALL_DATADIR}/motcua)
set(documents ${CMAKE_INSTALL_DATADIR}/doc/motcua)
install(TARGETS motcua RUNTIME)
install(DIRECTORY intents data DESTINATION ${share})
install(DIRECTORY web/dist/ DESTINATION ${share}/desk PATTERN .inputs EXCLUDE)
# What `motcua eval` measures with, where it looks for it: beside the folder of data.
install(DIRECTORY tests/data DESTINATION ${share}/tests)
install(DIRECTORY docs/ DESTINATION ${documents})
install(FILES packaging/copyright packaging/nginx.conf DESTINATION ${documents})
install(FILES packaging/motcua.service packaging/motcua-backup.service packaging/motcua-backup.timer
        DESTINATION lib/systemd/system)
install(FILES packaging/motcua.yml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/motcua)

# The manual page and the bill of materials are made of the program itself.
add_custom_command(
  OUTPUT motcua.1.gz
  COMMAND sh -c "$<TARGET_FILE:motcua> --man | gzip -9n >motcua.1.gz"
  DEPENDS motcua
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
  VERBATIM)
add_custom_command(
  OUTPUT sbom.cdx.json
  COMMAND ${PROJECT_SOURCE_DIR}/scripts/sbom $<TARGET_FILE:motcua> ${PROJECT_VERSION} sbom.cdx.json
  DEPENDS motcua scripts/sbom web/package-lock.json
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR}
  VERBATIM)
add_custom_target(package_files DEPENDS ${PROJECT_BINARY_DIR}/motcua.1.gz ${PROJECT_BINARY_DIR}/sbom.cdx.json)
install(FILES ${PROJECT_BINARY_DIR}/motcua.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${PROJECT_BINARY_DIR}/sbom.cdx.json DESTINATION ${documents})

set(CPACK_GENERATOR DEB)
set(CPACK_SET_DESTDIR ON) # one file goes to /etc
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGE_NAME motcua)
set(CPACK_PACKAGE_CONTACT "Một Cửa <root@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "Public-administration chat channel of a province on Zalo")
set(CPACK_PACKAGE_DESCRIPTION
    "Answers citizens about administrative procedures, takes complaints, and gives staff a web desk.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION web)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "adduser, ca-certificates")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "nginx, zstd")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${PROJECT_SOURCE_DIR}/packaging/postinst;${PROJECT_SOURCE_DIR}/packaging/prerm;${PROJECT_SOURCE_DIR}/packaging/postrm;${PROJECT_SOURCE_DIR}/packaging/conffiles
)
include(CPack)
