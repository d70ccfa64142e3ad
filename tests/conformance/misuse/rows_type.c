/* Rows of the misuse matrix: types and values. */
#include "rows.h"
#include "wrl/parse.h"

#include <math.h>

/* ---- type.h, value.h, hidden.h ---- */

PREPARE(one)
{
    a->number = 1;
}

ANSWER(wrl_externkind_name, strcmp(wrl_externkind_name((wrl_externkind_t)a->number), "unknown") == 0 || a->number == 0)
FUNCTION(wrl_externkind_name) = {CALLED(wrl_externkind_name), PREPARED(one), .answers = true,
                                 .params = {PARAM("kind", number, misuse_enumerator)}};

static wrl_error_t *call_wrl_valtype_equal(misuse_args_t *a)
{
    const wrl_valtype_t odd = {255, 255, 65535, INT32_MIN};
    a->spoilt = !wrl_valtype_equal(odd, odd) || wrl_valtype_equal(odd, a->the_params[0]);
    return NULL;
}
FUNCTION(wrl_valtype_equal) = {CALLED(wrl_valtype_equal), .answers = true, .harmless = "it compares any values"};

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
    END,
};

static wrl_error_t *call_wrl_functype_equal(misuse_args_t *a)
{
    const wrl_functype_t same = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64), WRL_TYPES(WRL_TYPE_I32));
    a->spoilt = !wrl_functype_equal(a->functype, &same) && !wrl_functype_equal(&same, a->functype);
    return NULL;
}
FUNCTION(wrl_functype_equal) = {CALLED(wrl_functype_equal), .answers = true,
                                .params = {PARAM("a", functype, lone_type_kinds)}};

SPOIL(spoil_externkind, a->the_externtype.kind = (wrl_externkind_t)-5)
static const misuse_kind_t externtype_kinds[] = {
    {"NULL", spoil_type_null, MISUSE_REFUSED},
    {"of kind -5", spoil_externkind, MISUSE_REFUSED},
    {"with params NULL", spoil_pointerless, MISUSE_REFUSED},
    {"with results NULL", spoil_result_pointer, MISUSE_REFUSED},
    END,
};

SPOIL(spoil_no_buffer, a->buffer = NULL)
static const misuse_kind_t print_buffer_kinds[] = {
    {"NULL with a size", spoil_no_buffer, MISUSE_ALLOWED},
    END,
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
FUNCTION(wrl_valkind_name) = {CALLED(wrl_valkind_name), .answers = true, .harmless = "the row tries all 256 arguments"};

static bool is_value_kind(wrl_valtype_t type, wrl_valkind_t kind)
{
    return type.kind != WRL_VALKIND_REF
               ? kind == type.kind
               : kind == WRL_VALKIND_FUNCREF || kind == WRL_VALKIND_EXTERNREF || kind == WRL_VALKIND_REF;
}

static wrl_error_t *call_wrl_valtype_value_kind(misuse_args_t *a)
{
    static const int32_t heaps[] = {INT32_MIN, WRL_HEAP_EXN - 1, WRL_HEAP_FUNC, WRL_HEAP_NOEXN + 1, 0, INT32_MAX};
    for (int bits = 0; bits < 256 * 256 && !a->spoilt; bits++) {
        for (size_t i = 0; i < sizeof(heaps) / sizeof(heaps[0]) && !a->spoilt; i++) {
            const wrl_valtype_t type = {(wrl_valkind_t)(bits % 256), (uint8_t)(bits / 256), 65535, heaps[i]};
            a->spoilt = !is_value_kind(type, wrl_valtype_value_kind(type));
        }
    }
    return NULL;
}
FUNCTION(wrl_valtype_value_kind) = {CALLED(wrl_valtype_value_kind), .answers = true,
                                    .harmless = "the row tries all kinds and flags"};

static wrl_error_t *call_wrl_is_hidden(misuse_args_t *a)
{
    static const uint32_t beyond[] = {0xD800, 0xDFFF, 0x110000, 0x10000000, UINT32_MAX};
    a->spoilt = !wrl_is_hidden(0x3164) || wrl_is_hidden('a');
    for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]) && !a->spoilt; i++) {
        a->spoilt = wrl_is_hidden(beyond[i]);
    }
    return NULL;
}
FUNCTION(wrl_is_hidden) = {CALLED(wrl_is_hidden), .answers = true,
                           .harmless = "the row tries numbers that are not characters"};

