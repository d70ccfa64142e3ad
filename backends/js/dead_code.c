/*
 * Validation of code that cannot be reached (core specification, appendix "Validation Algorithm"): of a function's
 * instructions only those behind a branch, up to the end of the block, since the engine has looked at the others. What
 * is on the operand stack there does not depend on what was before.
 *
 * It knows numbers, funcref and externref, and the instructions for them. A body in which anything else comes up in
 * dead code counts as valid from there on: better to accept what the engine does than to refuse what is right.
 */
#include "dead_code.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "binary/instruction.h"
#include "items.h"

#include <string.h>

/* A type on the operand stack that may be any. */
enum { ANY = 0 };

/* The type of a block, or of a function's body: none, one result, or that of a function. */
typedef struct block_type {
    uint8_t result; /* Of one that has but this; else 0. */
    bool has_func;
    uint32_t func; /* Its type's index. */
} block_type_t;

typedef struct control {
    block_type_t type;
    uint32_t height; /* Of the operand stack where it begins. */
    bool is_loop;
    bool is_if;
    bool is_dead;   /* What is on the stack above that may be anything. */
    bool was_alive; /* It began in code that can be reached. */
} control_t;

typedef struct checker {
    const js_module_t *module;
    js_items_t items;
    js_bytes_t locals;   /* Their types, of the function at hand. */
    js_bytes_t stack;    /* The operands' types, */
    js_bytes_t controls; /* and the blocks around (control_t). */
    bool is_dead;        /* The code at hand is. */
    bool wrong;
    bool unknown;
} checker_t;

/* ---- Types of functions and blocks ---- */

/* Gives the types of parameters or results one after the other. */
typedef struct types {
    cursor_t cursor;
    uint32_t left;
    uint8_t single; /* One type, instead of what is read. */
} types_t;

static types_t types_of_func(const js_module_t *module, uint32_t type, bool results)
{
    types_t types = {.cursor = {module->types->bytes, module->type_at[type], module->types->size, false}};
    types.left = u32(&types.cursor);
    if (results) {
        for (; types.left > 0; types.left--) {
            wrl_skip_valtype(&types.cursor);
        }
        types.left = u32(&types.cursor);
    }
    return types;
}

static types_t types_of_block(const checker_t *checker, const block_type_t *block, bool results)
{
    if (block->has_func) {
        return types_of_func(checker->module, block->func, results);
    }
    bool is_single = results && block->result;
    return (types_t){.left = is_single, .single = is_single ? block->result : 0};
}

static uint8_t next_type(types_t *types)
{
    types->left--;
    return types->single ? types->single : js_read_type(&types->cursor);
}

/* Whether there is a function type of that index. The engine may not have looked. */
static bool has_func_type(checker_t *checker, uint32_t type)
{
    const js_module_t *module = checker->module;
    checker->wrong |= type >= module->type_count || module->type_at[type] >= WRL_SCAN_ARRAY;
    return !checker->wrong;
}

/* The type of an item of that index: of a local, a global, or a table's elements. */
static uint8_t type_at(checker_t *checker, const uint8_t *types, size_t count, uint32_t index)
{
    checker->wrong |= index >= count;
    return index < count ? types[index] : ANY;
}

static uint8_t element_type(checker_t *checker, uint32_t table)
{
    return type_at(checker, checker->items.table_types, checker->items.table_count, table);
}

/* ---- The operand stack ---- */

static control_t *controls_of(const checker_t *checker)
{
    return (control_t *)(void *)checker->controls.data;
}

static uint32_t depth_of(const checker_t *checker)
{
    return (uint32_t)(checker->controls.size / sizeof(control_t));
}

static control_t *top_of(const checker_t *checker)
{
    return &controls_of(checker)[depth_of(checker) - 1];
}

static void push(checker_t *checker, uint8_t type)
{
    checker->unknown |= type == CODE_REF;
    js_put(&checker->stack, type);
}

/* Returns what was there. */
static uint8_t pop(checker_t *checker, uint8_t expected)
{
    const control_t *top = top_of(checker);
    checker->unknown |= expected == CODE_REF;
    if (checker->stack.size == top->height) {
        checker->wrong |= !top->is_dead;
        return ANY;
    }
    uint8_t found = checker->stack.data[--checker->stack.size];
    checker->wrong |= found != ANY && expected != ANY && found != expected;
    return found;
}

