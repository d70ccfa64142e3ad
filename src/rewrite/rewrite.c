#include "rewrite/rewrite.h"

#include "binary/cursor.h"
#include "binary/format.h"

static const uint8_t scratch_types[WRL_SCRATCH_COUNT] = {CODE_F32, CODE_F64, CODE_I32, CODE_I64};

typedef struct rewriter {
    const wrl_module_info_t *info;
    wrl_pass_t *const *passes;
    size_t pass_count;
    wrl_writer_t out;
    wrl_writer_t runs;  /* wrl_run_t */
    wrl_writer_t patch; /* The code that passes insert before one instruction. */
    uint32_t helper_count;
    bool changed;
    bool unknown;
} rewriter_t;

/* ---- The state of passes ---- */

static bool has_writing_pass(const rewriter_t *rewriter)
{
    bool writes = false;
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        writes |= rewriter->passes[i]->put != NULL;
    }
    return writes;
}

static bool is_invalid(const rewriter_t *rewriter)
{
    bool invalid = false;
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        invalid |= rewriter->passes[i]->is_invalid;
    }
    return invalid;
}

static bool has_failed(const rewriter_t *rewriter)
{
    bool failed = rewriter->out.failed || rewriter->runs.failed || rewriter->patch.failed;
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        failed |= rewriter->passes[i]->failed;
    }
    return failed;
}

static bool goes_on(const rewriter_t *rewriter)
{
    return !rewriter->unknown && !is_invalid(rewriter) && !has_failed(rewriter);
}

/* ---- Bodies ---- */

static void look(rewriter_t *rewriter, wrl_body_t *body)
{
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        if (rewriter->passes[i]->begin) {
            rewriter->passes[i]->begin(rewriter->passes[i], body);
        }
    }
    wrl_instruction_t instruction;
    cursor_t code = body->code;
    while (code.at < code.end) {
        if (!wrl__next_instruction(&code, &instruction)) {
            /* Passes that only look have seen all they can. */
            rewriter->unknown = has_writing_pass(rewriter);
            return;
        }
        for (size_t i = 0; i < rewriter->pass_count; i++) {
            rewriter->passes[i]->look(rewriter->passes[i], body, &instruction);
        }
    }
}

/* Begins a run: what is written from here on comes from the offset `from` of the original module. */
static void begin_run(rewriter_t *rewriter, size_t from)
{
    wrl_run_t run = {(uint32_t)rewriter->out.size, (uint32_t)from};
    wrl__put_all(&rewriter->runs, (const uint8_t *)&run, sizeof run);
}

/* Returns the number of declared locals, and moves the cursor past them. */
static uint32_t skip_locals(cursor_t *cursor)
{
    uint32_t locals = 0;
    for (uint32_t groups = u32(cursor); groups > 0 && !cursor->failed; groups--) {
        locals += u32(cursor);
        wrl__skip_valtype(cursor);
    }
    return locals;
}

/* Writes the groups of locals, with one more group for each scratch local. */
static void put_locals(rewriter_t *rewriter, wrl_body_t *body)
{
    wrl_writer_t *out = &rewriter->out;
    cursor_t cursor = body->locals;
    uint32_t next = rewriter->info->types[body->type].param_count + skip_locals(&cursor);
    cursor = body->locals;
    uint32_t groups = u32(&cursor);
    for (unsigned i = 0; i < WRL_SCRATCH_COUNT; i++) {
        groups += body->needs >> i & 1;
    }
    wrl__put_u32(out, groups);
    wrl__put_all(out, cursor.bytes + cursor.at, cursor.end - cursor.at);
    for (unsigned i = 0; i < WRL_SCRATCH_COUNT; i++) {
        if (body->needs >> i & 1) {
            body->scratch[i] = next++;
            wrl__put_u32(out, 1);
            wrl__put(out, scratch_types[i]);
        }
    }
}

/* Writes the code that passes insert before the instruction to `patch`. */
static void ask_passes(rewriter_t *rewriter, const wrl_body_t *body, const wrl_instruction_t *instruction)
{
    rewriter->patch.size = 0;
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        wrl_pass_t *pass = rewriter->passes[i];
        if (pass->put) {
            pass->put(pass, body, instruction, &rewriter->patch);
        }
    }
}

static void put_code(rewriter_t *rewriter, const wrl_body_t *body)
{
    cursor_t code = body->code;
    size_t copied = code.at;
    begin_run(rewriter, copied);
    while (code.at < code.end) {
        size_t at = code.at;
        wrl_instruction_t instruction;
        (void)wrl__next_instruction(&code, &instruction);
        ask_passes(rewriter, body, &instruction);
        if (rewriter->patch.size) {
            wrl__put_all(&rewriter->out, code.bytes + copied, at - copied);
            wrl__put_all(&rewriter->out, rewriter->patch.data, rewriter->patch.size);
            copied = at;
            begin_run(rewriter, at);
        }
    }
    wrl__put_all(&rewriter->out, code.bytes + copied, code.end - copied);
}

