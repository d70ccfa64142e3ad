"""The suite runs on every backend that can run guests: those of the library natively, that of the host in Pyodide."""

import functools
import gc

import pytest

import wasm_runtime_layer as wrl


@functools.cache
def runners():
    """The backends that run guests. Not asked for while this file is loaded: pytest enables faulthandler after that, whose
    handlers of signals would take the place of those that wasmtime needs."""
    return [info.name for info in wrl.backends() if wrl.Engine(info.name).supports("execution")]


def pytest_configure(config):
    config.addinivalue_line("markers", "threads: needs a host with threads")
    config.addinivalue_line("markers", "process: starts other processes")
    config.addinivalue_line("markers", "greenlets: needs the package greenlet")
    config.addinivalue_line("markers", "slow: takes seconds")
    config.addinivalue_line("markers", "at_once: needs a host where objects go within a task; JS's collector runs between them")


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
    """load(wat, imports=None): an instance of the text, in the fixture's store."""

    def load(wat, imports=None):
        return wrl.Instance(store, wrl.Module(engine, wat), imports)

    return load


@pytest.fixture
def collect():
    """Runs the collector until nothing is left for it."""

    def collect():
        while gc.collect():
            pass

    return collect
