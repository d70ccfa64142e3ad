#include "value.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "nearest.h"
#include "number.h"
#include "type.h"

const char value_help[] = "Values:\n"
                          "  i32, i64   decimal, or hexadecimal after 0x; signed, or unsigned up to\n"
                          "             4294967295 and 18446744073709551615. Printed as signed decimal.\n"
                          "  f32, f64   decimal (0.1, 1e-7), hexadecimal (0x1.8p3), inf, nan, nan:0xPAYLOAD,\n"
                          "             each with an optional sign. Printed as the shortest decimal that\n"
                          "             reads back as the same number: 0.1, 3, -0, inf, nan, nan:0x1.\n"
                          "  v128       0x and up to 32 hexadecimal digits: a 128-bit number with lane 0 in\n"
                          "             the last digits; or a shape and its lanes: i8x16:..., i16x8:...,\n"
                          "             \"i32x4:1 2 3 -4\", i64x2:1,2, f32x4:..., f64x2:0.5,inf.\n"
                          "             Printed as 0x and 32 digits.\n"
                          "  externref  null, or any other text: a reference to that text. Printed unchanged.\n"
                          "  funcref    null, or the name of an exported function. Printed as null, or as\n"
                          "             func and its type, such as: func (i32) -> (i32)\n";

/* ---- Reading ---------------------------------------------------------------------------------------------------- */

static void store_little_endian(uint8_t *bytes, unsigned count, uint64_t value)
{
    for (unsigned i = 0; i < count; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
}

typedef struct shape {
    const char *prefix;
    unsigned lane_bits;
    bool is_float;
} shape_t;

static const shape_t shapes[] = {
    {"i8x16:", 8, false},  {"i16x8:", 16, false}, {"i32x4:", 32, false},
    {"i64x2:", 64, false}, {"f32x4:", 32, true},  {"f64x2:", 64, true},
};

static const shape_t *find_shape(const char *text)
{
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strncmp(text, shapes[i].prefix, strlen(shapes[i].prefix)) == 0) {
            return &shapes[i];
        }
    }
    return NULL;
}

/* Parses lanes that are separated by spaces or commas. Modifies `text`. */
static parse_t parse_lanes(char *text, const shape_t *shape, wrl_v128_t *vector)
{
    unsigned lane_bytes = shape->lane_bits / 8;
    for (unsigned at = 0; at < 16; at += lane_bytes) {
        text += strspn(text, ", ");
        size_t length = strcspn(text, ", ");
        bool is_last = text[length] == '\0';
        text[length] = '\0';
        uint64_t lane;
        parse_t parse = shape->is_float ? number_parse_float(text, shape->lane_bits == 64, &lane)
                                        : number_parse_integer(text, shape->lane_bits, &lane);
        if (parse != PARSE_OK) {
            return parse;
        }
        store_little_endian(vector->bytes + at, lane_bytes, lane);
        text += is_last ? length : length + 1;
    }
    text += strspn(text, ", ");
    return *text == '\0' ? PARSE_OK : PARSE_SYNTAX;
}

static parse_t parse_hex_vector(const char *digits, wrl_v128_t *vector)
{
    size_t count = strlen(digits);
    if (count == 0 || strspn(digits, "0123456789abcdefABCDEF") != count) {
        return PARSE_SYNTAX;
    }
    memset(vector, 0, sizeof *vector);
    for (size_t i = 0; i < count; i++) {
        int digit = number_digit(digits[count - 1 - i]);
        if (i >= 32 && digit != 0) {
            return PARSE_RANGE;
        }
        if (i < 32) {
            vector->bytes[i / 2] |= (uint8_t)(digit << (4 * (i % 2)));
        }
    }
    return PARSE_OK;
}

static wrl_error_t *parse_vector(const char *text, wrl_val_t *value)
{
    parse_t parse = PARSE_SYNTAX;
    value->kind = WRL_VALKIND_V128;
    const shape_t *shape = find_shape(text);
    if (shape) {
        size_t size = strlen(text + strlen(shape->prefix)) + 1;
        char *lanes = malloc(size);
        if (!lanes) {
            return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
        }
        memcpy(lanes, text + strlen(shape->prefix), size);
        parse = parse_lanes(lanes, shape, &value->of.v128);
        free(lanes);
    } else if (number_skip_hex(&text)) {
        parse = parse_hex_vector(text, &value->of.v128);
    }
    if (parse == PARSE_RANGE) {
        return wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, "out of range for a v128 or one of its lanes");
    }
    if (parse == PARSE_SYNTAX) {
        return wrl_error_new(WRL_ERROR_INVALID_ARGUMENT,
                             "not a v128 (0x and up to 32 hexadecimal digits, or a shape and all its lanes such as "
                             "i32x4:1,2,3,4)");
    }
    return NULL;
}

static wrl_error_t *integer_error(parse_t parse, const char *type, const char *range)
{
    if (parse == PARSE_RANGE) {
        return wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "out of range for an %s (%s)", type, range);
    }
    return wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "not an %s (a decimal number, or a hexadecimal one after 0x)",
                          type);
}

static wrl_error_t *float_error(parse_t parse, const char *type)
{
    if (parse == PARSE_RANGE) {
        return wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "out of range for an %s", type);
    }
    return wrl_error_newf(WRL_ERROR_INVALID_ARGUMENT, "not an %s (a number, inf, nan or nan:0xPAYLOAD)", type);
}

