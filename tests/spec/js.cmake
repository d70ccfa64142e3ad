# The suite on hosts of JS: in Node, on js and on wasmi, and on js in browsers, on the main thread of a page.
list(TRANSFORM WRL_SPEC_SUITES PREPEND "${WRL_SPEC_SCRIPTS}/" OUTPUT_VARIABLE scripts)
list(TRANSFORM scripts APPEND ".script")
set(manifests "${CMAKE_CURRENT_SOURCE_DIR}/manifests")
add_dependencies(wrl_spec wrl_spec_scripts)

function(wrl_spec_node backend manifest)
    if(TARGET wrl_backend_${backend})
        set(json "${CMAKE_CURRENT_BINARY_DIR}/${backend}_node.json")
        add_test(NAME spec_${backend}_node
                 COMMAND wrl_spec --backend ${backend} --host node --manifest "${manifests}/superseded.txt" --manifest
                         "${manifests}/${manifest}.txt" --json "${json}" ${scripts})
        set_tests_properties(spec_${backend}_node PROPERTIES TIMEOUT 900)
        wrl_spec_report(${backend}_node "${json}")
    endif()
endfunction()

wrl_spec_node(js js_node)
# The same as natively.
wrl_spec_node(wasmi wasmi)

if(NOT WRL_TEST_BROWSERS OR NOT TARGET wrl_backend_js)
    return()
endif()
get_target_property(sources wrl_spec SOURCES)
add_executable(wrl_spec_browser ${sources})
wrl_compile_options(wrl_spec_browser BROWSER)
target_include_directories(wrl_spec_browser PRIVATE "${PROJECT_SOURCE_DIR}/cli")
target_link_libraries(wrl_spec_browser PRIVATE wrl)
# The page puts the scripts into the program's own file system, and takes the results from there.
target_link_options(wrl_spec_browser PRIVATE -sFORCE_FILESYSTEM=1 -sEXPORTED_RUNTIME_METHODS=callMain,FS)
find_program(WRL_NODE node)
foreach(browser chromium firefox webkit)
    set(json "${CMAKE_CURRENT_BINARY_DIR}/js_${browser}.json")
    add_test(NAME spec_js_${browser}
             COMMAND ${WRL_NODE} "${CMAKE_CURRENT_SOURCE_DIR}/browser.mjs" --browser ${browser} --packages
                     "${PROJECT_BINARY_DIR}/tests/browser/packages" --program $<TARGET_FILE:wrl_spec_browser> --json
                     "${json}" --manifest "${manifests}/superseded.txt" --manifest "${manifests}/js_${browser}.txt"
                     ${scripts})
    # It ends the browser itself before CTest would end it alone.
    set_tests_properties(spec_js_${browser} PROPERTIES FIXTURES_REQUIRED browser_packages TIMEOUT 900)
    wrl_spec_report(js_${browser} "${json}")
endforeach()
