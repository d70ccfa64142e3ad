#include "trap.h"

#include <string.h>

enum { MAX_CODES = 2 };

typedef struct entry {
    const char *message;
    wrl_trap_code_t codes[MAX_CODES]; /* Padded with WRL_TRAP_NONE. */
} entry_t;

static const entry_t entries[] = {
    {"unreachable", {WRL_TRAP_UNREACHABLE}},
    {"out of bounds memory access", {WRL_TRAP_MEMORY_OUT_OF_BOUNDS}},
    {"out of bounds table access", {WRL_TRAP_TABLE_OUT_OF_BOUNDS}},
    /* A message of the bulk memory proposal, for memories and tables. */
    {"out of bounds", {WRL_TRAP_MEMORY_OUT_OF_BOUNDS, WRL_TRAP_TABLE_OUT_OF_BOUNDS}},
    {"out of bounds array access", {WRL_TRAP_ARRAY_OUT_OF_BOUNDS}},
    {"undefined element", {WRL_TRAP_TABLE_OUT_OF_BOUNDS}},
    {"undefined", {WRL_TRAP_TABLE_OUT_OF_BOUNDS}},
    {"uninitialized element", {WRL_TRAP_INDIRECT_CALL_TO_NULL}},
    {"uninitialized", {WRL_TRAP_INDIRECT_CALL_TO_NULL}},
    {"indirect call type mismatch", {WRL_TRAP_BAD_SIGNATURE}},
    {"indirect call", {WRL_TRAP_BAD_SIGNATURE}},
    {"integer overflow", {WRL_TRAP_INTEGER_OVERFLOW}},
    {"integer divide by zero", {WRL_TRAP_INTEGER_DIVISION_BY_ZERO}},
    {"invalid conversion to integer", {WRL_TRAP_BAD_CONVERSION_TO_INTEGER}},
    {"call stack exhausted", {WRL_TRAP_STACK_OVERFLOW}},
    {"null reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null function reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null exception reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null structure reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null array reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null i31 reference", {WRL_TRAP_NULL_REFERENCE}},
    {"null descriptor reference", {WRL_TRAP_NULL_REFERENCE}},
    {"cast failure", {WRL_TRAP_CAST_FAILURE}},
    {"descriptor cast failure", {WRL_TRAP_CAST_FAILURE}},
    {"unaligned atomic", {WRL_TRAP_UNALIGNED_ATOMIC}},
    {"expected shared memory", {WRL_TRAP_ATOMIC_WAIT_NON_SHARED}},
};

/* Some messages end with the index of an element, which the layer's codes do not include. */
static size_t size_without_index(spec_bytes_t message)
{
    size_t size = message.size;
    while (size > 0 && message.data[size - 1] >= '0' && message.data[size - 1] <= '9') {
        size--;
    }
    return size < message.size && size > 0 && message.data[size - 1] == ' ' ? size - 1 : message.size;
}

static bool says(spec_bytes_t message, const char *words)
{
    size_t size = size_without_index(message);
    return size == strlen(words) && memcmp(message.data, words, size) == 0;
}

static const entry_t *find(spec_bytes_t message)
{
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        if (says(message, entries[i].message)) {
            return &entries[i];
        }
    }
    return NULL;
}

bool spec_trap_match(spec_bytes_t message, wrl_trap_code_t code, spec_message_t *why)
{
    const entry_t *entry = find(message);
    if (!entry) {
        spec_message_add(why, "the runner's table of traps (trap.c) does not have the message ");
        spec_message_add_quoted(why, message);
        return false;
    }
    for (size_t i = 0; i < MAX_CODES && entry->codes[i] != WRL_TRAP_NONE; i++) {
        if (entry->codes[i] == code) {
            return true;
        }
    }
    spec_message_add(why, "expected a trap ");
    spec_message_add_quoted(why, message);
    return false;
}

wrl_trap_code_t spec_trap_of_segment(spec_bytes_t message)
{
    if (says(message, "data segment does not fit")) {
        return WRL_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    if (says(message, "elements segment does not fit")) {
        return WRL_TRAP_TABLE_OUT_OF_BOUNDS;
    }
    return WRL_TRAP_NONE;
}
