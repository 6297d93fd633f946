# SPDX-License-Identifier: GPL-3.0-or-later

# What Almon says: share/sounds/<language>.txt, spoken into <build folder>/sounds/<language>/<name>.wav.
function(almon_sounds)
    file(GLOB texts CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/share/sounds/*.txt")
    set(stamp "${CMAKE_BINARY_DIR}/sounds/spoken")
    add_custom_command(OUTPUT "${stamp}"
        COMMAND /usr/bin/python3 "${CMAKE_SOURCE_DIR}/tools/make_sounds.py" "${CMAKE_BINARY_DIR}/sounds" ${texts}
        COMMAND "${CMAKE_COMMAND}" -E touch "${stamp}"
        DEPENDS ${texts} "${CMAKE_SOURCE_DIR}/tools/make_sounds.py"
        COMMENT "Speaking the sounds" VERBATIM)
    add_custom_target(almon_sounds DEPENDS "${stamp}")
    if(TARGET almon)
        add_dependencies(almon almon_sounds)
    endif()
endfunction()
