"""How engines are to be made."""

import sys

# 0 is the layer's default. In Pyodide, calls of Python take much of the stack of JS, whose end is the end of Python, too: some
# 200 calls of guests and Python inside one another fit into that of Node.
_DEFAULT_MAX_REENTRY = 50 if sys.platform == "emscripten" else 0


class Config:
    """How an engine is to be made.

    backend is a name such as "wasmtime". max_reentry is how many calls into guests may be under way in one store, one inside
    the other. stack_size is how many bytes of the native stack guests may take (wasmtime), stack_reserve how many have to be
    left on the thread beside them. max_compile_work is how many steps, of about a microsecond, and max_compile_memory how
    many bytes compiling a module may take, by the layer's estimate, beyond what its size allows; 2**64 - 1 is no limit.
    exact_traps reports each trap with its own code where the engine has one message for several (JS hosts); engines that
    always do accept it. None is the default of each. Engine() checks the values, Config() does not."""

    def __init__(self, backend=None, max_reentry=None, stack_size=None, stack_reserve=None, max_compile_work=None,
                 max_compile_memory=None, exact_traps=None):
        self.backend = backend
        self.max_reentry = max_reentry
        self.stack_size = stack_size
        self.stack_reserve = stack_reserve
        self.max_compile_work = max_compile_work
        self.max_compile_memory = max_compile_memory
        self.exact_traps = exact_traps

    def __repr__(self):
        return (f"Config(backend={self.backend!r}, max_reentry={self.max_reentry!r}, stack_size={self.stack_size!r}, "
                f"stack_reserve={self.stack_reserve!r}, max_compile_work={self.max_compile_work!r}, "
                f"max_compile_memory={self.max_compile_memory!r}, exact_traps={self.exact_traps!r})")


# In the order of the constructors' parameters.
_NUMBERS = ("max_reentry", "stack_size", "stack_reserve", "max_compile_work", "max_compile_memory")


def _number(name, value, default):
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} has to be an int, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} has to be positive, and is {value}")
    if value >= 2**64:
        raise OverflowError(f"{name} has to be less than 2**64, and is {value}")
    return value


def read_config(config, backend, exact_traps, *numbers):
    """What Engine() was given, as a tuple: the backend, exact_traps, then _NUMBERS."""
    if isinstance(config, str):
        if backend is not None:
            raise TypeError("the backend is named twice")
        backend = config
    elif isinstance(config, Config):
        backend = config.backend if backend is None else backend
        exact_traps = config.exact_traps if exact_traps is None else exact_traps
        numbers = [getattr(config, name) if number is None else number for name, number in zip(_NUMBERS, numbers)]
    elif config is not None:
        raise TypeError(f"expected a Config or the name of a backend, not {config!r}")
    if backend is not None and not isinstance(backend, str):
        raise TypeError(f"the name of a backend has to be a str, not {backend!r}")
    if exact_traps is not None and not isinstance(exact_traps, bool):
        raise TypeError(f"exact_traps has to be a bool, not {exact_traps!r}")
    return backend, bool(exact_traps), *map(_number, _NUMBERS, numbers, (_DEFAULT_MAX_REENTRY, 0, 0, 0, 0))
