/*
 * wasmi under the thread sanitizer, which it is not compiled for: the sanitizer sees what wasmi's memory is used for,
 * by the functions of the C library that it knows (malloc, memset, memcpy), but not wasmi's locks, under which an
 * engine hands that memory from thread to thread. So it looks away while a thread is in wasmi. What the program's host
 * functions do meanwhile is not looked at either; the same tests look at it on other backends.
 *
 * This file takes the place of the functions that use what an engine shares.
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
        type result = wrl_wasmi_##name arguments;                                                                      \
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
    wrl_backend_entry_t entry = wrl_wasmi_func_entry(store, func, type);
    __tsan_ignore_thread_begin();
    wrl_error_t *error = entry(store, func, type, slots);
    __tsan_ignore_thread_end();
    return error;
}

static wrl_backend_entry_t unseen_func_entry(void *store, wrl_backend_ref_t func, const wrl_functype_t *type)
{
    return wrl_wasmi_func_entry(store, func, type) ? unseen_entry : NULL;
}

#define wrl_wasmi_module_new unseen_module_new
#define wrl_wasmi_module_validate unseen_module_validate
#define wrl_wasmi_instance_new unseen_instance_new
#define wrl_wasmi_func_entry unseen_func_entry

#endif
