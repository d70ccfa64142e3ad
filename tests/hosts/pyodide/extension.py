"""Uses the extension module of examples/pyodide_extension beside the package, which contains another copy of the layer."""

import gc

import filters
import wasm_runtime_layer as wrl

# (module (func (export "keep") (param f64) (result i32) local.get 0 f64.const 0 f64.gt))
POSITIVE = bytes.fromhex("0061736d0100000001060160017c017f03020100070801046b65657000000a10010e002000440000000000000000640b")
# … local.get 0 i32.trunc_f64_s i32.const 1 i32.and
ODD = bytes.fromhex("0061736d0100000001060160017c017f03020100070801046b65657000000a0a0108002000aa4101710b")
# (module (func (export "keep") (param i32) (result i32) local.get 0))
OTHER_TYPE = bytes.fromhex("0061736d0100000001060160017f017f03020100070801046b65657000000a0601040020000b")

passed = failed = 0


def check(what, holds):
    global passed, failed
    passed += bool(holds)
    failed += not holds
    print(f"{'ok   ' if holds else 'FAIL '} {what}")


def message(exception, function, *args):
    try:
        function(*args)
    except exception as error:
        return str(error)
    return "no exception"


odd = filters.Filter(ODD)
check("a filter", filters.Filter(POSITIVE).select([1.0, -2.0, 3.0]) == [1.0, 3.0])
check("another, of any iterable", odd.select(iter(range(6))) == [1, 3, 5])
check("an empty list", odd.select([]) == [])
check("a trap is an exception", "integer overflow" in message(ValueError, odd.select, [1e300]))
check("and the filter goes on", odd.select([7]) == [7])
check("no module", "malformed" in message(ValueError, filters.Filter, b"text"))
check("no such export", '"keep"' in message(ValueError, filters.Filter, b"\0asm\1\0\0\0"))
check("an export of another type", "one f64" in message(ValueError, filters.Filter, OTHER_TYPE))
check("no bytes", message(TypeError, filters.Filter, "text") != "no exception")
check("no number", message(TypeError, odd.select, ["one"]) != "no exception")
check("nothing to iterate over", message(TypeError, odd.select, 1) != "no exception")

# Both copies, nested: a guest of the package calls Python, which uses a filter that traps.
engine = wrl.Engine()
text = '(module (import "h" "f" (func $f (result i32))) (func (export "run") (result i32) call $f))'


def run(function):
    store = wrl.Store(engine)
    host = wrl.Func(store, wrl.FuncType([], [wrl.i32]), function)
    return wrl.Instance(store, wrl.Module(engine, text), {"h": {"f": host}}).exports.run()


check("a filter inside a guest of the package", run(lambda: len(odd.select([1, 2, 3]))) == 2)
check("a trap of a filter inside a guest of the package",
      run(lambda: "integer overflow" in message(ValueError, odd.select, [1e300])) == 1)
check("an exception of a filter through a guest of the package",
      "integer overflow" in message(ValueError, run, lambda: odd.select([1e300])))
for _ in range(1000):
    filters.Filter(POSITIVE).select([1.0])
gc.collect()
check("a thousand filters", odd.select([7]) == [7])
print(f"{passed} passed, {failed} failed")
int(failed > 0)
