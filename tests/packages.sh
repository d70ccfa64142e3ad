# shellcheck shell=bash
# Sourced by run.sh and lint.sh.

# install_packages WHO PACKAGE…: installs the Debian packages that WHO needs, and says so before; nothing for none.
install_packages() {
    local who=$1
    shift
    [ $# -gt 0 ] || return 0
    if ! command -v apt-get >/dev/null; then
        echo "$who needs these, and knows how to install them on Debian only: $*" >&2
        exit 1
    fi
    local as_root=()
    [ "$(id -u)" -eq 0 ] || as_root=(sudo)
    echo "Installing Debian packages that $who needs: $*"
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y "$@"
}

# missing_python_headers: the Debian package that has them, if they are not there.
missing_python_headers() {
    [ -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null)/Python.h" ] || echo python3-dev
}

# missing_to_build: what the presets of this machine's own programs need, tests included, and is not there.
missing_to_build() {
    command -v python3 >/dev/null || echo python3
    missing_python_headers
    command -v g++ >/dev/null || echo g++
    command -v clang >/dev/null || echo clang
    command -v wasm-ld >/dev/null || echo lld
    command -v node >/dev/null || echo nodejs
    command -v npm >/dev/null || echo npm
    [ -e /usr/include/gtest/gtest.h ] || echo libgtest-dev
}
