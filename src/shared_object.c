/* dladdr() and RTLD_DEFAULT are not in POSIX, but glibc, musl, the BSDs and macOS have them. */
#define _GNU_SOURCE /* NOLINT(bugprone-reserved-identifier) */

#include "shared_object.h"

#include "error.h"
#include "stack.h"

#include <stdio.h>
#include <string.h>

#if defined(__EMSCRIPTEN__) || defined(WRL_NO_SHARED_OBJECTS)

wrl_error_t *wrl__shared_object_open(const char *path, wrl_backend_open_t *open)
{
    *open = NULL;
    return wrl__error_format(WRL_ERROR_UNSUPPORTED, "path: %s: this host does not support shared objects", path);
}

wrl_error_t *wrl__shared_object_open_installed(const char *name, wrl_backend_open_t *open,
                                               char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    (void)name;
    (void)path;
    *open = NULL;
    return NULL;
}

const char *wrl__shared_object_each(void (*visit)(void *context, const char *name, size_t size), void *context)
{
    (void)visit;
    (void)context;
    return NULL;
}

#else

#include "lock.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef __linux__
#include <sys/auxv.h>
#endif

/* The build defines both: the folder of installed backends, and the path from the folder of programs to that of
 * libraries. */
#ifndef WRL_INSTALLED_FOLDER
#define WRL_INSTALLED_FOLDER "/usr/local/lib/wrl"
#endif
#ifndef WRL_LIBRARIES_FROM_PROGRAMS
#define WRL_LIBRARIES_FROM_PROGRAMS "../lib"
#endif

#define PREFIX "wrl-"
#define SUFFIX ".so"

typedef void *open_function_t(const char *path, int mode);

