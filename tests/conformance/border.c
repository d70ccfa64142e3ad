/*
 * The border between guests and the host. An error, trap or JS exception that leaves a host function bypasses all guest
 * handlers on the stack and reaches the outermost call unchanged. Names that a guest chose never influence the reports.
 */
#include "harness.h"

#include <stdio.h>

#ifdef WRL_CONFORMANCE_JS
#include <emscripten.h>
#endif

/* ---- A guest with handlers, and a host function that ends the guest in every way ---- */

/* The action of the innermost host function. The value plus n * LEVEL makes n nested calls of the guest first. */
typedef enum deed { RETURN, FAIL, EXIT, TRAP, GUEST_TRAPS, JS_THROWS, HOST_TRAPS, LEVEL = 16 } deed_t;

enum { RESULT = 7, DEPTH = 100, TIMES = 2000 };

typedef struct border {
    wrl_test_t *t;
    wrl_instance_t instance;
    wrl_func_t func; /* The guest function under test. */
    wrl_func_t traps;
    int called;
    int c_frames;         /* How many C frames are above a trap in the program's own code. */
    int32_t exception;    /* Which JS exception is thrown. */
    uint8_t *last_at;     /* The address of a local variable in the previous caller. */
    bool is_always_there; /* Whether that address was the same in all callers. */
    int32_t deed;
    wrl_error_t *error; /* What the outermost call returned. */
} border_t;

/* The exports of a guest. Each calls the host function inside another kind of handler. */
static const char *const kinds[] = {"plain", "all", "again", "tag", "deep"};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

#ifdef WRL_CONFORMANCE_JS
static void throw_in_js(int32_t which);

/* Traps below the given number of C frames. The frames do something after the call, so that the compiler does not turn
 * the recursion into a loop. */
static int trap_below(int frames)
{
    volatile int more = frames;
    if (more == 0) {
        __builtin_trap();
    }
    return trap_below(more - 1) + more;
}
#endif

static wrl_error_t *call_guest(wrl_store_t *store, wrl_func_t func, int32_t deed, int32_t *result)
{
    const wrl_val_t arg = WRL_I32(deed);
    wrl_val_t value = WRL_I32(0);
    wrl_error_t *error = wrl_func_call(store, func, &arg, 1, &value, 1);
    *result = value.of.i32;
    return error;
}

static wrl_error_t *do_deed(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                            wrl_val_t *results, size_t result_count)
{
    border_t *border = env;
    int32_t deed = args[0].of.i32;
    /* Space on the C stack that must be released. */
    volatile uint8_t ballast[1000];
    ballast[0] = (uint8_t)deed;
    (void)arg_count;
    (void)result_count;
    border->called++;
    results[0] = WRL_I32(RESULT + 0 * ballast[0]);
    if (deed >= LEVEL) {
        return call_guest(wrl_caller_store(caller), border->func, deed - LEVEL, &results[0].of.i32);
    }
    switch (deed) {
    case FAIL:
        return wrl_error_new(WRL_ERROR_HOST, "the host says no");
    case EXIT:
        return wrl_error_new_exit(3);
    case TRAP:
        return wrl_error_new_trap(WRL_TRAP_CAST_FAILURE, "the host's trap");
    case GUEST_TRAPS:
        return call_guest(wrl_caller_store(caller), border->traps, 0, &results[0].of.i32);
#ifdef WRL_CONFORMANCE_JS
    case HOST_TRAPS:
        results[0].of.i32 = trap_below(border->c_frames);
        return NULL;
    case JS_THROWS:
        throw_in_js(border->exception);
        return NULL;
#endif
    default:
        return NULL;
    }
}

static bool open_border(wrl_test_t *t, wrl_guest_t guest, border_t *border)
{
    const wrl_valtype_t params[] = {WRL_TYPE_I32, WRL_TYPE_I64}, result[] = {WRL_TYPE_I32};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(result));
    wrl_func_t host;
    *border = (border_t){.t = t, .is_always_there = true};
    OK(wrl_func_new(t->store, &type, do_deed, border, NULL, &host));
    TRY(test_instance_with(t, t->store, guest, "do", host, &border->instance));
    CHECK(wrl_instance_get_func(t->store, border->instance, "trap", &border->traps));
    return true;
}

