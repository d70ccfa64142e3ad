#include "play.h"

#include "items.h"
#include "world.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* The number of calls of each exported function. */
#define CALLS 3
/* The fuel of a call. Function entries and loop iterations consume fuel. */
#define FUEL 300
/* The number of elements of a table that are read. */
#define MAX_ELEMENTS 16

typedef struct player {
    world_t world;
    transcript_t *transcript;
    wrl_instance_t instance;
    size_t export_count;
} player_t;

static verdict_t verdict_of(const wrl_error_t *error)
{
    if (!error) {
        return VERDICT_ACCEPTED;
    }
    wrl_error_kind_t kind = wrl_error_kind(error);
    return kind == WRL_ERROR_MALFORMED || kind == WRL_ERROR_INVALID ? VERDICT_REFUSED : VERDICT_LIMIT;
}

/* ---- Reading exports ---- */

static void say_global(player_t *player, wrl_global_t global)
{
    wrl_val_t value;
    wrl_error_t *error = wrl_global_get(player->world.store, global, &value);
    if (error) {
        say_error(player->transcript, error);
    } else {
        say_value(&player->world, &value, LENDING_HELD);
    }
}

static void say_memory(player_t *player, wrl_memory_t memory)
{
    uint64_t size = wrl_memory_data_size(player->world.store, memory);
    wrl_error_t *error = NULL;
    uint8_t *copy = (uint8_t *)malloc((size_t)size + 1);
    if (copy) {
        error = wrl_memory_read(player->world.store, memory, 0, copy, (size_t)size);
    }
    if (error) {
        say_error(player->transcript, error);
    } else {
        say(player->transcript, "%" PRIu64 " bytes, %016" PRIx64, size, copy ? hash_bytes(copy, (size_t)size) : 0);
    }
    free(copy);
}

static void say_table(player_t *player, wrl_table_t table)
{
    uint64_t size = wrl_table_size(player->world.store, table);
    wrl_error_t *error = NULL;
    say(player->transcript, "%" PRIu64 ":", size);
    for (uint64_t i = 0; !error && i < size && i < MAX_ELEMENTS; i++) {
        wrl_val_t value;
        error = wrl_table_get(player->world.store, table, i, &value);
        if (!error) {
            say(player->transcript, " ");
            say_value(&player->world, &value, LENDING_HELD);
        }
    }
    if (error) {
        say_error(player->transcript, error);
    }
}

static bool find(player_t *player, size_t index, wrl_export_t *item)
{
    wrl_error_t *error = wrl_instance_export(player->world.store, player->instance, index, item);
    if (error) {
        say(player->transcript, "export %zu: ", index);
        say_error(player->transcript, error);
        say(player->transcript, "\n");
    }
    return !error;
}

static void look(player_t *player)
{
    for (size_t i = 0; i < player->export_count; i++) {
        wrl_export_t item;
        if (!find(player, i, &item) || item.item.kind == WRL_EXTERN_FUNC || item.item.kind == WRL_EXTERN_TAG) {
            continue;
        }
        say(player->transcript, "%s ", wrl_externkind_name(item.item.kind));
        say_name(player->transcript, item.name, item.name_size);
        say(player->transcript, " ");
        if (item.item.kind == WRL_EXTERN_GLOBAL) {
            say_global(player, item.item.of.global);
        } else if (item.item.kind == WRL_EXTERN_MEMORY) {
            say_memory(player, item.item.of.memory);
        } else {
            say_table(player, item.item.of.table);
        }
        say(player->transcript, "\n");
    }
}

/* ---- Using exports ---- */

static void refuel(player_t *player)
{
    wrl_global_t fuel;
    wrl_val_t value = WRL_I32(FUEL);
    if (wrl_instance_get_global(player->world.store, player->instance, "fuel", &fuel)) {
        wrl_error_delete(wrl_global_set(player->world.store, fuel, &value));
    }
}

static void call(player_t *player, const wrl_export_t *item, uint64_t random)
{
    refuel(player);
    say(player->transcript, "call ");
    say_name(player->transcript, item->name, item->name_size);
    say(player->transcript, " ");
    world_call(&player->world, item->item.of.func, random);
}

