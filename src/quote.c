/* Text of unknown origin in messages: names, and messages of engines. */
#include "text.h"
#include "utf8.h"
#include "wrl/hidden.h"

#define QUOTED_NAME_LIMIT 256
/* In bytes. An engine's message may quote names of any length. */
#define WORDS_LIMIT 1024

/* Decodes a valid UTF-8 sequence and returns whether the character is hidden. */
static bool is_hidden(const uint8_t *bytes, size_t length)
{
    uint32_t c = length == 1 ? bytes[0] : bytes[0] & 0x7Fu >> length;
    for (size_t i = 1; i < length; i++) {
        c = c << 6 | (bytes[i] & 0x3Fu);
    }
    return wrl_is_hidden(c);
}

void wrl__text_add_quoted(wrl_text_t *text, const char *name, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)name;
    bool cut = size > QUOTED_NAME_LIMIT;
    size_t end = cut ? QUOTED_NAME_LIMIT : size;
    wrl__text_add(text, "\"");
    for (size_t i = 0; i < end;) {
        size_t length = wrl__utf8_sequence(bytes + i, size - i);
        if (bytes[i] == '"' || bytes[i] == '\\') {
            wrl__text_addf(text, "\\%c", bytes[i]);
            i++;
        } else if (length == 0 || is_hidden(bytes + i, length)) {
            wrl__text_addf(text, "\\%02x", bytes[i]);
            i++;
        } else {
            wrl__text_add_bytes(text, name + i, length);
            i += length;
        }
    }
    wrl__text_add(text, cut ? "…\"" : "\"");
}

void wrl__text_add_words(wrl_text_t *text, const char *words, size_t size)
{
    while (size && (uint8_t)words[size - 1] <= ' ') {
        size--;
    }
    while (size && (uint8_t)*words <= ' ') {
        words++;
        size--;
    }
    bool after_space = false;
    size_t begin = text->size;
    for (size_t i = 0; i < size;) {
        if (text->size - begin >= WORDS_LIMIT) {
            wrl__text_add(text, "…");
            return;
        }
        size_t length = wrl__utf8_sequence((const uint8_t *)words + i, size - i);
        bool is_space = length == 0 || words[i] == ' ' || is_hidden((const uint8_t *)words + i, length);
        if (!is_space) {
            wrl__text_add_bytes(text, words + i, length);
        } else if (!after_space) {
            wrl__text_add(text, " ");
        }
        after_space = is_space;
        i += length ? length : 1;
    }
}
