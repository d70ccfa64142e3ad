/* Validates the instructions in dead code that neither begin, end nor leave a block. */
#include "binary/cursor.h"
#include "binary/format.h"
#include "rewrite/dead_code_checker.h"

/* ---- Instructions on numbers ---- */

/* For all codes up to and including `last`: `count` operands of the type `from`, and one result of the type `to`. */
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

static void check_numeric(wrl_dead_code_t *checker, unsigned op)
{
    const numeric_t *numeric = numerics;
    while (op > numeric->last) {
        numeric++;
    }
    wrl__dead_pop(checker, numeric->from);
    if (numeric->count == 2) {
        wrl__dead_pop(checker, numeric->from);
    }
    wrl__dead_push(checker, numeric->to);
}

/* From 0x28 on: loads, then stores. */
enum { FIRST_LOAD = 0x28, FIRST_STORE = 0x36, LAST_STORE = 0x3e };
static const uint8_t accessed[] = {CODE_I32, CODE_I64, CODE_F32, CODE_F64, CODE_I32, CODE_I32, CODE_I32, CODE_I32,
                                   CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I64, CODE_I32, CODE_I64,
                                   CODE_F32, CODE_F64, CODE_I32, CODE_I32, CODE_I64, CODE_I64, CODE_I64};

static void check_access(wrl_dead_code_t *checker, unsigned op)
{
    uint8_t type = accessed[op - FIRST_LOAD];
    if (op >= FIRST_STORE) {
        wrl__dead_pop(checker, type);
    }
    wrl__dead_pop(checker, CODE_I32);
    if (op < FIRST_STORE) {
        wrl__dead_push(checker, type);
    }
}

/* ---- Other instructions ---- */

/* Returns the type of an item: that of a global, or of a table's elements. */
static uint8_t item_type(wrl_dead_code_t *checker, wrl_externkind_t kind, uint32_t index)
{
    if (index >= checker->info->items[kind].count) {
        checker->pass.is_invalid = true;
        return ANY;
    }
    wrl_externtype_t type;
    wrl__module_info_item(checker->info, kind, index, &type);
    return wrl__dead_code_of(kind == WRL_EXTERN_TABLE ? &type.of.table.element : &type.of.global.content);
}

static uint8_t local_type(wrl_dead_code_t *checker, uint32_t index)
{
    if (index >= checker->locals.size) {
        checker->pass.is_invalid = true;
        return ANY;
    }
    return checker->locals.data[index];
}

static void check_call(wrl_dead_code_t *checker, uint32_t type, bool returns)
{
    if (!wrl__dead_has_func_type(checker, type)) {
        return;
    }
    wrl__dead_pop_all(checker, wrl__dead_types_of_func(checker->info, type, false));
    if (!returns) {
        wrl__dead_push_all(checker, wrl__dead_types_of_func(checker->info, type, true));
    }
}

void wrl__dead_call(wrl_dead_code_t *checker, uint32_t func, bool returns)
{
    checker->pass.is_invalid |= func >= checker->info->items[WRL_EXTERN_FUNC].count;
    if (!checker->pass.is_invalid) {
        check_call(checker, wrl__module_info_type_index(checker->info, WRL_EXTERN_FUNC, func), returns);
    }
}

void wrl__dead_indirect_call(wrl_dead_code_t *checker, const wrl_instruction_t *instruction, bool returns)
{
    checker->pass.is_invalid |= instruction->second >= checker->info->items[WRL_EXTERN_TABLE].count;
    wrl__dead_pop(checker, CODE_I32);
    check_call(checker, instruction->first, returns);
}

static void check_select(wrl_dead_code_t *checker)
{
    wrl__dead_pop(checker, CODE_I32);
    uint8_t first = wrl__dead_pop(checker, ANY), second = wrl__dead_pop(checker, ANY);
    bool has_reference = (first != ANY && first < CODE_V128) || (second != ANY && second < CODE_V128);
    checker->pass.is_invalid |= has_reference || (first != ANY && second != ANY && first != second);
    wrl__put(&checker->stack, first != ANY ? first : second);
}

static void check_typed_select(wrl_dead_code_t *checker, cursor_t types)
{
    checker->unknown |= u32(&types) != 1;
    uint8_t type = wrl__dead_read_type(&types);
    wrl__dead_pop(checker, CODE_I32);
    wrl__dead_pop(checker, type);
    wrl__dead_pop(checker, type);
    wrl__dead_push(checker, type);
}

