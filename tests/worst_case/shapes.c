#include "shapes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { I32 = 0x7f, EMPTY = 0x40, GET = 0x20, SET = 0x21, CONST = 0x41, ADD = 0x6a, DROP = 0x1a, END = 0x0b };
enum { BLOCK = 0x02, LOOP = 0x03, IF = 0x04, ELSE = 0x05, THROW = 0x08, BR = 0x0c, BR_IF = 0x0d, BR_TABLE = 0x0e };
enum { RETURN = 0x0f, CALL = 0x10, CALL_INDIRECT = 0x11, RETURN_CALL = 0x12, TRY_TABLE = 0x1f };
enum { GLOBAL_GET = 0x23, GLOBAL_SET = 0x24, CATCH_ALL = 2, GC = 0xfb, STRUCT_NEW_DEFAULT = 1 };

/* ---- Bytes ---- */

void free_bytes(bytes_t *bytes)
{
    free(bytes->data);
    *bytes = (bytes_t){NULL, 0, 0};
}

static void put_all(bytes_t *bytes, const uint8_t *data, size_t size)
{
    if (bytes->capacity - bytes->size < size) {
        size_t capacity = 2 * (bytes->size + size) + 64;
        uint8_t *moved = realloc(bytes->data, capacity);
        if (!moved) {
            (void)fputs("no memory for the test itself\n", stderr);
            exit(2);
        }
        bytes->data = moved;
        bytes->capacity = capacity;
    }
    if (size) {
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

static void put(bytes_t *bytes, unsigned byte)
{
    uint8_t one = (uint8_t)byte;
    put_all(bytes, &one, 1);
}

static void put_number(bytes_t *bytes, uint64_t number)
{
    do {
        unsigned low = number & 0x7f;
        number >>= 7;
        put(bytes, low | (number ? 0x80 : 0));
    } while (number);
}

static void put_op(bytes_t *bytes, unsigned op, uint64_t number)
{
    put(bytes, op);
    put_number(bytes, number);
}

static void put_many(bytes_t *bytes, unsigned byte, uint32_t count)
{
    for (; count > 0; count--) {
        put(bytes, byte);
    }
}

static void get_all(bytes_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_op(bytes, GET, i);
    }
}

static void put_consts(bytes_t *bytes, uint32_t count)
{
    for (; count > 0; count--) {
        put_op(bytes, CONST, 0);
    }
}

/* ---- Modules ---- */

/* The parts of a module that a shape fills. All functions but the first are empty. */
typedef struct parts {
    bytes_t types; /* Beside type 0, () -> (). */
    uint32_t type_count;
    bytes_t code;         /* Of the first function. */
    uint32_t type;        /* Its type, */
    uint32_t locals;      /* and how many locals it has. */
    uint32_t other_type;  /* Of the other functions, */
    uint32_t other_count; /* how many there are, */
    uint32_t other_locals;
    uint32_t global_count;
    bool has_table;
    bool has_tag;
} parts_t;

static void put_type(parts_t *parts, uint32_t params, uint32_t results)
{
    put(&parts->types, 0x60);
    put_number(&parts->types, params);
    put_many(&parts->types, I32, params);
    put_number(&parts->types, results);
    put_many(&parts->types, I32, results);
    parts->type_count++;
}

static void put_section(bytes_t *module, unsigned id, bytes_t *contents)
{
    put_op(module, id, contents->size);
    put_all(module, contents->data, contents->size);
    free_bytes(contents);
}

static void put_body(bytes_t *section, uint32_t locals, const bytes_t *code)
{
    bytes_t body = {NULL, 0, 0};
    put(&body, locals ? 1 : 0);
    if (locals) {
        put_number(&body, locals);
        put(&body, I32);
    }
    put_all(&body, code->data, code->size);
    put(&body, END);
    put_number(section, body.size);
    put_all(section, body.data, body.size);
    free_bytes(&body);
}

static void put_types(bytes_t *module, parts_t *parts)
{
    static const uint8_t plain[] = {0x60, 0, 0};
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->type_count + 1);
    put_all(&section, plain, sizeof plain);
    put_all(&section, parts->types.data, parts->types.size);
    free_bytes(&parts->types);
    put_section(module, 1, &section);
}

static void put_functions(bytes_t *module, const parts_t *parts)
{
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->other_count + 1);
    put_number(&section, parts->type);
    for (uint32_t i = 0; i < parts->other_count; i++) {
        put_number(&section, parts->other_type);
    }
    put_section(module, 3, &section);
}

static void put_globals(bytes_t *module, const parts_t *parts)
{
    static const uint8_t global[] = {I32, 1, CONST, 0, END};
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->global_count);
    for (uint32_t i = 0; i < parts->global_count; i++) {
        put_all(&section, global, sizeof global);
    }
    put_section(module, 6, &section);
}

static void put_code(bytes_t *module, parts_t *parts)
{
    static uint8_t unreachable[] = {0};
    const bytes_t nothing = {unreachable, sizeof unreachable, sizeof unreachable};
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->other_count + 1);
    put_body(&section, parts->locals, &parts->code);
    for (uint32_t i = 0; i < parts->other_count; i++) {
        put_body(&section, parts->other_locals, &nothing);
    }
    free_bytes(&parts->code);
    put_section(module, 10, &section);
}

static void finish(bytes_t *module, parts_t *parts)
{
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    static const uint8_t table[] = {4, 4, 1, 0x70, 0, 10};
    static const uint8_t tag[] = {13, 3, 1, 0, 0};
    put_all(module, header, sizeof header);
    put_types(module, parts);
    put_functions(module, parts);
    if (parts->has_table) {
        put_all(module, table, sizeof table);
    }
    if (parts->has_tag) {
        put_all(module, tag, sizeof tag);
    }
    if (parts->global_count) {
        put_globals(module, parts);
    }
    put_code(module, parts);
}

/* ---- Shapes ---- */

/* Values on the operand stack that go through blocks of some kind one after the other. */
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

/* Locals of which each is set in the innermost of many blocks. */
static void merged_if(bytes_t *module, uint32_t count, uint32_t width)
{
    parts_t parts = {.locals = width, .global_count = 1};
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

/* A table of branches out of many blocks, behind each of which another local is set. */
static void merged_table(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.locals = count, .global_count = 1};
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

/* Parameters that are used behind many blocks. */
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

/* Results on the operand stack, the same. */
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
    parts_t parts = {.locals = 1, .has_table = true};
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
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, CALL, 0);
    }
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
    parts_t parts = {.locals = 1, .has_tag = true};
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
    parts_t parts = {.global_count = count};
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, GLOBAL_GET, i);
        put_op(&parts.code, GLOBAL_SET, i);
    }
    finish(module, &parts);
}

static void globals_set(bytes_t *module, uint32_t count, uint32_t width)
{
    (void)width;
    parts_t parts = {.global_count = count};
    for (uint32_t i = 0; i < count; i++) {
        put_op(&parts.code, CONST, 0);
        put_op(&parts.code, GLOBAL_SET, i);
    }
    finish(module, &parts);
}

/* Many functions, each with many locals. */
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
};

const size_t shape_count = sizeof shapes / sizeof shapes[0];
