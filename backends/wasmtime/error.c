/* Errors: converts the engine's errors and traps to kinds, trap codes, frames and the engine's message on one line. */
#include "backend.h"

#include <string.h>

wrl_error_t *wt_plain_error(const wrl_core_t *core, wrl_error_kind_t kind)
{
    return core->error(kind, WRL_TRAP_NONE, NULL, 0);
}

/* ---- Messages ------------------------------------------------------------------------------------------------------
 */

static bool starts_with(const char *text, size_t size, const char *prefix)
{
    size_t prefix_size = strlen(prefix);
    return size >= prefix_size && memcmp(text, prefix, prefix_size) == 0;
}

static bool contains(const char *text, size_t size, const char *part)
{
    size_t part_size = strlen(part);
    for (size_t i = 0; i + part_size <= size; i++) {
        if (memcmp(text + i, part, part_size) == 0) {
            return true;
        }
    }
    return false;
}

static size_t line_size(const char *text, size_t size)
{
    const char *end = size > 0 ? memchr(text, '\n', size) : NULL;
    return end != NULL ? (size_t)(end - text) : size;
}

/* Finds the first cause that starts with `beginning`. Returns the cause and sets `*cause_size`, or returns NULL.
 * `words` has a line for each cause. Causes may contain names from the module, so only their beginnings identify them.
 */
static const char *find_cause(const wasm_byte_vec_t *words, const char *beginning, size_t *cause_size)
{
    size_t at = 0;
    while (at < words->size) {
        const char *line = words->data + at;
        *cause_size = line_size(line, words->size - at);
        if (starts_with(line, *cause_size, beginning)) {
            return line;
        }
        at += *cause_size + 1;
    }
    return NULL;
}

static bool has_cause(const wasm_byte_vec_t *words, const char *beginning)
{
    size_t size;
    return find_cause(words, beginning, &size) != NULL;
}

/* Makes an error with a message, and deletes the message. */
static wrl_error_t *error_of(const wrl_core_t *core, wrl_error_kind_t kind, wrl_trap_code_t code,
                             wasm_byte_vec_t *words)
{
    for (size_t i = 0; i < words->size; i++) {
        if (words->data[i] == '\n') {
            words->data[i] = ' ';
        }
    }
    wrl_error_t *error = core->error(kind, code, words->data, words->size);
    wasm_byte_vec_delete(words);
    return error;
}

/* ---- Frames --------------------------------------------------------------------------------------------------------
 */

static uint64_t offset_or_unknown(size_t offset)
{
    return offset == SIZE_MAX ? WRL_FRAME_UNKNOWN : offset;
}

static void add_frame(const wrl_core_t *core, wrl_error_t *error, const wasm_frame_t *from)
{
    wrl_frame_t frame = {0};
    frame.func_index = wasm_frame_func_index(from);
    frame.func_offset = offset_or_unknown(wasm_frame_func_offset(from));
    frame.module_offset = offset_or_unknown(wasm_frame_module_offset(from));
    const wasm_name_t *func_name = wasmtime_frame_func_name(from);
    if (func_name != NULL) {
        frame.func_name = func_name->data;
        frame.func_name_size = func_name->size;
    }
    const wasm_name_t *module_name = wasmtime_frame_module_name(from);
    if (module_name != NULL) {
        frame.module_name = module_name->data;
        frame.module_name_size = module_name->size;
    }
    core->error_add_frame(error, &frame);
}

/* The engine's report of a failure: an error or a trap. */
typedef struct wt_failure {
    wasmtime_error_t *error;
    wasm_trap_t *trap;
} wt_failure_t;

static void frames_of(wt_failure_t failure, wasm_frame_vec_t *frames)
{
    if (failure.trap != NULL) {
        wasm_trap_trace(failure.trap, frames);
    } else {
        wasmtime_error_wasm_trace(failure.error, frames);
    }
}

/* Adds the engine's frames to an error that has none. An error that passes through several calls keeps the frames of
 * the innermost call. */