/* Functions that make values from numbers, and null values. The result is wrong if its kind or its number differs. */
#define MAKER(name, value, expected_kind, differs)                                                                     \
    static wrl_error_t *call_##name(misuse_args_t *a)                                                                  \
    {                                                                                                                  \
        const wrl_val_t made = name(value);                                                                            \
        a->spoilt = made.kind != (expected_kind) || (differs);                                                         \
        return NULL;                                                                                                   \
    }                                                                                                                  \
    FUNCTION(name) = {CALLED(name), .answers = true, .harmless = "any number is a value"};
MAKER(wrl_val_i32, INT32_MIN, WRL_VALKIND_I32, made.of.i32 != INT32_MIN)
MAKER(wrl_val_i64, INT64_MIN, WRL_VALKIND_I64, made.of.i64 != INT64_MIN)
MAKER(wrl_val_f32, NAN, WRL_VALKIND_F32, !isnan(made.of.f32))
MAKER(wrl_val_f64, (double)NAN, WRL_VALKIND_F64, !isnan(made.of.f64))
static const wrl_v128_t all_ones = {{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}};
MAKER(wrl_val_v128, all_ones, WRL_VALKIND_V128, memcmp(&made.of.v128, &all_ones, sizeof(all_ones)) != 0)

#define NULL_MAKER(noun)                                                                                               \
    ANSWER(wrl_##noun##_null, wrl_##noun##_null().store_id != 0 || wrl_##noun##_null().index != 0)                     \
    FUNCTION(wrl_##noun##_null) = {CALLED(wrl_##noun##_null), .answers = true, .harmless = "it has no parameters"};
NULL_MAKER(instance)
NULL_MAKER(func)
NULL_MAKER(global)
NULL_MAKER(memory)
NULL_MAKER(table)
NULL_MAKER(tag)
NULL_MAKER(externref)
NULL_MAKER(ref)

/* Functions that distinguish null from other handles. They read nothing but the handle. */
#define NULL_ASKER(noun)                                                                                               \
    ANSWER(wrl_##noun##_is_null, wrl_##noun##_is_null(a->noun))                                                        \
    FUNCTION(wrl_##noun##_is_null) = {CALLED(wrl_##noun##_is_null), .answers = true,                                   \
                                      .params = {PARAM(#noun, noun, misuse_handle_null)}};
NULL_ASKER(instance)
NULL_ASKER(func)
NULL_ASKER(global)
NULL_ASKER(memory)
NULL_ASKER(table)
NULL_ASKER(tag)
NULL_ASKER(externref)
NULL_ASKER(ref)

/* Functions that compare handles. Every other handle is different. */
#define COMPARER(noun)                                                                                                 \
    ANSWER(wrl_##noun##_equal, !wrl_##noun##_equal(a->noun, a->world->items.noun))                                     \
    FUNCTION(wrl_##noun##_equal) = {CALLED(wrl_##noun##_equal), .answers = true, .params = {HANDLE(noun)}};
COMPARER(instance)
COMPARER(func)
COMPARER(global)
COMPARER(memory)
COMPARER(table)
COMPARER(tag)
COMPARER(externref)
COMPARER(ref)

/* Handles are checked when the value is used. */
#define REF_MAKER(name, noun, type_kind, type_flags, type_heap)                                                        \
    static wrl_error_t *call_##name(misuse_args_t *a)                                                                  \
    {                                                                                                                  \
        const wrl_globaltype_t type = {{type_kind, type_flags, 0, type_heap}, false};                                  \
        const wrl_val_t value = name(a->noun);                                                                         \
        return wrl_global_new(a->store, &type, &value, a->out);                                                        \
    }                                                                                                                  \
    FUNCTION(name) = {CALLED(name), CLEARS(wrl_global_t), .params = {PARAM("initial", noun, misuse_handle_or_null)}};
REF_MAKER(wrl_val_funcref, func, WRL_VALKIND_FUNCREF, 0, 0)
REF_MAKER(wrl_val_externref, externref, WRL_VALKIND_EXTERNREF, 0, 0)
REF_MAKER(wrl_val_ref, ref, WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, WRL_HEAP_ANY)

PREPARE(wrl_functype_parse)
{
    a->text = "(i32, f64) -> (i32)";
    a->count = 3;
}
ANSWER(wrl_functype_parse, !wrl_functype_parse(a->text, a->out2, a->count, a->out))
FUNCTION(wrl_functype_parse) = {CALLED(wrl_functype_parse), PREPARED(wrl_functype_parse), CLEARS(wrl_functype_t),
                                .answers = true,
                                .params = {PARAM("text", text, misuse_name), PARAM("types", out2, misuse_pointer),
                                           PARAM("capacity", count, misuse_too_few), OUT("type")}};

/* ---- All of them ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_externkind_name, NEED_NOTHING)                                                                               \
    X(wrl_valtype_equal, NEED_NOTHING)                                                                                 \
    X(wrl_functype_equal, NEED_NOTHING)                                                                                \
    X(wrl_functype_parse, NEED_NOTHING)                                                                                \
    X(wrl_externtype_print, NEED_NOTHING)                                                                              \
    X(wrl_valtype_print, NEED_NOTHING)                                                                                 \
    X(wrl_valkind_name, NEED_NOTHING)                                                                                  \
    X(wrl_valtype_value_kind, NEED_NOTHING)                                                                            \
    X(wrl_is_hidden, NEED_NOTHING)                                                                                     \
    X(wrl_val_i32, NEED_NOTHING)                                                                                       \
    X(wrl_val_i64, NEED_NOTHING)                                                                                       \
    X(wrl_val_f32, NEED_NOTHING)                                                                                       \
    X(wrl_val_f64, NEED_NOTHING)                                                                                       \
    X(wrl_val_v128, NEED_NOTHING)                                                                                      \
    X(wrl_instance_null, NEED_NOTHING)                                                                                 \
    X(wrl_instance_is_null, NEED_NOTHING)                                                                              \
    X(wrl_instance_equal, NEED_NOTHING)                                                                                \
    X(wrl_func_null, NEED_NOTHING)                                                                                     \
    X(wrl_func_is_null, NEED_NOTHING)                                                                                  \
    X(wrl_func_equal, NEED_NOTHING)                                                                                    \
    X(wrl_global_null, NEED_NOTHING)                                                                                   \
    X(wrl_global_is_null, NEED_NOTHING)                                                                                \
    X(wrl_global_equal, NEED_NOTHING)                                                                                  \
    X(wrl_memory_null, NEED_NOTHING)                                                                                   \
    X(wrl_memory_is_null, NEED_NOTHING)                                                                                \
    X(wrl_memory_equal, NEED_NOTHING)                                                                                  \
    X(wrl_table_null, NEED_NOTHING)                                                                                    \
    X(wrl_table_is_null, NEED_REFERENCE_TYPES)                                                                         \
    X(wrl_table_equal, NEED_REFERENCE_TYPES)                                                                           \
    X(wrl_tag_null, NEED_NOTHING)                                                                                      \
    X(wrl_tag_is_null, NEED_EXCEPTIONS)                                                                                \
    X(wrl_tag_equal, NEED_EXCEPTIONS)                                                                                  \
    X(wrl_externref_null, NEED_NOTHING)                                                                                \
    X(wrl_externref_is_null, NEED_REFERENCE_TYPES)                                                                     \
    X(wrl_externref_equal, NEED_REFERENCE_TYPES)                                                                       \
    X(wrl_ref_null, NEED_NOTHING)                                                                                      \
    X(wrl_ref_is_null, NEED_GC_REFERENCES)                                                                             \
    X(wrl_ref_equal, NEED_GC_REFERENCES)                                                                               \
    X(wrl_val_funcref, NEED_REFERENCE_TYPES)                                                                           \
    X(wrl_val_externref, NEED_REFERENCE_TYPES)                                                                         \
    X(wrl_val_ref, NEED_GC_REFERENCES)

MISUSE_GROUP(misuse_type, EACH_FUNCTION);
