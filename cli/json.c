#include "json.h"

#include <inttypes.h>
#include <string.h>
#include <wrl/hidden.h>

#include "text.h"

/* Groups that are nested deeper than this are written on one line. */
#define MAX_BROKEN_DEPTH 2u

static void break_line(json_t *json)
{
    fprintf(json->out, "\n%*s", (int)(2 * json->depth), "");
}

static void before_value(json_t *json)
{
    if (json->has_key) {
        json->has_key = false;
        return;
    }
    if (json->depth == 0) {
        return;
    }
    if (json->has_items) {
        fputc(',', json->out);
    }
    if (json->depth <= MAX_BROKEN_DEPTH) {
        break_line(json);
    } else if (json->has_items) {
        fputc(' ', json->out);
    }
    json->has_items = true;
}

static void open_group(json_t *json, char bracket)
{
    before_value(json);
    fputc(bracket, json->out);
    json->depth++;
    json->has_items = false;
}

static void close_group(json_t *json, char bracket)
{
    json->depth--;
    if (json->has_items && json->depth < MAX_BROKEN_DEPTH) {
        break_line(json);
    }
    fputc(bracket, json->out);
    json->has_items = true; /* The group itself is an item of the enclosing group. */
}

/* Writes a hidden character as one or two UTF-16 escapes. */
static void write_escape(FILE *out, uint32_t c)
{
    if (c >= 0x10000) {
        fprintf(out, "\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)));
        c = 0xdc00 + (c & 0x3ff);
    }
    fprintf(out, "\\u%04x", (unsigned)c);
}

static void write_string(json_t *json, const char *data, size_t size)
{
    FILE *out = json->out;
    uint32_t c;
    fputc('"', out);
    for (size_t i = 0; i < size;) {
        size_t length = text_decode(data + i, size - i, &c);
        if (length == 0) {
            fputs("\xef\xbf\xbd", out);
            i++;
            continue;
        }
        if (c == '"' || c == '\\') {
            fputc('\\', out);
            fputc((int)c, out);
        } else if (wrl_is_hidden(c)) {
            write_escape(out, c);
        } else {
            fwrite(data + i, 1, length, out);
        }
        i += length;
    }
    fputc('"', out);
}

void json_begin(json_t *json, FILE *out)
{
    json->out = out;
    json->depth = 0;
    json->has_items = false;
    json->has_key = false;
}

void json_end(json_t *json)
{
    fputc('\n', json->out);
}

void json_object(json_t *json)
{
    open_group(json, '{');
}

void json_object_end(json_t *json)
{
    close_group(json, '}');
}

void json_array(json_t *json)
{
    open_group(json, '[');
}

void json_array_end(json_t *json)
{
    close_group(json, ']');
}

void json_key(json_t *json, const char *key)
{
    before_value(json);
    write_string(json, key, strlen(key));
    fputs(": ", json->out);
    json->has_key = true;
}

void json_string(json_t *json, const char *data, size_t size)
{
    before_value(json);
    write_string(json, data, size);
}

void json_text(json_t *json, const char *text)
{
    if (text) {
        json_string(json, text, strlen(text));
    } else {
        json_null(json);
    }
}

void json_number(json_t *json, uint64_t value)
{
    before_value(json);
    fprintf(json->out, "%" PRIu64, value);
}

void json_bool(json_t *json, bool value)
{
    before_value(json);
    fputs(value ? "true" : "false", json->out);
}

void json_null(json_t *json)
{
    before_value(json);
    fputs("null", json->out);
}