static wrl_error_t *parse_number(wrl_valkind_t kind, const char *text, wrl_val_t *value)
{
    uint64_t bits = 0;
    uint32_t word;
    bool is_64 = kind == WRL_VALKIND_I64 || kind == WRL_VALKIND_F64;
    bool is_float = kind == WRL_VALKIND_F32 || kind == WRL_VALKIND_F64;
    parse_t parse =
        is_float ? number_parse_float(text, is_64, &bits) : number_parse_integer(text, is_64 ? 64 : 32, &bits);
    if (parse != PARSE_OK) {
        if (is_float) {
            return float_error(parse, wrl_valkind_name(kind));
        }
        return integer_error(parse, wrl_valkind_name(kind),
                             is_64 ? "-9223372036854775808 to 18446744073709551615" : "-2147483648 to 4294967295");
    }
    value->kind = kind;
    word = (uint32_t)bits;
    if (is_64) {
        memcpy(&value->of, &bits, sizeof bits);
    } else {
        memcpy(&value->of, &word, sizeof word);
    }
    return NULL;
}

/* The externref's payload is the text itself. An argument of the program outlives the store, so no finalizer is needed.
 */
static wrl_error_t *parse_externref(wrl_store_t *store, const char *text, wrl_val_t *value)
{
    value->kind = WRL_VALKIND_EXTERNREF;
    if (strcmp(text, "null") == 0) {
        value->of.externref = wrl_externref_null();
        return NULL;
    }
    return wrl_externref_new(store, (void *)(uintptr_t)text, NULL, &value->of.externref);
}

static wrl_error_t *parse_funcref(wrl_store_t *store, wrl_instance_t instance, const char *text, wrl_val_t *value)
{
    value->kind = WRL_VALKIND_FUNCREF;
    if (strcmp(text, "null") == 0) {
        value->of.func = wrl_func_null();
        return NULL;
    }
    if (!wrl_instance_get_func(store, instance, text, &value->of.func)) {
        return nearest_error(wrl_instance_module(store, instance), text);
    }
    return NULL;
}

/* References to objects of the guest have no text form, except null. */
static wrl_error_t *parse_ref(const char *text, wrl_val_t *value)
{
    *value = WRL_NULL_REF;
    return strcmp(text, "null") == 0
               ? NULL
               : wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, "only null can be written as text for this reference type");
}

wrl_error_t *value_parse(wrl_store_t *store, wrl_instance_t instance, wrl_valtype_t type, const char *text,
                         wrl_val_t *value)
{
    memset(value, 0, sizeof *value);
    switch (wrl_valtype_value_kind(type)) {
    case WRL_VALKIND_I32:
    case WRL_VALKIND_I64:
    case WRL_VALKIND_F32:
    case WRL_VALKIND_F64:
        return parse_number(type.kind, text, value);
    case WRL_VALKIND_V128:
        return parse_vector(text, value);
    case WRL_VALKIND_FUNCREF:
        return parse_funcref(store, instance, text, value);
    case WRL_VALKIND_EXTERNREF:
        return parse_externref(store, text, value);
    default:
        return parse_ref(text, value);
    }
}

/* ---- Printing --------------------------------------------------------------------------------------------------- */

static void print_vector(FILE *out, const wrl_v128_t *vector)
{
    fputs("0x", out);
    for (int i = 15; i >= 0; i--) {
        fprintf(out, "%02x", (unsigned)vector->bytes[i]);
    }
}

static wrl_error_t *print_funcref(FILE *out, wrl_store_t *store, wrl_func_t func)
{
    if (wrl_func_is_null(func)) {
        fputs("null", out);
        return NULL;
    }
    wrl_externtype_t type = wrl_extern_type(store, wrl_extern_from_func(func));
    char *text = type_text(&type);
    if (!text) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    fprintf(out, "func %s", text);
    free(text);
    return NULL;
}

static wrl_error_t *print_externref(FILE *out, wrl_store_t *store, wrl_externref_t externref)
{
    if (wrl_externref_is_null(externref)) {
        fputs("null", out);
        return NULL;
    }
    const char *data = (const char *)wrl_externref_data(store, externref);
    fputs(data ? data : "externref", out);
    return NULL;
}

static wrl_error_t *print_ref(FILE *out, wrl_store_t *store, wrl_ref_t ref)
{
    if (wrl_ref_is_null(ref)) {
        fputs("null", out);
        return NULL;
    }
    char text[32];
    (void)wrl_valtype_print(wrl_ref_type(store, ref), text, sizeof text);
    fputs(text, out);
    return NULL;
}

wrl_error_t *value_print(FILE *out, wrl_store_t *store, const wrl_val_t *value)
{
    uint64_t bits = 0;
    uint32_t word;
    switch (value->kind) {
    case WRL_VALKIND_I32:
        fprintf(out, "%" PRId32, value->of.i32);
        return NULL;
    case WRL_VALKIND_I64:
        fprintf(out, "%" PRId64, value->of.i64);
        return NULL;
    case WRL_VALKIND_F32:
        memcpy(&word, &value->of, sizeof word);
        number_print_float(out, word, false);
        return NULL;
    case WRL_VALKIND_F64:
        memcpy(&bits, &value->of, sizeof bits);
        number_print_float(out, bits, true);
        return NULL;
    case WRL_VALKIND_V128:
        print_vector(out, &value->of.v128);
        return NULL;
    case WRL_VALKIND_FUNCREF:
        return print_funcref(out, store, value->of.func);
    case WRL_VALKIND_EXTERNREF:
        return print_externref(out, store, value->of.externref);
    default:
        return print_ref(out, store, value->of.ref);
    }
}