static void push_all(checker_t *checker, types_t types)
{
    while (types.left > 0) {
        push(checker, next_type(&types));
    }
}

/* The last of them is on top. They lie in the order of the stack, so that they are compared from below. */
static void pop_all(checker_t *checker, types_t types)
{
    const control_t *top = top_of(checker);
    size_t there = checker->stack.size - top->height;
    size_t missing = types.left > there ? types.left - there : 0;
    checker->wrong |= missing && !top->is_dead;
    size_t at = checker->stack.size - (types.left - missing);
    for (size_t i = 0, count = types.left; i < count && !checker->stack.failed; i++) {
        uint8_t expected = next_type(&types);
        checker->unknown |= expected == CODE_REF;
        if (i >= missing) {
            uint8_t found = checker->stack.data[at + (i - missing)];
            checker->wrong |= found != ANY && found != expected;
        }
    }
    checker->stack.size = at;
}

/* ---- Blocks ---- */

static void push_control(checker_t *checker, const block_type_t *type, unsigned op)
{
    const control_t control = {.type = *type,
                               .height = (uint32_t)checker->stack.size,
                               .is_loop = op == OP_LOOP,
                               .is_if = op == OP_IF,
                               .was_alive = !checker->is_dead};
    js_put_all(&checker->controls, (const uint8_t *)&control, sizeof control);
}

static void begin_block(checker_t *checker, const block_type_t *type, unsigned op)
{
    if (!checker->is_dead) {
        push_control(checker, type, op);
        return;
    }
    if (op == OP_IF) {
        pop(checker, CODE_I32);
    }
    pop_all(checker, types_of_block(checker, type, false));
    push_control(checker, type, op);
    push_all(checker, types_of_block(checker, type, false));
}

/* The rest of the block cannot be reached. */
static void die(checker_t *checker)
{
    control_t *top = top_of(checker);
    top->is_dead = true;
    checker->is_dead = true;
    checker->stack.size = top->height;
}

/* At the end of a block, or of one half of it: its results are on the stack, and nothing else. */
static void check_results(checker_t *checker)
{
    if (checker->is_dead) {
        pop_all(checker, types_of_block(checker, &top_of(checker)->type, true));
        checker->wrong |= checker->stack.size != top_of(checker)->height;
    }
}

static void begin_else(checker_t *checker)
{
    check_results(checker);
    control_t *top = top_of(checker);
    checker->is_dead = !top->was_alive;
    top->is_dead = top->is_if = false;
    checker->stack.size = top->height;
    if (checker->is_dead) {
        push_all(checker, types_of_block(checker, &top->type, false));
    }
}

/* Without an else the parameters are the results. */
static bool is_same_on_both_ends(const checker_t *checker, const block_type_t *type)
{
    types_t params = types_of_block(checker, type, false), results = types_of_block(checker, type, true);
    bool same = params.left == results.left;
    while (same && params.left > 0) {
        same = next_type(&params) == next_type(&results);
    }
    return same;
}

static void end_block(checker_t *checker)
{
    check_results(checker);
    const control_t ended = *top_of(checker);
    checker->wrong |= ended.is_if && !ended.was_alive && !is_same_on_both_ends(checker, &ended.type);
    checker->controls.size -= sizeof ended;
    checker->is_dead = !ended.was_alive;
    checker->stack.size = ended.height;
    if (checker->is_dead) {
        push_all(checker, types_of_block(checker, &ended.type, true));
    }
}

/* ---- Branches ---- */

static types_t types_of_label(const checker_t *checker, uint32_t label)
{
    const control_t *control = &controls_of(checker)[depth_of(checker) - 1 - label];
    return types_of_block(checker, &control->type, !control->is_loop);
}

static bool has_label(checker_t *checker, uint32_t label)
{
    checker->wrong |= label >= depth_of(checker);
    return !checker->wrong;
}

static void branch(checker_t *checker, uint32_t label)
{
    if (checker->is_dead && has_label(checker, label)) {
        pop_all(checker, types_of_label(checker, label));
    }
    die(checker);
}

