#include "error.h"

#include "alloc.h"

#include <stdio.h>
#include <string.h>

struct wrl_error {
    wrl_error_kind_t kind;
    wrl_trap_code_t code;
    int32_t exit_status;
    bool is_static;
    char *message;
    void *data;
    wrl_finalizer_t finalizer;
    wrl_frame_t *frames;
    size_t frame_count;
    size_t frame_capacity;
};

static char out_of_memory_message[] = "out of memory";
static wrl_error_t out_of_memory = {
    .kind = WRL_ERROR_OUT_OF_MEMORY, .is_static = true, .message = out_of_memory_message};

wrl_error_t *wrl__error_out_of_memory(void)
{
    return &out_of_memory;
}

const char *wrl_error_kind_name(wrl_error_kind_t kind)
{
    switch (kind) {
    case WRL_ERROR_INVALID_ARGUMENT:
        return "invalid argument";
    case WRL_ERROR_UNSUPPORTED:
        return "unsupported";
    case WRL_ERROR_MALFORMED:
        return "malformed module";
    case WRL_ERROR_INVALID:
        return "invalid module";
    case WRL_ERROR_LINK:
        return "link error";
    case WRL_ERROR_TRAP:
        return "trap";
    case WRL_ERROR_HOST:
        return "host error";
    case WRL_ERROR_RESOURCE_LIMIT:
        return "resource limit";
    case WRL_ERROR_OUT_OF_MEMORY:
        return "out of memory";
    case WRL_ERROR_IO:
        return "input/output error";
    case WRL_ERROR_EXIT:
        return "exit";
    }
    return "unknown";
}

const char *wrl_trap_code_name(wrl_trap_code_t code)
{
    switch (code) {
    case WRL_TRAP_NONE:
        return "none";
    case WRL_TRAP_OTHER:
        return "trap";
    case WRL_TRAP_UNREACHABLE:
        return "unreachable executed";
    case WRL_TRAP_MEMORY_OUT_OF_BOUNDS:
        return "out of bounds memory access";
    case WRL_TRAP_TABLE_OUT_OF_BOUNDS:
        return "out of bounds table access";
    case WRL_TRAP_INDIRECT_CALL_TO_NULL:
        return "indirect call to null";
    case WRL_TRAP_BAD_SIGNATURE:
        return "indirect call type mismatch";
    case WRL_TRAP_INTEGER_OVERFLOW:
        return "integer overflow";
    case WRL_TRAP_INTEGER_DIVISION_BY_ZERO:
        return "integer division by zero";
    case WRL_TRAP_BAD_CONVERSION_TO_INTEGER:
        return "invalid conversion to integer";
    case WRL_TRAP_STACK_OVERFLOW:
        return "call stack exhausted";
    case WRL_TRAP_NULL_REFERENCE:
        return "null reference";
    case WRL_TRAP_ARRAY_OUT_OF_BOUNDS:
        return "out of bounds array access";
    case WRL_TRAP_CAST_FAILURE:
        return "cast failure";
    case WRL_TRAP_ALLOCATION_TOO_LARGE:
        return "allocation too large";
    case WRL_TRAP_UNALIGNED_ATOMIC:
        return "unaligned atomic access";
    case WRL_TRAP_ATOMIC_WAIT_NON_SHARED:
        return "atomic wait on memory that is not shared";
    case WRL_TRAP_UNCAUGHT_EXCEPTION:
        return "uncaught exception";
    case WRL_TRAP_OUT_OF_FUEL:
        return "out of fuel";
    }
    return "unknown";
}

static bool is_known_kind(wrl_error_kind_t kind)
{
    return kind >= WRL_ERROR_INVALID_ARGUMENT && kind <= WRL_ERROR_EXIT;
}

