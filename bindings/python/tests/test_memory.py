"""Memories: copies, slices, buffers, growth."""

import gc

import pytest

import wasm_runtime_layer as wrl
from wasm_runtime_layer import Limits, Memory, MemoryType

PAGE = 65536


@pytest.fixture
def memory(store):
    memory = Memory(store, MemoryType(Limits(1, 4)))
    memory.write(bytes(range(256)))
    return memory


@pytest.fixture
def has_data(engine):
    return engine.supports("memory-data")


def test_sizes(memory):
    assert memory.size == 1
    assert memory.data_len == len(memory) == PAGE
    assert memory.type == MemoryType(Limits(1, 4)) and memory.type.page_size == PAGE
    assert memory.grow(2) == 1
    assert memory.size == 3 and len(memory) == 3 * PAGE
    assert memory.grow(0) == 3
    with pytest.raises(wrl.Error) as caught:
        memory.grow(2)
    assert caught.value.kind == wrl.ErrorKind.RESOURCE_LIMIT
    assert memory.size == 3


def test_bad_growth(memory):
    for bad in ("1", 1.0, None):
        with pytest.raises(TypeError):
            memory.grow(bad)
    for bad in (-1, 2**64):
        with pytest.raises(OverflowError):
            memory.grow(bad)
    with pytest.raises(wrl.Error):
        memory.grow(2**64 - 1)


def test_read(memory):
    assert memory.read(1, 4) == b"\1\2\3"
    assert memory.read(start=PAGE - 1) == b"\0"
    assert len(memory.read()) == PAGE
    assert memory.read(PAGE) == memory.read(PAGE, PAGE) == memory.read(3, 3) == b""
    assert type(memory.read(0, 1)) is bytes
    for bad in ((PAGE + 1,), (0, PAGE + 1), (2, 1), (2**64 - 1, 2**64 - 1), (PAGE - 1, PAGE + 1)):
        with pytest.raises(IndexError, match="65536"):
            memory.read(*bad)
    for bad in ((-1,), (0, -1), (0, 2**64), (2**64,)):
        with pytest.raises(OverflowError):
            memory.read(*bad)
    for bad in (("0",), (0, "1"), (1.0,), (None,)):
        with pytest.raises(TypeError):
            memory.read(*bad)


def test_read_c_string(memory):
    memory.write(b"one\0two\0", 300)
    memory.write(b"x" * 1000 + b"\0", 1000)
    assert memory.read_c_string(300) == b"one" and memory.read_c_string(start=304, max_size=3) == b"two"
    assert memory.read_c_string(303) == memory.read_c_string(303, 0) == memory.read_c_string(303, None) == b""
    assert memory.read_c_string(1000) == memory.read_c_string(1000, 1000) == b"x" * 1000
    assert memory.read_c_string(1000, 2**64 - 1) == b"x" * 1000 and type(memory.read_c_string(300)) is bytes
    for bad in ((300, 2), (1000, 999), (1000, 0), (1000, 256)):
        with pytest.raises(ValueError, match="no NUL"):
            memory.read_c_string(*bad)
    memory.write(b"abc", PAGE - 3)
    for bad in ((PAGE - 3,), (PAGE - 1, 1), (PAGE - 3, 2**64 - 1)):
        with pytest.raises(ValueError, match="no NUL"):
            memory.read_c_string(*bad)
    for bad in (PAGE, PAGE + 1, 2**64 - 1):
        with pytest.raises(IndexError, match="65536"):
            memory.read_c_string(bad)
    for bad in ((-1,), (0, -1), (0, 2**64)):
        with pytest.raises(OverflowError):
            memory.read_c_string(*bad)
    for bad in ((), ("0",), (0, "1"), (None,), (0, 1, 2)):
        with pytest.raises(TypeError):
            memory.read_c_string(*bad)


def test_arguments_by_name(memory):
    memory[0:6] = b"abcdef"
    assert memory.read(stop=2) == memory.read(0, stop=2) == memory.read(stop=2, start=0) == b"ab"
    assert memory.read(PAGE - 1, None) == memory.read(start=PAGE - 1, stop=None) == b"\0"
    assert memory.write(start=1, value=b"xy") == memory.write(value=b"xy", start=3) == 2
    assert memory.write(value=b"z") == 1 and memory[0:6] == b"zxyxyf"
    for use, words in (
        (lambda: memory.read(0, 1, 2), "at most 2 arguments, but 3"),
        (lambda: memory.read(0, start=1), "'start' twice"),
        (lambda: memory.read(0, 1, stop=1), "'stop' twice"),
        (lambda: memory.read(size=1), "no parameter 'size'"),
        (lambda: memory.write(), "needs a value"),
        (lambda: memory.write(start=0), "needs a value"),
        (lambda: memory.write(b"", 0, 0), "at most 2 arguments, but 3"),
        (lambda: memory.write(b"", value=b""), "'value' twice"),
        (lambda: memory.write(b"", offset=1), "no parameter 'offset'"),
    ):
        with pytest.raises(TypeError, match=words):
            use()


