#include "module.h"

static void add_globals(parts_t *parts, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts->globals, I32, 1, CONST, 0, END);
    }
}

/* Values on the operand stack that pass through consecutive blocks of some kind. */
static void params(bytes_t *module, uint32_t count, uint32_t width, unsigned op, const uint8_t *inside, size_t size)
{
    parts_t parts = {.locals = width};
    put_type(&parts, width, width);
    get_all(&parts.code, width);
    for (uint32_t i = 0; i < count; i++) {
        if (op == IF) {
            put_op(&parts.code, CONST, 0);
        }
        put_op(&parts.code, op, 1);
        put_all(&parts.code, inside, size);
        put(&parts.code, END);
    }
    put_many(&parts.code, DROP, width);
    finish(module, &parts);
}

static void params_loop(bytes_t *module, uint32_t count, uint32_t width)
{
    params(module, count, width, LOOP, NULL, 0);
}

static void params_block(bytes_t *module, uint32_t count, uint32_t width)
{
    params(module, count, width, BLOCK, NULL, 0);
}

static void params_if(bytes_t *module, uint32_t count, uint32_t width)
{
    params(module, count, width, IF, NULL, 0);
}

static void params_branch(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t branch[] = {CONST, 0, BR_IF, 0};
    params(module, count, width, BLOCK, branch, sizeof branch);
}

/* Locals that are set in the innermost of many blocks. */
static void merged_if(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.locals = width};
    add_globals(&parts, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
    }
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GET, i);
        put_op(&parts.code, CONST, 1);
        put(&parts.code, ADD);
        put_op(&parts.code, SET, i);
    }
    put_many(&parts.code, END, count);
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GET, i);
        put_op(&parts.code, GLOBAL_SET, 0);
    }
    finish(module, &parts);
}

static void add_one(bytes_t *code, uint32_t local)
{
    put_op(code, GET, local);
    put_op(code, CONST, 1);
    put(code, ADD);
    put_op(code, SET, local);
}

/* A br_table out of many blocks. The end of each block is followed by code that sets a different local. */
static void merged_table(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = count};
    add_globals(&parts, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, BLOCK, EMPTY);
    }
    for (uint32_t i = 0; i < count; i++) {
        add_one(&parts.code, i);
    }
    put_op(&parts.code, GET, 0);
    put_op(&parts.code, BR_TABLE, count - 1);
    for (uint32_t i = 0; i < count; i++) {
        put_number(&parts.code, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        put(&parts.code, END);
        add_one(&parts.code, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, i);
        put_op(&parts.code, GLOBAL_SET, 0);
    }
    finish(module, &parts);
}

/* Parameters that are used after many blocks. */
static void live_params(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.type = 1};
    put_type(&parts, width, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
        put(&parts.code, END);
    }
    get_all(&parts.code, width);
    put_many(&parts.code, ADD, width - 1);
    finish(module, &parts);
}

/* Operands that are used after many blocks. */
static void live_operands(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.other_count = 1, .other_type = 1, .locals = 1};
    put_type(&parts, 0, 1);
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, CALL, 1);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, BLOCK, EMPTY);
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, BR_IF, 0);
        put(&parts.code, END);
    }
    put_many(&parts.code, DROP, width);
    finish(module, &parts);
}

static void calls(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.other_count = 1, .other_type = 1};
    put_type(&parts, width, width);
    put_consts(&parts.code, width);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, CALL, 1);
    }
    put_many(&parts.code, DROP, width);
    finish(module, &parts);
}

static void tail_calls(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.type = 1};
    put_type(&parts, width, width);
    get_all(&parts.code, width);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, 1);
        put_op(&parts.code, RETURN_CALL, 0);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

static void returns(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.type = 1};
    put_type(&parts, width, width);
    get_all(&parts.code, width);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, 1);
        put(&parts.code, RETURN);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

static void indirect_calls(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = 1};
    ADD(parts.tables, FUNCREF, 0, 10);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, CALL_INDIRECT, 0);
        put(&parts.code, 0);
    }
    finish(module, &parts);
}

static void structs(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.type_count = 1};
    put_op(&parts.types, 0x5f, width);
    for (uint32_t i = 0; i < width; i++) {
        put(&parts.types, I32);
        put(&parts.types, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GC, STRUCT_NEW_DEFAULT);
        put(&parts.code, 1);
        put(&parts.code, DROP);
    }
    finish(module, &parts);
}

