/* Finds modules that have exception handlers. */
#ifndef WRL_SRC_BINARY_HANDLERS_H
#define WRL_SRC_BINARY_HANDLERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Whether a module that was read may have a handler that catches all exceptions: catch_all of the legacy proposal. */
bool wrl__may_catch_all(const uint8_t *bytes, size_t size);

#endif
