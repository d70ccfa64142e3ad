#include "items.h"

#include <ctype.h>
#include <inttypes.h>

void say_name(transcript_t *transcript, const char *name, size_t size)
{
    say(transcript, "'");
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)name[i];
        bool plain = c < 0x80 && (isalnum(c) || c == '_');
        say(transcript, plain ? "%c" : "%%%02x", c);
    }
    say(transcript, "'");
}

static void say_valtype(transcript_t *transcript, wrl_valtype_t type)
{
    if (type.kind == WRL_VALKIND_REF) {
        say(transcript, "ref%s %ld", type.flags & WRL_VALTYPE_NULLABLE ? " null" : "", (long)type.heap);
    } else {
        say(transcript, "%s", wrl_valkind_name(type.kind));
    }
}

static void say_valtypes(transcript_t *transcript, const wrl_valtype_t *types, size_t count)
{
    say(transcript, "(");
    for (size_t i = 0; i < count; i++) {
        say(transcript, "%s", i ? " " : "");
        say_valtype(transcript, types[i]);
    }
    say(transcript, ")");
}

void say_functype(transcript_t *transcript, const wrl_functype_t *type)
{
    say_valtypes(transcript, type->params, type->param_count);
    say(transcript, " ");
    say_valtypes(transcript, type->results, type->result_count);
}

static void say_limits(transcript_t *transcript, uint64_t min, uint64_t max, bool is_64)
{
    say(transcript, "%" PRIu64 " ", min);
    if (max == WRL_NO_MAX) {
        say(transcript, "-");
    } else {
        say(transcript, "%" PRIu64, max);
    }
    say(transcript, "%s", is_64 ? " 64" : "");
}

static void say_type(transcript_t *transcript, const wrl_externtype_t *type)
{
    switch (type->kind) {
    case WRL_EXTERN_FUNC:
        say(transcript, "func ");
        say_functype(transcript, &type->of.func);
        break;
    case WRL_EXTERN_GLOBAL:
        say(transcript, "global%s ", type->of.global.is_mutable ? " mut" : "");
        say_valtype(transcript, type->of.global.content);
        break;
    case WRL_EXTERN_MEMORY:
        say(transcript, "memory ");
        say_limits(transcript, type->of.memory.min, type->of.memory.max, type->of.memory.is_64);
        say(transcript, "%s %u", type->of.memory.is_shared ? " shared" : "", (unsigned)type->of.memory.page_size_log2);
        break;
    case WRL_EXTERN_TABLE:
        say(transcript, "table ");
        say_limits(transcript, type->of.table.min, type->of.table.max, type->of.table.is_64);
        say(transcript, " ");
        say_valtype(transcript, type->of.table.element);
        break;
    case WRL_EXTERN_TAG:
        say(transcript, "tag ");
        say_functype(transcript, &type->of.tag);
        break;
    default:
        say(transcript, "none");
    }
}

void say_items(transcript_t *transcript, const wrl_module_t *module)
{
    wrl_importtype_t import;
    for (size_t i = 0; wrl_module_import(module, i, &import); i++) {
        say(transcript, "import ");
        say_name(transcript, import.module, import.module_size);
        say(transcript, " ");
        say_name(transcript, import.name, import.name_size);
        say(transcript, " ");
        say_type(transcript, &import.type);
        say(transcript, "\n");
    }
    wrl_exporttype_t item;
    for (size_t i = 0; wrl_module_export(module, i, &item); i++) {
        say(transcript, "export ");
        say_name(transcript, item.name, item.name_size);
        say(transcript, " ");
        say_type(transcript, &item.type);
        say(transcript, "\n");
    }
}
