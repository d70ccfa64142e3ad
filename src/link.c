/* Looks up imports by name, and checks that their types match (core specification 3.5). */
#include "link.h"
#include "alloc.h"
#include "error.h"
#include "imports.h"
#include "item.h"
#include "type.h"
#include "type_text.h"

static void name_import(wrl_text_t *text, const wrl_importtype_t *import)
{
    wrl__text_add(text, "import ");
    wrl__text_add_quoted(text, import->module, import->module_size);
    wrl__text_add(text, " ");
    wrl__text_add_quoted(text, import->name, import->name_size);
}

static wrl_error_t *missing(const wrl_importtype_t *import)
{
    wrl_text_t text = {0};
    name_import(&text, import);
    wrl__text_addf(&text, " is missing: expected %s ", wrl_externkind_name(import->type.kind));
    wrl__text_add_externtype(&text, &import->type);
    return wrl__error_from_text(WRL_ERROR_LINK, &text);
}

static wrl_error_t *mismatch(const wrl_importtype_t *import, const wrl_externtype_t *found)
{
    wrl_text_t text = {0};
    name_import(&text, import);
    wrl__text_addf(&text, " is of the wrong type: expected %s ", wrl_externkind_name(import->type.kind));
    wrl__text_add_externtype(&text, &import->type);
    wrl__text_addf(&text, ", found %s ", wrl_externkind_name(found->kind));
    wrl__text_add_externtype(&text, found);
    return wrl__error_from_text(WRL_ERROR_LINK, &text);
}

/* Whether only the engine can compare the types: it decides about subtypes of reference types, and about types that
 * refer to types of a module. */
static bool is_left_to_engine(wrl_valtype_t expected, wrl_valtype_t found)
{
    return wrl__valtype_is_ref(expected) && wrl__valtype_is_ref(found) &&
           (expected.kind == WRL_VALKIND_REF || found.kind == WRL_VALKIND_REF);
}

static bool values_match(const wrl_valtype_t *expected, const wrl_valtype_t *found, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!is_left_to_engine(expected[i], found[i]) && !wrl_valtype_equal(expected[i], found[i])) {
            return false;
        }
    }
    return true;
}

/* The type of the function that was found may be a subtype of the expected type. */
static bool func_matches(const wrl_functype_t *expected, const wrl_functype_t *found)
{
    return expected->param_count == found->param_count && expected->result_count == found->result_count &&
           values_match(expected->params, found->params, expected->param_count) &&
           values_match(expected->results, found->results, expected->result_count);
}

static bool limits_match(uint64_t expected_min, uint64_t expected_max, uint64_t found_min, uint64_t found_max)
{
    /* WRL_NO_MAX stands for no maximum, and is larger than every maximum. */
    return found_min >= expected_min && found_max <= expected_max;
}

static bool value_matches(wrl_valtype_t expected, wrl_valtype_t found, bool is_mutable)
{
    /* The type of an immutable item may be a subtype. */
    bool may_differ = !is_mutable || wrl__valtype_is_indexed(expected) || wrl__valtype_is_indexed(found);
    return (may_differ && is_left_to_engine(expected, found)) || wrl_valtype_equal(expected, found);
}

static bool type_matches(const wrl_externtype_t *expected, const wrl_externtype_t *found)
{
    if (expected->kind != found->kind) {
        return false;
    }
    switch (expected->kind) {
    case WRL_EXTERN_FUNC:
        return func_matches(&expected->of.func, &found->of.func);
    case WRL_EXTERN_GLOBAL:
        return expected->of.global.is_mutable == found->of.global.is_mutable &&
               value_matches(expected->of.global.content, found->of.global.content, expected->of.global.is_mutable);
    case WRL_EXTERN_MEMORY:
        return expected->of.memory.is_64 == found->of.memory.is_64 &&
               expected->of.memory.is_shared == found->of.memory.is_shared &&
               expected->of.memory.page_size_log2 == found->of.memory.page_size_log2 &&
               limits_match(expected->of.memory.min, expected->of.memory.max, found->of.memory.min,
                            found->of.memory.max);
    case WRL_EXTERN_TABLE:
        return expected->of.table.is_64 == found->of.table.is_64 &&
               value_matches(expected->of.table.element, found->of.table.element, true) &&
               limits_match(expected->of.table.min, expected->of.table.max, found->of.table.min, found->of.table.max);
    case WRL_EXTERN_TAG:
        return func_matches(&expected->of.tag, &found->of.tag);
    default:
        return false;
    }
}

/* Returns the type of an item whose handle was checked. For linking, the minimum of a memory or table is its current
 * size. */
static wrl_externtype_t current_type(const wrl_store_t *store, const wrl_extern_t *item)
{
    wrl_externtype_t type = {.kind = item->kind};
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        type.of.func = *store->funcs[item->of.func.index].type;
        break;
    case WRL_EXTERN_GLOBAL:
        type.of.global = store->globals[item->of.global.index].type;
        break;
    case WRL_EXTERN_MEMORY: {
        const wrl_memory_record_t *record = &store->memories[item->of.memory.index];
        type.of.memory = record->type;
        type.of.memory.min = store->backend->memory_size(store->backend_store, record->ref);
        break;
    }
    case WRL_EXTERN_TABLE: {
        const wrl_table_record_t *record = &store->tables[item->of.table.index];
        type.of.table = record->type;
        type.of.table.min = store->backend->table_size(store->backend_store, record->ref);
        break;
    }
    default:
        type.of.tag = store->tags[item->of.tag.index].type;
        break;
    }
    return type;
}

static wrl_error_t *bad_item(const wrl_importtype_t *import, wrl_error_t *error)
{
    wrl_text_t text = {0};
    name_import(&text, import);
    wrl_error_t *named = text.failed ? error : wrl__error_prefix(error, "imports: %s: ", text.data);
    wrl__text_free(&text);
    return named;
}

/* Checks that `item` exists and matches the import. */
static wrl_error_t *link_one(const wrl_store_t *store, const wrl_importtype_t *import, const wrl_extern_t *item)
{
    if (item->kind == WRL_EXTERN_NONE) {
        return missing(import);
    }
    wrl_error_t *error = wrl__store_check_extern(store, item, "item");
    if (error) {
        return bad_item(import, error);
    }
    wrl_externtype_t found = current_type(store, item);
    return type_matches(&import->type, &found) ? NULL : mismatch(import, &found);
}

wrl_error_t *wrl__link(wrl_store_t *store, const wrl_module_t *module, const wrl_imports_t *imports,
                       const wrl_extern_t *given, wrl_extern_t *items)
{
    for (size_t i = 0; i < module->info.import_count; i++) {
        wrl_importtype_t import;
        wrl__module_info_import(&module->info, i, &import);
        if (given) {
            items[i] = given[i];
        } else {
            (void)wrl_imports_get_n(imports, import.module, import.module_size, import.name, import.name_size,
                                    &items[i]);
        }
        wrl_error_t *error = link_one(store, &import, &items[i]);
        if (error) {
            return error;
        }
    }
    return NULL;
}
