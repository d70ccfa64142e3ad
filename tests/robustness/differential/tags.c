#include "tags.h"
#include "../../support/found.h"

#include <string.h>

/* The maximum number of bytes of each parameter, and of everything around the parameters. */
enum { PARAM_BYTES = 2, FRAME_BYTES = 64, MAX_PARAMS = 50 };

typedef struct writer {
    uint8_t bytes[FRAME_BYTES + PARAM_BYTES * MAX_PARAMS];
    size_t size;
} writer_t;

static void put(writer_t *writer, const char *bytes, size_t size)
{
    memcpy(writer->bytes + writer->size, bytes, size);
    writer->size += size;
}

static void put_byte(writer_t *writer, size_t byte)
{
    writer->bytes[writer->size++] = (uint8_t)byte;
}

/* Returns false for a concrete type, which only its module can name. */
static bool put_type(writer_t *writer, wrl_valtype_t type)
{
    static const uint8_t plain[] = {0, 0x7f, 0x7e, 0x7d, 0x7c, 0x7b, 0x70, 0x6f};
    if (type.kind < sizeof(plain)) {
        put_byte(writer, plain[type.kind]);
        return true;
    }
    put_byte(writer, type.flags & WRL_VALTYPE_NULLABLE ? 0x63 : 0x64);
    put_byte(writer, (size_t)type.heap & 0x7f);
    return type.heap < 0;
}

/* (module (tag (export "t") (param ...))) */
static bool put_module(writer_t *writer, const wrl_functype_t *type)
{
    writer_t params = {.size = 0};
    bool good = type->param_count <= MAX_PARAMS;
    for (size_t i = 0; good && i < type->param_count; i++) {
        good = put_type(&params, type->params[i]);
    }
    if (!good) {
        return false;
    }
    put(writer, "\0asm\1\0\0\0", 8);
    put_byte(writer, 1); /* One type: a function type with these parameters and no results. */
    put_byte(writer, params.size + 4);
    put(writer, "\1\x60", 2);
    put_byte(writer, type->param_count);
    put(writer, (const char *)params.bytes, params.size);
    put_byte(writer, 0);
    put(writer, "\15\3\1\0\0", 5);   /* One tag of that type. */
    put(writer, "\7\5\1\1t\4\0", 7); /* Exports the tag. */
    return true;
}

static wrl_error_t *take_tag(wrl_store_t *store, wrl_module_t *module, wrl_imports_t *imports, wrl_tag_t *tag)
{
    wrl_instance_t instance;
    wrl_error_t *error = wrl_instance_new(store, module, imports, NULL, &instance);
    return error ? error : found(wrl_instance_get_tag(store, instance, "t", tag));
}

wrl_error_t *tag_new(wrl_engine_t *engine, wrl_store_t *store, const wrl_functype_t *type, wrl_tag_t *tag)
{
    writer_t writer = {.size = 0};
    wrl_module_t *module = NULL;
    wrl_imports_t *imports = NULL;
    if (!put_module(&writer, type)) {
        return wrl_error_new(WRL_ERROR_HOST, "no such tag");
    }
    wrl_error_t *error = wrl_module_new(engine, writer.bytes, writer.size, NULL, &module);
    error = error ? error : wrl_imports_new(&imports);
    error = error ? error : take_tag(store, module, imports, tag);
    wrl_imports_delete(imports);
    wrl_module_release(module);
    return error;
}
