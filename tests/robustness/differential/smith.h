/* Random modules, by the crates of Bytecode Alliance's wasm-tools; smith/ is the Rust side. */
#ifndef WRL_TESTS_SMITH_H
#define WRL_TESTS_SMITH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Proposals that modules may use or not; the others are in all engines. smith/src/features.rs has the same numbers. */
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
/* What no engine of JS has without an option. */
#define SMITH_NATIVE_ONLY (SMITH_CUSTOM_PAGE_SIZES | SMITH_WIDE_ARITHMETIC)
/* What the engine of Node 20 lacks as well. */
#define SMITH_NEWER_JS (SMITH_EXTENDED_CONST | SMITH_MULTI_MEMORY | SMITH_MEMORY64 | SMITH_EXCEPTIONS | SMITH_GC)

/* Owned by whoever got them, until smith_free(). */
typedef struct smith_bytes {
    uint8_t *data;
    size_t size;
} smith_bytes_t;

/* A valid module, the same for the same seed and proposals. All that it has is exported; its functions end by
 * themselves, wait for no other thread, and trap with `unreachable` where the exported global "fuel", if there is one,
 * has come to 0. */
bool smith_module(uint64_t seed, uint32_t proposals, smith_bytes_t *module);

/* A valid module with other instructions in some places: what a wrong engine would make of it. */
bool smith_plant(const uint8_t *data, size_t size, smith_bytes_t *module);

/* Whether wasmparser takes the bytes for a valid module of these proposals. */
bool smith_is_valid(uint32_t proposals, const uint8_t *data, size_t size);

/* What wasmparser has against the bytes with all proposals. Not terminated. */
bool smith_why_invalid(const uint8_t *data, size_t size, smith_bytes_t *text);

/* What wasmparser reads of a valid module, in the words of items.h. Not terminated. */
bool smith_reflect(const uint8_t *data, size_t size, smith_bytes_t *text);

/* The module as text. Not terminated. */
bool smith_print(const uint8_t *data, size_t size, smith_bytes_t *text);

/* The smallest module that is found within so many attempts in a row and is still interesting. */
bool smith_shrink(const uint8_t *data, size_t size, uint32_t attempts,
                  bool (*is_interesting)(void *env, const uint8_t *data, size_t size), void *env,
                  smith_bytes_t *module);

void smith_free(smith_bytes_t *bytes);

#endif
