/*
 * The benchmark: what an operation costs through the layer and through the engine's own interface, in one process, in
 * rounds that alternate. This header is what the sides share.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What is measured. A side does the operation in the way that BENCH_LABELS tells for it, or not at all. */
typedef enum bench_op {
    BENCH_CALL,          /* Host calls guest: add(i32, i32) -> i32, every value checked. */
    BENCH_CALL_RAW,      /* The same by the quickest way there is. */
    BENCH_HOST_CALL,     /* Guest calls host: a loop in the guest calls (i32) -> i32, every value checked. */
    BENCH_HOST_CALL_RAW, /* The same by the quickest way there is. */
    BENCH_MEMORY_READ8,  /* Reads 8 bytes. */
    BENCH_MEMORY_RW8,    /* Reads 8 bytes and writes them. */
    BENCH_GLOBAL,        /* Gets an i64 and sets it. */
    BENCH_TABLE_GET,     /* Gets a function reference. */
    BENCH_EXPORT_LOOKUP, /* Finds an exported function by its name. */
    BENCH_INSTANTIATE,   /* Makes an instance of the guest; there is a new store for every BENCH_STORE_INSTANCES. */
    BENCH_COMPILE,       /* Compiles a large module, and drops it. */
    BENCH_CREATE_STORE,  /* Makes a store and deletes it. */
    BENCH_CPP_CALL,      /* The layer in C++: host calls guest through wrl::TypedFunc. */
    BENCH_CPP_HOST_CALL, /* The same: guest calls a host function made of a lambda. */
    BENCH_MEMORY_WRITE8, /* Writes 8 bytes. */
    BENCH_MEMORY_READ64, /* Reads 64 bytes, */
    BENCH_MEMORY_WRITE64,
    BENCH_MEMORY_READ1M, /* and 1 MiB. */
    BENCH_MEMORY_WRITE1M,
    BENCH_INSTANTIATE_IMPORTS, /* As BENCH_INSTANTIATE, of a module that imports two functions, and has no memory. */
    BENCH_INSTANTIATE_STORE,   /* The same with a new store for each. */
    BENCH_COMPILE_REST,      /* As BENCH_COMPILE, but the engine has compiled the module already: what else is done. */
    BENCH_CALL_EXACT,        /* By hand, see js/js.c: the guest's function as a pointer of C, */
    BENCH_CALL_CLOSURE,      /* and in a closure of JS. */
    BENCH_HOST_CALL_EXACT,   /* The function of C as the guest's import, */
    BENCH_HOST_CALL_CLOSURE, /* and in a closure of JS. */
    BENCH_GUEST_CONVERT,     /* A loop in the guest: a float becomes an integer, */
    BENCH_GUEST_CALL,        /* or a function of a table is called. */
    BENCH_OP_COUNT
} bench_op_t;

#define BENCH_STORE_INSTANCES 64

/* The guests. A side keeps the pointers as long as it is open. */
typedef struct bench_guests {
    const uint8_t *guest;
    size_t guest_size;
    const uint8_t *empty; /* What is instantiated: a memory, a table, a global, functions; no imports. */
    size_t empty_size;
    const uint8_t *large; /* What is compiled; NULL if there is none. */
    size_t large_size;
    uint8_t *serial;        /* In the large one: bytes of no meaning, or NULL. */
    const uint8_t *imports; /* What is instantiated with imports. */
    size_t imports_size;
} bench_guests_t;

/* V8 looks modules up by all that comes before their code. */
enum { BENCH_SERIAL_AT = 12, BENCH_SERIAL_SIZE = 4 };

/* Changes the large module, where engines remember what they compiled (V8 does). */
static inline void bench_renew(const bench_guests_t *guests)
{
    for (int i = 0; guests->serial && i < BENCH_SERIAL_SIZE && ++guests->serial[i] == 0; i++) {
    }
}

enum { BENCH_COPY_MOST = 1 << 20 };

/* How many bytes an operation copies at once, and in which direction; 0 if it is none that copies. */
static inline size_t bench_copied(bench_op_t op, bool *write)
{
    *write = op == BENCH_MEMORY_WRITE8 || op == BENCH_MEMORY_WRITE64 || op == BENCH_MEMORY_WRITE1M;
    switch (op) {
    case BENCH_MEMORY_READ8:
    case BENCH_MEMORY_WRITE8:
        return 8;
    case BENCH_MEMORY_READ64:
    case BENCH_MEMORY_WRITE64:
        return 64;
    case BENCH_MEMORY_READ1M:
    case BENCH_MEMORY_WRITE1M:
        return BENCH_COPY_MOST;
    default:
        return 0;
    }
}

/* One way to do the operations. */
typedef struct bench_side {
    /* Gets ready. NULL, after a message on stderr, if that fails. */
    void *(*open)(const bench_guests_t *guests, const char *backend);
    void (*close)(void *self);
    /* Does the operation `count` times. Ends the program, with a message, if it fails. */
    void (*run)(void *self, bench_op_t op, uint64_t count);
    /* By which means the operation is done, for people; NULL where the side does not do it. */
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

/* What it came to: medians of all rounds (on JS hosts the best), in nanoseconds for one operation. */
typedef struct bench_result {
    double native_ns;
    double layer_ns;
    double ratio;
} bench_result_t;

/* Measures a row; `native` and `layer` are the opened sides. `seconds` is how long it may take, about. */
bench_result_t bench_measure(const bench_row_t *row, void *native, void *layer, double seconds);

/* The part of the layer's side that is written in C++, in the layer's store. */
struct wrl_store;
typedef struct bench_cpp bench_cpp_t;
bench_cpp_t *bench_cpp_open(struct wrl_store *store, const bench_guests_t *guests);
void bench_cpp_close(bench_cpp_t *self);
void bench_cpp_call(const bench_cpp_t *self, uint64_t count);
void bench_cpp_host_call(const bench_cpp_t *self, uint64_t count);

/* Ends the program: something that cannot fail failed. */
void bench_fail(const char *what, const char *why);

/* Does so if operations that each add 1 have come to another sum than their count. */
void bench_check_sum(const char *what, int32_t sum, uint64_t count);

#ifdef __cplusplus
}
#endif

#endif
