# cmake -DPROJECT=dir -DCRATE=dir -DTARGET_DIR=dir -DNAME=name -P crate_sources.cmake: before cargo builds a crate of this
# project in a target folder that other checkouts may share. cargo decides by the times of files, and would take the archive
# of another checkout, with other sources, for up to date. So where the sources are not those that the folder was last used
# for, cargo is made to compile this project's crates again. Dependencies stay.
set(folders "${CRATE}" "${PROJECT}/rust")
if(CRATE STREQUAL "${PROJECT}/rust/joined")
    list(APPEND folders "${PROJECT}/backends" "${PROJECT}/wat")
endif()
set(hashes "")
foreach(folder IN LISTS folders)
    file(GLOB_RECURSE files RELATIVE "${PROJECT}" "${folder}/*.rs" "${folder}/Cargo.toml" "${folder}/Cargo.lock")
    foreach(file IN LISTS files)
        file(SHA256 "${PROJECT}/${file}" hash)
        string(APPEND hashes "${file} ${hash}\n")
    endforeach()
endforeach()

set(stamp "${TARGET_DIR}/${NAME}.sources")
set(last "")
if(EXISTS "${stamp}")
    file(READ "${stamp}" last)
endif()
if(NOT last STREQUAL hashes)
    file(GLOB own "${TARGET_DIR}/release/.fingerprint/wrl-*" "${TARGET_DIR}/*/release/.fingerprint/wrl-*")
    if(own)
        file(REMOVE_RECURSE ${own})
    endif()
    file(WRITE "${stamp}" "${hashes}")
endif()
