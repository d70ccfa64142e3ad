#include "value.h"
#include "../support/found.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* ---- References ---- */

void spec_refs_clear(spec_refs_t *refs)
{
    free(refs->refs);
    memset(refs, 0, sizeof(*refs));
}

/* The pointer of an externref is its number plus one, so that it is never NULL. */
static void *pointer_of(uint32_t number)
{
    return (void *)((uintptr_t)number + 1);
}

static wrl_error_t *find_externref(spec_refs_t *refs, uint32_t number, wrl_externref_t *externref)
{
    for (size_t i = 0; i < refs->count; i++) {
        if (refs->refs[i].number == number) {
            *externref = refs->refs[i].externref;
            return NULL;
        }
    }
    struct spec_ref *larger = realloc(refs->refs, (refs->count + 1) * sizeof(*larger));
    if (!larger) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    refs->refs = larger;
    wrl_error_t *error = wrl_externref_new(refs->store, pointer_of(number), NULL, externref);
    if (!error) {
        refs->refs[refs->count].number = number;
        refs->refs[refs->count++].externref = *externref;
    }
    return error;
}

/* ---- Conversions that need a guest ---- */

/* (func (export "in") (param externref) (result anyref) (any.convert_extern (local.get 0)))
 * (func (export "out") (param anyref) (result externref) (extern.convert_any (local.get 0))) */
static const uint8_t converter[] = {
    0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, 0x01, 0x0b, 0x02, 0x60, 0x01, 0x6f, 0x01, 0x6e, 0x60, 0x01, 0x6e,
    0x01, 0x6f, 0x03, 0x03, 0x02, 0x00, 0x01, 0x07, 0x0c, 0x02, 0x02, 'i',  'n',  0x00, 0x00, 0x03, 'o',  'u',  't',
    0x00, 0x01, 0x0a, 0x0f, 0x02, 0x06, 0x00, 0x20, 0x00, 0xfb, 0x1a, 0x0b, 0x06, 0x00, 0x20, 0x00, 0xfb, 0x1b, 0x0b};

static bool has_converter(spec_refs_t *refs)
{
    wrl_engine_t *engine = wrl_store_engine(refs->store);
    if (refs->asked || !wrl_engine_supports(engine, WRL_FEATURE_GC_REFERENCES)) {
        return refs->converts;
    }
    refs->asked = true;
    wrl_module_t *module;
    wrl_error_t *error = wrl_module_new(engine, converter, sizeof(converter), NULL, &module);
    wrl_instance_t instance;
    if (!error) {
        error = wrl_instance_new(refs->store, module, NULL, NULL, &instance);
        wrl_module_release(module);
    }
    if (!error) {
        error = found(wrl_instance_get_func(refs->store, instance, "in", &refs->internalize));
    }
    if (!error) {
        error = found(wrl_instance_get_func(refs->store, instance, "out", &refs->externalize));
    }
    refs->converts = !error;
    wrl_error_delete(error);
    return refs->converts;
}

bool spec_refs_host(spec_refs_t *refs, const wrl_val_t *anyref, uint32_t *number)
{
    if (!has_converter(refs)) {
        return false;
    }
    wrl_val_t externref;
    wrl_error_t *error = wrl_func_call(refs->store, refs->externalize, anyref, 1, &externref, 1);
    const void *data = error ? NULL : wrl_externref_data(refs->store, externref.of.externref);
    *number = (uint32_t)((uintptr_t)data - 1);
    wrl_error_delete(error);
    return data;
}

/* ---- To the layer ---- */

static spec_crossing_t make_externref(spec_refs_t *refs, uint32_t number, wrl_val_t *made, spec_message_t *why)
{
    wrl_externref_t externref;
    wrl_error_t *error = find_externref(refs, number, &externref);
    if (error) {
        spec_message_add(why, "no externref: ");
        spec_message_add_error(why, error);
        wrl_error_delete(error);
        return SPEC_WENT_WRONG;
    }
    *made = WRL_EXTERNREF(externref);
    return SPEC_CROSSED;
}

