/*
 * Validates code that cannot be reached (core specification, appendix "Validation Algorithm"). In a function, these are
 * the instructions from a branch to the end of its block. The engine has validated all others. The operand stack there
 * does not depend on what came before.
 *
 * The pass knows numbers, funcref and externref, and the instructions for them. A body with anything else in dead code
 * counts as valid from there on: it is better to accept what the engine accepts than to reject valid code.
 */
#include "rewrite/dead_code.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "rewrite/dead_code_checker.h"

#include <string.h>

/* ---- Types of functions and blocks ---- */

uint8_t wrl__dead_code_of(const wrl_valtype_t *type)
{
    static const uint8_t codes[] = {[WRL_VALKIND_I32] = CODE_I32,
                                    [WRL_VALKIND_I64] = CODE_I64,
                                    [WRL_VALKIND_F32] = CODE_F32,
                                    [WRL_VALKIND_F64] = CODE_F64,
                                    [WRL_VALKIND_V128] = CODE_V128,
                                    [WRL_VALKIND_FUNCREF] = CODE_FUNCREF,
                                    [WRL_VALKIND_EXTERNREF] = CODE_EXTERNREF};
    return type->kind < sizeof codes ? codes[type->kind] : CODE_REF;
}

uint8_t wrl__dead_read_type(cursor_t *cursor)
{
    size_t at = cursor->at;
    wrl__skip_valtype(cursor);
    uint8_t code = cursor->failed ? 0 : cursor->bytes[at];
    return code >= CODE_V128 || code == CODE_FUNCREF || code == CODE_EXTERNREF ? code : CODE_REF;
}

types_t wrl__dead_types_of_func(const wrl_module_info_t *info, uint32_t type, bool results)
{
    const wrl_type_record_t *record = &info->types[type];
    const wrl_valtype_t *values = info->values + record->values;
    return results ? (types_t){values + record->param_count, record->result_count, 0}
                   : (types_t){values, record->param_count, 0};
}

static types_t types_of_block(const wrl_dead_code_t *checker, const block_type_t *block, bool results)
{
    if (block->has_func) {
        return wrl__dead_types_of_func(checker->info, block->func, results);
    }
    bool is_single = results && block->result;
    return (types_t){.left = is_single, .single = is_single ? block->result : 0};
}

static uint8_t next_type(types_t *types)
{
    types->left--;
    return types->single ? types->single : wrl__dead_code_of(types->next++);
}

bool wrl__dead_has_func_type(wrl_dead_code_t *checker, uint32_t type)
{
    const wrl_module_info_t *info = checker->info;
    checker->pass.is_invalid |= type >= info->type_count || !info->types[type].is_func;
    return !checker->pass.is_invalid;
}

/* ---- The operand stack ---- */

static control_t *controls_of(const wrl_dead_code_t *checker)
{
    return (control_t *)(void *)checker->controls.data;
}

static uint32_t depth_of(const wrl_dead_code_t *checker)
{
    return (uint32_t)(checker->controls.size / sizeof(control_t));
}

static control_t *top_of(const wrl_dead_code_t *checker)
{
    return &controls_of(checker)[depth_of(checker) - 1];
}

void wrl__dead_push(wrl_dead_code_t *checker, uint8_t type)
{
    checker->unknown |= type == CODE_REF;
    wrl__put(&checker->stack, type);
}

uint8_t wrl__dead_pop(wrl_dead_code_t *checker, uint8_t expected)
{
    const control_t *top = top_of(checker);
    checker->unknown |= expected == CODE_REF;
    if (checker->stack.size == top->height) {
        checker->pass.is_invalid |= !top->is_dead;
        return ANY;
    }
    uint8_t found = checker->stack.data[--checker->stack.size];
    checker->pass.is_invalid |= found != ANY && expected != ANY && found != expected;
    return found;
}

void wrl__dead_push_all(wrl_dead_code_t *checker, types_t types)
{
    while (types.left > 0) {
        wrl__dead_push(checker, next_type(&types));
    }
}

/* The types are in the order of the stack, so they are compared from below. */
void wrl__dead_pop_all(wrl_dead_code_t *checker, types_t types)
{
    const control_t *top = top_of(checker);
    size_t there = checker->stack.size - top->height;
    size_t missing = types.left > there ? types.left - there : 0;
    checker->pass.is_invalid |= missing && !top->is_dead;
    size_t at = checker->stack.size - (types.left - missing);
    for (size_t i = 0, count = types.left; i < count && !checker->stack.failed; i++) {
        uint8_t expected = next_type(&types);
        checker->unknown |= expected == CODE_REF;
        if (i >= missing) {
            uint8_t found = checker->stack.data[at + (i - missing)];
            checker->pass.is_invalid |= found != ANY && found != expected;
        }
    }
    checker->stack.size = at;
}

/* ---- Blocks ---- */