/* Makes an error with the text as its message. Takes ownership of the text. */
static wrl_error_t *make(wrl_error_kind_t kind, wrl_text_t *text)
{
    wrl_error_t *error = text->failed ? NULL : (wrl_error_t *)wrl__alloc(sizeof *error);
    if (!error || !text->data) {
        wrl__free(error);
        wrl__text_free(text);
        return &out_of_memory;
    }
    error->kind = is_known_kind(kind) ? kind : WRL_ERROR_HOST;
    error->code = error->kind == WRL_ERROR_TRAP ? WRL_TRAP_OTHER : WRL_TRAP_NONE;
    error->message = text->data;
    return error;
}

wrl_error_t *wrl__error_from_text(wrl_error_kind_t kind, wrl_text_t *text)
{
    return make(kind, text);
}

wrl_error_t *wrl_error_new(wrl_error_kind_t kind, const char *message)
{
    wrl_text_t text = {0};
    wrl__text_add(&text, message ? message : wrl_error_kind_name(is_known_kind(kind) ? kind : WRL_ERROR_HOST));
    return make(kind, &text);
}

wrl_error_t *wrl_error_newf(wrl_error_kind_t kind, const char *format, ...)
{
    if (!format) {
        return wrl_error_new(kind, NULL);
    }
    wrl_text_t text = {0};
    va_list arguments;
    va_start(arguments, format);
    bool formatted = wrl__text_addv_any(&text, format, arguments);
    va_end(arguments);
    if (!formatted) {
        wrl__text_add(&text, "invalid message format: ");
        wrl__text_add_quoted(&text, format, strlen(format));
    }
    return make(kind, &text);
}

wrl_error_t *wrl__error_format(wrl_error_kind_t kind, const char *format, ...)
{
    wrl_text_t text = {0};
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    return make(kind, &text);
}

wrl_error_t *wrl_error_new_with_data(wrl_error_kind_t kind, const char *message, void *data, wrl_finalizer_t finalizer)
{
    wrl_error_t *error = wrl_error_new(kind, message);
    if (error->is_static) {
        if (finalizer) {
            finalizer(data);
        }
        return error;
    }
    error->data = data;
    error->finalizer = finalizer;
    return error;
}

wrl_error_t *wrl_error_new_trap(wrl_trap_code_t code, const char *message)
{
    if (code <= WRL_TRAP_NONE || code > WRL_TRAP_OUT_OF_FUEL) {
        code = WRL_TRAP_OTHER;
    }
    wrl_error_t *error = wrl_error_new(WRL_ERROR_TRAP, message ? message : wrl_trap_code_name(code));
    if (!error->is_static) {
        error->code = code;
    }
    return error;
}

wrl_error_t *wrl_error_new_exit(int32_t status)
{
    wrl_error_t *error = wrl__error_format(WRL_ERROR_EXIT, "exit with status %ld", (long)status);
    if (!error->is_static) {
        error->exit_status = status;
    }
    return error;
}

wrl_error_t *wrl__error_argument(const char *name, const char *format, ...)
{
    wrl_text_t text = {0};
    wrl__text_addf(&text, "%s: ", name);
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    return make(WRL_ERROR_INVALID_ARGUMENT, &text);
}

wrl_error_t *wrl__error_null(const char *name)
{
    return wrl__error_argument(name, "is NULL");
}

wrl_error_t *wrl__error_impossible_size(const char *name, size_t size)
{
    return size <= PTRDIFF_MAX ? NULL : wrl__error_argument(name, "is %zu, larger than any object", size);
}

wrl_error_t *wrl__error_config_size(size_t size, size_t expected, const char *noun)
{
    return size == expected ? NULL
                            : wrl__error_argument("config", "has a size of %zu, not the %zu of WRL_%s_CONFIG_INIT",
                                                  size, expected, noun);
}

wrl_error_t *wrl__error_prefix(wrl_error_t *error, const char *format, ...)
{
    if (error->is_static) {
        return error;
    }
    wrl_text_t text = {0};
    va_list arguments;
    va_start(arguments, format);
    wrl__text_addv(&text, format, arguments);
    va_end(arguments);
    wrl__text_add(&text, error->message);
    /* If memory runs out, the message stays as it is. */
    if (text.failed) {
        wrl__text_free(&text);
        return error;
    }
    wrl__free(error->message);
    error->message = text.data;
    return error;
}

