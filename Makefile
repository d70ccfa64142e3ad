# The two commands of a newcomer: make run, make test. CMake does the work; see CMakePresets.json for more ways to build.

PREFIX ?= /usr/local
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
SEEDS ?= 10000-19999

.PHONY: all run test test-times lint fuzz-diff fuzz-diff-js bench bench-js bench-python bench-pyodide js pyodide format docs install clean

all:
	cmake --preset release -DWRL_BUILD_TESTS=OFF
	cmake --build --preset release -j $(JOBS)
	@cat build/release/missing.txt

# BACKEND=wasmtime runs the example on that engine.
run:
	@JOBS=$(JOBS) cmake/run.sh $(BACKEND)

test:
	tests/run.sh $(PARTS)

# What tests/run.sh found to take how long, into the document.
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
