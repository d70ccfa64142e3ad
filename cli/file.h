/* Reading whole files. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stddef.h>

typedef struct file_bytes {
    char *data; /* To be given to free(). */
    size_t size;
} file_bytes_t;

/* Larger files are no modules; a limit keeps an endless one (a device, a pipe) from taking all memory. It is the limit
 * that web embeddings put on a module. */
#define FILE_MAX_SIZE ((size_t)1 << 30)

/* Reads all of a file, or of standard input if `path` is "-". Returns NULL, or what went wrong, in static storage or in
 * that of strerror(). */
const char *file_read(const char *path, file_bytes_t *bytes);

#endif
