/*
 * The side with hand-written code: the possible transitions between C, JS and wasm, made for just these functions and
 * without any checks. All JS state is in Module.benchJs.
 */
#include "js.h"

#include "bench.h"
#include "guests.h"

#include <emscripten.h>
#include <stdlib.h>

typedef int (*add_t)(int, int);
typedef int (*loop_t)(int);
typedef int (*guarded_t)(wrl_raw_t *slots);

/* C function pointers to functions of JS and of the guest. */
typedef struct native {
    guarded_t adapter; /* An adapter in a JS closure that catches traps. */
    guarded_t closure; /* A JS closure that loads, calls and stores, and catches traps. */
    add_t exact;       /* The guest's own function. */
    loop_t host_adapter;
    loop_t host_closure;
    loop_t host_exact;
    loop_t convert;
    loop_t call_indirect;
    uint8_t *buffer;
} native_t;

static wrl_raw_t slots[16];

/* The C function that the adapter of a host function calls. */
static int add_one_raw(void *env, wrl_raw_t *at)
{
    (void)env;
    at[0].i32 += 1;
    return 0;
}

static int add_one(int value)
{
    return value + 1;
}

/* clang-format off */
/* NOLINTBEGIN */

EM_JS(uint8_t *, bench_js_read_file, (const char *path, size_t *size, void *allocate), {
    const name = UTF8ToString(path);
    let bytes;
    if (typeof process == "object" && process.versions && process.versions.node) {
        try { bytes = require("fs").readFileSync(name); } catch (e) { return 0; }
    } else {
        /* Works only in a worker: the main thread of a page does not allow this response type. */
        const request = new XMLHttpRequest();
        request.open("GET", name, false);
        request.responseType = "arraybuffer";
        request.send();
        if (request.status != 200) { return 0; }
        bytes = new Uint8Array(request.response);
    }
    const data = wasmTable.get(allocate)(bytes.length);
    if (data) { HEAPU8.set(bytes, data); }
    HEAPU32[size >> 2] = bytes.length;
    return data;
});

EM_JS(void, bench_js_open, (native_t *self, wrl_raw_t *at, void *raw, void *exact), {
    const B = Module["benchJs"] = {};
    B.at = at;
    B.self = self >> 2;
    B.raw = wasmTable.get(raw);
    B.exact = wasmTable.get(exact);
});

EM_JS(void, bench_js_module, (const char *name, const uint8_t *data, size_t size), {
    Module["benchJs"][UTF8ToString(name)] = new WebAssembly.Module(HEAPU8.slice(data, data + size));
});

EM_JS(void, bench_js_large, (const uint8_t *data, size_t size), {
    const B = Module["benchJs"];
    B.large = HEAPU8.slice(data, data + size);
    B.serial = 0;
});

EM_JS(void, bench_js_connect, (void), {
    const B = Module["benchJs"];
    const at = B.at;
    const raw = B.raw;
    const place = (member, func) => {
        const i = wasmTable.grow(1);
        wasmTable.set(i, func);
        HEAPU32[B.self + member] = i;
    };
    const make = (module, env) => new WebAssembly.Instance(module, { "e": env }).exports["f"];
    const host = make(B.host, {
        "m": wasmMemory, "p": new WebAssembly.Global({ value: "i32", mutable: true }, at), "h": 0, "f": raw
    });
    const closure = (value) => {
        HEAP32[at >> 2] = value;
        if (raw(0, at)) { throw new Error("the host function failed"); }
        return HEAP32[at >> 2];
    };
    const guest = (func) => new WebAssembly.Instance(B.guest, { "host": { "checked": func, "raw": func } }).exports;
    const exports = guest(host);
    const add = exports["add"];
    const adapter = make(B.call, { "m": wasmMemory, "f": add });
    let caught = null;
    place(0, make(B.typed, { "f": (slots) => {
        try {
            adapter(slots);
            return 0;
        } catch (e) {
            caught = e;
            return 1;
        }
    } }));
    place(1, make(B.typed, { "f": (slots) => {
        try {
            HEAP32[slots >> 2] = add(HEAP32[slots >> 2], HEAP32[(slots >> 2) + 4]);
            return 0;
        } catch (e) {
            caught = e;
            return 1;
        }
    } }));
    place(2, add);
    place(3, exports["call_raw"]);
    place(4, guest(closure)["call_raw"]);
    place(5, guest(B.exact)["call_raw"]);
    place(6, exports["convert"]);
    place(7, exports["call_indirect"]);
    B.memory = new Uint8Array(exports["memory"].buffer);
    B.object = { "host": { "checked": host, "raw": host } };
});

