/* Fuel, which the engine takes from the store. */
#include "wrl/fuel.h"

#include "error.h"
#include "store.h"

static wrl_error_t *check(const wrl_store_t *store)
{
    if (!store) {
        return wrl__error_null("store");
    }
    return store->engine->effort.takes_fuel
               ? NULL
               : wrl_error_new(WRL_ERROR_UNSUPPORTED, "the engine of the store takes no fuel: its config lacks `fuel`");
}

wrl_error_t *wrl_store_set_fuel(wrl_store_t *store, uint64_t fuel)
{
    wrl_error_t *error = check(store);
    return error ? error : store->backend->store_set_fuel(store->backend_store, fuel);
}

wrl_error_t *wrl_store_add_fuel(wrl_store_t *store, uint64_t fuel)
{
    wrl_error_t *error = check(store);
    if (error) {
        return error;
    }
    uint64_t left = wrl_store_fuel(store);
    if (fuel > UINT64_MAX - left) {
        return wrl__error_argument("fuel", "and what is left exceed UINT64_MAX");
    }
    return store->backend->store_set_fuel(store->backend_store, left + fuel);
}

uint64_t wrl_store_fuel(const wrl_store_t *store)
{
    return store && store->engine->effort.takes_fuel ? store->backend->store_fuel(store->backend_store) : 0;
}

wrl_error_t *wrl_caller_use_fuel(wrl_caller_t *caller, uint64_t fuel)
{
    if (!caller) {
        return wrl__error_null("caller");
    }
    wrl_store_t *store = caller->store;
    if (!store->engine->effort.takes_fuel) {
        return NULL;
    }
    uint64_t left = wrl_store_fuel(store);
    bool is_enough = fuel <= left;
    wrl_error_t *error = store->backend->store_set_fuel(store->backend_store, is_enough ? left - fuel : 0);
    return error || is_enough ? error : wrl_error_new_trap(WRL_TRAP_OUT_OF_FUEL, NULL);
}
