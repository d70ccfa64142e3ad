#define _POSIX_C_SOURCE 200809L

#include "nearest.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

#define NEAREST_NAMES 3
#define SEARCHED_NAMES 10000
#define COMPARED_SIZE 64 /* Longer names are not compared, because the cost is quadratic. */

typedef struct name {
    const char *data;
    size_t size;
    size_t distance; /* From the wanted name. */
} name_t;

/* Returns the Levenshtein distance in bytes. Both names have at most COMPARED_SIZE bytes. */
static size_t distance_of(const name_t *a, const name_t *b)
{
    size_t row[COMPARED_SIZE + 1];
    for (size_t j = 0; j <= b->size; j++) {
        row[j] = j;
    }
    for (size_t i = 0; i < a->size; i++) {
        size_t diagonal = row[0];
        row[0] = i + 1;
        for (size_t j = 0; j < b->size; j++) {
            size_t replaced = diagonal + (a->data[i] != b->data[j]);
            diagonal = row[j + 1];
            size_t least = diagonal < row[j] ? diagonal + 1 : row[j] + 1;
            row[j + 1] = replaced < least ? replaced : least;
        }
    }
    return row[b->size];
}

/* Inserts a name into the sorted list of the nearest ones if it belongs there. Returns the new length of the list. */
static size_t insert(name_t nearest[NEAREST_NAMES], size_t count, const name_t *candidate)
{
    if (count == NEAREST_NAMES && nearest[count - 1].distance <= candidate->distance) {
        return count;
    }
    size_t place = count < NEAREST_NAMES ? count : NEAREST_NAMES - 1;
    for (; place > 0 && nearest[place - 1].distance > candidate->distance; place--) {
        nearest[place] = nearest[place - 1];
    }
    nearest[place] = *candidate;
    return count < NEAREST_NAMES ? count + 1 : count;
}

/* Finds the nearest exported functions, nearest first. Omits names that are too different. Returns their number. */
static size_t find_nearest(const wrl_module_t *module, const name_t *wanted, name_t nearest[NEAREST_NAMES])
{
    size_t count = 0;
    size_t furthest = wanted->size / 3 + 2;
    wrl_exporttype_t item;
    if (wanted->size > COMPARED_SIZE) {
        return 0;
    }
    for (size_t i = 0; i < SEARCHED_NAMES && wrl_module_export(module, i, &item); i++) {
        name_t candidate = {item.name, item.name_size, 0};
        size_t difference =
            candidate.size > wanted->size ? candidate.size - wanted->size : wanted->size - candidate.size;
        if (item.type.kind != WRL_EXTERN_FUNC || candidate.size > COMPARED_SIZE || difference > furthest) {
            continue;
        }
        candidate.distance = distance_of(wanted, &candidate);
        if (candidate.distance <= furthest) {
            count = insert(nearest, count, &candidate);
        }
    }
    return count;
}

static void write_message(FILE *out, const wrl_module_t *module, const char *name, wrl_externkind_t found)
{
    const name_t wanted = {name, strlen(name), 0};
    name_t nearest[NEAREST_NAMES];
    if (found != WRL_EXTERN_NONE) {
        fputs("the export ", out);
        text_print_quoted(out, name, wanted.size);
        fprintf(out, " is a %s, not a function", wrl_externkind_name(found));
        return;
    }
    fputs("no function ", out);
    text_print_quoted(out, name, wanted.size);
    fputs(" is exported", out);
    size_t count = find_nearest(module, &wanted, nearest);
    for (size_t i = 0; i < count; i++) {
        fputs(i > 0 ? ", " : count > 1 ? "; the nearest names are " : "; the nearest name is ", out);
        text_print_quoted(out, nearest[i].data, nearest[i].size);
    }
}

wrl_error_t *nearest_error(const wrl_module_t *module, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    wrl_exporttype_t found;
    (void)wrl_module_get_export(module, name, &found);
    /* If the module does export the function, the lookup in the store failed because memory ran out. */
    FILE *out = found.type.kind == WRL_EXTERN_FUNC ? NULL : open_memstream(&text, &size);
    if (!out) {
        return wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    }
    write_message(out, module, name, found.type.kind);
    bool written = fclose(out) == 0;
    wrl_error_t *error =
        written ? wrl_error_new(WRL_ERROR_INVALID_ARGUMENT, text) : wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
    free(text);
    return error;
}
