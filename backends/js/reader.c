/*
 * Reading a guest's module for what the JS API does not tell: types, where the functions' bodies lie, names. The core's
 * reader has accepted the module before, but the engine has not: every read is checked, and nothing may take more time
 * than the module is long.
 */
#include "backend.h"
#include "binary/cursor.h"
#include "binary/format.h"

#include <string.h>

/* ---- Types (core specification 5.3) ---- */

enum {
    TYPE_REC = 0x4e,
    TYPE_SUB = 0x50,
    TYPE_SUB_FINAL = 0x4f,
    TYPE_FUNC = 0x60,
    TYPE_STRUCT = 0x5f,
    TYPE_ARRAY = 0x5e
};

static void skip_field(cursor_t *cursor)
{
    skip_valtype(cursor);
    byte(cursor);
}

static void skip_valtypes(cursor_t *cursor)
{
    for (uint32_t count = u32(cursor); count > 0 && !cursor->failed; count--) {
        skip_valtype(cursor);
    }
}

/* One subtype; returns what js_module_t::type_at has of it. `plain`: it is final, and no subtype. */
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
        return JS_TYPE_ARRAY;
    default:
        cursor->failed = true;
    }
    return JS_TYPE_STRUCT;
}

/* Goes over the groups of types; with `type_at`, notes where each type begins. Returns how many there are. */
static uint32_t walk_types(js_module_t *module, uint32_t *type_at)
{
    cursor_t cursor = {module->types->bytes, 0, module->types->size, false};
    uint32_t index = 0;
    for (uint32_t groups = module->group_count; groups > 0 && !cursor.failed; groups--) {
        uint32_t members = 1;
        if (cursor.at < cursor.end && cursor.bytes[cursor.at] == TYPE_REC) {
            byte(&cursor);
            members = u32(&cursor);
        }
        bool alone = members == 1, plain;
        for (; members > 0 && !cursor.failed; members--, index++) {
            uint32_t at = read_subtype(&cursor, &plain);
            module->has_distinct_types |= at < JS_TYPE_ARRAY && !(alone && plain);
            if (type_at) {
                type_at[index] = at;
            }
        }
    }
    return index;
}

static bool read_types(js_module_t *module, const section_t *section)
{
    const wrl_core_t *core = module->core;
    cursor_t cursor = section->body;
    module->group_count = u32(&cursor);
    size_t size = cursor.end - cursor.at;
    module->types = (js_types_t *)core->alloc(sizeof *module->types + size);
    if (!module->types) {
        return false;
    }
    module->types->users = 1;
    module->types->size = (uint32_t)size;
    memcpy(module->types->bytes, cursor.bytes + cursor.at, size);
    module->type_count = walk_types(module, NULL);
    module->type_at = (uint32_t *)core->alloc((module->type_count + 1) * sizeof(uint32_t));
    if (module->type_at) {
        walk_types(module, module->type_at);
    }
    return module->type_at != NULL;
}

/* A signed number of 33 bits, of which the callers need 32. An engine takes five bytes at the most. */
static int32_t s33(cursor_t *cursor)
{
    size_t start = cursor->at;
    uint64_t value = leb(cursor);
    size_t bits = 7 * (cursor->at - start);
    bool is_negative = !cursor->failed && (cursor->bytes[cursor->at - 1] & 0x40);
    return (int32_t)(is_negative && bits < 64 ? value | UINT64_MAX << bits : value);
}

