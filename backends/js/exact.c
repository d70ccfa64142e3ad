/*
 * The option exact_traps. In V8 and JavaScriptCore, a conversion from float to integer has the same message for a NaN
 * and for a number that is too large. In older V8 versions, an indirect call has the same message for null and for a
 * wrong signature. For these engines the backend rewrites the guest (src/rewrite). The rewritten guest checks the
 * operand first, and traps in a function whose name identifies the cause. The backtrace contains this name.
 * JavaScriptCore also accepts invalid unreachable code, so the backend validates such code. For traps that the host's
 * engine distinguishes, the backend does nothing.
 */
#include "backend.h"
#include "glue_js.h"
#include "module_glue.h"
#include "rewrite/dead_code.h"
#include "rewrite/exact_traps.h"
#include "rewrite/rewrite.h"

/* clang-format off */
/* NOLINTBEGIN */

/*
 * Makes W.told report these traps with distinct messages. Returns the js_check_t bits of the checks that the engine
 * needs, or -1 if the engine threw an exception. `checks` is the offset of js_store_t::checks; `probe` is the module
 * below.
 */
JS_FUNCTION(int, wrl__js_checks_open, (int checks, const void *probe, int size), {
    const W = WRL_JS;
    if (W.checks !== undefined) { return W.checks; }
    const bytes = HEAPU8.slice(probe, probe + size);
    const messages = W.try(() => {
        const exports = new W.A["Instance"](new W.A["Module"](bytes)).exports;
        return ["a", "b", "c", "d"].map((name) => {
            try { exports[name](); } catch (e) { return e.message; }
        });
    });
    if (!messages) { return -1; }
    const words = { [WRL_NAME_OF_NAN]: "invalid conversion to integer", [WRL_NAME_OF_NULL]: "indirect call to null" };
    const names = Object.keys(words);
    W.told = (store, e) => {
        const lines = HEAPU8[(store >>> 0) + checks] ? W.stackOf(e).split("\n") : [];
        const top = lines.findIndex((line) => W.frame(line));
        const name = names.find((name) => top >= 0 && W.frame(lines[top])[0].includes(name));
        if (!name) { return e; }
        lines.splice(top, 1);
        return { "message": words[name], "stack": lines.join("\n") };
    };
    W.checks = (messages[0] == messages[1] ? 1 : 0) + (messages[2] == messages[3] ? 2 : 0);
    return W.checks;
});

/* NOLINTEND */
/* clang-format on */

/* (func (export "a") (result i32) (i32.trunc_f32_s (f32.const nan)))
 * (func (export "b") (result i32) (i32.trunc_f32_s (f32.const 1e30)))
 * (table funcref (elem 0 (ref.null func)))
 * (func (export "c") (call_indirect (i32.const 1)))
 * (func (export "d") (call_indirect (i32.const 0))) */
static const uint8_t probe[] = {
    0,  'a', 's',  'm', 1,    0, 0, 0,    1,    8,    2,    0x60, 0,    0,    0x60, 0,    1,    0x7f, 3,    5,
    4,  1,   1,    0,   0,    4, 4, 1,    0x70, 0,    2,    7,    17,   4,    1,    'a',  0,    0,    1,    'b',
    0,  1,   1,    'c', 0,    2, 1, 'd',  0,    3,    9,    7,    1,    0,    0x41, 0,    0x0b, 1,    0,    10,
    35, 4,   8,    0,   0x43, 0, 0, 0xc0, 0x7f, 0xa8, 0x0b, 8,    0,    0x43, 0xca, 0xf2, 0x49, 0x71, 0xa8, 0x0b,
    7,  0,   0x41, 1,   0x11, 0, 0, 0x0b, 7,    0,    0x41, 0,    0x11, 0,    0,    0x0b};

/* (func (unreachable) (drop (i32.eqz (i64.const 0)))) */
static const uint8_t invalid_dead_code[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 1, 4,    1, 0x60, 0,    0,   3,
                                            2, 1,   0,   10,  9, 1, 7, 0, 0, 0x42, 0, 0x45, 0x1a, 0x0b};