static void put_many_calls(bytes_t *code, uint32_t count)
{
    for (; count > 0; count--) {
        put_op(code, CALL, 0);
    }
}

/* Calls in the scope of many handlers. */
static void handlers(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t catches[] = {EMPTY, 1, CATCH_ALL, 0};
    parts_t parts = {0};
    put_op(&parts.code, BLOCK, EMPTY);
    for (uint32_t i = 0; i < width; i++) {
        put(&parts.code, TRY_TABLE);
        put_all(&parts.code, catches, sizeof catches);
    }
    put_many_calls(&parts.code, count);
    put_many(&parts.code, END, width + 1);
    finish(module, &parts);
}

static void nested_handlers(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    handlers(module, 1, count);
}

static void throws(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = 1};
    ADD(parts.tags, 0, 0);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
        put_op(&parts.code, THROW, 0);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

static void globals(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    add_globals(&parts, count);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GLOBAL_GET, i);
        put_op(&parts.code, GLOBAL_SET, i);
    }
    finish(module, &parts);
}

static void globals_set(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    add_globals(&parts, count);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, CONST, 0);
        put_op(&parts.code, GLOBAL_SET, i);
    }
    finish(module, &parts);
}

/* Many functions with many locals each. */
static void functions(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.other_count = count, .other_locals = width - 1};
    finish(module, &parts);
}

static void functions_with_params(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.other_count = count, .other_type = 1};
    put_type(&parts, width, width);
    finish(module, &parts);
}

static void nested(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.locals = 1};
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, width == 1 ? LOOP : BLOCK, EMPTY);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, BR_IF, 0);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

static void else_chain(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = 1};
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
        put(&parts.code, ELSE);
    }
    put_many(&parts.code, END, count);
    finish(module, &parts);
}

/* Globals that are set in blocks, each global in its own block. */
static void globals_in_blocks(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.locals = 1};
    add_globals(&parts, width);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
        put_op(&parts.code, CONST, 1);
        put_op(&parts.code, GLOBAL_SET, i % width);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

/* ---- Handlers ---- */

/* Exceptions with many values, which branch to one label. All calls are in one block, or each is in its own. */
static void caught(bytes_t *module, uint32_t count, uint32_t width, bool nested)
{
    parts_t parts = {0};
    put_type(&parts, width, 0);
    put_type(&parts, 0, width);
    ADD(parts.tags, 0, 1);
    put_op(&parts.code, BLOCK, 2);
    if (nested) {
        put_op(&parts.code, TRY_TABLE, EMPTY);
        put_number(&parts.code, count);
        put_many(&parts.code, 0, 3 * count);
        put_op(&parts.code, CALL, 0);
        put(&parts.code, END);
    }
    for (uint32_t i = 0; !nested && i < count; i++) {
        static const uint8_t handler[] = {TRY_TABLE, EMPTY, 1, 0, 0, 0, CALL, 0, END};
        put_all(&parts.code, handler, sizeof handler);
    }
    put(&parts.code, 0);
    put(&parts.code, END);
    put_many(&parts.code, DROP, width);
    finish(module, &parts);
}

static void caught_by_one(bytes_t *module, uint32_t count, uint32_t width)
{
    caught(module, count, width, true);
}

static void caught_by_many(bytes_t *module, uint32_t count, uint32_t width)
{
    caught(module, count, width, false);
}

/* Consecutive blocks, each with as many handlers as calls. */
static void handlers_in_turn(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {0};
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, BLOCK, EMPTY);
        put_op(&parts.code, TRY_TABLE, EMPTY);
        put_number(&parts.code, width);
        for (uint32_t handler = 0; handler < width; handler++) {
            put_op(&parts.code, CATCH_ALL, 0);
        }
        put_many_calls(&parts.code, width);
        put_many(&parts.code, END, 2);
    }
    finish(module, &parts);
}

/* Locals that are set between calls in the scope of a handler. */
static void locals_in_handlers(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t begin[] = {BLOCK, EMPTY, TRY_TABLE, EMPTY, 1, CATCH_ALL, 0};
    parts_t parts = {.locals = width};
    put_all(&parts.code, begin, sizeof begin);
    for (uint32_t i = 0; i < count || i < width; i++) {
        put_op(&parts.code, CONST, 1);
        put_op(&parts.code, SET, i % width);
        if (i < count) {
            put_op(&parts.code, CALL, 0);
        }
    }
    put_many(&parts.code, END, 2);
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GET, i);
        put(&parts.code, DROP);
    }
    finish(module, &parts);
}

