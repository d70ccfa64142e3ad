/*
 * The table: each public function, its parameters and the kinds of misuse that each of them is put through. A function
 * without an entry fails conformance_misuse_coverage.
 */
#include "misuse.h"

/* A parameter under its name in the header, where it stands in misuse_args_t, and its kinds. */
#define PARAM(name, field, kinds)                                                                                      \
    {                                                                                                                  \
        name, offsetof(misuse_args_t, field), kinds                                                                    \
    }
#define STORE PARAM("store", store, misuse_pointer)
#define ENGINE PARAM("engine", engine, misuse_pointer)
#define MODULE PARAM("module", module, misuse_pointer)
#define OUT(name) PARAM(name, out, misuse_pointer)
#define HANDLE(name) PARAM(#name, name, misuse_handle)

/* Defines how a function is called with arguments `a`. */
#define CALL(function, expression)                                                                                     \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        return expression;                                                                                             \
    }

/* The same for one that returns no error: whether the answer is the one for misuse. */
#define ANSWER(function, expression)                                                                                   \
    static wrl_error_t *call_##function(misuse_args_t *a)                                                              \
    {                                                                                                                  \
        a->spoilt = (expression);                                                                                      \
        return NULL;                                                                                                   \
    }

#define PREPARE(function) static void prepare_##function(misuse_args_t *a)

#define FUNCTION(function) static const misuse_function_t misuse_##function
#define CALLED(function) .name = #function, .call = call_##function
#define CLEARS(type) .output = OUT_CLEARED, .out_size = sizeof(type)
#define PREPARED(function) .prepare = prepare_##function

static void on_end(void *data)
{
    (*(int *)data)++;
}

/* ---- base.h ---- */

ANSWER(wrl_version, wrl_version()[0] == '\0')
FUNCTION(wrl_version) = {CALLED(wrl_version), .answers = true, .harmless = "it takes nothing"};

static wrl_error_t *call_wrl_bytes_delete(misuse_args_t *a)
{
    wrl_bytes_t empty = {NULL, 0};
    wrl_bytes_delete(&empty);
    wrl_bytes_delete(a->buffer ? &empty : NULL);
    return NULL;
}
FUNCTION(wrl_bytes_delete) = {CALLED(wrl_bytes_delete), .params = {PARAM("bytes", buffer, misuse_optional)}};

/* ---- backend.h ---- */

static const wrl_backend_t *open_none(uint32_t abi)
{
    (void)abi;
    return NULL;
}

static const wrl_backend_t *open_small(uint32_t abi)
{
    static const wrl_backend_t backend = {.size = 8, .abi = WRL_BACKEND_ABI, .name = "small"};
    (void)abi;
    return &backend;
}

static const wrl_backend_t *open_foreign(uint32_t abi)
{
    static const wrl_backend_t backend = {.size = sizeof(wrl_backend_t), .abi = 99, .name = "foreign"};
    (void)abi;
    return &backend;
}

static const wrl_backend_t *open_unnamed(uint32_t abi)
{
    static const wrl_backend_t backend = {.size = sizeof(wrl_backend_t), .abi = WRL_BACKEND_ABI};
    (void)abi;
    return &backend;
}

static const wrl_backend_t *open_misnamed(uint32_t abi)
{
    static const wrl_backend_t backend = {.size = sizeof(wrl_backend_t), .abi = WRL_BACKEND_ABI, .name = "../Bad"};
    (void)abi;
    return &backend;
}

static const wrl_backend_t *open_empty(uint32_t abi)
{
    static const wrl_backend_t backend = {.size = sizeof(wrl_backend_t),
                                          .abi = WRL_BACKEND_ABI,
                                          .name = "empty",
                                          .engine_name = "e",
                                          .engine_version = "1"};
    (void)abi;
    return &backend;
}

#define SPOIL_OPEN(name)                                                                                               \
    static void spoil_##name(misuse_args_t *a, void *field)                                                            \
    {                                                                                                                  \
        (void)field;                                                                                                   \
        a->open = open_##name;                                                                                         \
    }
SPOIL_OPEN(none)
SPOIL_OPEN(small)
SPOIL_OPEN(foreign)
SPOIL_OPEN(unnamed)
SPOIL_OPEN(misnamed)
SPOIL_OPEN(empty)

static void spoil_open_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->open = NULL;
}

