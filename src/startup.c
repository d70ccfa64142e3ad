#include "startup.h"

#include "alloc.h"
#include "binary/format.h"
#include "binary/instruction.h"
#include "error.h"

/* The detours of compiled code that stores initial values: for each entry of a passive or active segment, and for each
 * segment of a memory. */
enum { PASSIVE_ENTRY = 1, ACTIVE_ENTRY = 2, DATA = 2 };

/* Engines make no image of a table with more elements than the first limit. They make no image of a memory that would
 * take at least as many bytes as the second, if half of it or more would be empty. */
#define MAX_TABLE_IMAGE (1u << 20)
#define MAX_SPARSE_IMAGE (16u << 20)
/* Bytes of an image for each element of a table. */
#define ELEMENT_SIZE 7

/* A table, and what is known of it before instantiation. */
typedef struct table {
    uint64_t size;
    uint64_t image;    /* The number of elements in its image. */
    bool takes_images; /* The module defines the table, and it holds functions. */
} table_t;

typedef struct memory {
    uint64_t least; /* The address where the lowest of its segments begins; `end` is where the highest ends. */
    uint64_t end;
    uint64_t data; /* The sum of the segments' sizes. */
    uint64_t size; /* The initial size of the memory; 0 if it cannot have an image. */
} memory_t;

typedef struct start {
    walk_t *walk;
    wrl_startup_t *told;
    table_t *tables;
    memory_t *memories;
    bool segments_run; /* A segment had to become code; so do all segments after it. */
} start_t;

/* ---- Constant expressions ---- */

/* The known value of a constant expression. */
typedef struct value {
    bool is_constant; /* It is a single constant. */
    bool is_func;     /* It is a single ref.func. */
    uint64_t number;
} value_t;

/* Returns the operand of an i32.const or i64.const as an unsigned number. */
static uint64_t number_of(const cursor_t *cursor, const wrl_instruction_t *instruction)
{
    cursor_t at = {cursor->bytes, instruction->at, cursor->end, false};
    uint64_t number = leb(&at);
    unsigned bits = 7 * (unsigned)(at.at - instruction->at);
    bool is_negative = at.at > 0 && bits < 64 && at.bytes[at.at - 1] & 0x40;
    number |= is_negative ? UINT64_MAX << bits : 0;
    return instruction->op == OP_I32_CONST ? (uint32_t)number : number;
}

static bool is_constant(const wrl_instruction_t *instruction)
{
    enum { V128_CONST = 12 };
    return (instruction->op >= OP_I32_CONST && instruction->op <= OP_F64_CONST) ||
           (instruction->op == OP_SIMD && instruction->code == V128_CONST);
}

/* Reports the known value of an expression, and moves the cursor past the expression. */
static value_t look(cursor_t *cursor)
{
    wrl_instruction_t first, second;
    value_t value = {false, false, 0};
    cursor_t at = *cursor;
    if (wrl__next_instruction(&at, &first) && wrl__next_instruction(&at, &second) && second.op == OP_END) {
        value.is_constant = is_constant(&first);
        value.is_func = first.op == OP_REF_FUNC;
        value.number = first.op == OP_I32_CONST || first.op == OP_I64_CONST ? number_of(&at, &first) : 0;
    }
    if (!wrl__skip_expression(cursor)) {
        cursor->failed = true;
    }
    return value;
}

/* Counts an expression that becomes code, with this many detours for the use of its value. Moves the cursor past it. */
static void run(start_t *s, cursor_t *cursor, uint32_t detours)
{
    size_t begin = cursor->at;
    if (!wrl__walk_expression(s->walk, cursor)) {
        cursor->failed = true;
        return;
    }
    wrl__walk_detour(s->walk, detours);
    s->told->size += cursor->at - begin;
    s->told->runs++;
}

/* ---- Globals and tables ---- */

static void globals(start_t *s, cursor_t *cursor)
{
    size_t index = s->walk->info->items[WRL_EXTERN_GLOBAL].import_count;
    for (uint32_t count = u32(cursor); count && !cursor->failed; count--) {
        wrl__skip_valtype(cursor);
        skip(cursor, 1);
        cursor_t expression = *cursor;
        if (!look(cursor).is_constant && !cursor->failed) {
            run(s, &expression, 0);
            wrl__walk_set_global(s->walk, (uint32_t)index);
        }
        index++;
    }
}

