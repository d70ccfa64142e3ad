/*
 * kinds [BACKEND…]
 *
 * Passes bad input to all backends side by side, in one process. Each row passes the same input to every backend. Every
 * backend must return an error of the same kind, whose message begins with the layer's own words; an engine's words may
 * follow. Without arguments, the program runs those of js, wasmi and wasmtime that are available.
 */
#include "../../support/backend_option.h"
#include "../../support/found.h"
#include "wrl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One backend and its host objects, which guests may import from "e". */
typedef struct side {
    const char *backend;
    wrl_engine_t *engine;
    wrl_store_t *store;
    wrl_imports_t *imports;
    wrl_memory_t memory;
    wrl_table_t table;
} side_t;

typedef struct row {
    const char *name;
    wrl_error_t *(*run)(
        side_t *side); /* NULL for a guest. The guest is compiled and instantiated, and its export "run" is called. */
    const char *text;  /* The guest. */
    wrl_error_kind_t kind;
    wrl_trap_code_t code;
    const char *words;     /* The beginning of the message. */
    const char *more;      /* Another part of the message. May be NULL. */
    wrl_feature_t feature; /* A feature that the side needs, or 0. */
} row_t;

/* ---- Bytes that are not a module ---- */

static wrl_error_t *compile(side_t *side, const void *bytes, size_t size)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(side->engine, bytes, size, NULL, &module);
    wrl_module_release(module);
    return error;
}

#define BYTES(name, bytes)                                                                                             \
    static wrl_error_t *name(side_t *side)                                                                             \
    {                                                                                                                  \
        return compile(side, bytes, sizeof(bytes) - 1);                                                                \
    }
#define HEAD "\0asm\1\0\0\0"

BYTES(no_bytes, "")
BYTES(cut_header, "\0asm\1")
BYTES(other_magic, "\x7f"
                   "ELF\1\0\0\0")
BYTES(other_version, "\0asm\2\0\0\0")
BYTES(component, "\0asm\x0d\0\1\0")
BYTES(cut_section, HEAD "\1\5\1")
BYTES(endless_size, HEAD "\1\x80")
BYTES(unknown_section, HEAD "\x63\0")
BYTES(section_twice, HEAD "\1\1\0\1\1\0")
BYTES(section_order, HEAD "\3\1\0\1\1\0")
BYTES(many_types, HEAD "\1\5\xff\xff\xff\xff\x0f")
BYTES(bad_utf8_import, HEAD "\1\4\1\x60\0\0\2\x08\1\2\xc3\x28\1h\0\0")
BYTES(bad_utf8_export, HEAD "\1\4\1\x60\0\0\3\2\1\0\7\6\1\2\xc3\x28\0\0\x0a\4\1\2\0\x0b")
BYTES(bad_utf8_custom, HEAD "\0\3\2\xc3\x28")
BYTES(unknown_type, HEAD "\1\5\1\x60\1\x10\0")
BYTES(no_code, HEAD "\1\4\1\x60\0\0\3\2\1\0")
BYTES(unknown_opcode, HEAD "\1\4\1\x60\0\0\3\2\1\0\x0a\5\1\3\0\xff\x0b")
BYTES(cut_body, HEAD "\1\4\1\x60\0\0\3\2\1\0\x0a\5\1\3\0\1\1")
BYTES(long_leb, HEAD "\1\4\1\x60\0\0\3\2\1\0\x0a\x0b\1\x09\0\x41\x80\x80\x80\x80\x80\1\x0b")
BYTES(mutability, HEAD "\6\6\1\x7f\2\x41\0\x0b")

/* A buffer for a module with one section of identical entries, or with identical functions. */
typedef struct writer {
    uint8_t *bytes;
    size_t size;
} writer_t;

static void put(writer_t *out, const char *bytes, size_t size)
{
    memcpy(out->bytes + out->size, bytes, size);
    out->size += size;
}

static void put_u32(writer_t *out, uint32_t value)
{
    for (; value > 0x7f; value >>= 7) {
        out->bytes[out->size++] = (uint8_t)(value | 0x80);
    }
    out->bytes[out->size++] = (uint8_t)value;
}

