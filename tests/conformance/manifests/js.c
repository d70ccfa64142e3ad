/*
 * js, and js with exact_traps: the JS engine of the host. Hosts differ, so this file computes the manifest, by other
 * means than the backend: JS validates the suite's guest for each proposal, and the messages of certain traps are
 * compared.
 */
#include "../manifest.h"

#ifdef __EMSCRIPTEN__

#include "../proposals.h"

#include <emscripten.h>

/* clang-format off */
EM_JS(int, manifest_js_validates, (const uint8_t *bytes, int size), {
    return WebAssembly.validate(HEAPU8.slice(bytes, bytes + size)) ? 1 : 0;
});

/* Returns 0 if two exports of a module trap with different messages, 2 if they trap with the same message and the
 * message contains "null", otherwise 1. */
EM_JS(int, manifest_js_same_trap, (const uint8_t *bytes, int size, const char *first, const char *second), {
    const guest = new WebAssembly.Instance(new WebAssembly.Module(HEAPU8.slice(bytes, bytes + size)), {}).exports;
    const text = (at) => {
        let name = "";
        for (; HEAPU8[at]; at++) { name += String.fromCharCode(HEAPU8[at]); }
        return name;
    };
    const message = (at) => {
        try { guest[text(at)](); } catch (e) { return e.message.replace("evaluating '" + text(at), ""); }
        return "";
    };
    const same = message(first) === message(second);
    return same && message(first).includes("null") ? 2 : same ? 1 : 0;
});

/* Returns whether a table element is the same object as the exported function, as the JS API requires. */
EM_JS(int, manifest_js_keeps_functions, (const uint8_t *bytes, int size), {
    const guest = new WebAssembly.Instance(new WebAssembly.Module(HEAPU8.slice(bytes, bytes + size)), {}).exports;
    return guest["table"].get(0) === guest["inc"] ? 1 : 0;
});
EM_JS(int, manifest_js_compiles, (const uint8_t *bytes, int size), {
    try {
        new WebAssembly.Module(HEAPU8.slice(bytes, bytes + size));
        return 1;
    } catch (e) { return 0; }
});

/* Returns whether the engine is SpiderMonkey, whose message for a segment is the same for memories and tables. */
EM_JS(int, manifest_js_has_one_message_for_segments, (void), { return typeof InternalError == "function" ? 1 : 0; });

/* Returns whether a module can import an immutable global of exceptions, (import "" "" (global exnref)). */
EM_JS(int, manifest_js_imports_exceptions, (const uint8_t *bytes, int size), {
    const guest = new WebAssembly.Instance(new WebAssembly.Module(HEAPU8.slice(bytes, bytes + size)), {}).exports;
    const importer = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 2, 6, 1, 0, 0, 3, 0x69, 0]);
    try {
        new WebAssembly.Instance(new WebAssembly.Module(importer), { "": { "": guest["never"] } });
        return 1;
    } catch (e) { return 0; }
});
/* clang-format on */

#define ONE_MESSAGE "the engine reports both of these traps with the same message"

static bool validates(const wrl_guest_t *guest)
{
    return manifest_js_validates(guest->bytes, (int)guest->size);
}

static size_t find_lacks(wrl_manifest_lack_t *lacks)
{
    size_t count = 0;
    for (size_t i = 0; i < wrl_proposal_count; i++) {
        if (!validates(wrl_proposals[i].guest)) {
            lacks[count++] =
                (wrl_manifest_lack_t){wrl_proposals[i].feature, "the engine of this host does not implement it", NULL};
        }
    }
    lacks[count++] = (wrl_manifest_lack_t){WRL_FEATURE_MEMORY_DATA, "guests have memories of their own", NULL};
    lacks[count++] = (wrl_manifest_lack_t){WRL_FEATURE_THREAD_SAFE, "JS objects belong to their thread", NULL};
    lacks[count++] = (wrl_manifest_lack_t){WRL_FEATURE_FUEL, "the engines of JS hosts take no fuel", NULL};
    if (!validates(&guest_proposal_gc)) {
        lacks[count++] = (wrl_manifest_lack_t){WRL_FEATURE_GC_REFERENCES, "this host's engine has no GC", NULL};
    }
    return count;
}

static int same_trap(const wrl_guest_t *guest, const char *first, const char *second)
{
    return manifest_js_same_trap(guest->bytes, (int)guest->size, first, second);
}