static wrl_error_t *error_of(const wrl_core_t *core, wrl_rewrite_outcome_t outcome)
{
    static const char invalid[] = "type mismatch or invalid index in unreachable code";
    static const char unknown[] = "the module has instructions that this backend does not support";
    switch (outcome) {
    case WRL_REWRITE_INVALID:
        return core->error(WRL_ERROR_INVALID, WRL_TRAP_NONE, invalid, sizeof invalid - 1);
    case WRL_REWRITE_UNKNOWN:
        return core->error(WRL_ERROR_UNSUPPORTED, WRL_TRAP_NONE, unknown, sizeof unknown - 1);
    case WRL_REWRITE_NO_MEMORY:
        return wrl__jsb_out_of_memory(core);
    default:
        return NULL;
    }
}

/* Runs the passes that the engine needs over a module. */
static wrl_rewrite_outcome_t walk(uint32_t checks, const wrl_core_t *core, const wrl_module_info_t *info,
                                  const uint8_t *bytes, size_t size, wrl_rewritten_t *rewritten)
{
    wrl_exact_traps_t traps;
    wrl_dead_code_t dead_code;
    wrl_pass_t *passes[] = {&traps.pass, &dead_code.pass};
    bool checks_dead_code = checks & JS_CHECK_DEAD_CODE;
    wrl__exact_traps_init(&traps, checks & JS_CHECK_CONVERSIONS, checks & JS_CHECK_CALLS);
    wrl__dead_code_init(&dead_code, core, info);
    wrl_rewrite_outcome_t outcome = wrl__rewrite(core, bytes, size, info, passes, checks_dead_code ? 2 : 1, rewritten);
    wrl__dead_code_end(&dead_code);
    return outcome;
}

static wrl_error_t *rewrite(const js_engine_t *engine, js_module_t *module, const uint8_t *bytes, size_t size,
                            wrl_writer_t *out)
{
    /* The engine rejects an invalid module with a message of its own. */
    if (!wrl__js_validate(bytes, (int)size)) {
        return NULL;
    }
    wrl_module_info_t info;
    wrl_error_t *error = wrl__module_info_read(bytes, size, false, &info);
    if (error) {
        return error;
    }
    wrl_rewritten_t rewritten;
    error = error_of(module->core, walk(engine->checks, module->core, &info, bytes, size, &rewritten));
    wrl__module_info_free(&info);
    out->data = rewritten.bytes;
    out->size = rewritten.size;
    module->runs = rewritten.runs;
    module->run_count = rewritten.run_count;
    return error;
}

/* Finds out which passes the engine needs. */
static wrl_error_t *find_checks(const wrl_core_t *core, js_engine_t *engine)
{
    int checks = wrl__js_checks_open((int)offsetof(js_store_t, checks), probe, sizeof probe);
    if (checks < 0) {
        return wrl__jsb_last_error(core, WRL_ERROR_RESOURCE_LIMIT);
    }
    engine->checks = (uint32_t)checks;
    if (wrl__js_validate(invalid_dead_code, sizeof invalid_dead_code)) {
        engine->checks |= JS_CHECK_DEAD_CODE;
    }
    engine->rewrite = engine->checks ? rewrite : NULL;
    return NULL;
}

static wrl_error_t *engine_new(const wrl_core_t *core, const wrl_engine_config_t *config, void **engine)
{
    js_engine_t *made;
    wrl_error_t *error = wrl__jsb_engine_new(core, &made);
    if (error) {
        return error;
    }
    error = config->exact_traps ? find_checks(core, made) : NULL;
    if (error) {
        core->free(made);
        return error;
    }
    *engine = made;
    return NULL;
}

const wrl_backend_t *wrl_backend_js(uint32_t abi)
{
    static wrl_backend_t description;
    const wrl_backend_t *plain = wrl_backend_js_plain(abi);
    if (!plain) {
        return NULL;
    }
    description = *plain;
    description.engine_new = engine_new;
    description.has_exact_traps = true;
    return &description;
}
