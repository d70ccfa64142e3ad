"""How engines are to be made."""

import sys

# 0 is the layer's default. In Pyodide, calls of Python take much of the stack of JS, whose end is the end of Python, too: some
# 200 calls of guests and Python inside one another fit into that of Node.
_DEFAULT_MAX_REENTRY = 50 if sys.platform == "emscripten" else 0


class Config:
    """How an engine is to be made.

    backend is a name such as "wasmtime", or None for the default. max_reentry is how many calls into guests may be under
    way in one store, one inside the other, or None for the default."""

    def __init__(self, backend=None, max_reentry=None):
        self.backend = backend
        self.max_reentry = max_reentry

    def __repr__(self):
        return f"Config(backend={self.backend!r}, max_reentry={self.max_reentry!r})"


def read_config(config, backend, max_reentry):
    """What Engine() was given, as (backend, max_reentry)."""
    if isinstance(config, str):
        if backend is not None:
            raise TypeError("the backend is named twice")
        backend = config
    elif isinstance(config, Config):
        backend = config.backend if backend is None else backend
        max_reentry = config.max_reentry if max_reentry is None else max_reentry
    elif config is not None:
        raise TypeError(f"expected a Config or the name of a backend, not {config!r}")
    if backend is not None and not isinstance(backend, str):
        raise TypeError(f"the name of a backend has to be a str, not {backend!r}")
    if max_reentry is None:
        return backend, _DEFAULT_MAX_REENTRY
    if isinstance(max_reentry, bool) or not isinstance(max_reentry, int):
        raise TypeError(f"max_reentry has to be an int, not {max_reentry!r}")
    if max_reentry < 1:
        raise ValueError(f"max_reentry has to be positive, and is {max_reentry}")
    return backend, max_reentry
