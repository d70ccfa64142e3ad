/* Rows of the misuse matrix: modules and the text format. */
#include "rows.h"

/* ---- wat.h ---- */

static wrl_error_t *call_wrl_wat_supported(misuse_args_t *a)
{
    a->spoilt = wrl_wat_supported() != wrl_wat_supported();
    return NULL;
}
FUNCTION(wrl_wat_supported) = {CALLED(wrl_wat_supported), .answers = true, .harmless = "it has no parameters"};

PREPARE(wrl_wat_to_wasm)
{
    a->text = "(module)";
    a->size = strlen(a->text);
}

static wrl_error_t *call_wrl_wat_to_wasm(misuse_args_t *a)
{
    wrl_error_t *error = wrl_wat_to_wasm(a->text, a->size, a->out);
    if (!error) {
        wrl_bytes_delete(a->out);
    }
    return error;
}
FUNCTION(wrl_wat_to_wasm) = {
    CALLED(wrl_wat_to_wasm), PREPARED(wrl_wat_to_wasm), CLEARS(wrl_bytes_t),
    .params = {PARAM("text", text, misuse_pointer), PARAM("size", size, misuse_huge_size), OUT("wasm")}};

/* ---- module.h ---- */

SPOIL(spoil_config_null, a->module_config = NULL)
SPOIL(spoil_config_zero, a->the_module_config.size = 0)
SPOIL(spoil_config_more, a->the_module_config.size++)
SPOIL(spoil_config_less, a->the_module_config.size--)
static const misuse_kind_t module_config_kinds[] = {
    {"NULL, which is allowed", spoil_config_null, MISUSE_ALLOWED},
    {"of size 0", spoil_config_zero, MISUSE_REFUSED},
    {"too large", spoil_config_more, MISUSE_REFUSED},
    {"too small", spoil_config_less, MISUSE_REFUSED},
    END,
};
static const misuse_kind_t async_config_kinds[] = {
    {"of size 0", spoil_config_zero, MISUSE_REFUSED},
    {"too large", spoil_config_more, MISUSE_REFUSED},
    END,
};
#define MODULE_CONFIG PARAM("config", module_config, module_config_kinds)

PREPARE(wrl_module_new)
{
    a->bytes = guest_add_one.bytes;
    a->size = guest_add_one.size;
}

static wrl_error_t *call_wrl_module_new(misuse_args_t *a)
{
    wrl_error_t *error = wrl_module_new(a->engine, a->bytes, a->size, a->module_config, a->out);
    if (!error) {
        wrl_module_release(*(wrl_module_t **)a->out);
    }
    return error;
}
FUNCTION(wrl_module_new) = {CALLED(wrl_module_new), PREPARED(wrl_module_new), CLEARS(wrl_module_t *),
                            .params = {ENGINE, PARAM("bytes", bytes, misuse_pointer),
                                       PARAM("size", size, misuse_huge_size), MODULE_CONFIG, OUT("module")}};

CALL(wrl_module_validate, wrl_module_validate(a->engine, a->bytes, a->size))
FUNCTION(wrl_module_validate) = {
    CALLED(wrl_module_validate), PREPARED(wrl_module_new),
    .params = {ENGINE, PARAM("bytes", bytes, misuse_pointer), PARAM("size", size, misuse_huge_size)}};

static void never_done(void *env, wrl_error_t *error, wrl_module_t *module)
{
    (void)env;
    wrl_error_delete(error);
    wrl_module_release(module);
}

SPOIL(spoil_done, a->done = NULL)
static const misuse_kind_t done_kinds[] = {{"NULL", spoil_done, MISUSE_REFUSED}, END};