/* Counts the tables that declare an initial value: a function for each element, or another value. */
static void tables(start_t *s, cursor_t *cursor)
{
    const wrl_items_t *items = &s->walk->info->items[WRL_EXTERN_TABLE];
    size_t index = items->import_count;
    for (uint32_t count = u32(cursor); count && !cursor->failed && index < items->count; count--) {
        table_t *table = &s->tables[index++];
        bool has_value = cursor->at < cursor->end && cursor->bytes[cursor->at] == TABLE_WITH_VALUE;
        skip(cursor, has_value ? 2 : 0);
        wrl__skip_valtype(cursor);
        wrl__skip_limits(cursor);
        if (!has_value) {
            continue;
        }
        cursor_t expression = *cursor;
        if (look(cursor).is_func && table->size <= MAX_TABLE_IMAGE) {
            table->image = table->size;
        } else if (!cursor->failed) {
            table->takes_images = false;
            run(s, &expression, ACTIVE_ENTRY);
        }
    }
}

/* ---- Element segments ---- */

enum { NOT_ACTIVE = 1, EXPLICIT = 2, EXPRESSIONS = 4 };

/* Adds a segment to the image of its table. Returns false if the segment cannot be a part of an image. */
static bool add_to_image(start_t *s, uint32_t index, value_t offset, uint64_t count)
{
    if (index >= s->walk->info->items[WRL_EXTERN_TABLE].count || !offset.is_constant) {
        return false;
    }
    table_t *table = &s->tables[index];
    uint64_t end = offset.number + count;
    if (!table->takes_images || end < count || end > table->size || end > MAX_TABLE_IMAGE) {
        return false;
    }
    table->image = end > table->image ? end : table->image;
    return true;
}

static void functions(start_t *s, cursor_t *cursor, uint32_t count, uint32_t detours)
{
    size_t begin = cursor->at;
    for (; count && !cursor->failed; count--) {
        leb(cursor);
        wrl__walk_detour(s->walk, detours);
    }
    s->told->size += detours ? cursor->at - begin : 0;
}

static void expressions(start_t *s, cursor_t *cursor, uint32_t count, uint32_t detours)
{
    for (; count && !cursor->failed; count--) {
        if (detours) {
            run(s, cursor, detours);
        } else {
            (void)look(cursor);
        }
    }
}

static void element(start_t *s, cursor_t *cursor)
{
    unsigned flags = u32(cursor);
    bool is_active = !(flags & NOT_ACTIVE), has_expressions = flags & EXPRESSIONS;
    uint32_t detours = is_active ? ACTIVE_ENTRY : flags & EXPLICIT ? 0 : PASSIVE_ENTRY;
    uint32_t table = is_active && flags & EXPLICIT ? u32(cursor) : 0;
    cursor_t expression = *cursor;
    value_t offset = {false, false, 0};
    if (is_active) {
        offset = look(cursor);
    }
    if (flags & (NOT_ACTIVE | EXPLICIT)) {
        wrl__skip_valtype(cursor); /* Or the kind of its elements, which is a byte as well. */
    }
    uint32_t count = u32(cursor);
    wrl__walk_detour(s->walk, detours == PASSIVE_ENTRY);
    if (is_active && !cursor->failed) {
        s->segments_run = s->segments_run || has_expressions || !add_to_image(s, table, offset, count);
        if (s->segments_run) {
            run(s, &expression, ACTIVE_ENTRY);
        } else {
            detours = 0;
        }
    }
    if (has_expressions) {
        expressions(s, cursor, count, detours);
    } else {
        functions(s, cursor, count, detours);
    }
}

static void elements(start_t *s, cursor_t *cursor)
{
    for (uint32_t count = u32(cursor); count && !cursor->failed && !s->walk->error; count--) {
        element(s, cursor);
    }
}

/* ---- Data segments ---- */

/* Records a segment for the image of its memory. Returns false if the segment cannot be a part of an image. */
static bool note_data(start_t *s, uint32_t index, value_t offset, uint64_t size)
{
    const wrl_items_t *items = &s->walk->info->items[WRL_EXTERN_MEMORY];
    if (index < items->import_count || index >= items->count || !offset.is_constant || offset.number + size < size) {
        return false;
    }
    memory_t *memory = &s->memories[index];
    uint64_t end = offset.number + size;
    if (!memory->size || end > memory->size) {
        return false;
    }
    if (size) {
        memory->least = memory->data && memory->least < offset.number ? memory->least : offset.number;
        memory->end = end > memory->end ? end : memory->end;
        memory->data += size;
    }
    return true;
}

/* Records the segments for images or, if their offsets become code, counts that code. Returns false if they cannot all
 * be parts of images. */
