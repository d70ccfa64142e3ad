/**
 * @file
 * Fuel: a limit on the work of guests.
 *
 * An engine with wrl_engine_config_t::fuel takes fuel from the store for the instructions that guests execute. A guest
 * that has too little left traps with WRL_TRAP_OUT_OF_FUEL. No guest can catch that trap. The store stays usable: with
 * new fuel, its guests run again. Everything that guests execute takes fuel, start functions included.
 *
 *     wrl_engine_config_t config = WRL_ENGINE_CONFIG_INIT;
 *     config.fuel = true;
 *     ...
 *     error = wrl_store_set_fuel(store, 10000000);
 *     error = error ? error : wrl_func_call(store, func, args, 1, &result, 1);
 *
 * How much fuel an instruction takes depends on the engine and its version: about one unit for most instructions, and
 * more for bulk operations, by their size (wasmtime: a unit for each byte or element; wasmi: a unit for each 64 bytes
 * or 4 elements, and 1,024 for each new page). The same guest with the same input takes the same fuel each time on one
 * engine.
 *
 * Fuel bounds the number of steps, not time. Where the engines are not exact:
 * - wasmtime checks the fuel at the beginning of functions and loops, so the code in between still runs. A guest whose
 *   fuel is at 0 may call host functions meanwhile, but wrl_caller_use_fuel() then returns the trap.
 * - On wasmtime a guest that traps for another reason loses all fuel, except after `unreachable` and a stack overflow.
 * - On wasmi a guest may run out of fuel with some units left that do not suffice for the next step.
 * - Some steps take much longer than others: see SECURITY.md.
 *
 * Errors of these functions: UNSUPPORTED for a store whose engine takes no fuel, INVALID_ARGUMENT for NULL. One thread
 * per store. Host functions may call all of them. Cost: some nanoseconds.
 */
#ifndef WRL_FUEL_H
#define WRL_FUEL_H

#include "func.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Sets the fuel that is left in the store, in units. A new store has none, so its guests trap. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_set_fuel(wrl_store_t *store, uint64_t fuel);

/** Adds fuel to what is left. INVALID_ARGUMENT, and no change, if the sum exceeds UINT64_MAX. */
WRL_API WRL_NODISCARD wrl_error_t *wrl_store_add_fuel(wrl_store_t *store, uint64_t fuel);

/** Returns the fuel that is left in the store, in units. Returns 0 for NULL, and if the engine takes no fuel. */
WRL_API uint64_t wrl_store_fuel(const wrl_store_t *store);

/**
 * Takes fuel for the work of a host function, which calls this before that work. If the store has less left, sets it to
 * 0 and returns a trap, WRL_TRAP_OUT_OF_FUEL, for the host function to return. Does nothing, and returns NULL, if the
 * engine takes no fuel, so that a host function can be used with any engine.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_caller_use_fuel(wrl_caller_t *caller, uint64_t fuel);

#ifdef __cplusplus
}
#endif

#endif
