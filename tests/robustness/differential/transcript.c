#include "transcript.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Part of every message of the test's host functions. If a backend rejects a host function's result, the message is the
 * backend's own. */
#define OWN_WORDS "the host"
/* The maximum size, for guests that call the host again and again. */
#define MAX_SIZE ((size_t)1 << 20)

static bool make_room(transcript_t *transcript, size_t size)
{
    size_t needed = transcript->size + size + 1;
    if (needed > MAX_SIZE) {
        return false;
    }
    if (needed > transcript->capacity) {
        transcript->capacity = needed * 2;
        transcript->data = (char *)realloc(transcript->data, transcript->capacity);
        if (!transcript->data) {
            (void)fprintf(stderr, "differential: out of memory\n");
            exit(2);
        }
    }
    return true;
}

void say(transcript_t *transcript, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (size > 0 && make_room(transcript, (size_t)size)) {
        va_start(arguments, format);
        (void)vsnprintf(transcript->data + transcript->size, (size_t)size + 1, format, arguments);
        va_end(arguments);
        transcript->size += (size_t)size;
    }
}

void say_error(transcript_t *transcript, wrl_error_t *error)
{
    say(transcript, "%s", wrl_error_kind_name(wrl_error_kind(error)));
    if (wrl_error_trap_code(error) != WRL_TRAP_NONE) {
        say(transcript, ": %s", wrl_trap_code_name(wrl_error_trap_code(error)));
    } else if (wrl_error_kind(error) == WRL_ERROR_HOST && strstr(wrl_error_message(error), OWN_WORDS)) {
        say(transcript, ": %s", wrl_error_message(error));
    }
    wrl_error_delete(error);
}

uint64_t mix(uint64_t a, uint64_t b)
{
    uint64_t z = a * UINT64_C(0x9e3779b97f4a7c15) + b + UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

uint64_t hash_bytes(const void *data, size_t size)
{
    const uint8_t *bytes = (const uint8_t *)data;
    uint64_t hash = size;
    for (; size >= sizeof(uint64_t); bytes += sizeof(uint64_t), size -= sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes, sizeof(word));
        hash = (hash ^ word) * UINT64_C(0x9fb21c651e98df25);
        hash ^= hash >> 29;
    }
    for (; size; bytes++, size--) {
        hash = mix(hash, *bytes);
    }
    return hash;
}
