/* Reading whole files. */
#ifndef CLI_FILE_H
#define CLI_FILE_H

#include <stddef.h>

typedef struct file_bytes {
    char *data; /* The caller passes it to free(). */
    size_t size;
} file_bytes_t;

/* The maximum size of a module in web embeddings. The limit also keeps an endless file (a device, a pipe) from using
 * all memory. */
#define FILE_MAX_SIZE ((size_t)1 << 30)

/* Reads a whole file, or standard input if `path` is "-". Returns NULL, or a description of the problem, in static
 * storage or in that of strerror(). */
const char *file_read(const char *path, file_bytes_t *bytes);

#endif