static void push_control(wrl_dead_code_t *checker, const block_type_t *type, unsigned op)
{
    const control_t control = {.type = *type,
                               .height = (uint32_t)checker->stack.size,
                               .is_loop = op == OP_LOOP,
                               .is_if = op == OP_IF,
                               .was_alive = !checker->is_dead};
    wrl__put_all(&checker->controls, (const uint8_t *)&control, sizeof control);
}

static void begin_block(wrl_dead_code_t *checker, const block_type_t *type, unsigned op)
{
    if (!checker->is_dead) {
        push_control(checker, type, op);
        return;
    }
    if (op == OP_IF) {
        wrl__dead_pop(checker, CODE_I32);
    }
    wrl__dead_pop_all(checker, types_of_block(checker, type, false));
    push_control(checker, type, op);
    wrl__dead_push_all(checker, types_of_block(checker, type, false));
}

/* The rest of the block cannot be reached. */
static void die(wrl_dead_code_t *checker)
{
    control_t *top = top_of(checker);
    top->is_dead = true;
    checker->is_dead = true;
    checker->stack.size = top->height;
}

/* Checks the end of a block, or of one half of it: its results must be on the stack, and nothing else. */
static void check_results(wrl_dead_code_t *checker)
{
    if (checker->is_dead) {
        wrl__dead_pop_all(checker, types_of_block(checker, &top_of(checker)->type, true));
        checker->pass.is_invalid |= checker->stack.size != top_of(checker)->height;
    }
}

static void begin_else(wrl_dead_code_t *checker)
{
    check_results(checker);
    control_t *top = top_of(checker);
    checker->is_dead = !top->was_alive;
    top->is_dead = top->is_if = false;
    checker->stack.size = top->height;
    if (checker->is_dead) {
        wrl__dead_push_all(checker, types_of_block(checker, &top->type, false));
    }
}

/* Without an else, the parameters are the results. */
static bool is_same_on_both_ends(const wrl_dead_code_t *checker, const block_type_t *type)
{
    types_t params = types_of_block(checker, type, false), results = types_of_block(checker, type, true);
    bool same = params.left == results.left;
    while (same && params.left > 0) {
        same = next_type(&params) == next_type(&results);
    }
    return same;
}

static void end_block(wrl_dead_code_t *checker)
{
    check_results(checker);
    const control_t ended = *top_of(checker);
    checker->pass.is_invalid |= ended.is_if && !ended.was_alive && !is_same_on_both_ends(checker, &ended.type);
    checker->controls.size -= sizeof ended;
    checker->is_dead = !ended.was_alive;
    checker->stack.size = ended.height;
    if (checker->is_dead) {
        wrl__dead_push_all(checker, types_of_block(checker, &ended.type, true));
    }
}

/* ---- Branches ---- */

static types_t types_of_label(const wrl_dead_code_t *checker, uint32_t label)
{
    const control_t *control = &controls_of(checker)[depth_of(checker) - 1 - label];
    return types_of_block(checker, &control->type, !control->is_loop);
}

static bool has_label(wrl_dead_code_t *checker, uint32_t label)
{
    checker->pass.is_invalid |= label >= depth_of(checker);
    return !checker->pass.is_invalid;
}

static void branch(wrl_dead_code_t *checker, uint32_t label)
{
    if (checker->is_dead && has_label(checker, label)) {
        wrl__dead_pop_all(checker, types_of_label(checker, label));
    }
    die(checker);
}

void wrl__dead_branch_if(wrl_dead_code_t *checker, uint32_t label)
{
    wrl__dead_pop(checker, CODE_I32);
    if (has_label(checker, label)) {
        wrl__dead_pop_all(checker, types_of_label(checker, label));
        wrl__dead_push_all(checker, types_of_label(checker, label));
    }
}

/* Checks one label of a br_table. All labels take the same number of operands. An operand of any type remains one for
 * the next label. */
static void check_label(wrl_dead_code_t *checker, uint32_t label, uint32_t arity)
{
    if (!has_label(checker, label)) {
        return;
    }
    types_t types = types_of_label(checker, label);
    checker->pass.is_invalid |= types.left != arity;
    control_t *top = top_of(checker);
    size_t size = checker->stack.size;
    wrl__dead_pop_all(checker, types);
    if (size - top->height >= types.left) {
        checker->stack.size = size;
        return;
    }
    /* Following the validation algorithm, operands popped from the polymorphic stack are pushed back. */
    size_t there = size - top->height;
    checker->stack.size = size;
    for (size_t missing = types.left - there; missing > 0; missing--) {
        wrl__put(&checker->stack, ANY);
    }
    if (!checker->stack.failed) {
        memmove(checker->stack.data + top->height + (types.left - there), checker->stack.data + top->height, there);
        memset(checker->stack.data + top->height, ANY, types.left - there);
    }
}