static void add_frames(const wrl_core_t *core, wrl_error_t *error, wt_failure_t failure)
{
    if (core->error_frame_count(error) != 0) {
        return;
    }
    wasm_frame_vec_t frames;
    frames_of(failure, &frames);
    for (size_t i = 0; i < frames.size; i++) {
        add_frame(core, error, frames.data[i]);
    }
    wasm_frame_vec_delete(&frames);
}

static bool has_frames(wt_failure_t failure)
{
    wasm_frame_vec_t frames;
    frames_of(failure, &frames);
    bool any = frames.size > 0;
    wasm_frame_vec_delete(&frames);
    return any;
}

static void delete_failure(wt_failure_t failure)
{
    if (failure.error != NULL) {
        wasmtime_error_delete(failure.error);
    }
    if (failure.trap != NULL) {
        wasm_trap_delete(failure.trap);
    }
}

/* ---- Kinds ---------------------------------------------------------------------------------------------------------
 */

static wrl_trap_code_t trap_code(wasmtime_trap_code_t code)
{
    switch (code) {
    case WASMTIME_TRAP_CODE_STACK_OVERFLOW:
        return WRL_TRAP_STACK_OVERFLOW;
    case WASMTIME_TRAP_CODE_MEMORY_OUT_OF_BOUNDS:
        return WRL_TRAP_MEMORY_OUT_OF_BOUNDS;
    case WASMTIME_TRAP_CODE_HEAP_MISALIGNED:
        return WRL_TRAP_UNALIGNED_ATOMIC;
    case WASMTIME_TRAP_CODE_TABLE_OUT_OF_BOUNDS:
        return WRL_TRAP_TABLE_OUT_OF_BOUNDS;
    case WASMTIME_TRAP_CODE_INDIRECT_CALL_TO_NULL:
        return WRL_TRAP_INDIRECT_CALL_TO_NULL;
    case WASMTIME_TRAP_CODE_BAD_SIGNATURE:
        return WRL_TRAP_BAD_SIGNATURE;
    case WASMTIME_TRAP_CODE_INTEGER_OVERFLOW:
        return WRL_TRAP_INTEGER_OVERFLOW;
    case WASMTIME_TRAP_CODE_INTEGER_DIVISION_BY_ZERO:
        return WRL_TRAP_INTEGER_DIVISION_BY_ZERO;
    case WASMTIME_TRAP_CODE_BAD_CONVERSION_TO_INTEGER:
        return WRL_TRAP_BAD_CONVERSION_TO_INTEGER;
    case WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED:
        return WRL_TRAP_UNREACHABLE;
    case WASMTIME_TRAP_CODE_ATOMIC_WAIT_NON_SHARED_MEMORY:
        return WRL_TRAP_ATOMIC_WAIT_NON_SHARED;
    case WASMTIME_TRAP_CODE_NULL_REFERENCE:
        return WRL_TRAP_NULL_REFERENCE;
    case WASMTIME_TRAP_CODE_ARRAY_OUT_OF_BOUNDS:
        return WRL_TRAP_ARRAY_OUT_OF_BOUNDS;
    case WASMTIME_TRAP_CODE_ALLOCATION_TOO_LARGE:
        return WRL_TRAP_ALLOCATION_TOO_LARGE;
    case WASMTIME_TRAP_CODE_CAST_FAILURE:
        return WRL_TRAP_CAST_FAILURE;
    case WASMTIME_TRAP_CODE_UNCAUGHT_EXCEPTION:
        return WRL_TRAP_UNCAUGHT_EXCEPTION;
    case WASMTIME_TRAP_CODE_OUT_OF_FUEL:
        return WRL_TRAP_OUT_OF_FUEL;
    default:
        return WRL_TRAP_OTHER;
    }
}

static wrl_error_t *from_trap(const wrl_core_t *core, const wasm_trap_t *trap)
{
    wasmtime_trap_code_t engine_code;
    wrl_trap_code_t code = wasmtime_trap_code(trap, &engine_code) ? trap_code(engine_code) : WRL_TRAP_OTHER;
    wasm_byte_vec_t words = {0, NULL};
    wrl__wasmtime_trap_words(trap, code == WRL_TRAP_OTHER, &words);
    return error_of(core, WRL_ERROR_TRAP, code, &words);
}

