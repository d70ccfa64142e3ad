# The suite on JS hosts: js and wasmi in Node, and js in browsers, on the main thread of a page.
list(TRANSFORM WRL_SPEC_SUITES PREPEND "${WRL_SPEC_SCRIPTS}/" OUTPUT_VARIABLE scripts)
list(TRANSFORM scripts APPEND ".script")
set(manifests "${CMAKE_CURRENT_SOURCE_DIR}/manifests")
add_dependencies(wrl_spec wrl_spec_scripts)

# wrl_spec_manifests(VARIABLE NAME…): sets the options that pass these manifests.
function(wrl_spec_manifests variable)
    set(options "")
    foreach(name superseded ${ARGN})
        list(APPEND options --manifest "${manifests}/${name}.txt")
    endforeach()
    set(${variable} "${options}" PARENT_SCOPE)
endfunction()

# wrl_spec_node(BACKEND MANIFEST…)
function(wrl_spec_node backend)
    string(REPLACE + _with_ name ${backend})
    set(json "${CMAKE_CURRENT_BINARY_DIR}/${name}_node.json")
    wrl_spec_manifests(options ${ARGN})
    add_test(NAME spec_${name}_node COMMAND wrl_spec --backend ${backend} --host node ${options} --json "${json}"
                                               ${scripts})
    set_tests_properties(spec_${name}_node PROPERTIES TIMEOUT 900)
    wrl_spec_report(${name}_node "${json}")
endfunction()

if(TARGET wrl_backend_js)
    wrl_spec_node(js js_node js_node_inexact)
    wrl_spec_node(js+exact_traps js_node)
endif()
if(TARGET wrl_backend_wasmi)
    # The same manifest as for native builds.
    wrl_spec_node(wasmi wasmi)
endif()

if(NOT WRL_TEST_BROWSERS OR NOT TARGET wrl_backend_js)
    return()
endif()
get_target_property(sources wrl_spec SOURCES)
add_executable(wrl_spec_browser ${sources})
wrl_compile_options(wrl_spec_browser BROWSER)
target_include_directories(wrl_spec_browser PRIVATE "${PROJECT_SOURCE_DIR}/cli")
target_link_libraries(wrl_spec_browser PRIVATE wrl)
# The page puts the scripts into the program's file system and reads the results from it.
target_link_options(wrl_spec_browser PRIVATE -sFORCE_FILESYSTEM=1 -sEXPORTED_RUNTIME_METHODS=callMain,FS)
find_program(WRL_NODE node)

# wrl_spec_browser(BROWSER BACKEND MANIFEST…)
function(wrl_spec_browser browser backend)
    string(REPLACE + _with_ name ${backend})
    set(json "${CMAKE_CURRENT_BINARY_DIR}/${name}_${browser}.json")
    wrl_spec_manifests(options ${ARGN})
    add_test(NAME spec_${name}_${browser}
             COMMAND ${WRL_NODE} "${CMAKE_CURRENT_SOURCE_DIR}/browser.mjs" --browser ${browser} --backend ${backend}
                     --packages "${PROJECT_BINARY_DIR}/tests/hosts/browser/packages" --program
                     $<TARGET_FILE:wrl_spec_browser> --json "${json}" ${options} ${scripts})
    # browser.mjs ends the browser before CTest's timeout, which would leave the browser running.
    set_tests_properties(spec_${name}_${browser} PROPERTIES FIXTURES_REQUIRED browser_packages TIMEOUT 900)
    wrl_spec_report(${name}_${browser} "${json}")
endfunction()

foreach(browser chromium webkit)
    wrl_spec_browser(${browser} js js_${browser} js_${browser}_inexact)
    wrl_spec_browser(${browser} js+exact_traps js_${browser})
endforeach()
# Firefox reports all traps with distinct messages.
wrl_spec_browser(firefox js js_firefox)
wrl_spec_browser(firefox js+exact_traps js_firefox)
