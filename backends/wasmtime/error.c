/* Errors: what the engine reports, as kinds, trap codes, frames and one line of its own words. */
#include "backend.h"

#include <string.h>

wrl_error_t *wt_plain_error(const wrl_core_t *core, wrl_error_kind_t kind)
{
    return core->error(kind, WRL_TRAP_NONE, NULL, 0);
}

/* ---- Words ---------------------------------------------------------------------------------------------------------
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

/* The causes of an error with several of them are numbered: "1: wasm trap: …". */
static size_t number_size(const char *line, size_t size)
{
    size_t digits = 0;
    while (digits < size && line[digits] >= '0' && line[digits] <= '9') {
        digits++;
    }
    bool numbered = digits > 0 && digits + 2 <= size && line[digits] == ':' && line[digits + 1] == ' ';
    return numbered ? digits + 2 : 0;
}

/* A message on its way to one line. It is written over the message it is read from, which it never overtakes. */
typedef struct wt_words {
    char *text;
    size_t size;
    bool in_trace;   /* Among the lines of the backtrace, which the error carries as frames. */
    bool skip_codes; /* Leave out what the trap's code says already. */
} wt_words_t;

/* `line` is what is left of a line of `indent` blanks more. */
static void add_line(wt_words_t *words, const char *line, size_t size, size_t indent)
{
    if (starts_with(line, size, "error while executing at wasm backtrace:")) {
        words->in_trace = true;
        return;
    }
    if (starts_with(line, size, "Caused by:")) {
        words->in_trace = false;
        return;
    }
    size_t number = indent > 0 ? number_size(line, size) : 0;
    line += number;
    size -= number;
    if (words->in_trace || size == 0 || (words->skip_codes && starts_with(line, size, "wasm trap: "))) {
        return;
    }
    if (words->size > 0) {
        if (indent > 1) {
            words->text[words->size++] = ':';
        }
        words->text[words->size++] = ' ';
    }
    memmove(words->text + words->size, line, size);
    words->size += size;
}

/* Makes one line of `size` bytes of text, in place, and returns what is left of the size. */
static size_t make_line(char *text, size_t size, bool skip_codes)
{
    wt_words_t words = {text, 0, false, skip_codes};
    size_t at = 0;
    while (at < size) {
        size_t end = at;
        while (end < size && text[end] != '\n') {
            end++;
        }
        size_t start = at;
        while (start < end && text[start] == ' ') {
            start++;
        }
        add_line(&words, text + start, end - start, start - at);
        at = end + 1;
    }
    return words.size;
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

/* A failure as the engine reports it: an error, or a trap. */
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

/* Adds the engine's frames to an error that has none: one that crossed several calls keeps those of the innermost. */
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
    default:
        return WRL_TRAP_OTHER;
    }
}

static wrl_error_t *from_trap(const wrl_core_t *core, const wasm_trap_t *trap)
{
    wasmtime_trap_code_t engine_code;
    wrl_trap_code_t code = wasmtime_trap_code(trap, &engine_code) ? trap_code(engine_code) : WRL_TRAP_OTHER;
    wasm_message_t message;
    wasm_trap_message(trap, &message);
    /* The last byte is a terminator. */
    size_t size = message.size == 0 ? 0 : make_line(message.data, message.size - 1, code != WRL_TRAP_OTHER);
    wrl_error_t *error = core->error(WRL_ERROR_TRAP, code, message.data, size);
    wasm_byte_vec_delete(&message);
    return error;
}

/* A kind, and a code if the kind is WRL_ERROR_TRAP. */
typedef struct wt_class {
    wrl_error_kind_t kind;
    wrl_trap_code_t code;
} wt_class_t;

typedef wt_class_t (*wt_classify_t)(const char *words, size_t size);

