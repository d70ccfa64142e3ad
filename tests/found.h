/* For test programs that pass errors on. Their guests have the exports: one that is not found could not be entered. */
#ifndef WRL_TESTS_FOUND_H
#define WRL_TESTS_FOUND_H

#include "wrl.h"

static inline wrl_error_t *found(bool is_there)
{
    return is_there ? NULL : wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, "an export was not found");
}

#endif
