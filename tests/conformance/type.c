/* Types and names of kinds: comparison and printing. */
#include "harness.h"
#include "wrl/parse.h"

static bool kind_names(wrl_test_t *t)
{
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_NONE), "none");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_I32), "i32");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_I64), "i64");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_F32), "f32");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_F64), "f64");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_V128), "v128");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_FUNCREF), "funcref");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_EXTERNREF), "externref");
    EQUAL_TEXT(wrl_valkind_name(WRL_VALKIND_REF), "ref");
    EQUAL_TEXT(wrl_valkind_name(200), "unknown");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_NONE), "none");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_FUNC), "function");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_GLOBAL), "global");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_MEMORY), "memory");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_TABLE), "table");
    EQUAL_TEXT(wrl_externkind_name(WRL_EXTERN_TAG), "tag");
    EQUAL_TEXT(wrl_externkind_name((wrl_externkind_t)77), "unknown");
    return true;
}

static bool equal(wrl_test_t *t)
{
    const wrl_valtype_t i32 = WRL_TYPE_I32;
    const wrl_valtype_t i64 = WRL_TYPE_I64;
    const wrl_valtype_t func = {WRL_VALKIND_REF, 0, 0, -0x10};
    const wrl_valtype_t null_func = {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, -0x10};
    const wrl_valtype_t heap_7 = {WRL_VALKIND_REF, 0, 0, 7};
    CHECK(wrl_valtype_equal(i32, i32));
    CHECK(!wrl_valtype_equal(i32, i64));
    CHECK(wrl_valtype_equal(func, func));
    CHECK(!wrl_valtype_equal(func, null_func));
    CHECK(!wrl_valtype_equal(func, heap_7));

    const wrl_valtype_t two[] = {WRL_TYPE_I32, WRL_TYPE_F64};
    wrl_functype_t a = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64), WRL_TYPES_IN(two));
    wrl_functype_t b = WRL_FUNCTYPE(WRL_TYPES_IN(two), WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64));
    b.name = "names do not count";
    CHECK(wrl_functype_equal(&a, &b));
    const wrl_functype_t different[] = {
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64), WRL_TYPES(WRL_TYPE_F64, WRL_TYPE_I32)),
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_F64, WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64)),
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32), WRL_TYPES_N(two, 2)),
        WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_F64), WRL_TYPES_N(two, 0)),
        WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES)};
    for (size_t i = 0; i < sizeof(different) / sizeof(different[0]); i++) {
        CHECK(!wrl_functype_equal(&a, &different[i]));
        CHECK(wrl_functype_equal(&different[i], &different[i]));
    }
    CHECK(!wrl_functype_equal(&a, NULL));
    CHECK(!wrl_functype_equal(NULL, &a));
    return true;
}

static bool prints(wrl_test_t *t, const wrl_externtype_t *type, const char *text)
{
    char buffer[128];
    memset(buffer, 'x', sizeof(buffer));
    EQUAL(wrl_externtype_print(type, buffer, sizeof(buffer)), strlen(text));
    EQUAL_TEXT(buffer, text);
    return true;
}

static bool print(wrl_test_t *t)
{
    wrl_externtype_t type;
    memset(&type, 0, sizeof(type));
    type.kind = WRL_EXTERN_FUNC;
    type.of.func = (wrl_functype_t)WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I32), WRL_TYPES(WRL_TYPE_F64));
    TRY(prints(t, &type, "(i32, i32) -> (f64)"));
    type.of.func = (wrl_functype_t)WRL_FUNCTYPE(WRL_NO_TYPES, WRL_NO_TYPES);
    TRY(prints(t, &type, "() -> ()"));
    type.kind = WRL_EXTERN_GLOBAL;
    type.of.global = (wrl_globaltype_t)WRL_GLOBALTYPE(WRL_VALKIND_I32, true);
    TRY(prints(t, &type, "mut i32"));
    type.of.global = (wrl_globaltype_t)WRL_GLOBALTYPE(WRL_VALKIND_EXTERNREF, false);
    TRY(prints(t, &type, "externref"));
    type.kind = WRL_EXTERN_MEMORY;
    type.of.memory = (wrl_memorytype_t)WRL_MEMORYTYPE(1, 2);
    TRY(prints(t, &type, "1..2 pages"));
    type.kind = WRL_EXTERN_TABLE;
    type.of.table = (wrl_tabletype_t)WRL_TABLETYPE(WRL_VALKIND_FUNCREF, 0, 10);
    TRY(prints(t, &type, "funcref 0..10"));
    return true;
}

/* As snprintf(): the text is always terminated, and the full length is returned. */
static bool print_cut(wrl_test_t *t)
{
    wrl_externtype_t type;
    memset(&type, 0, sizeof(type));
    type.kind = WRL_EXTERN_MEMORY;
    type.of.memory = (wrl_memorytype_t)WRL_MEMORYTYPE(1, 2);
    const size_t length = strlen("1..2 pages");
    EQUAL(wrl_externtype_print(&type, NULL, 0), length);
    for (size_t size = 1; size <= length + 1; size++) {
        char buffer[32];
        memset(buffer, 'x', sizeof(buffer));
        EQUAL(wrl_externtype_print(&type, buffer, size), length);
        EQUAL(strlen(buffer), size - 1);
        CHECK(strncmp(buffer, "1..2 pages", size - 1) == 0);
        CHECK(buffer[size] == 'x');
    }
    const wrl_valtype_t v128 = WRL_TYPE_V128;
    char small[3];
    EQUAL(wrl_valtype_print(v128, small, sizeof(small)), 4);
    EQUAL_TEXT(small, "v1");
    EQUAL(wrl_valtype_print(v128, NULL, 0), 4);
    const wrl_valtype_t ref = {WRL_VALKIND_REF, WRL_VALTYPE_NULLABLE, 0, 3};
    char whole[64];
    CHECK(wrl_valtype_print(ref, whole, sizeof(whole)) < sizeof(whole));
    CONTAINS(whole, "ref");
    CONTAINS(whole, "3");
    return true;
}