static void branch_if(checker_t *checker, uint32_t label)
{
    pop(checker, CODE_I32);
    if (has_label(checker, label)) {
        pop_all(checker, types_of_label(checker, label));
        push_all(checker, types_of_label(checker, label));
    }
}

/* All labels take as many operands; what may be any stays so for the next of them. */
static void check_label(checker_t *checker, uint32_t label, uint32_t arity)
{
    if (!has_label(checker, label)) {
        return;
    }
    types_t types = types_of_label(checker, label);
    checker->wrong |= types.left != arity;
    control_t *top = top_of(checker);
    size_t size = checker->stack.size;
    pop_all(checker, types);
    if (size - top->height >= types.left) {
        checker->stack.size = size;
        return;
    }
    /* As the algorithm has it, those that were taken from nothing are there from now on. */
    size_t there = size - top->height;
    checker->stack.size = size;
    for (size_t missing = types.left - there; missing > 0; missing--) {
        js_put(&checker->stack, ANY);
    }
    if (!checker->stack.failed) {
        memmove(checker->stack.data + top->height + (types.left - there), checker->stack.data + top->height, there);
        memset(checker->stack.data + top->height, ANY, types.left - there);
    }
}

static void branch_table(checker_t *checker, cursor_t labels)
{
    if (checker->is_dead) {
        pop(checker, CODE_I32);
        cursor_t last = labels;
        uint32_t count = u32(&labels);
        for (uint32_t i = u32(&last); i > 0; i--) {
            u32(&last);
        }
        uint32_t fallback = u32(&last);
        uint32_t arity = has_label(checker, fallback) ? types_of_label(checker, fallback).left : 0;
        for (; count > 0 && !checker->wrong; count--) {
            check_label(checker, u32(&labels), arity);
        }
        check_label(checker, fallback, arity);
    }
    die(checker);
}

/* ---- Instructions on numbers ---- */

/* Up to the code `last`: from one operand or two of a type to another. */
typedef struct numeric {
    uint8_t last;
    uint8_t count;
    uint8_t from;
    uint8_t to;
} numeric_t;

/* From FIRST_NUMERIC on. */
enum { FIRST_NUMERIC = 0x45, LAST_NUMERIC = 0xc4 };
static const numeric_t numerics[] = {
    {0x45, 1, CODE_I32, CODE_I32}, {0x4f, 2, CODE_I32, CODE_I32}, {0x50, 1, CODE_I64, CODE_I32},
    {0x5a, 2, CODE_I64, CODE_I32}, {0x60, 2, CODE_F32, CODE_I32}, {0x66, 2, CODE_F64, CODE_I32},
    {0x69, 1, CODE_I32, CODE_I32}, {0x78, 2, CODE_I32, CODE_I32}, {0x7b, 1, CODE_I64, CODE_I64},
    {0x8a, 2, CODE_I64, CODE_I64}, {0x91, 1, CODE_F32, CODE_F32}, {0x98, 2, CODE_F32, CODE_F32},
    {0x9f, 1, CODE_F64, CODE_F64}, {0xa6, 2, CODE_F64, CODE_F64}, {0xa7, 1, CODE_I64, CODE_I32},
    {0xa9, 1, CODE_F32, CODE_I32}, {0xab, 1, CODE_F64, CODE_I32}, {0xad, 1, CODE_I32, CODE_I64},
    {0xaf, 1, CODE_F32, CODE_I64}, {0xb1, 1, CODE_F64, CODE_I64}, {0xb3, 1, CODE_I32, CODE_F32},
    {0xb5, 1, CODE_I64, CODE_F32}, {0xb6, 1, CODE_F64, CODE_F32}, {0xb8, 1, CODE_I32, CODE_F64},
    {0xba, 1, CODE_I64, CODE_F64}, {0xbb, 1, CODE_F32, CODE_F64}, {0xbc, 1, CODE_F32, CODE_I32},
    {0xbd, 1, CODE_F64, CODE_I64}, {0xbe, 1, CODE_I32, CODE_F32}, {0xbf, 1, CODE_I64, CODE_F64},
    {0xc1, 1, CODE_I32, CODE_I32}, {0xc4, 1, CODE_I64, CODE_I64},
};

