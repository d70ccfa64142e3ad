/* Which modules have handlers of exceptions. */
#ifndef WRL_SRC_BINARY_HANDLERS_H
#define WRL_SRC_BINARY_HANDLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a module that was read may have a handler that catches all exceptions: catch_all of the legacy proposal. */
bool wrl_may_catch_all(const uint8_t *bytes, size_t size);

#endif
