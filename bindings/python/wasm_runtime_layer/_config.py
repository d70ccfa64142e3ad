"""Settings of engines."""

import sys

# 0 selects the layer's default. In Pyodide, Python calls use much of the JS stack, and exhausting it is fatal for
# Python. About 200 nested calls between guests and Python fit into Node's stack.
_DEFAULT_MAX_REENTRY = 50 if sys.platform == "emscripten" else 0


class Config:
    """The settings of an engine.

    backend: the name of a backend, such as "wasmtime".
    max_reentry: the maximum depth of nested calls into guests of one store.
    stack_size: the maximum number of bytes of the native stack that guests may use (wasmtime).
    stack_reserve: the number of bytes that must remain free on the thread's stack in addition to those for guests.
    max_compile_work: the maximum number of steps, of about a microsecond each, that compiling a module may take.
    max_compile_memory: the maximum number of bytes that compiling a module may take.
    exact_traps: whether each trap is reported with its own code even if the engine has one message for several traps (JS
    hosts). Engines that always do this accept the setting.
    fuel: whether guests take fuel, see Store.fuel.

    The two limits on compiling apply to the layer's estimate, and are added to an allowance for the module's size.
    2**64 - 1 means no limit. None selects the default of a setting. Engine() checks the values, Config() does not."""

    def __init__(self, backend=None, max_reentry=None, stack_size=None, stack_reserve=None, max_compile_work=None,
                 max_compile_memory=None, exact_traps=None, fuel=None):
        self.backend = backend
        self.max_reentry = max_reentry
        self.stack_size = stack_size
        self.stack_reserve = stack_reserve
        self.max_compile_work = max_compile_work
        self.max_compile_memory = max_compile_memory
        self.exact_traps = exact_traps
        self.fuel = fuel

    def __repr__(self):
        return (f"Config(backend={self.backend!r}, max_reentry={self.max_reentry!r}, stack_size={self.stack_size!r}, "
                f"stack_reserve={self.stack_reserve!r}, max_compile_work={self.max_compile_work!r}, "
                f"max_compile_memory={self.max_compile_memory!r}, exact_traps={self.exact_traps!r}, "
                f"fuel={self.fuel!r})")


# In the order of the parameters of Config() and Engine().
_NUMBERS = ("max_reentry", "stack_size", "stack_reserve", "max_compile_work", "max_compile_memory")


def _number(name, value, default):
    if value is None:
        return default
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an int, not {value!r}")
    if value < 1:
        raise ValueError(f"{name} must be positive, not {value}")
    if value >= 2**64:
        raise OverflowError(f"{name} must be less than 2**64, not {value}")
    return value


def _flag(name, value):
    if value is not None and not isinstance(value, bool):
        raise TypeError(f"{name} must be a bool, not {value!r}")
    return bool(value)


def read_config(config, backend, exact_traps, fuel, *numbers):
    """Check the arguments of Engine() and return them as a tuple: the backend, exact_traps, fuel, then _NUMBERS."""
    if isinstance(config, str):
        if backend is not None:
            raise TypeError("the backend is named twice")
        backend = config
    elif isinstance(config, Config):
        backend = config.backend if backend is None else backend
        exact_traps = config.exact_traps if exact_traps is None else exact_traps
        fuel = config.fuel if fuel is None else fuel
        numbers = [getattr(config, name) if number is None else number for name, number in zip(_NUMBERS, numbers)]
    elif config is not None:
        raise TypeError(f"expected a Config or the name of a backend, not {config!r}")
    if backend is not None and not isinstance(backend, str):
        raise TypeError(f"the name of a backend must be a str, not {backend!r}")
    flags = (_flag("exact_traps", exact_traps), _flag("fuel", fuel))
    return backend, *flags, *map(_number, _NUMBERS, numbers, (_DEFAULT_MAX_REENTRY, 0, 0, 0, 0))