/* The handlers still catch the guest's own exceptions, and the host can be called. */
static bool goes_on(wrl_test_t *t, border_t *border)
{
    const int32_t nothing = RETURN;
    int32_t result;
    for (size_t i = 0; i < KINDS; i++) {
        TRY(test_call_i32(t, t->store, border->instance, kinds[i], &nothing, 1, &result));
        EQUAL(result, RESULT);
    }
    TRY(test_call_i32(t, t->store, border->instance, "own", &nothing, 1, &result));
    EQUAL(result, 5);
    return true;
}

/* ---- Errors and traps ---- */

static bool is_told(wrl_test_t *t, border_t *border, int32_t deed)
{
    int32_t result;
    int levels = deed / LEVEL + 1;
    border->called = 0;
    wrl_error_t *error = call_guest(t->store, border->func, deed, &result);
    switch (deed % LEVEL) {
    case FAIL:
        FAILS(error, WRL_ERROR_HOST, "the host says no");
        break;
    case EXIT:
        CHECK(wrl_error_exit_status(error) == 3);
        FAILS(error, WRL_ERROR_EXIT, "");
        break;
    case TRAP:
        TRAPS(error, WRL_TRAP_CAST_FAILURE);
        break;
    default:
        TRAPS(error, WRL_TRAP_UNREACHABLE);
    }
    /* No handler resumed the guest and called the host function again. */
    EQUAL(border->called, levels);
    return true;
}

static bool errors_pass(wrl_test_t *t, wrl_guest_t guest)
{
    border_t border;
    TRY(open_border(t, guest, &border));
    for (size_t i = 0; i < KINDS; i++) {
        CHECK(wrl_instance_get_func(t->store, border.instance, kinds[i], &border.func));
        for (int32_t deed = FAIL; deed <= GUEST_TRAPS; deed++) {
            TRY(is_told(t, &border, deed));
            TRY(is_told(t, &border, deed + LEVEL));
            TRY(is_told(t, &border, deed + DEPTH * LEVEL));
            TRY(goes_on(t, &border));
            t->rows++;
        }
    }
    return true;
}

static bool errors(wrl_test_t *t)
{
    return errors_pass(t, guest_handlers);
}

static bool errors_legacy(wrl_test_t *t)
{
    return errors_pass(t, guest_handlers_legacy);
}

/* Repeats the calls so often that a leak of stack space would exhaust any stack. */
static bool errors_stay_away(wrl_test_t *t)
{
    border_t border;
    TRY(open_border(t, guest_handlers, &border));
    CHECK(wrl_instance_get_func(t->store, border.instance, "all", &border.func));
    for (int i = 0; i < TIMES; i++) {
        TRY(is_told(t, &border, FAIL + i % (GUEST_TRAPS - FAIL + 1)));
    }
    return goes_on(t, &border);
}

/* ---- Names ---- */