static void say_done(player_t *player, const char *what, wrl_error_t *error)
{
    say(player->transcript, "%s: ", what);
    if (error) {
        say_error(player->transcript, error);
    }
    say(player->transcript, "\n");
}

static void use_global(player_t *player, wrl_global_t global, uint64_t random)
{
    wrl_globaltype_t type = wrl_global_type(player->world.store, global);
    wrl_val_t value;
    wrl_error_t *error = NULL;
    if (world_value(&player->world, type.content, random, &value)) {
        error = wrl_global_set(player->world.store, global, &value);
    }
    say_done(player, "sets a global", error);
}

static void use_memory(player_t *player, wrl_memory_t memory, uint64_t random)
{
    uint64_t words[2] = {random, mix(random, 1)};
    uint64_t before = 0;
    wrl_error_t *error = wrl_memory_write(player->world.store, memory, random / 16 % 4096, words, sizeof(words));
    say_done(player, "writes memory", error);
    error = wrl_memory_grow(player->world.store, memory, random % 3, &before);
    say(player->transcript, "%" PRIu64 " ", before);
    say_done(player, "grows memory", error);
}

static void use_table(player_t *player, wrl_table_t table, uint64_t random)
{
    wrl_tabletype_t type = wrl_table_type(player->world.store, table);
    wrl_val_t value;
    uint64_t before = 0;
    wrl_error_t *error = NULL;
    if (world_value(&player->world, type.element, random, &value)) {
        error = wrl_table_set(player->world.store, table, random / 16 % 8, &value);
        say_done(player, "sets an element", error);
        error = wrl_table_grow(player->world.store, table, random % 3, &value, &before);
    }
    say(player->transcript, "%" PRIu64 " ", before);
    say_done(player, "grows a table", error);
}

static void use(player_t *player, const wrl_export_t *item, uint64_t random)
{
    switch (item->item.kind) {
    case WRL_EXTERN_FUNC:
        call(player, item, random);
        break;
    case WRL_EXTERN_GLOBAL:
        use_global(player, item->item.of.global, random);
        break;
    case WRL_EXTERN_MEMORY:
        use_memory(player, item->item.of.memory, random);
        break;
    case WRL_EXTERN_TABLE:
        use_table(player, item->item.of.table, random);
        break;
    default:
        break;
    }
}

/* Functions are called in each round, other exports are used in one round each. */
static void use_all(player_t *player, uint64_t round)
{
    for (size_t i = 0; i < player->export_count; i++) {
        wrl_export_t item;
        if (!find(player, i, &item) || (item.name_size == 4 && memcmp(item.name, "fuel", 4) == 0)) {
            continue;
        }
        uint64_t random = mix(mix(player->world.seed, hash_bytes(item.name, item.name_size)), round);
        if (item.item.kind == WRL_EXTERN_FUNC || random % CALLS == 0) {
            use(player, &item, mix(random, 4));
        }
    }
}

static void instantiate(player_t *player, wrl_module_t *module)
{
    wrl_imports_t *imports = world_imports(&player->world, module);
    wrl_error_t *error = wrl_instance_new(player->world.store, module, imports, NULL, &player->instance);
    bool made = !error;
    wrl_imports_delete(imports);
    say_done(player, "instance", error);
    if (!made) {
        return;
    }
    player->export_count = wrl_module_export_count(module);
    look(player);
    for (uint64_t round = 0; round < CALLS; round++) {
        use_all(player, round);
    }
    look(player);
}

verdict_t play(wrl_engine_t *engine, const guest_t *guest, transcript_t *items, transcript_t *transcript)
{
    wrl_module_t *module = NULL;
    wrl_error_t *error = wrl_module_new(engine, guest->data, guest->size, NULL, &module);
    verdict_t verdict = verdict_of(error);
    if (error) {
        say(items, "module: ");
        say_error(items, error);
        say(items, "\n");
        return verdict;
    }
    say_items(items, module);
    player_t player = {.transcript = transcript};
    if (transcript && world_new(&player.world, engine, guest->seed, transcript)) {
        instantiate(&player, module);
        world_delete(&player.world);
    }
    wrl_module_release(module);
    return verdict;
}
