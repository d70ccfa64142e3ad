/* real_zstd BACKEND ZSTDDEC.wasm IN.zst OUT: decompresses a file with the module of the npm package zstddec. */
#include <stdio.h>
#include <stdlib.h>

#include "../../support/found.h"
#include "guest.h"

/* The package's module reports to its host that its memory has grown. */
static wrl_error_t *memory_grew(void *env, wrl_caller_t *caller, const wrl_val_t *args, size_t arg_count,
                                wrl_val_t *results, size_t result_count)
{
    wrl_memory_t memory;
    unsigned *count = env;
    (void)args;
    (void)results;
    if (arg_count != 1 || result_count != 0) {
        return wrl_error_new(WRL_ERROR_HOST, "called with values of the wrong types");
    }
    ++*count;
    return found(wrl_caller_get_memory(caller, "memory", &memory));
}

static wrl_imports_t *make_imports(wrl_store_t *store, unsigned *growth)
{
    const wrl_functype_t type = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_NO_TYPES);
    wrl_imports_t *imports;
    wrl_func_t func;
    must(wrl_imports_new(&imports), "imports");
    must(wrl_func_new(store, &type, memory_grew, growth, NULL, &func), "host function");
    must(wrl_imports_define(imports, "env", "emscripten_notify_memory_growth", wrl_extern_from_func(func)), "imports");
    return imports;
}

/* Allocates a block of the guest's heap. */
static uint32_t allocate(const guest_t *guest, size_t size)
{
    wrl_val_t arg = WRL_I32((int32_t)size);
    wrl_val_t address = guest_call(guest, guest_func(guest, "malloc", "i", "i"), &arg, 1);
    if (address.of.i32 == 0) {
        fail("malloc", "the guest is out of memory");
    }
    return (uint32_t)address.of.i32;
}

static uint8_t *decompress(const guest_t *guest, const uint8_t *data, size_t size, size_t *whole)
{
    uint32_t from = allocate(guest, size);
    must(wrl_memory_write(guest->store, guest->memory, from, data, size), "write");
    wrl_val_t find_args[] = {WRL_I32((int32_t)from), WRL_I32((int32_t)size)};
    wrl_func_t find = guest_func(guest, "ZSTD_findDecompressedSize", "ii", "l");
    *whole = (size_t)guest_call(guest, find, find_args, 2).of.i64;
    if (*whole > INT32_MAX) {
        fail("ZSTD_findDecompressedSize", "the size is unknown or too large");
    }
    uint32_t to = allocate(guest, *whole);
    wrl_val_t args[] = {WRL_I32((int32_t)to), WRL_I32((int32_t)*whole), WRL_I32((int32_t)from), WRL_I32((int32_t)size)};
    wrl_val_t done = guest_call(guest, guest_func(guest, "ZSTD_decompress", "iiii", "i"), args, 4);
    if ((size_t)(uint32_t)done.of.i32 != *whole) {
        fail("ZSTD_decompress", "failed");
    }
    uint8_t *text = malloc(*whole + 1);
    if (!text) {
        fail("malloc", "out of memory");
    }
    must(wrl_memory_read(guest->store, guest->memory, to, text, *whole), "read");
    return text;
}

int main(int argc, char **argv)
{
    guest_t guest;
    unsigned growth = 0;
    size_t size;
    size_t whole;
    if (argc != 5) {
        fail("usage", "real_zstd BACKEND ZSTDDEC.wasm IN.zst OUT");
    }
    uint8_t *data = read_file(argv[3], &size);
    guest_load(&guest, argv[1], argv[2]);
    wrl_imports_t *imports = make_imports(guest.store, &growth);
    guest_start(&guest, imports, "memory");
    uint8_t *text = decompress(&guest, data, size, &whole);
    write_file(argv[4], text, whole);
    printf("%zu bytes, memory grew %u times\n", whole, growth);
    free(text);
    free(data);
    wrl_imports_delete(imports);
    guest_end(&guest);
    return EXIT_SUCCESS;
}
