#include "module.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Bytes ---- */

void free_bytes(bytes_t *bytes)
{
    free(bytes->data);
    *bytes = (bytes_t){NULL, 0, 0};
}

void put_all(bytes_t *bytes, const uint8_t *data, size_t size)
{
    if (bytes->capacity - bytes->size < size) {
        size_t capacity = 2 * (bytes->size + size) + 64;
        uint8_t *moved = realloc(bytes->data, capacity);
        if (!moved) {
            (void)fputs("out of memory for the test itself\n", stderr);
            exit(2);
        }
        bytes->data = moved;
        bytes->capacity = capacity;
    }
    if (size) {
        memcpy(bytes->data + bytes->size, data, size);
        bytes->size += size;
    }
}

void put(bytes_t *bytes, unsigned byte)
{
    uint8_t one = (uint8_t)byte;
    put_all(bytes, &one, 1);
}

void put_number(bytes_t *bytes, uint64_t number)
{
    do {
        unsigned low = number & 0x7f;
        number >>= 7;
        put(bytes, low | (number ? 0x80 : 0));
    } while (number);
}

void put_op(bytes_t *bytes, unsigned op, uint64_t number)
{
    put(bytes, op);
    put_number(bytes, number);
}

void put_many(bytes_t *bytes, unsigned byte, uint32_t count)
{
    for (; count > 0; count--) {
        put(bytes, byte);
    }
}

void get_all(bytes_t *bytes, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        put_op(bytes, GET, i);
    }
}

void put_consts(bytes_t *bytes, uint32_t count)
{
    for (; count > 0; count--) {
        put_op(bytes, CONST, 0);
    }
}

/* ---- Modules ---- */

void put_type(parts_t *parts, uint32_t params, uint32_t results)
{
    put(&parts->types, 0x60);
    put_number(&parts->types, params);
    put_many(&parts->types, I32, params);
    put_number(&parts->types, results);
    put_many(&parts->types, I32, results);
    parts->type_count++;
}

static void put_section(bytes_t *module, unsigned id, bytes_t *contents)
{
    put_op(module, id, contents->size);
    put_all(module, contents->data, contents->size);
    free_bytes(contents);
}

static void put_body(bytes_t *section, uint32_t locals, unsigned type, const bytes_t *code)
{
    bytes_t body = {NULL, 0, 0};
    put(&body, locals ? 1 : 0);
    if (locals) {
        put_number(&body, locals);
        put(&body, type ? type : I32);
    }
    put_all(&body, code->data, code->size);
    put(&body, END);
    put_number(section, body.size);
    put_all(section, body.data, body.size);
    free_bytes(&body);
}

static void put_types(bytes_t *module, parts_t *parts)
{
    static const uint8_t plain[] = {0x60, 0, 0};
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->type_count + 1);
    put_all(&section, plain, sizeof plain);
    put_all(&section, parts->types.data, parts->types.size);
    free_bytes(&parts->types);
    put_section(module, 1, &section);
}

static void put_functions(bytes_t *module, const parts_t *parts)
{
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->other_count + 1);
    put_number(&section, parts->type);
    for (uint32_t i = 0; i < parts->other_count; i++) {
        put_number(&section, parts->other_type);
    }
    put_section(module, 3, &section);
}

/* Writes a section of the entries; nothing if there are none. */
static void put_entries(bytes_t *module, unsigned id, list_t *list)
{
    bytes_t section = {NULL, 0, 0};
    if (list->count) {
        put_number(&section, list->count);
        put_all(&section, list->entries.data, list->entries.size);
        put_section(module, id, &section);
    }
    free_bytes(&list->entries);
}

void add_entry(list_t *list, const uint8_t *data, size_t size)
{
    put_all(&list->entries, data, size);
    list->count++;
}

static void put_code(bytes_t *module, parts_t *parts)
{
    static uint8_t unreachable[] = {0};
    const bytes_t nothing = {unreachable, sizeof unreachable, sizeof unreachable};
    bytes_t section = {NULL, 0, 0};
    put_number(&section, parts->other_count + 1);
    put_body(&section, parts->locals, parts->local_type, &parts->code);
    for (uint32_t i = 0; i < parts->other_count; i++) {
        put_body(&section, parts->other_locals, I32, &nothing);
    }
    free_bytes(&parts->code);
    put_section(module, 10, &section);
}

void finish(bytes_t *module, parts_t *parts)
{
    enum { IMPORT = 2, TABLE = 4, MEMORY = 5, TAG = 13, GLOBAL = 6, EXPORT = 7, ELEMENT = 9, DATA = 11 };
    static const uint8_t header[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    put_all(module, header, sizeof header);
    put_types(module, parts);
    put_entries(module, IMPORT, &parts->imports);
    put_functions(module, parts);
    put_entries(module, TABLE, &parts->tables);
    put_entries(module, MEMORY, &parts->memories);
    put_entries(module, TAG, &parts->tags);
    put_entries(module, GLOBAL, &parts->globals);
    put_entries(module, EXPORT, &parts->exports);
    put_entries(module, ELEMENT, &parts->elements);
    put_code(module, parts);
    put_entries(module, DATA, &parts->data);
}
