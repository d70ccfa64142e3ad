/* Prints a table with the costs of operations through the layer and through the engines' own interfaces. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wrl.h>
#ifdef BENCH_STATIC
#include <wrl/wasmtime.h>
#endif
#ifdef BENCH_WASMTIME
#include <dlfcn.h>
#endif
#ifdef BENCH_JS
#include "guests.h"
#include "js/js.h"
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

typedef struct options {
    const char *filter; /* Measure only rows whose backend/name contains this text. */
    const char *json;   /* A file for the results. */
    const char *large;  /* The module to compile. */
    double seconds;     /* The approximate duration of each row. */
} options_t;

/* NULL as the native side means wasmtime's side, which may have to be loaded. */
static const bench_row_t rows[] = {
#if defined(BENCH_WASMTIME) || defined(BENCH_STATIC)
    {"call", "wasmtime", NULL, BENCH_CALL, BENCH_CALL_RAW},
    {"call_checked", "wasmtime", NULL, BENCH_CALL, BENCH_CALL},
    {"call_raw", "wasmtime", NULL, BENCH_CALL_RAW, BENCH_CALL_RAW},
    {"cpp_call", "wasmtime", NULL, BENCH_CPP_CALL, BENCH_CALL_RAW},
    {"host_call", "wasmtime", NULL, BENCH_HOST_CALL, BENCH_HOST_CALL_RAW},
    {"host_call_checked", "wasmtime", NULL, BENCH_HOST_CALL, BENCH_HOST_CALL},
    {"host_call_raw", "wasmtime", NULL, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL_RAW},
    {"cpp_host_call", "wasmtime", NULL, BENCH_CPP_HOST_CALL, BENCH_HOST_CALL_RAW},
    {"memory_read8", "wasmtime", NULL, BENCH_MEMORY_READ8, BENCH_MEMORY_READ8},
    {"memory_rw8", "wasmtime", NULL, BENCH_MEMORY_RW8, BENCH_MEMORY_RW8},
    {"global", "wasmtime", NULL, BENCH_GLOBAL, BENCH_GLOBAL},
    {"table_get", "wasmtime", NULL, BENCH_TABLE_GET, BENCH_TABLE_GET},
    {"export_lookup", "wasmtime", NULL, BENCH_EXPORT_LOOKUP, BENCH_EXPORT_LOOKUP},
    {"instantiate", "wasmtime", NULL, BENCH_INSTANTIATE, BENCH_INSTANTIATE},
    {"compile", "wasmtime", NULL, BENCH_COMPILE, BENCH_COMPILE},
    {"create_store", "wasmtime", NULL, BENCH_CREATE_STORE, BENCH_CREATE_STORE},
    {"guest_convert", "wasmtime+fuel", NULL, BENCH_GUEST_CONVERT, BENCH_GUEST_CONVERT},
    {"guest_call_indirect", "wasmtime+fuel", NULL, BENCH_GUEST_CALL, BENCH_GUEST_CALL},
#endif
#ifdef BENCH_WASMI
    {"call", "wasmi", &bench_wasmi, BENCH_CALL, BENCH_CALL},
    {"call_raw", "wasmi", &bench_wasmi, BENCH_CALL_RAW, BENCH_CALL},
    {"cpp_call", "wasmi", &bench_wasmi, BENCH_CPP_CALL, BENCH_CALL},
    {"call_raw_typed", "wasmi", &bench_wasmi, BENCH_CALL_RAW, BENCH_CALL_RAW},
    {"host_call", "wasmi", &bench_wasmi, BENCH_HOST_CALL, BENCH_HOST_CALL},
    {"host_call_raw", "wasmi", &bench_wasmi, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL},
    {"cpp_host_call", "wasmi", &bench_wasmi, BENCH_CPP_HOST_CALL, BENCH_HOST_CALL},
    {"host_call_raw_typed", "wasmi", &bench_wasmi, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL_RAW},
    {"memory_read8", "wasmi", &bench_wasmi, BENCH_MEMORY_READ8, BENCH_MEMORY_READ8},
    {"memory_rw8", "wasmi", &bench_wasmi, BENCH_MEMORY_RW8, BENCH_MEMORY_RW8},
    {"global", "wasmi", &bench_wasmi, BENCH_GLOBAL, BENCH_GLOBAL},
    {"table_get", "wasmi", &bench_wasmi, BENCH_TABLE_GET, BENCH_TABLE_GET},
    {"export_lookup", "wasmi", &bench_wasmi, BENCH_EXPORT_LOOKUP, BENCH_EXPORT_LOOKUP},
    {"instantiate", "wasmi", &bench_wasmi, BENCH_INSTANTIATE, BENCH_INSTANTIATE},
    {"compile", "wasmi", &bench_wasmi, BENCH_COMPILE, BENCH_COMPILE},
    {"create_store", "wasmi", &bench_wasmi, BENCH_CREATE_STORE, BENCH_CREATE_STORE},
    {"guest_convert", "wasmi+fuel", &bench_wasmi, BENCH_GUEST_CONVERT, BENCH_GUEST_CONVERT},
    {"guest_call_indirect", "wasmi+fuel", &bench_wasmi, BENCH_GUEST_CALL, BENCH_GUEST_CALL},
#endif
#ifdef BENCH_JS
    {"call", "js", &bench_js, BENCH_CALL, BENCH_CALL_RAW},
    {"call_raw", "js", &bench_js, BENCH_CALL_RAW, BENCH_CALL_RAW},
    {"call_raw_closure", "js", &bench_js, BENCH_CALL_RAW, BENCH_CALL_CLOSURE},
    {"call_raw_exact", "js", &bench_js, BENCH_CALL_RAW, BENCH_CALL_EXACT},
    {"host_call", "js", &bench_js, BENCH_HOST_CALL, BENCH_HOST_CALL_RAW},
    {"host_call_raw", "js", &bench_js, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL_RAW},
    {"host_call_raw_closure", "js", &bench_js, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL_CLOSURE},
    {"host_call_raw_exact", "js", &bench_js, BENCH_HOST_CALL_RAW, BENCH_HOST_CALL_EXACT},
    {"memory_read8", "js", &bench_js, BENCH_MEMORY_READ8, BENCH_MEMORY_READ8},
    {"memory_write8", "js", &bench_js, BENCH_MEMORY_WRITE8, BENCH_MEMORY_WRITE8},
    {"memory_read64", "js", &bench_js, BENCH_MEMORY_READ64, BENCH_MEMORY_READ64},
    {"memory_write64", "js", &bench_js, BENCH_MEMORY_WRITE64, BENCH_MEMORY_WRITE64},
    {"memory_read1m", "js", &bench_js, BENCH_MEMORY_READ1M, BENCH_MEMORY_READ1M},
    {"memory_write1m", "js", &bench_js, BENCH_MEMORY_WRITE1M, BENCH_MEMORY_WRITE1M},
    {"instantiate", "js", &bench_js, BENCH_INSTANTIATE, BENCH_INSTANTIATE},
    {"instantiate_imports", "js", &bench_js, BENCH_INSTANTIATE_IMPORTS, BENCH_INSTANTIATE_IMPORTS},
    {"instantiate_store", "js", &bench_js, BENCH_INSTANTIATE_STORE, BENCH_INSTANTIATE_IMPORTS},
    {"compile", "js", &bench_js, BENCH_COMPILE, BENCH_COMPILE},
    {"compile_rest", "js", &bench_js, BENCH_COMPILE_REST, BENCH_COMPILE},
    {"guest_convert", "js", &bench_js, BENCH_GUEST_CONVERT, BENCH_GUEST_CONVERT},
    {"guest_call_indirect", "js", &bench_js, BENCH_GUEST_CALL, BENCH_GUEST_CALL},
    {"compile_rest", "js+exact_traps", &bench_js, BENCH_COMPILE_REST, BENCH_COMPILE},
    {"guest_convert", "js+exact_traps", &bench_js, BENCH_GUEST_CONVERT, BENCH_GUEST_CONVERT},
    {"guest_call_indirect", "js+exact_traps", &bench_js, BENCH_GUEST_CALL, BENCH_GUEST_CALL},
#endif
#if defined(BENCH_RUST_LAYER) && defined(BENCH_WASMTIME)
    {"rust_layer_call", "wasmtime", &bench_rust_layer, BENCH_CALL, BENCH_CALL},
    {"rust_layer_host_call", "wasmtime", &bench_rust_layer, BENCH_HOST_CALL, BENCH_HOST_CALL},
    {"rust_layer_memory_rw8", "wasmtime", &bench_rust_layer, BENCH_MEMORY_RW8, BENCH_MEMORY_RW8},
    {"rust_layer_global", "wasmtime", &bench_rust_layer, BENCH_GLOBAL, BENCH_GLOBAL},
    {"rust_layer_table_get", "wasmtime", &bench_rust_layer, BENCH_TABLE_GET, BENCH_TABLE_GET},
    {"rust_layer_export_lookup", "wasmtime", &bench_rust_layer, BENCH_EXPORT_LOOKUP, BENCH_EXPORT_LOOKUP},
    {"rust_layer_instantiate", "wasmtime", &bench_rust_layer, BENCH_INSTANTIATE, BENCH_INSTANTIATE},
    {"rust_layer_create_store", "wasmtime", &bench_rust_layer, BENCH_CREATE_STORE, BENCH_CREATE_STORE},
#endif
#if defined(BENCH_RUST_LAYER) && defined(BENCH_WASMI)
    {"rust_layer_call", "wasmi", &bench_rust_layer, BENCH_CALL, BENCH_CALL},
    {"rust_layer_host_call", "wasmi", &bench_rust_layer, BENCH_HOST_CALL, BENCH_HOST_CALL},
    {"rust_layer_memory_rw8", "wasmi", &bench_rust_layer, BENCH_MEMORY_RW8, BENCH_MEMORY_RW8},
    {"rust_layer_global", "wasmi", &bench_rust_layer, BENCH_GLOBAL, BENCH_GLOBAL},
    {"rust_layer_table_get", "wasmi", &bench_rust_layer, BENCH_TABLE_GET, BENCH_TABLE_GET},
    {"rust_layer_export_lookup", "wasmi", &bench_rust_layer, BENCH_EXPORT_LOOKUP, BENCH_EXPORT_LOOKUP},
    {"rust_layer_instantiate", "wasmi", &bench_rust_layer, BENCH_INSTANTIATE, BENCH_INSTANTIATE},
    {"rust_layer_create_store", "wasmi", &bench_rust_layer, BENCH_CREATE_STORE, BENCH_CREATE_STORE},
#endif
};

