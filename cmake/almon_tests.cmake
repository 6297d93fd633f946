# SPDX-License-Identifier: GPL-3.0-or-later
# Everything below tests/ and bench/. A fuzz target, a benchmark and the simulator link the modules whose headers they
# include; nothing has to be listed twice.

include(GoogleTest)
set(Python3_EXECUTABLE /usr/bin/python3)
if(ALMON_UNIT_TESTS)
    find_package(GTest REQUIRED)
endif()
if(ALMON_END_TO_END_TESTS)
    find_package(benchmark REQUIRED)
endif()

set(ALMON_REFERENCE "${CMAKE_SOURCE_DIR}/../shared/reference" CACHE PATH
    "RFC 4475 messages and API contracts that some tests read; they are skipped where it is absent")
if(DEFINED ENV{ALMON_REFERENCE})
    set(ALMON_REFERENCE "$ENV{ALMON_REFERENCE}")
endif()
set(ALMON_TEST_ENVIRONMENT "ALMON_SOURCE=${CMAKE_SOURCE_DIR}" "ALMON_REFERENCE=${ALMON_REFERENCE}")

# Sets <out> to the targets of the modules that <sources> include by "module/header.hpp".
function(almon_modules_included out)
    set(modules "")
    set_property(DIRECTORY "${CMAKE_SOURCE_DIR}" APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
    foreach(source IN LISTS ARGN)
        file(STRINGS "${source}" includes REGEX "^#include \"[a-z_]+/")
        foreach(line IN LISTS includes)
            string(REGEX REPLACE "^#include \"([a-z_]+)/.*" "\\1" module "${line}")
            if(IS_DIRECTORY "${CMAKE_SOURCE_DIR}/src/${module}")
                list(APPEND modules almon_${module})
            endif()
        endforeach()
    endforeach()
    list(REMOVE_DUPLICATES modules)
    set(${out} almon_compiler ${modules} PARENT_SCOPE)
endfunction()

# Sets <out> to the targets of the helpers that <sources> include by "support/name.hpp".
function(almon_support_included out)
    set(helpers "")
    foreach(source IN LISTS ARGN)
        file(STRINGS "${source}" includes REGEX "^#include \"support/")
        foreach(line IN LISTS includes)
            string(REGEX REPLACE "^#include \"support/(.*)\\.hpp\".*" "\\1" name "${line}")
            if(EXISTS "${CMAKE_SOURCE_DIR}/tests/support/${name}.cpp")
                list(APPEND helpers almon_test_support_${name})
            endif()
        endforeach()
    endforeach()
    list(REMOVE_DUPLICATES helpers)
    set(${out} ${helpers} PARENT_SCOPE)
endfunction()

# The helpers that tests share, tests/support/<name>.cpp: a library each, so that a test builds those alone that it
# includes.
if(ALMON_UNIT_TESTS)
    file(GLOB support_sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/support/*.cpp")
    foreach(source IN LISTS support_sources)
        cmake_path(GET source STEM name)
        cmake_path(REPLACE_EXTENSION source .hpp OUTPUT_VARIABLE header)
        almon_modules_included(modules "${source}" "${header}")
        almon_support_included(helpers "${source}" "${header}")
        list(REMOVE_ITEM helpers almon_test_support_${name})
        add_library(almon_test_support_${name} STATIC "${source}")
        target_include_directories(almon_test_support_${name} PUBLIC "${CMAKE_SOURCE_DIR}/tests")
        target_link_libraries(almon_test_support_${name} PUBLIC ${helpers} ${modules} GTest::gmock)
        almon_precompile(almon_test_support_${name} almon_precompiled_tests)
    endforeach()
endif()

function(almon_unit_test module)
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/unit/${module}/*.cpp")
    if(NOT sources)
        return()
    endif()
    add_executable(test_${module} ${sources})
    if(TARGET almon_${module})
        target_link_libraries(test_${module} PRIVATE almon_${module})
    endif()
    almon_support_included(helpers ${sources})
    target_include_directories(test_${module} PRIVATE "${CMAKE_SOURCE_DIR}/tests")
    target_link_libraries(test_${module} PRIVATE ${helpers} almon_compiler GTest::gmock GTest::gtest_main)
    almon_precompile(test_${module} almon_precompiled_tests)
    gtest_discover_tests(test_${module} TEST_PREFIX "${module}." DISCOVERY_MODE PRE_TEST DISCOVERY_TIMEOUT 120
        PROPERTIES TIMEOUT 300 LABELS unit ENVIRONMENT "${ALMON_TEST_ENVIRONMENT}")
endfunction()

# What tests/support offers has tests of its own, tests/unit/support/.
function(almon_support_tests)
    if(ALMON_UNIT_TESTS)
        almon_unit_test(support)
    endif()
endfunction()

# tests/fuzz/<name>_fuzz.cpp: `fuzz_<name>` for libFuzzer; elsewhere `replay_<name>`, which runs every corpus file once.
function(almon_fuzz_targets)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/fuzz/*_fuzz.cpp")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM name)
        string(REGEX REPLACE "_fuzz$" "" name "${name}")
        almon_modules_included(modules "${source}")
        if(ALMON_FUZZING)
            add_executable(fuzz_${name} "${source}")
            target_link_libraries(fuzz_${name} PRIVATE ${modules})
            target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
        elseif(ALMON_UNIT_TESTS)
            add_executable(replay_${name} "${source}" "${CMAKE_SOURCE_DIR}/tests/fuzz/replay.cpp")
            target_link_libraries(replay_${name} PRIVATE ${modules})
            almon_precompile(replay_${name})
            add_test(NAME fuzz.${name}.corpus
                COMMAND replay_${name} "${CMAKE_SOURCE_DIR}/tests/fuzz/corpus/${name}")
            set_tests_properties(fuzz.${name}.corpus PROPERTIES TIMEOUT 300 LABELS unit)
        endif()
    endforeach()
endfunction()

# bench/<name>_bench.cpp: `bench_<name>` with Google Benchmark, and bench/<name>_bench.py, which measures the program from
# outside; each runs with the tests as briefly as it can. bench/<name>_tool.cpp: `bench_<name>`, what the others need.
function(almon_benchmarks)
    if(NOT ALMON_END_TO_END_TESTS)
        return()
    endif()
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*_bench.cpp")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM name)
        string(REGEX REPLACE "_bench$" "" name "${name}")
        almon_modules_included(modules "${source}")
        add_executable(bench_${name} "${source}")
        target_link_libraries(bench_${name} PRIVATE ${modules} benchmark::benchmark_main)
        add_test(NAME bench.${name} COMMAND bench_${name} --benchmark_min_time=0)
        set_property(TEST bench.${name} APPEND PROPERTY ENVIRONMENT "ALMON_QUICK=1")
        set_tests_properties(bench.${name} PROPERTIES TIMEOUT 300 LABELS bench)
    endforeach()
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*_tool.cpp")
    foreach(source IN LISTS sources)
        cmake_path(GET source STEM name)
        string(REGEX REPLACE "_tool$" "" name "${name}")
        almon_modules_included(modules "${source}")
        add_executable(bench_${name} "${source}")
        target_link_libraries(bench_${name} PRIVATE ${modules})
    endforeach()
    if(NOT TARGET almon)
        return()
    endif()
    file(GLOB scripts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/bench/*_bench.py")
    foreach(script IN LISTS scripts)
        cmake_path(GET script STEM name)
        string(REGEX REPLACE "_bench$" "" name "${name}")
        add_test(NAME bench.${name} COMMAND /usr/bin/python3 "${script}")
        set_tests_properties(bench.${name} PROPERTIES
            TIMEOUT 300 LABELS bench RUN_SERIAL ON
            ENVIRONMENT "ALMON_QUICK=1;ALMON_BINARY=$<TARGET_FILE:almon>;ALMON_BUILD=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1")
    endforeach()
endfunction()

# tests/sim/*.cpp: `sim`, random offices in virtual time.
function(almon_simulator)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/sim/*.cpp")
    if(NOT sources OR ALMON_FUZZING)
        return()
    endif()
    almon_modules_included(modules ${sources})
    add_executable(sim ${sources})
    target_include_directories(sim PRIVATE "${CMAKE_SOURCE_DIR}/tests")
    target_link_libraries(sim PRIVATE ${modules})
    if(ALMON_END_TO_END_TESTS)
        add_test(NAME sim.20000_calls COMMAND sim --calls 20000)
        set_tests_properties(sim.20000_calls PROPERTIES TIMEOUT 600 LABELS sim)
    elseif(ALMON_SANITIZE)
        add_test(NAME sim.sanitized COMMAND sim --calls 300 --handovers 3)
        set_tests_properties(sim.sanitized PROPERTIES TIMEOUT 600 LABELS sim)
    endif()
endfunction()

# tests/e2e/<name>_test.py: pytest files that drive real phones against the built program, one ctest test per file.
function(almon_end_to_end_tests)
    if(NOT ALMON_END_TO_END_TESTS OR NOT TARGET almon)
        return()
    endif()
    file(GLOB scripts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tests/e2e/*_test.py")
    foreach(script IN LISTS scripts)
        cmake_path(GET script STEM name)
        string(REGEX REPLACE "_test$" "" name "${name}")
        add_test(NAME e2e.${name}
            COMMAND /usr/bin/python3 -m pytest -p no:cacheprovider -rs -q "${script}"
            WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}/tests/e2e")
        # Who measures times wants the machine for himself; the others mostly wait, and do so beside each other.
        file(STRINGS "${script}" measures REGEX "AT_ONCE|dialled_code|heard_by|longest_gap|monotonic\\(\\) - |waited\\) <")
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${script}")
        if(measures)
            set(alone ON)
        else()
            set(alone OFF)
        endif()
        set_tests_properties(e2e.${name} PROPERTIES
            TIMEOUT 600 LABELS e2e RUN_SERIAL ${alone}
            ENVIRONMENT "ALMON_BINARY=$<TARGET_FILE:almon>;PYTHONDONTWRITEBYTECODE=1;${ALMON_TEST_ENVIRONMENT}"
            SKIP_REGULAR_EXPRESSION "(^|\n)[0-9]+ skipped in ")
    endforeach()
endfunction()

# tests/conformance: the interfaces against the reference's documents, and that test's own test.
function(almon_conformance_tests)
    set(folder "${CMAKE_SOURCE_DIR}/tests/conformance")
    if(ALMON_UNIT_TESTS)
        add_test(NAME conformance.runner
            COMMAND /usr/bin/python3 -m pytest -p no:cacheprovider -q "${folder}/runner_test.py"
            WORKING_DIRECTORY "${folder}")
        set_tests_properties(conformance.runner PROPERTIES
            TIMEOUT 120 LABELS unit ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
    endif()
    if(NOT ALMON_END_TO_END_TESTS OR NOT TARGET almon)
        return()
    endif()
    foreach(database IN ITEMS sqlite postgresql)
        add_test(NAME conformance.${database}
            COMMAND /usr/bin/python3 "${folder}/conformance.py" --expected --database ${database})
        add_test(NAME conformance.bad_input.${database}
            COMMAND /usr/bin/python3 -m pytest -p no:cacheprovider -q "${folder}/bad_input_test.py"
            WORKING_DIRECTORY "${folder}")
        add_test(NAME conformance.undo.${database}
            COMMAND /usr/bin/python3 -m pytest -p no:cacheprovider -q "${folder}/undo_test.py"
            WORKING_DIRECTORY "${folder}")
        set_tests_properties(conformance.${database} conformance.bad_input.${database} conformance.undo.${database} PROPERTIES
            TIMEOUT 600 LABELS conformance RUN_SERIAL ON
            ENVIRONMENT "ALMON_BINARY=$<TARGET_FILE:almon>;ALMON_DATABASE=${database};PYTHONDONTWRITEBYTECODE=1;${ALMON_TEST_ENVIRONMENT}"
            SKIP_REGULAR_EXPRESSION "conformance did not run")
    endforeach()
endfunction()

# The Debian package on a fresh Debian.
function(almon_package_test)
    if(NOT ALMON_END_TO_END_TESTS OR NOT TARGET almon)
        return()
    endif()
    add_test(NAME package.install
        COMMAND /usr/bin/python3 -m pytest -p no:cacheprovider -rs -q "${CMAKE_SOURCE_DIR}/tests/package/package_test.py")
    set_tests_properties(package.install PROPERTIES
        TIMEOUT 900 LABELS package
        ENVIRONMENT "ALMON_BINARY=$<TARGET_FILE:almon>;PYTHONDONTWRITEBYTECODE=1;${ALMON_TEST_ENVIRONMENT}")
endfunction()

# What the compiler cannot check: arrows between modules, the rules of the house, the layout, and the checker itself.
function(almon_lint_tests)
    if(NOT ALMON_UNIT_TESTS)
        return()
    endif()
    add_test(NAME lint.source COMMAND /usr/bin/python3 "${CMAKE_SOURCE_DIR}/tools/lint.py")
    add_test(NAME lint.layout COMMAND "${CMAKE_SOURCE_DIR}/dev" lint --layout)
    add_test(NAME lint.itself COMMAND /usr/bin/python3 -m pytest -q -p no:cacheprovider "${CMAKE_SOURCE_DIR}/tests/lint")
    set_tests_properties(lint.source lint.layout lint.itself PROPERTIES
        TIMEOUT 60 LABELS unit ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endfunction()
