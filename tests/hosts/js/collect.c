/* Externrefs and the contents of a store are released between tasks, after the JS garbage collector has found them
 * unreachable. Run in Node with --expose-gc. */
#include <wrl.h>

#include <emscripten.h>
#include <stdio.h>

enum { COUNT = 1000, TURNS = 5, PAUSE = 20 };

static int failed;
static int finalized;
static int turns;
static wrl_store_t *store;
static wrl_engine_t *engine;
static wrl_table_t table;
static wrl_externref_t kept;

/* clang-format off */
EM_JS(void, collect_garbage, (void), { globalThis["gc"](); });
/* Watches the JS objects that currently stand for memories and globals. Returns their number. */
EM_JS(int, watch, (void), {
    const kinds = [WebAssembly.Memory, WebAssembly.Global];
    const found = Module.wrlJs.h.filter((it) => it && kinds.some((kind) => it.o instanceof kind));
    Module["watched"] = found.map((it) => new WeakRef(it.o));
    return found.length;
});
/* Returns how many of the watched objects still exist. */
EM_JS(int, count_watched, (void), { return Module["watched"].filter((it) => it.deref()).length; });
/* clang-format on */

static void tell(const char *what, bool good)
{
    (void)printf("%s  %s\n", good ? "ok   " : "FAIL ", what);
    failed += !good;
}

static bool is_ok(wrl_error_t *error)
{
    if (error) {
        (void)printf("      %s\n", wrl_error_message(error));
    }
    wrl_error_delete(error);
    return !error;
}

static void finalize(void *data)
{
    (void)data;
    finalized++;
}

/* The last externref is in the table and nowhere else. */
static bool fill(void)
{
    const wrl_tabletype_t type = WRL_TABLETYPE(WRL_VALKIND_EXTERNREF, 1, 1);
    wrl_val_t value = WRL_NULL_EXTERNREF;
    bool good = is_ok(wrl_table_new(store, &type, &value, &table));
    for (int i = 0; i < COUNT && good; i++) {
        good = is_ok(wrl_externref_new(store, &finalized, finalize, &kept));
        if (good && i == COUNT - 1) {
            value = WRL_EXTERNREF(kept);
            good = is_ok(wrl_table_set(store, table, 0, &value));
        }
        good = good && is_ok(wrl_externref_release(store, kept));
    }
    return good;
}

/* The program holds the externref that it has read from the table. */
static bool look(void)
{
    wrl_val_t value;
    return is_ok(wrl_table_get(store, table, 0, &value)) && value.of.externref.index == kept.index &&
           wrl_externref_data(store, kept) == &finalized;
}

static bool empty(void)
{
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    return is_ok(wrl_table_set(store, table, 0, &null));
}

/* ---- Imports ---- */

/* (import "e" "m" (memory 1)) */
static const uint8_t imports_memory[] = {0, 'a', 's', 'm', 1, 0, 0, 0, 2, 8, 1, 1, 'e', 1, 'm', 2, 0, 1};
/* Two imports (import "e" "g" (global (mut i32))). */
static const uint8_t imports_twice[] = {0, 'a', 's', 'm',  1, 0, 0,   0, 2,   15, 2,    1, 'e',
                                        1, 'g', 3,   0x7f, 1, 1, 'e', 1, 'g', 3,  0x7f, 1};

static wrl_module_t *modules[2];

static bool instantiate(wrl_store_t *into, const wrl_imports_t *imports)
{
    wrl_instance_t instance;
    return is_ok(wrl_module_new(engine, imports_memory, sizeof imports_memory, NULL, &modules[0])) &&
           is_ok(wrl_module_new(engine, imports_twice, sizeof imports_twice, NULL, &modules[1])) &&
           is_ok(wrl_instance_new(into, modules[0], imports, NULL, &instance)) &&
           is_ok(wrl_instance_new(into, modules[1], imports, NULL, &instance));
}

/* Makes instances in a store and deletes the store. The modules of the instances stay. */
static bool import_items(void)
{
    const wrl_memorytype_t memory_type = WRL_MEMORYTYPE(1, 1);
    const wrl_globaltype_t global_type = WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    const wrl_val_t zero = WRL_I32(0);
    wrl_store_t *ended = NULL;
    wrl_imports_t *imports = NULL;
    wrl_memory_t memory;
    wrl_global_t global;
    bool good = is_ok(wrl_store_new(engine, NULL, &ended)) && is_ok(wrl_imports_new(&imports)) &&
                is_ok(wrl_memory_new(ended, &memory_type, &memory)) &&
                is_ok(wrl_global_new(ended, &global_type, &zero, &global)) &&
                is_ok(wrl_imports_define(imports, "e", "m", wrl_extern_from_memory(memory))) &&
                is_ok(wrl_imports_define(imports, "e", "g", wrl_extern_from_global(global))) &&
                instantiate(ended, imports) && watch() == 2;
    wrl_imports_delete(imports);
    wrl_store_delete(ended);
    return good;
}

static void turn(void *unused)
{
    collect_garbage();
    turns++;
    if (turns % TURNS == 0) {
        wrl_store_collect(store);
    }
    if (turns == TURNS) {
        tell("what was imported ends with its store, though the modules stay", count_watched() == 0);
        wrl_module_release(modules[0]);
        wrl_module_release(modules[1]);
        tell("what nobody refers to is finalized, once", finalized == COUNT - 1);
        tell("a table keeps its own, and the program gets it again", look() && empty());
    } else if (turns == 2 * TURNS) {
        tell("what the program holds stays", finalized == COUNT - 1 && is_ok(wrl_externref_release(store, kept)));
    } else if (turns == 3 * TURNS) {
        tell("until it is released", finalized == COUNT);
        wrl_externref_t next;
        tell("places are used again",
             is_ok(wrl_externref_new(store, NULL, NULL, &next)) && (uint32_t)next.index < COUNT);
        wrl_store_delete(store);
        wrl_engine_release(engine);
        tell("the end of the store finalizes nothing again", finalized == COUNT);
        emscripten_force_exit(failed != 0);
        return;
    }
    emscripten_async_call(turn, unused, PAUSE);
}

int main(void)
{
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = "js";
    bool good = is_ok(wrl_engine_new(&config, &engine)) && is_ok(wrl_store_new(engine, NULL, &store)) && fill();
    tell("externrefs are made and released", good);
    good = good && import_items();
    tell("modules import, and their store ends", good);
    if (!good) {
        return 1;
    }
    emscripten_async_call(turn, NULL, PAUSE);
    emscripten_exit_with_live_runtime();
}