static bool read_valtypes(const js_module_t *module, cursor_t *cursor, wrl_valtype_t *types, size_t *count)
{
    *count = u32(cursor);
    if (*count > WRL_MAX_PARAMS) {
        return false;
    }
    for (size_t i = 0; i < *count && !cursor->failed; i++) {
        wrl_valtype_t type = {WRL_VALKIND_REF, 0, 0, 0};
        unsigned code = byte(cursor);
        switch (code) {
        case 0x7f:
            type.kind = WRL_VALKIND_I32;
            break;
        case 0x7e:
            type.kind = WRL_VALKIND_I64;
            break;
        case 0x7d:
            type.kind = WRL_VALKIND_F32;
            break;
        case 0x7c:
            type.kind = WRL_VALKIND_F64;
            break;
        case 0x7b:
            type.kind = WRL_VALKIND_V128;
            break;
        case 0x70:
            type.kind = WRL_VALKIND_FUNCREF;
            break;
        case 0x6f:
            type.kind = WRL_VALKIND_EXTERNREF;
            break;
        case 0x63:
        case 0x64: {
            type.flags = code == 0x63 ? WRL_VALTYPE_NULLABLE : 0;
            type.heap = s33(cursor);
            if (code == 0x63 && (type.heap == -0x10 || type.heap == -0x11)) {
                type = (wrl_valtype_t){type.heap == -0x10 ? WRL_VALKIND_FUNCREF : WRL_VALKIND_EXTERNREF, 0, 0, 0};
            } else if ((uint32_t)type.heap < module->type_count && module->type_at[type.heap] < JS_TYPE_ARRAY) {
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

bool js_func_type_of(const js_module_t *module, uint32_t func, wrl_valtype_t *types, size_t *param_count,
                     size_t *result_count)
{
    if (func >= module->func_count || module->func_type[func] >= module->type_count) {
        return false;
    }
    uint32_t at = module->type_at[module->func_type[func]];
    if (at >= JS_TYPE_ARRAY) {
        return false;
    }
    cursor_t cursor = {module->types->bytes, at, module->types->size, false};
    return read_valtypes(module, &cursor, types, param_count) &&
           read_valtypes(module, &cursor, types + *param_count, result_count);
}

uint32_t js_param_count(const js_module_t *module, uint32_t func)
{
    cursor_t cursor = {module->types->bytes, module->type_at[module->func_type[func]], module->types->size, false};
    return u32(&cursor);
}

/* ---- Imports and functions ---- */

/* One import; returns its kind, and for a function its type's index. */
static unsigned read_import(js_module_t *module, cursor_t *cursor, js_import_name_t *name, uint32_t *type)
{
    read_name(cursor, &name->module, &name->module_size);
    read_name(cursor, &name->name, &name->name_size);
    unsigned kind = byte(cursor);
    switch (kind) {
    case KIND_FUNC:
        *type = u32(cursor);
        break;
    case KIND_TABLE:
        module->table_import_count++;
        skip_valtype(cursor);
        skip_limits(cursor);
        break;
    case KIND_MEMORY:
        module->has_shared_memory |= (skip_limits(cursor) & LIMITS_SHARED) != 0;
        break;
    case KIND_GLOBAL:
        skip_valtype(cursor);
        byte(cursor);
        break;
    case KIND_TAG:
        byte(cursor);
        leb(cursor);
        break;
    default:
        cursor->failed = true;
    }
    return kind;
}

static bool read_functions(js_module_t *module, cursor_t imports, cursor_t functions)
{
    module->import_count = imports.at < imports.end ? u32(&imports) : 0;
    uint32_t defined = functions.at < functions.end ? u32(&functions) : 0;
    if (module->import_count > imports.end - imports.at || defined > functions.end - functions.at) {
        return true; /* Not sound, and so not reached. */
    }
    const wrl_core_t *core = module->core;
    size_t size = imports.end - imports.at;
    module->imports = (uint8_t *)core->alloc(size + 1);
    module->import_names =
        (js_import_name_t *)core->alloc(((size_t)module->import_count + 1) * sizeof(js_import_name_t));
    module->func_type = (uint32_t *)core->alloc(((size_t)module->import_count + defined + 1) * sizeof(uint32_t));
    module->bodies = (js_range_t *)core->alloc(((size_t)defined + 1) * sizeof(js_range_t));
    if (!module->imports || !module->import_names || !module->func_type || !module->bodies) {
        return false;
    }
    if (size) {
        memcpy(module->imports, imports.bytes + imports.at, size);
    }
    imports = (cursor_t){module->imports, 0, size, false};
    for (uint32_t i = 0; i < module->import_count && !imports.failed; i++) {
        uint32_t type = 0;
        if (read_import(module, &imports, &module->import_names[i], &type) == KIND_FUNC) {
            module->func_type[module->func_count++] = type;
        }
    }
    module->func_import_count = module->func_count;
    for (uint32_t i = 0; i < defined && !functions.failed; i++) {
        module->func_type[module->func_count++] = u32(&functions);
    }
    return true;
}

static void read_memories(js_module_t *module, cursor_t cursor)
{
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        module->has_shared_memory |= (skip_limits(&cursor) & LIMITS_SHARED) != 0;
    }
}

/* ---- Segments of elements (core specification 5.5.12) ---- */

/* The tables are gone over anew for each segment, so that no more of them are looked at. */
enum { MOST_TABLES = 64 };

/* What size a table of the module's own begins with: false if that is not found. */
static bool read_table_size(cursor_t tables, uint32_t index, uint64_t *size)
{
    uint32_t count = tables.at < tables.end ? u32(&tables) : 0;
    if (index >= count || index >= MOST_TABLES) {
        return false;
    }
    for (uint32_t i = 0; i <= index && !tables.failed; i++) {
        if (tables.at < tables.end && tables.bytes[tables.at] == TABLE_WITH_VALUE) {
            return false;
        }
        skip_valtype(&tables);
        if (i < index) {
            skip_limits(&tables);
        }
    }
    byte(&tables);
    *size = leb(&tables);
    return !tables.failed;
}

/* A constant of an offset; false for other expressions, of which the end is not found. */
static bool read_offset(cursor_t *cursor, uint64_t *offset)
{
    unsigned op = byte(cursor);
    if (op != OP_I32_CONST && op != OP_I64_CONST) {
        return false;
    }
    *offset = leb(cursor);
    if (!cursor->failed && (cursor->bytes[cursor->at - 1] & 0x40)) {
        *offset = UINT32_MAX; /* Negative, which no table reaches when it is taken for unsigned. */
    }
    return byte(cursor) == OP_END;
}

/* The elements of a segment; false if they are expressions of which the end is not found. */
static bool skip_elements(cursor_t *cursor, uint32_t count, bool expressions)
{
    for (; count > 0 && !cursor->failed; count--) {
        unsigned op = expressions ? byte(cursor) : OP_REF_FUNC;
        if (op != OP_REF_FUNC && op != OP_REF_NULL && op != OP_GLOBAL_GET) {
            return false;
        }
        leb(cursor);
        if (expressions && byte(cursor) != OP_END) {
            return false;
        }
    }
    return true;
}

static js_reach_t read_elements(const js_module_t *module, cursor_t tables, cursor_t cursor)
{
    enum { NOT_ACTIVE = 1, HAS_TABLE = 2, EXPRESSIONS = 4 };
    js_reach_t reach = JS_REACH_WITHIN;
    uint32_t count = cursor.at < cursor.end ? u32(&cursor) : 0;
    for (; count > 0 && !cursor.failed; count--) {
        uint32_t flags = u32(&cursor), table = 0;
        bool is_active = !(flags & NOT_ACTIVE);
        uint64_t offset = 0, size = 0;
        if (is_active && (flags & HAS_TABLE)) {
            table = u32(&cursor);
        }
        if (is_active && !read_offset(&cursor, &offset)) {
            return JS_REACH_UNKNOWN;
        }
        if (flags & (NOT_ACTIVE | HAS_TABLE)) {
            skip_valtype(&cursor); /* Or the kind of the elements, which is as long. */
        }
        uint32_t elements = u32(&cursor);
        bool is_own = is_active && table >= module->table_import_count &&
                      read_table_size(tables, table - module->table_import_count, &size);
        if (is_own && offset + elements > size) {
            return JS_REACH_BEYOND;
        }
        if (is_active && !is_own) {
            reach = JS_REACH_UNKNOWN;
        }
        if (!skip_elements(&cursor, elements, flags & EXPRESSIONS)) {
            return JS_REACH_UNKNOWN;
        }
    }
    return cursor.failed ? JS_REACH_UNKNOWN : reach;
}

/* ---- Code ---- */

static bool read_code(js_module_t *module, cursor_t cursor, bool keep)
{
    size_t start = cursor.at, size = cursor.end - cursor.at;
    uint32_t count = u32(&cursor);
    for (uint32_t i = 0; i < count && i < module->func_count - module->func_import_count && !cursor.failed; i++) {
        size_t body = u32(&cursor);
        module->bodies[i].start = (uint32_t)cursor.at;
        skip(&cursor, body);
        module->bodies[i].end = (uint32_t)cursor.at;
    }
    if (!keep) {
        return true;
    }
    module->code = (uint8_t *)module->core->alloc(size ? size : 1);
    if (!module->code) {
        return false;
    }
    memcpy(module->code, cursor.bytes + start, size);
    module->code_start = (uint32_t)start;
    module->code_size = (uint32_t)size;
    return true;
}

/* ---- Names (core specification, appendix "Name Section") ---- */

/* Whether a custom section is one of names; the cursor stands before its payload, then. */
static bool is_names(cursor_t *cursor)
{
    static const char name[] = "name";
    size_t size = u32(cursor);
    if (size != sizeof name - 1 || size > cursor->end - cursor->at ||
        memcmp(cursor->bytes + cursor->at, name, size) != 0) {
        return false;
    }
    cursor->at += size;
    return true;
}

static bool keep_names(js_module_t *module, cursor_t cursor)
{
    if (module->names || !is_names(&cursor)) {
        return true;
    }
    size_t rest = cursor.end - cursor.at;
    module->names = (uint8_t *)module->core->alloc(rest ? rest : 1);
    if (!module->names) {
        return false;
    }
    memcpy(module->names, cursor.bytes + cursor.at, rest);
    module->names_size = (uint32_t)rest;
    return true;
}

size_t js_cut_names(const uint8_t *bytes, size_t size, bool *has_more)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    size_t end = 0;
    *has_more = false;
    while (next_section(&cursor, &section)) {
        if (section.id != SECTION_CUSTOM) {
            *has_more = *has_more || end;
            end = 0;
        } else if (!end && is_names(&section.body)) {
            end = section.header;
        }
    }
    return end ? end : size;
}

void js_blot_names(uint8_t *bytes, size_t size)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    section_t section;
    while (next_section(&cursor, &section)) {
        if (section.id == SECTION_CUSTOM && is_names(&section.body)) {
            bytes[section.body.at - 1] = '-';
        }
    }
}

static bool find_names(const js_module_t *module, unsigned id, cursor_t *body)
{
    cursor_t cursor = {module->names, 0, module->names_size, false};
    section_t part;
    while (module->names && next_section(&cursor, &part)) {
        if (part.id == id) {
            *body = part.body;
            return true;
        }
    }
    return false;
}

bool js_name_of(const js_module_t *module, int64_t func, const char **name, size_t *size)
{
    cursor_t cursor;
    if (func < 0) {
        return find_names(module, NAMES_OF_MODULE, &cursor) && read_name(&cursor, name, size);
    }
    if (!find_names(module, NAMES_OF_FUNCTIONS, &cursor)) {
        return false;
    }
    for (uint32_t count = u32(&cursor); count > 0; count--) {
        uint32_t index = u32(&cursor);
        if (!read_name(&cursor, name, size)) {
            return false;
        }
        if (index == func) {
            return true;
        }
    }
    return false;
}

/* ---- The whole ---- */

/* Sections that are read when others have been. */
typedef struct later {
    cursor_t imports;
    cursor_t functions;
    cursor_t tables;
    cursor_t elements;
} later_t;

static bool read_section(js_module_t *module, const section_t *section, later_t *later, bool keep_code)
{
    switch (section->id) {
    case SECTION_TYPE:
        return read_types(module, section);
    case SECTION_IMPORT:
        later->imports = section->body;
        return true;
    case SECTION_FUNCTION:
        later->functions = section->body;
        return true;
    case SECTION_TABLE:
        later->tables = section->body;
        return true;
    case SECTION_MEMORY:
        read_memories(module, section->body);
        return true;
    case SECTION_ELEMENT:
        module->has_elements = true;
        later->elements = section->body;
        return true;
    case SECTION_DATA:
        module->has_data = true;
        return true;
    case SECTION_CODE:
        return read_functions(module, later->imports, later->functions) && read_code(module, section->body, keep_code);
    case SECTION_CUSTOM:
        return keep_names(module, section->body);
    default:
        return true;
    }
}

bool js_read(js_module_t *module, const uint8_t *bytes, size_t size, bool keep_code)
{
    cursor_t cursor = {bytes, HEADER_SIZE, size, false};
    const cursor_t nothing = {bytes, 0, 0, false};
    later_t later = {nothing, nothing, nothing, nothing};
    section_t section;
    while (next_section(&cursor, &section)) {
        if (!read_section(module, &section, &later, keep_code)) {
            return false;
        }
    }
    /* A module without code may have imports all the same. */
    if (!module->imports && !read_functions(module, later.imports, later.functions)) {
        return false;
    }
    module->element_reach = read_elements(module, later.tables, later.elements);
    return true;
}

void js_leave_types(const wrl_core_t *core, js_types_t *types)
{
    if (types && --types->users == 0) {
        core->free(types);
    }
}

void js_forget(js_module_t *module)
{
    js_leave_types(module->core, module->types);
    module->core->free(module->type_at);
    module->core->free(module->func_type);
    module->core->free(module->imports);
    module->core->free(module->import_names);
    module->core->free(module->bodies);
    module->core->free(module->code);
    module->core->free(module->runs);
    module->core->free(module->names);
}

/* ---- The start function ----
 * While the engine runs it, there is no instance yet whose exports a host function could be given. So it is made an
 * export, and called when the instance is there.
 */

/* How long the longest name of an export is. */
static size_t longest_name(cursor_t cursor)
{
    size_t longest = 0;
    for (uint32_t count = u32(&cursor); count > 0 && !cursor.failed; count--) {
        const char *name;
        size_t size;
        if (read_name(&cursor, &name, &size) && size > longest) {
            longest = size;
        }
        byte(&cursor);
        u32(&cursor);
    }
    return longest;
}

/* The exports with one more, under a name that is longer than all others. */
static void put_exports(js_module_t *module, const section_t *section, js_bytes_t *out)
{
    size_t longest = section ? longest_name(section->body) : 0;
    js_put(out, SECTION_EXPORT);
    size_t size = js_begin(out);
    if (section) {
        cursor_t exports = section->body;
        js_put_u32(out, u32(&exports) + 1);
        js_put_all(out, exports.bytes + exports.at, exports.end - exports.at);
    } else {
        js_put_u32(out, 1);
    }
    module->start_name_size = (uint32_t)longest + 1;
    js_put_u32(out, module->start_name_size);
    for (uint32_t i = 0; i < module->start_name_size; i++) {
        js_put(out, '*');
    }
    js_put(out, 0);
    js_put_u32(out, module->start);
    js_end(out, size);
}

void js_rewrite_start(js_module_t *module, const uint8_t *bytes, size_t size, js_bytes_t *out)
{
    section_t start, exports;
    if (!find_section(bytes, size, SECTION_START, &start)) {
        return;
    }
    bool has_exports = find_section(bytes, size, SECTION_EXPORT, &exports);
    size_t start_end = start.body.end;
    module->start = u32(&start.body);
    module->has_start = true;
    js_put_all(out, bytes, has_exports ? exports.header : start.header);
    put_exports(module, has_exports ? &exports : NULL, out);
    if (has_exports) {
        js_put_all(out, bytes + exports.body.end, start.header - exports.body.end);
    }
    js_put_all(out, bytes + start_end, size - start_end);
    module->shift = (int64_t)size - (int64_t)out->size;
}