/* ---- References ---- */

/* Type 1 is a struct, type 2 an array of i32, type 3 an array of references, type 4 a subtype of type 1. */
static void add_heap_types(parts_t *parts)
{
    static const uint8_t types[] = {0x50,   0, 0x5f, 1, I32, 1,    0x5e, I32, 1, 0x5e,
                                    ANYREF, 1, 0x50, 1, 1,   0x5f, 1,    I32, 1};
    put_all(&parts->types, types, sizeof types);
    parts->type_count = 4;
}

/* Values of a type that are live across `count` copies of the code `inside`. Local `width` is a reference that is
 * always null. */
static void living(bytes_t *module, uint32_t count, uint32_t width, unsigned type, const uint8_t *inside, size_t size)
{
    parts_t parts = {.locals = width + 1, .local_type = type};
    add_heap_types(&parts);
    ADD(parts.tables, FUNCREF, 0, 10);
    ADD(parts.memories, 0, 1);
    ADD(parts.elements, 3, 0, 1, 0);
    if (type == I32) {
        add_globals(&parts, 1);
    } else {
        ADD(parts.globals, ANYREF, 1, REF_NULL, ANYREF, END);
    }
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GLOBAL_GET, 0);
        put_op(&parts.code, SET, i);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_all(&parts.code, inside, size);
    }
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GET, i);
        put_op(&parts.code, GLOBAL_SET, 0);
    }
    finish(module, &parts);
}

#define LIVING(name, type, ...)                                                                                        \
    static void name(bytes_t *module, uint32_t count, uint32_t width)                                                  \
    {                                                                                                                  \
        static const uint8_t inside[] = {__VA_ARGS__};                                                                 \
        living(module, count, width, type, inside, sizeof inside);                                                     \
    }

enum { NEW_FIXED = 8, TEST = 21, BR_ON_CAST = 24, COPY_TABLE = 14 };

LIVING(refs_across_calls, ANYREF, CALL, 0)
LIVING(refs_across_objects, ANYREF, GC, STRUCT_NEW_DEFAULT, 1, DROP)
LIVING(refs_across_casts, ANYREF, REF_NULL, ANYREF, GC, TEST, 4, DROP)
LIVING(numbers_across_casts, I32, GET, 0, DROP, REF_NULL, ANYREF, GC, TEST, 4, DROP)
LIVING(numbers_across_calls, I32, CONST, 0, CALL_INDIRECT, 0, 0)
LIVING(objects_one_after_the_other, ANYREF, GC, STRUCT_NEW_DEFAULT, 1, SET, 0)
LIVING(refs_across_functions, ANYREF, REF_FUNC, 0, DROP)
LIVING(refs_across_loads, ANYREF, CONST, 0, 0x28, 2, 0, DROP, CALL, 0)
LIVING(casts, ANYREF, GET, 0, GC, TEST, 4, DROP)
LIVING(functions_of_tables, ANYREF, CONST, 0, TABLE_GET, 0, DROP)
LIVING(copies_of_tables, ANYREF, CONST, 0, CONST, 0, CONST, 0, BULK, COPY_TABLE, 0, 0)

/* Arrays of `width` operands. */
static void fixed_arrays(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {0};
    add_heap_types(&parts);
    for (uint32_t i = 0; i < count; i++) {
        put_consts(&parts.code, width);
        put_op(&parts.code, GC, NEW_FIXED);
        put_op(&parts.code, 2, width);
        put(&parts.code, DROP);
    }
    finish(module, &parts);
}

/* Branches by casts with values. */
static void cast_branches(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t branch[] = {GC, BR_ON_CAST, 3, 0, ANYREF, 4};
    parts_t parts = {0};
    add_heap_types(&parts);
    put_op(&parts.types, 0x60, 0);
    put_number(&parts.types, width + 1);
    put_many(&parts.types, I32, width);
    put(&parts.types, ANYREF);
    parts.type_count++;
    put_op(&parts.code, BLOCK, 5);
    put_consts(&parts.code, width);
    put_op(&parts.code, REF_NULL, ANYREF);
    for (uint32_t i = 0; i < count; i++) {
        put_all(&parts.code, branch, sizeof branch);
    }
    put(&parts.code, END);
    put_many(&parts.code, DROP, width + 1);
    finish(module, &parts);
}