def test_write(memory):
    assert memory.write(b"abc", 10) == 3
    assert memory.write(bytearray(b"d"), start=13) == 1
    assert memory.write(memoryview(b"xefx")[1:3], 14) == 2
    assert memory.read(10, 16) == b"abcdef"
    assert memory.write(b"", PAGE) == 0
    assert memory.write(b"z", PAGE - 1) == 1
    before = memory.read()
    for bad in ((b"ab", PAGE - 1), (b"a", PAGE), (b"", PAGE + 1), (b"a", 2**64 - 1)):
        with pytest.raises(IndexError):
            memory.write(*bad)
    for bad in (("text", 0), (1, 0), (None, 0), ([1, 2], 0), (b"a", "0"), (b"a", 1.0)):
        with pytest.raises(TypeError):
            memory.write(*bad)
    with pytest.raises(OverflowError):
        memory.write(b"a", -1)
    with pytest.raises(BufferError):
        memory.write(memoryview(b"abcd")[::2])
    assert memory.read() == before


@pytest.mark.parametrize("key", [
    slice(0, 10), slice(None, 4), slice(PAGE - 4, None), slice(-4, None), slice(-4, -2), slice(5, 2), slice(PAGE, None),
    slice(3, 3), slice(0, 10**30), slice(-(10**30), 3), slice(0, 20, 3), slice(20, 0, -1), slice(20, None, -7),
    slice(None, None, PAGE - 1), slice(None, None, -(PAGE - 1)), slice(5, 5, 2), slice(2**64, None),
])
def test_slices_are_those_of_bytes(memory, key):
    assert memory[key] == memory.read()[key]


@pytest.mark.parametrize("index", [0, 1, 255, PAGE - 1, -1, -PAGE])
def test_indices_are_those_of_bytes(memory, index):
    assert memory[index] == memory.read()[index]
    memory[index] = 77
    assert memory[index] == memory.read()[index] == 77


def test_bad_keys(memory):
    for bad in (PAGE, -PAGE - 1, 2**64, -(2**64)):
        with pytest.raises(IndexError):
            memory[bad]
        with pytest.raises(IndexError):
            memory[bad] = 1
    for bad in ("0", 1.0, None, (1, 2), slice("a", None), slice(0, 1.5)):
        with pytest.raises(TypeError):
            memory[bad]
        with pytest.raises(TypeError):
            memory[bad] = b""
    with pytest.raises(ValueError):
        memory[::0]
    for bad in (256, -1, 2**70):
        with pytest.raises(ValueError, match="range"):
            memory[0] = bad
    for bad in ("a", b"a", 1.0, None):
        with pytest.raises(TypeError):
            memory[0] = bad
    with pytest.raises(TypeError):
        del memory[0]


def test_setting_slices(memory):
    memory[0:3] = b"abc"
    memory[-2:] = bytearray(b"yz")
    memory[5:5] = b""
    memory[10:2] = b""
    assert memory[:4] == b"abc\3" and memory[-2:] == b"yz"
    for key, value in ((slice(0, 3), b"ab"), (slice(0, 3), b"abcd"), (slice(PAGE - 1, None), b"ab"), (slice(0, 4, 2), b"ab")):
        with pytest.raises(ValueError):
            memory[key] = value
    for bad in ("abc", 1, None):
        with pytest.raises(TypeError):
            memory[0:3] = bad
    assert memory[:4] == b"abc\3"


def test_buffers(memory, has_data):
    if not has_data:
        with pytest.raises(BufferError, match="memory-data"):
            memoryview(memory)
        return
    with memoryview(memory) as view:
        assert len(view) == PAGE and view.format == "B" and not view.readonly
        assert bytes(view[1:4]) == b"\1\2\3"
        view[0:3] = b"abc"
        assert memory[0:4] == b"abc\3"
        memory[1] = 66
        assert view[1] == 66
    assert bytes(memory)[:3] == b"aBc"


def test_copies_within_a_memory(memory, has_data):
    if not has_data:
        pytest.skip("needs memory-data")
    with memoryview(memory) as view:
        assert memory.write(view[0:100], 50) == 100
        memory[0:4] = view[50:54]
    assert memory[50:150] == bytes(range(100)) and memory[0:4] == bytes(range(4))
    before = memory.read()
    assert memory.write(memory) == PAGE
    memory[:] = memory
    assert memory.read() == before


