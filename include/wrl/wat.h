/**
 * @file
 * The WebAssembly text format.
 */
#ifndef WRL_WAT_H
#define WRL_WAT_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Whether this build of the library reads the text format. Any thread. */
WRL_API bool wrl_wat_supported(void);

/**
 * Translates text to the binary format.
 *
 * @param text  Text in UTF-8, without need of a NUL at its end. Bytes that are a binary module already (they start with
 *              NUL "asm") are copied as they are.
 * @param size  In bytes.
 * @param wasm  Gets the bytes, to be given to wrl_bytes_delete().
 *
 * Errors: MALFORMED for text that is not WAT, with line and column, and the text around the place, which "^" marks, and
 * for a `(module binary "…")` whose bytes do not start with NUL "asm"; RESOURCE_LIMIT for text whose labels would take
 * more than seconds to resolve, and if the thread has less than 32 KiB of native stack left; UNSUPPORTED if this build
 * has no text format; OUT_OF_MEMORY, INVALID_ARGUMENT. The result is not looked at any further: wrl_module_new() does,
 * and refuses what is no module, or no valid one. Any thread.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_wat_to_wasm(const char *text, size_t size, wrl_bytes_t *wasm);

#ifdef __cplusplus
}
#endif

#endif