/*
 * Returns dlopen(), or NULL in a program that is linked statically. The function is looked up by name: a reference to
 * it would make the linker print glibc's warning for every static program, even if dlopen() is never called.
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

/* Loads the file and finds the symbol in it. */
static wrl_error_t *load(const char *path, const char *symbol, wrl_backend_open_t *open)
{
    open_function_t *open_object = find_dlopen();
    if (!open_object) {
        return wrl__error_format(WRL_ERROR_UNSUPPORTED,
                                 "path: %s: this program is linked statically and cannot load shared objects; link the "
                                 "backend with it, and register it with wrl_backend_register()",
                                 path);
    }
    void *object = open_object(path, RTLD_NOW | RTLD_LOCAL);
    if (!object) {
        const char *why = dlerror();
        return wrl__error_format(WRL_ERROR_IO, "path: cannot load the backend: %s", why ? why : path);
    }
    void *found = dlsym(object, symbol);
    if (!found) {
        (void)dlclose(object);
        return wrl__error_format(WRL_ERROR_IO, "path: %s: is not a backend: it has no symbol %s", path, symbol);
    }
    /* The object is never closed: engines leave threads, handlers and thread-local data behind. */
    memcpy(open, &found, sizeof *open);
    return NULL;
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

wrl_error_t *wrl__shared_object_open(const char *path, wrl_backend_open_t *open)
{
    char symbol[512];
    *open = NULL;
    if (find_dlopen() && !symbol_of(path, symbol, sizeof symbol)) {
        return wrl__error_format(WRL_ERROR_IO, "path: %s: the file's name contains no backend name", path);
    }
    /* Without a slash, dlopen() would search the system's folders, which is not what a path means. */
    char local[WRL_SHARED_OBJECT_PATH_SIZE];
    if (!strchr(path, '/')) {
        (void)snprintf(local, sizeof local, "./%s", path);
        path = local;
    }
    return load(path, symbol, open);
}

/* ---- Where installed backends are ------------------------------------------------------------------------------- */

/* Cuts a path down to its folder. Returns false if the path is not absolute. */
static bool cut_to_folder(char *path)
{
    char *slash = strrchr(path, '/');
    if (path[0] != '/') {
        return false;
    }
    slash[slash == path] = '\0';
    return true;
}

#ifdef __linux__

static bool is_privileged(void)
{
    return getauxval(AT_SECURE) != 0;
}

/*
 * Finds the path of the file that is mapped at the address, as the kernel knows it. dladdr() reports the name by which
 * the file was loaded. That name may be relative to a folder that is no longer the current one, or may have been found
 * through PATH.
 */
static bool mapped_file(const void *address, char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    FILE *maps = fopen("/proc/self/maps", "re");
    if (!maps) {
        return false;
    }
    char line[WRL_SHARED_OBJECT_PATH_SIZE + 128];
    bool found = false;
    bool starts = true; /* Whether the next read begins a line. If not, it continues a line that was too long. */
    while (!found && fgets(line, sizeof line, maps)) {
        unsigned long long from, to;
        int name = 0;
        char *end = strchr(line, '\n');
        if (starts && end && sscanf(line, "%llx-%llx %*s %*s %*s %*s %n", &from, &to, &name) == 2 && name &&
            (uintptr_t)address >= from && (uintptr_t)address < to) {
            *end = '\0';
            /* "\012" may stand for a line end in the name. */
            found =
                line[name] == '/' && !strstr(line + name, "\\012") && strlen(line + name) < WRL_SHARED_OBJECT_PATH_SIZE;
            if (!found) {
                break;
            }
            memcpy(path, line + name, strlen(line + name) + 1);
        }
        starts = end != NULL;
    }
    (void)fclose(maps);
    return found;
}

#else

static bool is_privileged(void)
{
    return getuid() != geteuid() || getgid() != getegid();
}

static bool mapped_file(const void *address, char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    (void)address;
    (void)path;
    return false;
}

#endif

static bool real_path(const char *path, char real[WRL_SHARED_OBJECT_PATH_SIZE])
{
    char *found = realpath(path, NULL);
    bool fits = found && strlen(found) < WRL_SHARED_OBJECT_PATH_SIZE;
    if (fits) {
        memcpy(real, found, strlen(found) + 1);
    }
    free(found);
    return fits;
}

/* Finds the folder of the file that contains this code: the shared library or the program. The path is absolute.
 * Returns false if the folder is not known. */
static bool find_own_folder(char folder[WRL_SHARED_OBJECT_PATH_SIZE])
{
    void *here;
    bool (*self)(char[WRL_SHARED_OBJECT_PATH_SIZE]) = find_own_folder;
    memcpy(&here, &self, sizeof here);
    if (!mapped_file(here, folder)) {
        Dl_info info;
        if (!dladdr(here, &info) || !info.dli_fname || info.dli_fname[0] != '/' || !real_path(info.dli_fname, folder)) {
            return false;
        }
    }
    return cut_to_folder(folder);
}

/* Returns that folder, or NULL. The folder is determined once, because files may be moved while the program runs. */
static const char *own_folder(void)
{
    static wrl_lock_t lock = WRL_LOCK_INIT;
    static bool looked;
    static char folder[WRL_SHARED_OBJECT_PATH_SIZE];
    wrl__lock(&lock);
    if (!looked && !find_own_folder(folder)) {
        folder[0] = '\0';
    }
    looked = true;
    wrl__unlock(&lock);
    return folder[0] ? folder : NULL;
}

/* A folder of backends, and the folder around it. */
typedef struct place {
    char parent[WRL_SHARED_OBJECT_PATH_SIZE];
    char folder[WRL_SHARED_OBJECT_PATH_SIZE];
} place_t;

enum { BESIDE, BELOW_PREFIX, INSTALLED, PLACE_COUNT };

/* The native stack that the search for places takes, since each place holds paths. It is checked before calls of
 * functions that hold places. */
#define PLACE_STACK (6 * (size_t)WRL_SHARED_OBJECT_PATH_SIZE)

/* Reports place `index`, in the order of the search. Returns false if there is no such place. */
static bool get_place(int index, place_t *place)
{
    int written;
    if (index == INSTALLED) {
        (void)snprintf(place->folder, sizeof place->folder, "%s", WRL_INSTALLED_FOLDER);
        (void)snprintf(place->parent, sizeof place->parent, "%s", WRL_INSTALLED_FOLDER);
        return cut_to_folder(place->parent);
    }
    const char *own = own_folder();
    if (!own || is_privileged()) {
        return false;
    }
    if (index == BESIDE) {
        (void)snprintf(place->parent, sizeof place->parent, "%s", own);
    } else {
        written = snprintf(place->folder, sizeof place->folder, "%s/" WRL_LIBRARIES_FROM_PROGRAMS, own);
        if (written < 0 || (size_t)written >= sizeof place->folder || !real_path(place->folder, place->parent)) {
            return false;
        }
    }
    written = snprintf(place->folder, sizeof place->folder, "%s/wrl", place->parent);
    return written > 0 && (size_t)written < sizeof place->folder;
}

/* Returns why the file or folder must not be trusted, or NULL. */
static const char *distrust(const struct stat *status)
{
    if (status->st_uid != 0 && status->st_uid != geteuid()) {
        return "it belongs to another user";
    }
    if ((status->st_mode & (S_IWGRP | S_IWOTH)) && !(S_ISDIR(status->st_mode) && (status->st_mode & S_ISVTX))) {
        return (status->st_mode & S_IWOTH) ? "all users may write to it" : "its group may write to it";
    }
    return NULL;
}

static wrl_error_t *refuse(const char *file, const char *what, const char *why)
{
    return wrl__error_format(WRL_ERROR_IO, "path: %s: is not loaded: %s: %s", file, what, why);
}

/* Opens the file or folder, and checks what was opened. */
static wrl_error_t *check(const char *file, const char *path, int flags)
{
    struct stat status;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | flags);
    if (opened < 0) {
        return refuse(file, path, errno == EACCES ? "permission denied" : "it cannot be opened");
    }
    const char *why = fstat(opened, &status) != 0                            ? "it cannot be examined"
                      : !S_ISDIR(status.st_mode) && !S_ISREG(status.st_mode) ? "it is not a regular file"
                                                                             : distrust(&status);
    (void)close(opened);
    return why ? refuse(file, path, why) : NULL;
}

