/* A script: what the converter makes of .wast files, and the runner executes. README.md has the format.
 *
 * Scripts are read like modules, with suspicion: every size is compared with what is left before it is used. */
#ifndef SPEC_SCRIPT_H
#define SPEC_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes lent by the script. */
typedef struct spec_bytes {
    const uint8_t *data;
    size_t size;
} spec_bytes_t;

bool spec_bytes_equal(spec_bytes_t a, spec_bytes_t b);

/* Where reading stands. After a fault everything reads as zero. */
typedef struct spec_reader {
    const uint8_t *data;
    size_t size;
    size_t at;
    const char *fault; /* What is wrong, in static storage, or NULL. */
    size_t fault_at;
} spec_reader_t;

/* What a record does. */
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

/* The word of the text format, such as "assert_return"; NULL for numbers that are no op. */
const char *spec_op_name(uint8_t op);

/* Whether it makes a claim that holds or does not; the others prepare. */
bool spec_op_is_assertion(uint8_t op);

/* What a value, or an expected value, is. */
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

/* What a float has to be. */
typedef enum spec_pattern { SPEC_EXACT = 0, SPEC_NAN_CANONICAL = 1, SPEC_NAN_ARITHMETIC = 2 } spec_pattern_t;

/* How the text wrote a vector. Those below SPEC_F32X4 differ in their wording alone. */
typedef enum spec_shape {
    SPEC_BYTES = 0,
    SPEC_I8X16 = 1,
    SPEC_I16X8 = 2,
    SPEC_I32X4 = 3,
    SPEC_I64X2 = 4,
    SPEC_F32X4 = 5,
    SPEC_F64X2 = 6
} spec_shape_t;

/* Values in a row, read one after the other. A copy starts anew. */
typedef struct spec_values {
    spec_reader_t reader;
    uint32_t count; /* How many are left. */
} spec_values_t;

typedef struct spec_float {
    spec_pattern_t pattern;
    uint64_t bits; /* Of an f32 the low 32. */
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
            spec_pattern_t patterns[4]; /* Of lanes of floats. */
        } v128;
        spec_bytes_t heap; /* SPEC_REF_NULL: empty for any null reference. */
        struct {
            bool has_number; /* Otherwise any externref that is not null. */
            uint32_t number;
        } ref; /* SPEC_REF_EXTERN and SPEC_REF_HOST. */
        spec_values_t either;
    } of;
} spec_value_t;

/* What is executed. */
typedef enum spec_exec_kind { SPEC_INVOKE = 0, SPEC_GET = 1, SPEC_INSTANTIATE = 2 } spec_exec_kind_t;

typedef struct spec_exec {
    spec_exec_kind_t kind;
    spec_bytes_t module_id; /* Empty for the current module. */
    spec_bytes_t name;
    spec_bytes_t module; /* Of SPEC_INSTANTIATE. */
    spec_values_t args;
} spec_exec_t;

/* One directive. Fields that its op does not have are empty. */
typedef struct spec_record {
    uint8_t op;
    uint32_t line;
    spec_bytes_t id;      /* Of the module; of SPEC_MODULE_INSTANCE, of the instance. */
    spec_bytes_t module;  /* Its bytes; of SPEC_MODULE_INSTANCE, the definition's id. */
    spec_bytes_t name;    /* Of SPEC_REGISTER. */
    spec_bytes_t message; /* What the assertion expects; of SPEC_LEFT_OUT, what was. */
    spec_bytes_t detail;  /* What the converter says; of SPEC_LEFT_OUT, why. */
    spec_exec_t exec;
    spec_values_t results;
    uint8_t text_kind; /* Of SPEC_TEXT: the op of the assertion. */
    bool text_ok;      /* Of SPEC_TEXT: the converter refused the text. */
} spec_record_t;

/* One .wast file. */
typedef struct spec_file {
    spec_bytes_t name;
    spec_reader_t records;
} spec_file_t;

void spec_script_open(spec_reader_t *script, const void *data, size_t size);

/* The next file, or false at the end and after a fault. */
bool spec_script_next(spec_reader_t *script, spec_file_t *file);

/* The next record, or false at the end and after a fault. */
bool spec_file_next(spec_file_t *file, spec_record_t *record);

/* The next value, or false at the end. */
bool spec_values_next(spec_values_t *values, spec_value_t *value);

/* Reads all of a script. Returns NULL, or what is wrong and at which byte, in `message`. A script without files is
 * wrong as well. What has passed here has no faults when it is read again. */
const char *spec_script_check(const void *data, size_t size, char *message, size_t message_size);

#endif