static void put_body(rewriter_t *rewriter, cursor_t bytes, uint32_t func)
{
    wrl_body_t body = {.info = rewriter->info,
                       .func = func,
                       .type = wrl__module_info_type_index(rewriter->info, WRL_EXTERN_FUNC, func),
                       .locals = bytes,
                       .code = bytes};
    (void)skip_locals(&body.code);
    body.locals.end = body.code.at;
    look(rewriter, &body);
    size_t size = wrl__put_begin(&rewriter->out);
    if (body.changes) {
        put_locals(rewriter, &body);
        put_code(rewriter, &body);
        rewriter->changed = true;
    } else {
        begin_run(rewriter, bytes.at);
        wrl__put_all(&rewriter->out, bytes.bytes + bytes.at, bytes.end - bytes.at);
    }
    wrl__put_end(&rewriter->out, size);
}

static void put_bodies(rewriter_t *rewriter, cursor_t cursor)
{
    static const uint8_t trap[] = {3, 0, OP_UNREACHABLE, OP_END};
    uint32_t count = u32(&cursor), first = (uint32_t)rewriter->info->items[WRL_EXTERN_FUNC].import_count;
    cursor_t body;
    wrl__put_u32(&rewriter->out, count + rewriter->helper_count);
    for (uint32_t i = 0; i < count && goes_on(rewriter) && wrl__next_body(&cursor, &body); i++) {
        put_body(rewriter, body, first + i);
    }
    for (uint32_t i = 0; i < rewriter->helper_count; i++) {
        wrl__put_all(&rewriter->out, trap, sizeof trap);
    }
}

/* ---- Sections ---- */

/* Writes a list to which `more` entries will be added at its end. */
static void put_more(wrl_writer_t *out, cursor_t cursor, uint32_t more)
{
    wrl__put_u32(out, u32(&cursor) + more);
    wrl__put_all(out, cursor.bytes + cursor.at, cursor.end - cursor.at);
}

static void put_section(rewriter_t *rewriter, const section_t *section)
{
    static const uint8_t nothing_to_nothing[] = {TYPE_FUNC, 0, 0};
    wrl_writer_t *out = &rewriter->out;
    wrl__put(out, section->id);
    size_t size = wrl__put_begin(out);
    switch (section->id) {
    case SECTION_TYPE:
        put_more(out, section->body, 1);
        wrl__put_all(out, nothing_to_nothing, sizeof nothing_to_nothing);
        break;
    case SECTION_FUNCTION:
        put_more(out, section->body, rewriter->helper_count);
        for (uint32_t i = 0; i < rewriter->helper_count; i++) {
            wrl__put_u32(out, (uint32_t)rewriter->info->type_count);
        }
        break;
    case SECTION_CODE:
        put_bodies(rewriter, section->body);
        break;
    default:
        wrl__put_all(out, section->body.bytes + section->body.at, section->body.end - section->body.at);
    }
    wrl__put_end(out, size);
}

static void put_module(rewriter_t *rewriter, const uint8_t *bytes, size_t size)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    wrl__put_all(&rewriter->out, bytes, HEADER_SIZE);
    while (goes_on(rewriter) && wrl__next_section(&cursor, &section)) {
        if (section.id != SECTION_CUSTOM) {
            put_section(rewriter, &section);
        }
    }
    /* Only one pass has functions. The names of several would have to be put in one section. */
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        const wrl_pass_t *pass = rewriter->passes[i];
        if (pass->helper_count) {
            wrl__put_names(&rewriter->out, pass->first_helper, pass->helper_count, pass->helpers, 1);
        }
    }
}

static void number_helpers(rewriter_t *rewriter)
{
    uint32_t first = (uint32_t)rewriter->info->items[WRL_EXTERN_FUNC].count;
    for (size_t i = 0; i < rewriter->pass_count; i++) {
        rewriter->passes[i]->first_helper = first + rewriter->helper_count;
        rewriter->helper_count += rewriter->passes[i]->helper_count;
    }
}

static wrl_rewrite_outcome_t outcome_of(const rewriter_t *rewriter)
{
    return has_failed(rewriter)   ? WRL_REWRITE_NO_MEMORY
           : is_invalid(rewriter) ? WRL_REWRITE_INVALID
           : rewriter->unknown    ? WRL_REWRITE_UNKNOWN
           : rewriter->changed    ? WRL_REWRITE_DONE
                                  : WRL_REWRITE_UNCHANGED;
}

wrl_rewrite_outcome_t wrl__rewrite(const wrl_core_t *core, const uint8_t *bytes, size_t size,
                                   const wrl_module_info_t *info, wrl_pass_t *const *passes, size_t pass_count,
                                   wrl_rewritten_t *rewritten)
{
    rewriter_t rewriter = {.info = info,
                           .passes = passes,
                           .pass_count = pass_count,
                           .out = {.core = core},
                           .runs = {.core = core},
                           .patch = {.core = core}};
    *rewritten = (wrl_rewritten_t){0};
    number_helpers(&rewriter);
    put_module(&rewriter, bytes, size);
    core->free(rewriter.patch.data);
    wrl_rewrite_outcome_t outcome = outcome_of(&rewriter);
    if (outcome != WRL_REWRITE_DONE) {
        core->free(rewriter.out.data);
        core->free(rewriter.runs.data);
        return outcome;
    }
    rewritten->bytes = rewriter.out.data;
    rewritten->size = rewriter.out.size;
    rewritten->runs = (wrl_run_t *)(void *)rewriter.runs.data;
    rewritten->run_count = (uint32_t)(rewriter.runs.size / sizeof(wrl_run_t));
    return outcome;
}