static bool segments(start_t *s, cursor_t *cursor, bool become_code)
{
    bool can_be_images = true;
    for (uint32_t count = u32(cursor); count && !cursor->failed && !s->walk->error; count--) {
        unsigned flags = u32(cursor);
        uint32_t memory = flags & EXPLICIT ? u32(cursor) : 0;
        value_t offset = {false, false, 0};
        if (!(flags & NOT_ACTIVE) && become_code) {
            run(s, cursor, DATA);
        } else if (!(flags & NOT_ACTIVE)) {
            offset = look(cursor);
        }
        uint32_t size = u32(cursor);
        skip(cursor, size);
        if (!(flags & NOT_ACTIVE) && !cursor->failed && !become_code) {
            can_be_images = note_data(s, memory, offset, size) && can_be_images;
        }
    }
    return can_be_images;
}

/* Adds up the sizes of the images of memories. Returns false if an image would be large and hold little. */
static bool add_images(const start_t *s, uint64_t *images)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < s->walk->info->items[WRL_EXTERN_MEMORY].count; i++) {
        uint64_t size = s->memories[i].end - s->memories[i].least;
        if (size >= MAX_SPARSE_IMAGE && size / 2 >= s->memories[i].data) {
            return false;
        }
        sum += size;
    }
    *images += sum;
    return true;
}

static void data(start_t *s, cursor_t *cursor)
{
    cursor_t again = *cursor;
    bool are_images = segments(s, cursor, false) && add_images(s, &s->told->images);
    if (!cursor->failed && !are_images) {
        (void)segments(s, &again, true);
    }
}

/* ---- The whole module ---- */

/* Returns the initial size of a memory; 0 if its pages are too small for an image, or if the size overflows. */
static uint64_t size_of(const wrl_memorytype_t *type)
{
    enum { LEAST_PAGE = 16 };
    unsigned bits = type->page_size_log2;
    return bits < LEAST_PAGE || type->min > UINT64_MAX >> bits ? 0 : type->min << bits;
}

/* Makes the records of tables and memories, by index. Returns false if memory runs out. */
static bool make_records(start_t *s)
{
    const wrl_module_info_t *info = s->walk->info;
    const wrl_items_t *items = &info->items[WRL_EXTERN_TABLE];
    size_t memories = info->items[WRL_EXTERN_MEMORY].count;
    s->tables = (table_t *)wrl__alloc_array(items->count, sizeof *s->tables);
    s->memories = (memory_t *)wrl__alloc_array(memories, sizeof *s->memories);
    if (!s->tables || !s->memories) {
        return false;
    }
    for (size_t i = 0; i < items->count; i++) {
        wrl_externtype_t type;
        wrl__module_info_item(info, WRL_EXTERN_TABLE, i, &type);
        s->tables[i] =
            (table_t){type.of.table.min, 0,
                      i >= items->import_count && wrl_valtype_value_kind(type.of.table.element) == WRL_VALKIND_FUNCREF};
    }
    for (size_t i = 0; i < memories; i++) {
        wrl_externtype_t type;
        wrl__module_info_item(info, WRL_EXTERN_MEMORY, i, &type);
        s->memories[i].size = size_of(&type.of.memory);
    }
    return true;
}

static void visit(start_t *s, unsigned section, cursor_t cursor)
{
    switch (section) {
    case SECTION_TABLE:
        tables(s, &cursor);
        break;
    case SECTION_GLOBAL:
        globals(s, &cursor);
        break;
    case SECTION_ELEMENT:
        elements(s, &cursor);
        break;
    case SECTION_DATA:
        data(s, &cursor);
        break;
    default:
        break;
    }
}

void wrl__walk_startup(walk_t *w, const uint8_t *bytes, wrl_startup_t *startup)
{
    start_t s = {.walk = w, .told = startup};
    *startup = (wrl_startup_t){0, 0, 0};
    if (!make_records(&s)) {
        w->error = w->error ? w->error : wrl__error_out_of_memory();
    }
    for (size_t i = 0; i < w->info->section_count && !w->error; i++) {
        const wrl_section_record_t *section = &w->info->sections[i];
        if (section->name_size == WRL_NOT_CUSTOM) {
            visit(&s, section->name,
                  (cursor_t){bytes, section->offset, (size_t)section->offset + section->size, false});
        }
    }
    for (size_t i = 0; s.tables && i < w->info->items[WRL_EXTERN_TABLE].count; i++) {
        startup->images += ELEMENT_SIZE * s.tables[i].image;
    }
    wrl__free(s.tables);
    wrl__free(s.memories);
}
