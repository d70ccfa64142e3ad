#include "wrl/extern.h"

#include "error.h"
#include "store.h"

#include <string.h>

wrl_error_t *wrl_extern_type(wrl_store_t *store, const wrl_extern_t *item, wrl_externtype_t *type)
{
    if (!type) {
        return wrl_error_null("type");
    }
    memset(type, 0, sizeof *type);
    if (!item) {
        return wrl_error_null("item");
    }
    wrl_error_t *error = wrl_store_check_extern(store, item, "item");
    if (error) {
        return error;
    }
    type->kind = item->kind;
    switch (item->kind) {
    case WRL_EXTERN_FUNC:
        type->of.func = *store->funcs[item->of.func.index].type;
        break;
    case WRL_EXTERN_GLOBAL:
        type->of.global = store->globals[item->of.global.index].type;
        break;
    case WRL_EXTERN_MEMORY:
        type->of.memory = store->memories[item->of.memory.index].type;
        break;
    case WRL_EXTERN_TABLE:
        type->of.table = store->tables[item->of.table.index].type;
        break;
    default:
        type->of.tag = store->tags[item->of.tag.index].type;
        break;
    }
    return NULL;
}
