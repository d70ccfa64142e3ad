/*
 * Strings and structs through memory, with a guest in C (guest.c).
 *
 * Shows how to copy a text into a buffer that the guest allocates; how to read a struct of the guest by its offsets;
 * how to use the guest's memory in place; and how a guest's false address is detected.
 *
 *     clang --target=wasm32 -ffreestanding -nostdlib -O2 -Wl,--no-entry guest.c -o guest.wasm
 *     cc -std=c11 -I$PREFIX/include strings.c -L$PREFIX/lib -lwrl -Wl,-rpath,$PREFIX/lib -o strings
 *     ./strings guest.wasm
 *
 * PREFIX is where the layer is installed. clang also needs lld. `./strings guest.wasm BACKEND` selects the engine.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrl.h>

/* Returns early with the error of a failed call. There is nothing to clean up: the store owns what the functions below
 * make. */
#define TRY(call)                                                                                                      \
    do {                                                                                                               \
        wrl_error_t *error_ = (call);                                                                                  \
        if (error_) {                                                                                                  \
            return error_;                                                                                             \
        }                                                                                                              \
    } while (0)

/* Handles that are looked up once and used for every call. */
typedef struct guest {
    wrl_store_t *store;
    wrl_memory_t memory;
    wrl_func_t allocate, reset, analyse, shout, lie;
} guest_t;

/* A range of the guest's memory. The members have 64 bits so that address + size does not overflow. */
typedef struct range {
    uint64_t address;
    uint64_t size;
} range_t;

/* The host's form of the guest's report_t. */
typedef struct report {
    uint32_t words;
    range_t longest;
    double mean_size;
} report_t;

static wrl_error_t *look_up(guest_t *guest, wrl_module_t *module)
{
    wrl_store_t *store = guest->store;
    wrl_instance_t instance;
    TRY(wrl_instance_new(store, module, NULL, NULL, &instance));
    TRY(wrl_instance_require_memory(store, instance, "memory", &guest->memory));
    TRY(wrl_instance_require_func(store, instance, "allocate", &guest->allocate));
    TRY(wrl_instance_require_func(store, instance, "reset", &guest->reset));
    TRY(wrl_instance_require_func(store, instance, "analyse", &guest->analyse));
    TRY(wrl_instance_require_func(store, instance, "shout", &guest->shout));
    return wrl_instance_require_func(store, instance, "lie", &guest->lie);
}

/* Copies a text into a buffer that the guest allocates. */
static wrl_error_t *put_text(const guest_t *guest, const char *text, range_t *range)
{
    size_t size = strlen(text);
    if (size > INT32_MAX) {
        return wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, "the text is too long for the guest");
    }
    wrl_val_t args[] = {WRL_I32((int32_t)size)}, result;
    TRY(wrl_func_call(guest->store, guest->allocate, args, 1, &result, 1));
    /* Addresses are unsigned, but the member for i32 is an int32_t. */
    range->address = (uint32_t)result.of.i32;
    range->size = size;
    if (!range->address) {
        return wrl_error_new(WRL_ERROR_RESOURCE_LIMIT, "the guest has no space for the text");
    }
    /* Checks the bounds, because allocate() may have returned anything. */
    return wrl_memory_write(guest->store, guest->memory, range->address, text, size);
}