/* ---- Guests ---- */

#ifdef BENCH_JS

/* Reads the large module. The other guests are translated at build time. */
static wrl_bytes_t read_file(const char *path)
{
    wrl_bytes_t bytes = bench_js_load(path);
    if (!bytes.data) {
        bench_fail(path, "cannot be read");
    }
    return bytes;
}

static bench_guests_t get_guests(void)
{
    return (bench_guests_t){
        .guest = guest_guest.bytes,
        .guest_size = guest_guest.size,
        .empty = guest_empty.bytes,
        .empty_size = guest_empty.size,
        .imports = guest_imports.bytes,
        .imports_size = guest_imports.size,
    };
}

static void delete_guests(bench_guests_t *guests)
{
    (void)guests;
}

/* Inserts a custom section with the serial bytes at the start of the large module. The buffer has space for it. */
static void add_serial(bench_guests_t *guests, uint8_t *large)
{
    static const uint8_t section[] = {0, 2 + BENCH_SERIAL_SIZE, 1, 'n'};
    uint8_t *first = large + BENCH_SERIAL_AT - sizeof section;
    memmove(large + BENCH_SERIAL_AT + BENCH_SERIAL_SIZE, first, guests->large_size - (size_t)(first - large));
    memcpy(first, section, sizeof section);
    guests->serial = large + BENCH_SERIAL_AT;
    memset(guests->serial, 0, BENCH_SERIAL_SIZE);
    guests->large_size += sizeof section + BENCH_SERIAL_SIZE;
}