static spec_crossing_t make_host(spec_refs_t *refs, uint32_t number, wrl_val_t *made, spec_message_t *why)
{
    if (!has_converter(refs)) {
        spec_message_add(why, "the engine cannot convert an externref to an anyref");
        return SPEC_CANNOT_CROSS;
    }
    wrl_val_t externref;
    spec_crossing_t crossing = make_externref(refs, number, &externref, why);
    if (crossing != SPEC_CROSSED) {
        return crossing;
    }
    wrl_error_t *error = wrl_func_call(refs->store, refs->internalize, &externref, 1, made, 1);
    if (error) {
        spec_message_add(why, "no anyref: ");
        spec_message_add_error(why, error);
        wrl_error_delete(error);
        return SPEC_WENT_WRONG;
    }
    return SPEC_CROSSED;
}

static spec_crossing_t make_null(wrl_valtype_t type, wrl_val_t *made)
{
    switch (wrl_valtype_value_kind(type)) {
    case WRL_VALKIND_FUNCREF:
        *made = WRL_NULL_FUNCREF;
        break;
    case WRL_VALKIND_REF:
        *made = WRL_NULL_REF;
        break;
    default:
        *made = WRL_NULL_EXTERNREF;
        break;
    }
    return SPEC_CROSSED;
}

spec_crossing_t spec_value_make(spec_refs_t *refs, const spec_value_t *value, wrl_valtype_t type, wrl_val_t *made,
                                spec_message_t *why)
{
    memset(made, 0, sizeof(*made));
    /* The bits are copied, as a signalling NaN may not survive as a float. */
    switch (value->tag) {
    case SPEC_I32:
        made->kind = WRL_VALKIND_I32;
        memcpy(&made->of.i32, &value->of.i32, 4);
        return SPEC_CROSSED;
    case SPEC_I64:
        made->kind = WRL_VALKIND_I64;
        memcpy(&made->of.i64, &value->of.i64, 8);
        return SPEC_CROSSED;
    case SPEC_F32: {
        uint32_t bits = (uint32_t)value->of.f.bits;
        made->kind = WRL_VALKIND_F32;
        memcpy(&made->of.f32, &bits, 4);
        return SPEC_CROSSED;
    }
    case SPEC_F64:
        made->kind = WRL_VALKIND_F64;
        memcpy(&made->of.f64, &value->of.f.bits, 8);
        return SPEC_CROSSED;
    case SPEC_V128:
        made->kind = WRL_VALKIND_V128;
        memcpy(made->of.v128.bytes, value->of.v128.bytes, 16);
        return SPEC_CROSSED;
    case SPEC_REF_NULL:
        return make_null(type, made);
    case SPEC_REF_EXTERN:
        return make_externref(refs, value->of.ref.number, made, why);
    case SPEC_REF_HOST:
        return make_host(refs, value->of.ref.number, made, why);
    default:
        spec_message_add(why, "a script cannot contain such an argument");
        return SPEC_WENT_WRONG;
    }
}

/* ---- For messages ---- */

/* Adds "ref.struct" and the like. The reference may already have been released. */
static void add_ref(spec_message_t *text, wrl_store_t *store, wrl_ref_t ref)
{
    if (wrl_ref_is_null(ref)) {
        spec_message_add(text, "null reference");
        return;
    }
    char name[64] = "reference of no type";
    wrl_valtype_t type = wrl_ref_type(store, ref);
    if (type.kind != WRL_VALKIND_NONE) {
        (void)wrl_valtype_print(type, name, sizeof(name));
    }
    spec_message_add(text, "%s", name);
}

static void add_bytes(spec_message_t *text, const uint8_t bytes[16])
{
    spec_message_add(text, "v128");
    for (size_t i = 0; i < 16; i++) {
        spec_message_add(text, i % 4 == 0 ? " %02x" : "%02x", bytes[i]);
    }
}

static void add_externref(spec_message_t *text, const wrl_store_t *store, wrl_externref_t externref)
{
    if (wrl_externref_is_null(externref)) {
        spec_message_add(text, "null externref");
        return;
    }
    const void *data = wrl_externref_data(store, externref);
    if (!data) {
        spec_message_add(text, "externref without data");
    } else {
        spec_message_add(text, "ref.extern %" PRIuPTR, (uintptr_t)data - 1);
    }
}

