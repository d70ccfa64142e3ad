/* Rows of the misuse matrix: the library itself, its backends and engines. */
#include "rows.h"
#include "wrl/sys/backend.h"

/* ---- base.h ---- */

ANSWER(wrl_version, wrl_version()[0] == '\0')
FUNCTION(wrl_version) = {CALLED(wrl_version), .answers = true, .harmless = "it has no parameters"};

static wrl_error_t *call_wrl_bytes_delete(misuse_args_t *a)
{
    wrl_bytes_t empty = {NULL, 0};
    wrl_bytes_delete(&empty);
    wrl_bytes_delete(a->buffer ? &empty : NULL);
    return NULL;
}
FUNCTION(wrl_bytes_delete) = {CALLED(wrl_bytes_delete), .params = {PARAM("bytes", buffer, misuse_optional)}};

/* ---- allocator.h ---- */

static void *no_allocate(void *env, size_t size)
{
    (void)env;
    (void)size;
    return NULL;
}
static void *no_reallocate(void *env, void *memory, size_t size)
{
    (void)env;
    (void)memory;
    (void)size;
    return NULL;
}
static void no_deallocate(void *env, void *memory)
{
    (void)env;
    (void)memory;
}
static wrl_allocator_t the_allocator;

PREPARE(wrl_allocator_set)
{
    the_allocator = (wrl_allocator_t){sizeof(the_allocator), NULL, no_allocate, no_reallocate, no_deallocate};
    a->bytes = &the_allocator;
}
SPOIL(spoil_nothing, (void)0)
SPOIL(spoil_allocator_size, the_allocator.size--)
SPOIL(spoil_allocate, the_allocator.allocate = NULL)
SPOIL(spoil_reallocate, the_allocator.reallocate = NULL)
SPOIL(spoil_deallocate, the_allocator.deallocate = NULL)
static const misuse_kind_t allocator_kinds[] = {
    {"too late", spoil_nothing, MISUSE_REFUSED},
    {"too small", spoil_allocator_size, MISUSE_REFUSED},
    {"without allocate", spoil_allocate, MISUSE_REFUSED},
    {"without reallocate", spoil_reallocate, MISUSE_REFUSED},
    {"without deallocate", spoil_deallocate, MISUSE_REFUSED},
    END,
};
CALL(wrl_allocator_set, wrl_allocator_set(a->bytes))
/* The calls with valid arguments are in tests/core/unit/allocator.c: here the library has already allocated memory. */
FUNCTION(wrl_allocator_set) = {
    CALLED(wrl_allocator_set), PREPARED(wrl_allocator_set), .never_sound = true,
    .params = {PARAM("allocator", bytes, misuse_pointer), PARAM("allocator", bytes, allocator_kinds)}};

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

SPOIL(spoil_open_null, a->open = NULL)
static const misuse_kind_t open_kinds[] = {
    {"NULL", spoil_open_null, MISUSE_REFUSED},
    {"gives no description", spoil_none, MISUSE_REFUSED},
    {"a description of 8 bytes", spoil_small, MISUSE_REFUSED},
    {"another version of the interface", spoil_foreign, MISUSE_REFUSED},
    {"without a name", spoil_unnamed, MISUSE_REFUSED},
    {"a name that is none", spoil_misnamed, MISUSE_REFUSED},
    {"without functions", spoil_empty, MISUSE_REFUSED},
    END,
};

CALL(wrl_backend_register, wrl_backend_register(a->open))
FUNCTION(wrl_backend_register) = {CALLED(wrl_backend_register), .never_sound = true,
                                  .params = {PARAM("open", open, open_kinds)}};

SPOIL(spoil_path_missing, a->text = "/no/such/folder/wrl-none.so")
SPOIL(spoil_path_empty, a->text = "")
SPOIL(spoil_path_null, a->text = NULL)
static const misuse_kind_t path_kinds[] = {
    {"NULL", spoil_path_null, MISUSE_REFUSED},
    {"a file that is not there", spoil_path_missing, MISUSE_NO_FILE},
    {"empty", spoil_path_empty, MISUSE_NO_FILE},
    END,
};

CALL(wrl_backend_load, wrl_backend_load(a->text, a->out))
FUNCTION(wrl_backend_load) = {CALLED(wrl_backend_load), CLEARS(const char *), .never_sound = true,
                              .params = {PARAM("path", text, path_kinds)}};

ANSWER(wrl_backend_count, wrl_backend_count() == 0)
FUNCTION(wrl_backend_count) = {CALLED(wrl_backend_count), .answers = true, .harmless = "it has no parameters"};

PREPARE(wrl_backend_get)
{
    a->size2 = wrl_backend_count();
}
ANSWER(wrl_backend_get, !wrl_backend_get(a->index, a->out))
FUNCTION(wrl_backend_get) = {CALLED(wrl_backend_get), PREPARED(wrl_backend_get), CLEARS(wrl_backend_info_t),
                             .answers = true, .params = {PARAM("index", index, misuse_index), OUT("info")}};

SPOIL(spoil_backend_unknown, a->text = "no_such_backend")
SPOIL(spoil_backend_path, a->text = "../wrl/wasmtime")
static const misuse_kind_t backend_name_kinds[] = {
    {"unknown", spoil_backend_unknown, MISUSE_REFUSED},
    {"empty", spoil_path_empty, MISUSE_REFUSED},
    {"a path", spoil_backend_path, MISUSE_REFUSED},
    {"NULL, which is the default", spoil_path_null, MISUSE_ALLOWED},
    END,
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

SPOIL(spoil_feature_limit, a->number = WRL_FEATURE_LIMIT)
SPOIL(spoil_feature_gap, a->number = 63)
SPOIL(spoil_feature_negative, a->number = INT32_MIN)
static const misuse_kind_t feature_kinds[] = {
    {"one beyond the last", spoil_feature_limit, MISUSE_REFUSED},
    {"63", spoil_feature_gap, MISUSE_REFUSED},
    {"the least int", spoil_feature_negative, MISUSE_REFUSED},
    END,
};

/* A feature that the engine supports. */
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

/* ---- All of them ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_version, NEED_NOTHING)                                                                                       \
    X(wrl_allocator_set, NEED_NOTHING)                                                                                 \
    X(wrl_bytes_delete, NEED_NOTHING)                                                                                  \
    X(wrl_backend_register, NEED_NOTHING)                                                                              \
    X(wrl_backend_load, NEED_NOT_A_BACKEND)                                                                            \
    X(wrl_backend_count, NEED_NOTHING)                                                                                 \
    X(wrl_backend_get, NEED_NOTHING)                                                                                   \
    X(wrl_backend_find, NEED_NOTHING)                                                                                  \
    X(wrl_engine_new, NEED_NOTHING)                                                                                    \
    X(wrl_engine_retain, NEED_NOTHING)                                                                                 \
    X(wrl_engine_release, NEED_NOTHING)                                                                                \
    X(wrl_engine_backend_name, NEED_NOTHING)                                                                           \
    X(wrl_engine_version, NEED_NOTHING)                                                                                \
    X(wrl_engine_supports, NEED_NOTHING)                                                                               \
    X(wrl_feature_name, NEED_NOTHING)

MISUSE_GROUP(misuse_base, EACH_FUNCTION);
