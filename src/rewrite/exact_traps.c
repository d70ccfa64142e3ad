#include "rewrite/exact_traps.h"

#include "binary/format.h"

enum { HELPER_NAN, HELPER_NULL, HELPERS };

/* ---- The instructions to check ---- */

static wrl_scratch_t conversion_operand(const wrl_instruction_t *instruction)
{
    switch (instruction->op) {
    case OP_I32_TRUNC_F32_S:
    case OP_I32_TRUNC_F32_U:
    case OP_I64_TRUNC_F32_S:
    case OP_I64_TRUNC_F32_U:
        return WRL_SCRATCH_F32;
    case OP_I32_TRUNC_F64_S:
    case OP_I32_TRUNC_F64_U:
    case OP_I64_TRUNC_F64_S:
    case OP_I64_TRUNC_F64_U:
        return WRL_SCRATCH_F64;
    default:
        return WRL_SCRATCH_COUNT;
    }
}

static wrl_scratch_t call_operand(const wrl_module_info_t *info, const wrl_instruction_t *instruction)
{
    if (instruction->op != OP_CALL_INDIRECT && instruction->op != OP_RETURN_CALL_INDIRECT) {
        return WRL_SCRATCH_COUNT;
    }
    wrl_externtype_t type = {0};
    if (instruction->second < info->items[WRL_EXTERN_TABLE].count) {
        wrl__module_info_item(info, WRL_EXTERN_TABLE, instruction->second, &type);
    }
    return type.of.table.is_64 ? WRL_SCRATCH_I64 : WRL_SCRATCH_I32;
}

/* Returns the type of the operand to check before an instruction, or WRL_SCRATCH_COUNT. */
static wrl_scratch_t operand_of(const wrl_pass_t *pass, const wrl_body_t *body, const wrl_instruction_t *instruction)
{
    const wrl_exact_traps_t *traps = (const wrl_exact_traps_t *)(const void *)pass;
    wrl_scratch_t operand = traps->conversions ? conversion_operand(instruction) : WRL_SCRATCH_COUNT;
    return operand == WRL_SCRATCH_COUNT && traps->calls ? call_operand(body->info, instruction) : operand;
}

static void look(wrl_pass_t *pass, wrl_body_t *body, const wrl_instruction_t *instruction)
{
    wrl_scratch_t operand = operand_of(pass, body, instruction);
    if (operand != WRL_SCRATCH_COUNT) {
        body->needs |= 1u << operand;
        body->changes = true;
    }
}

/* ---- The checks ---- */

static void put_helper_call(wrl_writer_t *out, uint32_t helper)
{
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    wrl__put(out, OP_CALL);
    wrl__put_u32(out, helper);
    wrl__put(out, OP_END);
}

static void put_local(wrl_writer_t *out, unsigned op, uint32_t local)
{
    wrl__put(out, op);
    wrl__put_u32(out, local);
}

static void put_number_check(wrl_writer_t *out, uint32_t local, unsigned not_equal, uint32_t helper)
{
    put_local(out, OP_LOCAL_TEE, local);
    put_local(out, OP_LOCAL_GET, local);
    put_local(out, OP_LOCAL_GET, local);
    wrl__put(out, not_equal);
    put_helper_call(out, helper);
}

/* An out-of-bounds index is left to the call itself, because older V8 versions do not report where a table.get
 * trapped. */
static void put_index_check(wrl_writer_t *out, uint32_t table, uint32_t local, unsigned less, uint32_t helper)
{
    put_local(out, OP_LOCAL_TEE, local);
    wrl__put(out, OP_BULK);
    wrl__put_u32(out, BULK_TABLE_SIZE);
    wrl__put_u32(out, table);
    wrl__put(out, less);
    wrl__put(out, OP_IF);
    wrl__put(out, BLOCK_EMPTY);
    put_local(out, OP_LOCAL_GET, local);
    wrl__put(out, OP_TABLE_GET);
    wrl__put_u32(out, table);
    wrl__put(out, OP_REF_IS_NULL);
    put_helper_call(out, helper);
    wrl__put(out, OP_END);
    put_local(out, OP_LOCAL_GET, local);
}

/* Writes a check, which leaves the operand on the stack. */
static void put(wrl_pass_t *pass, const wrl_body_t *body, const wrl_instruction_t *instruction, wrl_writer_t *out)
{
    wrl_scratch_t operand = operand_of(pass, body, instruction);
    uint32_t nan = pass->first_helper + HELPER_NAN, null = pass->first_helper + HELPER_NULL;
    uint32_t table = instruction->second;
    switch (operand) {
    case WRL_SCRATCH_F32:
        put_number_check(out, body->scratch[operand], OP_F32_NE, nan);
        break;
    case WRL_SCRATCH_F64:
        put_number_check(out, body->scratch[operand], OP_F64_NE, nan);
        break;
    case WRL_SCRATCH_I32:
        put_index_check(out, table, body->scratch[operand], OP_I32_LT_U, null);
        break;
    case WRL_SCRATCH_I64:
        put_index_check(out, table, body->scratch[operand], OP_I64_LT_U, null);
        break;
    default:
        break;
    }
}

void wrl__exact_traps_init(wrl_exact_traps_t *traps, bool conversions, bool calls)
{
    static const char *const helpers[HELPERS] = {[HELPER_NAN] = WRL_NAME_OF_NAN, [HELPER_NULL] = WRL_NAME_OF_NULL};
    *traps = (wrl_exact_traps_t){.pass = {.look = look, .put = put, .helpers = helpers, .helper_count = HELPERS},
                                 .conversions = conversions,
                                 .calls = calls};
}
