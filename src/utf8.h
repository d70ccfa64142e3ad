/* UTF-8. */
#ifndef WRL_SRC_UTF8_H
#define WRL_SRC_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Returns the length of the UTF-8 sequence at the start of the bytes, or 0 if they do not start with a valid one. */
size_t wrl__utf8_sequence(const uint8_t *bytes, size_t size);

/* Whether all bytes are valid UTF-8. */
bool wrl__utf8_valid(const uint8_t *bytes, size_t size);

#endif