static size_t find_shared_calls(wrl_manifest_failure_t *failures)
{
    static const char *const others[] = {"trap.bad_signature", "trap.hot_bad_signature",
                                         "table.host_func_in_guest_table"};
    static const char *const nulls[] = {"trap.indirect_call_to_null", "trap.hot_calls", "trap.store_goes_on",
                                        "table.of_a_guest"};
    int same = same_trap(&guest_traps, "call_null", "call_other_type");
    const char *const *tests = same == 2 ? others : nulls;
    size_t count = same == 2 ? sizeof(others) / sizeof(others[0]) : same ? sizeof(nulls) / sizeof(nulls[0]) : 0;
    for (size_t i = 0; i < count; i++) {
        failures[i] = (wrl_manifest_failure_t){tests[i], ONE_MESSAGE, NULL};
    }
    return count;
}

/* The traps that the engine reports with the same message. With exact_traps the backend distinguishes them itself. */
static size_t find_shared_traps(wrl_manifest_failure_t *failures)
{
    size_t count = find_shared_calls(failures);
    if (same_trap(&guest_traps, "trunc_i32_f32_nan", "trunc_i32_f32_overflow")) {
        failures[count++] = (wrl_manifest_failure_t){"trap.bad_conversion_to_integer", ONE_MESSAGE, NULL};
        failures[count++] = (wrl_manifest_failure_t){"trap.hot_bad_conversion", ONE_MESSAGE, NULL};
    }
    return count;
}

static size_t find_failures(wrl_manifest_failure_t *failures)
{
    size_t count = 0;
    if (validates(&guest_proposal_threads) && same_trap(&guest_traps_atomics, "wait_non_shared", "load_past_end")) {
        failures[count++] = (wrl_manifest_failure_t){"trap.atomic_wait_non_shared", ONE_MESSAGE, NULL};
    }
    if (validates(&guest_proposal_memory64) && !validates(&guest_memory64)) {
        static const char *const tests[] = {"module.memory64", "memory.memory64", "table.table64"};
        for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
            failures[count++] = (wrl_manifest_failure_t){
                tests[i], "the engine refuses a memory whose maximum is beyond what it can serve", NULL};
        }
    }
    if (!manifest_js_keeps_functions(guest_table.bytes, (int)guest_table.size)) {
        failures[count++] = (wrl_manifest_failure_t){
            "table.identity_of_elements",
            "the engine makes another object for an exported function that a segment puts into a table", NULL};
    }
    if (validates(&guest_exception_items) &&
        !manifest_js_imports_exceptions(guest_exception_items.bytes, (int)guest_exception_items.size)) {
        failures[count++] =
            (wrl_manifest_failure_t){"ref.exception_constant",
                                     "the engine reads an imported immutable global through the JS API, "
                                     "which cannot represent exceptions",
                                     NULL};
    }
    if (manifest_js_has_one_message_for_segments()) {
        failures[count++] = (wrl_manifest_failure_t){"instance.failed_element_before_data", ONE_MESSAGE, NULL};
    }
    if (!validates(&guest_handlers_legacy)) {
        static const char *const tests[] = {"border.errors_legacy", "border.exceptions_legacy",
                                            "border.program_traps_legacy", "border.exceptions_stay_away_legacy",
                                            "border.handlers_come_later"};
        for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
            failures[count++] = (wrl_manifest_failure_t){
                tests[i], "try_table is the only exception handler that the engine supports", NULL};
        }
    }
    return count;
}

const wrl_manifest_t *wrl_manifest_js(bool is_exact)
{
    static wrl_manifest_lack_t lacks[WRL_FEATURE_LIMIT];
    static wrl_manifest_failure_t failures[20];
    static wrl_manifest_t manifest = {NULL, lacks, 0, failures, 0};
    manifest.backend = is_exact ? "js+exact_traps" : "js";
    manifest.lack_count = find_lacks(lacks);
    manifest.failure_count = find_failures(failures);
    manifest.failure_count += is_exact ? 0 : find_shared_traps(failures + manifest.failure_count);
    return &manifest;
}

bool wrl_manifest_js_waits_for(const uint8_t *bytes, size_t size)
{
    return manifest_js_compiles(bytes, (int)size);
}

#else

const wrl_manifest_t *wrl_manifest_js(bool is_exact)
{
    (void)is_exact;
    return NULL;
}

bool wrl_manifest_js_waits_for(const uint8_t *bytes, size_t size)
{
    (void)bytes;
    (void)size;
    return true;
}

#endif
