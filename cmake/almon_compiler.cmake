# SPDX-License-Identifier: GPL-3.0-or-later
# How every source is compiled: language, warnings, sanitizers, compiler cache and linker.

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_COMPILE_WARNING_AS_ERROR ON)
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1 -DNDEBUG")
set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g")

add_library(almon_compiler INTERFACE)
target_include_directories(almon_compiler INTERFACE "${CMAKE_SOURCE_DIR}/src")
target_compile_options(almon_compiler INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Woverloaded-virtual -Wextra-semi -Wundef
    -Wcast-align -Wimplicit-fallthrough -Wvla
    $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op>
    # GCC 12 warns of copies inside std::string that never overlap (GCC bug 105651), and of look-ups in views whose
    # end it loses sight of.
    $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict -Wno-stringop-overread>
    # Clang 16 overlooks calls of members in generic lambdas (base/archive.hpp).
    $<$<CXX_COMPILER_ID:Clang>:-Wno-unused-lambda-capture>)

if(ALMON_SANITIZE)
    # Fuzzing lives from speed. For the unit tests, optimizing instrumented code takes longer than it saves.
    if(ALMON_FUZZING)
        set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1")
    else()
        set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
    endif()
    target_compile_definitions(almon_compiler INTERFACE _GLIBCXX_ASSERTIONS)
    target_compile_options(almon_compiler INTERFACE
        -fsanitize=${ALMON_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer
        # SOCI's libraries do not export the type information that this check would look at.
        -fno-sanitize=vptr
        # Instrumented code confuses GCC's flow analysis.
        $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
    target_link_options(almon_compiler INTERFACE -fsanitize=${ALMON_SANITIZE})
    if(ALMON_SANITIZE STREQUAL "thread")
        # Asio has fences that this sanitizer does not see; GCC would refuse them.
        target_compile_options(almon_compiler INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-tsan>)
    endif()
endif()
if(ALMON_FUZZING)
    target_compile_options(almon_compiler INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Worktrees of one repository share the compiler cache: paths are taken relative to the root and the build folder's
# own path is neither hashed nor written into the objects.
find_program(ALMON_CCACHE ccache)
if(ALMON_CCACHE)
    set(CMAKE_CXX_COMPILER_LAUNCHER
        env CCACHE_NOHASHDIR=1 "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
        CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime "${ALMON_CCACHE}")
endif()
target_compile_options(almon_compiler INTERFACE "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=.")

find_program(ALMON_MOLD mold)
find_program(ALMON_LLD ld.lld)
if(ALMON_MOLD)
    target_link_options(almon_compiler INTERFACE -fuse-ld=mold)
elseif(ALMON_LLD)
    target_link_options(almon_compiler INTERFACE -fuse-ld=lld)
endif()
