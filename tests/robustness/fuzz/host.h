/* The host of a fuzzed guest: makes everything the guest imports, and values of any type. */
#ifndef WRL_TESTS_FUZZ_HOST_H
#define WRL_TESTS_FUZZ_HOST_H

#include "wrl.h"

/* Prints the problem and aborts. libFuzzer reports the abort as a crash. */
_Noreturn void give_up(const char *why);

/* Checks that an error's message is one line that is not empty. Deletes the error. NULL is allowed. */
void expect_good_error(wrl_error_t *error);

typedef struct host {
    wrl_store_t *store;
    uint64_t random;
    size_t owned;     /* The number of finalizers that must run, one for each host function and reference. */
    size_t finalized; /* The number of finalizers that have run. */
    size_t calls;     /* The number of calls by the guest. */
} host_t;

/* Makes an ordinary value of a type. References are null or new. */
wrl_val_t host_value(host_t *host, wrl_valtype_t type);

/* Makes everything that the module imports, of the imported types. Imports that the engine refuses to make are
 * missing. */
wrl_imports_t *host_imports(host_t *host, const wrl_module_t *module);

#endif
