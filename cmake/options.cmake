# Flags every target of ours gets through motcua_options; nothing is set globally but the sanitizers.
add_library(motcua_options INTERFACE)
target_compile_features(motcua_options INTERFACE cxx_std_20)
target_compile_definitions(
  motcua_options
  INTERFACE BOOST_ASIO_NO_DEPRECATED
            BOOST_ASIO_SEPARATE_COMPILATION
            BOOST_BEAST_SEPARATE_COMPILATION
            BOOST_ASIO_DISABLE_BOOST_DATE_TIME
            JSON_USE_IMPLICIT_CONVERSIONS=0)
target_compile_options(
  motcua_options
  INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wold-style-cast
            -Woverloaded-virtual -Wcast-align -Wdouble-promotion -Wformat=2 -Wimplicit-fallthrough
            -Wextra-semi
            -Wno-missing-field-initializers # designated initialisers leave out what keeps its default
            # g++ 12 sees overlapping copies in "x" + std::string (PR 105651), mismatched deletes in coroutine frames
            # under -fsanitize, and reads of an empty std::optional's storage (PR 80635); a newer compiler lets us drop
            # all three.
            $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wno-restrict -Wno-mismatched-new-delete
            -Wno-maybe-uninitialized>
            $<$<BOOL:${MOTCUA_WARNINGS_AS_ERRORS}>:-Werror>)
target_include_directories(motcua_options INTERFACE ${PROJECT_SOURCE_DIR}/include)

# Unity builds (all presets but dev) parse what a folder's sources share once: half the time. There g++ takes each of our
# sources for a header.
if(CMAKE_UNITY_BUILD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options(-Wno-subobject-linkage)
endif()

set(MOTCUA_SANITIZE "" CACHE STRING "Sanitizers for -fsanitize=, e.g. address,undefined")
if(MOTCUA_SANITIZE)
  add_compile_options(-fsanitize=${MOTCUA_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${MOTCUA_SANITIZE})
  if(MOTCUA_SANITIZE MATCHES "undefined")
    add_compile_options(-fno-sanitize-recover=undefined)
  endif()
  if(MOTCUA_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_options(-Wno-tsan) # Asio's fences; TSan understands the mutexes beside them
  endif()
endif()

# What is shipped is hardened (preset `package`, checked by tests/packaging/package_test.sh). Not every release build is: it
# would be compiled twice for nothing.
option(MOTCUA_HARDENED "Compile and link with the toolchain's protections" OFF)
if(MOTCUA_HARDENED)
  include(CheckPIESupported)
  check_pie_supported(LANGUAGES CXX)
  set(CMAKE_POSITION_INDEPENDENT_CODE ON)
  add_compile_options(-fstack-protector-strong -fstack-clash-protection)
  add_compile_definitions(_FORTIFY_SOURCE=2)
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    add_compile_options(-fcf-protection)
  endif()
  add_link_options(LINKER:-z,relro LINKER:-z,now LINKER:-z,noexecstack)
endif()

# ccache with precompiled headers wants these (ccache manual, "Precompiled headers").
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()
if(NOT CMAKE_DISABLE_PRECOMPILE_HEADERS)
  add_compile_options($<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess>)
endif()

find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()
