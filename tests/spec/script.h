/* Scripts: the converter makes them from .wast files, and the runner executes them. README.md describes the format.
 *
 * Scripts are untrusted, like modules: every size is compared with the remaining bytes before it is used. */
#ifndef SPEC_SCRIPT_H
#define SPEC_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes borrowed from the script. */
typedef struct spec_bytes {
    const uint8_t *data;
    size_t size;
} spec_bytes_t;

bool spec_bytes_equal(spec_bytes_t a, spec_bytes_t b);

/* The position of a reader. After a fault every read returns zero. */
typedef struct spec_reader {
    const uint8_t *data;
    size_t size;
    size_t at;
    const char *fault; /* The fault, in static storage, or NULL. */
    size_t fault_at;
} spec_reader_t;

/* The kind of a record. */
typedef enum spec_op {
    SPEC_MODULE = 1,
    SPEC_MODULE_DEFINITION = 2,
    SPEC_MODULE_INSTANCE = 3,
    SPEC_REGISTER = 4,
    SPEC_ACTION = 5,
    SPEC_ASSERT_RETURN = 16,
    SPEC_ASSERT_TRAP = 17,
    SPEC_ASSERT_EXHAUSTION = 18,
    SPEC_ASSERT_EXCEPTION = 19,
    SPEC_ASSERT_SUSPENSION = 20,
    SPEC_ASSERT_INVALID = 21,
    SPEC_ASSERT_MALFORMED = 22,
    SPEC_ASSERT_UNLINKABLE = 23,
    SPEC_TEXT = 32,
    SPEC_LEFT_OUT = 33
} spec_op_t;

/* Returns the word of the text format, such as "assert_return", or NULL for invalid numbers. */
const char *spec_op_name(uint8_t op);

/* Returns whether the record is an assertion. Other records prepare assertions. */
bool spec_op_is_assertion(uint8_t op);

/* The kind of a value or of an expected value. */
typedef enum spec_tag {
    SPEC_I32 = 1,
    SPEC_I64 = 2,
    SPEC_F32 = 3,
    SPEC_F64 = 4,
    SPEC_V128 = 5,
    SPEC_REF_NULL = 6,
    SPEC_REF_EXTERN = 7,
    SPEC_REF_HOST = 8,
    SPEC_REF_FUNC = 9,
    SPEC_REF_ANY = 10,
    SPEC_REF_EQ = 11,
    SPEC_REF_ARRAY = 12,
    SPEC_REF_STRUCT = 13,
    SPEC_REF_I31 = 14,
    SPEC_EITHER = 15
} spec_tag_t;

/* The bits that a float must have. */
typedef enum spec_pattern { SPEC_EXACT = 0, SPEC_NAN_CANONICAL = 1, SPEC_NAN_ARITHMETIC = 2 } spec_pattern_t;

/* The shape of a vector in the text. Shapes below SPEC_F32X4 differ in messages alone. */
typedef enum spec_shape {
    SPEC_BYTES = 0,
    SPEC_I8X16 = 1,
    SPEC_I16X8 = 2,
    SPEC_I32X4 = 3,
    SPEC_I64X2 = 4,
    SPEC_F32X4 = 5,
    SPEC_F64X2 = 6
} spec_shape_t;

/* A sequence of values. A copy starts from the same position. */
typedef struct spec_values {
    spec_reader_t reader;
    uint32_t count; /* The number of remaining values. */
} spec_values_t;

typedef struct spec_float {
    spec_pattern_t pattern;
    uint64_t bits; /* For an f32 the low 32 bits. */
} spec_float_t;

typedef struct spec_value {
    spec_tag_t tag;
    union {
        uint32_t i32;
        uint64_t i64;
        spec_float_t f; /* SPEC_F32 and SPEC_F64. */
        struct {
            spec_shape_t shape;
            uint8_t bytes[16];
            spec_pattern_t patterns[4]; /* For float lanes. */
        } v128;
        spec_bytes_t heap; /* For SPEC_REF_NULL. Empty for any null reference. */
        struct {
            bool has_number; /* If false, any non-null externref matches. */
            uint32_t number;
        } ref; /* For SPEC_REF_EXTERN and SPEC_REF_HOST. */
        spec_values_t either;
    } of;
} spec_value_t;

/* The kind of an execution. */
typedef enum spec_exec_kind { SPEC_INVOKE = 0, SPEC_GET = 1, SPEC_INSTANTIATE = 2 } spec_exec_kind_t;

typedef struct spec_exec {
    spec_exec_kind_t kind;
    spec_bytes_t module_id; /* Empty for the current module. */
    spec_bytes_t name;
    spec_bytes_t module; /* For SPEC_INSTANTIATE. */
    spec_values_t args;
} spec_exec_t;

/* A directive. Fields that do not belong to its op are empty. */
typedef struct spec_record {
    uint8_t op;
    uint32_t line;
    spec_bytes_t id;      /* The module's id. For SPEC_MODULE_INSTANCE, the instance's id. */
    spec_bytes_t module;  /* The module's bytes. For SPEC_MODULE_INSTANCE, the id of the definition. */
    spec_bytes_t name;    /* For SPEC_REGISTER. */
    spec_bytes_t message; /* The assertion's message. For SPEC_LEFT_OUT, the name of the directive. */
    spec_bytes_t detail;  /* The converter's message. For SPEC_LEFT_OUT, the reason. */
    spec_exec_t exec;
    spec_values_t results;
    uint8_t text_kind; /* For SPEC_TEXT: the op of the assertion. */
    bool text_ok;      /* For SPEC_TEXT: whether the converter rejected the text. */
} spec_record_t;

/* One .wast file. */
typedef struct spec_file {
    spec_bytes_t name;
    spec_reader_t records;
} spec_file_t;

void spec_script_open(spec_reader_t *script, const void *data, size_t size);

/* Reads the next file. Returns false at the end and after a fault. */
bool spec_script_next(spec_reader_t *script, spec_file_t *file);

/* Reads the next record. Returns false at the end and after a fault. */
bool spec_file_next(spec_file_t *file, spec_record_t *record);

/* Reads the next value. Returns false at the end. */
bool spec_values_next(spec_values_t *values, spec_value_t *value);

/* Reads a whole script. Returns NULL, or the fault and its offset in `message`. A script without files is a fault. A
 * script that passes this check has no faults when it is read again. */
const char *spec_script_check(const void *data, size_t size, char *message, size_t message_size);

#endif