EM_JS(void, bench_js_close, (native_t *self), {
    for (let member = 0; member < 8; member++) { wasmTable.set(HEAPU32[(self >> 2) + member], null); }
    Module["benchJs"] = null;
});

EM_JS(void, bench_js_read, (uint32_t offset, void *buffer, size_t size), {
    HEAPU8.set(Module["benchJs"].memory.subarray(offset, offset + size), buffer);
});

EM_JS(void, bench_js_write, (uint32_t offset, const void *buffer, size_t size), {
    Module["benchJs"].memory.set(HEAPU8.subarray(buffer, buffer + size), offset);
});

EM_JS(void, bench_js_instantiate, (const char *name, double count), {
    const B = Module["benchJs"];
    const module = B[UTF8ToString(name)];
    for (let i = 0; i < count; i++) { B.last = new WebAssembly.Instance(module, B.object); }
});

EM_JS(void, bench_js_compile, (double count, int serial_at), {
    const B = Module["benchJs"];
    const serial = new DataView(B.large.buffer, serial_at);
    for (let i = 0; i < count; i++) {
        /* Differs from the bytes that the layer compiles, whose serial numbers are small. */
        serial.setUint32(0, 0xffffffff - B.serial++, true);
        B.last = new WebAssembly.Module(B.large);
    }
});

/* Replaces the backend's reference to WebAssembly.Module. */
EM_JS(void, bench_js_stand_in, (int skip), {
    const B = Module["benchJs"];
    const A = Module.wrlJs.A;
    const Real = WebAssembly.Module;
    B.done = B.done || new Real(B.large);
    A["Module"] = skip ? function (bytes) { return bytes.length < 1000000 ? new Real(bytes) : B.done; } : Real;
});

/* NOLINTEND */
/* clang-format stays off, because it misparses the code that follows so much JS. */

static void *allocate(size_t size)
{
    return malloc(size + 16); /* add_serial() in main.c needs the additional space. */
}

wrl_bytes_t bench_js_load(const char *path)
{
    wrl_bytes_t bytes = {NULL, 0};
    bytes.data = bench_js_read_file(path, &bytes.size, (void *)(uintptr_t)allocate);
    return bytes;
}

void bench_js_skip_compiling(bool skip)
{
    bench_js_stand_in(skip);
}

static void *open(const bench_guests_t *guests, const char *backend)
{
    (void)backend;
    native_t *self = bench_alloc("js", sizeof *self);
    self->buffer = bench_alloc("js", BENCH_COPY_MOST);
    bench_js_open(self, slots, (void *)(uintptr_t)add_one_raw, (void *)(uintptr_t)add_one);
    bench_js_module("guest", guests->guest, guests->guest_size);
    bench_js_module("empty", guests->empty, guests->empty_size);
    bench_js_module("imports", guests->imports, guests->imports_size);
    bench_js_module("call", guest_call.bytes, guest_call.size);
    bench_js_module("host", guest_host.bytes, guest_host.size);
    bench_js_module("typed", guest_typed.bytes, guest_typed.size);
    if (guests->large) {
        bench_js_large(guests->large, guests->large_size);
    }
    bench_js_connect();
    return self;
}

static void close(void *opened)
{
    native_t *self = opened;
    bench_js_close(self);
    free(self->buffer);
    free(self);
}

