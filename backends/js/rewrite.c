/*
 * Rewriting a module for js_exact. Before an instruction of which an engine says the same of two traps, the operand is
 * looked at: what would be the one of them calls a function that does nothing but trap, and whose name the engine tells
 * in the backtrace; the other is left to the instruction itself. The functions and their type come last, so that no
 * index changes. Custom sections are left out: what they say of the code is no longer true.
 */
#include "binary/cursor.h"
#include "binary/format.h"
#include "binary/instruction.h"
#include "exact.h"
#include "items.h"

/* Locals that hold an operand while it is looked at. */
typedef enum scratch { SCRATCH_F32, SCRATCH_F64, SCRATCH_I32, SCRATCH_I64, SCRATCH_COUNT } scratch_t;

static const uint8_t scratch_types[SCRATCH_COUNT] = {0x7d, 0x7c, 0x7f, 0x7e};

typedef struct rewriter {
    js_module_t *module;
    uint32_t checks; /* js_check_t */
    js_bytes_t *out;
    js_bytes_t runs;
    js_items_t items;
    uint32_t helper; /* The index of the first of the functions that trap. */
    bool changed;
    bool unknown;
} rewriter_t;

/* ---- Which instructions ---- */

static scratch_t conversion_operand(const wrl_instruction_t *instruction)
{
    switch (instruction->op) {
    case OP_I32_TRUNC_F32_S:
    case OP_I32_TRUNC_F32_U:
    case OP_I64_TRUNC_F32_S:
    case OP_I64_TRUNC_F32_U:
        return SCRATCH_F32;
    case OP_I32_TRUNC_F64_S:
    case OP_I32_TRUNC_F64_U:
    case OP_I64_TRUNC_F64_S:
    case OP_I64_TRUNC_F64_U:
        return SCRATCH_F64;
    default:
        return SCRATCH_COUNT;
    }
}

static scratch_t call_operand(const rewriter_t *rewriter, const wrl_instruction_t *instruction)
{
    if (instruction->op != OP_CALL_INDIRECT && instruction->op != OP_RETURN_CALL_INDIRECT) {
        return SCRATCH_COUNT;
    }
    uint32_t table = instruction->second;
    const js_items_t *items = &rewriter->items;
    return table < items->table_count && items->tables_are_64[table] ? SCRATCH_I64 : SCRATCH_I32;
}

/* The type of the operand of an instruction that is to be looked at, or SCRATCH_COUNT. */
static scratch_t operand_of(const rewriter_t *rewriter, const wrl_instruction_t *instruction)
{
    scratch_t operand = rewriter->checks & JS_CHECK_CONVERSIONS ? conversion_operand(instruction) : SCRATCH_COUNT;
    return operand == SCRATCH_COUNT && (rewriter->checks & JS_CHECK_CALLS) ? call_operand(rewriter, instruction)
                                                                           : operand;
}

/* ---- Bodies ---- */

/* What is written from here on stands at `from` in the module as it was. */
static void begin_run(rewriter_t *rewriter, size_t from)
{
    js_run_t run = {(uint32_t)rewriter->out->size, (uint32_t)from};
    js_put_all(&rewriter->runs, (const uint8_t *)&run, sizeof run);
}

static void put_helper_call(rewriter_t *rewriter, uint32_t which)
{
    js_bytes_t *out = rewriter->out;
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    js_put(out, OP_CALL);
    js_put_u32(out, rewriter->helper + which);
    js_put(out, OP_END);
}

static void put_local(rewriter_t *rewriter, unsigned op, uint32_t local)
{
    js_put(rewriter->out, op);
    js_put_u32(rewriter->out, local);
}

static void put_number_check(rewriter_t *rewriter, uint32_t local, unsigned not_equal)
{
    put_local(rewriter, OP_LOCAL_TEE, local);
    put_local(rewriter, OP_LOCAL_GET, local);
    put_local(rewriter, OP_LOCAL_GET, local);
    js_put(rewriter->out, not_equal);
    put_helper_call(rewriter, 0);
}

