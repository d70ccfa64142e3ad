# shellcheck shell=bash
# Sourced by run.sh and lint.sh: detects and installs missing Debian packages.

# has_package PACKAGE: whether the files that this Debian package is needed for are installed, from whatever source.
has_package() {
    case $1 in
    python3-dev) [ -e "$(python3 -c 'import sysconfig; print(sysconfig.get_path("include"))' 2>/dev/null)/Python.h" ] ;;
    python3-venv) python3 -c 'import ensurepip' 2>/dev/null ;;
    python3-pip) python3 -m pip --version >/dev/null 2>&1 ;;
    libpython3.11-dev) [ -e /usr/include/python3.11/Python.h ] ;;
    libgtest-dev) [ -e /usr/include/gtest/gtest.h ] ;;
    # clang's sanitizers and libFuzzer are part of clang or a separate package.
    libclang-rt-14-dev) [ -n "$(find /usr/lib/llvm-*/lib/clang -name 'libclang_rt.fuzzer-*.a' 2>/dev/null)" ] ;;
    lld) command -v wasm-ld >/dev/null ;;
    lld-19) command -v wasm-ld-19 >/dev/null ;;
    llvm-19) command -v llvm-ar-19 >/dev/null ;;
    nodejs) command -v node >/dev/null ;;
    emscripten) command -v emcc >/dev/null ;;
    chromium | firefox-esr) [ -x "/usr/bin/$1" ] ;;
    webkit2gtk-driver) command -v WebKitWebDriver >/dev/null ;;
    xvfb) command -v Xvfb >/dev/null ;;
    *) command -v "$1" >/dev/null ;;
    esac
}

# missing_of PACKAGE…: prints the packages that are missing.
missing_of() {
    local package
    for package in "$@"; do
        has_package "$package" || echo "$package"
    done
}

# need_packages WHO PACKAGE…: lists the packages that WHO needs, in one line, and installs the missing ones. Installing needs root.
need_packages() {
    local who=$1 missing as_root=()
    shift
    mapfile -t missing < <(missing_of "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        echo "$who needs these Debian packages, all of which are installed: $*"
        return 0
    fi
    echo "$who needs these Debian packages: $*; missing: ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        echo "$who can only install them on Debian. Install the missing ones and run it again." >&2
        exit 1
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || { echo "Run as root: apt-get install ${missing[*]}" >&2; exit 1; }
        as_root=(sudo)
    fi
    "${as_root[@]}" apt-get update -q
    DEBIAN_FRONTEND=noninteractive "${as_root[@]}" apt-get install -q -y "${missing[@]}"
}

# Packages for the native presets and their tests, and packages that single suites need in addition.
# shellcheck disable=SC2034 # The scripts that source this file use them.
packages_to_build=(g++ clang lld libgtest-dev python3)
# shellcheck disable=SC2034
packages_of_suites=(python3-dev python3-venv nodejs npm valgrind pkg-config mandoc doxygen)
# shellcheck disable=SC2034
packages_to_lint=(clang-format clang-tidy shellcheck)
