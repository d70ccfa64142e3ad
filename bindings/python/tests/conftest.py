"""Runs the suite on every backend that can run guests. In Pyodide this is only the backend of the host's engine."""

import functools
import gc

import pytest

import wasm_runtime_layer as wrl


@functools.cache
def runners():
    """Returns the backends that run guests. Must not be called while pytest loads this file: pytest enables faulthandler
    after loading, and faulthandler would then replace the signal handlers that wasmtime needs."""
    return [info.name for info in wrl.backends() if wrl.Engine(info.name).supports("execution")]


def pytest_configure(config):
    config.addinivalue_line("markers", "threads: needs a host with threads")
    config.addinivalue_line("markers", "process: starts other processes")
    config.addinivalue_line("markers", "greenlets: needs the package greenlet")
    config.addinivalue_line("markers", "slow: takes seconds")
    config.addinivalue_line("markers", "at_once: needs a host that frees objects within a task; JS does so only between tasks")


def pytest_generate_tests(metafunc):
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", runners(), indirect=True)


@pytest.fixture
def engine(request):
    return wrl.Engine(request.param)


@pytest.fixture
def store(engine):
    return wrl.Store(engine)


@pytest.fixture
def load(engine, store):
    """load(wat, imports=None) instantiates the text in the fixture's store."""

    def load(wat, imports=None):
        return wrl.Instance(store, wrl.Module(engine, wat), imports)

    return load


@pytest.fixture
def collect():
    """Runs the collector until it finds nothing more."""

    def collect():
        while gc.collect():
            pass

    return collect