static void check_numeric(checker_t *checker, unsigned op)
{
    const numeric_t *numeric = numerics;
    while (op > numeric->last) {
        numeric++;
    }
    pop(checker, numeric->from);
    if (numeric->count == 2) {
        pop(checker, numeric->from);
    }
    push(checker, numeric->to);
}

/* From 0x28 on: loads, then stores. */
enum { FIRST_LOAD = 0x28, FIRST_STORE = 0x36, LAST_STORE = 0x3e };
static const uint8_t accessed[] = {CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_I32, CODE_I32, CODE_I32, CODE_I32,
                                   CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I32, CODE_I64,
                                   CODE_F32, CODE_F64, CODE_I32, CODE_I32, CODE_I64, CODE_I64, CODE_I64};

static void check_access(checker_t *checker, unsigned op)
{
    uint8_t type = accessed[op - FIRST_LOAD];
    if (op >= FIRST_STORE) {
        pop(checker, type);
    }
    pop(checker, CODE_I32);
    if (op < FIRST_STORE) {
        push(checker, type);
    }
}

/* ---- Other instructions ---- */

static void check_call(checker_t *checker, uint32_t type, bool returns)
{
    if (!has_func_type(checker, type)) {
        return;
    }
    pop_all(checker, types_of_func(checker->module, type, false));
    if (!returns) {
        push_all(checker, types_of_func(checker->module, type, true));
    }
}

static void check_call_of(checker_t *checker, uint32_t func, bool returns)
{
    checker->wrong |= func >= checker->module->func_count;
    if (!checker->wrong) {
        check_call(checker, checker->module->func_type[func], returns);
    }
}

static void check_indirect_call(checker_t *checker, const wrl_instruction_t *instruction, bool returns)
{
    checker->wrong |= instruction->second >= checker->items.table_count;
    pop(checker, CODE_I32);
    check_call(checker, instruction->first, returns);
}

static void check_select(checker_t *checker)
{
    pop(checker, CODE_I32);
    uint8_t first = pop(checker, ANY), second = pop(checker, ANY);
    bool has_reference = (first != ANY && first < CODE_V128) || (second != ANY && second < CODE_V128);
    checker->wrong |= has_reference || (first != ANY && second != ANY && first != second);
    js_put(&checker->stack, first != ANY ? first : second);
}

static void check_typed_select(checker_t *checker, cursor_t types)
{
    checker->unknown |= u32(&types) != 1;
    uint8_t type = js_read_type(&types);
    pop(checker, CODE_I32);
    pop(checker, type);
    pop(checker, type);
    push(checker, type);
}

static void check_bulk(checker_t *checker, const wrl_instruction_t *instruction)
{
    static const uint8_t truncated[] = {CODE_F32, CODE_F32, CODE_F64, CODE_F64};
    enum { FIRST_I64 = 4 };
    uint32_t code = instruction->code;
    if (code <= BULK_LAST_CONVERSION) {
        pop(checker, truncated[code % FIRST_I64]);
        push(checker, code < FIRST_I64 ? CODE_I32 : CODE_I64);
    } else if (code == BULK_DATA_DROP || code == BULK_ELEM_DROP) {
        return;
    } else if (code <= BULK_TABLE_COPY) {
        pop(checker, CODE_I32);
        pop(checker, CODE_I32);
        pop(checker, CODE_I32);
    } else if (code == BULK_TABLE_GROW) {
        pop(checker, CODE_I32);
        pop(checker, element_type(checker, instruction->first));
        push(checker, CODE_I32);
    } else if (code == BULK_TABLE_SIZE) {
        push(checker, CODE_I32);
    } else if (code == BULK_TABLE_FILL) {
        pop(checker, CODE_I32);
        pop(checker, element_type(checker, instruction->first));
        pop(checker, CODE_I32);
    } else {
        checker->unknown = true;
    }
}

static void check_null(checker_t *checker)
{
    uint8_t type = pop(checker, ANY);
    checker->wrong |= type >= CODE_V128;
    push(checker, CODE_I32);
}

