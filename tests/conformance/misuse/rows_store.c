/* Rows of the misuse matrix: stores, imports, instances. */
#include "rows.h"

/* ---- store.h ---- */

static wrl_error_t *call_wrl_store_new(misuse_args_t *a)
{
    const wrl_store_config_t config = {sizeof(wrl_store_config_t), &a->ended, misuse_on_end};
    wrl_error_t *error = wrl_store_new(a->engine, &config, a->out);
    if (!error) {
        (void)wrl_store_take_data(*(wrl_store_t **)a->out);
        wrl_store_delete(*(wrl_store_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_store_new) = {CALLED(wrl_store_new), CLEARS(wrl_store_t *), .finalizes = true,
                           .params = {ENGINE, OUT("store")}};

static wrl_error_t *call_wrl_store_delete(misuse_args_t *a)
{
    wrl_store_t *store = NULL;
    wrl_error_t *error = a->store ? wrl_store_new(a->engine, NULL, &store) : NULL;
    wrl_store_delete(store);
    return error;
}
FUNCTION(wrl_store_delete) = {CALLED(wrl_store_delete), .params = {PARAM("store", store, misuse_optional)}};

static wrl_error_t *call_wrl_store_collect(misuse_args_t *a)
{
    wrl_store_collect(a->store);
    return NULL;
}
FUNCTION(wrl_store_collect) = {CALLED(wrl_store_collect), .params = {PARAM("store", store, misuse_optional)}};

ANSWER(wrl_store_engine, !wrl_store_engine(a->store))
FUNCTION(wrl_store_engine) = {CALLED(wrl_store_engine), .answers = true, .params = {STORE}};

PREPARE(store_data)
{
    wrl_error_delete(wrl_store_set_data(a->store, a->world, NULL));
}
ANSWER(wrl_store_data, !wrl_store_data(a->store))
FUNCTION(wrl_store_data) = {CALLED(wrl_store_data), PREPARED(store_data), .answers = true, .params = {STORE}};

static wrl_error_t *call_wrl_store_set_data(misuse_args_t *a)
{
    wrl_error_t *error = wrl_store_set_data(a->store, &a->ended, misuse_on_end);
    (void)wrl_store_take_data(a->store);
    return error;
}
FUNCTION(wrl_store_set_data) = {CALLED(wrl_store_set_data), .finalizes = true, .params = {STORE}};

ANSWER(wrl_store_take_data, !wrl_store_take_data(a->store))
FUNCTION(wrl_store_take_data) = {CALLED(wrl_store_take_data), PREPARED(store_data), .answers = true, .params = {STORE}};

/* ---- fuel.h ---- */

/* The engine of these tests takes no fuel, which is UNSUPPORTED for a valid store. */
static wrl_error_t *unless_unsupported(wrl_error_t *error)
{
    bool is_expected = wrl_error_kind(error) == WRL_ERROR_UNSUPPORTED;
    if (is_expected) {
        wrl_error_delete(error);
    }
    return is_expected ? NULL : error;
}

CALL(wrl_store_set_fuel, unless_unsupported(wrl_store_set_fuel(a->store, 1)))
FUNCTION(wrl_store_set_fuel) = {CALLED(wrl_store_set_fuel), .params = {STORE}};

CALL(wrl_store_add_fuel, unless_unsupported(wrl_store_add_fuel(a->store, 1)))
FUNCTION(wrl_store_add_fuel) = {CALLED(wrl_store_add_fuel), .params = {STORE}};

/* Its result is 0 for a valid store, too. */
ANSWER(wrl_store_fuel, wrl_store_fuel(a->store) == 0 && !a->store)
FUNCTION(wrl_store_fuel) = {CALLED(wrl_store_fuel), .answers = true, .params = {STORE}};

/* ---- imports.h ---- */

static wrl_error_t *call_wrl_imports_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_imports_new(a->out);
    if (!error) {
        wrl_imports_delete(*(wrl_imports_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_imports_new) = {CALLED(wrl_imports_new), CLEARS(wrl_imports_t *), .params = {OUT("imports")}};

static wrl_error_t *call_wrl_imports_delete(misuse_args_t *a)
{
    wrl_imports_t *imports = NULL;
    wrl_error_t *error = a->imports ? wrl_imports_new(&imports) : NULL;
    wrl_imports_delete(imports);
    return error;
}
FUNCTION(wrl_imports_delete) = {CALLED(wrl_imports_delete), .params = {PARAM("imports", imports, misuse_optional)}};

/* A map checks what can be checked without a store. wrl_instance_new() checks the rest. */
SPOIL(spoil_item_none, a->the_item.kind = WRL_EXTERN_NONE)
SPOIL(spoil_item_kind, a->the_item.kind = (wrl_externkind_t)6)
SPOIL(spoil_item_negative, a->the_item.kind = (wrl_externkind_t)-1)
SPOIL(spoil_item_null, a->the_item.of.func = wrl_func_null())
static const misuse_kind_t storeless_item_kinds[] = {
    {"of kind none", spoil_item_none, MISUSE_REFUSED},
    {"of kind 6", spoil_item_kind, MISUSE_REFUSED},
    {"of kind -1", spoil_item_negative, MISUSE_REFUSED},
    {"null handle", spoil_item_null, MISUSE_REFUSED},
    END,
};

#define IMPORTS PARAM("imports", imports, misuse_pointer)

PREPARE(two_names)
{
    a->text = "env";
    a->size = strlen(a->text);
    a->text2 = "f";
    a->size2 = strlen(a->text2);
}
CALL(wrl_imports_define, wrl_imports_define(a->imports, a->text, a->text2, a->the_item))
FUNCTION(wrl_imports_define) = {CALLED(wrl_imports_define), PREPARED(two_names),
                                .params = {IMPORTS, PARAM("module", text, misuse_pointer),
                                           PARAM("name", text2, misuse_pointer),
                                           PARAM("item", the_item, storeless_item_kinds)}};

CALL(wrl_imports_define_n, wrl_imports_define_n(a->imports, a->text, a->size, a->text2, a->size2, a->the_item))
FUNCTION(wrl_imports_define_n) = {
    CALLED(wrl_imports_define_n), PREPARED(two_names),
    .params = {IMPORTS, PARAM("module", text, misuse_pointer), PARAM("module_size", size, misuse_huge_size),
               PARAM("name", text2, misuse_pointer), PARAM("name_size", size2, misuse_huge_size),
               PARAM("item", the_item, storeless_item_kinds)}};

PREPARE(wrl_imports_define_module)
{
    a->text = "several";
    a->count = 2;
}
CALL(wrl_imports_define_module, wrl_imports_define_module(a->imports, a->text, a->named, a->count))
FUNCTION(wrl_imports_define_module) = {CALLED(wrl_imports_define_module), PREPARED(wrl_imports_define_module),
                                       .params = {IMPORTS, PARAM("module", text, misuse_pointer),
                                                  PARAM("items", named, misuse_named),
                                                  PARAM("count", count, misuse_huge_size)}};

PREPARE(wrl_imports_define_instance)
{
    a->text = "exporter";
}
CALL(wrl_imports_define_instance, wrl_imports_define_instance(a->imports, a->text, a->store, a->instance))
FUNCTION(wrl_imports_define_instance) = {
    CALLED(wrl_imports_define_instance), PREPARED(wrl_imports_define_instance),
    .params = {IMPORTS, PARAM("module", text, misuse_pointer), STORE, HANDLE(instance)}};

ANSWER(wrl_imports_get, !wrl_imports_get(a->imports, a->text, a->text2, a->out))
FUNCTION(wrl_imports_get) = {CALLED(wrl_imports_get), PREPARED(two_names), CLEARS(wrl_extern_t), .answers = true,
                             .params = {IMPORTS, PARAM("module", text, misuse_name), PARAM("name", text2, misuse_name),
                                        PARAM("item", out, misuse_optional)}};

SPOIL(spoil_text2_null, a->text2 = NULL)
static const misuse_kind_t sized_name2_kinds[] = {
    {"NULL with a size", spoil_text2_null, MISUSE_REFUSED},
    END,
};

ANSWER(wrl_imports_get_n, !wrl_imports_get_n(a->imports, a->text, a->size, a->text2, a->size2, a->out))
FUNCTION(wrl_imports_get_n) = {
    CALLED(wrl_imports_get_n), PREPARED(two_names), CLEARS(wrl_extern_t), .answers = true,
    .params = {IMPORTS, PARAM("module", text, misuse_sized_name), PARAM("module_size", size, misuse_huge_size),
               PARAM("name", text2, sized_name2_kinds), PARAM("name_size", size2, misuse_huge_size),
               PARAM("item", out, misuse_optional)}};

PREPARE(to_be_removed)
{
    prepare_two_names(a);
    wrl_error_delete(wrl_imports_define(a->imports, a->text, a->text2, wrl_extern_from_func(a->world->import)));
}
ANSWER(wrl_imports_remove, !wrl_imports_remove(a->imports, a->text, a->text2))
FUNCTION(wrl_imports_remove) = {
    CALLED(wrl_imports_remove), PREPARED(to_be_removed), .answers = true,
    .params = {IMPORTS, PARAM("module", text, misuse_name), PARAM("name", text2, misuse_name)}};

ANSWER(wrl_imports_remove_n, !wrl_imports_remove_n(a->imports, a->text, a->size, a->text2, a->size2))
FUNCTION(wrl_imports_remove_n) = {
    CALLED(wrl_imports_remove_n), PREPARED(to_be_removed), .answers = true,
    .params = {IMPORTS, PARAM("module", text, misuse_sized_name), PARAM("module_size", size, misuse_huge_size),
               PARAM("name", text2, sized_name2_kinds), PARAM("name_size", size2, misuse_huge_size)}};

ANSWER(wrl_imports_has_module, !wrl_imports_has_module(a->imports, a->text))
FUNCTION(wrl_imports_has_module) = {CALLED(wrl_imports_has_module), PREPARED(two_names), .answers = true,
                                    .params = {IMPORTS, PARAM("module", text, misuse_name)}};

ANSWER(wrl_imports_count, wrl_imports_count(a->imports) == 0)
FUNCTION(wrl_imports_count) = {CALLED(wrl_imports_count), .answers = true, .params = {IMPORTS}};

PREPARE(wrl_imports_entry)
{
    a->size2 = wrl_imports_count(a->imports);
}
ANSWER(wrl_imports_entry, !wrl_imports_entry(a->imports, a->index, a->out))
FUNCTION(wrl_imports_entry) = {CALLED(wrl_imports_entry), PREPARED(wrl_imports_entry), CLEARS(wrl_import_t),
                               .answers = true,
                               .params = {IMPORTS, PARAM("index", index, misuse_index), OUT("import")}};

/* ---- instance.h ---- */

SPOIL(spoil_other_module, a->module = a->world->other_module)
static const misuse_kind_t instantiated_module_kinds[] = {
    {"of another engine", spoil_other_module, MISUSE_REFUSED},
    END,
};

SPOIL(spoil_config_null, a->instance_config = NULL)
SPOIL(spoil_config_zero, a->the_instance_config.size = 0)
SPOIL(spoil_config_more, a->the_instance_config.size++)
SPOIL(spoil_config_both, (a->the_instance_config.items = a->item, a->the_instance_config.item_count = 1))
SPOIL(spoil_config_null_items, (a->imports = NULL, a->the_instance_config.item_count = 1))
SPOIL(spoil_config_few,
      (a->imports = NULL, a->the_instance_config.items = a->item, a->the_instance_config.item_count = 0))
SPOIL(spoil_config_many,
      (a->imports = NULL, a->the_instance_config.items = a->item, a->the_instance_config.item_count = SIZE_MAX))
static const misuse_kind_t instance_config_kinds[] = {
    {"NULL, which is allowed", spoil_config_null, MISUSE_ALLOWED},
    {"of size 0", spoil_config_zero, MISUSE_REFUSED},
    {"too large", spoil_config_more, MISUSE_REFUSED},
    {"items beside imports", spoil_config_both, MISUSE_REFUSED},
    {"items at NULL", spoil_config_null_items, MISUSE_REFUSED},
    {"too few items", spoil_config_few, MISUSE_REFUSED},
    {"SIZE_MAX items", spoil_config_many, MISUSE_REFUSED},
    END,
};

PREPARE(wrl_instance_new)
{
    a->module = a->world->importer;
    wrl_error_delete(wrl_imports_define(a->imports, "env", "f", wrl_extern_from_func(a->world->import)));
}
CALL(wrl_instance_new, wrl_instance_new(a->store, a->module, a->imports, a->instance_config, a->out))
FUNCTION(wrl_instance_new) = {CALLED(wrl_instance_new), PREPARED(wrl_instance_new), CLEARS(wrl_instance_t),
                              .params = {STORE, MODULE, PARAM("module", module, instantiated_module_kinds),
                                         PARAM("imports", imports, misuse_linked_imports),
                                         PARAM("config", instance_config, instance_config_kinds), OUT("instance")}};

CALL(wrl_instance_check, wrl_instance_check(a->store, a->instance))
FUNCTION(wrl_instance_check) = {CALLED(wrl_instance_check), .params = {STORE, HANDLE(instance)}};

ANSWER(wrl_instance_module, !wrl_instance_module(a->store, a->instance))
FUNCTION(wrl_instance_module) = {CALLED(wrl_instance_module), .answers = true, .params = {STORE, HANDLE(instance)}};

ANSWER(wrl_instance_export_count, !wrl_instance_export_count(a->store, a->instance))
FUNCTION(wrl_instance_export_count) = {CALLED(wrl_instance_export_count), .answers = true,
                                       .params = {STORE, HANDLE(instance)}};

PREPARE(wrl_instance_export)
{
    a->size2 = wrl_instance_export_count(a->store, a->instance);
}
CALL(wrl_instance_export, wrl_instance_export(a->store, a->instance, a->index, a->out))
FUNCTION(wrl_instance_export) = {
    CALLED(wrl_instance_export), PREPARED(wrl_instance_export), CLEARS(wrl_export_t),
    .params = {STORE, HANDLE(instance), PARAM("index", index, misuse_index), OUT("export_item")}};

ANSWER(wrl_instance_get_export, !wrl_instance_get_export(a->store, a->instance, a->text, a->out))
FUNCTION(wrl_instance_get_export) = {
    CALLED(wrl_instance_get_export), PREPARED(memory_name), CLEARS(wrl_extern_t), .answers = true,
    .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name), PARAM("item", out, misuse_optional)}};

ANSWER(wrl_instance_get_export_n, !wrl_instance_get_export_n(a->store, a->instance, a->text, a->size, a->out))
FUNCTION(wrl_instance_get_export_n) = {
    CALLED(wrl_instance_get_export_n), PREPARED(memory_name), CLEARS(wrl_extern_t), .answers = true,
    .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name), PARAM("name_size", size, misuse_huge_size),
               PARAM("item", out, misuse_optional)}};

#define GETTER(noun, export_name, wrong_kinds)                                                                         \
    PREPARE(wrl_instance_get_##noun)                                                                                   \
    {                                                                                                                  \
        a->text = export_name;                                                                                         \
    }                                                                                                                  \
    ANSWER(wrl_instance_get_##noun, !wrl_instance_get_##noun(a->store, a->instance, a->text, a->out))                  \
    FUNCTION(wrl_instance_get_##noun) = {                                                                              \
        CALLED(wrl_instance_get_##noun), PREPARED(wrl_instance_get_##noun), CLEARS(wrl_##noun##_t), .answers = true,   \
        .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name), PARAM("name", text, wrong_kinds),        \
                   PARAM(#noun, out, misuse_optional)}};
GETTER(func, "five", misuse_export_memory)
GETTER(global, "global", misuse_export_memory)
GETTER(memory, "memory", misuse_export_no_memory)
GETTER(table, "table", misuse_export_memory)

PREPARE(wrl_instance_get_tag)
{
    a->text = "tag";
    a->instance = a->world->items.tagged;
}
ANSWER(wrl_instance_get_tag, !wrl_instance_get_tag(a->store, a->instance, a->text, a->out))
FUNCTION(wrl_instance_get_tag) = {
    CALLED(wrl_instance_get_tag), PREPARED(wrl_instance_get_tag), CLEARS(wrl_tag_t), .answers = true,
    .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_name), PARAM("tag", out, misuse_optional)}};

CALL(wrl_instance_require_export,
     wrl_instance_require_export(a->store, a->instance, a->text, (wrl_externkind_t)a->number, a->out))
FUNCTION(wrl_instance_require_export) = {CALLED(wrl_instance_require_export), PREPARED(memory_name),
                                         CLEARS(wrl_extern_t),
                                         .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_required_name),
                                                    PARAM("kind", number, misuse_externkind), OUT("item")}};

CALL(wrl_instance_require_export_n,
     wrl_instance_require_export_n(a->store, a->instance, a->text, a->size, (wrl_externkind_t)a->number, a->out))
FUNCTION(wrl_instance_require_export_n) = {
    CALLED(wrl_instance_require_export_n), PREPARED(memory_name), CLEARS(wrl_extern_t),
    .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_required_name),
               PARAM("name_size", size, misuse_huge_size), PARAM("kind", number, misuse_externkind), OUT("item")}};

