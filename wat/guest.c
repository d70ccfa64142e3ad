/*
 * The text format for builds that run guests but cannot link the Rust crate of wat/glue. The library contains this
 * crate compiled to a guest (guest.S), which exports the crate's functions. This file implements the same functions as
 * calls into that guest.
 */
#include "alloc.h"
#include "wrl.h"

#include <stdio.h>
#include <string.h>

#define PAGE_SIZE 65536u
/* The output parameters in the guest's memory, before the text: address and size of the answer, 32 bits each. */
#define ANSWER_SIZE 8u

extern const uint8_t wrl__wat_guest[];
extern const uint32_t wrl__wat_guest_size;

int32_t wrl__wat_glue_translate(const uint8_t *text, size_t size, uint8_t **data, size_t *data_size);
void wrl__wat_glue_free(uint8_t *data, size_t size);

/* One translation. */
typedef struct translation {
    wrl_store_t *store;
    wrl_func_t run;
    wrl_memory_t memory;
    uint32_t place; /* The address of the output parameters in the guest's memory. The text follows them. */
    int32_t status;
    uint8_t *data;
    size_t size;
} translation_t;

/* Returns the guest's module. Compiles it once and keeps it for the life of the process. */
static wrl_error_t *guest_module(wrl_module_t **module)
{
    static wrl_module_t *kept;
    wrl_error_t *error = NULL;
    if (!kept) {
        wrl_engine_t *engine;
        error = wrl_engine_new(NULL, &engine);
        if (!error) {
            error = wrl_module_new(engine, wrl__wat_guest, wrl__wat_guest_size, NULL, &kept);
            wrl_engine_release(engine);
        }
    }
    *module = kept;
    return error;
}

/* Makes an instance. Each translation has one of its own, so that the memory that the guest grew is released. */
static wrl_error_t *open_guest(translation_t *translation)
{
    wrl_module_t *module;
    wrl_instance_t instance;
    wrl_error_t *error = guest_module(&module);
    if (!error) {
        error = wrl_store_new(wrl_module_engine(module), NULL, &translation->store);
    }
    if (!error) {
        error = wrl_instance_new(translation->store, module, NULL, NULL, &instance);
    }
    if (error) {
        return error;
    }
    /* The guest has both exports, so a lookup only fails if memory runs out. */
    bool found = wrl_instance_get_func(translation->store, instance, "wrl__wat_glue_translate", &translation->run) &&
                 wrl_instance_get_memory(translation->store, instance, "memory", &translation->memory);
    return found ? NULL : wrl_error_new(WRL_ERROR_OUT_OF_MEMORY, NULL);
}

/* Writes the text to new pages of the guest's memory. The guest's allocator only uses pages that it grew itself. */
static wrl_error_t *put_text(translation_t *translation, const uint8_t *text, size_t size)
{
    const uint64_t pages = ((uint64_t)size + ANSWER_SIZE + PAGE_SIZE - 1) / PAGE_SIZE;
    uint64_t before;
    wrl_error_t *error = wrl_memory_grow(translation->store, translation->memory, pages, &before);
    if (!error) {
        translation->place = (uint32_t)before * PAGE_SIZE;
        error = wrl_memory_write(translation->store, translation->memory, translation->place + (uint64_t)ANSWER_SIZE,
                                 text, size);
    }
    return error;
}

static wrl_error_t *run_guest(translation_t *translation, size_t size)
{
    const wrl_val_t args[] = {
        wrl_val_i32((int32_t)(translation->place + ANSWER_SIZE)),
        wrl_val_i32((int32_t)size),
        wrl_val_i32((int32_t)translation->place),
        wrl_val_i32((int32_t)translation->place + 4),
    };
    wrl_val_t result;
    wrl_error_t *error =
        wrl_func_call(translation->store, translation->run, args, sizeof(args) / sizeof(args[0]), &result, 1);
    if (!error) {
        translation->status = result.of.i32;
    }
    return error;
}

static wrl_error_t *take_answer(translation_t *translation)
{
    uint32_t answer[2];
    wrl_error_t *error =
        wrl_memory_read(translation->store, translation->memory, translation->place, answer, sizeof(answer));
    if (error) {
        return error;
    }
    uint8_t *data = wrl__alloc(answer[1]);
    if (!data) {
        translation->status = 0;
        return NULL;
    }
    error = wrl_memory_read(translation->store, translation->memory, answer[0], data, answer[1]);
    translation->data = data;
    translation->size = answer[1];
    return error;
}

/* Replaces the answer by the error's message, and deletes the error. */
static void tell(translation_t *translation, wrl_error_t *error)
{
    static const char form[] = "the parser failed: %s";
    const char *words = wrl_error_message(error);
    const size_t size = sizeof(form) + strlen(words);
    wrl__free(translation->data);
    translation->status = 0;
    translation->data = wrl__alloc(size);
    translation->size = translation->data ? (size_t)snprintf((char *)translation->data, size, form, words) : 0;
    wrl_error_delete(error);
}

int32_t wrl__wat_glue_translate(const uint8_t *text, size_t size, uint8_t **data, size_t *data_size)
{
    translation_t translation = {0};
    wrl_error_t *error = open_guest(&translation);
    if (!error) {
        error = put_text(&translation, text, size);
    }
    if (!error) {
        error = run_guest(&translation, size);
    }
    if (!error) {
        error = take_answer(&translation);
    }
    if (error) {
        tell(&translation, error);
    }
    wrl_store_delete(translation.store);
    *data = translation.data;
    *data_size = translation.size;
    return translation.status;
}

void wrl__wat_glue_free(uint8_t *data, size_t size)
{
    (void)size;
    wrl__free(data);
}