static size_t size_of_u32(uint32_t value)
{
    return value > 0x7f ? 1 + size_of_u32(value >> 7) : 1;
}

/* Writes a section of `count` entries, each of which consists of the bytes of `item`. */
static void put_section(writer_t *out, char id, uint32_t count, const char *item, size_t size)
{
    put(out, &id, 1);
    put_u32(out, (uint32_t)(size_of_u32(count) + count * size));
    put_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        put(out, item, size);
    }
}

static wrl_error_t *compile_many(side_t *side, char id, uint32_t count, const char *item, size_t size)
{
    writer_t out = {malloc(64 + count * size), 0};
    if (!out.bytes) {
        return NULL;
    }
    put(&out, HEAD, sizeof(HEAD) - 1);
    put_section(&out, id, count, item, size);
    wrl_error_t *error = compile(side, out.bytes, out.size);
    free(out.bytes);
    return error;
}

#define MANY(name, id, count, item)                                                                                    \
    static wrl_error_t *name(side_t *side)                                                                             \
    {                                                                                                                  \
        return compile_many(side, id, count, item, sizeof(item) - 1);                                                  \
    }

/* All engines have the same limits, those of the JS API. */
MANY(too_many_types, 1, 1000001, "\x60\0\0")
MANY(too_many_globals, 6, 1000001, "\x7f\0\x41\0\x0b")
MANY(too_many_segments, 11, 100001, "\1\0")

static wrl_error_t *too_many_locals(side_t *side)
{
    return compile(side, HEAD "\1\4\1\x60\0\0\3\2\1\0\x0a\x08\1\6\1\xd1\x86\3\x7f\x0b", 28);
}

static wrl_error_t *too_many_params(side_t *side)
{
    writer_t out = {malloc(2048), 0};
    if (!out.bytes) {
        return NULL;
    }
    put(&out, HEAD "\1\xee\7\1\x60\xe9\7", 15);
    memset(out.bytes + out.size, 0x7f, 1001);
    out.size += 1001;
    put(&out, "\0", 1);
    wrl_error_t *error = compile(side, out.bytes, out.size);
    free(out.bytes);
    return error;
}

/* ---- Objects that the host makes and uses ---- */

static wrl_error_t *make_memory(side_t *side, uint64_t min, uint64_t max)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(min, max);
    wrl_memory_t memory;
    return wrl_memory_new(side->store, &type, &memory);
}

static wrl_error_t *make_table(side_t *side, uint64_t min, uint64_t max)
{
    wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, min, max);
    wrl_val_t null = {.kind = WRL_VALKIND_FUNCREF};
    wrl_table_t table;
    return wrl_table_new(side->store, &type, &null, &table);
}

static wrl_error_t *memory_min_above_max(side_t *side)
{
    return make_memory(side, 2, 1);
}
static wrl_error_t *memory_min_huge(side_t *side)
{
    return make_memory(side, 65537, WRL_NO_MAX);
}
static wrl_error_t *memory_max_huge(side_t *side)
{
    return make_memory(side, 1, UINT64_C(1) << 60);
}
static wrl_error_t *memory_max_full(side_t *side)
{
    return make_memory(side, 1, 65536);
}
static wrl_error_t *table_min_above_max(side_t *side)
{
    return make_table(side, 2, 1);
}
static wrl_error_t *table_min_beyond(side_t *side)
{
    return make_table(side, UINT64_C(1) << 32, WRL_NO_MAX);
}
#if SIZE_MAX == UINT32_MAX
static wrl_error_t *table_min_huge(side_t *side)
{
    return make_table(side, UINT32_MAX, WRL_NO_MAX);
}
#endif
static wrl_error_t *table_max_full(side_t *side)
{
    return make_table(side, 1, UINT32_MAX);
}
static wrl_error_t *memory_grow(side_t *side)
{
    return wrl_memory_grow(side->store, side->memory, 2, NULL);
}
static wrl_error_t *memory_grow_huge(side_t *side)
{
    return wrl_memory_grow(side->store, side->memory, UINT64_MAX, NULL);
}
static wrl_error_t *grow_table(side_t *side, uint64_t delta)
{
    wrl_val_t null = {.kind = WRL_VALKIND_FUNCREF};
    return wrl_table_grow(side->store, side->table, delta, &null, NULL);
}
static wrl_error_t *table_grow(side_t *side)
{
    return grow_table(side, 3);
}
static wrl_error_t *table_grow_huge(side_t *side)
{
    return grow_table(side, UINT64_MAX);
}
#if SIZE_MAX == UINT32_MAX
static wrl_error_t *grow_free_table(side_t *side)
{
    wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 1, WRL_NO_MAX);
    wrl_val_t null = {.kind = WRL_VALKIND_FUNCREF};
    wrl_table_t table;
    wrl_error_t *error = wrl_table_new(side->store, &type, &null, &table);
    return error ? error : wrl_table_grow(side->store, table, UINT32_MAX - 1, &null, NULL);
}
#endif

