/* Modules assembled byte by byte. */
#ifndef WRL_TESTS_WORST_CASE_MODULE_H
#define WRL_TESTS_WORST_CASE_MODULE_H

#include "shapes.h"

enum { I32 = 0x7f, EMPTY = 0x40, GET = 0x20, SET = 0x21, CONST = 0x41, ADD = 0x6a, DROP = 0x1a, END = 0x0b };
enum { BLOCK = 0x02, LOOP = 0x03, IF = 0x04, ELSE = 0x05, THROW = 0x08, BR = 0x0c, BR_IF = 0x0d, BR_TABLE = 0x0e };
enum { RETURN = 0x0f, CALL = 0x10, CALL_INDIRECT = 0x11, RETURN_CALL = 0x12, TRY_TABLE = 0x1f };
enum { GLOBAL_GET = 0x23, GLOBAL_SET = 0x24, CATCH_ALL = 2, GC = 0xfb, STRUCT_NEW_DEFAULT = 1 };
enum { ANYREF = 0x6e, EQREF = 0x6d, FUNCREF = 0x70, REF_NULL = 0xd0, REF_FUNC = 0xd2, TABLE_GET = 0x25, BULK = 0xfc };

/* The entries of a section. */
typedef struct list {
    bytes_t entries;
    uint32_t count;
} list_t;

/* The parts of a module that a shape fills. All functions except the first are empty. */
typedef struct parts {
    bytes_t types; /* The types after type 0, () -> (). */
    uint32_t type_count;
    bytes_t code;         /* The first function's code. */
    uint32_t type;        /* The first function's type. */
    uint32_t locals;      /* The first function's number of locals. */
    unsigned local_type;  /* The type of these locals, if not I32. */
    uint32_t other_type;  /* The type of the other functions. */
    uint32_t other_count; /* The number of other functions. */
    uint32_t other_locals;
    list_t imports;
    list_t tables;
    list_t memories;
    list_t tags;
    list_t globals;
    list_t exports;
    list_t elements;
    list_t data;
} parts_t;

void put_all(bytes_t *bytes, const uint8_t *data, size_t size);
void put(bytes_t *bytes, unsigned byte);
void put_number(bytes_t *bytes, uint64_t number);
void put_op(bytes_t *bytes, unsigned op, uint64_t number);
void put_many(bytes_t *bytes, unsigned byte, uint32_t count);
void put_consts(bytes_t *bytes, uint32_t count);
void get_all(bytes_t *bytes, uint32_t count);

/* Adds a function type whose parameters and results are all I32. */
void put_type(parts_t *parts, uint32_t params, uint32_t results);

void add_entry(list_t *list, const uint8_t *data, size_t size);
#define ADD(list, ...) add_entry(&(list), (const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__}))

/* Makes the module and frees the parts. */
void finish(bytes_t *module, parts_t *parts);

#endif