static bool hostile_names(wrl_test_t *t)
{
    static const struct {
        const char *name;
        uint32_t frames[7];
        size_t count;
    } rows[] = {
        {"wrl:nan", {1}, 1},
        {"wrl:null", {2}, 1},
        {"wrl:host", {1, 3}, 2},
        {"wrl:call", {1, 3, 4}, 3},
        {"wasm-function[1]:0x2a", {1, 3, 4, 5}, 4},
        {"x\n    at wrl:host (wasm-function[1]:0x1)\n    at wrl:call (wasm-function[2]:0x1)", {1, 3, 4, 5, 6}, 5},
        {"f", {1, 3, 4, 5, 6, 7}, 6},
    };
    const wrl_valtype_t params[] = {WRL_TYPE_I32, WRL_TYPE_I64}, result[] = {WRL_TYPE_I32};
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES_IN(params), WRL_TYPES_IN(result));
    border_t border = {.t = t};
    wrl_func_t host, func;
    wrl_imports_t *imports;
    wrl_instance_t instance;
    OK(wrl_func_new(t->store, &type, do_deed, &border, NULL, &host));
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "wrl:host", "wrl:call", wrl_extern_from_func(host)));
    TRY(test_instance(t, guest_hostile_names, imports, &instance));
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int32_t value;
        CHECK(wrl_instance_get_func(t->store, instance, rows[i].name, &func));
        wrl_error_t *error = call_guest(t->store, func, RETURN, &value);
        TRY(test_own_error(t, error));
        CHECK(error);
        EQUAL(wrl_error_kind(error), WRL_ERROR_TRAP);
        EQUAL(wrl_error_trap_code(error), WRL_TRAP_UNREACHABLE);
        if (test_has(t, WRL_FEATURE_BACKTRACE)) {
            EQUAL(wrl_error_frame_count(error), rows[i].count);
            for (size_t frame = 0; frame < rows[i].count; frame++) {
                wrl_frame_t found;
                CHECK(wrl_error_frame(error, frame, &found));
                EQUAL(found.func_index, rows[i].frames[frame]);
            }
        }
        t->rows++;
    }
    CHECK(wrl_instance_get_func(t->store, instance, "to_host", &func));
    int32_t value;
    FAILS(call_guest(t->store, func, FAIL, &value), WRL_ERROR_HOST, "the host says no");
    OK(call_guest(t->store, func, RETURN, &value));
    EQUAL(value, RESULT);
    return true;
}

/* ---- JS exceptions, and traps in the program's own code ---- */

#ifdef WRL_CONFORMANCE_JS

/* Private functions of the backend (pointer.S). JS code that catches an exception has to restore the C stack
 * pointer. */
uint32_t wrl__js_get_stack(void);
void wrl__js_set_stack(uint32_t pointer);

/* clang-format off */
/* NOLINTBEGIN */
/* Makes the exceptions and returns their number. The first ones have the form of the exceptions that exit() and abort()
 * throw. */
EM_JS(int, border_exceptions, (void), {
    const own = Object.create(null);
    own.throws = () => { throw new Error("nobody is to look"); };
    const trap = { get: own.throws, has: own.throws, getPrototypeOf: own.throws, getOwnPropertyDescriptor: own.throws, ownKeys: own.throws };
    const odd = (error, name) => Object.defineProperty(error, name, { get: own.throws });
    const number = (error) => { error.message = 5; return error; };
    const exits = () => 0;
    const list = [{ name: "ExitStatus", message: "Program terminated with exit(7)", status: 7 },
        new WebAssembly.RuntimeError("Aborted(no)"), "unwind", new Error("an error"), new RangeError("Invalid array length"),
        new TypeError("a type"), new WebAssembly.CompileError("wrl:call"), new WebAssembly.LinkError("link"),
        new WebAssembly.RuntimeError("unreachable"), new WebAssembly.RuntimeError("divide by zero"), 5, NaN, "", null, undefined,
        false, Symbol("s"), exits, Object.freeze(own), new Proxy({}, trap), new Proxy(exits, trap), odd(new Error("s"), "stack"),
        odd(new RangeError("s"), "message"), odd(new WebAssembly.RuntimeError("s"), "stack"),
        odd(new WebAssembly.RuntimeError("s"), "message"), number(new WebAssembly.RuntimeError("s")), number(new RangeError("s"))];
    if (WebAssembly.Exception) {
        list.push(new WebAssembly.Exception(new WebAssembly.Tag({ parameters: ["i32"] }), [1]));
    }
    Module.wrlBorder = list;
    return list.length;
});

EM_JS(void, border_throw, (int which), { throw Module.wrlBorder[which]; });

/* Calls run(data). Returns 1 if run() throws exception `which` (or a trap if `which` is negative), 2 if run() throws
 * any other exception. */
