/* Functions for the files that write adapters. Implemented in adapter.c, except where noted. */
#ifndef WRL_BACKEND_JS_ADAPTER_H
#define WRL_BACKEND_JS_ADAPTER_H

#include "backend.h"
#include "binary/format.h"
#include "stack.h"

/* The parameters of functions that call the guest, or access its globals and tables. CALL_PARAMS is the first local. */
enum { CALL_STORE, CALL_REF, CALL_SLOTS, CALL_PARAMS };
enum { SLOT = 16 };

/*
 * The converters: functions that adapters import to convert references. Most of them are JS functions. There are two
 * for each kind of reference. The first takes the private data from the slot, and returns the reference for the guest.
 * The second takes (reference, address of the slot, store), and passes the reference to the host.
 */
enum {
    CONVERT_PROBE = 0,  /* (0), called before references are passed to the host: see W.probe */
    CONVERT_EXTERN = 1, /* (data) -> externref */
    CONVERT_FUNC = 3,   /* (data) -> funcref */
    CONVERT_ANY = 5,    /* (data, store) -> anyref */
    CONVERT_REFUSE = 7, /* (store, error kind) -> error for a reference of the wrong type */
    CONVERT_EXN = 8,    /* (data, store) -> exnref */
    CONVERTERS = 10
};

/* How an adapter accesses slots, converters and the store. */
typedef struct frame {
    uint32_t slots;      /* The local that holds the address of the slots. */
    uint32_t converters; /* The index of the first converter. */
    bool is_host;        /* Determines where the store is, see wrl__jsb_put_store. */
} frame_t;

static inline void op(wrl_writer_t *out, unsigned code, uint32_t index)
{
    wrl__put(out, code);
    wrl__put_u32(out, index);
}

static inline void access(wrl_writer_t *out, unsigned code, unsigned align, uint32_t offset)
{
    wrl__put(out, code);
    wrl__put_u32(out, align);
    wrl__put_u32(out, offset);
}

static inline void i32_const(wrl_writer_t *out, uint32_t value)
{
    wrl__put(out, OP_I32_CONST);
    wrl__put_i32(out, (int32_t)value);
}

/* Begins a section that is a vector of `count` parts. wrl__put_end ends the section. */
size_t wrl__jsb_begin_section(wrl_writer_t *out, unsigned id, uint32_t count);
/* Writes the function section with `count` functions. If `same` is true, all functions have type `type`; otherwise the
 * types are consecutive, starting at `type`. */
void wrl__jsb_put_functions(wrl_writer_t *out, uint32_t count, uint32_t type, bool same);
void wrl__jsb_put_type(wrl_writer_t *out, const wrl_valtype_t *type);
void wrl__jsb_put_func_type(wrl_writer_t *out, const js_signature_t *signature);
void wrl__jsb_put_export(wrl_writer_t *out, const char *name, unsigned kind, uint32_t index);
/* Returns how many converters the signature's adapters import. An engine may not support the types of the remaining
 * converters. */
uint32_t wrl__jsb_count_converters(const js_signature_t *signature);
/* Write the types of the first `count` converters, and their imports. `type` is the index of the first type. */
void wrl__jsb_put_converter_types(wrl_writer_t *out, uint32_t count);
void wrl__jsb_import_converters(wrl_writer_t *out, uint32_t count, uint32_t type);
/* wrl__jsb_import begins an import from the module "e". The other two write complete imports: one of a function, one of
 * the program's memory. */
void wrl__jsb_import(wrl_writer_t *out, const char *name, unsigned kind);
void wrl__jsb_import_func(wrl_writer_t *out, const char *name, uint32_t type);
void wrl__jsb_import_memory(wrl_writer_t *out);
void wrl__jsb_put_store(wrl_writer_t *out, const frame_t *frame);
/* Loads an i32 at the address `place` of the program's memory. */
void wrl__jsb_load_i32(wrl_writer_t *out, uint32_t place);
/* Loads or stores a number. */
void wrl__jsb_access_number(wrl_writer_t *out, wrl_valkind_t kind, bool store, uint32_t offset);
/* Calls the probe if one of the types is a reference type. The probe ends the call if the engine's stack has too little
 * space left to pass references to the host. */
void wrl__jsb_put_probe(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *types, size_t count);
/* Load the value in slot `index`, and store a local in slot `index`. */
void wrl__jsb_load_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index);
void wrl__jsb_store_slot(wrl_writer_t *out, const frame_t *frame, const wrl_valtype_t *type, size_t index,
                         uint32_t local);
/* Stores the reason and traps. Expects the address for the reason, and the reason, on the operand stack. Guests cannot
 * catch a trap, unlike a JS exception. Ends the block. */
void wrl__jsb_put_end_guest(wrl_writer_t *out);
/* Compiles the module and frees its bytes. Returns 0 on failure. */
int wrl__jsb_compile(wrl_writer_t *out);
/* Compile two modules of a signature: the call adapter, and, for a plain signature, a module that imports a function
 * with the signature. In call.c. */
int wrl__jsb_compile_call(const wrl_core_t *core, const js_signature_t *signature);
int wrl__jsb_compile_check(const wrl_core_t *core, const js_signature_t *signature);

#endif
