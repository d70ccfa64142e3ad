#include "world.h"

#include <stdlib.h>
#include <string.h>

#include "spectest.h"

void spec_world_fill(const spec_world_t *world)
{
    /* An engine that takes no fuel refuses it. */
    wrl_error_delete(wrl_store_set_fuel(world->store, UINT64_MAX));
}

wrl_error_t *spec_world_begin(spec_world_t *world, wrl_engine_t *engine)
{
    memset(world, 0, sizeof(*world));
    world->engine = engine;
    wrl_error_t *error = wrl_store_new(engine, NULL, &world->store);
    if (!error) {
        spec_world_fill(world);
    }
    if (!error) {
        error = wrl_imports_new(&world->imports);
    }
    if (!error) {
        error = spec_spectest_define(engine, world->store, world->imports);
    }
    world->refs.store = world->store;
    if (error) {
        spec_world_end(world);
    }
    return error;
}

void spec_world_end(spec_world_t *world)
{
    for (size_t i = 0; i < world->module_count; i++) {
        wrl_module_release(world->modules[i].module);
    }
    free(world->modules);
    free(world->missing);
    spec_refs_clear(&world->refs);
    wrl_imports_delete(world->imports);
    wrl_store_delete(world->store);
    memset(world, 0, sizeof(*world));
}

wrl_error_t *spec_world_add(spec_world_t *world, const spec_module_t *module)
{
    spec_module_t *larger = realloc(world->modules, (world->module_count + 1) * sizeof(*larger));
    if (!larger) {
        wrl_module_release(module->module);
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    world->modules = larger;
    larger[world->module_count++] = *module;
    return NULL;
}

const spec_module_t *spec_world_find(const spec_world_t *world, spec_bytes_t id)
{
    if (id.size == 0) {
        return world->current ? &world->modules[world->current - 1] : NULL;
    }
    for (size_t i = world->module_count; i > 0; i--) {
        if (spec_bytes_equal(world->modules[i - 1].id, id)) {
            return &world->modules[i - 1];
        }
    }
    return NULL;
}

/* ---- Names that modules import from ---- */

static wrl_error_t *register_missing(spec_world_t *world, spec_bytes_t name)
{
    spec_bytes_t *larger = realloc(world->missing, (world->missing_count + 1) * sizeof(*larger));
    if (!larger) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    world->missing = larger;
    larger[world->missing_count++] = name;
    return NULL;
}

static void forget_missing(spec_world_t *world, spec_bytes_t name)
{
    size_t kept = 0;
    for (size_t i = 0; i < world->missing_count; i++) {
        if (!spec_bytes_equal(world->missing[i], name)) {
            world->missing[kept++] = world->missing[i];
        }
    }
    world->missing_count = kept;
}

wrl_error_t *spec_world_register(spec_world_t *world, spec_bytes_t name, const spec_module_t *module)
{
    if (!module || !module->is_instance) {
        return register_missing(world, name);
    }
    size_t count = wrl_instance_export_count(world->store, module->instance);
    wrl_error_t *error = NULL;
    for (size_t i = 0; !error && i < count; i++) {
        wrl_export_t item;
        error = wrl_instance_export(world->store, module->instance, i, &item);
        if (!error) {
            error = wrl_imports_define_n(world->imports, (const char *)name.data, name.size, item.name, item.name_size,
                                         item.item);
        }
    }
    if (!error) {
        forget_missing(world, name);
    }
    return error;
}

bool spec_world_misses(const spec_world_t *world, const wrl_module_t *module)
{
    size_t count = wrl_module_import_count(module);
    for (size_t i = 0; world->missing_count && i < count; i++) {
        wrl_importtype_t import;
        if (!wrl_module_import(module, i, &import)) {
            continue;
        }
        const spec_bytes_t from = {(const uint8_t *)import.module, import.module_size};
        for (size_t j = 0; j < world->missing_count; j++) {
            if (spec_bytes_equal(world->missing[j], from)) {
                return true;
            }
        }
    }
    return false;
}