EM_JS(int, border_catch, (int which, uint32_t run, void *data, uint32_t get_stack, uint32_t set_stack, int limit), {
    const stack = wasmTable.get(get_stack)();
    const usual = Error.stackTraceLimit;
    if (limit >= 0) { Error.stackTraceLimit = limit; }
    try { wasmTable.get(run)(data); } catch (e) {
        wasmTable.get(set_stack)(stack);
        const good = which < 0 ? e instanceof WebAssembly.RuntimeError && e.message.toLowerCase().includes("nreachable")
            : Object.is(e, Module.wrlBorder[which]);
        if (!good) { try { console.log("border_catch: " + which + ": " + e); } catch (odd) {} }
        return good ? 1 : 2;
    } finally {
        if (limit >= 0) { Error.stackTraceLimit = usual; }
    }
    return 0;
});
/* NOLINTEND */
/* clang-format on */

static void throw_in_js(int32_t which)
{
    border_throw(which);
}

static void run(void *data)
{
    border_t *border = data;
    uint8_t here;
    int32_t result;
    /* The C stack pointer has to be the same each time. */
    border->is_always_there = border->is_always_there && (!border->last_at || border->last_at == &here);
    border->last_at = &here;
    border->error = call_guest(border->t->store, border->func, border->deed, &result);
}

/* Not inlined, so that its callee always sees the same C stack pointer. */
static __attribute__((noinline)) bool passes(wrl_test_t *t, border_t *border, int32_t deed, int stack_trace_limit)
{
    int which = deed % LEVEL == JS_THROWS ? border->exception : -1;
    border->deed = deed;
    border->error = NULL;
    border->called = 0;
    int caught = border_catch(which, (uint32_t)(uintptr_t)run, border, (uint32_t)(uintptr_t)wrl__js_get_stack,
                              (uint32_t)(uintptr_t)wrl__js_set_stack, stack_trace_limit);
    if (caught != 1) {
        (void)snprintf(t->message, sizeof t->message, "deed %d, exception %d: %s", (int)deed, which,
                       border->error ? wrl_error_message(border->error) : "another exception, or none");
        t->failed = true;
        wrl_error_delete(border->error);
        return false;
    }
    EQUAL(border->called, deed / LEVEL + 1);
    CHECK(border->is_always_there);
    return true;
}

static bool exceptions_pass(wrl_test_t *t, wrl_guest_t guest)
{
    border_t border;
    int exceptions = border_exceptions();
    TRY(open_border(t, guest, &border));
    for (size_t i = 0; i < KINDS; i++) {
        CHECK(wrl_instance_get_func(t->store, border.instance, kinds[i], &border.func));
        for (border.exception = 0; border.exception < exceptions; border.exception++) {
            TRY(passes(t, &border, JS_THROWS, -1));
            TRY(passes(t, &border, JS_THROWS + LEVEL, -1));
            t->rows++;
        }
        border.exception = (int32_t)i;
        TRY(passes(t, &border, JS_THROWS + DEPTH * LEVEL, -1));
        TRY(goes_on(t, &border));
    }
    return true;
}

/* Traps in the program's C code, at different C stack depths and limits on JS backtraces. */
static bool traps_pass(wrl_test_t *t, wrl_guest_t guest)
{
    static const int limits[] = {-1, 0, 1};
    border_t border;
    TRY(open_border(t, guest, &border));
    for (size_t i = 0; i < KINDS; i++) {
        CHECK(wrl_instance_get_func(t->store, border.instance, kinds[i], &border.func));
        for (border.c_frames = 0; border.c_frames <= 40; border.c_frames += 20) {
            for (size_t limit = 0; limit < sizeof limits / sizeof limits[0]; limit++) {
                TRY(passes(t, &border, HOST_TRAPS, limits[limit]));
                TRY(passes(t, &border, HOST_TRAPS + LEVEL, limits[limit]));
                t->rows++;
            }
        }
        TRY(passes(t, &border, HOST_TRAPS + DEPTH * LEVEL, -1));
        TRY(goes_on(t, &border));
    }
    return true;
}

