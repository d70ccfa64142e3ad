"""Globals, tables, tags, and externrefs."""

import gc
import sys
import weakref

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import (Func, FuncType, Global, GlobalType, Limits, Store, Table, TableType, externref, f64,
                                funcref, i32, i64)


class Thing:
    pass


def test_globals(store, load):
    counter = Global(store, GlobalType(i64, True), 41)
    bump = load("""(module (import "h" "g" (global $g (mut i64)))
        (func (export "bump") global.get $g i64.const 1 i64.add global.set $g))""", {"h": {"g": counter}}).exports.bump
    bump()
    assert counter.value == 42
    counter.value = 2**64 - 1
    assert counter.value == -1
    bump()
    assert counter.value == 0
    assert counter.type == GlobalType(i64, True)
    with pytest.raises(TypeError):
        counter.value = 1.5
    with pytest.raises(OverflowError):
        counter.value = 2**64
    with pytest.raises(TypeError):
        del counter.value
    assert counter.value == 0


def test_immutable_globals(store):
    constant = Global(store, GlobalType(f64), 1.5)
    assert constant.value == 1.5
    with pytest.raises(AttributeError, match="immutable"):
        constant.value = 2
    for bad in (("x",), (None,)):
        with pytest.raises(TypeError):
            Global(store, GlobalType(i32), *bad)
    with pytest.raises(TypeError):
        Global(store, i32, 1)


def test_globals_with_references(store):
    thing = Thing()
    holder = Global(store, GlobalType(externref, True), None)
    assert holder.value is None
    holder.value = thing
    assert holder.value is thing
    holder.value = holder
    assert holder.value is holder


def test_tables(store, load):
    table = Table(store, TableType(funcref, Limits(2, 5)))
    assert len(table) == table.size == 2 and table[0] is None and table.get(1) is None
    assert table.type == TableType(funcref, Limits(2, 5))
    double = Func(store, FuncType([i32], [i32]), lambda x: x * 2)
    table[0] = double
    assert table[0] == double and table[0](4) == 8
    call = load("""(module (import "h" "t" (table 2 funcref)) (type $f (func (param i32) (result i32)))
        (func (export "call") (param i32 i32) (result i32) local.get 1 local.get 0 call_indirect (type $f)))""",
                {"h": {"t": table}}).exports.call
    assert call(0, 21) == 42
    with pytest.raises(wrl.Trap) as caught:
        call(1, 1)
    assert caught.value.code in (wrl.TrapCode.INDIRECT_CALL_TO_NULL, wrl.TrapCode.BAD_SIGNATURE)
    table.set(1, double)
    assert call(1, 1) == 2
    assert table.grow(2) == 2 and table.grow(1, double) == 4
    assert [element == double for element in table] == [True, True, False, False, True]
    with pytest.raises(wrl.Error) as caught:
        table.grow(1)
    assert caught.value.kind == wrl.ErrorKind.RESOURCE_LIMIT
    for bad in (5, -1, 2**64, -(2**64)):
        with pytest.raises(IndexError):
            table[bad]
        with pytest.raises(IndexError):
            table[bad] = None
    for bad in ("0", 1.0, None, slice(0, 1)):
        with pytest.raises(TypeError):
            table[bad]
    for bad in (1, "x", lambda: None):
        with pytest.raises(TypeError):
            table[0] = bad
    with pytest.raises(TypeError):
        del table[0]


def test_tables_of_objects(store):
    thing = Thing()
    table = Table(store, TableType(externref, Limits(3)), thing)
    assert [element is thing for element in table] == [True] * 3
    table[1] = None
    assert table[1] is None
    with pytest.raises(wrl.Error, match="not a reference type"):
        Table(store, TableType(i32, Limits(1)), 1)
    for bad in (None, 1, Limits(1)):
        with pytest.raises(TypeError):
            Table(store, bad)


def test_filling_tables(store):
    first, second = Thing(), Thing()
    table = Table(store, TableType(externref, Limits(5)))
    table.fill(first)
    assert list(table) == [first] * 5
    table.fill(second, 3)
    table.fill(None, start=1, stop=2)
    table.fill(second, 2, 2)
    table.fill(second, 5)
    assert list(table) == [first, None, first, second, second]
    for bad in ((0, 6), (6,), (3, 2), (5, 6), (2**64 - 1, 2**64 - 1)):
        with pytest.raises(IndexError, match="the table has 5"):
            table.fill(None, *bad)
    for bad in ((-1,), (0, -1), (0, 2**64), (2**64,)):
        with pytest.raises(OverflowError):
            table.fill(None, *bad)
    for bad in ((), (None, "0"), (None, 0, 1.0), (None, 0, 1, 2)):
        with pytest.raises(TypeError):
            table.fill(*bad)
    with pytest.raises(TypeError):
        Table(store, TableType(funcref, Limits(1))).fill(1)
    assert list(table) == [first, None, first, second, second]


