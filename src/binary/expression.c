/* Constant expressions. Only their end matters here. */
#include "binary/expression.h"

#include "binary/format.h"
#include "binary/types.h"

static void skip_gc_constant(wrl_reader_t *r, size_t start)
{
    uint32_t code = wrl__read_u32(r);
    switch (code) {
    case GC_STRUCT_NEW:
    case GC_STRUCT_NEW_DEFAULT:
    case GC_ARRAY_NEW:
    case GC_ARRAY_NEW_DEFAULT:
        (void)wrl__read_u32(r);
        break;
    case GC_ARRAY_NEW_FIXED:
        (void)wrl__read_u32(r);
        start = r->offset;
        wrl__reader_check_most(r, start, wrl__read_u32(r), 10000, "operands of array.new_fixed");
        break;
    case GC_ANY_CONVERT_EXTERN:
    case GC_EXTERN_CONVERT_ANY:
    case GC_REF_I31:
        break;
    default:
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0xfb %lu",
                         (unsigned long)code);
    }
}

static void skip_vector_constant(wrl_reader_t *r, size_t start)
{
    uint32_t code = wrl__read_u32(r);
    if (!r->error && code != SIMD_V128_CONST) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0xfd %lu",
                         (unsigned long)code);
    }
    (void)wrl__read_bytes(r, 16);
}

/* Skips one instruction. Returns false at the end of the expression, and after an error. */
static bool skip_constant_instruction(wrl_reader_t *r, uint32_t *arithmetic)
{
    size_t start = r->offset;
    uint8_t code = wrl__read_byte(r);
    switch (code) {
    case OP_END:
        return false;
    case OP_GLOBAL_GET:
    case OP_REF_FUNC:
        (void)wrl__read_u32(r);
        break;
    case OP_I32_CONST:
        (void)wrl__read_signed(r, 32);
        break;
    case OP_I64_CONST:
        (void)wrl__read_signed(r, 64);
        break;
    case OP_F32_CONST:
        (void)wrl__read_bytes(r, 4);
        break;
    case OP_F64_CONST:
        (void)wrl__read_bytes(r, 8);
        break;
    case OP_I32_ADD:
    case OP_I32_SUB:
    case OP_I32_MUL:
    case OP_I64_ADD:
    case OP_I64_SUB:
    case OP_I64_MUL:
        ++*arithmetic;
        break;
    case OP_REF_NULL:
        (void)wrl__read_heap(r);
        break;
    case OP_GC:
        skip_gc_constant(r, start);
        break;
    case OP_SIMD:
        skip_vector_constant(r, start);
        break;
    default:
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "a constant expression holds the instruction 0x%02x", code);
    }
    return !r->error;
}

/*
 * Engines evaluate and release such expressions recursively, one level for each operation, however little stack the
 * thread has. An engine that needs 48 bytes a level needs 12 KiB for this many. Compilers emit one or two operations.
 */
#define MAX_CONSTANT_ARITHMETIC 256

void wrl__skip_constant_expression(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t arithmetic = 0;
    while (skip_constant_instruction(r, &arithmetic)) {
        if (arithmetic > MAX_CONSTANT_ARITHMETIC) {
            wrl__reader_fail(r, WRL_ERROR_RESOURCE_LIMIT, start, "a constant expression of more than %d operations",
                             MAX_CONSTANT_ARITHMETIC);
            return;
        }
    }
}