static bool exceptions(wrl_test_t *t)
{
    return exceptions_pass(t, guest_handlers);
}

static bool exceptions_legacy(wrl_test_t *t)
{
    return exceptions_pass(t, guest_handlers_legacy);
}

static bool program_traps(wrl_test_t *t)
{
    return traps_pass(t, guest_handlers);
}

static bool program_traps_legacy(wrl_test_t *t)
{
    return traps_pass(t, guest_handlers_legacy);
}

/* A leak of backend slots or of C stack space in a call would exhaust the slots or the stack here. */
static bool stay_away(wrl_test_t *t, wrl_guest_t guest)
{
    border_t border;
    (void)border_exceptions();
    TRY(open_border(t, guest, &border));
    CHECK(wrl_instance_get_func(t->store, border.instance, "all", &border.func));
    for (int i = 0; i < TIMES; i++) {
        TRY(passes(t, &border, i % 2 ? JS_THROWS : HOST_TRAPS, -1));
    }
    return goes_on(t, &border);
}

static bool exceptions_stay_away(wrl_test_t *t)
{
    return stay_away(t, guest_handlers);
}

static bool exceptions_stay_away_legacy(wrl_test_t *t)
{
    return stay_away(t, guest_handlers_legacy);
}

/* A module without handlers is instantiated before a module with handlers that calls it. */
static bool handlers_come_later(wrl_test_t *t)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_I32));
    border_t border = {.t = t, .is_always_there = true};
    wrl_func_t host;
    wrl_imports_t *imports, *again;
    wrl_instance_t instance;
    wrl_extern_t forwards;
    (void)border_exceptions();
    OK(wrl_func_new(t->store, &type, do_deed, &border, NULL, &host));
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "host", "do", wrl_extern_from_func(host)));
    TRY(test_instance(t, guest_forwards, imports, &instance));
    CHECK(wrl_instance_get_export(t->store, instance, "do", &forwards));
    TRY(test_imports(t, &again));
    OK(wrl_imports_define(again, "host", "do", forwards));
    TRY(test_instance(t, guest_handlers_legacy, again, &border.instance));
    for (size_t i = 0; i < KINDS; i++) {
        CHECK(wrl_instance_get_func(t->store, border.instance, kinds[i], &border.func));
        TRY(passes(t, &border, JS_THROWS, -1));
        TRY(passes(t, &border, HOST_TRAPS, -1));
    }
    return goes_on(t, &border);
}

#endif

static const wrl_test_case_t cases[] = {
    {"border.hostile_names", hostile_names, {NEED_EXECUTION}},
    {"border.errors", errors, {NEED_EXECUTION, NEED_EXCEPTIONS}},
    {"border.errors_legacy", errors_legacy, {NEED_EXECUTION}},
    {"border.errors_stay_away", errors_stay_away, {NEED_EXECUTION, NEED_EXCEPTIONS}},
#ifdef WRL_CONFORMANCE_JS
    {"border.exceptions", exceptions, {NEED_EXECUTION, NEED_EXCEPTIONS, NEED_JS_ENGINE}},
    {"border.exceptions_legacy", exceptions_legacy, {NEED_EXECUTION, NEED_JS_ENGINE}},
    {"border.program_traps", program_traps, {NEED_EXECUTION, NEED_EXCEPTIONS, NEED_JS_ENGINE}},
    {"border.program_traps_legacy", program_traps_legacy, {NEED_EXECUTION, NEED_JS_ENGINE}},
    {"border.exceptions_stay_away", exceptions_stay_away, {NEED_EXECUTION, NEED_EXCEPTIONS, NEED_JS_ENGINE}},
    {"border.exceptions_stay_away_legacy", exceptions_stay_away_legacy, {NEED_EXECUTION, NEED_JS_ENGINE}},
    {"border.handlers_come_later", handlers_come_later, {NEED_EXECUTION, NEED_JS_ENGINE}},
#endif
};
WRL_TEST_GROUP(border);