/* A kind, and a code if the kind is WRL_ERROR_TRAP. */
typedef struct wt_class {
    wrl_error_kind_t kind;
    wrl_trap_code_t code;
} wt_class_t;

/* Classifies an error by its message. The engine's errors differ in nothing else. */
typedef wt_class_t (*wt_classify_t)(const wasm_byte_vec_t *words);

/* Returns a message that replaces the engine's, or NULL. The engine's messages identify types by internal numbers,
 * which have no meaning for a program. */
static const char *words_for_mismatch(wrl_error_kind_t kind)
{
    switch (kind) {
    case WRL_ERROR_INVALID_ARGUMENT:
        return "args: a reference does not have its parameter's type";
    case WRL_ERROR_HOST:
        return "a host function returned a reference that does not have its result's type";
    default:
        return NULL;
    }
}

static wrl_error_t *from_error(const wrl_core_t *core, const wasmtime_error_t *from, wt_classify_t classify)
{
    wasm_byte_vec_t words = {0, NULL};
    wrl__wasmtime_error_words(from, &words);
    wt_class_t class = classify(&words);
    const char *own_words = words_for_mismatch(class.kind);
    if (own_words != NULL) {
        wasm_byte_vec_delete(&words);
        return core->error(class.kind, class.code, own_words, strlen(own_words));
    }
    return error_of(core, class.kind, class.code, &words);
}

/* Whether a br_table has more targets than the engine supports. This message contains no names from the module. */
static bool has_too_many_targets(const wasm_byte_vec_t *words)
{
    size_t size;
    const char *cause = find_cause(words, "Unsupported feature: `br_table` has ", &size);
    return cause != NULL && contains(cause, size, "exceeds the implementation limit");
}

/* Whether a message says that a limit is exceeded, as in "tables count exceeds limit of 100". No name from the module
 * precedes these phrases. */
static bool is_beyond_limit(const char *words, size_t size)
{
    size_t plain = 0;
    while (plain < size && (words[plain] == ' ' || (words[plain] >= 'a' && words[plain] <= 'z'))) {
        plain++;
    }
    return contains(words, plain, " count exceeds limit of ") ||
           starts_with(words, size, "string size out of bounds") ||
           starts_with(words, size, "effective type size exceeds");
}

/* Whether a valid module exceeds an implementation limit of the validator. The engine's message states the offset in
 * the module either at the beginning or at the end. */
static bool has_beyond_limit(const wasm_byte_vec_t *words)
{
    static const char place[] = "Invalid input WebAssembly code at offset ";
    size_t size;
    const char *cause = find_cause(words, place, &size);
    size_t at = sizeof(place) - 1;
    while (cause != NULL && at < size && cause[at] >= '0' && cause[at] <= '9') {
        at++;
    }
    bool follows = cause != NULL && size - at > 2 && is_beyond_limit(cause + at + 2, size - at - 2);
    return follows || has_cause(words, "effective type size exceeds");
}

static wt_class_t classify_module(const wasm_byte_vec_t *words)
{
    wt_class_t class = {WRL_ERROR_INVALID, WRL_TRAP_NONE};
    if (has_cause(words, "Implementation limit exceeded") ||
        has_cause(words, "Compilation error: Implementation limit exceeded") ||
        has_cause(words, "Compilation error: Code for function is too large") || has_beyond_limit(words) ||
        has_too_many_targets(words)) {
        class.kind = WRL_ERROR_RESOURCE_LIMIT;
    } else if (has_cause(words, "Unsupported feature: ") ||
               has_cause(words, "Compilation error: Unsupported feature: ")) {
        class.kind = WRL_ERROR_UNSUPPORTED;
    }
    return class;
}

