/* Externrefs end when the collector of JS says so, between tasks: run by Node with --expose-gc. */
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

/* The last one lies in the table, and there alone. */
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

/* What came out of the table is held for a while. */
static bool look(void)
{
    wrl_val_t value;
    void *data = NULL;
    return is_ok(wrl_table_get(store, table, 0, &value)) && value.of.externref.index == kept.index &&
           is_ok(wrl_externref_data(store, kept, &data)) && data == &finalized;
}

static bool empty(void)
{
    const wrl_val_t null = WRL_NULL_EXTERNREF;
    return is_ok(wrl_table_set(store, table, 0, &null));
}

static void turn(void *unused)
{
    collect_garbage();
    turns++;
    if (turns % TURNS == 0) {
        wrl_store_collect(store);
    }
    if (turns == TURNS) {
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
    bool good = is_ok(wrl_engine_new(&config, &engine)) && is_ok(wrl_store_new(engine, NULL, NULL, &store)) && fill();
    tell("externrefs are made and released", good);
    if (!good) {
        return 1;
    }
    emscripten_async_call(turn, NULL, PAUSE);
    emscripten_exit_with_live_runtime();
}
