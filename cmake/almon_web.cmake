# SPDX-License-Identifier: GPL-3.0-or-later

# The page: web/, built into <build folder>/web. Its client is made of the documents that the program just built serves
# (<build folder>/api), so that the page never asks for what the server does not know. npm is needed, and `npm ci` in web/
# before, which ./dev does; where that was not done, the page is left out and the build says so.
function(almon_web)
    if(NOT ALMON_END_TO_END_TESTS OR NOT TARGET almon)
        return()
    endif()
    set(web "${CMAKE_SOURCE_DIR}/web")
    find_program(ALMON_NODE node)
    if(NOT ALMON_NODE OR NOT EXISTS "${web}/node_modules/vite")
        message(STATUS "The page is not built: there is no node, or no web/node_modules (npm ci)")
        return()
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${web}/src/*" "${web}/public/*" "${web}/tools/*")
    list(FILTER sources EXCLUDE REGEX "/generated/")
    list(APPEND sources "${web}/index.html" "${web}/package-lock.json" "${web}/tsconfig.json" "${web}/vite.config.ts")
    set(api "${CMAKE_BINARY_DIR}/api")
    set(documents "${api}/auth.yml" "${api}/confd.yml" "${api}/session.yml")

    # Written only where they have changed, so that another almon does not mean another page.
    add_custom_command(OUTPUT ${documents}
        COMMAND /usr/bin/python3 "${CMAKE_SOURCE_DIR}/tools/served_api.py" "$<TARGET_FILE:almon>" "${api}"
        DEPENDS almon "${CMAKE_SOURCE_DIR}/tools/served_api.py"
        COMMENT "Asking almon for the documents of its interfaces" VERBATIM)
    add_custom_command(OUTPUT "${CMAKE_BINARY_DIR}/web.stamp"
        COMMAND "${ALMON_NODE}" tools/generate_api.mjs "${api}"
        COMMAND "${CMAKE_COMMAND}" -E env "ALMON_WEB=${CMAKE_BINARY_DIR}/web" "${ALMON_NODE}" node_modules/vite/bin/vite.js build --logLevel warn
        COMMAND "${CMAKE_COMMAND}" -E touch "${CMAKE_BINARY_DIR}/web.stamp"
        DEPENDS ${documents} ${sources}
        WORKING_DIRECTORY "${web}" COMMENT "Building the page" VERBATIM)
    add_custom_target(almon_page ALL DEPENDS "${CMAKE_BINARY_DIR}/web.stamp")

    add_test(NAME web.types COMMAND "${ALMON_NODE}" node_modules/typescript/bin/tsc --noEmit WORKING_DIRECTORY "${web}")
    add_test(NAME web.lint COMMAND "${ALMON_NODE}" node_modules/eslint/bin/eslint.js . --max-warnings 0 WORKING_DIRECTORY "${web}")
    add_test(NAME web.unit COMMAND "${ALMON_NODE}" node_modules/vitest/vitest.mjs run WORKING_DIRECTORY "${web}")
    set_tests_properties(web.types web.lint web.unit PROPERTIES TIMEOUT 300 LABELS web)
endfunction()
