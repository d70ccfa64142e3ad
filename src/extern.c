#include "wrl/extern.h"

#include "error.h"
#include "item.h"

wrl_error_t *wrl_extern_check(const wrl_store_t *store, wrl_extern_t item)
{
    return store ? wrl__store_check_extern(store, &item, "item") : wrl__error_null("store");
}

wrl_externtype_t wrl_extern_type(const wrl_store_t *store, wrl_extern_t item)
{
    wrl_externtype_t type = {0};
    if (!wrl__store_has_extern(store, &item)) {
        return type;
    }
    type.kind = item.kind;
    switch (item.kind) {
    case WRL_EXTERN_FUNC:
        type.of.func = *store->funcs[item.of.func.index].type;
        break;
    case WRL_EXTERN_GLOBAL:
        type.of.global = store->globals[item.of.global.index].type;
        break;
    case WRL_EXTERN_MEMORY:
        type.of.memory = store->memories[item.of.memory.index].type;
        break;
    case WRL_EXTERN_TABLE:
        type.of.table = store->tables[item.of.table.index].type;
        break;
    default:
        type.of.tag = store->tags[item.of.tag.index].type;
        break;
    }
    return type;
}