#else

static wrl_bytes_t read_file(const char *path)
{
    wrl_bytes_t bytes = {NULL, 0};
    FILE *file = fopen(path, "rb");
    if (!file || fseek(file, 0, SEEK_END) != 0) {
        bench_fail(path, "cannot be read");
        return bytes;
    }
    long size = ftell(file);
    bytes.size = size > 0 ? (size_t)size : 0;
    bytes.data = malloc(bytes.size + 1);
    rewind(file);
    if (!bytes.data || fread(bytes.data, 1, bytes.size, file) != bytes.size) {
        bench_fail(path, "cannot be read");
    }
    (void)fclose(file);
    return bytes;
}

static wrl_bytes_t translate(const char *path)
{
    wrl_bytes_t text = read_file(path), wasm;
    wrl_error_t *error = wrl_wat_to_wasm((const char *)text.data, text.size, &wasm);
    if (error) {
        bench_fail(path, wrl_error_message(error));
    }
    free(text.data);
    return wasm;
}

static bench_guests_t get_guests(void)
{
    wrl_bytes_t guest = translate(BENCH_FOLDER "/guest.wat");
    wrl_bytes_t empty = translate(BENCH_FOLDER "/empty.wat");
    return (bench_guests_t){
        .guest = guest.data, .guest_size = guest.size, .empty = empty.data, .empty_size = empty.size};
}