/* ---- Compilation of other parts than functions ---- */

static void global_objects(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    add_heap_types(&parts);
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts.globals, ANYREF, 0, GC, STRUCT_NEW_DEFAULT, 1, END);
    }
    finish(module, &parts);
}

static void global_nulls(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts.globals, FUNCREF, 0, REF_NULL, FUNCREF, END);
    }
    finish(module, &parts);
}

/* Data with constant offsets, which an engine can turn into an image. One of them does not fit the memory. */
static void data_beyond(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    ADD(parts.memories, 0, 1);
    ADD(parts.data, 0, CONST, 0x80, 0x80, 0x80, 1, END, 1, 1);
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts.data, 0, CONST, 0, END, 1, 1);
    }
    finish(module, &parts);
}

static void global_functions(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts.globals, FUNCREF, 0, REF_FUNC, 0, END);
    }
    finish(module, &parts);
}

/* Adds a segment of `count` functions. Without an offset the segment is passive. */
static void add_segment(parts_t *parts, const uint8_t *begin, size_t size, const uint8_t *entry, size_t entry_size,
                        uint32_t count)
{
    bytes_t segment = {NULL, 0, 0};
    put_all(&segment, begin, size);
    put_number(&segment, count);
    for (uint32_t i = 0; i < count; i++) {
        put_all(&segment, entry, entry_size);
    }
    add_entry(&parts->elements, segment.data, segment.size);
    free_bytes(&segment);
}

static void passive_functions(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t begin[] = {1, 0}, entry[] = {0};
    parts_t parts = {0};
    for (uint32_t i = 0; i < width; i++) {
        add_segment(&parts, begin, sizeof begin, entry, sizeof entry, count);
    }
    finish(module, &parts);
}

static void passive_objects(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t begin[] = {5, ANYREF}, entry[] = {GC, STRUCT_NEW_DEFAULT, 1, END};
    parts_t parts = {0};
    add_heap_types(&parts);
    for (uint32_t i = 0; i < width; i++) {
        add_segment(&parts, begin, sizeof begin, entry, sizeof entry, count);
    }
    finish(module, &parts);
}

static void add_offset(parts_t *parts)
{
    ADD(parts->imports, 1, 'a', 1, 'b', 3, I32, 0);
}

static void functions_at_an_offset(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t begin[] = {0, GLOBAL_GET, 0, END}, entry[] = {0};
    parts_t parts = {0};
    add_offset(&parts);
    ADD(parts.tables, FUNCREF, 0, 10);
    for (uint32_t i = 0; i < width; i++) {
        add_segment(&parts, begin, sizeof begin, entry, sizeof entry, count);
    }
    finish(module, &parts);
}

static void data_at_an_offset(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    add_offset(&parts);
    ADD(parts.memories, 0, 1);
    for (uint32_t i = 0; i < count; i++) {
        ADD(parts.data, 0, GLOBAL_GET, 0, END, 1, 1);
    }
    finish(module, &parts);
}

/* The maximum number of tables that engines accept. */
enum { MOST_TABLES = 100 };

/* Tables of a million elements with a function as the last element. */
static void sparse_tables(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t entry[] = {0};
    (void)width;
    parts_t parts = {0};
    for (uint32_t i = 0; i < count && i < MOST_TABLES; i++) {
        const uint8_t begin[] = {2, (uint8_t)i, CONST, 0xff, 0xff, 0x3f, END, 0};
        ADD(parts.tables, FUNCREF, 0, 0x80, 0x80, 0x40);
        add_segment(&parts, begin, sizeof begin, entry, sizeof entry, 1);
    }
    finish(module, &parts);
}

/* Memories with two known bytes, 16 MiB apart. */
static void sparse_memories(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    for (uint32_t i = 0; i < count && i < MOST_TABLES; i++) {
        ADD(parts.memories, 0, 0x81, 2);
        ADD(parts.data, 2, (uint8_t)i, CONST, 0, END, 1, 1);
        ADD(parts.data, 2, (uint8_t)i, CONST, 0xfe, 0xff, 0xff, 7, END, 1, 1);
    }
    finish(module, &parts);
}