/* A valid module that does not compile is too large for the engine or the host. */
static wt_class_t classify_valid_module(const wasm_byte_vec_t *words)
{
    wt_class_t class = classify_module(words);
    if (class.kind == WRL_ERROR_INVALID) {
        class.kind = WRL_ERROR_RESOURCE_LIMIT;
    }
    return class;
}

static wt_class_t classify_call(const wasm_byte_vec_t *words)
{
    wt_class_t class = {WRL_ERROR_TRAP, WRL_TRAP_OTHER};
    if (has_cause(words, "GC heap out of memory")) {
        class.code = WRL_TRAP_ALLOCATION_TOO_LARGE;
    } else if (has_cause(words, "argument type mismatch")) {
        class = (wt_class_t){WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE};
    } else if (has_cause(words, "function attempted to return an incompatible value")) {
        class = (wt_class_t){WRL_ERROR_HOST, WRL_TRAP_NONE};
    }
    return class;
}

static wt_class_t classify_instance(const wasm_byte_vec_t *words)
{
    wt_class_t class = {WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE};
    if (has_cause(words, "incompatible import type")) {
        class.kind = WRL_ERROR_LINK;
    }
    return class;
}

/* ---- Functions for other files -------------------------------------------------------------------------------------
 */

wrl_error_t *wt_error(const wrl_core_t *core, wrl_error_kind_t kind, wasmtime_error_t *error)
{
    wasm_byte_vec_t words = {0, NULL};
    wrl__wasmtime_error_words(error, &words);
    wasmtime_error_delete(error);
    /* Only the engine can check that a reference is of the required type. */
    if (has_cause(&words, "type mismatch")) {
        kind = WRL_ERROR_INVALID_ARGUMENT;
    }
    return error_of(core, kind, WRL_TRAP_NONE, &words);
}

wrl_error_t *wt_module_error(const wrl_core_t *core, wasmtime_error_t *error, bool valid)
{
    wrl_error_t *made = from_error(core, error, valid ? classify_valid_module : classify_module);
    wasmtime_error_delete(error);
    return made;
}

/* The engine keeps the fuel of running code in a register, and saves it before calls, `unreachable` and returns. After
 * any other trap, the guest would get back what it took since. All its fuel is taken instead. */
static void take_fuel_of(wt_store_t *store, wt_failure_t failure)
{
    wasmtime_trap_code_t code;
    bool is_saved = failure.trap == NULL ||
                    (wasmtime_trap_code(failure.trap, &code) && (code == WASMTIME_TRAP_CODE_UNREACHABLE_CODE_REACHED ||
                                                                 code == WASMTIME_TRAP_CODE_STACK_OVERFLOW));
    if (store->takes_fuel && !is_saved) {
        wasmtime_error_t *error = wasmtime_context_set_fuel(store->context, 0);
        if (error != NULL) {
            wasmtime_error_delete(error);
        }
    }
}

static wrl_error_t *finish(wt_store_t *store, wt_failure_t failure, wt_classify_t classify)
{
    wrl_error_t *made = store->pending;
    store->pending = NULL;
    if (wrl__wasmtime_end_exception(store->context) && made == NULL) {
        made = store->core->error(WRL_ERROR_TRAP, WRL_TRAP_UNCAUGHT_EXCEPTION, NULL, 0);
    }
    if (made == NULL) {
        take_fuel_of(store, failure);
        made = failure.trap != NULL ? from_trap(store->core, failure.trap)
                                    : from_error(store->core, failure.error, classify);
    }
    add_frames(store->core, made, failure);
    delete_failure(failure);
    return made;
}

wrl_error_t *wt_call_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap)
{
    return finish(store, (wt_failure_t){error, trap}, classify_call);
}

wrl_error_t *wt_instance_error(wt_store_t *store, wasmtime_error_t *error, wasm_trap_t *trap)
{
    wt_failure_t failure = {error, trap};
    /* An error with frames comes from the start function. It is classified like the error of any call. */
    bool started = trap != NULL || has_frames(failure);
    return finish(store, failure, started ? classify_call : classify_instance);
}