wrl_error_t *wrl__error_from_backend(wrl_error_kind_t kind, wrl_trap_code_t code, const char *words, size_t size)
{
    if (kind == WRL_ERROR_OUT_OF_MEMORY) {
        return &out_of_memory;
    }
    wrl_text_t given = {0};
    wrl_text_t text = {0};
    if (words) {
        wrl__text_add_words(&given, words, size);
    }
    /* The name of the trap code comes first, so that messages begin the same on every backend. */
    if (kind == WRL_ERROR_TRAP && code != WRL_TRAP_OTHER) {
        wrl__text_add(&text, wrl_trap_code_name(code));
        if (given.data && strcmp(given.data, wrl_trap_code_name(code)) == 0) {
            wrl__text_free(&given); /* The engine's message is the same. */
        }
        wrl__text_add(&text, given.size ? ": " : "");
    } else if (!given.size) {
        wrl__text_add(&text, wrl_error_kind_name(kind));
    }
    wrl__text_add_bytes(&text, given.data, given.size);
    wrl__text_free(&given);
    wrl_error_t *error = make(kind, &text);
    if (!error->is_static && error->kind == WRL_ERROR_TRAP) {
        error->code = code > WRL_TRAP_NONE && code <= WRL_TRAP_OUT_OF_FUEL ? code : WRL_TRAP_OTHER;
    }
    return error;
}

/* Returns a NUL-terminated copy, or NULL if there is no name or memory runs out. */
static char *copy_name(const char *name, size_t size)
{
    char *copy = name && size < SIZE_MAX ? (char *)wrl__alloc(size + 1) : NULL;
    if (copy && size) {
        memcpy(copy, name, size);
    }
    return copy;
}

void wrl__error_add_frame(wrl_error_t *error, const wrl_frame_t *frame)
{
    if (!error || !frame || error->is_static ||
        !wrl__grow((void **)&error->frames, &error->frame_capacity, error->frame_count + 1, sizeof *error->frames)) {
        return;
    }
    wrl_frame_t *copy = &error->frames[error->frame_count++];
    *copy = *frame;
    copy->func_name = copy_name(frame->func_name, frame->func_name_size);
    copy->func_name_size = copy->func_name ? frame->func_name_size : 0;
    copy->module_name = copy_name(frame->module_name, frame->module_name_size);
    copy->module_name_size = copy->module_name ? frame->module_name_size : 0;
}

void wrl_error_delete(wrl_error_t *error)
{
    if (!error || error->is_static) {
        return;
    }
    if (error->finalizer) {
        error->finalizer(error->data);
    }
    for (size_t i = 0; i < error->frame_count; i++) {
        wrl__free((void *)error->frames[i].func_name);
        wrl__free((void *)error->frames[i].module_name);
    }
    wrl__free(error->frames);
    wrl__free(error->message);
    wrl__free(error);
}

wrl_error_kind_t wrl_error_kind(const wrl_error_t *error)
{
    return error ? error->kind : WRL_ERROR_INVALID_ARGUMENT;
}

const char *wrl_error_message(const wrl_error_t *error)
{
    return error ? error->message : "error is NULL";
}

wrl_trap_code_t wrl_error_trap_code(const wrl_error_t *error)
{
    return error ? error->code : WRL_TRAP_NONE;
}

int32_t wrl_error_exit_status(const wrl_error_t *error)
{
    return error ? error->exit_status : 0;
}

void *wrl_error_data(const wrl_error_t *error)
{
    return error ? error->data : NULL;
}

size_t wrl_error_frame_count(const wrl_error_t *error)
{
    return error ? error->frame_count : 0;
}

bool wrl_error_frame(const wrl_error_t *error, size_t index, wrl_frame_t *frame)
{
    if (!frame) {
        return false;
    }
    if (!error || index >= error->frame_count) {
        memset(frame, 0, sizeof *frame);
        return false;
    }
    *frame = error->frames[index];
    return true;
}
