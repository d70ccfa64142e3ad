/* Constants of WebAssembly's binary format (core specification 5). */
#ifndef WRL_SRC_BINARY_FORMAT_H
#define WRL_SRC_BINARY_FORMAT_H

/* In bytes: magic number and version. */
enum { HEADER_SIZE = 8 };

enum {
    SECTION_CUSTOM = 0,
    SECTION_TYPE = 1,
    SECTION_IMPORT = 2,
    SECTION_FUNCTION = 3,
    SECTION_TABLE = 4,
    SECTION_MEMORY = 5,
    SECTION_GLOBAL = 6,
    SECTION_EXPORT = 7,
    SECTION_START = 8,
    SECTION_ELEMENT = 9,
    SECTION_CODE = 10,
    SECTION_DATA = 11,
    SECTION_DATA_COUNT = 12,
    SECTION_TAG = 13,
    SECTION_LIMIT = 14
};

enum {
    OP_UNREACHABLE = 0x00,
    OP_NOP = 0x01,
    OP_BLOCK = 0x02,
    OP_LOOP = 0x03,
    OP_IF = 0x04,
    OP_ELSE = 0x05,
    OP_TRY = 0x06,
    OP_CATCH = 0x07,
    OP_THROW = 0x08,
    OP_RETHROW = 0x09,
    OP_THROW_REF = 0x0a,
    OP_END = 0x0b,
    OP_BR = 0x0c,
    OP_BR_IF = 0x0d,
    OP_BR_TABLE = 0x0e,
    OP_RETURN = 0x0f,
    OP_CALL = 0x10,
    OP_CALL_INDIRECT = 0x11,
    OP_RETURN_CALL = 0x12,
    OP_RETURN_CALL_INDIRECT = 0x13,
    OP_CALL_REF = 0x14,
    OP_RETURN_CALL_REF = 0x15,
    OP_DELEGATE = 0x18,
    OP_CATCH_ALL = 0x19,
    OP_DROP = 0x1a,
    OP_SELECT = 0x1b,
    OP_SELECT_TYPED = 0x1c,
    OP_TRY_TABLE = 0x1f,
    OP_LOCAL_GET = 0x20,
    OP_LOCAL_SET = 0x21,
    OP_LOCAL_TEE = 0x22,
    OP_GLOBAL_GET = 0x23,
    OP_GLOBAL_SET = 0x24,
    OP_TABLE_GET = 0x25,
    OP_TABLE_SET = 0x26,
    OP_I32_LOAD = 0x28,
    OP_I32_STORE = 0x36,
    OP_MEMORY_SIZE = 0x3f,
    OP_MEMORY_GROW = 0x40,
    OP_I32_CONST = 0x41,
    OP_I64_CONST = 0x42,
    OP_F32_CONST = 0x43,
    OP_F64_CONST = 0x44,
    OP_I32_LT_S = 0x48,
    OP_I32_LT_U = 0x49,
    OP_I32_GT_S = 0x4a,
    OP_I32_GT_U = 0x4b,
    OP_I64_LT_U = 0x54,
    OP_F32_NE = 0x5c,
    OP_F64_NE = 0x62,
    OP_I32_ADD = 0x6a,
    OP_I32_SUB = 0x6b,
    OP_I32_MUL = 0x6c,
    OP_I64_ADD = 0x7c,
    OP_I64_SUB = 0x7d,
    OP_I64_MUL = 0x7e,
    OP_I32_TRUNC_F32_S = 0xa8,
    OP_I32_TRUNC_F32_U = 0xa9,
    OP_I32_TRUNC_F64_S = 0xaa,
    OP_I32_TRUNC_F64_U = 0xab,
    OP_I64_TRUNC_F32_S = 0xae,
    OP_I64_TRUNC_F32_U = 0xaf,
    OP_I64_TRUNC_F64_S = 0xb0,
    OP_I64_TRUNC_F64_U = 0xb1,
    OP_REF_NULL = 0xd0,
    OP_REF_IS_NULL = 0xd1,
    OP_REF_FUNC = 0xd2,
    OP_REF_AS_NON_NULL = 0xd4,
    OP_BR_ON_NULL = 0xd5,
    OP_BR_ON_NON_NULL = 0xd6,
    OP_GC = 0xfb, /* This and the next three are prefixes: the number that follows selects the instruction. */
    OP_BULK = 0xfc,
    OP_SIMD = 0xfd,
    OP_ATOMIC = 0xfe
};

