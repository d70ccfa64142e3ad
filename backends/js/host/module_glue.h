/* The JS side of modules and instances (module_glue.c). */
#ifndef WRL_BACKEND_JS_MODULE_GLUE_H
#define WRL_BACKEND_JS_MODULE_GLUE_H

int wrl__js_validate(const void *bytes, int size);
int wrl__js_compile(const void *bytes, int size);
/* Compiles a copy of the bytes, and calls wrl__jsb_on_compiled later. */
int wrl__js_compile_async(const void *bytes, int size, void *job);

/* The kind of an import that is a shim. */
enum { JS_IMPORT_SHIM = 0 };
/* Makes an instance. `names` points to wrl_import_name_t structs. `imports` contains two numbers for each import: kind
 * and id. `room` is js_module_t::room. */
int wrl__js_instance(const void *store, int module, int shims, const void *names, const void *imports, int count,
                     int room);
int wrl__js_export(const void *store, int instance, const char *name, int size, int is_func);

#endif