def test_copying_tables(engine, store):
    things = [Thing() for _ in range(4)]
    source = Table(store, TableType(externref, Limits(4)))
    for index, thing in enumerate(things):
        source[index] = thing
    table = Table(store, TableType(externref, Limits(6)))
    table.copy_from(source)
    assert list(table) == [*things, None, None]
    table.copy_from(source, 4, 2)
    table.copy_from(source, start=0, source_start=3, source_stop=4)
    table.copy_from(source, 6, 4)
    assert list(table) == [things[3], *things[1:], *things[2:]]
    # Inside one table, forwards and backwards.
    source.copy_from(source, 1, 0, 3)
    assert list(source) == [things[0], *things[:3]]
    source.copy_from(source, 0, 1)
    assert list(source) == [*things[:3], things[2]]
    before = list(table)
    for bad in ((3,), (0, 5), (0, 3, 2), (0, 0, 5), (7, 4), (2**64 - 1, 0, 1)):
        with pytest.raises(IndexError):
            table.copy_from(source, *bad)
    for bad in ((source, "0"), (None,), ([],), (), (source, 0, 0, 1, 2)):
        with pytest.raises(TypeError):
            table.copy_from(*bad)
    with pytest.raises(OverflowError):
        table.copy_from(source, -1)
    with pytest.raises(wrl.Error):
        table.copy_from(Table(store, TableType(funcref, Limits(1))))
    with pytest.raises(wrl.Error):
        table.copy_from(Table(Store(engine), TableType(externref, Limits(1))))
    assert list(table) == before


def test_a_table_whose_arguments_close_the_store(engine):
    class Closes:
        def __index__(self):
            store.close()
            return 0

    for use in (lambda table: table.fill(None, Closes()), lambda table: table.fill(None, 0, Closes()),
                lambda table: table.copy_from(table, Closes()), lambda table: table.copy_from(table, 0, Closes())):
        store = Store(engine)
        with pytest.raises(ValueError, match="closed"):
            use(Table(store, TableType(externref, Limits(1))))


def test_externrefs_keep_identity(load):
    echo = load('(module (func (export "echo") (param externref) (result externref) local.get 0))').exports.echo
    for value in (Thing(), "text", 5, 2**100, (1, 2), [], {}, int, echo, Ellipsis, False, 0, "", 1.5):
        assert echo(value) is value
    assert echo(None) is None


def test_externrefs_count_references(engine, collect):
    store = Store(engine)
    echo = wrl.Instance(store, wrl.Module(
        engine, '(module (func (export "echo") (param externref) (result externref) local.get 0))')).exports.echo
    thing = Thing()
    before = sys.getrefcount(thing)
    for _ in range(1000):
        assert echo(thing) is thing
    assert sys.getrefcount(thing) == before + 1  # One reference, the store's.
    gone = weakref.ref(thing)
    del thing
    collect()
    assert gone() is not None
    store.close()
    assert gone() is None


def test_externrefs_that_only_the_guest_holds(load, collect):
    exports = load("""(module (global $g (mut externref) (ref.null extern))
        (func (export "put") (param externref) local.get 0 global.set $g)
        (func (export "take") (result externref) global.get $g))""").exports
    exports.put([1, 2, 3])
    collect()
    [[] for _ in range(1000)]
    assert exports.take() == [1, 2, 3]


def test_host_functions_with_externrefs(load):
    thing = Thing()
    got = []
    exports = load("""(module (import "h" "f" (func $f (param externref) (result externref)))
        (func (export "run") (param externref) (result externref) local.get 0 call $f))""",
                   {"h": {"f": lambda x: got.append(x) or thing}}).exports
    assert exports.run("in") is thing and got == ["in"]


def test_equality(store, load):
    exports = load('(module (memory (export "a") 1) (memory (export "b") 1))' if store.engine.supports("multi-memory")
                   else '(module (memory $m (export "a") 1) (table (export "b") 1 funcref))').exports
    assert exports.a is exports["a"] and exports.a == exports["a"]
    assert exports.a != exports.b
    other = Global(store, GlobalType(i32), 0)
    assert other != exports.a and other == other and len({other, exports.a, exports.b}) == 3


def test_tags(engine, load):
    wat = '(module (tag (export "t") (param i32)))'
    if not engine.supports("exceptions"):
        # JS engines supported tags before the rest of the proposal.
        if not engine.backend.startswith("js"):
            with pytest.raises(wrl.Error):
                load(wat)
        return
    tag = load(wat).exports.t
    assert isinstance(tag, wrl.Tag) and tag.type == wrl.TagType([i32])
    load('(module (import "h" "t" (tag (param i32))))', {"h": {"t": tag}})
    with pytest.raises(TypeError):
        wrl.Tag()


def test_types_of_references_that_values_cannot_carry(engine, load):
    wat = '(module (func (export "f") (param i31ref) (result i31ref) local.get 0))'
    if not engine.supports("gc"):
        with pytest.raises(wrl.Error):
            load(wat)
        return
    f = load(wat).exports.f
    assert "i31" in str(f.type)
    with pytest.raises(wrl.Error) as caught:
        f(1)
    assert caught.value.kind == wrl.ErrorKind.UNSUPPORTED
    gc.collect()