static void delete_guests(bench_guests_t *guests)
{
    wrl_bytes_t guest = {(uint8_t *)guests->guest, guests->guest_size};
    wrl_bytes_t empty = {(uint8_t *)guests->empty, guests->empty_size};
    wrl_bytes_delete(&guest);
    wrl_bytes_delete(&empty);
}

#endif

/* ---- The other sides ---- */

static const bench_side_t *get_wasmtime(void)
{
#ifdef BENCH_WASMTIME
    void *object = dlopen(BENCH_WASMTIME, RTLD_NOW | RTLD_LOCAL);
    const bench_side_t *side = object ? dlsym(object, "bench_wasmtime") : NULL;
    if (!side) {
        bench_fail(BENCH_WASMTIME, dlerror());
    }
    return side;
#elif defined(BENCH_STATIC)
    wrl_error_t *error = wrl_backend_register(wrl_backend_wasmtime);
    if (error) {
        bench_fail("wasmtime", wrl_error_message(error));
    }
    return &bench_wasmtime;
#else
    return NULL;
#endif
}

/* ---- Results ---- */

static void print_heading(void)
{
    printf("%-24s %-9s %14s %14s %7s   %s\n", "bench", "backend", "native ns", "layer ns", "ratio",
           "the layer's functions : the engine's");
}

static void print_row(const bench_row_t *row, bench_result_t result)
{
    printf("%-24s %-9s %14.1f %14.1f %7.2f   %s : %s\n", row->name, row->backend, result.native_ns, result.layer_ns,
           result.ratio, bench_layer.labels[row->layer_op], row->native->labels[row->native_op]);
    (void)fflush(stdout);
}

static void write_json(FILE *file, const bench_row_t *row, bench_result_t result)
{
    fprintf(file,
            "{\"bench\":\"%s\",\"backend\":\"%s\",\"native_ns\":%.2f,\"layer_ns\":%.2f,\"ratio\":%.3f,"
            "\"layer\":\"%s\",\"native\":\"%s\"}\n",
            row->name, row->backend, result.native_ns, result.layer_ns, result.ratio, bench_layer.labels[row->layer_op],
            row->native->labels[row->native_op]);
}