/* ---- The rows ---- */

#define MALFORMED(name, function, more)                                                                                \
    {                                                                                                                  \
        name, function, NULL, WRL_ERROR_MALFORMED, WRL_TRAP_NONE, "", more, 0                                          \
    }
#define REFUSED(name, text)                                                                                            \
    {                                                                                                                  \
        name, NULL, text, WRL_ERROR_INVALID, WRL_TRAP_NONE, "invalid module", NULL, 0                                  \
    }
#define REFUSED_BYTES(name, function)                                                                                  \
    {                                                                                                                  \
        name, function, NULL, WRL_ERROR_INVALID, WRL_TRAP_NONE, "invalid module", NULL, 0                              \
    }
#define UNLINKED(name, text, words, more)                                                                              \
    {                                                                                                                  \
        name, NULL, text, WRL_ERROR_LINK, WRL_TRAP_NONE, words, more, 0                                                \
    }
#define MISSING(name, text, more) UNLINKED(name, text, "import \"e\" \"x\" is missing: expected ", more)
#define WRONG(name, item, text, more)                                                                                  \
    UNLINKED(name, text, "import \"e\" \"" item "\" is of the wrong type: expected ", more)
#define TRAPPED(name, text, code, words)                                                                               \
    {                                                                                                                  \
        name, NULL, text, WRL_ERROR_TRAP, code, words, NULL, 0                                                         \
    }
#define MISUSED(name, function, words)                                                                                 \
    {                                                                                                                  \
        name, function, NULL, WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE, words, NULL, 0                                \
    }
#define LIMITED(name, function, words)                                                                                 \
    {                                                                                                                  \
        name, function, NULL, WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE, words, NULL, 0                                  \
    }
/* A value of row_t::more: some engines report their limit, others an invalid module. */
static const char may_be_limit[] = "";
/* On JS hosts the engines check these limits, which they share. */
#ifdef __EMSCRIPTEN__
#define TOO_MANY(name, function)                                                                                       \
    {                                                                                                                  \
        name, function, NULL, WRL_ERROR_INVALID, WRL_TRAP_NONE, "invalid module", may_be_limit, 0                      \
    }
#else
#define TOO_MANY(name, function) LIMITED(name, function, "module limit exceeded")
#endif
#define FINE(name, function, text)                                                                                     \
    {                                                                                                                  \
        name, function, text, (wrl_error_kind_t)0, WRL_TRAP_NONE, "", NULL, 0                                          \
    }