/* ---- Loops, and large functions ---- */

/* Loop invariants in nested loops, which compilers can hoist out of all of them. */
static void nested_loops(bytes_t *module, uint32_t count, uint32_t width)
{
    static const uint8_t store[] = {0x6c, 0x36, 2, 0};
    parts_t parts = {0};
    put_type(&parts, 1, 0);
    parts.type = 1;
    ADD(parts.memories, 0, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, LOOP, EMPTY);
    }
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, CONST, i % 64);
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, CONST, i % 63);
        put_all(&parts.code, store, sizeof store);
    }
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, BR_IF, 0);
        put(&parts.code, END);
    }
    finish(module, &parts);
}

/* References that are used after nested loops with a call. */
static void refs_in_loops(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.locals = width, .local_type = ANYREF, .other_count = 1};
    add_globals(&parts, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, LOOP, EMPTY);
    }
    put_op(&parts.code, CALL, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GLOBAL_GET, 0);
        put_op(&parts.code, BR_IF, 0);
        put(&parts.code, END);
    }
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, GET, i);
        put(&parts.code, DROP);
    }
    finish(module, &parts);
}

/* A br_table to one label with values, whose type has many supertypes. */
static void tables_of_branches(bytes_t *module, uint32_t count, uint32_t width)
{
    enum { ABOVE = 60 };
    parts_t parts = {.type_count = ABOVE};
    for (uint32_t i = 0; i < ABOVE; i++) {
        put_op(&parts.types, 0x50, i ? 1 : 0);
        if (i) {
            put_number(&parts.types, i);
        }
        put_op(&parts.types, 0x5f, 0);
    }
    put_op(&parts.types, 0x60, 0);
    put_number(&parts.types, width);
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.types, 0x63, 1);
    }
    parts.type_count++;
    put_op(&parts.code, BLOCK, ABOVE + 1);
    for (uint32_t i = 0; i < width; i++) {
        put_op(&parts.code, REF_NULL, ABOVE);
    }
    put_op(&parts.code, CONST, 0);
    put_op(&parts.code, BR_TABLE, count);
    put_many(&parts.code, 0, count + 1);
    put(&parts.code, END);
    put_many(&parts.code, DROP, width);
    finish(module, &parts);
}

/* Functions with many values that can be called from anywhere. */
static void wide_functions(bytes_t *module, uint32_t count, uint32_t width)
{
    bytes_t segment = {NULL, 0, 0};
    parts_t parts = {.other_type = 1, .other_count = count};
    put_type(&parts, width, width);
    put_op(&segment, 1, 0);
    put_number(&segment, count);
    for (uint32_t i = 1; i <= count; i++) {
        put_number(&segment, i);
    }
    add_entry(&parts.elements, segment.data, segment.size);
    free_bytes(&segment);
    finish(module, &parts);
}

/* Operands that are all on the stack at the same time. */
static void high_stack(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {0};
    put_type(&parts, 1, 1);
    parts.type = 1;
    ADD(parts.memories, 0, 1);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, 0x28, 2);
        put_number(&parts.code, (uint64_t)4 * i);
    }
    put_many(&parts.code, 0x6a, count - 1);
    finish(module, &parts);
}

/* Accesses to a memory that is not exported, among many exports. */
static void exports(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {0};
    ADD(parts.memories, 0, 1);
    for (uint32_t i = 0; i < width; i++) {
        ADD(parts.exports, 3, (uint8_t)('a' + i / 676), (uint8_t)('a' + i / 26 % 26), (uint8_t)('a' + i % 26), 0, 0);
    }
    for (uint32_t i = 0; i < count; i++) {
        static const uint8_t load[] = {CONST, 0, 0x28, 2, 0, DROP};
        put_all(&parts.code, load, sizeof load);
    }
    finish(module, &parts);
}

/* Branches out of one block. */
static void branches_out(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = 1};
    put_op(&parts.code, BLOCK, EMPTY);
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GET, 0);
        put_op(&parts.code, IF, EMPTY);
        put_op(&parts.code, BR, 1);
        put(&parts.code, END);
    }
    put(&parts.code, END);
    finish(module, &parts);
}

