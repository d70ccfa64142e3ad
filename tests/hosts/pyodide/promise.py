"""promise.py MODULE…: compiles modules by promises, through each copy of the layer, for an engine of that copy."""

import importlib

import pyodide_js
from pyodide.ffi import JsException, to_js

# (module (func (export "f")) (func (export "g")))
GUEST = bytes.fromhex("0061736d010000000104016000000303020000070902016600000167" "0001" "0a0702" "02000b" "02000b")

passed = failed = 0


def check(what, holds):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    print(f"{'ok   ' if holds else 'FAIL '} {what}")


async def failure(promise):
    try:
        await promise
    except JsException as error:
        return error
    return None


copies = [importlib.import_module(name) for name in args]
engines = [copy.install() for copy in copies]
again = [copy.install() for copy in copies]
check("engines of their own", len(set(engines)) == len(copies) and again == engines)
compilers = [getattr(pyodide_js._module.LDSO.loadedLibsByName, copy.__file__).exports.wrlModuleNewAsync for copy in copies]
under_way = [compile(engine, to_js(GUEST)) for compile, engine in zip(compilers, engines)]
for copy, promise in zip(copies, under_way):
    address = await promise
    check(f"{copy.__name__}: a module", copy.release(address) == 2)
    check(f"{copy.__name__}: what is none", getattr(await failure(compilers[0](engines[0], to_js(b"text"))), "kind", "") == "malformed module")
check("nothing for all of them on Module", not hasattr(pyodide_js._module, "wrlModuleNewAsync"))
print(f"{passed} passed, {failed} failed")
int(failed > 0)