/* The engine tells its errors apart by their words alone. */
static wrl_error_t *from_error(const wrl_core_t *core, const wasmtime_error_t *from, wt_classify_t classify)
{
    wasm_name_t message;
    wasmtime_error_message(from, &message);
    size_t size = make_line(message.data, message.size, false);
    wt_class_t class = classify(message.data, size);
    wrl_error_t *error = core->error(class.kind, class.code, message.data, size);
    wasm_byte_vec_delete(&message);
    return error;
}

static wt_class_t classify_module(const char *words, size_t size)
{
    wt_class_t class = {WRL_ERROR_INVALID, WRL_TRAP_NONE};
    if (contains(words, size, "Implementation limit exceeded") ||
        contains(words, size, "exceeds the implementation limit") ||
        contains(words, size, "Code for function is too large") || contains(words, size, "size exceeds")) {
        class.kind = WRL_ERROR_RESOURCE_LIMIT;
    } else if (contains(words, size, "Unsupported feature")) {
        class.kind = WRL_ERROR_UNSUPPORTED;
    }
    return class;
}

/* What is valid and yet is not compiled is too much for the engine or the host. */
static wt_class_t classify_valid_module(const char *words, size_t size)
{
    wt_class_t class = classify_module(words, size);
    if (class.kind == WRL_ERROR_INVALID) {
        class.kind = WRL_ERROR_RESOURCE_LIMIT;
    }
    return class;
}

static wt_class_t classify_call(const char *words, size_t size)
{
    wt_class_t class = {WRL_ERROR_TRAP, WRL_TRAP_OTHER};
    if (contains(words, size, "GC heap out of memory")) {
        class.code = WRL_TRAP_ALLOCATION_TOO_LARGE;
    } else if (starts_with(words, size, "argument type mismatch")) {
        class = (wt_class_t){WRL_ERROR_INVALID_ARGUMENT, WRL_TRAP_NONE};
    } else if (starts_with(words, size, "function attempted to return an incompatible value")) {
        class = (wt_class_t){WRL_ERROR_HOST, WRL_TRAP_NONE};
    }
    return class;
}

static wt_class_t classify_instance(const char *words, size_t size)
{
    wt_class_t class = {WRL_ERROR_RESOURCE_LIMIT, WRL_TRAP_NONE};
    if (contains(words, size, "types incompatible") || starts_with(words, size, "incompatible import type")) {
        class.kind = WRL_ERROR_LINK;
    }
    return class;
}

/* ---- What the other files call -------------------------------------------------------------------------------------
 */

wrl_error_t *wt_error(const wrl_core_t *core, wrl_error_kind_t kind, wasmtime_error_t *error)
{
    wasm_name_t message;
    wasmtime_error_message(error, &message);
    size_t size = make_line(message.data, message.size, false);
    /* A reference that is not of the type wanted, which only the engine can tell. */
    if (starts_with(message.data, size, "type mismatch") || contains(message.data, size, ": type mismatch: ")) {
        kind = WRL_ERROR_INVALID_ARGUMENT;
    }
    wrl_error_t *made = core->error(kind, WRL_TRAP_NONE, message.data, size);
    wasm_byte_vec_delete(&message);
    wasmtime_error_delete(error);
    return made;
}

wrl_error_t *wt_module_error(const wrl_core_t *core, wasmtime_error_t *error, bool valid)
{
    wrl_error_t *made = from_error(core, error, valid ? classify_valid_module : classify_module);
    wasmtime_error_delete(error);
    return made;
}

static wrl_error_t *finish(wt_store_t *store, wt_failure_t failure, wt_classify_t classify)
{
    wrl_error_t *made = store->pending;
    store->pending = NULL;
    if (wrl_wasmtime_end_exception(store->context) && made == NULL) {
        made = store->core->error(WRL_ERROR_TRAP, WRL_TRAP_UNCAUGHT_EXCEPTION, NULL, 0);
    }
    if (made == NULL) {
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
    /* With frames it happened in the start function, and is a failed call like any other. */
    bool started = trap != NULL || has_frames(failure);
    return finish(store, failure, started ? classify_call : classify_instance);
}
