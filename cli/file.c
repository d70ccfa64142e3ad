#define _POSIX_C_SOURCE 200809L

#include "file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char too_large[] = "larger than 1 GiB, the maximum size of a module";

/* Checks the file before it is read. Returns NULL or the problem. `expected` receives the size, or 0 if unknown. */
static const char *check_kind(FILE *file, size_t *expected)
{
    struct stat status;
    *expected = 0;
    if (fstat(fileno(file), &status) != 0) {
        /* This happens for Node's standard input under Emscripten. Reading will report real errors. */
        return NULL;
    }
    if (S_ISDIR(status.st_mode)) {
        return strerror(EISDIR);
    }
    if (S_ISREG(status.st_mode)) {
        if (status.st_size > (off_t)FILE_MAX_SIZE) {
            return too_large;
        }
        *expected = (size_t)status.st_size;
    }
    return NULL;
}

/* Enlarges the buffer, up to one byte more than the maximum size. The extra byte detects a file that is too large. */
static bool grow(file_bytes_t *bytes, size_t *room)
{
    size_t wanted = *room < 65536 ? 65536 : *room * 2;
    if (wanted > FILE_MAX_SIZE + 1) {
        wanted = FILE_MAX_SIZE + 1;
    }
    char *data = realloc(bytes->data, wanted);
    if (!data) {
        return false;
    }
    bytes->data = data;
    *room = wanted;
    return true;
}

static const char *read_all(FILE *file, file_bytes_t *bytes)
{
    size_t room;
    const char *problem = check_kind(file, &room);
    if (problem) {
        return problem;
    }
    room++;
    bytes->data = malloc(room);
    if (!bytes->data) {
        return strerror(ENOMEM);
    }
    for (;;) {
        errno = 0;
        bytes->size += fread(bytes->data + bytes->size, 1, room - bytes->size, file);
        if (ferror(file)) {
            return strerror(errno ? errno : EIO);
        }
        if (bytes->size < room) {
            return NULL;
        }
        if (bytes->size > FILE_MAX_SIZE) {
            return too_large;
        }
        if (!grow(bytes, &room)) {
            return strerror(ENOMEM);
        }
    }
}

const char *file_read(const char *path, file_bytes_t *bytes)
{
    bytes->data = NULL;
    bytes->size = 0;
    bool is_stdin = strcmp(path, "-") == 0;
    FILE *file = is_stdin ? stdin : fopen(path, "rb");
    if (!file) {
        return strerror(errno);
    }
    const char *problem = read_all(file, bytes);
    if (!is_stdin) {
        fclose(file);
    }
    if (problem) {
        free(bytes->data);
        bytes->data = NULL;
        bytes->size = 0;
    }
    return problem;
}
