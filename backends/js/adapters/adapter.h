/* What the files that write adapters share (adapter.c, ref.c). */
#ifndef WRL_BACKEND_JS_ADAPTER_H
#define WRL_BACKEND_JS_ADAPTER_H

#include "backend.h"
#include "binary/format.h"
#include "stack.h"

/* Of a module that calls into the guest, or reads and writes what is the guest's: the parameters of its function. */
enum { CALL_STORE, CALL_REF, CALL_SLOTS, CALL_PARAMS };
enum { SLOT = 16 };

/* The functions that adapters import for references, most of them JS's. For each kind, one brings a reference down from
 * the word in its slot, and the next one brings it up: (reference, address of the slot, store). */
enum {
    CONVERT_PROBE = 0,  /* (0), before references are brought up: see W.probe */
    CONVERT_EXTERN = 1, /* (word) -> externref */
    CONVERT_FUNC = 3,   /* (word) -> funcref */
    CONVERT_ANY = 5,    /* (word, store) -> anyref */
    CONVERT_REFUSE = 7, /* (store, kind of error) -> error, of what is of the wrong type */
    CONVERT_EXN = 8,    /* (word, store) -> exnref */
    CONVERTERS = 10
};

/* Where the slots are, and what converts references. */
typedef struct frame {
    uint32_t slots;      /* A local: their address. */
    uint32_t converters; /* The first of the functions that convert. */
    bool is_host;        /* How to find the store, see js_put_store. */
} frame_t;

static inline void op(wrl_writer_t *out, unsigned code, uint32_t index)
{
    wrl_put(out, code);
    wrl_put_u32(out, index);
}

static inline void access(wrl_writer_t *out, unsigned code, unsigned align, uint32_t offset)
{
    wrl_put(out, code);
    wrl_put_u32(out, align);
    wrl_put_u32(out, offset);
}

static inline void i32_const(wrl_writer_t *out, uint32_t value)
{
    wrl_put(out, OP_I32_CONST);
    wrl_put_i32(out, (int32_t)value);
}

/* A section, as a vector of so many parts; wrl_put_end ends it. */
size_t js_begin_section(wrl_writer_t *out, unsigned id, uint32_t count);
void js_put_type(wrl_writer_t *out, const wrl_valtype_t *type);
void js_put_export(wrl_writer_t *out, const char *name, unsigned kind, uint32_t index);
/* The types of the first so many functions that convert, and their imports; `type` is the first of their types. */
void js_put_converter_types(wrl_writer_t *out, uint32_t count);
void js_import_converters(wrl_writer_t *out, uint32_t count, uint32_t type);
/* The beginning of an import from the module "e", and the whole of that of the program's memory. */
void js_import(wrl_writer_t *out, const char *name, unsigned kind);
void js_import_memory(wrl_writer_t *out);
void js_put_store(wrl_writer_t *out, const frame_t *frame);
/* A value from slot `index` to the operand stack, and from a local to the slot. */
void js_load_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index);
void js_store_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index, uint32_t local);
/* After an address and a value that tells why: ends the guest by a trap, which it cannot catch, unlike an exception of
 * JS. Ends the block as well. */
void js_put_end_guest(wrl_writer_t *out);
/* Compiles what was written: 0 if that failed. */
int js_compile(wrl_writer_t *out);
/* The modules that a signature has: calls of its functions, one shim, and what imports a function of it. */
int js_compile_call(const wrl_core_t *core, const js_signature_t *signature);
int js_compile_shim(const wrl_core_t *core, js_signature_t *signature);
int js_compile_check(const wrl_core_t *core, const js_signature_t *signature);

#endif
