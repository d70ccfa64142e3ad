"""One interface to several WebAssembly engines: wasmi, wasmtime, or, in Pyodide, the engine of a JS host.

    from wasm_runtime_layer import Engine, Instance, Module, Store

    engine = Engine()
    store = Store(engine)
    module = Module(engine, '(module (func (export "add_one") (param i32) (result i32)'
                            ' local.get 0 i32.const 1 i32.add))')
    instance = Instance(store, module)
    print(instance.exports.add_one(42))
"""

from ._config import Config
from ._errors import Error, ErrorKind, ExitTrap, Frame, LinkError, Trap, TrapCode
from ._exports import Exports
from ._imports import Imports
from ._native import (Caller, Engine, Func, Global, Instance, Memory, Module, Store, Table, Tag, backends, load_backend,
                      wat2wasm)
from ._native import version as __version__
from ._types import (BackendInfo, ExportType, FuncType, GlobalType, ImportType, Limits, MemoryType, TableType, TagType,
                     ValType, externref, f32, f64, funcref, i32, i64, v128)

__all__ = [
    "BackendInfo", "Caller", "Config", "Engine", "Error", "ErrorKind", "ExitTrap", "ExportType", "Exports", "Frame",
    "Func", "FuncType", "Global", "GlobalType", "ImportType", "Imports", "Instance", "Limits", "LinkError", "Memory",
    "MemoryType", "Module", "Store", "Table", "TableType", "Tag", "TagType", "Trap", "TrapCode", "ValType", "backends",
    "externref", "f32", "f64", "funcref", "i32", "i64", "load_backend", "v128", "wat2wasm",
]

# Tracebacks and help() show classes under the module from which programs import them.
for _name in __all__:
    if isinstance(globals()[_name], type) and globals()[_name].__module__.startswith(f"{__name__}."):
        globals()[_name].__module__ = __name__
del _name