static void check_local(checker_t *checker, const wrl_instruction_t *instruction)
{
    uint8_t type = type_at(checker, checker->locals.data, checker->locals.size, instruction->first);
    if (instruction->op != OP_LOCAL_GET) {
        pop(checker, type);
    }
    if (instruction->op != OP_LOCAL_SET) {
        push(checker, type);
    }
}

static void check_global(checker_t *checker, const wrl_instruction_t *instruction)
{
    const js_items_t *items = &checker->items;
    uint8_t type = type_at(checker, items->global_types, items->global_count, instruction->first);
    if (instruction->op == OP_GLOBAL_GET) {
        push(checker, type);
    } else {
        pop(checker, type);
    }
}

static void check_element(checker_t *checker, const wrl_instruction_t *instruction)
{
    uint8_t type = element_type(checker, instruction->first);
    if (instruction->op == OP_TABLE_SET) {
        pop(checker, type);
    }
    pop(checker, CODE_I32);
    if (instruction->op == OP_TABLE_GET) {
        push(checker, type);
    }
}

/* An instruction in dead code that neither begins nor ends a block, nor leaves one. */
static void check_plain(checker_t *checker, const wrl_instruction_t *instruction, const uint8_t *bytes, size_t end)
{
    static const uint8_t constants[] = {CODE_I32, CODE_I64, CODE_F32, CODE_F64};
    unsigned op = instruction->op;
    if (op >= FIRST_NUMERIC && op <= LAST_NUMERIC) {
        check_numeric(checker, op);
        return;
    }
    if (op >= FIRST_LOAD && op <= LAST_STORE) {
        check_access(checker, op);
        return;
    }
    if (op >= OP_I32_CONST && op <= OP_F64_CONST) {
        push(checker, constants[op - OP_I32_CONST]);
        return;
    }
    switch (op) {
    case OP_NOP:
        break;
    case OP_LOCAL_GET:
    case OP_LOCAL_SET:
    case OP_LOCAL_TEE:
        check_local(checker, instruction);
        break;
    case OP_GLOBAL_GET:
    case OP_GLOBAL_SET:
        check_global(checker, instruction);
        break;
    case OP_TABLE_GET:
    case OP_TABLE_SET:
        check_element(checker, instruction);
        break;
    case OP_BR_IF:
        branch_if(checker, instruction->first);
        break;
    case OP_CALL_INDIRECT:
        check_indirect_call(checker, instruction, false);
        break;
    case OP_CALL:
        check_call_of(checker, instruction->first, false);
        break;
    case OP_DROP:
        pop(checker, ANY);
        break;
    case OP_SELECT:
        check_select(checker);
        break;
    case OP_SELECT_TYPED:
        check_typed_select(checker, (cursor_t){bytes, instruction->at, end, false});
        break;
    case OP_MEMORY_SIZE:
        push(checker, CODE_I32);
        break;
    case OP_MEMORY_GROW:
        pop(checker, CODE_I32);
        push(checker, CODE_I32);
        break;
    case OP_REF_NULL:
        checker->unknown |= bytes[instruction->at] != CODE_FUNCREF && bytes[instruction->at] != CODE_EXTERNREF;
        push(checker, bytes[instruction->at]);
        break;
    case OP_REF_IS_NULL:
        check_null(checker);
        break;
    case OP_REF_FUNC:
        push(checker, CODE_FUNCREF);
        break;
    case OP_BULK:
        check_bulk(checker, instruction);
        break;
    default:
        checker->unknown = true;
    }
}

static block_type_t read_block_type(cursor_t cursor)
{
    uint8_t code = cursor.bytes[cursor.at];
    if (code == BLOCK_EMPTY) {
        return (block_type_t){0, false, 0};
    }
    /* The indices of types are not negative. */
    if ((code & 0xc0) == 0x40) {
        return (block_type_t){js_read_type(&cursor), false, 0};
    }
    return (block_type_t){0, true, u32(&cursor)};
}

