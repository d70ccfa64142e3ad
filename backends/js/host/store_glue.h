/* The JS side of stores and of what they contain (store_glue.c): globals, memories, tables and externrefs. */
#ifndef WRL_BACKEND_JS_STORE_GLUE_H
#define WRL_BACKEND_JS_STORE_GLUE_H

#include <stdint.h>

int wrl__js_store_new(void);
void wrl__js_store_delete(const void *store);

int wrl__js_global_new(const void *store, int kind, int is_mutable, const void *slot);
int wrl__js_global_adopt(const void *store, int module);
int wrl__js_global_access(int global, int module, void *slot, int set);
void wrl__js_global_get(const void *store, int global, int is_func, void *slot);
int wrl__js_global_set(int global, int is_func, const void *slot);

int wrl__js_memory_new(const void *store, double min, double max, int is_64, int is_shared);
double wrl__js_memory_size(int memory);
double wrl__js_memory_grow(int memory, double delta);
void wrl__js_memory_copy(int memory, double offset, void *buffer, int size, int write);

int wrl__js_table_new(const void *store, int is_func, double min, double max, int is_64, const void *slot);
double wrl__js_table_size(int table);
void wrl__js_table_get(const void *store, int table, double index, int is_64, int is_func, void *slot);
int wrl__js_table_set(int table, double index, int is_64, int is_func, const void *slot);
double wrl__js_table_grow(int table, double delta, int is_64, int is_func, const void *slot);

int wrl__js_externref(const void *store, uint32_t key);
/* See wrl_backend_t. */
void wrl__js_externref_release(const void *store, int externref, int is_foreign);
uint32_t wrl__js_externref_collected(const void *store);

#endif