/* Limits beyond 32 bits are printed completely. */
static bool print_large(wrl_test_t *t)
{
    wrl_externtype_t type;
    memset(&type, 0, sizeof(type));
    type.kind = WRL_EXTERN_MEMORY;
    type.of.memory = (wrl_memorytype_t)WRL_MEMORYTYPE(UINT64_C(0x100000001), UINT64_C(0x1000000000000));
    type.of.memory.is_64 = true;
    char buffer[128];
    CHECK(wrl_externtype_print(&type, buffer, sizeof(buffer)) < sizeof(buffer));
    CONTAINS(buffer, "4294967297");
    CONTAINS(buffer, "281474976710656");
    return true;
}

static bool value_makers(wrl_test_t *t)
{
    wrl_v128_t v128;
    memset(&v128, 0xa5, sizeof(v128));
    const wrl_func_t func = {3, 4};
    const wrl_externref_t externref = {5, 6};
    wrl_val_t vals[] = {
        WRL_I32(-1),       WRL_I64(INT64_MIN),       WRL_F32(0.5F),    WRL_F64(-0.25),    WRL_V128(v128),
        WRL_FUNCREF(func), WRL_EXTERNREF(externref), WRL_NULL_FUNCREF, WRL_NULL_EXTERNREF};
    const wrl_valkind_t kinds[] = {WRL_VALKIND_I32,       WRL_VALKIND_I64,     WRL_VALKIND_F32,
                                   WRL_VALKIND_F64,       WRL_VALKIND_V128,    WRL_VALKIND_FUNCREF,
                                   WRL_VALKIND_EXTERNREF, WRL_VALKIND_FUNCREF, WRL_VALKIND_EXTERNREF};
    EQUAL(sizeof(wrl_val_t), 24);
    EQUAL(sizeof(wrl_raw_t), 16);
    for (size_t i = 0; i < sizeof(vals) / sizeof(vals[0]); i++) {
        EQUAL(vals[i].kind, kinds[i]);
    }
    CHECK(vals[0].of.i32 == -1 && vals[1].of.i64 == INT64_MIN);
    CHECK(vals[2].of.f32 == 0.5F && vals[3].of.f64 == -0.25);
    CHECK(memcmp(&vals[4].of.v128, &v128, sizeof(v128)) == 0);
    CHECK(wrl_func_equal(vals[5].of.func, func) && wrl_externref_equal(vals[6].of.externref, externref));
    CHECK(wrl_func_is_null(vals[7].of.func) && wrl_externref_is_null(vals[8].of.externref));
    CHECK(!wrl_func_is_null(func) && !wrl_externref_is_null(externref));
    return true;
}

/* A type that was parsed from text is printed as the same text. Other text is refused. */
static bool parsed(wrl_test_t *t)
{
    static const char *const good[] = {"() -> ()", "(i32) -> ()", "() -> (f64)", "(i32, i64) -> (f32, v128)",
                                       "(funcref, externref) -> (externref)"};
    static const char *const bad[] = {"",
                                      "()",
                                      "() ->",
                                      "-> ()",
                                      "(i32 -> ()",
                                      "(i32,) -> ",
                                      "(,) -> ()",
                                      "(i32) -> () x",
                                      "(i32)->(i65)",
                                      "(i32, i64)",
                                      "i32, i32 -> i32",
                                      "() -> () ()",
                                      "(ref) -> ()",
                                      "(none) -> ()",
                                      "(i32) > ()"};
    wrl_valtype_t types[4];
    wrl_externtype_t type = {.kind = WRL_EXTERN_FUNC};
    char text[64];
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        CHECK(wrl_functype_parse(good[i], types, 4, &type.of.func));
        (void)wrl_externtype_print(&type, text, sizeof(text));
        EQUAL_TEXT(text, good[i]);
    }
    const wrl_functype_t two = WRL_FUNCTYPE(WRL_TYPES(WRL_TYPE_I32, WRL_TYPE_I64), WRL_TYPES(WRL_TYPE_F64));
    CHECK(wrl_functype_parse("  ( i32 ,i64 )->f64 ", types, 3, &type.of.func) &&
          wrl_functype_equal(&type.of.func, &two));
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        CHECK(!wrl_functype_parse(bad[i], types, 4, &type.of.func));
        CHECK(type.of.func.param_count == 0 && type.of.func.result_count == 0 && !type.of.func.params);
    }
    CHECK(!wrl_functype_parse("(i32, i64) -> f64", types, 2, &type.of.func));
    CHECK(!wrl_functype_parse(NULL, types, 4, &type.of.func));
    CHECK(!wrl_functype_parse("() -> ()", NULL, 0, &type.of.func));
    CHECK(!wrl_functype_parse("() -> ()", types, 4, NULL));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"type.parsed", parsed, {NEED_NOTHING}},
    {"type.kind_names", kind_names, {NEED_NOTHING}},
    {"type.equal", equal, {NEED_NOTHING}},
    {"type.print", print, {NEED_NOTHING}},
    {"type.print_cut", print_cut, {NEED_NOTHING}},
    {"type.print_large", print_large, {NEED_NOTHING}},
    {"type.value_makers", value_makers, {NEED_NOTHING}},
};
WRL_TEST_GROUP(type);