PREPARE(wrl_module_new_async)
{
    prepare_wrl_module_new(a);
    a->done = never_done;
}
CALL(wrl_module_new_async, wrl_module_new_async(a->engine, a->bytes, a->size, a->module_config, a->done, NULL))
/* A valid call would continue after the row; async.c tests it. */
FUNCTION(wrl_module_new_async) = {
    CALLED(wrl_module_new_async), PREPARED(wrl_module_new_async), .never_sound = true,
    .params = {ENGINE, PARAM("bytes", bytes, misuse_pointer), PARAM("size", size, misuse_huge_size),
               PARAM("config", module_config, async_config_kinds), PARAM("done", done, done_kinds)}};

static wrl_error_t *call_wrl_module_retain(misuse_args_t *a)
{
    wrl_module_t *retained = wrl_module_retain(a->module);
    wrl_module_release(retained);
    a->spoilt = !retained;
    return NULL;
}
FUNCTION(wrl_module_retain) = {CALLED(wrl_module_retain), .answers = true, .params = {MODULE}};

static wrl_error_t *call_wrl_module_release(misuse_args_t *a)
{
    wrl_module_release(a->module ? wrl_module_retain(a->module) : NULL);
    return NULL;
}
FUNCTION(wrl_module_release) = {CALLED(wrl_module_release), .params = {PARAM("module", module, misuse_optional)}};

ANSWER(wrl_module_engine, !wrl_module_engine(a->module))
FUNCTION(wrl_module_engine) = {CALLED(wrl_module_engine), .answers = true, .params = {MODULE}};

/* A module with imports, exports and sections. It has a name as well if the engine supports guests/items.wat. */
PREPARE(importer)
{
    a->module = a->world->importer;
}

/* None of the guests that every engine supports has a name, so module.c tests the valid call. */
ANSWER(wrl_module_name, !wrl_module_name(a->module, a->out))
FUNCTION(wrl_module_name) = {CALLED(wrl_module_name), CLEARS(size_t), .answers = true, .never_sound = true,
                             .params = {MODULE}};

ANSWER(wrl_module_import_count, wrl_module_import_count(a->module) == 0)
FUNCTION(wrl_module_import_count) = {CALLED(wrl_module_import_count), PREPARED(importer), .answers = true,
                                     .params = {MODULE}};

PREPARE(wrl_module_import)
{
    a->module = a->world->importer;
    a->size2 = 1;
}
ANSWER(wrl_module_import, !wrl_module_import(a->module, a->index, a->out))
FUNCTION(wrl_module_import) = {CALLED(wrl_module_import), PREPARED(wrl_module_import), CLEARS(wrl_importtype_t),
                               .answers = true, .params = {MODULE, PARAM("index", index, misuse_index), OUT("import")}};

ANSWER(wrl_module_export_count, wrl_module_export_count(a->module) == 0)
FUNCTION(wrl_module_export_count) = {CALLED(wrl_module_export_count), .answers = true, .params = {MODULE}};

PREPARE(wrl_module_export)
{
    a->size2 = wrl_module_export_count(a->module);
}
ANSWER(wrl_module_export, !wrl_module_export(a->module, a->index, a->out))
FUNCTION(wrl_module_export) = {CALLED(wrl_module_export), PREPARED(wrl_module_export), CLEARS(wrl_exporttype_t),
                               .answers = true,
                               .params = {MODULE, PARAM("index", index, misuse_index), OUT("export_type")}};

ANSWER(wrl_module_get_export, !wrl_module_get_export(a->module, a->text, a->out))
FUNCTION(wrl_module_get_export) = {CALLED(wrl_module_get_export), PREPARED(memory_name), CLEARS(wrl_exporttype_t),
                                   .answers = true,
                                   .params = {MODULE, PARAM("name", text, misuse_name), OUT("export_type")}};

ANSWER(wrl_module_get_export_n, !wrl_module_get_export_n(a->module, a->text, a->size, a->out))
FUNCTION(wrl_module_get_export_n) = {
    CALLED(wrl_module_get_export_n), PREPARED(memory_name), CLEARS(wrl_exporttype_t), .answers = true,
    .params = {MODULE, PARAM("name", text, misuse_sized_name), PARAM("name_size", size, misuse_huge_size),
               PARAM("name_size", size, misuse_wrong_count), OUT("export_type")}};

