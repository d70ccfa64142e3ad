/* Writes readable JSON (RFC 8259) in UTF-8. The caller checks the stream for write errors. */
#ifndef CLI_JSON_H
#define CLI_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct json {
    FILE *out;
    unsigned depth;
    bool has_items; /* The innermost object or array already has an item. */
    bool has_key;   /* A key was written, but not yet its value. */
} json_t;

void json_begin(json_t *json, FILE *out);
void json_end(json_t *json);

void json_object(json_t *json);
void json_object_end(json_t *json);
void json_array(json_t *json);
void json_array_end(json_t *json);

/* Writes the key of the next value in an object. */
void json_key(json_t *json, const char *key);

/* Writes a string. Accepts any bytes. Each byte that is not part of a well-formed character becomes U+FFFD. */
void json_string(json_t *json, const char *data, size_t size);
/* Writes a string, or null for NULL. */
void json_text(json_t *json, const char *text);
void json_number(json_t *json, uint64_t value);
void json_bool(json_t *json, bool value);
void json_null(json_t *json);

#endif