/* Instructions with the prefix OP_GC. */
enum {
    GC_STRUCT_NEW = 0,
    GC_STRUCT_NEW_DEFAULT = 1,
    GC_ARRAY_NEW = 6,
    GC_ARRAY_NEW_DEFAULT = 7,
    GC_ARRAY_NEW_FIXED = 8,
    GC_ARRAY_NEW_DATA = 9,
    GC_ARRAY_NEW_ELEM = 10,
    GC_REF_TEST = 20,
    GC_BR_ON_CAST = 24,
    GC_BR_ON_CAST_FAIL = 25,
    GC_ANY_CONVERT_EXTERN = 26,
    GC_EXTERN_CONVERT_ANY = 27,
    GC_REF_I31 = 28
};

/* Instructions with the prefix OP_SIMD. */
enum { SIMD_V128_CONST = 12 };

/* Forms of types. */
enum {
    TYPE_SUB = 0x50,
    TYPE_SUB_FINAL = 0x4f,
    TYPE_REC = 0x4e,
    TYPE_FUNC = 0x60,
    TYPE_STRUCT = 0x5f,
    TYPE_ARRAY = 0x5e
};

/* Value types, and the range of abstract heap types. */
enum {
    CODE_I32 = 0x7f,
    CODE_I64 = 0x7e,
    CODE_F32 = 0x7d,
    CODE_F64 = 0x7c,
    CODE_V128 = 0x7b,
    CODE_FUNCREF = 0x70,
    CODE_EXTERNREF = 0x6f,
    CODE_FIELD_I8 = 0x78,  /* For fields only. */
    CODE_FIELD_I16 = 0x77, /* For fields only. */
    CODE_LAST_HEAP = 0x74, /* The last abstract heap type. */
    CODE_ANYREF = 0x6e,
    CODE_EXNREF = 0x69, /* The first abstract heap type. */
    CODE_REF = 0x64,
    CODE_REF_NULL = 0x63
};

/* Instructions with the prefix OP_BULK. Those up to the first are conversions. */
enum {
    BULK_LAST_CONVERSION = 7,
    BULK_DATA_DROP = 9,
    BULK_TABLE_INIT = 12,
    BULK_ELEM_DROP = 13,
    BULK_TABLE_COPY = 14,
    BULK_TABLE_GROW = 15,
    BULK_TABLE_SIZE = 16,
    BULK_TABLE_FILL = 17
};

/* The type of a block without parameters and results. */
enum { BLOCK_EMPTY = 0x40 };

/* Kinds of imports and exports. */
enum { KIND_FUNC = 0, KIND_TABLE = 1, KIND_MEMORY = 2, KIND_GLOBAL = 3, KIND_TAG = 4 };

/* Flags of the limits of tables and memories. */
enum { LIMITS_MAX = 1, LIMITS_SHARED = 2, LIMITS_64 = 4, LIMITS_PAGE_SIZE = 8 };

/* Flags of element and data segments, and the last form of an element segment. */
enum { SEGMENT_NOT_ACTIVE = 1, SEGMENT_HAS_INDEX = 2, SEGMENT_EXPRESSIONS = 4, SEGMENT_LAST = 7 };

/* Subsections of the name section. */
enum { NAMES_OF_MODULE = 0, NAMES_OF_FUNCTIONS = 1 };

/* The first byte of a table that declares an initial value for its elements. */
enum { TABLE_WITH_VALUE = 0x40 };

#endif
