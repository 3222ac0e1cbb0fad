# motcua_library(<name> SOURCES … [LINK …]): one library per folder of the house. LINK is what the folder's headers or
# sources include; the linker then enforces who may know whom.
function(motcua_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  target_link_libraries(${name} PUBLIC motcua_options ${arg_LINK})
  if(arg_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE ${arg_PRECOMPILE})
  endif()
endfunction()

# Where tests find the tree's data; scripts/seeded-defects builds a copy whose tests read the original's.
set(MOTCUA_TEST_SOURCE_DIR ${PROJECT_SOURCE_DIR} CACHE PATH "Where tests read data, content and intents")

# motcua_test(<name> SOURCES … LINK …): one GoogleTest program per folder; tests/<folder> mirrors src/<folder>.
function(motcua_test name)
  cmake_parse_arguments(arg "" "TIMEOUT" "SOURCES;LINK;PRECOMPILE" ${ARGN})
  if(NOT arg_TIMEOUT)
    set(arg_TIMEOUT 30)
  endif()
  add_executable(${name} ${arg_SOURCES})
  set_target_properties(${name} PROPERTIES UNITY_BUILD OFF) # each file has its own samples of one name
  target_link_libraries(${name} PRIVATE motcua_options ${arg_LINK} GTest::gmock GTest::gtest_main)
  target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
  # What is tested is optimised as the preset says; the tests themselves are compiled in half the time without.
  target_compile_options(${name} PRIVATE -O0)
  target_compile_definitions(
    ${name} PRIVATE MOTCUA_SOURCE_DIR="${MOTCUA_TEST_SOURCE_DIR}"
                    MOTCUA_SHARED_DIR="${MOTCUA_TEST_SOURCE_DIR}/../shared"
                    $<$<CONFIG:RelWithDebInfo>:MOTCUA_OPTIMISED>) # what is tested: limits of time hold
  if(arg_PRECOMPILE)
    target_precompile_headers(${name} PRIVATE ${arg_PRECOMPILE})
  endif()
  if(MOTCUA_SANITIZE)
    # One process for all tests: a sanitizer takes 0.1 to 0.4 s of every start, and there are thousands of tests.
    # The presets have ctest print what the program says of each.
    add_test(NAME ${name} COMMAND ${name})
    set_tests_properties(${name} PROPERTIES TIMEOUT 1800 COST ${arg_TIMEOUT}) # the long ones first
  else()
    gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60 PROPERTIES TIMEOUT ${arg_TIMEOUT})
  endif()
endfunction()