PREPARE(item_kind)
{
    a->number = WRL_EXTERN_MEMORY;
    a->size2 = 1;
}
ANSWER(wrl_module_index_space_size, wrl_module_index_space_size(a->module, (wrl_externkind_t)a->number) == 0)
FUNCTION(wrl_module_index_space_size) = {CALLED(wrl_module_index_space_size), PREPARED(item_kind), .answers = true,
                                         .params = {MODULE, PARAM("kind", number, misuse_enumerator)}};

ANSWER(wrl_module_index_space_type,
       !wrl_module_index_space_type(a->module, (wrl_externkind_t)a->number, a->index, a->out))
FUNCTION(wrl_module_index_space_type) = {
    CALLED(wrl_module_index_space_type), PREPARED(item_kind), CLEARS(wrl_externtype_t), .answers = true,
    .params = {MODULE, PARAM("kind", number, misuse_enumerator), PARAM("index", index, misuse_index), OUT("type")}};

ANSWER(wrl_module_section_count, wrl_module_section_count(a->module) == 0)
FUNCTION(wrl_module_section_count) = {CALLED(wrl_module_section_count), .answers = true, .params = {MODULE}};

PREPARE(wrl_module_section)
{
    a->size2 = wrl_module_section_count(a->module);
}
ANSWER(wrl_module_section, !wrl_module_section(a->module, a->index, a->out))
FUNCTION(wrl_module_section) = {CALLED(wrl_module_section), PREPARED(wrl_module_section), CLEARS(wrl_section_t),
                                .answers = true,
                                .params = {MODULE, PARAM("index", index, misuse_index), OUT("section")}};

PREPARE(wrl_module_custom_section)
{
    a->text = "notes";
}
ANSWER(wrl_module_custom_section, !wrl_module_custom_section(a->module, a->text, a->out))
FUNCTION(wrl_module_custom_section) = {CALLED(wrl_module_custom_section), PREPARED(wrl_module_custom_section),
                                       CLEARS(wrl_section_t), .answers = true,
                                       .params = {MODULE, PARAM("name", text, misuse_name), OUT("section")}};

/* ---- All of them ---- */

#define EACH_FUNCTION(X)                                                                                               \
    X(wrl_wat_supported, NEED_NOTHING)                                                                                 \
    X(wrl_wat_to_wasm, NEED_TEXT)                                                                                      \
    X(wrl_module_new, NEED_NOTHING)                                                                                    \
    X(wrl_module_validate, NEED_NOTHING)                                                                               \
    X(wrl_module_new_async, NEED_NOTHING)                                                                              \
    X(wrl_module_retain, NEED_NOTHING)                                                                                 \
    X(wrl_module_release, NEED_NOTHING)                                                                                \
    X(wrl_module_engine, NEED_NOTHING)                                                                                 \
    X(wrl_module_name, NEED_NOTHING)                                                                                   \
    X(wrl_module_import_count, NEED_NOTHING)                                                                           \
    X(wrl_module_import, NEED_NOTHING)                                                                                 \
    X(wrl_module_export_count, NEED_NOTHING)                                                                           \
    X(wrl_module_export, NEED_NOTHING)                                                                                 \
    X(wrl_module_get_export, NEED_NOTHING)                                                                             \
    X(wrl_module_get_export_n, NEED_NOTHING)                                                                           \
    X(wrl_module_index_space_size, NEED_NOTHING)                                                                       \
    X(wrl_module_index_space_type, NEED_NOTHING)                                                                       \
    X(wrl_module_section_count, NEED_NOTHING)                                                                          \
    X(wrl_module_section, NEED_NOTHING)                                                                                \
    X(wrl_module_custom_section, NEED_REFERENCE_TYPES)

MISUSE_GROUP(misuse_module, EACH_FUNCTION);