/* ---- Running ---- */

static bool is_wanted(const bench_row_t *row, const options_t *options)
{
    char full[64];
    (void)snprintf(full, sizeof full, "%s/%s", row->backend, row->name);
    return !options->filter || strstr(full, options->filter);
}

static void measure_row(const bench_row_t *row, const bench_guests_t *guests, const options_t *options, FILE *json)
{
    /* Each row has its own engines and stores, so that earlier rows do not influence it. */
    void *native = row->native->open(guests, row->backend);
    void *layer = bench_layer.open(guests, row->backend);
    bench_result_t result = bench_measure(row, native, layer, options->seconds);
    bench_layer.close(layer);
    row->native->close(native);
    print_row(row, result);
    if (json) {
        write_json(json, row, result);
    }
}

static FILE *open_json(const options_t *options)
{
    if (!options->json || strcmp(options->json, "-") == 0) {
        return options->json ? stdout : NULL;
    }
    FILE *json = fopen(options->json, "w");
    if (!json) {
        bench_fail(options->json, "cannot be written");
    }
    return json;
}

static void run(const options_t *options)
{
    bench_guests_t guests = get_guests();
    wrl_bytes_t large = {NULL, 0};
    if (options->large) {
        large = read_file(options->large);
        guests.large = large.data;
        guests.large_size = large.size;
#ifdef BENCH_JS
        add_serial(&guests, large.data);
#endif
    }
    FILE *json = open_json(options);
    const bench_side_t *wasmtime = get_wasmtime();
    print_heading();
    for (size_t i = 0; i < LENGTH(rows); i++) {
        bench_row_t row = rows[i];
        row.native = row.native ? row.native : wasmtime;
        if (!is_wanted(&row, options)) {
            continue;
        }
        if (row.native_op == BENCH_COMPILE && !large.data) {
            printf("%-24s %-9s left out: no module to compile, see --large\n", row.name, row.backend);
            continue;
        }
        measure_row(&row, &guests, options, json);
    }
    if (json && json != stdout && fclose(json) != 0) {
        bench_fail(options->json, "cannot be written");
    }
    delete_guests(&guests);
    free(large.data);
}

static void usage(FILE *file)
{
    (void)fputs("usage: bench [--filter TEXT] [--json FILE] [--large FILE.wasm] [--seconds N]\n"
                "  --filter   measure only the rows whose BACKEND/NAME contains the text\n"
                "  --json     also write the results to FILE, one JSON object per line; - is the standard output\n"
                "  --large    the module for the row compile\n"
                "  --seconds  approximate duration of each row, 1 by default\n",
                file);
}

/* Keeps the allocator from returning pages to the system. Otherwise the cost of a guest's memory would depend on
 * earlier rows. */
static void keep_pages(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, 64 << 20);
    mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
}

int main(int argc, char **argv)
{
    options_t options = {.seconds = 1};
    keep_pages();
    for (int i = 1; i < argc; i++) {
        const char *value = i + 1 < argc ? argv[i + 1] : NULL;
        if (strcmp(argv[i], "--help") == 0) {
            usage(stdout);
            return 0;
        }
        if (!value) {
            usage(stderr);
            return 2;
        }
        i++;
        if (strcmp(argv[i - 1], "--filter") == 0) {
            options.filter = value;
        } else if (strcmp(argv[i - 1], "--json") == 0) {
            options.json = value;
        } else if (strcmp(argv[i - 1], "--large") == 0) {
            options.large = value;
        } else if (strcmp(argv[i - 1], "--seconds") == 0) {
            options.seconds = strtod(value, NULL);
        } else {
            usage(stderr);
            return 2;
        }
    }
    run(&options);
    return 0;
}
