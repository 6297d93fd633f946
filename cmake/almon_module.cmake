# SPDX-License-Identifier: GPL-3.0-or-later

# almon_module(<name> [DEPENDS <module>...] [LIBRARIES <third party>...])
# A folder of src/ as a static library `almon_<name>` (header-only while it has no source), and the tests that mirror it
# in tests/unit/<name>/ as the program `test_<name>`.
function(almon_module name)
    cmake_parse_arguments(PARSE_ARGV 1 module "" "" "DEPENDS;LIBRARIES")
    list(TRANSFORM module_DEPENDS PREPEND almon_)
    list(TRANSFORM module_LIBRARIES PREPEND third_party_)

    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${name}/*.cpp")
    list(FILTER sources EXCLUDE REGEX "/main\\.cpp$")
    set(kind INTERFACE)
    set(scope INTERFACE)
    if(sources)
        set(kind STATIC)
        set(scope PUBLIC)
    endif()
    add_library(almon_${name} ${kind} ${sources})
    # A fuzzing build makes what its targets need and nothing else.
    set_target_properties(almon_${name} PROPERTIES EXCLUDE_FROM_ALL ${ALMON_FUZZING})
    target_link_libraries(almon_${name} ${scope} almon_compiler ${module_DEPENDS} ${module_LIBRARIES})
    if(sources)
        almon_precompile(almon_${name})
    endif()

    if(ALMON_UNIT_TESTS)
        almon_unit_test(${name})
    endif()
endfunction()

# almon_program(<name> MODULE <module> MAIN <source>)
# The program itself; absent until its main exists.
function(almon_program name)
    cmake_parse_arguments(PARSE_ARGV 1 program "" "MODULE;MAIN" "")
    if(ALMON_FUZZING OR NOT EXISTS "${CMAKE_SOURCE_DIR}/${program_MAIN}")
        return()
    endif()
    add_executable(${name} "${program_MAIN}")
    target_compile_definitions(${name} PRIVATE "ALMON_VERSION=\"${PROJECT_VERSION}\"")
    target_link_libraries(${name} PRIVATE almon_${program_MODULE})
endfunction()