static const row_t rows[] = {
    MALFORMED("nothing", no_bytes, NULL),
    MALFORMED("a header that is cut", cut_header, NULL),
    MALFORMED("another magic number", other_magic, "magic"),
    MALFORMED("another version", other_version, "version"),
    MALFORMED("a component", component, "component"),
    MALFORMED("a section that is cut", cut_section, "offset"),
    MALFORMED("a size without end", endless_size, "offset"),
    MALFORMED("an unknown section", unknown_section, "offset"),
    MALFORMED("a section twice", section_twice, "offset"),
    MALFORMED("sections out of order", section_order, "offset"),
    MALFORMED("2^32 - 1 types in five bytes", many_types, "offset"),
    MALFORMED("an import's name that is not UTF-8", bad_utf8_import, "UTF-8"),
    MALFORMED("an export's name that is not UTF-8", bad_utf8_export, "UTF-8"),
    MALFORMED("a section's name that is not UTF-8", bad_utf8_custom, "UTF-8"),
    MALFORMED("an unknown type", unknown_type, "offset"),
    REFUSED_BYTES("functions without code", no_code),
    MALFORMED("a global that is neither mutable nor not", mutability, "offset"),
    REFUSED_BYTES("an unknown instruction", unknown_opcode),
    REFUSED_BYTES("a body that does not end", cut_body),
    REFUSED_BYTES("a constant that is too long", long_leb),
    TOO_MANY("too many types", too_many_types),
    TOO_MANY("too many globals", too_many_globals),
    TOO_MANY("too many data segments", too_many_segments),
    TOO_MANY("too many locals", too_many_locals),
    LIMITED("too many parameters", too_many_params, "module limit exceeded"),

    REFUSED("a result of another type", "(module (func (result i32) (i64.const 1)))"),
    REFUSED("no result", "(module (func (result i32)))"),
    REFUSED("a value too many", "(module (func (i32.const 1)))"),
    REFUSED("an operand that is missing", "(module (func (drop (i32.add (i32.const 1)))))"),
    REFUSED("an unknown function", "(module (func (call 7)))"),
    REFUSED("an unknown local", "(module (func (drop (local.get 3))))"),
    REFUSED("an unknown global", "(module (func (drop (global.get 0))))"),
    REFUSED("an unknown memory", "(module (func (drop (i32.load (i32.const 0)))))"),
    REFUSED("an unknown table", "(module (func (drop (table.get 0 (i32.const 0)))))"),
    REFUSED("an unknown label", "(module (func (br 5)))"),
    REFUSED("an unknown type of a call", "(module (table 1 funcref) (func (call_indirect (type 4) (i32.const 0))))"),
    REFUSED("an unknown segment", "(module (memory 1) (func (data.drop 3)))"),
    REFUSED("an immutable global that is set",
            "(module (global i32 (i32.const 0)) (func (global.set 0 (i32.const 1))))"),
    REFUSED("a global of another type", "(module (global i32 (i64.const 0)))"),
    REFUSED("a start function with parameters", "(module (func (param i32)) (start 0))"),
    REFUSED("a start function with a result", "(module (func (result i32) (i32.const 1)) (start 0))"),
    REFUSED("an unknown start function", "(module (func) (start 1))"),
    REFUSED("two exports of one name", "(module (func (export \"a\") (export \"a\")))"),
    REFUSED("an alignment that is too large", "(module (memory 1) (func (drop (i32.load align=8 (i32.const 0)))))"),
    REFUSED("a function that was not declared", "(module (func (drop (ref.func 0))))"),
    REFUSED("a segment for no memory", "(module (data (i32.const 0) \"a\"))"),
    REFUSED("a segment for no table", "(module (elem (i32.const 0) func))"),
    REFUSED("a memory with more than its maximum", "(module (memory 2 1))"),
    REFUSED("a memory of more than 4 GiB", "(module (memory 65537))"),
    REFUSED("a memory with a maximum of more than 4 GiB", "(module (memory 1 65537))"),
    REFUSED("a table with more than its maximum", "(module (table 2 1 funcref))"),

    MISSING("a function that is missing", "(module (import \"e\" \"x\" (func (param i32))))", "function (i32) -> ()"),
    MISSING("a global that is missing", "(module (import \"e\" \"x\" (global (mut f64))))", "global mut f64"),
    MISSING("a memory that is missing", "(module (import \"e\" \"x\" (memory 3 4)))", "memory 3..4 pages"),
    MISSING("a table that is missing", "(module (import \"e\" \"x\" (table 5 externref)))", "table externref 5.."),
    WRONG("parameters of another type", "f", "(module (import \"e\" \"f\" (func (param i64) (result i32))))",
          "(i32) -> (i32)"),
    WRONG("other results", "f", "(module (import \"e\" \"f\" (func (param i32))))", "(i32) -> (i32)"),
    WRONG("a global for a function", "g", "(module (import \"e\" \"g\" (func)))", "found global i32"),
    WRONG("a function for a global", "f", "(module (import \"e\" \"f\" (global i32)))", "found function"),
    WRONG("a memory for a table", "m", "(module (import \"e\" \"m\" (table 1 funcref)))", "found memory"),
    WRONG("a table for a memory", "t", "(module (import \"e\" \"t\" (memory 1)))", "found table"),
    WRONG("a global of another type", "g", "(module (import \"e\" \"g\" (global i64)))", "found global i32"),
    WRONG("a global that is not mutable", "g", "(module (import \"e\" \"g\" (global (mut i32))))", "found global i32"),
    WRONG("a global that is mutable", "v", "(module (import \"e\" \"v\" (global i64)))", "found global mut i64"),
    WRONG("a memory that is too small", "m", "(module (import \"e\" \"m\" (memory 2)))", "found memory 1..2"),
    WRONG("a memory that may grow too far", "m", "(module (import \"e\" \"m\" (memory 1 1)))", "found memory 1..2"),
    WRONG("a memory without a maximum", "n", "(module (import \"e\" \"n\" (memory 1 9)))", "found memory 1.."),
    {"a memory of 64 bits", NULL, "(module (import \"e\" \"m\" (memory i64 1)))", WRL_ERROR_LINK, WRL_TRAP_NONE,
     "import \"e\" \"m\" is of the wrong type: expected ", "found memory 1..2", WRL_FEATURE_MEMORY64},
    WRONG("a table that is too small", "t", "(module (import \"e\" \"t\" (table 3 funcref)))",
          "found table funcref 2..4"),
    WRONG("a table that may grow too far", "t", "(module (import \"e\" \"t\" (table 1 3 funcref)))",
          "found table funcref 2..4"),
    WRONG("a table of another type", "t", "(module (import \"e\" \"t\" (table 2 externref)))",
          "found table funcref 2..4"),

    TRAPPED("a data segment beyond the memory", "(module (memory 1) (data (i32.const 65535) \"ab\"))",
            WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "out of bounds memory access"),
    TRAPPED("a data segment beyond an imported memory",
            "(module (import \"e\" \"m\" (memory 1)) (data (i32.const -1) \"ab\"))", WRL_TRAP_MEMORY_OUT_OF_BOUNDS,
            "out of bounds memory access"),
    TRAPPED("an element segment beyond the table", "(module (table 1 funcref) (func) (elem (i32.const 1) func 0))",
            WRL_TRAP_TABLE_OUT_OF_BOUNDS, "out of bounds table access"),
    TRAPPED("an element segment beyond an imported table",
            "(module (import \"e\" \"t\" (table 1 funcref)) (func) (elem (i32.const -1) func 0))",
            WRL_TRAP_TABLE_OUT_OF_BOUNDS, "out of bounds table access"),
    TRAPPED("a start function that traps", "(module (func unreachable) (start 0))", WRL_TRAP_UNREACHABLE,
            "unreachable executed"),
    TRAPPED("memory.init beyond its segment",
            "(module (memory 1) (data \"abc\") (func (export \"run\") (memory.init 0 (i32.const 0) (i32.const 2) "
            "(i32.const 2))))",
            WRL_TRAP_MEMORY_OUT_OF_BOUNDS, "out of bounds memory access"),
    FINE("memory.grow beyond the maximum", NULL,
         "(module (memory 1 2) (func (export \"run\") (if (i32.ne (memory.grow (i32.const 2)) (i32.const -1)) (then "
         "unreachable))))"),
    FINE("table.grow beyond the maximum", NULL,
         "(module (table 1 2 funcref) (func (export \"run\") (if (i32.ne (table.grow (ref.null func) (i32.const 2)) "
         "(i32.const -1)) (then unreachable))))"),

    MISUSED("a memory made with more than its maximum", memory_min_above_max, "type: has a minimum of 2 pages"),
    MISUSED("a memory made of more than 4 GiB", memory_min_huge, "type: has limits of 65537 pages"),
    MISUSED("a memory made with a huge maximum", memory_max_huge, "type: has limits of 1152921504606846976 pages"),
    FINE("a memory made with the largest maximum", memory_max_full, NULL),
    MISUSED("a table made with more than its maximum", table_min_above_max, "type: has a minimum of 2 elements"),
    MISUSED("a table made larger than 32 bits", table_min_beyond, "type: has limits of 4294967296 elements"),
    FINE("a table made with the largest maximum", table_max_full, NULL),
    LIMITED("a memory that the host grows too far", memory_grow, "a memory of 1 pages cannot grow by 2"),
    LIMITED("a memory that the host grows far too far", memory_grow_huge,
            "a memory of 1 pages cannot grow by 18446744073709551615"),
    LIMITED("a table that the host grows too far", table_grow, "a table of 2 elements cannot grow by 3"),
    LIMITED("a table that the host grows far too far", table_grow_huge,
            "a table of 2 elements cannot grow by 18446744073709551615"),
#if SIZE_MAX == UINT32_MAX
    {"a guest's table of 2^32 - 1 elements", NULL, "(module (table 4294967295 funcref))", WRL_ERROR_RESOURCE_LIMIT,
     WRL_TRAP_NONE, "", NULL, 0},
    /* On a machine with enough memory, native engines may be able to make these objects. */
    LIMITED("a table made with 2^32 - 1 elements", table_min_huge, "a table of 4294967295 elements cannot be made"),
    LIMITED("a table that the host grows by 2^32 - 2", grow_free_table,
            "a table of 1 elements cannot grow by 4294967294"),
#endif
};