void spec_message_add_val(spec_message_t *text, wrl_store_t *store, const wrl_val_t *value)
{
    uint32_t bits;
    uint64_t long_bits;
    switch (value->kind) {
    case WRL_VALKIND_I32:
        spec_message_add(text, "i32 %" PRId32 " (0x%08" PRIx32 ")", value->of.i32, (uint32_t)value->of.i32);
        break;
    case WRL_VALKIND_I64:
        spec_message_add(text, "i64 %" PRId64 " (0x%016" PRIx64 ")", value->of.i64, (uint64_t)value->of.i64);
        break;
    case WRL_VALKIND_F32:
        memcpy(&bits, &value->of.f32, 4);
        spec_message_add(text, "f32 bits 0x%08" PRIx32, bits);
        break;
    case WRL_VALKIND_F64:
        memcpy(&long_bits, &value->of.f64, 8);
        spec_message_add(text, "f64 bits 0x%016" PRIx64, long_bits);
        break;
    case WRL_VALKIND_V128:
        add_bytes(text, value->of.v128.bytes);
        break;
    case WRL_VALKIND_FUNCREF:
        spec_message_add(text, wrl_func_is_null(value->of.func) ? "null funcref" : "ref.func");
        break;
    case WRL_VALKIND_EXTERNREF:
        add_externref(text, store, value->of.externref);
        break;
    case WRL_VALKIND_REF:
        add_ref(text, store, value->of.ref);
        break;
    default:
        spec_message_add(text, "%s", wrl_valkind_name(value->kind));
        break;
    }
}

static void add_float(spec_message_t *text, const char *type, spec_pattern_t pattern, int digits, uint64_t bits)
{
    if (pattern == SPEC_EXACT) {
        spec_message_add(text, "%s bits 0x%0*" PRIx64, type, digits, bits);
    } else {
        spec_message_add(text, "%s %s", type, pattern == SPEC_NAN_CANONICAL ? "nan:canonical" : "nan:arithmetic");
    }
}

static void add_v128(spec_message_t *text, const spec_value_t *value)
{
    static const char *const shapes[] = {"",          " as i8x16", " as i16x8", " as i32x4",
                                         " as i64x2", " as f32x4", " as f64x2"};
    add_bytes(text, value->of.v128.bytes);
    spec_message_add(text, "%s", shapes[value->of.v128.shape]);
    for (size_t i = 0; i < 4; i++) {
        if (value->of.v128.patterns[i] != SPEC_EXACT) {
            spec_message_add(text, ", lane %zu %s", i,
                             value->of.v128.patterns[i] == SPEC_NAN_CANONICAL ? "nan:canonical" : "nan:arithmetic");
        }
    }
}

static void add_choices(spec_message_t *text, spec_values_t values)
{
    spec_message_add(text, "either");
    spec_value_t value;
    const char *separator = " ";
    while (spec_values_next(&values, &value)) {
        spec_message_add(text, "%s", separator);
        spec_message_add_value(text, &value);
        separator = " or ";
    }
}

static const char *reference_name(spec_tag_t tag)
{
    switch (tag) {
    case SPEC_REF_FUNC:
        return "ref.func";
    case SPEC_REF_ANY:
        return "ref.any";
    case SPEC_REF_EQ:
        return "ref.eq";
    case SPEC_REF_ARRAY:
        return "ref.array";
    case SPEC_REF_STRUCT:
        return "ref.struct";
    default:
        return "ref.i31";
    }
}

void spec_message_add_value(spec_message_t *text, const spec_value_t *value)
{
    switch (value->tag) {
    case SPEC_I32:
        spec_message_add(text, "i32 %" PRId32 " (0x%08" PRIx32 ")", (int32_t)value->of.i32, value->of.i32);
        break;
    case SPEC_I64:
        spec_message_add(text, "i64 %" PRId64 " (0x%016" PRIx64 ")", (int64_t)value->of.i64, value->of.i64);
        break;
    case SPEC_F32:
        add_float(text, "f32", value->of.f.pattern, 8, value->of.f.bits);
        break;
    case SPEC_F64:
        add_float(text, "f64", value->of.f.pattern, 16, value->of.f.bits);
        break;
    case SPEC_V128:
        add_v128(text, value);
        break;
    case SPEC_REF_NULL:
        spec_message_add(text, "ref.null %.*s", (int)(value->of.heap.size & 0xff), (const char *)value->of.heap.data);
        break;
    case SPEC_REF_EXTERN:
    case SPEC_REF_HOST:
        spec_message_add(text, value->tag == SPEC_REF_EXTERN ? "ref.extern" : "ref.host");
        if (value->of.ref.has_number) {
            spec_message_add(text, " %" PRIu32, value->of.ref.number);
        }
        break;
    case SPEC_EITHER:
        add_choices(text, value->of.either);
        break;
    default:
        spec_message_add(text, "%s", reference_name(value->tag));
        break;
    }
}
