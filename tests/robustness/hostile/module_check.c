#include "module_check.h"

#include "binary/module_info.h"
#include "effort.h"
#include "text.h"
#include "utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char complaint[1024];

static const char *complain(const char *what, const char *detail)
{
    (void)snprintf(complaint, sizeof(complaint), "%s: %s", what, detail);
    return complaint;
}

/* Returns whether the bytes begin with the header of every module. */
static bool has_header(const uint8_t *data, size_t size)
{
    static const uint8_t header[8] = {0x00, 'a', 's', 'm', 1, 0, 0, 0};
    return size >= sizeof(header) && memcmp(data, header, sizeof(header)) == 0;
}

/* Returns whether a message begins in the way that its kind requires. */
static bool begins_well(wrl_error_kind_t kind, const char *message, bool behind_header)
{
    const char *start = kind == WRL_ERROR_MALFORMED
                            ? (behind_header ? "malformed module at offset 0x" : "malformed module: ")
                        : kind == WRL_ERROR_INVALID ? "invalid module"
                                                    : "";
    return strncmp(message, start, strlen(start)) == 0;
}

const char *check_error(const wrl_error_t *error, bool by_engine, const uint8_t *data, size_t size)
{
    wrl_error_kind_t kind = wrl_error_kind(error);
    const char *message = wrl_error_message(error);
    bool expected = kind == WRL_ERROR_MALFORMED || kind == WRL_ERROR_INVALID || kind == WRL_ERROR_RESOURCE_LIMIT;
    if (by_engine) {
        expected = expected || kind == WRL_ERROR_UNSUPPORTED || kind == WRL_ERROR_OUT_OF_MEMORY;
    }
    if (!expected) {
        return complain(wrl_error_kind_name(kind), message);
    }
    if (strlen(message) < 10 && kind != WRL_ERROR_OUT_OF_MEMORY) {
        return complain("a message that is too short", message);
    }
    if (!wrl__utf8_valid((const uint8_t *)message, strlen(message))) {
        return complain("a message that is not UTF-8", message);
    }
    if (!begins_well(kind, message, has_header(data, size))) {
        return complain("a message without the error or its place", message);
    }
    for (const char *c = message; *c; c++) {
        if ((unsigned char)*c < ' ') {
            return complain("a message with control characters", message);
        }
    }
    return NULL;
}

/* A sum of everything that was read, so that the compiler cannot remove the reads. */
static volatile size_t looked_at;

static const char *walk_type(const wrl_externtype_t *type)
{
    char text[64];
    if (type->kind <= WRL_EXTERN_NONE || type->kind > WRL_EXTERN_TAG) {
        return "an extern has an unknown kind";
    }
    size_t length = wrl_externtype_print(type, text, sizeof(text));
    looked_at += length + strlen(text);
    return length ? NULL : "the text of a type is empty";
}

static const char *walk_imports(const wrl_module_t *module)
{
    wrl_importtype_t import;
    size_t i = 0;
    const char *why = NULL;
    for (; !why && wrl_module_import(module, i, &import); i++) {
        bool ended = import.module[import.module_size] == '\0' && import.name[import.name_size] == '\0';
        why = ended ? walk_type(&import.type) : "the name of an import is not terminated";
    }
    return why || i == wrl_module_import_count(module) ? why : "the number of imports differs from their count";
}

static const char *walk_exports(const wrl_module_t *module)
{
    wrl_exporttype_t item;
    wrl_exporttype_t found;
    size_t i = 0;
    const char *why = NULL;
    for (; !why && wrl_module_export(module, i, &item); i++) {
        bool same = wrl_module_get_export_n(module, item.name, item.name_size, &found) && found.name == item.name;
        why = !same                            ? "an export is not found by its name"
              : item.name[item.name_size] != 0 ? "the name of an export is not terminated"
                                               : walk_type(&item.type);
    }
    return why || i == wrl_module_export_count(module) ? why : "the number of exports differs from their count";
}

static const char *walk_items(const wrl_module_t *module)
{
    const char *why = NULL;
    for (int kind = WRL_EXTERN_FUNC; !why && kind <= WRL_EXTERN_TAG; kind++) {
        wrl_externtype_t type;
        size_t count = wrl_module_index_space_size(module, (wrl_externkind_t)kind);
        for (size_t i = 0; !why && i < count; i++) {
            bool told = wrl_module_index_space_type(module, (wrl_externkind_t)kind, i, &type) && (int)type.kind == kind;
            why = told ? walk_type(&type) : "an extern's kind differs from its index space";
            looked_at += kind == WRL_EXTERN_FUNC && type.of.func.name ? strlen(type.of.func.name) : 0;
        }
    }
    return why;
}