/* An index out of bounds is left to the call: older V8 does not tell where table.get trapped. */
static void put_index_check(rewriter_t *rewriter, uint32_t table, uint32_t local, unsigned less)
{
    js_bytes_t *out = rewriter->out;
    put_local(rewriter, OP_LOCAL_TEE, local);
    js_put(out, OP_BULK);
    js_put_u32(out, BULK_TABLE_SIZE);
    js_put_u32(out, table);
    js_put(out, less);
    js_put(out, OP_IF);
    js_put(out, BLOCK_EMPTY);
    put_local(rewriter, OP_LOCAL_GET, local);
    js_put(out, OP_TABLE_GET);
    js_put_u32(out, table);
    js_put(out, OP_REF_IS_NULL);
    put_helper_call(rewriter, 1);
    js_put(out, OP_END);
    put_local(rewriter, OP_LOCAL_GET, local);
}

/* The operand is there again afterwards. */
static void put_check(rewriter_t *rewriter, const wrl_instruction_t *instruction, scratch_t operand, uint32_t local)
{
    switch (operand) {
    case SCRATCH_F32:
        put_number_check(rewriter, local, OP_F32_NE);
        break;
    case SCRATCH_F64:
        put_number_check(rewriter, local, OP_F64_NE);
        break;
    case SCRATCH_I32:
        put_index_check(rewriter, instruction->second, local, OP_I32_LT_U);
        break;
    default:
        put_index_check(rewriter, instruction->second, local, OP_I64_LT_U);
    }
}

/* Adds up the locals that are declared. */
static uint32_t skip_locals(cursor_t *cursor, uint32_t groups)
{
    uint32_t locals = 0;
    for (; groups > 0 && !cursor->failed; groups--) {
        locals += u32(cursor);
        wrl_skip_valtype(cursor);
    }
    return locals;
}

/* Finds which operands the instructions of a body have that are to be looked at, as bits; notes if one is not known. */
static unsigned find_operands(rewriter_t *rewriter, cursor_t code)
{
    unsigned found = 0;
    while (code.at < code.end && !rewriter->unknown) {
        wrl_instruction_t instruction;
        rewriter->unknown = !wrl_next_instruction(&code, &instruction);
        scratch_t operand = operand_of(rewriter, &instruction);
        found |= operand == SCRATCH_COUNT ? 0 : 1U << operand;
    }
    return found;
}

static void put_scratch(rewriter_t *rewriter, unsigned operands, uint32_t next, uint32_t locals[SCRATCH_COUNT])
{
    for (unsigned i = 0; i < SCRATCH_COUNT; i++) {
        if (operands & (1U << i)) {
            locals[i] = next++;
            js_put_u32(rewriter->out, 1);
            js_put(rewriter->out, scratch_types[i]);
        }
    }
}

static void put_code(rewriter_t *rewriter, cursor_t code, const uint32_t locals[SCRATCH_COUNT])
{
    size_t copied = code.at;
    begin_run(rewriter, copied);
    while (code.at < code.end) {
        size_t at = code.at;
        wrl_instruction_t instruction;
        (void)wrl_next_instruction(&code, &instruction);
        scratch_t operand = operand_of(rewriter, &instruction);
        if (operand != SCRATCH_COUNT) {
            js_put_all(rewriter->out, code.bytes + copied, at - copied);
            put_check(rewriter, &instruction, operand, locals[operand]);
            copied = at;
            begin_run(rewriter, at);
        }
    }
    js_put_all(rewriter->out, code.bytes + copied, code.end - copied);
}

static uint32_t param_count(const js_module_t *module, uint32_t func)
{
    cursor_t cursor = {module->types->bytes, module->type_at[module->func_type[func]], module->types->size, false};
    return u32(&cursor);
}

