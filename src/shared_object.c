/* dladdr() and RTLD_DEFAULT are not POSIX, but glibc, musl, the BSDs and macOS have them. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "shared_object.h"

#include "error.h"

#include <stdio.h>
#include <string.h>

#if defined(__EMSCRIPTEN__) || defined(WRL_NO_SHARED_OBJECTS)

wrl_error_t *wrl_shared_object_open(const char *path, wrl_backend_open_t *open)
{
    *open = NULL;
    return wrl_error_format(WRL_ERROR_UNSUPPORTED, "path: %s: this host has no shared objects", path);
}

bool wrl_shared_object_find(const char *name, char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    (void)name;
    (void)path;
    return false;
}

void wrl_shared_object_each(void (*visit)(void *context, const char *path), void *context)
{
    (void)visit;
    (void)context;
}

#else

#include <dirent.h>
#include <dlfcn.h>
#include <unistd.h>

#define PREFIX "wrl-"
#define SUFFIX ".so"

typedef void *open_function_t(const char *path, int mode);

/*
 * dlopen(), or NULL in a program that is linked statically. It is asked for by its name, as glibc warns whoever links a
 * static program with a reference to it, whether it is ever called or not.
 */
static open_function_t *find_dlopen(void)
{
    open_function_t *function = NULL;
    void *found = dlsym(RTLD_DEFAULT, "dlopen");
    if (found) {
        memcpy(&function, &found, sizeof function);
    }
    return function;
}

/* "…/libNAME.so", "…/wrl-NAME.so", "…/NAME.so" -> "wrl_backend_NAME". */
static bool symbol_of(const char *path, char *symbol, size_t size)
{
    const char *file = strrchr(path, '/');
    file = file ? file + 1 : path;
    if (strncmp(file, "lib", 3) == 0) {
        file += 3;
    }
    if (strncmp(file, PREFIX, 4) == 0) {
        file += 4;
    }
    size_t length = strcspn(file, ".");
    int written = snprintf(symbol, size, "wrl_backend_%.*s", (int)(length < 256 ? length : 256), file);
    for (char *c = symbol; *c; c++) {
        if (*c == '-') {
            *c = '_';
        }
    }
    return length > 0 && length < 256 && written > 0 && (size_t)written < size;
}

wrl_error_t *wrl_shared_object_open(const char *path, wrl_backend_open_t *open)
{
    char symbol[512];
    *open = NULL;
    open_function_t *open_object = find_dlopen();
    if (!open_object) {
        return wrl_error_format(WRL_ERROR_UNSUPPORTED,
                                "path: %s: this program is linked statically and cannot load shared objects; link the "
                                "backend with it, and register it with wrl_backend_register()",
                                path);
    }
    if (!symbol_of(path, symbol, sizeof symbol)) {
        return wrl_error_format(WRL_ERROR_IO, "path: %s: the file's name does not tell the name of a backend", path);
    }
    /* Without a slash dlopen would search the system's folders, which is not what a path means. */
    char local[WRL_SHARED_OBJECT_PATH_SIZE];
    if (!strchr(path, '/')) {
        (void)snprintf(local, sizeof local, "./%s", path);
        path = local;
    }
    void *object = open_object(path, RTLD_NOW | RTLD_LOCAL);
    if (!object) {
        const char *why = dlerror();
        return wrl_error_format(WRL_ERROR_IO, "path: cannot load the backend: %s", why ? why : path);
    }
    void *found = dlsym(object, symbol);
    if (!found) {
        (void)dlclose(object);
        return wrl_error_format(WRL_ERROR_IO, "path: %s: is no backend, it lacks the symbol %s", path, symbol);
    }
    /* The object is kept: engines leave threads, handlers and thread-local data behind, so it could never be closed. */
    memcpy(open, &found, sizeof *open);
    return NULL;
}

/* The folder of the file that holds this code: the shared library, or the program it was linked into. */
static bool own_folder(char folder[WRL_SHARED_OBJECT_PATH_SIZE])
{
    if (!find_dlopen()) {
        return false; /* What lies there could not be loaded. */
    }
    Dl_info info;
    void *here;
    bool (*self)(char[WRL_SHARED_OBJECT_PATH_SIZE]) = own_folder;
    memcpy(&here, &self, sizeof here);
    if (!dladdr(here, &info) || !info.dli_fname) {
        return false;
    }
    const char *slash = strrchr(info.dli_fname, '/');
    int length = slash ? (int)(slash - info.dli_fname) : 1;
    int written = snprintf(folder, WRL_SHARED_OBJECT_PATH_SIZE, "%.*s", length, slash ? info.dli_fname : ".");
    return written > 0 && written < WRL_SHARED_OBJECT_PATH_SIZE;
}

/* Beside a library lies "wrl"; beside a program that holds the library, "../lib/wrl". */
static const char *const places[] = {"wrl", "../lib/wrl"};

#define PLACE_COUNT (sizeof places / sizeof places[0])

bool wrl_shared_object_find(const char *name, char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    char folder[WRL_SHARED_OBJECT_PATH_SIZE];
    if (!own_folder(folder)) {
        return false;
    }
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        int written =
            snprintf(path, WRL_SHARED_OBJECT_PATH_SIZE, "%s/%s/%s%s%s", folder, places[i], PREFIX, name, SUFFIX);
        if (written > 0 && written < WRL_SHARED_OBJECT_PATH_SIZE && access(path, R_OK) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_backend_file(const char *file)
{
    size_t length = strlen(file);
    return length > strlen(PREFIX SUFFIX) && strncmp(file, PREFIX, strlen(PREFIX)) == 0 &&
           strcmp(file + length - strlen(SUFFIX), SUFFIX) == 0;
}

static void visit_folder(const char *folder, void (*visit)(void *context, const char *path), void *context)
{
    DIR *open = opendir(folder);
    if (!open) {
        return;
    }
    for (const struct dirent *item = readdir(open); item; item = readdir(open)) {
        char path[WRL_SHARED_OBJECT_PATH_SIZE];
        if (!is_backend_file(item->d_name)) {
            continue;
        }
        int written = snprintf(path, sizeof path, "%s/%s", folder, item->d_name);
        if (written > 0 && (size_t)written < sizeof path) {
            visit(context, path);
        }
    }
    (void)closedir(open);
}

void wrl_shared_object_each(void (*visit)(void *context, const char *path), void *context)
{
    char folder[WRL_SHARED_OBJECT_PATH_SIZE];
    if (!own_folder(folder)) {
        return;
    }
    for (size_t i = 0; i < PLACE_COUNT; i++) {
        char place[WRL_SHARED_OBJECT_PATH_SIZE];
        int written = snprintf(place, sizeof place, "%s/%s", folder, places[i]);
        if (written > 0 && (size_t)written < sizeof place) {
            visit_folder(place, visit, context);
        }
    }
}

#endif