/* ---- Running them ---- */

static wrl_error_t *on_call(void *env, wrl_caller_t *caller, wrl_raw_t *slots)
{
    (void)env;
    (void)caller;
    (void)slots;
    return NULL;
}

static wrl_error_t *define(side_t *side, const char *name, wrl_extern_t item)
{
    return wrl_imports_define(side->imports, "e", name, item);
}

static wrl_error_t *define_func(side_t *side)
{
    wrl_valtype_t i32 = {.kind = WRL_VALKIND_I32};
    wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_N(&i32, 1), WRL_TYPES_N(&i32, 1));
    wrl_func_t func;
    wrl_error_t *error = wrl_func_new_raw(side->store, &type, on_call, NULL, NULL, &func);
    return error ? error : define(side, "f", wrl_extern_from_func(func));
}

static wrl_error_t *define_global(side_t *side, const char *name, bool is_mutable, wrl_val_t value)
{
    wrl_globaltype_t type = WRL_GLOBALTYPE(value.kind, is_mutable);
    wrl_global_t global;
    wrl_error_t *error = wrl_global_new(side->store, &type, &value, &global);
    return error ? error : define(side, name, wrl_extern_from_global(global));
}

static wrl_error_t *define_memory(side_t *side, const char *name, uint64_t max, wrl_memory_t *memory)
{
    wrl_memorytype_t type = WRL_MEMORYTYPE(1, max);
    wrl_error_t *error = wrl_memory_new(side->store, &type, memory);
    return error ? error : define(side, name, wrl_extern_from_memory(*memory));
}

