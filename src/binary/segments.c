/* Element segments, data segments, and the start function. */
#include "binary/expression.h"
#include "binary/sections.h"
#include "binary/types.h"

/* Only the constant expressions in segments are checked; the engine validates the rest. */
static void read_segments(wrl_reader_t *r, uint32_t most, const char *what, void (*read_entry)(wrl_reader_t *r))
{
    size_t start = r->offset;
    uint32_t count = wrl__read_count(r, 1);
    wrl__reader_check_most(r, start, count, most, what);
    for (; count && !r->error; count--) {
        read_entry(r);
    }
}

static void skip_index(wrl_reader_t *r)
{
    (void)wrl__read_u32(r);
}

static void read_element(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t flags = wrl__read_u32(r);
    if (!r->error && flags > SEGMENT_LAST) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "%lu is not a form of element segment", (unsigned long)flags);
        return;
    }
    if ((flags & (SEGMENT_NOT_ACTIVE | SEGMENT_HAS_INDEX)) == SEGMENT_HAS_INDEX) { /* The table. */
        (void)wrl__read_u32(r);
    }
    if (!(flags & SEGMENT_NOT_ACTIVE)) {
        wrl__skip_constant_expression(r);
    }
    start = r->offset;
    if (flags & SEGMENT_EXPRESSIONS) {
        if (flags & (SEGMENT_NOT_ACTIVE | SEGMENT_HAS_INDEX)) {
            (void)wrl__read_reftype(r);
        }
    } else if ((flags & (SEGMENT_NOT_ACTIVE | SEGMENT_HAS_INDEX)) && wrl__read_byte(r) != 0) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "an element segment of unknown kind");
    }
    read_segments(r, 10000000, "elements of a segment",
                  flags & SEGMENT_EXPRESSIONS ? wrl__skip_constant_expression : skip_index);
}

static void read_data(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t flags = wrl__read_u32(r);
    if (!r->error && flags > SEGMENT_HAS_INDEX) {
        wrl__reader_fail(r, WRL_ERROR_MALFORMED, start, "%lu is not a form of data segment", (unsigned long)flags);
        return;
    }
    if (flags == SEGMENT_HAS_INDEX) { /* The memory. */
        (void)wrl__read_u32(r);
    }
    if (flags != SEGMENT_NOT_ACTIVE) {
        wrl__skip_constant_expression(r);
    }
    (void)wrl__read_bytes(r, wrl__read_u32(r));
}

void wrl__read_elements(wrl_reader_t *r)
{
    read_segments(r, 10000000, "element segments", read_element);
}

void wrl__read_data(wrl_reader_t *r)
{
    read_segments(r, 100000, "data segments", read_data);
}

void wrl__read_start(wrl_reader_t *r)
{
    size_t start = r->offset;
    uint32_t index = wrl__read_u32(r);
    if (r->error) {
        return;
    }
    const wrl_items_t *funcs = &r->info->items[WRL_EXTERN_FUNC];
    if (index >= funcs->count) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "unknown function %lu", (unsigned long)index);
        return;
    }
    wrl_externtype_t type;
    wrl__module_info_item(r->info, WRL_EXTERN_FUNC, index, &type);
    if (type.of.func.param_count || type.of.func.result_count) {
        wrl__reader_fail(r, WRL_ERROR_INVALID, start, "the start function %lu has parameters or results",
                         (unsigned long)index);
    } else if (index < funcs->import_count) {
        r->info->start_import = funcs->imports[index];
        r->info->start_section = r->section;
    }
}
