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

/** Returns whether this build of the library supports the text format. Any thread. */
WRL_API bool wrl_wat_supported(void);

/**
 * Translates text to the binary format. Does not check the result any further: wrl_module_new() does, and rejects
 * malformed and invalid modules. Any thread.
 *
 * @param text  Text in UTF-8, which need not end with NUL. Bytes that are already a binary module (they start with NUL
 *              "asm") are copied as they are.
 * @param size  In bytes.
 * @param wasm  Receives the bytes, which the caller frees with wrl_bytes_delete().
 *
 * Errors:
 * - MALFORMED for text that is not WAT. The message has line and column, and the surrounding text with a "^" at the
 *   error.
 * - MALFORMED for a `(module binary "…")` whose bytes do not start with NUL "asm".
 * - RESOURCE_LIMIT for text whose labels would take more than a few seconds to resolve, and if the thread has less than
 *   32 KiB of native stack left.
 * - UNSUPPORTED if this build does not support the text format.
 * - OUT_OF_MEMORY, INVALID_ARGUMENT.
 */
WRL_API WRL_NODISCARD wrl_error_t *wrl_wat_to_wasm(const char *text, size_t size, wrl_bytes_t *wasm);

#ifdef __cplusplus
}
#endif

#endif
