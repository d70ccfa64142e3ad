/* The types of functions and blocks, the operand stack, and the labels of the pass on dead code. */
#include "binary/cursor.h"
#include "binary/format.h"
#include "rewrite/dead_code_checker.h"

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

types_t wrl__dead_types_of_block(const wrl_dead_code_t *checker, const block_type_t *block, bool results)
{
    if (block->has_func) {
        return wrl__dead_types_of_func(checker->info, block->func, results);
    }
    bool is_single = results && block->result;
    return (types_t){.left = is_single, .single = is_single ? block->result : 0};
}

uint8_t wrl__dead_next_type(types_t *types)
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

void wrl__dead_push(wrl_dead_code_t *checker, uint8_t type)
{
    checker->unknown |= type == CODE_REF;
    wrl__put(&checker->stack, type);
}

uint8_t wrl__dead_pop(wrl_dead_code_t *checker, uint8_t expected)
{
    const control_t *top = wrl__dead_top(checker);
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
        wrl__dead_push(checker, wrl__dead_next_type(&types));
    }
}

/* The types are in the order of the stack, so they are compared from below. */
void wrl__dead_pop_all(wrl_dead_code_t *checker, types_t types)
{
    const control_t *top = wrl__dead_top(checker);
    size_t there = checker->stack.size - top->height;
    size_t missing = types.left > there ? types.left - there : 0;
    checker->pass.is_invalid |= missing && !top->is_dead;
    size_t at = checker->stack.size - (types.left - missing);
    for (size_t i = 0, count = types.left; i < count && !checker->stack.failed; i++) {
        uint8_t expected = wrl__dead_next_type(&types);
        checker->unknown |= expected == CODE_REF;
        if (i >= missing) {
            uint8_t found = checker->stack.data[at + (i - missing)];
            checker->pass.is_invalid |= found != ANY && found != expected;
        }
    }
    checker->stack.size = at;
}

/* ---- Labels ---- */

types_t wrl__dead_types_of_label(const wrl_dead_code_t *checker, uint32_t label)
{
    const control_t *control = &wrl__dead_controls(checker)[wrl__dead_depth(checker) - 1 - label];
    return wrl__dead_types_of_block(checker, &control->type, !control->is_loop);
}

bool wrl__dead_has_label(wrl_dead_code_t *checker, uint32_t label)
{
    checker->pass.is_invalid |= label >= wrl__dead_depth(checker);
    return !checker->pass.is_invalid;
}

void wrl__dead_branch_if(wrl_dead_code_t *checker, uint32_t label)
{
    wrl__dead_pop(checker, CODE_I32);
    if (wrl__dead_has_label(checker, label)) {
        wrl__dead_pop_all(checker, wrl__dead_types_of_label(checker, label));
        wrl__dead_push_all(checker, wrl__dead_types_of_label(checker, label));
    }
}