static void check_bulk(wrl_dead_code_t *checker, const wrl_instruction_t *instruction)
{
    static const uint8_t truncated[] = {CODE_F32, CODE_F32, CODE_F64, CODE_F64};
    enum { FIRST_I64 = 4 };
    uint32_t code = instruction->code;
    if (code <= BULK_LAST_CONVERSION) {
        wrl__dead_pop(checker, truncated[code % FIRST_I64]);
        wrl__dead_push(checker, code < FIRST_I64 ? CODE_I32 : CODE_I64);
    } else if (code == BULK_DATA_DROP || code == BULK_ELEM_DROP) {
        return;
    } else if (code <= BULK_TABLE_COPY) {
        wrl__dead_pop(checker, CODE_I32);
        wrl__dead_pop(checker, CODE_I32);
        wrl__dead_pop(checker, CODE_I32);
    } else if (code == BULK_TABLE_GROW) {
        wrl__dead_pop(checker, CODE_I32);
        wrl__dead_pop(checker, item_type(checker, WRL_EXTERN_TABLE, instruction->first));
        wrl__dead_push(checker, CODE_I32);
    } else if (code == BULK_TABLE_SIZE) {
        wrl__dead_push(checker, CODE_I32);
    } else if (code == BULK_TABLE_FILL) {
        wrl__dead_pop(checker, CODE_I32);
        wrl__dead_pop(checker, item_type(checker, WRL_EXTERN_TABLE, instruction->first));
        wrl__dead_pop(checker, CODE_I32);
    } else {
        checker->unknown = true;
    }
}

static void check_null(wrl_dead_code_t *checker)
{
    uint8_t type = wrl__dead_pop(checker, ANY);
    checker->pass.is_invalid |= type >= CODE_V128;
    wrl__dead_push(checker, CODE_I32);
}

static void check_local(wrl_dead_code_t *checker, const wrl_instruction_t *instruction)
{
    uint8_t type = local_type(checker, instruction->first);
    if (instruction->op != OP_LOCAL_GET) {
        wrl__dead_pop(checker, type);
    }
    if (instruction->op != OP_LOCAL_SET) {
        wrl__dead_push(checker, type);
    }
}

static void check_global(wrl_dead_code_t *checker, const wrl_instruction_t *instruction)
{
    uint8_t type = item_type(checker, WRL_EXTERN_GLOBAL, instruction->first);
    if (instruction->op == OP_GLOBAL_GET) {
        wrl__dead_push(checker, type);
    } else {
        wrl__dead_pop(checker, type);
    }
}

static void check_element(wrl_dead_code_t *checker, const wrl_instruction_t *instruction)
{
    uint8_t type = item_type(checker, WRL_EXTERN_TABLE, instruction->first);
    if (instruction->op == OP_TABLE_SET) {
        wrl__dead_pop(checker, type);
    }
    wrl__dead_pop(checker, CODE_I32);
    if (instruction->op == OP_TABLE_GET) {
        wrl__dead_push(checker, type);
    }
}

void wrl__dead_plain(wrl_dead_code_t *checker, const wrl_body_t *body, const wrl_instruction_t *instruction)
{
    const uint8_t *bytes = body->code.bytes;
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
        wrl__dead_push(checker, constants[op - OP_I32_CONST]);
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
        wrl__dead_branch_if(checker, instruction->first);
        break;
    case OP_CALL_INDIRECT:
        wrl__dead_indirect_call(checker, instruction, false);
        break;
    case OP_CALL:
        wrl__dead_call(checker, instruction->first, false);
        break;
    case OP_DROP:
        wrl__dead_pop(checker, ANY);
        break;
    case OP_SELECT:
        check_select(checker);
        break;
    case OP_SELECT_TYPED:
        check_typed_select(checker, (cursor_t){bytes, instruction->at, body->code.end, false});
        break;
    case OP_MEMORY_SIZE:
        wrl__dead_push(checker, CODE_I32);
        break;
    case OP_MEMORY_GROW:
        wrl__dead_pop(checker, CODE_I32);
        wrl__dead_push(checker, CODE_I32);
        break;
    case OP_REF_NULL:
        checker->unknown |= bytes[instruction->at] != CODE_FUNCREF && bytes[instruction->at] != CODE_EXTERNREF;
        wrl__dead_push(checker, bytes[instruction->at]);
        break;
    case OP_REF_IS_NULL:
        check_null(checker);
        break;
    case OP_REF_FUNC:
        wrl__dead_push(checker, CODE_FUNCREF);
        break;
    case OP_BULK:
        check_bulk(checker, instruction);
        break;
    default:
        checker->unknown = true;
    }
}