/*
 * Checks that only this user and root can change what is loaded: the folder, the folder around it, the file itself and,
 * if the file is a link, the folder of its target. The file is then loaded by its real path, not as /proc/self/fd/N:
 * debuggers, dladdr() and $ORIGIN would not find it under such a name, and the loader would mistake a later file with
 * the same N for this one. Anyone who could replace the file in between could also replace what has been checked.
 */
static wrl_error_t *check_safety(const place_t *place, const char *file, char real[WRL_SHARED_OBJECT_PATH_SIZE])
{
    char folder[WRL_SHARED_OBJECT_PATH_SIZE];
    wrl_error_t *error = check(file, place->parent, O_DIRECTORY);
    error = error ? error : check(file, place->folder, O_DIRECTORY);
    if (error) {
        return error;
    }
    if (!real_path(file, real)) {
        return refuse(file, file, "it cannot be opened");
    }
    memcpy(folder, real, sizeof folder);
    if (!cut_to_folder(folder)) {
        return refuse(file, real, "its path is not absolute");
    }
    error = check(file, folder, O_DIRECTORY);
    return error ? error : check(file, real, O_NOFOLLOW);
}

static WRL_APART wrl_error_t *open_installed(const char *name, wrl_backend_open_t *open,
                                             char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    char symbol[512];
    int symbol_size = snprintf(symbol, sizeof symbol, "wrl_backend_%s", name);
    if (!find_dlopen() || symbol_size < 0 || (size_t)symbol_size >= sizeof symbol) {
        return NULL; /* A file there could not be loaded. */
    }
    for (int i = 0; i < PLACE_COUNT; i++) {
        place_t place;
        char real[WRL_SHARED_OBJECT_PATH_SIZE];
        struct stat status;
        if (!get_place(i, &place)) {
            continue;
        }
        int written = snprintf(path, WRL_SHARED_OBJECT_PATH_SIZE, "%s/%s%s%s", place.folder, PREFIX, name, SUFFIX);
        if (written < 0 || written >= WRL_SHARED_OBJECT_PATH_SIZE || lstat(path, &status) != 0) {
            continue;
        }
        wrl_error_t *error = check_safety(&place, path, real);
        return error ? error : load(real, symbol, open);
    }
    return NULL;
}

wrl_error_t *wrl__shared_object_open_installed(const char *name, wrl_backend_open_t *open,
                                               char path[WRL_SHARED_OBJECT_PATH_SIZE])
{
    *open = NULL;
    return wrl__stack_has(PLACE_STACK) ? open_installed(name, open, path) : NULL;
}

static void visit_folder(const char *folder, void (*visit)(void *context, const char *name, size_t size), void *context)
{
    DIR *open = opendir(folder);
    if (!open) {
        return;
    }
    for (const struct dirent *item = readdir(open); item; item = readdir(open)) {
        const char *file = item->d_name;
        size_t length = strlen(file);
        if (length > strlen(PREFIX SUFFIX) && strncmp(file, PREFIX, strlen(PREFIX)) == 0 &&
            strcmp(file + length - strlen(SUFFIX), SUFFIX) == 0) {
            visit(context, file + strlen(PREFIX), length - strlen(PREFIX SUFFIX));
        }
    }
    (void)closedir(open);
}

static WRL_APART const char *visit_places(void (*visit)(void *context, const char *name, size_t size), void *context)
{
    if (!find_dlopen()) {
        return NULL;
    }
    for (int i = 0; i < PLACE_COUNT; i++) {
        place_t place;
        if (get_place(i, &place)) {
            visit_folder(place.folder, visit, context);
        }
    }
    return is_privileged() ? "this program runs with the rights of another user"
           : !own_folder() ? "the path of this program or library is unknown"
                           : NULL;
}

const char *wrl__shared_object_each(void (*visit)(void *context, const char *name, size_t size), void *context)
{
    return wrl__stack_has(PLACE_STACK) ? visit_places(visit, context)
                                       : "too little of this thread's native stack is left to search it";
}

#endif