static void put_body(rewriter_t *rewriter, cursor_t body, uint32_t func)
{
    js_bytes_t *out = rewriter->out;
    cursor_t code = body;
    uint32_t groups = u32(&code);
    size_t declared_at = code.at;
    uint32_t declared = skip_locals(&code, groups);
    unsigned operands = find_operands(rewriter, code);
    size_t size = js_begin(out);
    if (operands && !rewriter->unknown) {
        unsigned more = 0;
        for (unsigned i = 0; i < SCRATCH_COUNT; i++) {
            more += operands >> i & 1;
        }
        uint32_t locals[SCRATCH_COUNT];
        js_put_u32(out, groups + more);
        js_put_all(out, code.bytes + declared_at, code.at - declared_at);
        put_scratch(rewriter, operands, param_count(rewriter->module, func) + declared, locals);
        put_code(rewriter, code, locals);
        rewriter->changed = true;
    } else {
        begin_run(rewriter, body.at);
        js_put_all(out, body.bytes + body.at, body.end - body.at);
    }
    js_end(out, size);
}

/* ---- Sections ---- */

static void put_trapping_body(js_bytes_t *out)
{
    static const uint8_t body[] = {3, 0, OP_UNREACHABLE, OP_END};
    js_put_all(out, body, sizeof body);
}

static void put_bodies(rewriter_t *rewriter, cursor_t cursor)
{
    uint32_t count = u32(&cursor);
    js_put_u32(rewriter->out, count + 2);
    for (uint32_t i = 0; i < count && !cursor.failed; i++) {
        size_t size = u32(&cursor);
        cursor_t body = cursor;
        skip(&cursor, size);
        body.end = cursor.at;
        put_body(rewriter, body, rewriter->module->func_import_count + i);
    }
    put_trapping_body(rewriter->out);
    put_trapping_body(rewriter->out);
}

/* A list that gets some more at its end. */
static void put_more(js_bytes_t *out, cursor_t cursor, uint32_t more)
{
    js_put_u32(out, u32(&cursor) + more);
    js_put_all(out, cursor.bytes + cursor.at, cursor.end - cursor.at);
}

static void put_section(rewriter_t *rewriter, const section_t *section)
{
    static const uint8_t nothing_to_nothing[] = {0x60, 0, 0};
    js_bytes_t *out = rewriter->out;
    if (section->id == SECTION_CUSTOM) {
        return;
    }
    js_put(out, section->id);
    size_t size = js_begin(out);
    switch (section->id) {
    case SECTION_TYPE:
        put_more(out, section->body, 1);
        js_put_all(out, nothing_to_nothing, sizeof nothing_to_nothing);
        break;
    case SECTION_FUNCTION:
        put_more(out, section->body, 2);
        js_put_u32(out, rewriter->module->type_count);
        js_put_u32(out, rewriter->module->type_count);
        break;
    case SECTION_CODE:
        put_bodies(rewriter, section->body);
        break;
    default:
        js_put_all(out, section->body.bytes + section->body.at, section->body.end - section->body.at);
    }
    js_end(out, size);
}

static void put_module(rewriter_t *rewriter, const uint8_t *bytes, size_t size)
{
    static const char *const names[] = {JS_NAME_OF_NAN, JS_NAME_OF_NULL};
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    js_put_all(rewriter->out, bytes, HEADER_SIZE);
    while (!rewriter->unknown && wrl_next_section(&cursor, &section)) {
        put_section(rewriter, &section);
    }
    js_put_names(rewriter->out, rewriter->helper, 2, names, 1);
}

js_rewritten_t js_rewrite_traps(js_module_t *module, uint32_t checks, const uint8_t *bytes, size_t size,
                                js_bytes_t *out)
{
    const wrl_core_t *core = module->core;
    rewriter_t rewriter = {
        .module = module, .checks = checks, .out = out, .runs = {.core = core}, .helper = module->func_count};
    bool read = js_read_items(core, bytes, size, &rewriter.items);
    rewriter.unknown = rewriter.items.is_unknown;
    if (read && !rewriter.unknown) {
        put_module(&rewriter, bytes, size);
    }
    out->failed |= !read || rewriter.runs.failed;
    js_free_items(core, &rewriter.items);
    if (!rewriter.changed || rewriter.unknown || out->failed) {
        core->free(rewriter.runs.data);
        return rewriter.unknown ? JS_REWRITTEN_UNKNOWN : JS_REWRITTEN_AS_IT_WAS;
    }
    module->runs = (js_run_t *)(void *)rewriter.runs.data;
    module->run_count = (uint32_t)(rewriter.runs.size / sizeof(js_run_t));
    return JS_REWRITTEN;
}