static void check_instruction(checker_t *checker, const wrl_instruction_t *instruction, const uint8_t *bytes,
                              size_t end)
{
    const cursor_t rest = {bytes, instruction->at, end, false};
    switch (instruction->op) {
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF: {
        const block_type_t type = read_block_type(rest);
        if (!type.has_func || has_func_type(checker, type.func)) {
            begin_block(checker, &type, instruction->op);
        }
        break;
    }
    case OP_ELSE:
        begin_else(checker);
        break;
    case OP_END:
        end_block(checker);
        break;
    case OP_UNREACHABLE:
        die(checker);
        break;
    case OP_BR:
        branch(checker, instruction->first);
        break;
    case OP_RETURN:
        branch(checker, depth_of(checker) - 1);
        break;
    case OP_BR_TABLE:
        branch_table(checker, rest);
        break;
    case OP_RETURN_CALL:
        if (checker->is_dead) {
            check_call_of(checker, instruction->first, true);
        }
        die(checker);
        break;
    case OP_RETURN_CALL_INDIRECT:
        if (checker->is_dead) {
            check_indirect_call(checker, instruction, true);
        }
        die(checker);
        break;
    case OP_TRY:
    case OP_CATCH:
    case OP_THROW:
    case OP_RETHROW:
    case OP_THROW_REF:
    case OP_RETURN_CALL_REF:
    case OP_DELEGATE:
    case OP_CATCH_ALL:
    case OP_TRY_TABLE:
        checker->unknown = true;
        break;
    default:
        if (checker->is_dead) {
            check_plain(checker, instruction, bytes, end);
        }
    }
}

/* ---- Functions ---- */

/* False if there are too many for any engine. */
static bool read_locals(checker_t *checker, uint32_t type, cursor_t *cursor)
{
    enum { MOST_LOCALS = 100000 };
    types_t params = types_of_func(checker->module, type, false);
    checker->locals.size = 0;
    while (params.left > 0) {
        js_put(&checker->locals, next_type(&params));
    }
    for (uint32_t groups = u32(cursor); groups > 0 && !cursor->failed; groups--) {
        uint32_t count = u32(cursor);
        uint8_t local = js_read_type(cursor);
        if (count > MOST_LOCALS - checker->locals.size) {
            return false;
        }
        for (; count > 0; count--) {
            js_put(&checker->locals, local);
        }
    }
    return !cursor->failed;
}

static void check_body(checker_t *checker, uint32_t func, cursor_t code)
{
    uint32_t type = checker->module->func_type[func];
    checker->stack.size = checker->controls.size = 0;
    checker->is_dead = checker->unknown = false;
    if (!read_locals(checker, type, &code)) {
        return;
    }
    push_control(checker, &(block_type_t){0, true, type}, OP_BLOCK);
    while (!checker->wrong && !checker->unknown && checker->controls.size > 0 && code.at < code.end) {
        wrl_instruction_t instruction;
        if (!wrl_next_instruction(&code, &instruction) || checker->stack.failed || checker->controls.failed ||
            checker->locals.failed) {
            return;
        }
        check_instruction(checker, &instruction, code.bytes, code.end);
        /* What is not known may look wrong. */
        checker->wrong &= !checker->unknown;
    }
}

js_dead_code_t js_check_dead_code(const js_module_t *module, const uint8_t *bytes, size_t size)
{
    const wrl_core_t *core = module->core;
    checker_t checker = {
        .module = module, .locals = {.core = core}, .stack = {.core = core}, .controls = {.core = core}};
    bool read = js_read_items(core, bytes, size, &checker.items);
    bool is_64 = checker.items.has_memory64 || checker.items.is_unknown;
    for (uint32_t i = 0; i < checker.items.table_count; i++) {
        is_64 |= checker.items.tables_are_64[i];
    }
    uint32_t count = module->func_count - module->func_import_count;
    for (uint32_t i = 0; read && !is_64 && i < count && !checker.wrong; i++) {
        const js_range_t *body = &module->bodies[i];
        check_body(&checker, module->func_import_count + i, (cursor_t){bytes, body->start, body->end, false});
    }
    bool failed = !read || checker.locals.failed || checker.stack.failed || checker.controls.failed;
    js_free_items(core, &checker.items);
    core->free(checker.locals.data);
    core->free(checker.stack.data);
    core->free(checker.controls.data);
    return failed ? JS_DEAD_CODE_NO_MEMORY : checker.wrong ? JS_DEAD_CODE_INVALID : JS_DEAD_CODE_VALID;
}