def test_a_memory_that_may_grow_holds_still_while_exported(load, has_data):
    exports = load("""(module (memory (export "memory") 1) (memory (export "other") 1)
        (func (export "grow") (result i32) i32.const 1 memory.grow))""".replace(
        '(memory (export "other") 1)', "")).exports
    if not has_data:
        pytest.skip("needs memory-data")
    memory = exports.memory
    view = memoryview(memory)
    with pytest.raises(BufferError, match="exported"):
        memory.grow(1)
    with pytest.raises(BufferError, match="exported"):
        exports.grow()
    with pytest.raises(BufferError, match="exported"):
        memory.store.close()
    second = view[10:]
    view.release()
    with pytest.raises(BufferError):
        exports.grow()
    second.release()
    assert exports.grow() == 1
    assert memory.grow(1) == 2
    assert memory.size == 3


def test_a_memory_of_fixed_size_may_be_exported_during_calls(load, has_data):
    exports = load("""(module (memory (export "memory") 1 1)
        (func (export "store") (param i32 i32) local.get 0 local.get 1 i32.store8)
        (func (export "grow") (result i32) i32.const 1 memory.grow))""").exports
    if not has_data:
        pytest.skip("needs memory-data")
    with memoryview(exports.memory) as view:
        exports.store(5, 99)
        assert view[5] == 99
        assert exports.grow() == -1
        with pytest.raises(BufferError):
            exports.memory.grow(0)
    assert exports.memory.grow(0) == 1


def test_one_memory_is_exported_and_another_grows(store, has_data):
    if not has_data:
        pytest.skip("needs memory-data")
    one, two = (Memory(store, MemoryType(Limits(1, 3))) for _ in range(2))
    with memoryview(one):
        assert two.grow(1) == 1
        with pytest.raises(BufferError):
            one.grow(1)
    assert one.grow(1) == 1


def test_a_host_function_that_leaves_a_buffer_exported(load, has_data):
    if not has_data:
        pytest.skip("needs memory-data")
    kept = []

    def f(caller: wrl.Caller):
        kept.append(memoryview(caller["memory"]))

    run = load("""(module (import "h" "f" (func $f)) (memory (export "memory") 1)
        (func (export "run") call $f))""", {"h": {"f": f}}).exports.run
    with pytest.raises(BufferError, match="returned while"):
        run()
    kept.pop().release()
    with pytest.raises(BufferError, match="returned while"):
        run()
    kept.clear()


def test_a_buffer_outlives_all_names(engine, has_data):
    if not has_data:
        pytest.skip("needs memory-data")
    store = wrl.Store(engine)
    memory = Memory(store, MemoryType(Limits(1)))
    memory[0:3] = b"abc"
    view = memoryview(memory)
    del memory, store
    gc.collect()
    assert bytes(view[0:3]) == b"abc"


def test_empty_memories(store, has_data):
    memory = Memory(store, MemoryType(Limits(0, 1)))
    assert len(memory) == 0 and memory[:] == memory.read() == b"" and memory.write(b"") == 0
    with pytest.raises(IndexError):
        memory[0]
    if has_data:
        with memoryview(memory) as view:
            assert len(view) == 0
    assert memory.grow(1) == 0
    assert memory[0] == 0


def test_bad_types(store):
    for bad in (None, 1, Limits(1), "memory"):
        with pytest.raises(TypeError):
            Memory(store, bad)
    with pytest.raises(TypeError):
        Memory(None, MemoryType(Limits(1)))
    with pytest.raises(TypeError):
        MemoryType(1)
    with pytest.raises(wrl.Error):
        Memory(store, MemoryType(Limits(2, 1)))
    with pytest.raises(wrl.Error):
        Memory(store, MemoryType(Limits(2**40)))


def test_a_key_that_closes_the_store(engine):
    class Closes:
        def __index__(self):
            store.close()
            return 0

    for use in (lambda memory: memory[Closes()], lambda memory: memory[Closes():3], lambda memory: memory.read(Closes()),
                lambda memory: memory.read_c_string(Closes()), lambda memory: memory.read_c_string(0, Closes()),
                lambda memory: memory.write(b"a", Closes()), lambda memory: memory.grow(Closes()),
                lambda memory: memory.__setitem__(Closes(), 1), lambda memory: memory.__setitem__(0, Closes()),
                lambda memory: memory.__setitem__(slice(Closes(), 1), b"a")):
        store = wrl.Store(engine)
        with pytest.raises(ValueError, match="closed"):
            use(Memory(store, MemoryType(Limits(1))))
