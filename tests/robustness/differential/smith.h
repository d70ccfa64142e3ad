/* Random modules, made with the crates of Bytecode Alliance's wasm-tools. smith/ has the Rust side. */
#ifndef WRL_TESTS_SMITH_H
#define WRL_TESTS_SMITH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Proposals that modules may use. All engines support the others. smith/src/features.rs has the same numbers. */
enum {
    SMITH_TAIL_CALL = 1 << 0,
    SMITH_MULTI_MEMORY = 1 << 1,
    SMITH_MEMORY64 = 1 << 2,
    SMITH_CUSTOM_PAGE_SIZES = 1 << 3,
    SMITH_WIDE_ARITHMETIC = 1 << 4,
    SMITH_THREADS = 1 << 5,
    SMITH_EXCEPTIONS = 1 << 6,
    SMITH_GC = 1 << 7,
    SMITH_EXTENDED_CONST = 1 << 8,
    SMITH_RELAXED_SIMD = 1 << 9,
};
/* The proposals that no JS engine supports without an option. */
#define SMITH_NATIVE_ONLY (SMITH_CUSTOM_PAGE_SIZES | SMITH_WIDE_ARITHMETIC)
/* Further proposals that the engine of Node 20 does not support. */
#define SMITH_NEWER_JS (SMITH_EXTENDED_CONST | SMITH_MULTI_MEMORY | SMITH_MEMORY64 | SMITH_EXCEPTIONS | SMITH_GC)

/* The caller owns the bytes and passes them to smith_free(). */
typedef struct smith_bytes {
    uint8_t *data;
    size_t size;
} smith_bytes_t;

/* Makes a valid module, which depends only on the seed and the proposals. The module exports everything. Its functions
 * always end, and never wait for another thread. If the module exports a global "fuel", they trap with `unreachable`
 * when the fuel reaches 0. */
bool smith_module(uint64_t seed, uint32_t proposals, smith_bytes_t *module);

/* Replaces instructions of a valid module, as if an engine computed wrongly. */
bool smith_plant(const uint8_t *data, size_t size, smith_bytes_t *module);

/* Returns whether wasmparser accepts the bytes as a valid module with these proposals. */
bool smith_is_valid(uint32_t proposals, const uint8_t *data, size_t size);

/* Returns wasmparser's error for the bytes with all proposals. Not terminated. */
bool smith_why_invalid(const uint8_t *data, size_t size, smith_bytes_t *text);

/* Returns the imports and exports that wasmparser reads in a valid module, in the format of items.h. Not terminated. */
bool smith_reflect(const uint8_t *data, size_t size, smith_bytes_t *text);

/* Returns the module as text. Not terminated. */
bool smith_print(const uint8_t *data, size_t size, smith_bytes_t *text);

/* Returns the smallest module found that is still interesting. Gives up after `attempts` failed attempts in a row. */
bool smith_shrink(const uint8_t *data, size_t size, uint32_t attempts,
                  bool (*is_interesting)(void *env, const uint8_t *data, size_t size), void *env,
                  smith_bytes_t *module);

void smith_free(smith_bytes_t *bytes);

#endif
