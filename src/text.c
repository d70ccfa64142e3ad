#include "text.h"

#include "alloc.h"

#include <stdio.h>
#include <string.h>

void wrl__text_add_bytes(wrl_text_t *text, const char *bytes, size_t size)
{
    if (text->failed || size > SIZE_MAX - text->size - 1 ||
        !wrl__grow((void **)&text->data, &text->capacity, text->size + size + 1, 1)) {
        text->failed = true;
        return;
    }
    if (size) {
        memcpy(text->data + text->size, bytes, size);
    }
    text->size += size;
    text->data[text->size] = '\0';
}

void wrl__text_add(wrl_text_t *text, const char *words)
{
    wrl__text_add_bytes(text, words, strlen(words));
}

bool wrl__text_addv_any(wrl_text_t *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    /* For example "%ls" with an invalid wide character. */
    if (length < 0) {
        return false;
    }
    if (text->failed || !wrl__grow((void **)&text->data, &text->capacity, text->size + (size_t)length + 1, 1)) {
        text->failed = true;
        return true;
    }
    (void)vsnprintf(text->data + text->size, (size_t)length + 1, format, arguments);
    text->size += (size_t)length;
    return true;
}

void wrl__text_free(wrl_text_t *text)
{
    wrl__free(text->data);
    memset(text, 0, sizeof *text);
}