static void branch_table(wrl_dead_code_t *checker, cursor_t labels)
{
    if (checker->is_dead) {
        wrl__dead_pop(checker, CODE_I32);
        cursor_t last = labels;
        uint32_t count = u32(&labels);
        for (uint32_t i = u32(&last); i > 0; i--) {
            u32(&last);
        }
        uint32_t fallback = u32(&last);
        uint32_t arity = has_label(checker, fallback) ? types_of_label(checker, fallback).left : 0;
        for (; count > 0 && !checker->pass.is_invalid; count--) {
            check_label(checker, u32(&labels), arity);
        }
        check_label(checker, fallback, arity);
    }
    die(checker);
}

/* ---- Instructions ---- */

static block_type_t read_block_type(cursor_t cursor)
{
    uint8_t code = cursor.bytes[cursor.at];
    if (code == BLOCK_EMPTY) {
        return (block_type_t){0, false, 0};
    }
    /* A negative number is a value type. Type indices are not negative. */
    if ((code & 0xc0) == 0x40) {
        return (block_type_t){wrl__dead_read_type(&cursor), false, 0};
    }
    return (block_type_t){0, true, u32(&cursor)};
}

static void check_instruction(wrl_dead_code_t *checker, const wrl_body_t *body, const wrl_instruction_t *instruction)
{
    const cursor_t rest = {body->code.bytes, instruction->at, body->code.end, false};
    switch (instruction->op) {
    case OP_BLOCK:
    case OP_LOOP:
    case OP_IF: {
        const block_type_t type = read_block_type(rest);
        if (!type.has_func || wrl__dead_has_func_type(checker, type.func)) {
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
            wrl__dead_call(checker, instruction->first, true);
        }
        die(checker);
        break;
    case OP_RETURN_CALL_INDIRECT:
        if (checker->is_dead) {
            wrl__dead_indirect_call(checker, instruction, true);
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
            wrl__dead_plain(checker, body, instruction);
        }
    }
}

/* ---- Functions ---- */

/* Reads the types of the locals. Returns false if there are too many for any engine. */
static bool read_locals(wrl_dead_code_t *checker, uint32_t type, cursor_t cursor)
{
    enum { MOST_LOCALS = 100000 };
    types_t params = wrl__dead_types_of_func(checker->info, type, false);
    checker->locals.size = 0;
    while (params.left > 0) {
        wrl__put(&checker->locals, next_type(&params));
    }
    for (uint32_t groups = u32(&cursor); groups > 0 && !cursor.failed; groups--) {
        uint32_t count = u32(&cursor);
        uint8_t local = wrl__dead_read_type(&cursor);
        if (count > MOST_LOCALS - checker->locals.size) {
            return false;
        }
        for (; count > 0; count--) {
            wrl__put(&checker->locals, local);
        }
    }
    return !cursor.failed;
}

static void begin(wrl_pass_t *pass, const wrl_body_t *body)
{
    wrl_dead_code_t *checker = (wrl_dead_code_t *)(void *)pass;
    checker->stack.size = checker->controls.size = 0;
    checker->is_dead = false;
    checker->unknown = checker->is_left_out || !read_locals(checker, body->type, body->locals);
    push_control(checker, &(block_type_t){0, true, body->type}, OP_BLOCK);
}

static void look(wrl_pass_t *pass, wrl_body_t *body, const wrl_instruction_t *instruction)
{
    wrl_dead_code_t *checker = (wrl_dead_code_t *)(void *)pass;
    pass->failed |= checker->locals.failed || checker->stack.failed || checker->controls.failed;
    if (pass->failed || pass->is_invalid || checker->unknown || checker->controls.size == 0) {
        return;
    }
    check_instruction(checker, body, instruction);
    /* Code with something unknown may look invalid. */
    pass->is_invalid &= !checker->unknown;
}

/* ---- The pass ---- */

static bool has_wide_indices(const wrl_module_info_t *info)
{
    bool found = false;
    wrl_externtype_t type;
    for (size_t i = 0; i < info->items[WRL_EXTERN_MEMORY].count; i++) {
        wrl__module_info_item(info, WRL_EXTERN_MEMORY, i, &type);
        found |= type.of.memory.is_64;
    }
    for (size_t i = 0; i < info->items[WRL_EXTERN_TABLE].count; i++) {
        wrl__module_info_item(info, WRL_EXTERN_TABLE, i, &type);
        found |= type.of.table.is_64;
    }
    return found;
}

void wrl__dead_code_init(wrl_dead_code_t *check, const wrl_core_t *core, const wrl_module_info_t *info)
{
    *check = (wrl_dead_code_t){.pass = {.begin = begin, .look = look},
                               .info = info,
                               .locals = {.core = core},
                               .stack = {.core = core},
                               .controls = {.core = core},
                               .is_left_out = has_wide_indices(info)};
}

void wrl__dead_code_end(wrl_dead_code_t *check)
{
    const wrl_core_t *core = check->locals.core;
    core->free(check->locals.data);
    core->free(check->stack.data);
    core->free(check->controls.data);
}
