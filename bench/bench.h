/*
 * The benchmark: measures the cost of operations through the layer and through the engine's own interface, in one
 * process and in alternating rounds. All sides share this header.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The operations. A side performs an operation by the means that its label describes. A side without a label for an
 * operation does not support it. */
typedef enum bench_op {
    BENCH_CALL,          /* The host calls the guest: add(i32, i32) -> i32, with every value checked. */
    BENCH_CALL_RAW,      /* The same call by the fastest means. */
    BENCH_HOST_CALL,     /* The guest calls the host: a loop in the guest calls (i32) -> i32, every value checked. */
    BENCH_HOST_CALL_RAW, /* The same call by the fastest means. */
    BENCH_MEMORY_READ8,  /* Reads 8 bytes. */
    BENCH_MEMORY_RW8,    /* Reads 8 bytes and writes them. */
    BENCH_GLOBAL,        /* Gets an i64 and sets it. */
    BENCH_TABLE_GET,     /* Gets a function reference. */
    BENCH_EXPORT_LOOKUP, /* Finds an exported function by its name. */
    BENCH_INSTANTIATE,   /* Makes an instance of the guest. There is a new store for every BENCH_STORE_INSTANCES. */
    BENCH_COMPILE,       /* Compiles a large module, and releases it. */
    BENCH_CREATE_STORE,  /* Makes a store and deletes it. */
    BENCH_CPP_CALL,      /* The layer in C++: the host calls the guest through wrl::TypedFunc. */
    BENCH_CPP_HOST_CALL, /* The layer in C++: the guest calls a lambda. */
    BENCH_MEMORY_WRITE8, /* Writes 8 bytes. */
    BENCH_MEMORY_READ64, /* Reads 64 bytes. */
    BENCH_MEMORY_WRITE64,
    BENCH_MEMORY_READ1M, /* Reads 1 MiB. */
    BENCH_MEMORY_WRITE1M,
    BENCH_INSTANTIATE_IMPORTS, /* As BENCH_INSTANTIATE, with a module that imports two functions and has no memory. */
    BENCH_INSTANTIATE_STORE,   /* As BENCH_INSTANTIATE_IMPORTS, with a new store for each instance. */
    BENCH_COMPILE_REST,      /* BENCH_COMPILE without the engine's part: the engine has already compiled the module. */
    BENCH_CALL_EXACT,        /* Hand-written, see js/js.c: C calls the guest's function through a pointer. */
    BENCH_CALL_CLOSURE,      /* Hand-written: C calls the guest's function through a JS closure. */
    BENCH_HOST_CALL_EXACT,   /* Hand-written: the C function itself is the guest's import. */
    BENCH_HOST_CALL_CLOSURE, /* Hand-written: a JS closure that calls the C function is the guest's import. */
    BENCH_GUEST_CONVERT,     /* A loop in the guest that converts a float to an integer. */
    BENCH_GUEST_CALL,        /* A loop in the guest that calls functions of a table. */
    BENCH_OP_COUNT
} bench_op_t;

#define BENCH_STORE_INSTANCES 64

/* The guests. A side borrows the pointers while it is open. */
typedef struct bench_guests {
    const uint8_t *guest;
    size_t guest_size;
    const uint8_t *empty; /* For instantiation: a memory, a table, a global, functions; no imports. */
    size_t empty_size;
    const uint8_t *large; /* For compilation. NULL if there is none. */
    size_t large_size;
    uint8_t *serial;        /* Bytes in the large module that make each copy of it unique, or NULL. */
    const uint8_t *imports; /* For instantiation with imports. */
    size_t imports_size;
} bench_guests_t;

/* The position of the serial bytes. They precede the code because V8's cache of modules compares what precedes the
 * code.
 */
enum { BENCH_SERIAL_AT = 12, BENCH_SERIAL_SIZE = 4 };

/* Changes the large module, so that an engine with a cache of compiled modules (V8) compiles it again. */
static inline void bench_renew(const bench_guests_t *guests)
{
    for (int i = 0; guests->serial && i < BENCH_SERIAL_SIZE && ++guests->serial[i] == 0; i++) {
    }
}

enum { BENCH_COPY_MOST = 1 << 20 };

/* One implementation of the operations. */
typedef struct bench_side {
    /* Prepares the operations. Ends the program, with a message, if this fails. */
    void *(*open)(const bench_guests_t *guests, const char *backend);
    void (*close)(void *self);
    /* Performs the operation `count` times. Ends the program, with a message, if this fails. */
    void (*run)(void *self, bench_op_t op, uint64_t count);
    /* Describes the means of each operation in the output. NULL if the side does not support the operation. */
    const char *labels[BENCH_OP_COUNT];
} bench_side_t;

extern const bench_side_t bench_layer;
extern const bench_side_t bench_wasmtime;
extern const bench_side_t bench_wasmi;
extern const bench_side_t bench_rust_layer;
extern const bench_side_t bench_js;

/* One comparison: the layer against another side. */
typedef struct bench_row {
    const char *name;
    const char *backend;
    const bench_side_t *native;
    bench_op_t layer_op;
    bench_op_t native_op;
} bench_row_t;

/* The result of a row: the median of all rounds (on JS hosts, the best round) in nanoseconds per operation. */
typedef struct bench_result {
    double native_ns;
    double layer_ns;
    double ratio;
} bench_result_t;

/* Measures a row. `native` and `layer` are the open sides. `seconds` is the approximate duration. */
bench_result_t bench_measure(const bench_row_t *row, void *native, void *layer, double seconds);

/* The part of the layer's side that is written in C++. It uses the same store. */
struct wrl_store;
typedef struct bench_cpp bench_cpp_t;
bench_cpp_t *bench_cpp_open(struct wrl_store *store, const bench_guests_t *guests);
void bench_cpp_close(bench_cpp_t *self);
void bench_cpp_call(const bench_cpp_t *self, uint64_t count);
void bench_cpp_host_call(const bench_cpp_t *self, uint64_t count);

/* ---- For the sides. `what` names the side in messages. ---- */

/* Ends the program with a message. */
void bench_fail(const char *what, const char *why);

/* Ends the program if the sum of operations that each add 1 is not their count. */
void bench_check_sum(const char *what, int32_t sum, uint64_t count);

/* Returns memory of zeros for free(). Ends the program if memory runs out. */
void *bench_alloc(const char *what, size_t size);

/* Returns the number of bytes that an operation copies at once, and reports the direction. Ends the program for all
 * other operations. */
size_t bench_copied(const char *what, bench_op_t op, bool *write);

#ifdef __cplusplus
}
#endif

#endif