#define INSTANCE_REQUIRED(noun, wrong_kinds)                                                                           \
    CALL(wrl_instance_require_##noun, wrl_instance_require_##noun(a->store, a->instance, a->text, a->out))             \
    FUNCTION(wrl_instance_require_##noun) = {                                                                          \
        CALLED(wrl_instance_require_##noun), PREPARED(wrl_instance_get_##noun), CLEARS(wrl_##noun##_t),                \
        .params = {STORE, HANDLE(instance), PARAM("name", text, misuse_required_name),                                 \
                   PARAM("name", text, wrong_kinds), OUT(#noun)}};
INSTANCE_REQUIRED(func, misuse_required_memory)
INSTANCE_REQUIRED(global, misuse_required_memory)
INSTANCE_REQUIRED(memory, misuse_required_table)
INSTANCE_REQUIRED(table, misuse_required_memory)

CALL(wrl_instance_require_tag, wrl_instance_require_tag(a->store, a->instance, a->text, a->out))
FUNCTION(wrl_instance_require_tag) = {CALLED(wrl_instance_require_tag), PREPARED(wrl_instance_get_tag),
                                      CLEARS(wrl_tag_t),
                                      .params = {STORE, PARAM("name", text, misuse_required_name), OUT("tag")}};

/* ---- All of them ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_store_new, NEED_NOTHING)                                                                                     \
    X(wrl_store_delete, NEED_NOTHING)                                                                                  \
    X(wrl_store_collect, NEED_NOTHING)                                                                                 \
    X(wrl_store_engine, NEED_NOTHING)                                                                                  \
    X(wrl_store_data, NEED_NOTHING)                                                                                    \
    X(wrl_store_set_data, NEED_NOTHING)                                                                                \
    X(wrl_store_take_data, NEED_NOTHING)                                                                               \
    X(wrl_store_set_fuel, NEED_NOTHING)                                                                                \
    X(wrl_store_add_fuel, NEED_NOTHING)                                                                                \
    X(wrl_store_fuel, NEED_NOTHING)                                                                                    \
    X(wrl_imports_new, NEED_NOTHING)                                                                                   \
    X(wrl_imports_delete, NEED_NOTHING)                                                                                \
    X(wrl_imports_define, NEED_NOTHING)                                                                                \
    X(wrl_imports_define_n, NEED_NOTHING)                                                                              \
    X(wrl_imports_define_module, NEED_NOTHING)                                                                         \
    X(wrl_imports_define_instance, NEED_NOTHING)                                                                       \
    X(wrl_imports_remove, NEED_NOTHING)                                                                                \
    X(wrl_imports_remove_n, NEED_NOTHING)                                                                              \
    X(wrl_imports_get, NEED_NOTHING)                                                                                   \
    X(wrl_imports_get_n, NEED_NOTHING)                                                                                 \
    X(wrl_imports_has_module, NEED_NOTHING)                                                                            \
    X(wrl_imports_count, NEED_NOTHING)                                                                                 \
    X(wrl_imports_entry, NEED_NOTHING)                                                                                 \
    X(wrl_instance_new, NEED_NOTHING)                                                                                  \
    X(wrl_instance_check, NEED_NOTHING)                                                                                \
    X(wrl_instance_module, NEED_NOTHING)                                                                               \
    X(wrl_instance_export_count, NEED_NOTHING)                                                                         \
    X(wrl_instance_export, NEED_NOTHING)                                                                               \
    X(wrl_instance_get_export, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_export_n, NEED_NOTHING)                                                                         \
    X(wrl_instance_get_func, NEED_NOTHING)                                                                             \
    X(wrl_instance_get_global, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_memory, NEED_NOTHING)                                                                           \
    X(wrl_instance_get_table, NEED_NOTHING)                                                                            \
    X(wrl_instance_get_tag, NEED_EXCEPTIONS)                                                                           \
    X(wrl_instance_require_export, NEED_NOTHING)                                                                       \
    X(wrl_instance_require_export_n, NEED_NOTHING)                                                                     \
    X(wrl_instance_require_func, NEED_NOTHING)                                                                         \
    X(wrl_instance_require_global, NEED_NOTHING)                                                                       \
    X(wrl_instance_require_memory, NEED_NOTHING)                                                                       \
    X(wrl_instance_require_table, NEED_NOTHING)                                                                        \
    X(wrl_instance_require_tag, NEED_EXCEPTIONS)

MISUSE_GROUP(misuse_store, EACH_FUNCTION);
