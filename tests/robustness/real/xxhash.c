/* real_xxhash BACKEND XXHASH.wasm SEED FILE...: hashes files with the module of the npm package xxhash-wasm. For each
 * file prints xxh32 and xxh64, each first of the whole file and then of the file in pieces. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "guest.h"

/* The address of the input, after the hash's own state, which begins at address 0. */
#define INPUT 4096u

/* The size of the larger state, which is that of xxh64. */
#define STATE_SIZE 88u

/* An odd size, so that pieces never coincide with the hash's own blocks. */
#define PIECE 1021u

typedef struct hasher {
    guest_t guest;
    wrl_func_t xxh32, init32, update32, digest32;
    wrl_func_t xxh64, init64, update64, digest64;
} hasher_t;

static void call_void(const hasher_t *hasher, wrl_func_t func, const wrl_val_t *args, size_t count)
{
    must(wrl_func_call(hasher->guest.store, func, args, count, NULL, 0), "call");
}

static void feed(const hasher_t *hasher, wrl_func_t update, const uint8_t *data, size_t size)
{
    for (size_t at = 0; at < size; at += PIECE) {
        size_t piece = size - at < PIECE ? size - at : PIECE;
        wrl_val_t args[] = {WRL_I32(0), WRL_I32((int32_t)INPUT), WRL_I32((int32_t)piece)};
        must(wrl_memory_write(hasher->guest.store, hasher->guest.memory, INPUT, data + at, piece), "write");
        call_void(hasher, update, args, 3);
    }
}

static void hash_whole(const hasher_t *hasher, const uint8_t *data, size_t size, uint64_t seed)
{
    wrl_val_t args32[] = {WRL_I32((int32_t)INPUT), WRL_I32((int32_t)size), WRL_I32((int32_t)(uint32_t)seed)};
    wrl_val_t args64[] = {WRL_I32((int32_t)INPUT), WRL_I32((int32_t)size), WRL_I64((int64_t)seed)};
    guest_reserve(&hasher->guest, INPUT + (uint64_t)size);
    must(wrl_memory_write(hasher->guest.store, hasher->guest.memory, INPUT, data, size), "write");
    printf("%08" PRIx32, (uint32_t)guest_call(&hasher->guest, hasher->xxh32, args32, 3).of.i32);
    printf(" %016" PRIx64, (uint64_t)guest_call(&hasher->guest, hasher->xxh64, args64, 3).of.i64);
}

/* The module's init functions expect a state of zeros. */
static void clear_state(const hasher_t *hasher)
{
    static const uint8_t zeros[STATE_SIZE];
    must(wrl_memory_write(hasher->guest.store, hasher->guest.memory, 0, zeros, sizeof zeros), "write");
}

static void hash_pieces(const hasher_t *hasher, const uint8_t *data, size_t size, uint64_t seed)
{
    wrl_val_t state = WRL_I32(0);
    wrl_val_t args32[] = {state, WRL_I32((int32_t)(uint32_t)seed)};
    wrl_val_t args64[] = {state, WRL_I64((int64_t)seed)};
    clear_state(hasher);
    call_void(hasher, hasher->init32, args32, 2);
    feed(hasher, hasher->update32, data, size);
    printf(" %08" PRIx32, (uint32_t)guest_call(&hasher->guest, hasher->digest32, &state, 1).of.i32);
    clear_state(hasher);
    call_void(hasher, hasher->init64, args64, 2);
    feed(hasher, hasher->update64, data, size);
    printf(" %016" PRIx64 "\n", (uint64_t)guest_call(&hasher->guest, hasher->digest64, &state, 1).of.i64);
}

static void load(hasher_t *hasher, const char *backend, const char *path)
{
    guest_t *guest = &hasher->guest;
    guest_load(guest, backend, path);
    guest_start(guest, NULL, "mem");
    hasher->xxh32 = guest_func(guest, "xxh32", "iii", "i");
    hasher->init32 = guest_func(guest, "init32", "ii", "");
    hasher->update32 = guest_func(guest, "update32", "iii", "");
    hasher->digest32 = guest_func(guest, "digest32", "i", "i");
    hasher->xxh64 = guest_func(guest, "xxh64", "iil", "l");
    hasher->init64 = guest_func(guest, "init64", "il", "");
    hasher->update64 = guest_func(guest, "update64", "iii", "");
    hasher->digest64 = guest_func(guest, "digest64", "i", "l");
}

int main(int argc, char **argv)
{
    hasher_t hasher;
    if (argc < 5) {
        fail("usage", "real_xxhash BACKEND XXHASH.wasm SEED FILE...");
    }
    load(&hasher, argv[1], argv[2]);
    uint64_t seed = strtoull(argv[3], NULL, 0);
    for (int i = 4; i < argc; i++) {
        size_t size;
        uint8_t *data = read_file(argv[i], &size);
        hash_whole(&hasher, data, size, seed);
        hash_pieces(&hasher, data, size, seed);
        free(data);
    }
    guest_end(&hasher.guest);
    return EXIT_SUCCESS;
}