static const char *walk_sections(const wrl_module_t *module)
{
    wrl_section_t section;
    size_t i = 0;
    for (; wrl_module_section(module, i, &section); i++) {
        if (section.name[section.name_size] != '\0' || section.data_size > section.size) {
            return "a section is inconsistent";
        }
        for (size_t j = 0; section.data && j < section.data_size; j++) {
            looked_at += section.data[j];
        }
    }
    return i == wrl_module_section_count(module) ? NULL : "the number of sections differs from their count";
}

const char *walk_module(const wrl_module_t *module)
{
    size_t size = 0;
    const char *name = wrl_module_name(module, &size);
    looked_at += name ? strlen(name) + size : 0;
    const char *why = walk_imports(module);
    why = why ? why : walk_exports(module);
    why = why ? why : walk_items(module);
    return why ? why : walk_sections(module);
}

/* Returns a copy of exactly that size, which the caller passes to free(). */
static uint8_t *copy_of(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size ? size : 1);
    if (copy && size) {
        memcpy(copy, data, size);
    }
    return copy;
}

/* Checks what the public functions do not show: the indices in imports and exports. */
static const char *walk_info(const wrl_module_info_t *info)
{
    for (size_t i = 0; i < info->import_count; i++) {
        const wrl_import_record_t *entry = &info->imports[i];
        if (entry->index >= info->items[entry->kind].count) {
            return "an import points to no item";
        }
    }
    for (size_t i = 0; i < info->export_count; i++) {
        const wrl_export_record_t *entry = &info->exports[i];
        wrl_name_t name = wrl__module_info_export_name(info, i);
        if (entry->index >= info->items[entry->kind].count) {
            return "an export points to no item";
        }
        if (wrl__module_info_find_export(info, name.data, name.size) != i) {
            return "an export is not found by its name";
        }
    }
    for (size_t kind = 0; kind < WRL_EXTERN_LIMIT; kind++) {
        const wrl_items_t *items = &info->items[kind];
        for (size_t i = 0; i < items->count; i++) {
            wrl_externtype_t type;
            wrl__module_info_item(info, (wrl_externkind_t)kind, i, &type);
            const char *why = walk_type(&type);
            if (why) {
                return why;
            }
        }
        for (size_t i = 0; i < items->import_count; i++) {
            if (items->imports[i] >= info->import_count) {
                return "an imported item points to no import";
            }
        }
    }
    return NULL;
}

/* Checks the code, which the reader skips. */
static const char *check_effort(const wrl_module_info_t *info, const uint8_t *data, size_t size)
{
    const wrl_effort_limits_t limits = {WRL_DEFAULT_MAX_COMPILE_WORK, WRL_DEFAULT_MAX_COMPILE_MEMORY, false};
    wrl_effort_t effort = {0, 0};
    wrl_error_t *error = wrl__effort_check(info, data, &limits, &effort);
    const char *why = error ? check_error(error, false, data, size) : NULL;
    wrl_error_delete(error);
    return why;
}

const char *check_reader_in_place(const uint8_t *data, size_t size, bool *accepted)
{
    wrl_module_info_t info;
    wrl_error_t *error = wrl__module_info_read(data, size, true, &info);
    *accepted = !error;
    const char *why = error ? check_error(error, false, data, size) : walk_info(&info);
    wrl_error_delete(error);
    if (*accepted) {
        why = why ? why : check_effort(&info, data, size);

        wrl__module_info_free(&info);
    }
    return why;
}

/* wrl_module_validate() must return the same result as wrl_module_new(), except for valid modules that exceed a limit
 * of the compiler. */
static const char *agrees_with_validation(wrl_engine_t *engine, const uint8_t *bytes, size_t size,
                                          const wrl_error_t *compiled)
{
    wrl_error_t *error = wrl_module_validate(engine, bytes, size);
    bool same = error && compiled && wrl_error_kind(error) == wrl_error_kind(compiled);
    bool too_much = compiled && !error && wrl_error_kind(compiled) == WRL_ERROR_RESOURCE_LIMIT;
    wrl_error_delete(error);
    return same || too_much || (!error && !compiled) ? NULL : "wrl_module_validate() and wrl_module_new() differ";
}

const char *check_reader(const uint8_t *data, size_t size, bool *accepted)
{
    uint8_t *copy = copy_of(data, size);
    const char *why = copy ? check_reader_in_place(copy, size, accepted) : "out of memory for the test itself";
    free(copy);
    return why;
}

