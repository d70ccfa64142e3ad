#!/usr/bin/env bash
# make bench-python compares the Python package with wasmtime's own from PyPI. The arguments are those of the benchmark (see
# bench.py --help). It also writes the results to build/bench-python.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

jobs=$(nproc 2>/dev/null || echo 2)
cmake --preset bench -DWRL_BUILD_PYTHON=ON
cmake --build --preset bench -j "$jobs" --target wrl_python
environment=build/bench/python-environment
if ! cmp -s bench/python/requirements.txt "$environment/requirements.txt"; then
    python3 -m venv --clear "$environment"
    "$environment/bin/python" -m pip --disable-pip-version-check -q install --require-hashes --only-binary=:all: \
        -r bench/python/requirements.txt
    cp bench/python/requirements.txt "$environment/"
fi
PYTHONPATH="$PWD/build/bench/python" "$environment/bin/python" bench/python/bench.py --json build/bench-python.json "$@"