const shape_t shapes[] = {
    {"values through loops", params_loop, {1, 30, 1000, 0}},
    {"values through blocks", params_block, {1, 30, 1000, 0}},
    {"values through ifs", params_if, {1, 30, 1000, 0}},
    {"values through branches", params_branch, {1, 30, 1000, 0}},
    {"locals set in nested ifs", merged_if, {1, 30, 1000, 0}},
    {"locals set behind a table of branches", merged_table, {1, 0, 0, 0}},
    {"parameters used behind ifs", live_params, {30, 1000, 0, 0}},
    {"operands used behind blocks", live_operands, {30, 1000, 10000, 0}},
    {"calls that hand on values", calls, {1, 30, 1000, 0}},
    {"calls in the place of returns", tail_calls, {30, 1000, 0, 0}},
    {"returns of values", returns, {30, 1000, 0, 0}},
    {"calls through a table", indirect_calls, {1, 0, 0, 0}},
    {"structs of many fields", structs, {1, 100, 10000, 0}},
    {"calls in the scope of handlers", handlers, {1, 30, 1000, 0}},
    {"nested handlers", nested_handlers, {1, 0, 0, 0}},
    {"exceptions thrown", throws, {1, 0, 0, 0}},
    {"globals that are copied", globals, {1, 0, 0, 0}},
    {"globals that are set", globals_set, {1, 0, 0, 0}},
    {"functions with locals", functions, {1, 1000, 50000, 0}},
    {"functions with parameters", functions_with_params, {30, 1000, 0, 0}},
    {"nested blocks", nested, {1, 2, 0, 0}},
    {"a chain of elses", else_chain, {1, 0, 0, 0}},
    {"globals set in blocks", globals_in_blocks, {30, 300, 3000, 0}},
    {"values caught in one block", caught_by_one, {1, 30, 1000, 0}},
    {"values caught in many blocks", caught_by_many, {1, 30, 1000, 0}},
    {"blocks of handlers in turn", handlers_in_turn, {1, 8, 64, 0}},
    {"locals set in the scope of a handler", locals_in_handlers, {10, 100, 1000, 3000}},
    {"references across calls", refs_across_calls, {10, 1000, 0, 0}},
    {"references across objects", refs_across_objects, {10, 1000, 0, 0}},
    {"references across casts", refs_across_casts, {10, 1000, 0, 0}},
    {"references across functions", refs_across_functions, {10, 1000, 0, 0}},
    {"references across loads", refs_across_loads, {10, 1000, 0, 0}},
    {"numbers across casts", numbers_across_casts, {10, 1000, 0, 0}},
    {"numbers across calls by a table", numbers_across_calls, {10, 1000, 0, 0}},
    {"objects one after the other", objects_one_after_the_other, {1, 0, 0, 0}},
    {"casts", casts, {1, 0, 0, 0}},
    {"functions of tables", functions_of_tables, {1, 0, 0, 0}},
    {"copies of tables", copies_of_tables, {1, 0, 0, 0}},
    {"arrays of operands", fixed_arrays, {1, 50, 1000, 0}},
    {"casts that branch with values", cast_branches, {1, 30, 900, 0}},
    {"globals of objects", global_objects, {1, 0, 0, 0}},
    {"globals of functions", global_functions, {1, 0, 0, 0}},
    {"globals of null", global_nulls, {1, 0, 0, 0}},
    {"data of which one is beyond its memory", data_beyond, {1, 0, 0, 0}},
    {"segments of functions", passive_functions, {1, 100, 0, 0}},
    {"segments of objects", passive_objects, {1, 100, 0, 0}},
    {"functions at an offset", functions_at_an_offset, {1, 100, 0, 0}},
    {"data at an offset", data_at_an_offset, {1, 0, 0, 0}},
    {"tables with a function at the end", sparse_tables, {1, 0, 0, 0}},
    {"memories with bytes far apart", sparse_memories, {1, 0, 0, 0}},
    {"values in nested loops", nested_loops, {1, 100, 1000, 0}},
    {"references across nested loops", refs_in_loops, {1, 30, 300, 0}},
    {"tables of branches with values", tables_of_branches, {1, 30, 1000, 0}},
    {"functions of many values in a segment", wide_functions, {10, 100, 1000, 0}},
    {"operands that are all there at once", high_stack, {1, 0, 0, 0}},
    {"accesses with many exports", exports, {10, 5000, 0, 0}},
    {"branches out of one block", branches_out, {1, 0, 0, 0}},
};

const size_t shape_count = sizeof shapes / sizeof shapes[0];
