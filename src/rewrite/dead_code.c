/*
 * Validates code that cannot be reached (core specification, appendix "Validation Algorithm"). In a function, such code
 * extends from a branch to the end of the enclosing block. The operand stack of such code does not depend on earlier
 * instructions. The engine has validated all other instructions.
 *
 * The pass knows numbers, funcref and externref, and the instructions for them. If dead code contains anything else,
 * the rest of the function body counts as valid: accepting what the engine accepts is better than rejecting valid code.
 */
#include "rewrite/dead_code.h"

#include "binary/cursor.h"
#include "binary/format.h"
#include "rewrite/dead_code_checker.h"

#include <string.h>

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
    wrl__dead_pop_all(checker, wrl__dead_types_of_block(checker, type, false));
    push_control(checker, type, op);
    wrl__dead_push_all(checker, wrl__dead_types_of_block(checker, type, false));
}

/* The rest of the block cannot be reached. */
static void die(wrl_dead_code_t *checker)
{
    control_t *top = wrl__dead_top(checker);
    top->is_dead = true;
    checker->is_dead = true;
    checker->stack.size = top->height;
}

/* Checks the end of a block or of the first half of an if: the stack must hold the results and nothing else. */
static void check_results(wrl_dead_code_t *checker)
{
    if (checker->is_dead) {
        wrl__dead_pop_all(checker, wrl__dead_types_of_block(checker, &wrl__dead_top(checker)->type, true));
        checker->pass.is_invalid |= checker->stack.size != wrl__dead_top(checker)->height;
    }
}

static void begin_else(wrl_dead_code_t *checker)
{
    check_results(checker);
    control_t *top = wrl__dead_top(checker);
    checker->is_dead = !top->was_alive;
    top->is_dead = top->is_if = false;
    checker->stack.size = top->height;
    if (checker->is_dead) {
        wrl__dead_push_all(checker, wrl__dead_types_of_block(checker, &top->type, false));
    }
}

/* Without an else, the parameters are the results. */
static bool is_same_on_both_ends(const wrl_dead_code_t *checker, const block_type_t *type)
{
    types_t params = wrl__dead_types_of_block(checker, type, false),
            results = wrl__dead_types_of_block(checker, type, true);
    bool same = params.left == results.left;
    while (same && params.left > 0) {
        same = wrl__dead_next_type(&params) == wrl__dead_next_type(&results);
    }
    return same;
}

static void end_block(wrl_dead_code_t *checker)
{
    check_results(checker);
    const control_t ended = *wrl__dead_top(checker);
    checker->pass.is_invalid |= ended.is_if && !ended.was_alive && !is_same_on_both_ends(checker, &ended.type);
    checker->controls.size -= sizeof ended;
    checker->is_dead = !ended.was_alive;
    checker->stack.size = ended.height;
    if (checker->is_dead) {
        wrl__dead_push_all(checker, wrl__dead_types_of_block(checker, &ended.type, true));
    }
}

/* ---- Branches ---- */

static void branch(wrl_dead_code_t *checker, uint32_t label)
{
    if (checker->is_dead && wrl__dead_has_label(checker, label)) {
        wrl__dead_pop_all(checker, wrl__dead_types_of_label(checker, label));
    }
    die(checker);
}

/* Checks one label of a br_table. All labels take the same number of operands. An operand that may have any type keeps
 * this freedom for the next label. */
static void check_label(wrl_dead_code_t *checker, uint32_t label, uint32_t arity)
{
    if (!wrl__dead_has_label(checker, label)) {
        return;
    }
    types_t types = wrl__dead_types_of_label(checker, label);
    checker->pass.is_invalid |= types.left != arity;
    control_t *top = wrl__dead_top(checker);
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
        uint32_t arity = wrl__dead_has_label(checker, fallback) ? wrl__dead_types_of_label(checker, fallback).left : 0;
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
        branch(checker, wrl__dead_depth(checker) - 1);
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
        wrl__put(&checker->locals, wrl__dead_next_type(&params));
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
