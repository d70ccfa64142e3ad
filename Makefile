# Start with `make run` and `make test`. CMake does the work; CMakePresets.json has more ways to build.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
SEEDS ?= 10000-19999

.PHONY: all run test test-times lint fuzz-diff fuzz-diff-js bench bench-js bench-python bench-pyodide js pyodide format docs install clean

all:
	cmake --preset release -DWRL_BUILD_TESTS=OFF
	cmake --build --preset release -j $(JOBS)
	@cat build/release/missing.txt

# Runs the example hello on wasmi; with BACKEND=wasmtime on wasmtime.
run:
	@JOBS=$(JOBS) cmake/run.sh $(BACKEND)

test:
	tests/run.sh $(PARTS)

# Writes the times that tests/run.sh measured into docs/testing.md.
test-times:
	python3 tests/summary.py build/results --write docs/testing.md

lint:
	tests/lint.sh

fuzz-diff:
	cmake --preset ci
	cmake --build --preset ci -j $(JOBS) --target differential
	build/ci/bin/differential --seeds $(SEEDS) --jobs $(JOBS) --out build/ci

fuzz-diff-js:
	tests/robustness/differential/hosts.sh $(SEEDS)

bench:
	bench/run.sh $(BENCH)

bench-js:
	bench/js/run.sh $(BENCH)

bench-python:
	bench/python/run.sh $(BENCH)

bench-pyodide:
	bench/python/pyodide.sh $(BENCH)

js:
	cmake/emscripten.sh
	@echo "made build/js/wrl.js, for Node"

pyodide:
	cmake/pyodide.sh
	@echo "made build/pyodide"

format:
	git ls-files '*.c' '*.h' '*.cpp' '*.hpp' | xargs clang-format -i

docs:
	cmake -E make_directory build/docs
	doxygen docs/Doxyfile
	@echo "made build/docs/html/index.html"

install: all
	cmake --install build/release --prefix $(PREFIX)

clean:
	cmake -E rm -rf build
