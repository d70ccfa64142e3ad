/*
 * wasmi under the thread sanitizer. wasmi is not instrumented: the sanitizer sees accesses to wasmi's memory by the
 * functions of the C library that it intercepts (malloc, memset, memcpy), but not wasmi's locks, under which an engine
 * passes that memory between threads. The sanitizer therefore ignores accesses by a thread that is in wasmi. It also
 * ignores accesses by the program's host functions that wasmi calls; the same tests check these on other backends.
 *
 * This file wraps the functions that use data which an engine shares between threads.
 */
#ifndef WRL_WASMI_TSAN_H
#define WRL_WASMI_TSAN_H

#include "glue.h"

void __tsan_ignore_thread_begin(void);
void __tsan_ignore_thread_end(void);

#define UNSEEN(type, name, parameters, arguments)                                                                      \
    static type unseen_##name parameters                                                                               \
    {                                                                                                                  \
        __tsan_ignore_thread_begin();                                                                                  \
        type result = wrl__wasmi_##name arguments;                                                                     \
        __tsan_ignore_thread_end();                                                                                    \
        return result;                                                                                                 \
    }

UNSEEN(wrl_error_t *, module_new, (void *engine, const uint8_t *bytes, size_t size, void **module),
       (engine, bytes, size, module))
UNSEEN(wrl_error_t *, module_validate, (void *engine, const uint8_t *bytes, size_t size), (engine, bytes, size))
UNSEEN(wrl_error_t *, instance_new,
       (void *store, void *module, const wrl_backend_extern_t *imports, size_t import_count, uint64_t key,
        wrl_backend_ref_t *instance),
       (store, module, imports, import_count, key, instance))

static wrl_error_t *unseen_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type, wrl_raw_t *slots)
{
    wrl_backend_entry_t entry = wrl__wasmi_func_entry(store, func, type);
    __tsan_ignore_thread_begin();
    wrl_error_t *error = entry(store, func, type, slots);
    __tsan_ignore_thread_end();
    return error;
}

static wrl_backend_entry_t unseen_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type)
{
    return wrl__wasmi_func_entry(store, func, type) ? unseen_entry : NULL;
}

#define wrl__wasmi_module_new unseen_module_new
#define wrl__wasmi_module_validate unseen_module_validate
#define wrl__wasmi_instance_new unseen_instance_new
#define wrl__wasmi_func_entry unseen_func_entry

#endif
