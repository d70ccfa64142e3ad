/* The host of a fuzzed guest: gives it all that it imports, and values of any type. */
#ifndef WRL_TESTS_FUZZ_HOST_H
#define WRL_TESTS_FUZZ_HOST_H

#include "wrl.h"

/* Says what is wrong and ends the program, which libFuzzer takes for a crash. */
_Noreturn void give_up(const char *why);

/* What an error has to be, whatever caused it: one line that says something. Deletes it. NULL is allowed. */
void expect_good_error(wrl_error_t *error);

typedef struct host {
    wrl_store_t *store;
    uint64_t random;
    size_t owned;     /* Host functions and references made, whose finalizers are to run. */
    size_t finalized; /* Those that have run. */
    size_t calls;     /* By the guest. */
} host_t;

/* An ordinary value of a type. References are null or new. */
wrl_val_t host_value(host_t *host, wrl_valtype_t type);

/* All that the module imports, made to the wanted types. Some may be missing, where the engine refuses to make them. */
wrl_imports_t *host_imports(host_t *host, const wrl_module_t *module);

#endif