static const misuse_kind_t open_kinds[] = {
    {"NULL", spoil_open_null, MISUSE_REFUSED},
    {"gives no description", spoil_none, MISUSE_REFUSED},
    {"a description of 8 bytes", spoil_small, MISUSE_REFUSED},
    {"another version of the interface", spoil_foreign, MISUSE_REFUSED},
    {"without a name", spoil_unnamed, MISUSE_REFUSED},
    {"a name that is none", spoil_misnamed, MISUSE_REFUSED},
    {"without functions", spoil_empty, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

CALL(wrl_backend_register, wrl_backend_register(a->open))
FUNCTION(wrl_backend_register) = {CALLED(wrl_backend_register), .never_sound = true,
                                  .params = {PARAM("open", open, open_kinds)}};

static void spoil_path_missing(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = "/no/such/folder/wrl-none.so";
}

static void spoil_path_empty(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = "";
}

static void spoil_path_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = NULL;
}

static const misuse_kind_t path_kinds[] = {
    {"NULL", spoil_path_null, MISUSE_REFUSED},
    {"a file that is not there", spoil_path_missing, MISUSE_NO_FILE},
    {"empty", spoil_path_empty, MISUSE_NO_FILE},
    {NULL, NULL, MISUSE_REFUSED},
};

CALL(wrl_backend_load, wrl_backend_load(a->text, a->out))
FUNCTION(wrl_backend_load) = {CALLED(wrl_backend_load), CLEARS(const char *), .never_sound = true,
                              .params = {PARAM("path", text, path_kinds)}};

ANSWER(wrl_backend_count, wrl_backend_count() == 0)
FUNCTION(wrl_backend_count) = {CALLED(wrl_backend_count), .answers = true, .harmless = "it takes nothing"};

PREPARE(wrl_backend_at)
{
    a->size2 = wrl_backend_count();
}
ANSWER(wrl_backend_at, !wrl_backend_at(a->index, a->out))
FUNCTION(wrl_backend_at) = {CALLED(wrl_backend_at), PREPARED(wrl_backend_at), CLEARS(wrl_backend_info_t),
                            .answers = true, .params = {PARAM("index", index, misuse_index), OUT("info")}};

static void spoil_backend_unknown(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = "no_such_backend";
}

static void spoil_backend_path(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = "../wrl/wasmtime";
}

static const misuse_kind_t backend_name_kinds[] = {
    {"unknown", spoil_backend_unknown, MISUSE_REFUSED},
    {"empty", spoil_path_empty, MISUSE_REFUSED},
    {"a path", spoil_backend_path, MISUSE_REFUSED},
    {"NULL, which is the default", spoil_path_null, MISUSE_ALLOWED},
    {NULL, NULL, MISUSE_REFUSED},
};

PREPARE(wrl_backend_find)
{
    a->text = a->world->t->backend;
}
ANSWER(wrl_backend_find, !wrl_backend_find(a->text, a->out))
FUNCTION(wrl_backend_find) = {CALLED(wrl_backend_find), PREPARED(wrl_backend_find), CLEARS(wrl_backend_info_t),
                              .answers = true,
                              .params = {PARAM("name", text, backend_name_kinds), PARAM("info", out, misuse_optional)}};

/* ---- engine.h, feature.h ---- */

static wrl_error_t *call_wrl_engine_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_engine_new(a->config, a->out);
    if (!error) {
        wrl_engine_release(*(wrl_engine_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_engine_new) = {
    CALLED(wrl_engine_new), CLEARS(wrl_engine_t *),
    .params = {PARAM("config", config, misuse_config), PARAM("config", config, misuse_optional), OUT("engine")}};

static wrl_error_t *call_wrl_engine_retain(misuse_args_t *a)
{
    wrl_engine_t *retained = wrl_engine_retain(a->engine);
    wrl_engine_release(retained);
    a->spoilt = !retained;
    return NULL;
}
FUNCTION(wrl_engine_retain) = {CALLED(wrl_engine_retain), .answers = true, .params = {ENGINE}};

static wrl_error_t *call_wrl_engine_release(misuse_args_t *a)
{
    wrl_engine_release(a->engine ? wrl_engine_retain(a->engine) : NULL);
    return NULL;
}
FUNCTION(wrl_engine_release) = {CALLED(wrl_engine_release), .params = {PARAM("engine", engine, misuse_optional)}};

ANSWER(wrl_engine_backend_name, !wrl_engine_backend_name(a->engine))
FUNCTION(wrl_engine_backend_name) = {CALLED(wrl_engine_backend_name), .answers = true, .params = {ENGINE}};

ANSWER(wrl_engine_version, !wrl_engine_version(a->engine))
FUNCTION(wrl_engine_version) = {CALLED(wrl_engine_version), .answers = true, .params = {ENGINE}};

static void spoil_feature_limit(misuse_args_t *a, void *field)
{
    (void)field;
    a->number = WRL_FEATURE_LIMIT;
}

static void spoil_feature_gap(misuse_args_t *a, void *field)
{
    (void)field;
    a->number = 63;
}

static void spoil_feature_negative(misuse_args_t *a, void *field)
{
    (void)field;
    a->number = INT32_MIN;
}

static const misuse_kind_t feature_kinds[] = {
    {"one beyond the last", spoil_feature_limit, MISUSE_REFUSED},
    {"63", spoil_feature_gap, MISUSE_REFUSED},
    {"the least int", spoil_feature_negative, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

/* A feature that the engine has. */
PREPARE(wrl_engine_supports)
{
    for (int f = 0; f < WRL_FEATURE_LIMIT && !wrl_engine_supports(a->engine, (wrl_feature_t)a->number); f++) {
        a->number = f;
    }
}
ANSWER(wrl_engine_supports, !wrl_engine_supports(a->engine, (wrl_feature_t)a->number))
FUNCTION(wrl_engine_supports) = {CALLED(wrl_engine_supports), PREPARED(wrl_engine_supports), .answers = true,
                                 .params = {ENGINE, PARAM("feature", number, feature_kinds)}};

ANSWER(wrl_feature_name, !wrl_feature_name((wrl_feature_t)a->number))
FUNCTION(wrl_feature_name) = {CALLED(wrl_feature_name), .answers = true,
                              .params = {PARAM("feature", number, feature_kinds)}};

/* ---- error.h ---- */

/* Whether an error is other than what was asked for: of kind HOST, with another message. Deletes it. */
static bool replaced(wrl_error_t *error, wrl_error_kind_t kind, const char *message)
{
    bool other = wrl_error_kind(error) != kind || strcmp(wrl_error_message(error), message) != 0;
    bool sound = error && wrl_error_message(error)[0];
    wrl_error_delete(error);
    return other && sound;
}

PREPARE(error)
{
    a->number = WRL_ERROR_LINK;
    a->text = "words";
}
ANSWER(wrl_error_new, replaced(wrl_error_new((wrl_error_kind_t)a->number, a->text), WRL_ERROR_LINK, "words"))
FUNCTION(wrl_error_new) = {
    CALLED(wrl_error_new), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_newf(misuse_args_t *a)
{
    wrl_error_t *error = a->text ? wrl_error_newf((wrl_error_kind_t)a->number, "%s", a->text)
                                 : wrl_error_newf((wrl_error_kind_t)a->number, a->text, 1);
    a->spoilt = replaced(error, WRL_ERROR_LINK, "words");
    return NULL;
}
FUNCTION(wrl_error_newf) = {
    CALLED(wrl_error_newf), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("format", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_with_data(misuse_args_t *a)
{
    int ended = 0;
    wrl_error_t *error = wrl_error_new_with_data((wrl_error_kind_t)a->number, a->text, &ended, on_end);
    a->spoilt = wrl_error_data(error) == &ended && replaced(error, WRL_ERROR_LINK, "words") && ended == 1;
    return NULL;
}
FUNCTION(wrl_error_new_with_data) = {
    CALLED(wrl_error_new_with_data), PREPARED(error), .answers = true,
    .params = {PARAM("kind", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_trap(misuse_args_t *a)
{
    wrl_error_t *error = wrl_error_new_trap((wrl_trap_code_t)a->number, a->text);
    bool is_trap = wrl_error_kind(error) == WRL_ERROR_TRAP;
    bool other = wrl_error_trap_code(error) == WRL_TRAP_OTHER;
    a->spoilt = is_trap && (replaced(error, WRL_ERROR_TRAP, "words") || other);
    return NULL;
}
FUNCTION(wrl_error_new_trap) = {
    CALLED(wrl_error_new_trap), PREPARED(error), .answers = true,
    .params = {PARAM("code", number, misuse_enumerator), PARAM("message", text, misuse_pointer)}};

static wrl_error_t *call_wrl_error_new_exit(misuse_args_t *a)
{
    wrl_error_t *error = wrl_error_new_exit(INT32_MIN);
    a->spoilt = wrl_error_exit_status(error) != INT32_MIN;
    wrl_error_delete(error);
    return NULL;
}
FUNCTION(wrl_error_new_exit) = {CALLED(wrl_error_new_exit), .answers = true, .harmless = "any number is a status"};

static wrl_error_t *call_wrl_error_delete(misuse_args_t *a)
{
    wrl_error_delete(a->error ? wrl_error_new(WRL_ERROR_HOST, "x") : NULL);
    return NULL;
}
FUNCTION(wrl_error_delete) = {CALLED(wrl_error_delete), .params = {PARAM("error", error, misuse_optional)}};

#define ERROR_PARAM PARAM("error", error, misuse_pointer)

ANSWER(wrl_error_kind, wrl_error_kind(a->error) == WRL_ERROR_INVALID_ARGUMENT)
FUNCTION(wrl_error_kind) = {CALLED(wrl_error_kind), .answers = true, .params = {ERROR_PARAM}};

ANSWER(wrl_error_message, strcmp(wrl_error_message(a->error), "error is NULL") == 0)
FUNCTION(wrl_error_message) = {CALLED(wrl_error_message), .answers = true, .params = {ERROR_PARAM}};

PREPARE(wrl_error_trap_code)
{
    a->error = wrl_error_new_trap(WRL_TRAP_UNREACHABLE, NULL);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_trap_code, wrl_error_trap_code(a->error) == WRL_TRAP_NONE)
FUNCTION(wrl_error_trap_code) = {CALLED(wrl_error_trap_code), PREPARED(wrl_error_trap_code), .answers = true,
                                 .params = {ERROR_PARAM}};

PREPARE(wrl_error_exit_status)
{
    a->error = wrl_error_new_exit(3);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_exit_status, wrl_error_exit_status(a->error) == 0)
FUNCTION(wrl_error_exit_status) = {CALLED(wrl_error_exit_status), PREPARED(wrl_error_exit_status), .answers = true,
                                   .params = {ERROR_PARAM}};

PREPARE(wrl_error_data)
{
    a->error = wrl_error_new_with_data(WRL_ERROR_HOST, "x", a->world, NULL);
    (void)test_own_error(a->world->t, a->error);
}
ANSWER(wrl_error_data, wrl_error_data(a->error) == NULL)
FUNCTION(wrl_error_data) = {CALLED(wrl_error_data), PREPARED(wrl_error_data), .answers = true, .params = {ERROR_PARAM}};

ANSWER(wrl_error_frame_count, wrl_error_frame_count(a->error) == 0)
FUNCTION(wrl_error_frame_count) = {CALLED(wrl_error_frame_count), .answers = true, .never_sound = true,
                                   .params = {ERROR_PARAM}};

/* Frames come from engines alone, so there is no call that finds one here. */
ANSWER(wrl_error_frame, !wrl_error_frame(a->error, a->index, a->out))
FUNCTION(wrl_error_frame) = {CALLED(wrl_error_frame), CLEARS(wrl_frame_t), .answers = true, .never_sound = true,
                             .params = {ERROR_PARAM, PARAM("index", index, misuse_index), OUT("frame")}};

PREPARE(one)
{
    a->number = 1;
}
ANSWER(wrl_error_kind_name, strcmp(wrl_error_kind_name((wrl_error_kind_t)a->number), "unknown") == 0)
FUNCTION(wrl_error_kind_name) = {CALLED(wrl_error_kind_name), PREPARED(one), .answers = true,
                                 .params = {PARAM("kind", number, misuse_enumerator)}};

/* 0 is a code, WRL_TRAP_NONE. */
ANSWER(wrl_trap_code_name, strcmp(wrl_trap_code_name((wrl_trap_code_t)a->number), "unknown") == 0 || a->number == 0)
FUNCTION(wrl_trap_code_name) = {CALLED(wrl_trap_code_name), PREPARED(one), .answers = true,
                                .params = {PARAM("code", number, misuse_enumerator)}};

/* ---- type.h, value.h ---- */

ANSWER(wrl_externkind_name, strcmp(wrl_externkind_name((wrl_externkind_t)a->number), "unknown") == 0 || a->number == 0)
FUNCTION(wrl_externkind_name) = {CALLED(wrl_externkind_name), PREPARED(one), .answers = true,
                                 .params = {PARAM("kind", number, misuse_enumerator)}};

static wrl_error_t *call_wrl_valtype_equal(misuse_args_t *a)
{
    const wrl_valtype_t odd = {255, 255, 65535, INT32_MIN};
    a->spoilt = !wrl_valtype_equal(odd, odd) || wrl_valtype_equal(odd, a->the_params[0]);
    return NULL;
}
FUNCTION(wrl_valtype_equal) = {CALLED(wrl_valtype_equal), .answers = true, .harmless = "it compares what it is given"};

static void spoil_pointerless(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_functype.params = NULL;
    a->the_externtype.of.func.params = NULL;
}

static void spoil_result_pointer(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_functype.results = NULL;
    a->the_externtype.of.func.results = NULL;
}

static void spoil_type_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->functype = NULL;
    a->externtype = NULL;
}

static const misuse_kind_t lone_type_kinds[] = {
    {"NULL", spoil_type_null, MISUSE_REFUSED},
    {"with params NULL", spoil_pointerless, MISUSE_REFUSED},
    {"with results NULL", spoil_result_pointer, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

static wrl_error_t *call_wrl_functype_equal(misuse_args_t *a)
{
    const wrl_valtype_t params[] = {WRL_TYPE_I32, WRL_TYPE_F64};
    const wrl_valtype_t results[] = {WRL_TYPE_I32};
    const wrl_functype_t same = WRL_FUNCTYPE(params, results);
    a->spoilt = !wrl_functype_equal(a->functype, &same) && !wrl_functype_equal(&same, a->functype);
    return NULL;
}
FUNCTION(wrl_functype_equal) = {CALLED(wrl_functype_equal), .answers = true,
                                .params = {PARAM("a", functype, lone_type_kinds)}};

static void spoil_externkind(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_externtype.kind = (wrl_externkind_t)-5;
}

static const misuse_kind_t externtype_kinds[] = {
    {"NULL", spoil_type_null, MISUSE_REFUSED},
    {"of kind -5", spoil_externkind, MISUSE_REFUSED},
    {"with params NULL", spoil_pointerless, MISUSE_REFUSED},
    {"with results NULL", spoil_result_pointer, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

static void spoil_no_buffer(misuse_args_t *a, void *field)
{
    (void)field;
    a->buffer = NULL;
}

static const misuse_kind_t print_buffer_kinds[] = {
    {"NULL with a size", spoil_no_buffer, MISUSE_ALLOWED},
    {NULL, NULL, MISUSE_REFUSED},
};

PREPARE(print)
{
    a->size = sizeof(a->the_buffer);
    memset(a->the_buffer, 'x', sizeof(a->the_buffer));
}

static wrl_error_t *call_wrl_externtype_print(misuse_args_t *a)
{
    size_t length = wrl_externtype_print(a->externtype, a->buffer, a->size);
    bool ended = !a->buffer || memchr(a->buffer, 0, a->size);
    a->spoilt = length != strlen("(i32, f64) -> (i32)") && ended;
    return NULL;
}
FUNCTION(wrl_externtype_print) = {
    CALLED(wrl_externtype_print), PREPARED(print), .answers = true,
    .params = {PARAM("type", externtype, externtype_kinds), PARAM("buffer", buffer, print_buffer_kinds)}};

static wrl_error_t *call_wrl_valtype_print(misuse_args_t *a)
{
    const wrl_valtype_t odd = {255, 255, 65535, INT32_MIN};
    const wrl_valtype_t ref = {WRL_VALKIND_REF, 255, 65535, INT32_MIN};
    size_t length = wrl_valtype_print(odd, a->buffer, a->size) + wrl_valtype_print(ref, a->buffer, a->size);
    a->spoilt = length == 0 || (a->buffer && !memchr(a->buffer, 0, a->size));
    return NULL;
}
FUNCTION(wrl_valtype_print) = {CALLED(wrl_valtype_print), PREPARED(print), .answers = true,
                               .params = {PARAM("buffer", buffer, print_buffer_kinds)}};

static wrl_error_t *call_wrl_valkind_name(misuse_args_t *a)
{
    for (int kind = 0; kind < 256 && !a->spoilt; kind++) {
        const char *name = wrl_valkind_name((wrl_valkind_t)kind);
        a->spoilt = !name || (strcmp(name, "unknown") == 0) != (kind > WRL_VALKIND_REF);
    }
    return NULL;
}
FUNCTION(wrl_valkind_name) = {CALLED(wrl_valkind_name), .answers = true,
                              .harmless = "all its 256 arguments are tried at once"};

/* ---- wat.h ---- */

static wrl_error_t *call_wrl_wat_supported(misuse_args_t *a)
{
    a->spoilt = wrl_wat_supported() != wrl_wat_supported();
    return NULL;
}
FUNCTION(wrl_wat_supported) = {CALLED(wrl_wat_supported), .answers = true, .harmless = "it takes nothing"};

PREPARE(wrl_wat_to_wasm)
{
    a->text = "(module)";
    a->size = strlen(a->text);
}

static wrl_error_t *call_wrl_wat_to_wasm(misuse_args_t *a)
{
    wrl_error_t *error = wrl_wat_to_wasm(a->text, a->size, a->out);
    if (!error) {
        wrl_bytes_delete(a->out);
    }
    return error;
}
FUNCTION(wrl_wat_to_wasm) = {
    CALLED(wrl_wat_to_wasm), PREPARED(wrl_wat_to_wasm), CLEARS(wrl_bytes_t),
    .params = {PARAM("text", text, misuse_pointer), PARAM("size", size, misuse_huge_size), OUT("wasm")}};

/* ---- module.h ---- */

PREPARE(wrl_module_new)
{
    a->bytes = guest_add_one.bytes;
    a->size = guest_add_one.size;
}

static wrl_error_t *call_wrl_module_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_module_new(a->engine, a->bytes, a->size, a->out);
    if (!error) {
        wrl_module_release(*(wrl_module_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_module_new) = {
    CALLED(wrl_module_new), PREPARED(wrl_module_new), CLEARS(wrl_module_t *),
    .params = {ENGINE, PARAM("bytes", bytes, misuse_pointer), PARAM("size", size, misuse_huge_size), OUT("module")}};

static void never_done(void *env, wrl_error_t *error, wrl_module_t *module)
{
    (void)env;
    wrl_error_delete(error);
    wrl_module_release(module);
}

static void spoil_done(misuse_args_t *a, void *field)
{
    (void)field;
    a->done = NULL;
}

static const misuse_kind_t done_kinds[] = {{"NULL", spoil_done, MISUSE_REFUSED}, {NULL, NULL, MISUSE_REFUSED}};

PREPARE(wrl_module_new_async)
{
    prepare_wrl_module_new(a);
    a->done = never_done;
}
CALL(wrl_module_new_async, wrl_module_new_async(a->engine, a->bytes, a->size, a->done, NULL))
/* The sound call goes on after the row: async.c makes it. */
FUNCTION(wrl_module_new_async) = {CALLED(wrl_module_new_async), PREPARED(wrl_module_new_async), .never_sound = true,
                                  .params = {ENGINE, PARAM("bytes", bytes, misuse_pointer),
                                             PARAM("size", size, misuse_huge_size), PARAM("done", done, done_kinds)}};

static wrl_error_t *call_wrl_module_retain(misuse_args_t *a)
{
    wrl_module_t *retained = wrl_module_retain(a->module);
    wrl_module_release(retained);
    a->spoilt = !retained;
    return NULL;
}
FUNCTION(wrl_module_retain) = {CALLED(wrl_module_retain), .answers = true, .params = {MODULE}};

static wrl_error_t *call_wrl_module_release(misuse_args_t *a)
{
    wrl_module_release(a->module ? wrl_module_retain(a->module) : NULL);
    return NULL;
}
FUNCTION(wrl_module_release) = {CALLED(wrl_module_release), .params = {PARAM("module", module, misuse_optional)}};

ANSWER(wrl_module_engine, !wrl_module_engine(a->module))
FUNCTION(wrl_module_engine) = {CALLED(wrl_module_engine), .answers = true, .params = {MODULE}};

/* A module that has imports, exports, sections, and a name where the engine allows guests/items.wat. */
PREPARE(importer)
{
    a->module = a->world->importer;
}

/* No guest of the suite that every engine takes has a name, so the sound call is left to module.c. */
ANSWER(wrl_module_name, !wrl_module_name(a->module, a->out))
FUNCTION(wrl_module_name) = {CALLED(wrl_module_name), CLEARS(size_t), .answers = true, .never_sound = true,
                             .params = {MODULE}};

ANSWER(wrl_module_import_count, wrl_module_import_count(a->module) == 0)
FUNCTION(wrl_module_import_count) = {CALLED(wrl_module_import_count), PREPARED(importer), .answers = true,
                                     .params = {MODULE}};

PREPARE(wrl_module_import)
{
    a->module = a->world->importer;
    a->size2 = 1;
}
ANSWER(wrl_module_import, !wrl_module_import(a->module, a->index, a->out))
FUNCTION(wrl_module_import) = {CALLED(wrl_module_import), PREPARED(wrl_module_import), CLEARS(wrl_importtype_t),
                               .answers = true, .params = {MODULE, PARAM("index", index, misuse_index), OUT("import")}};

ANSWER(wrl_module_export_count, wrl_module_export_count(a->module) == 0)
FUNCTION(wrl_module_export_count) = {CALLED(wrl_module_export_count), .answers = true, .params = {MODULE}};

PREPARE(wrl_module_export)
{
    a->size2 = wrl_module_export_count(a->module);
}
ANSWER(wrl_module_export, !wrl_module_export(a->module, a->index, a->out))
FUNCTION(wrl_module_export) = {CALLED(wrl_module_export), PREPARED(wrl_module_export), CLEARS(wrl_exporttype_t),
                               .answers = true,
                               .params = {MODULE, PARAM("index", index, misuse_index), OUT("export_type")}};

PREPARE(memory_name)
{
    a->text = "memory";
    a->size = strlen(a->text);
}
ANSWER(wrl_module_get_export, !wrl_module_get_export(a->module, a->text, a->out))
FUNCTION(wrl_module_get_export) = {CALLED(wrl_module_get_export), PREPARED(memory_name), CLEARS(wrl_exporttype_t),
                                   .answers = true,
                                   .params = {MODULE, PARAM("name", text, misuse_name), OUT("export_type")}};

static void spoil_text_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->text = NULL;
}

static const misuse_kind_t sized_name_kinds[] = {
    {"NULL with a size", spoil_text_null, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

ANSWER(wrl_module_get_export_n, !wrl_module_get_export_n(a->module, a->text, a->size, a->out))
FUNCTION(wrl_module_get_export_n) = {
    CALLED(wrl_module_get_export_n), PREPARED(memory_name), CLEARS(wrl_exporttype_t), .answers = true,
    .params = {MODULE, PARAM("name", text, sized_name_kinds), PARAM("name_size", size, misuse_huge_size),
               PARAM("name_size", size, misuse_wrong_count), OUT("export_type")}};

PREPARE(item_kind)
{
    a->number = WRL_EXTERN_MEMORY;
    a->size2 = 1;
}
ANSWER(wrl_module_item_count, wrl_module_item_count(a->module, (wrl_externkind_t)a->number) == 0)
FUNCTION(wrl_module_item_count) = {CALLED(wrl_module_item_count), PREPARED(item_kind), .answers = true,
                                   .params = {MODULE, PARAM("kind", number, misuse_enumerator)}};

ANSWER(wrl_module_item, !wrl_module_item(a->module, (wrl_externkind_t)a->number, a->index, a->out))
FUNCTION(wrl_module_item) = {
    CALLED(wrl_module_item), PREPARED(item_kind), CLEARS(wrl_externtype_t), .answers = true,
    .params = {MODULE, PARAM("kind", number, misuse_enumerator), PARAM("index", index, misuse_index), OUT("type")}};

ANSWER(wrl_module_section_count, wrl_module_section_count(a->module) == 0)
FUNCTION(wrl_module_section_count) = {CALLED(wrl_module_section_count), .answers = true, .params = {MODULE}};

PREPARE(wrl_module_section)
{
    a->size2 = wrl_module_section_count(a->module);
}
ANSWER(wrl_module_section, !wrl_module_section(a->module, a->index, a->out))
FUNCTION(wrl_module_section) = {CALLED(wrl_module_section), PREPARED(wrl_module_section), CLEARS(wrl_section_t),
                                .answers = true,
                                .params = {MODULE, PARAM("index", index, misuse_index), OUT("section")}};

PREPARE(wrl_module_custom_section)
{
    a->text = "notes";
}
ANSWER(wrl_module_custom_section, !wrl_module_custom_section(a->module, a->text, a->out))
FUNCTION(wrl_module_custom_section) = {CALLED(wrl_module_custom_section), PREPARED(wrl_module_custom_section),
                                       CLEARS(wrl_section_t), .answers = true,
                                       .params = {MODULE, PARAM("name", text, misuse_name), OUT("section")}};

/* ---- store.h ---- */

static wrl_error_t *call_wrl_store_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_store_new(a->engine, &a->ended, on_end, a->out);
    if (!error) {
        (void)wrl_store_take_data(*(wrl_store_t **)a->out);
        wrl_store_delete(*(wrl_store_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_store_new) = {CALLED(wrl_store_new), CLEARS(wrl_store_t *), .finalizes = true,
                           .params = {ENGINE, OUT("store")}};

static wrl_error_t *call_wrl_store_delete(misuse_args_t *a)
{
    wrl_store_t *store = NULL;
    wrl_error_t *error = a->store ? wrl_store_new(a->engine, NULL, NULL, &store) : NULL;
    wrl_store_delete(store);
    return error;
}
FUNCTION(wrl_store_delete) = {CALLED(wrl_store_delete), .params = {PARAM("store", store, misuse_optional)}};

ANSWER(wrl_store_engine, !wrl_store_engine(a->store))
FUNCTION(wrl_store_engine) = {CALLED(wrl_store_engine), .answers = true, .params = {STORE}};

PREPARE(store_data)
{
    wrl_error_delete(wrl_store_set_data(a->store, a->world, NULL));
}
ANSWER(wrl_store_data, !wrl_store_data(a->store))
FUNCTION(wrl_store_data) = {CALLED(wrl_store_data), PREPARED(store_data), .answers = true, .params = {STORE}};

static wrl_error_t *call_wrl_store_set_data(misuse_args_t *a)
{
    wrl_error_t *error = wrl_store_set_data(a->store, &a->ended, on_end);
    (void)wrl_store_take_data(a->store);
    return error;
}
FUNCTION(wrl_store_set_data) = {CALLED(wrl_store_set_data), .finalizes = true, .params = {STORE}};

ANSWER(wrl_store_take_data, !wrl_store_take_data(a->store))
FUNCTION(wrl_store_take_data) = {CALLED(wrl_store_take_data), PREPARED(store_data), .answers = true, .params = {STORE}};

/* ---- imports.h ---- */

static wrl_error_t *call_wrl_imports_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_imports_new(a->out);
    if (!error) {
        wrl_imports_delete(*(wrl_imports_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_imports_new) = {CALLED(wrl_imports_new), CLEARS(wrl_imports_t *), .params = {OUT("imports")}};

static wrl_error_t *call_wrl_imports_delete(misuse_args_t *a)
{
    wrl_imports_t *imports = NULL;
    wrl_error_t *error = a->imports ? wrl_imports_new(&imports) : NULL;
    wrl_imports_delete(imports);
    return error;
}
FUNCTION(wrl_imports_delete) = {CALLED(wrl_imports_delete), .params = {PARAM("imports", imports, misuse_optional)}};

/* Of an item in a map only what needs no store can be seen; the rest is seen by wrl_instance_new(). */
static void spoil_item_none(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_item.kind = WRL_EXTERN_NONE;
}

static void spoil_item_kind(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_item.kind = (wrl_externkind_t)6;
}

static void spoil_item_negative(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_item.kind = (wrl_externkind_t)-1;
}

static void spoil_item_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->the_item.of.func = wrl_func_null();
}

static const misuse_kind_t storeless_item_kinds[] = {
    {"of kind none", spoil_item_none, MISUSE_REFUSED},
    {"of kind 6", spoil_item_kind, MISUSE_REFUSED},
    {"of kind -1", spoil_item_negative, MISUSE_REFUSED},
    {"null handle", spoil_item_null, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

#define IMPORTS PARAM("imports", imports, misuse_pointer)

PREPARE(two_names)
{
    a->text = "env";
    a->size = strlen(a->text);
    a->text2 = "f";
    a->size2 = strlen(a->text2);
}
CALL(wrl_imports_define, wrl_imports_define(a->imports, a->text, a->text2, a->the_item))
FUNCTION(wrl_imports_define) = {CALLED(wrl_imports_define), PREPARED(two_names),
                                .params = {IMPORTS, PARAM("module", text, misuse_pointer),
                                           PARAM("name", text2, misuse_pointer),
                                           PARAM("item", the_item, storeless_item_kinds)}};

CALL(wrl_imports_define_n, wrl_imports_define_n(a->imports, a->text, a->size, a->text2, a->size2, a->the_item))
FUNCTION(wrl_imports_define_n) = {
    CALLED(wrl_imports_define_n), PREPARED(two_names),
    .params = {IMPORTS, PARAM("module", text, misuse_pointer), PARAM("module_size", size, misuse_huge_size),
               PARAM("name", text2, misuse_pointer), PARAM("name_size", size2, misuse_huge_size),
               PARAM("item", the_item, storeless_item_kinds)}};

PREPARE(wrl_imports_define_module)
{
    a->text = "several";
    a->count = 2;
}
CALL(wrl_imports_define_module, wrl_imports_define_module(a->imports, a->text, a->named, a->count))
FUNCTION(wrl_imports_define_module) = {CALLED(wrl_imports_define_module), PREPARED(wrl_imports_define_module),
                                       .params = {IMPORTS, PARAM("module", text, misuse_pointer),
                                                  PARAM("items", named, misuse_named),
                                                  PARAM("count", count, misuse_huge_size)}};

PREPARE(wrl_imports_define_instance)
{
    a->text = "exporter";
}
CALL(wrl_imports_define_instance, wrl_imports_define_instance(a->imports, a->text, a->store, a->instance))
FUNCTION(wrl_imports_define_instance) = {
    CALLED(wrl_imports_define_instance), PREPARED(wrl_imports_define_instance),
    .params = {IMPORTS, PARAM("module", text, misuse_pointer), STORE, HANDLE(instance)}};

ANSWER(wrl_imports_get, !wrl_imports_get(a->imports, a->text, a->text2, a->out))
FUNCTION(wrl_imports_get) = {CALLED(wrl_imports_get), PREPARED(two_names), CLEARS(wrl_extern_t), .answers = true,
                             .params = {IMPORTS, PARAM("module", text, misuse_name), PARAM("name", text2, misuse_name),
                                        PARAM("item", out, misuse_optional)}};

static void spoil_text2_null(misuse_args_t *a, void *field)
{
    (void)field;
    a->text2 = NULL;
}

static const misuse_kind_t sized_name2_kinds[] = {
    {"NULL with a size", spoil_text2_null, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

ANSWER(wrl_imports_get_n, !wrl_imports_get_n(a->imports, a->text, a->size, a->text2, a->size2, a->out))
FUNCTION(wrl_imports_get_n) = {
    CALLED(wrl_imports_get_n), PREPARED(two_names), CLEARS(wrl_extern_t), .answers = true,
    .params = {IMPORTS, PARAM("module", text, sized_name_kinds), PARAM("module_size", size, misuse_huge_size),
               PARAM("name", text2, sized_name2_kinds), PARAM("name_size", size2, misuse_huge_size),
               PARAM("item", out, misuse_optional)}};

ANSWER(wrl_imports_has_module, !wrl_imports_has_module(a->imports, a->text))
FUNCTION(wrl_imports_has_module) = {CALLED(wrl_imports_has_module), PREPARED(two_names), .answers = true,
                                    .params = {IMPORTS, PARAM("module", text, misuse_name)}};

ANSWER(wrl_imports_count, wrl_imports_count(a->imports) == 0)
FUNCTION(wrl_imports_count) = {CALLED(wrl_imports_count), .answers = true, .params = {IMPORTS}};

PREPARE(wrl_imports_at)
{
    a->size2 = wrl_imports_count(a->imports);
}
ANSWER(wrl_imports_at, !wrl_imports_at(a->imports, a->index, a->out))
FUNCTION(wrl_imports_at) = {CALLED(wrl_imports_at), PREPARED(wrl_imports_at), CLEARS(wrl_import_t), .answers = true,
                            .params = {IMPORTS, PARAM("index", index, misuse_index), OUT("import")}};

/* ---- instance.h ---- */

static void spoil_other_module(misuse_args_t *a, void *field)
{
    (void)field;
    a->module = a->world->other_module;
}

static const misuse_kind_t instantiated_module_kinds[] = {
    {"of another engine", spoil_other_module, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

PREPARE(wrl_instance_new)
{
    a->module = a->world->importer;
    wrl_error_delete(wrl_imports_define(a->imports, "env", "f", wrl_extern_from_func(a->world->import)));
}
CALL(wrl_instance_new, wrl_instance_new(a->store, a->module, a->imports, a->out))
FUNCTION(wrl_instance_new) = {CALLED(wrl_instance_new), PREPARED(wrl_instance_new), CLEARS(wrl_instance_t),
                              .params = {STORE, MODULE, PARAM("module", module, instantiated_module_kinds),
                                         PARAM("imports", imports, misuse_linked_imports), OUT("instance")}};

CALL(wrl_instance_module, wrl_instance_module(a->store, a->instance, a->out))
FUNCTION(wrl_instance_module) = {CALLED(wrl_instance_module), CLEARS(wrl_module_t *),
                                 .params = {STORE, HANDLE(instance), OUT("module")}};

CALL(wrl_instance_export_count, wrl_instance_export_count(a->store, a->instance, a->out))
FUNCTION(wrl_instance_export_count) = {CALLED(wrl_instance_export_count), CLEARS(size_t),
                                       .params = {STORE, HANDLE(instance), OUT("count")}};

PREPARE(wrl_instance_export)
{
    wrl_error_delete(wrl_instance_export_count(a->store, a->instance, &a->size2));
}
CALL(wrl_instance_export, wrl_instance_export(a->store, a->instance, a->index, a->out))
FUNCTION(wrl_instance_export) = {
    CALLED(wrl_instance_export), PREPARED(wrl_instance_export), CLEARS(wrl_export_t),
    .params = {STORE, HANDLE(instance), PARAM("index", index, misuse_index), OUT("export_item")}};

CALL(wrl_instance_get_export, wrl_instance_get_export(a->store, a->instance, a->text, a->out))
FUNCTION(wrl_instance_get_export) = {
    CALLED(wrl_instance_get_export), PREPARED(memory_name), CLEARS(wrl_extern_t),
    .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name), OUT("item")}};

CALL(wrl_instance_get_export_n, wrl_instance_get_export_n(a->store, a->instance, a->text, a->size, a->out))
FUNCTION(wrl_instance_get_export_n) = {CALLED(wrl_instance_get_export_n), PREPARED(memory_name), CLEARS(wrl_extern_t),
                                       .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name),
                                                  PARAM("name_size", size, misuse_huge_size), OUT("item")}};

/* Exports of other kinds than the one that is asked for. */
#define SPOIL_EXPORT(name)                                                                                             \
    static void spoil_export_##name(misuse_args_t *a, void *field)                                                     \
    {                                                                                                                  \
        (void)field;                                                                                                   \
        a->text = #name;                                                                                               \
    }
SPOIL_EXPORT(memory)
SPOIL_EXPORT(global)
SPOIL_EXPORT(table)

static const misuse_kind_t no_memory_kinds[] = {
    {"a global", spoil_export_global, MISUSE_REFUSED},
    {"a table", spoil_export_table, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};
static const misuse_kind_t memory_kinds[] = {
    {"a memory", spoil_export_memory, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

#define GETTER(noun, export_name, wrong_kinds)                                                                         \
    PREPARE(wrl_instance_get_##noun)                                                                                   \
    {                                                                                                                  \
        a->text = export_name;                                                                                         \
    }                                                                                                                  \
    CALL(wrl_instance_get_##noun, wrl_instance_get_##noun(a->store, a->instance, a->text, a->out))                     \
    FUNCTION(wrl_instance_get_##noun) = {CALLED(wrl_instance_get_##noun), PREPARED(wrl_instance_get_##noun),           \
                                         CLEARS(wrl_##noun##_t),                                                       \
                                         .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name),         \
                                                    PARAM("name", text, wrong_kinds), OUT(#noun)}};
GETTER(func, "five", memory_kinds)
GETTER(global, "global", memory_kinds)
GETTER(memory, "memory", no_memory_kinds)
GETTER(table, "table", memory_kinds)

/* ---- extern.h, externref.h ---- */

CALL(wrl_extern_type, wrl_extern_type(a->store, a->item, a->out))
FUNCTION(wrl_extern_type) = {CALLED(wrl_extern_type), CLEARS(wrl_externtype_t),
                             .params = {STORE, PARAM("item", item, misuse_item), OUT("type")}};

static wrl_error_t *call_wrl_externref_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_externref_new(a->store, a->world, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_externref_new(a->store, &a->ended, on_end, a->out);
    }
    return NULL;
}
FUNCTION(wrl_externref_new) = {CALLED(wrl_externref_new), CLEARS(wrl_externref_t), .finalizes = true,
                               .params = {STORE, OUT("externref")}};

CALL(wrl_externref_data, wrl_externref_data(a->store, a->externref, a->out))
FUNCTION(wrl_externref_data) = {CALLED(wrl_externref_data), CLEARS(void *),
                                .params = {STORE, HANDLE(externref), OUT("data")}};

/* ---- ref.h ---- */

CALL(wrl_ref_type, wrl_ref_type(a->store, a->ref, a->out))
FUNCTION(wrl_ref_type) = {CALLED(wrl_ref_type), CLEARS(wrl_valtype_t), .params = {STORE, HANDLE(ref), OUT("type")}};

/* It ends the reference, which each call needs anew: so only references that are not there are released here. */
static wrl_error_t *call_wrl_ref_release(misuse_args_t *a)
{
    const wrl_ref_t sound = a->world->items.ref;
    bool is_sound = a->ref.store_id == sound.store_id && a->ref.index == sound.index;
    return wrl_ref_release(a->store, is_sound && a->store ? wrl_ref_null() : a->ref);
}
FUNCTION(wrl_ref_release) = {CALLED(wrl_ref_release), .params = {STORE, PARAM("ref", ref, misuse_handle_or_null)}};

/* ---- func.h ---- */

/* The finalizer's counter does not outlive the call, so only a function that is not made gets it. */
static wrl_error_t *call_wrl_func_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_func_new(a->store, a->functype, a->callback, NULL, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_func_new(a->store, a->functype, a->callback, &a->ended, on_end, a->out);
    }
    return NULL;
}

static void spoil_callbacks(misuse_args_t *a, void *field)
{
    (void)field;
    a->callback = NULL;
    a->callback_raw = NULL;
}

static const misuse_kind_t callback_kinds[] = {
    {"NULL", spoil_callbacks, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

#define NEW_FUNC_PARAMS                                                                                                \
    {                                                                                                                  \
        STORE, PARAM("type", functype, misuse_functype), PARAM("callback", callback, callback_kinds), OUT("func")      \
    }
FUNCTION(wrl_func_new) = {CALLED(wrl_func_new), CLEARS(wrl_func_t), .finalizes = true, .params = NEW_FUNC_PARAMS};

static wrl_error_t *call_wrl_func_new_raw(misuse_args_t *a)
{
    wrl_error_t *error = wrl_func_new_raw(a->store, a->functype, a->callback_raw, NULL, NULL, a->out);
    if (error) {
        wrl_error_delete(error);
        return wrl_func_new_raw(a->store, a->functype, a->callback_raw, &a->ended, on_end, a->out);
    }
    return NULL;
}
FUNCTION(wrl_func_new_raw) = {CALLED(wrl_func_new_raw), CLEARS(wrl_func_t), .finalizes = true,
                              .params = NEW_FUNC_PARAMS};

CALL(wrl_func_type, wrl_func_type(a->store, a->func, a->out))
FUNCTION(wrl_func_type) = {CALLED(wrl_func_type), CLEARS(wrl_functype_t), .params = {STORE, HANDLE(func), OUT("type")}};

PREPARE(wrl_func_call)
{
    a->count = 2;
    a->count2 = 1;
}
CALL(wrl_func_call, wrl_func_call(a->store, a->func, a->values, a->count, a->out, a->count2))
FUNCTION(wrl_func_call) = {CALLED(wrl_func_call), PREPARED(wrl_func_call), .output = OUT_UNTOUCHED,
                           .params = {STORE, HANDLE(func), PARAM("args", values, misuse_args_numbers),
                                      PARAM("arg_count", count, misuse_wrong_count), OUT("results"),
                                      PARAM("result_count", count2, misuse_wrong_count)}};

PREPARE(refs)
{
    const misuse_items_t *items = &a->world->items;
    a->func = items->refs;
    a->the_values[0] = WRL_I32(0);
    a->the_values[1] = WRL_FUNCREF(items->func);
    a->the_values[2] = WRL_EXTERNREF(items->externref);
    a->the_slots[1].func = items->func;
    a->the_slots[2].externref = items->externref;
    a->count = 3;
}
CALL(wrl_func_call__refs, wrl_func_call(a->store, a->func, a->values, a->count, NULL, 0))
FUNCTION(wrl_func_call__refs) = {CALLED(wrl_func_call__refs), PREPARED(refs),
                                 .params = {PARAM("args", values, misuse_args_refs)}};

CALL(wrl_func_call_raw, wrl_func_call_raw(a->store, a->func, a->slots, a->count))
FUNCTION(wrl_func_call_raw) = {
    CALLED(wrl_func_call_raw), PREPARED(wrl_func_call),
    .params = {STORE, HANDLE(func), PARAM("slots", slots, misuse_pointer), PARAM("slot_count", count, misuse_too_few)}};

CALL(wrl_func_call_raw__refs, wrl_func_call_raw(a->store, a->func, a->slots, a->count))
FUNCTION(wrl_func_call_raw__refs) = {CALLED(wrl_func_call_raw__refs), PREPARED(refs),
                                     .params = {PARAM("slots", slots, misuse_slots_refs)}};

#define CALLER PARAM("caller", caller, misuse_pointer)

ANSWER(wrl_caller_store, !wrl_caller_store(a->caller))
FUNCTION(wrl_caller_store) = {CALLED(wrl_caller_store), .answers = true, .in_host = true, .params = {CALLER}};

CALL(wrl_caller_get_export, wrl_caller_get_export(a->caller, a->text, a->out))
FUNCTION(wrl_caller_get_export) = {CALLED(wrl_caller_get_export), PREPARED(memory_name), CLEARS(wrl_extern_t),
                                   .in_host = true, .params = {CALLER, PARAM("name", text, misuse_name), OUT("item")}};

CALL(wrl_caller_get_export_n, wrl_caller_get_export_n(a->caller, a->text, a->size, a->out))
FUNCTION(wrl_caller_get_export_n) = {
    CALLED(wrl_caller_get_export_n), PREPARED(memory_name), CLEARS(wrl_extern_t), .in_host = true,
    .params = {CALLER, PARAM("name", text, misuse_name), PARAM("name_size", size, misuse_huge_size), OUT("item")}};

CALL(wrl_caller_get_memory, wrl_caller_get_memory(a->caller, a->text, a->out))
FUNCTION(wrl_caller_get_memory) = {
    CALLED(wrl_caller_get_memory), PREPARED(memory_name), CLEARS(wrl_memory_t), .in_host = true,
    .params = {CALLER, PARAM("name", text, misuse_name), PARAM("name", text, no_memory_kinds), OUT("memory")}};

PREPARE(wrl_caller_get_func)
{
    a->text = "triple";
}
CALL(wrl_caller_get_func, wrl_caller_get_func(a->caller, a->text, a->out))
FUNCTION(wrl_caller_get_func) = {
    CALLED(wrl_caller_get_func), PREPARED(wrl_caller_get_func), CLEARS(wrl_func_t), .in_host = true,
    .params = {CALLER, PARAM("name", text, misuse_name), PARAM("name", text, memory_kinds), OUT("func")}};

/* ---- global.h ---- */

CALL(wrl_global_new, wrl_global_new(a->store, a->globaltype, a->value, a->out))
FUNCTION(wrl_global_new) = {CALLED(wrl_global_new), CLEARS(wrl_global_t),
                            .params = {STORE, PARAM("type", globaltype, misuse_globaltype),
                                       PARAM("initial", value, misuse_value_i64), OUT("global")}};

PREPARE(funcref_value)
{
    a->the_globaltype.content.kind = WRL_VALKIND_FUNCREF;
    a->the_value = WRL_FUNCREF(a->world->items.func);
}
CALL(wrl_global_new__ref, wrl_global_new(a->store, a->globaltype, a->value, a->out))
FUNCTION(wrl_global_new__ref) = {CALLED(wrl_global_new__ref), PREPARED(funcref_value), CLEARS(wrl_global_t),
                                 .params = {PARAM("initial", value, misuse_value_funcref)}};

CALL(wrl_global_type, wrl_global_type(a->store, a->global, a->out))
FUNCTION(wrl_global_type) = {CALLED(wrl_global_type), CLEARS(wrl_globaltype_t),
                             .params = {STORE, HANDLE(global), OUT("type")}};

CALL(wrl_global_get, wrl_global_get(a->store, a->global, a->out))
FUNCTION(wrl_global_get) = {CALLED(wrl_global_get), .output = OUT_NO_VALUE,
                            .params = {STORE, HANDLE(global), OUT("value")}};

static void spoil_fixed(misuse_args_t *a, void *field)
{
    (void)field;
    a->global = a->world->items.fixed;
}

static const misuse_kind_t fixed_kinds[] = {
    {"immutable", spoil_fixed, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

CALL(wrl_global_set, wrl_global_set(a->store, a->global, a->value))
FUNCTION(wrl_global_set) = {
    CALLED(wrl_global_set),
    .params = {STORE, HANDLE(global), PARAM("global", global, fixed_kinds), PARAM("value", value, misuse_value_i64)}};

/* ---- memory.h ---- */

CALL(wrl_memory_new, wrl_memory_new(a->store, a->memorytype, a->out))
FUNCTION(wrl_memory_new) = {CALLED(wrl_memory_new), CLEARS(wrl_memory_t),
                            .params = {STORE, PARAM("type", memorytype, misuse_memorytype), OUT("memory")}};

CALL(wrl_memory_type, wrl_memory_type(a->store, a->memory, a->out))
FUNCTION(wrl_memory_type) = {CALLED(wrl_memory_type), CLEARS(wrl_memorytype_t),
                             .params = {STORE, HANDLE(memory), OUT("type")}};

CALL(wrl_memory_size, wrl_memory_size(a->store, a->memory, a->out))
FUNCTION(wrl_memory_size) = {CALLED(wrl_memory_size), CLEARS(uint64_t),
                             .params = {STORE, HANDLE(memory), OUT("pages")}};

CALL(wrl_memory_data_size, wrl_memory_data_size(a->store, a->memory, a->out))
FUNCTION(wrl_memory_data_size) = {CALLED(wrl_memory_data_size), CLEARS(uint64_t),
                                  .params = {STORE, HANDLE(memory), OUT("bytes")}};

CALL(wrl_memory_grow, wrl_memory_grow(a->store, a->memory, a->offset, a->out))
FUNCTION(wrl_memory_grow) = {CALLED(wrl_memory_grow), CLEARS(uint64_t),
                             .params = {STORE, HANDLE(memory), PARAM("delta", offset, misuse_delta),
                                        PARAM("previous_pages", out, misuse_optional)}};

PREPARE(eight_bytes)
{
    a->size = 8;
}

static void spoil_buffer(misuse_args_t *a, void *field)
{
    (void)field;
    a->buffer = NULL;
    a->out = NULL;
}

static const misuse_kind_t buffer_kinds[] = {
    {"NULL", spoil_buffer, MISUSE_REFUSED},
    {NULL, NULL, MISUSE_REFUSED},
};

CALL(wrl_memory_read, wrl_memory_read(a->store, a->memory, a->offset, a->out, a->size))
FUNCTION(wrl_memory_read) = {
    CALLED(wrl_memory_read), PREPARED(eight_bytes), .output = OUT_UNTOUCHED,
    .params = {STORE, HANDLE(memory), PARAM("offset", offset, misuse_offset), PARAM("buffer", out, buffer_kinds)}};

CALL(wrl_memory_write, wrl_memory_write(a->store, a->memory, a->offset, a->buffer, a->size))
FUNCTION(wrl_memory_write) = {
    CALLED(wrl_memory_write), PREPARED(eight_bytes),
    .params = {STORE, HANDLE(memory), PARAM("offset", offset, misuse_offset), PARAM("buffer", buffer, buffer_kinds)}};

CALL(wrl_memory_data, wrl_memory_data(a->store, a->memory, a->out, a->out2))
FUNCTION(wrl_memory_data) = {CALLED(wrl_memory_data), CLEARS(uint8_t *), .out2_size = sizeof(uint64_t),
                             .params = {STORE, HANDLE(memory), OUT("data"), PARAM("size", out2, misuse_pointer)}};

/* ---- table.h ---- */

PREPARE(table)
{
    a->the_value = WRL_FUNCREF(a->world->items.func);
    a->size2 = 2;
}
CALL(wrl_table_new, wrl_table_new(a->store, a->tabletype, a->value, a->out))
FUNCTION(wrl_table_new) = {CALLED(wrl_table_new), PREPARED(table), CLEARS(wrl_table_t),
                           .params = {STORE, PARAM("type", tabletype, misuse_tabletype),
                                      PARAM("initial", value, misuse_value_funcref), OUT("table")}};

CALL(wrl_table_type, wrl_table_type(a->store, a->table, a->out))
FUNCTION(wrl_table_type) = {CALLED(wrl_table_type), CLEARS(wrl_tabletype_t),
                            .params = {STORE, HANDLE(table), OUT("type")}};

CALL(wrl_table_size, wrl_table_size(a->store, a->table, a->out))
FUNCTION(wrl_table_size) = {CALLED(wrl_table_size), CLEARS(uint64_t), .params = {STORE, HANDLE(table), OUT("size")}};

CALL(wrl_table_grow, wrl_table_grow(a->store, a->table, a->offset, a->value, a->out))
FUNCTION(wrl_table_grow) = {CALLED(wrl_table_grow), PREPARED(table), CLEARS(uint64_t),
                            .params = {STORE, HANDLE(table), PARAM("delta", offset, misuse_delta),
                                       PARAM("initial", value, misuse_value_funcref),
                                       PARAM("previous_size", out, misuse_optional)}};

CALL(wrl_table_get, wrl_table_get(a->store, a->table, a->offset, a->out))
FUNCTION(wrl_table_get) = {CALLED(wrl_table_get), PREPARED(table), .output = OUT_NO_VALUE,
                           .params = {STORE, HANDLE(table), PARAM("index", offset, misuse_element), OUT("value")}};

CALL(wrl_table_set, wrl_table_set(a->store, a->table, a->offset, a->value))
FUNCTION(wrl_table_set) = {CALLED(wrl_table_set), PREPARED(table),
                           .params = {STORE, HANDLE(table), PARAM("index", offset, misuse_element),
                                      PARAM("value", value, misuse_value_funcref)}};

/* ---- All of them, and what each needs of the engine. What follows "__" tells variants of one function apart. ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_version, NEED_NOTHING)                                                                                       \
    X(wrl_bytes_delete, NEED_NOTHING)                                                                                  \
    X(wrl_backend_register, NEED_NOTHING)                                                                              \
    X(wrl_backend_load, NEED_NOT_A_BACKEND)                                                                            \
    X(wrl_backend_count, NEED_NOTHING)                                                                                 \
    X(wrl_backend_at, NEED_NOTHING)                                                                                    \
    X(wrl_backend_find, NEED_NOTHING)                                                                                  \
    X(wrl_engine_new, NEED_NOTHING)                                                                                    \
    X(wrl_engine_retain, NEED_NOTHING)                                                                                 \
    X(wrl_engine_release, NEED_NOTHING)                                                                                \
    X(wrl_engine_backend_name, NEED_NOTHING)                                                                           \
    X(wrl_engine_version, NEED_NOTHING)                                                                                \
    X(wrl_engine_supports, NEED_NOTHING)                                                                               \
    X(wrl_feature_name, NEED_NOTHING)                                                                                  \
    X(wrl_error_new, NEED_NOTHING)                                                                                     \
    X(wrl_error_newf, NEED_NOTHING)                                                                                    \
    X(wrl_error_new_with_data, NEED_NOTHING)                                                                           \
    X(wrl_error_new_trap, NEED_NOTHING)                                                                                \
    X(wrl_error_new_exit, NEED_NOTHING)                                                                                \
    X(wrl_error_delete, NEED_NOTHING)                                                                                  \
    X(wrl_error_kind, NEED_NOTHING)                                                                                    \
    X(wrl_error_message, NEED_NOTHING)                                                                                 \
    X(wrl_error_trap_code, NEED_NOTHING)                                                                               \
    X(wrl_error_exit_status, NEED_NOTHING)                                                                             \
    X(wrl_error_data, NEED_NOTHING)                                                                                    \
    X(wrl_error_frame_count, NEED_NOTHING)                                                                             \
    X(wrl_error_frame, NEED_NOTHING)                                                                                   \
    X(wrl_error_kind_name, NEED_NOTHING)                                                                               \
    X(wrl_trap_code_name, NEED_NOTHING)                                                                                \
    X(wrl_externkind_name, NEED_NOTHING)                                                                               \
    X(wrl_valtype_equal, NEED_NOTHING)                                                                                 \
    X(wrl_functype_equal, NEED_NOTHING)                                                                                \
    X(wrl_externtype_print, NEED_NOTHING)                                                                              \
    X(wrl_valtype_print, NEED_NOTHING)                                                                                 \
    X(wrl_valkind_name, NEED_NOTHING)                                                                                  \
    X(wrl_wat_supported, NEED_NOTHING)                                                                                 \
    X(wrl_wat_to_wasm, NEED_TEXT)                                                                                      \
    X(wrl_module_new, NEED_NOTHING)                                                                                    \
    X(wrl_module_new_async, NEED_NOTHING)                                                                              \
    X(wrl_module_retain, NEED_NOTHING)                                                                                 \
    X(wrl_module_release, NEED_NOTHING)                                                                                \
    X(wrl_module_engine, NEED_NOTHING)                                                                                 \
    X(wrl_module_name, NEED_NOTHING)                                                                                   \
    X(wrl_module_import_count, NEED_NOTHING)                                                                           \
    X(wrl_module_import, NEED_NOTHING)                                                                                 \
    X(wrl_module_export_count, NEED_NOTHING)                                                                           \
    X(wrl_module_export, NEED_NOTHING)                                                                                 \
    X(wrl_module_get_export, NEED_NOTHING)                                                                             \
    X(wrl_module_get_export_n, NEED_NOTHING)                                                                           \
    X(wrl_module_item_count, NEED_NOTHING)                                                                             \
    X(wrl_module_item, NEED_NOTHING)                                                                                   \
    X(wrl_module_section_count, NEED_NOTHING)                                                                          \
    X(wrl_module_section, NEED_NOTHING)                                                                                \
    X(wrl_module_custom_section, NEED_REFERENCE_TYPES)                                                                 \
    X(wrl_store_new, NEED_NOTHING)                                                                                     \
    X(wrl_store_delete, NEED_NOTHING)                                                                                  \
    X(wrl_store_engine, NEED_NOTHING)                                                                                  \
    X(wrl_store_data, NEED_NOTHING)                                                                                    \
    X(wrl_store_set_data, NEED_NOTHING)                                                                                \
    X(wrl_store_take_data, NEED_NOTHING)                                                                               \
    X(wrl_imports_new, NEED_NOTHING)                                                                                   \
    X(wrl_imports_delete, NEED_NOTHING)                                                                                \
    X(wrl_imports_define, NEED_NOTHING)                                                                                \
    X(wrl_imports_define_n, NEED_NOTHING)                                                                              \
    X(wrl_imports_define_module, NEED_NOTHING)                                                                         \
    X(wrl_imports_define_instance, NEED_NOTHING)                                                                       \
    X(wrl_imports_get, NEED_NOTHING)                                                                                   \
    X(wrl_imports_get_n, NEED_NOTHING)                                                                                 \
    X(wrl_imports_has_module, NEED_NOTHING)                                                                            \
    X(wrl_imports_count, NEED_NOTHING)                                                                                 \
    X(wrl_imports_at, NEED_NOTHING)                                                                                    \
    X(wrl_instance_new, NEED_NOTHING)                                                                                  \
    X(wrl_instance_module, NEED_NOTHING)                                                                               \
    X(wrl_instance_export_count, NEED_NOTHING)                                                                         \
    X(wrl_instance_export, NEED_NOTHING)                                                                               \
    X(wrl_instance_get_export, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_export_n, NEED_NOTHING)                                                                         \
    X(wrl_instance_get_func, NEED_NOTHING)                                                                             \
    X(wrl_instance_get_global, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_memory, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_table, NEED_NOTHING)                                                                            \
    X(wrl_extern_type, NEED_NOTHING)                                                                                   \
    X(wrl_externref_new, NEED_REFERENCE_TYPES)                                                                         \
    X(wrl_externref_data, NEED_REFERENCE_TYPES)                                                                        \
    X(wrl_ref_type, NEED_ALL_REFERENCES)                                                                               \
    X(wrl_ref_release, NEED_ALL_REFERENCES)                                                                            \
    X(wrl_func_new, NEED_NOTHING)                                                                                      \
    X(wrl_func_new_raw, NEED_NOTHING)                                                                                  \
    X(wrl_func_type, NEED_NOTHING)                                                                                     \
    X(wrl_func_call, NEED_NOTHING)                                                                                     \
    X(wrl_func_call__refs, NEED_REFERENCE_TYPES)                                                                       \
    X(wrl_func_call_raw, NEED_NOTHING)                                                                                 \
    X(wrl_func_call_raw__refs, NEED_REFERENCE_TYPES)                                                                   \
    X(wrl_caller_store, NEED_EXECUTION)                                                                                \
    X(wrl_caller_get_export, NEED_CALLER_EXPORTS)                                                                      \
    X(wrl_caller_get_export_n, NEED_CALLER_EXPORTS)                                                                    \
    X(wrl_caller_get_memory, NEED_CALLER_EXPORTS)                                                                      \
    X(wrl_caller_get_func, NEED_CALLER_EXPORTS)                                                                        \
    X(wrl_global_new, NEED_NOTHING)                                                                                    \
    X(wrl_global_new__ref, NEED_REFERENCE_TYPES)                                                                       \
    X(wrl_global_type, NEED_NOTHING)                                                                                   \
    X(wrl_global_get, NEED_NOTHING)                                                                                    \
    X(wrl_global_set, NEED_NOTHING)                                                                                    \
    X(wrl_memory_new, NEED_NOTHING)                                                                                    \
    X(wrl_memory_type, NEED_NOTHING)                                                                                   \
    X(wrl_memory_size, NEED_NOTHING)                                                                                   \
    X(wrl_memory_data_size, NEED_NOTHING)                                                                              \
    X(wrl_memory_grow, NEED_NOTHING)                                                                                   \
    X(wrl_memory_read, NEED_NOTHING)                                                                                   \
    X(wrl_memory_write, NEED_NOTHING)                                                                                  \
    X(wrl_memory_data, NEED_NOTHING)                                                                                   \
    X(wrl_table_new, NEED_REFERENCE_TYPES)                                                                             \
    X(wrl_table_type, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_size, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_grow, NEED_REFERENCE_TYPES)                                                                            \
    X(wrl_table_get, NEED_REFERENCE_TYPES)                                                                             \
    X(wrl_table_set, NEED_REFERENCE_TYPES)

#define POINTER(function, need) &misuse_##function,
static const misuse_function_t *const functions[] = {EACH_FUNCTION(POINTER)};

/* The test that runs is called "misuse.FUNCTION". */
static bool run(wrl_test_t *t)
{
    const char *name = t->name + strlen("misuse.");
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (strcmp(functions[i]->name, name) == 0) {
            return misuse_run(t, functions[i]);
        }
    }
    return test_fail(t, __FILE__, __LINE__, "%s is not in the table", name);
}

#define CASE(function, need) {"misuse." #function, run, {need}},
static const wrl_test_case_t cases[] = {EACH_FUNCTION(CASE)};
WRL_TEST_GROUP(misuse);