static const char *check_text_error(const wrl_error_t *error)
{
    const char *message = wrl_error_message(error);
    if (wrl_error_kind(error) != WRL_ERROR_MALFORMED) {
        return complain(wrl_error_kind_name(wrl_error_kind(error)), message);
    }
    if (strncmp(message, "malformed text: ", 16) != 0 || strlen(message) < 20 || strpbrk(message, "\r\n") ||
        !wrl__utf8_valid((const uint8_t *)message, strlen(message))) {
        return complain("a message without the error or its place", message);
    }
    return NULL;
}

const char *check_text(const uint8_t *data, size_t size, bool *accepted)
{
    uint8_t *copy = copy_of(data, size);
    if (!copy) {
        return "out of memory for the test itself";
    }
    wrl_bytes_t wasm = {NULL, 0};
    wrl_error_t *error = wrl_wat_to_wasm((const char *)copy, size, &wasm);
    free(copy);
    bool readable = false;
    *accepted = !error;
    const char *why = error ? check_text_error(error) : check_reader(wasm.data, wasm.size, &readable);
    if (error && wasm.data) {
        why = "both an error and bytes";
    }
    wrl_error_delete(error);
    wrl_bytes_delete(&wasm);
    return why;
}

static bool same_name(const char *a, size_t a_size, const char *b, size_t b_size)
{
    return a_size == b_size && memcmp(a, b, a_size) == 0;
}

static bool same_type(const wrl_externtype_t *a, const wrl_externtype_t *b)
{
    char a_text[256];
    char b_text[256];
    return a->kind == b->kind &&
           wrl_externtype_print(a, a_text, sizeof(a_text)) == wrl_externtype_print(b, b_text, sizeof(b_text)) &&
           strcmp(a_text, b_text) == 0;
}

/* Checks that a module reports the imports and exports that the reader finds in its bytes. */
static const char *compare(const wrl_module_t *module, const wrl_module_info_t *info)
{
    wrl_importtype_t import;
    wrl_exporttype_t item;
    if (wrl_module_import_count(module) != info->import_count ||
        wrl_module_export_count(module) != info->export_count) {
        return "the engine's module and the reader have different numbers of imports or exports";
    }
    for (size_t i = 0; i < info->import_count; i++) {
        wrl_importtype_t seen;
        const wrl_importtype_t *read = &seen;
        wrl__module_info_import(info, i, &seen);
        if (!wrl_module_import(module, i, &import) ||
            !same_name(import.module, import.module_size, read->module, read->module_size) ||
            !same_name(import.name, import.name_size, read->name, read->name_size) ||
            !same_type(&import.type, &read->type)) {
            return "an import differs from the reader's";
        }
    }
    for (size_t i = 0; i < info->export_count; i++) {
        wrl_exporttype_t seen;
        const wrl_exporttype_t *read = &seen;
        wrl__module_info_export(info, i, &seen);
        if (!wrl_module_export(module, i, &item) ||
            !same_name(item.name, item.name_size, read->name, read->name_size) || !same_type(&item.type, &read->type)) {
            return "an export differs from the reader's";
        }
    }
    return NULL;
}

static const char *agree(const wrl_module_t *module, const uint8_t *data, size_t size)
{
    wrl_module_info_t info;
    wrl_error_t *error = wrl__module_info_read(data, size, true, &info);
    if (error) {
        const char *why = complain("accepted by the engine and rejected by the reader", wrl_error_message(error));
        wrl_error_delete(error);
        return why;
    }
    const char *why = compare(module, &info);
    wrl__module_info_free(&info);
    return why;
}

const char *check_module(wrl_engine_t *engine, const uint8_t *data, size_t size, bool *accepted)
{
    uint8_t *copy = copy_of(data, size);
    if (!copy) {
        return "out of memory for the test itself";
    }
    wrl_module_t *module = NULL;
    const wrl_module_config_t config = {sizeof(config), true};
    wrl_error_t *error = wrl_module_new(engine, copy, size, &config, &module);
    const char *validated = agrees_with_validation(engine, copy, size, error);
    free(copy);
    *accepted = !error;
    const char *why = error ? check_error(error, true, data, size) : walk_module(module);
    why = why || error ? why : agree(module, data, size);
    why = why ? why : validated;
    if (error && module) {
        why = "both an error and a module";
    }
    wrl_error_delete(error);
    wrl_module_release(module);
    return why;
}
