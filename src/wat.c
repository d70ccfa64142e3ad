#include "wrl/wat.h"

#include "alloc.h"
#include "engine.h"
#include "error.h"

#include <string.h>

#ifdef WRL_HAVE_WAT

/* Defined and documented in wat/glue. */
int32_t wrl__wat_glue_translate(const uint8_t *text, size_t size, uint8_t **data, size_t *data_size);
void wrl__wat_glue_free(uint8_t *data, size_t size);

bool wrl_wat_supported(void)
{
    return true;
}

static wrl_error_t *text_error(const char *words, size_t size)
{
    wrl_text_t text = {0};
    wrl__text_add(&text, "malformed text: ");
    wrl__text_add_words(&text, words, size);
    return wrl__error_from_text(WRL_ERROR_MALFORMED, &text);
}

/* Copies the glue's bytes to memory of this library's allocator. */
static wrl_error_t *copy(const uint8_t *data, size_t size, wrl_bytes_t *wasm)
{
    uint8_t *bytes = (uint8_t *)wrl__alloc(size);
    if (!bytes) {
        return wrl__error_out_of_memory();
    }
    if (size) {
        memcpy(bytes, data, size);
    }
    wasm->data = bytes;
    wasm->size = size;
    return NULL;
}

/* The text may contain the bytes themselves, as (module binary "…"), which need not be a module. */
static wrl_error_t *copy_module(const uint8_t *data, size_t size, wrl_bytes_t *wasm)
{
    static const uint8_t magic[] = {0, 'a', 's', 'm'};
    static const char words[] = "the bytes of (module binary) do not start with \\00asm";
    bool is_module = size >= sizeof magic && memcmp(data, magic, sizeof magic) == 0;
    return is_module ? copy(data, size, wasm) : text_error(words, sizeof words - 1);
}

static wrl_error_t *translate(const char *text, size_t size, wrl_bytes_t *wasm)
{
    uint8_t *data = NULL;
    size_t data_size = 0;
    int32_t status = wrl__wat_glue_translate((const uint8_t *)text, size, &data, &data_size);
    wrl_error_t *error = NULL;
    if (status == 1) {
        error = copy_module(data, data_size, wasm);
    } else if (status == 2) {
        error = wrl_error_new(WRL_ERROR_RESOURCE_LIMIT, "the text has too many names in too many nested blocks");
    } else {
        error = text_error((const char *)data, data_size);
    }
    wrl__wat_glue_free(data, data_size);
    return error;
}

#else

bool wrl_wat_supported(void)
{
    return false;
}

static wrl_error_t *translate(const char *text, size_t size, wrl_bytes_t *wasm)
{
    (void)text;
    (void)size;
    (void)wasm;
    return wrl_error_new(WRL_ERROR_UNSUPPORTED, "the library was built without the text format");
}

#endif

wrl_error_t *wrl_wat_to_wasm(const char *text, size_t size, wrl_bytes_t *wasm)
{
    if (!wasm) {
        return wrl__error_null("wasm");
    }
    wasm->data = NULL;
    wasm->size = 0;
    if (!text && size) {
        return wrl__error_null("text");
    }
    wrl_error_t *error = wrl__error_impossible_size("size", size);
    error = error ? error : wrl__engine_check_text_stack();
    return error ? error : translate(text, size, wasm);
}