static void call_slots(guarded_t func, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        wrl_raw_t at[2];
        at[0].i32 = sum;
        at[1].i32 = 1;
        if (func(at)) {
            bench_fail("js", "a trap");
        }
        sum = at[0].i32;
    }
    bench_check_sum("js", sum, count);
}

static void call_exact(add_t func, uint64_t count)
{
    int32_t sum = 0;
    for (uint64_t i = 0; i < count; i++) {
        sum = func(sum, 1);
    }
    bench_check_sum("js", sum, count);
}

static void read_many(native_t *self, uint64_t count, size_t size)
{
    for (uint64_t i = 0; i < count; i++) {
        bench_js_read(64, self->buffer, size);
    }
}

static void write_many(native_t *self, uint64_t count, size_t size)
{
    for (uint64_t i = 0; i < count; i++) {
        bench_js_write(64, self->buffer, size);
    }
}

/* Performs the operations that copy to or from the guest's memory. */
static void copy_many(native_t *self, bench_op_t op, uint64_t count)
{
    bool write;
    size_t size = bench_copied("js", op, &write);
    if (write) {
        write_many(self, count, size);
    } else {
        read_many(self, count, size);
    }
}

static void run(void *opened, bench_op_t op, uint64_t count)
{
    native_t *self = opened;
    switch (op) {
    case BENCH_CALL_RAW:
        call_slots(self->adapter, count);
        break;
    case BENCH_CALL_CLOSURE:
        call_slots(self->closure, count);
        break;
    case BENCH_CALL_EXACT:
        call_exact(self->exact, count);
        break;
    case BENCH_HOST_CALL_RAW:
        bench_check_sum("js", self->host_adapter((int)count), count);
        break;
    case BENCH_HOST_CALL_CLOSURE:
        bench_check_sum("js", self->host_closure((int)count), count);
        break;
    case BENCH_HOST_CALL_EXACT:
        bench_check_sum("js", self->host_exact((int)count), count);
        break;
    case BENCH_GUEST_CONVERT:
        bench_check_sum("js", self->convert((int)count), count);
        break;
    case BENCH_GUEST_CALL:
        bench_check_sum("js", self->call_indirect((int)count), count);
        break;
    case BENCH_INSTANTIATE:
        bench_js_instantiate("empty", (double)count);
        break;
    case BENCH_INSTANTIATE_IMPORTS:
        bench_js_instantiate("imports", (double)count);
        break;
    case BENCH_COMPILE:
        bench_js_compile((double)count, BENCH_SERIAL_AT);
        break;
    default:
        copy_many(self, op, count);
    }
}

const bench_side_t bench_js = {
    .open = open,
    .close = close,
    .run = run,
    .labels =
        {
            [BENCH_CALL_RAW] = "adapter in a JS closure that catches",
            [BENCH_CALL_CLOSURE] = "JS closure",
            [BENCH_CALL_EXACT] = "pointer to the guest's function",
            [BENCH_HOST_CALL_RAW] = "adapter that calls C",
            [BENCH_HOST_CALL_CLOSURE] = "JS closure that calls C",
            [BENCH_HOST_CALL_EXACT] = "the function of C as import",
            [BENCH_MEMORY_READ8] = "Uint8Array.set",
            [BENCH_MEMORY_WRITE8] = "Uint8Array.set",
            [BENCH_MEMORY_READ64] = "Uint8Array.set",
            [BENCH_MEMORY_WRITE64] = "Uint8Array.set",
            [BENCH_MEMORY_READ1M] = "Uint8Array.set",
            [BENCH_MEMORY_WRITE1M] = "Uint8Array.set",
            [BENCH_INSTANTIATE] = "new WebAssembly.Instance",
            [BENCH_INSTANTIATE_IMPORTS] = "new WebAssembly.Instance",
            [BENCH_COMPILE] = "new WebAssembly.Module",
            [BENCH_GUEST_CONVERT] = "the guest as it is",
            [BENCH_GUEST_CALL] = "the guest as it is",
        },
};
