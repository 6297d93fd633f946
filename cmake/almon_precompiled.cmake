# SPDX-License-Identifier: GPL-3.0-or-later
# Headers of other people that nearly every source reads, compiled once a build. Headers of ours are not among them: a
# change to one would compile everything anew. A source still includes what it uses; the fuzzing build, which has no
# precompiled headers, fails where one does not.

set(almon_precompiled_headers
    <algorithm> <array> <charconv> <chrono> <cstdint> <filesystem> <functional> <map> <memory> <mutex> <optional> <set>
    <span> <string> <string_view> <thread> <unordered_map> <utility> <variant> <vector>
    <boost/describe.hpp> <boost/json.hpp> <fmt/format.h> <tl/expected.hpp>)

# GCC does not make the same precompiled header twice. What the compiler cache shall take for its contents
# (CCACHE_PCH_EXTSUM, see ./dev) is therefore what it is made of: the headers, and the packages that they are of.
execute_process(
    COMMAND dpkg-query --show libboost1.81-dev libexpected-dev libfmt-dev libgmock-dev libgtest-dev libstdc++-12-dev
    OUTPUT_VARIABLE almon_precompiled_packages ERROR_QUIET)

function(almon_precompiled_headers name)
    file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/${name}.cpp" CONTENT "")
    add_library(${name} OBJECT "${CMAKE_BINARY_DIR}/${name}.cpp")
    target_link_libraries(${name} PRIVATE almon_compiler)
    target_precompile_headers(${name} PRIVATE ${ARGN})
    file(GENERATE OUTPUT "${CMAKE_BINARY_DIR}/CMakeFiles/${name}.dir/cmake_pch.hxx.gch.sum"
        CONTENT "${ARGN}\n${CMAKE_CXX_COMPILER_VERSION}\n${almon_precompiled_packages}")
endfunction()

if(NOT ALMON_FUZZING)
    # The compiler cache has to see what is in a precompiled header, and that its time stamps do not matter.
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        target_compile_options(almon_compiler INTERFACE -fpch-preprocess)
    endif()
    almon_precompiled_headers(almon_precompiled ${almon_precompiled_headers})
    if(ALMON_UNIT_TESTS)
        almon_precompiled_headers(almon_precompiled_tests ${almon_precompiled_headers} <gmock/gmock.h> <gtest/gtest.h>)
        target_link_libraries(almon_precompiled_tests PRIVATE GTest::gmock)
    endif()
endif()

# almon_precompile(<target> [<header set>]): compiles a target with almon_precompiled, or with another set of headers.
function(almon_precompile target)
    set(headers ${ARGN})
    if(NOT headers)
        set(headers almon_precompiled)
    endif()
    if(TARGET ${headers})
        target_precompile_headers(${target} REUSE_FROM ${headers})
    endif()
endfunction()