static wrl_error_t *define_table(side_t *side)
{
    wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 2, 4);
    wrl_val_t null = {.kind = WRL_VALKIND_FUNCREF};
    wrl_error_t *error = wrl_table_new(side->store, &type, &null, &side->table);
    return error ? error : define(side, "t", wrl_extern_from_table(side->table));
}

static wrl_error_t *define_all(side_t *side)
{
    wrl_memory_t without_max;
    wrl_error_t *error = define_func(side);
    error = error ? error : define_global(side, "g", false, WRL_I32(1));
    error = error ? error : define_global(side, "v", true, WRL_I64(1));
    error = error ? error : define_memory(side, "m", 2, &side->memory);
    error = error ? error : define_memory(side, "n", WRL_NO_MAX, &without_max);
    return error ? error : define_table(side);
}

static void close_side(side_t *side)
{
    wrl_imports_delete(side->imports);
    wrl_store_delete(side->store);
    wrl_engine_release(side->engine);
    memset(side, 0, sizeof(*side));
}

static wrl_error_t *open_side(side_t *side, const char *backend)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    set_backend(&config, backend);
    side->backend = backend;
    wrl_error_t *error = wrl_engine_new(&config, &side->engine);
    error = error ? error : wrl_store_new(side->engine, NULL, &side->store);
    error = error ? error : wrl_imports_new(&side->imports);
    return error ? error : define_all(side);
}