static uint32_t u32_at(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static double f64_at(const uint8_t *bytes)
{
    uint64_t bits = (uint64_t)u32_at(bytes) | (uint64_t)u32_at(bytes + 4) << 32;
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Reads a struct member by member. Pointers have 4 bytes in the guest, and the host's byte order and alignment may
 * differ. guest.c asserts the same offsets. */
static wrl_error_t *get_report(const guest_t *guest, wrl_val_t address, report_t *report)
{
    uint8_t bytes[24];
    TRY(wrl_memory_read(guest->store, guest->memory, (uint32_t)address.of.i32, bytes, sizeof bytes));
    report->words = u32_at(bytes + 0);
    report->longest.size = u32_at(bytes + 4);
    report->longest.address = u32_at(bytes + 8);
    report->mean_size = f64_at(bytes + 16);
    return NULL;
}

/*
 * Returns the bytes of a range in place, without a copy. The pointer is valid until the guest runs again, because the
 * guest may grow its memory, or until the store is deleted. So use the pointer at once, and do not keep it.
 */
static wrl_error_t *view(const guest_t *guest, range_t range, const char **bytes)
{
    *bytes = (const char *)wrl_memory_slice(guest->store, guest->memory, range.address, range.size);
    if (!*bytes) {
        return wrl_error_newf(WRL_ERROR_HOST, "%llu bytes at %llu are not in the guest's memory of %llu bytes",
                              (unsigned long long)range.size, (unsigned long long)range.address,
                              (unsigned long long)wrl_memory_data_size(guest->store, guest->memory));
    }
    return NULL;
}

/* Does not use printf("%.*s"), because its size is an int, and a guest's text may be longer. */
static void print_bytes(const char *bytes, uint64_t size)
{
    fwrite(bytes, 1, (size_t)size, stdout);
    putchar('\n');
}

static wrl_error_t *print_report(const guest_t *guest, const report_t *report)
{
    const char *longest;
    TRY(view(guest, report->longest, &longest));
    printf("%u words of %.2f bytes, the longest is ", (unsigned)report->words, report->mean_size);
    print_bytes(longest, report->longest.size);
    return NULL;
}

static wrl_error_t *analyse(const guest_t *guest, range_t text)
{
    wrl_val_t args[] = {WRL_I32((int32_t)text.address), WRL_I32((int32_t)text.size)}, result;
    TRY(wrl_func_call(guest->store, guest->analyse, args, 2, &result, 1));
    if (result.of.i32 == 0) {
        return wrl_error_new(WRL_ERROR_RESOURCE_LIMIT, "the guest has no space for the report");
    }
    report_t report;
    TRY(get_report(guest, result, &report));
    return print_report(guest, &report);
}

static wrl_error_t *shout(const guest_t *guest, range_t text)
{
    wrl_val_t args[] = {WRL_I32((int32_t)text.address), WRL_I32((int32_t)text.size)};
    TRY(wrl_func_call(guest->store, guest->shout, args, 2, NULL, 0));
    const char *bytes;
    TRY(view(guest, text, &bytes));
    print_bytes(bytes, text.size);
    return NULL;
}

/* Prints the error of a call that fails as expected, and deletes the error. */
static void print_refusal(wrl_error_t *error)
{
    if (error) {
        printf("refused: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
}

/* Neither trusts the false report of lie(), nor crashes. */
static wrl_error_t *expose_lie(const guest_t *guest)
{
    wrl_val_t result;
    TRY(wrl_func_call(guest->store, guest->lie, NULL, 0, &result, 1));
    report_t report;
    TRY(get_report(guest, result, &report));
    print_refusal(print_report(guest, &report));
    char copy[64];
    print_refusal(wrl_memory_read(guest->store, guest->memory, report.longest.address, copy, sizeof copy));
    return NULL;
}

static wrl_error_t *run(wrl_store_t *store, wrl_module_t *module)
{
    guest_t guest;
    guest.store = store;
    TRY(look_up(&guest, module));
    range_t text;
    TRY(put_text(&guest, "a thin layer over every runtime", &text));
    TRY(analyse(&guest, text));
    TRY(shout(&guest, text));
    TRY(wrl_func_call(store, guest.reset, NULL, 0, NULL, 0));
    return expose_lie(&guest);
}

/* This program rejects larger modules. */
#define MAX_MODULE_SIZE ((size_t)1 << 20)

static wrl_error_t *load(wrl_engine_t *engine, const char *path, wrl_module_t **module)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return wrl_error_newf(WRL_ERROR_IO, "%s cannot be opened", path);
    }
    wrl_error_t *error = NULL;
    uint8_t *bytes = (uint8_t *)malloc(MAX_MODULE_SIZE);
    size_t size = bytes ? fread(bytes, 1, MAX_MODULE_SIZE, file) : 0;
    if (!bytes) {
        error = wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    } else if (ferror(file) || size == MAX_MODULE_SIZE) {
        error = wrl_error_newf(WRL_ERROR_IO, "%s cannot be read, or is too large", path);
    } else {
        error = wrl_module_new(engine, bytes, size, NULL, module);
    }
    free(bytes);
    fclose(file);
    return error;
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: strings GUEST.wasm [BACKEND]\n");
        return 2;
    }
    wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
    config.backend = argc > 2 ? argv[2] : NULL;

    wrl_engine_t *engine = NULL;
    wrl_store_t *store = NULL;
    wrl_module_t *module = NULL;
    /* Each step runs only if the steps before it succeeded. */
    wrl_error_t *error = wrl_engine_new(&config, &engine);
    error = error ? error : load(engine, argv[1], &module);
    error = error ? error : wrl_store_new(engine, NULL, &store);
    error = error ? error : run(store, module);

    int status = error ? 1 : 0;
    if (error) {
        fprintf(stderr, "strings: %s\n", wrl_error_message(error));
        wrl_error_delete(error);
    }
    wrl_store_delete(store);
    wrl_module_release(module);
    wrl_engine_release(engine);
    return status;
}
