/* Finds the positions of types, and reads function types (core specification 5.3). */
#include "binary/format.h"
#include "binary/scan.h"

static void skip_field(cursor_t *cursor)
{
    wrl__skip_valtype(cursor);
    byte(cursor);
}

static void skip_valtypes(cursor_t *cursor)
{
    for (uint32_t count = u32(cursor); count > 0 && !cursor->failed; count--) {
        wrl__skip_valtype(cursor);
    }
}

/* Reads one `subtype` of the specification's grammar. Returns its value for wrl_scan_types_t::at. Sets *plain to
 * whether the type is final and has no supertype. */
static uint32_t read_subtype(cursor_t *cursor, bool *plain)
{
    unsigned form = byte(cursor);
    *plain = form != TYPE_SUB;
    if (form == TYPE_SUB || form == TYPE_SUB_FINAL) {
        for (uint32_t count = u32(cursor); count > 0 && !cursor->failed; count--) {
            leb(cursor);
            *plain = false;
        }
        form = byte(cursor);
    }
    uint32_t at = (uint32_t)cursor->at;
    switch (form) {
    case TYPE_FUNC:
        skip_valtypes(cursor);
        skip_valtypes(cursor);
        return at;
    case TYPE_STRUCT:
        for (uint32_t count = u32(cursor); count > 0 && !cursor->failed; count--) {
            skip_field(cursor);
        }
        break;
    case TYPE_ARRAY:
        skip_field(cursor);
        return WRL_SCAN_ARRAY;
    default:
        cursor->failed = true;
    }
    return WRL_SCAN_STRUCT;
}

uint32_t wrl__scan_types(const uint8_t *bytes, size_t size, uint32_t groups, uint32_t *at, bool *has_distinct)
{
    cursor_t cursor = {bytes, 0, size, false};
    uint32_t index = 0;
    for (; groups > 0 && !cursor.failed; groups--) {
        uint32_t members = 1;
        if (cursor.at < cursor.end && cursor.bytes[cursor.at] == TYPE_REC) {
            byte(&cursor);
            members = u32(&cursor);
        }
        bool alone = members == 1, plain;
        for (; members > 0 && !cursor.failed; members--, index++) {
            uint32_t place = read_subtype(&cursor, &plain);
            *has_distinct |= place < WRL_SCAN_ARRAY && !(alone && plain);
            if (at) {
                at[index] = place;
            }
        }
    }
    return index;
}

/* Reads a signed number of 33 bits, of which the callers need 32. Engines accept at most five bytes. */
static int32_t s33(cursor_t *cursor)
{
    size_t start = cursor->at;
    uint64_t value = leb(cursor);
    size_t bits = 7 * (cursor->at - start);
    bool is_negative = !cursor->failed && (cursor->bytes[cursor->at - 1] & 0x40);
    return (int32_t)(is_negative && bits < 64 ? value | UINT64_MAX << bits : value);
}

static bool read_valtypes(const wrl_scan_types_t *all, cursor_t *cursor, wrl_valtype_t *types, size_t *count)
{
    *count = u32(cursor);
    if (*count > WRL_MAX_PARAMS) {
        return false;
    }
    for (size_t i = 0; i < *count && !cursor->failed; i++) {
        wrl_valtype_t type = {WRL_VALKIND_REF, 0, 0, 0};
        unsigned code = byte(cursor);
        switch (code) {
        case CODE_I32:
            type.kind = WRL_VALKIND_I32;
            break;
        case CODE_I64:
            type.kind = WRL_VALKIND_I64;
            break;
        case CODE_F32:
            type.kind = WRL_VALKIND_F32;
            break;
        case CODE_F64:
            type.kind = WRL_VALKIND_F64;
            break;
        case CODE_V128:
            type.kind = WRL_VALKIND_V128;
            break;
        case CODE_FUNCREF:
            type.kind = WRL_VALKIND_FUNCREF;
            break;
        case CODE_EXTERNREF:
            type.kind = WRL_VALKIND_EXTERNREF;
            break;
        case CODE_REF_NULL:
        case CODE_REF: {
            type.flags = code == CODE_REF_NULL ? WRL_VALTYPE_NULLABLE : 0;
            type.heap = s33(cursor);
            if (code == CODE_REF_NULL && (type.heap == WRL_HEAP_FUNC || type.heap == WRL_HEAP_EXTERN)) {
                type =
                    (wrl_valtype_t){type.heap == WRL_HEAP_FUNC ? WRL_VALKIND_FUNCREF : WRL_VALKIND_EXTERNREF, 0, 0, 0};
            } else if ((uint32_t)type.heap < all->count && all->at[type.heap] < WRL_SCAN_ARRAY) {
                type.flags |= WRL_VALTYPE_FUNC;
            }
            break;
        }
        default:
            type.flags = WRL_VALTYPE_NULLABLE;
            type.heap = (int32_t)code - 0x80;
        }
        types[i] = type;
    }
    return !cursor->failed;
}

bool wrl__scan_functype(const wrl_scan_types_t *all, uint32_t index, wrl_valtype_t *types, size_t *param_count,
                        size_t *result_count)
{
    if (index >= all->count || all->at[index] >= WRL_SCAN_ARRAY) {
        return false;
    }
    cursor_t cursor = {all->bytes, all->at[index], all->size, false};
    return read_valtypes(all, &cursor, types, param_count) &&
           read_valtypes(all, &cursor, types + *param_count, result_count);
}