static wrl_error_t *run_module(side_t *side, wrl_module_t *module)
{
    wrl_instance_t instance;
    wrl_exporttype_t export_type;
    wrl_func_t run;
    wrl_error_t *error = wrl_instance_new(side->store, module, side->imports, NULL, &instance);
    if (error || !wrl_module_get_export(module, "run", &export_type)) {
        return error;
    }
    error = found(wrl_instance_get_func(side->store, instance, "run", &run));
    return error ? error : wrl_func_call(side->store, run, NULL, 0, NULL, 0);
}

static wrl_error_t *run_text(side_t *side, const char *text)
{
    wrl_bytes_t bytes;
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_wat_to_wasm(text, strlen(text), &bytes);
    if (error) {
        return error;
    }
    error = wrl_module_new(side->engine, bytes.data, bytes.size, NULL, &module);
    wrl_bytes_delete(&bytes);
    error = error ? error : run_module(side, module);
    wrl_module_release(module);
    return error;
}

static bool is_as_told(const row_t *row, const wrl_error_t *error)
{
    if (!row->kind || !error) {
        return !row->kind && !error;
    }
    const char *message = wrl_error_message(error);
    if (row->more == may_be_limit && wrl_error_kind(error) == WRL_ERROR_RESOURCE_LIMIT) {
        return strstr(message, " count exceeds limit of ");
    }
    return wrl_error_kind(error) == row->kind && wrl_error_trap_code(error) == row->code &&
           strncmp(message, row->words, strlen(row->words)) == 0 && (!row->more || strstr(message, row->more)) &&
           strncmp(message, "WebAssembly", 11) != 0;
}

static int passed, failed;

static void tell(const row_t *row, const char *backend, const wrl_error_t *error, bool good)
{
    passed += good;
    failed += !good;
    (void)printf("%s  %s on %s: %s: %s\n", good ? "ok  " : "FAIL", row->name, backend,
                 error ? wrl_error_kind_name(wrl_error_kind(error)) : "no error",
                 error ? wrl_error_message(error) : "");
}

/* Each row runs in new stores. */
static void run_row(const row_t *row, const char *backend)
{
    side_t side;
    memset(&side, 0, sizeof(side));
    wrl_error_t *error = open_side(&side, backend);
    if (error) {
        tell(row, backend, error, false);
    } else if (row->feature && !wrl_engine_supports(side.engine, row->feature)) {
        (void)printf("lacks %s on %s: %s\n", row->name, backend, wrl_feature_name(row->feature));
    } else {
        error = row->run ? row->run(&side) : run_text(&side, row->text);
        tell(row, backend, error, is_as_told(row, error));
    }
    wrl_error_delete(error);
    close_side(&side);
}

int main(int argc, char **argv)
{
    static const char *const known[] = {"js", "js+exact_traps", "wasmi", "wasmtime"};
    for (size_t b = 0; b < (argc > 1 ? (size_t)argc - 1 : sizeof(known) / sizeof(known[0])); b++) {
        const char *backend = argc > 1 ? argv[b + 1] : known[b];
        wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
        set_backend(&config, backend);
        for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && wrl_backend_find(config.backend, NULL); i++) {
            run_row(&rows[i], backend);
        }
    }
    (void)printf("%d passed, %d failed\n", passed, failed);
    return failed || !passed ? 1 : 0;
}
