/* The import map. It belongs to no store, so most tests use handles that are never resolved. */
#include "harness.h"

#include <stdio.h>

static wrl_extern_t func_numbered(uint64_t number)
{
    return wrl_extern_from_func((wrl_func_t){1000, number});
}

static bool holds(wrl_test_t *t, const wrl_imports_t *imports, const char *module, const char *name, wrl_extern_t item)
{
    wrl_extern_t found;
    CHECK(wrl_imports_get(imports, module, name, &found));
    CHECK(same_extern(&found, &item));
    CHECK(wrl_imports_get(imports, module, name, NULL));
    return true;
}

static bool empty(wrl_test_t *t)
{
    wrl_imports_t *imports;
    OK(wrl_imports_new(&imports));
    EQUAL(wrl_imports_count(imports), 0);
    CHECK(!wrl_imports_has_module(imports, "env"));
    CHECK(!wrl_imports_has_module(imports, ""));
    wrl_extern_t item = func_numbered(1);
    CHECK(!wrl_imports_get(imports, "env", "f", &item));
    CHECK(item.kind == WRL_EXTERN_NONE);
    wrl_import_t import;
    CHECK(!wrl_imports_entry(imports, 0, &import));
    CHECK(!import.module && !import.name && import.item.kind == WRL_EXTERN_NONE);
    wrl_imports_delete(imports);
    wrl_imports_delete(NULL);
    return true;
}

static bool define(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    wrl_extern_t table = wrl_extern_from_table((wrl_table_t){1000, 5});
    OK(wrl_imports_define(imports, "env", "f", func_numbered(1)));
    OK(wrl_imports_define(imports, "env", "g", table));
    OK(wrl_imports_define(imports, "other", "f", func_numbered(2)));
    EQUAL(wrl_imports_count(imports), 3);
    TRY(holds(t, imports, "env", "f", func_numbered(1)));
    TRY(holds(t, imports, "env", "g", table));
    TRY(holds(t, imports, "other", "f", func_numbered(2)));
    CHECK(!wrl_imports_get(imports, "other", "g", NULL));
    CHECK(wrl_imports_has_module(imports, "env") && wrl_imports_has_module(imports, "other"));
    CHECK(!wrl_imports_has_module(imports, "en") && !wrl_imports_has_module(imports, "env2"));
    return true;
}

/* A name that is defined again keeps its position. */
static bool replace_keeps_order(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "m", "a", func_numbered(1)));
    OK(wrl_imports_define(imports, "m", "b", func_numbered(2)));
    OK(wrl_imports_define(imports, "l", "c", func_numbered(3)));
    OK(wrl_imports_define(imports, "m", "a", func_numbered(4)));
    EQUAL(wrl_imports_count(imports), 3);
    const char *const names[] = {"a", "b", "c"};
    const uint64_t numbers[] = {4, 2, 3};
    for (size_t i = 0; i < 3; i++) {
        wrl_import_t import;
        CHECK(wrl_imports_entry(imports, i, &import));
        EQUAL_TEXT(import.module, i == 2 ? "l" : "m");
        EQUAL(import.module_size, 1);
        EQUAL_TEXT(import.name, names[i]);
        EQUAL(import.name_size, 1);
        EQUAL(import.item.of.func.index, numbers[i]);
    }
    wrl_import_t none;
    CHECK(!wrl_imports_entry(imports, 3, &none));
    CHECK(!wrl_imports_entry(imports, SIZE_MAX, &none));
    return true;
}

/* Names are copied, and the pair of names is distinguished at every length: (a, bc) is not (ab, c). */
static bool many(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    char name[8] = "n000000";
    for (uint64_t i = 0; i < 2000; i++) {
        name[3] = (char)('0' + i / 1000 % 10);
        name[4] = (char)('0' + i / 100 % 10);
        name[5] = (char)('0' + i / 10 % 10);
        name[6] = (char)('0' + i % 10);
        OK(wrl_imports_define(imports, "many", name, func_numbered(i)));
    }
    EQUAL(wrl_imports_count(imports), 2000);
    TRY(holds(t, imports, "many", "n000000", func_numbered(0)));
    TRY(holds(t, imports, "many", "n001234", func_numbered(1234)));
    TRY(holds(t, imports, "many", "n001999", func_numbered(1999)));
    OK(wrl_imports_define(imports, "a", "bc", func_numbered(1)));
    CHECK(!wrl_imports_get(imports, "ab", "c", NULL));
    OK(wrl_imports_define(imports, "ab", "c", func_numbered(2)));
    TRY(holds(t, imports, "a", "bc", func_numbered(1)));
    TRY(holds(t, imports, "ab", "c", func_numbered(2)));
    return true;
}

static bool names_with_nul(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_n(imports, "a\0b", 3, "c\0d", 3, func_numbered(1)));
    OK(wrl_imports_define(imports, "a", "c", func_numbered(2)));
    OK(wrl_imports_define_n(imports, "", 0, NULL, 0, func_numbered(3)));
    EQUAL(wrl_imports_count(imports), 3);
    wrl_extern_t item;
    CHECK(wrl_imports_get_n(imports, "a\0b", 3, "c\0d", 3, &item));
    EQUAL(item.of.func.index, 1);
    CHECK(wrl_imports_get_n(imports, "a", 1, "c", 1, &item));
    EQUAL(item.of.func.index, 2);
    CHECK(!wrl_imports_get_n(imports, "a\0b", 3, "c", 1, &item));
    CHECK(!wrl_imports_get_n(imports, "a\0", 2, "c", 1, &item));
    CHECK(wrl_imports_get(imports, "", "", &item));
    EQUAL(item.of.func.index, 3);
    wrl_import_t import;
    CHECK(wrl_imports_entry(imports, 0, &import));
    EQUAL(import.module_size, 3);
    CHECK(memcmp(import.module, "a\0b", 4) == 0);
    EQUAL(import.name_size, 3);
    CHECK(memcmp(import.name, "c\0d", 4) == 0);
    return true;
}

static bool define_module(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define(imports, "env", "b", func_numbered(9)));
    const wrl_named_extern_t items[] = {{"a", func_numbered(1)}, {"b", func_numbered(2)}, {"c", func_numbered(3)}};
    OK(wrl_imports_define_module(imports, "env", items, 3));
    EQUAL(wrl_imports_count(imports), 3);
    TRY(holds(t, imports, "env", "a", func_numbered(1)));
    TRY(holds(t, imports, "env", "b", func_numbered(2)));
    OK(wrl_imports_define_module(imports, "none", NULL, 0));
    CHECK(!wrl_imports_has_module(imports, "none"));

    /* On an error no entry has been added. */
    const wrl_named_extern_t bad[] = {{"a", func_numbered(7)}, {"d", func_numbered(8)}, {NULL, func_numbered(9)}};
    INVALID(wrl_imports_define_module(imports, "env", bad, 3), "items");
    EQUAL(wrl_imports_count(imports), 3);
    TRY(holds(t, imports, "env", "a", func_numbered(1)));
    return true;
}

static bool define_instance(wrl_test_t *t)
{
    wrl_instance_t exporter;
    TRY(test_instance(t, guest_exporter, NULL, &exporter));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "a", t->store, exporter));
    size_t count = wrl_instance_export_count(t->store, exporter);
    EQUAL(wrl_imports_count(imports), count);
    for (size_t i = 0; i < count; i++) {
        wrl_export_t item;
        OK(wrl_instance_export(t->store, exporter, i, &item));
        TRY(holds(t, imports, "a", item.name, item.item));
    }
    wrl_instance_t importer;
    TRY(test_instance(t, guest_importer, imports, &importer));
    return true;
}

static bool null_arguments(wrl_test_t *t)
{
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    wrl_instance_t instance;
    TRY(test_instance(t, guest_add_one, NULL, &instance));
    wrl_extern_t item = func_numbered(1);
    wrl_extern_t none;
    memset(&none, 0, sizeof(none));
    INVALID(wrl_imports_new(NULL), "imports");
    INVALID(wrl_imports_define(NULL, "m", "n", item), "imports");
    INVALID(wrl_imports_define(imports, NULL, "n", item), "module");
    INVALID(wrl_imports_define(imports, "m", NULL, item), "name");
    INVALID(wrl_imports_define(imports, "m", "n", none), "item");
    none.kind = (wrl_externkind_t)55;
    INVALID(wrl_imports_define(imports, "m", "n", none), "item");
    INVALID(wrl_imports_define_n(NULL, "m", 1, "n", 1, item), "imports");
    INVALID(wrl_imports_define_n(imports, NULL, 1, "n", 1, item), "module");
    INVALID(wrl_imports_define_n(imports, "m", 1, NULL, 1, item), "name");
    const wrl_named_extern_t items[] = {{"n", item}};
    INVALID(wrl_imports_define_module(NULL, "m", items, 1), "imports");
    INVALID(wrl_imports_define_module(imports, NULL, items, 1), "module");
    INVALID(wrl_imports_define_module(imports, "m", NULL, 1), "items");
    INVALID(wrl_imports_define_instance(NULL, "m", t->store, instance), "imports");
    INVALID(wrl_imports_define_instance(imports, NULL, t->store, instance), "module");
    INVALID(wrl_imports_define_instance(imports, "m", NULL, instance), "store");
    INVALID(wrl_imports_define_instance(imports, "m", t->store, (wrl_instance_t){0, 0}), "instance");
    EQUAL(wrl_imports_count(imports), 0);
    wrl_import_t import;
    EQUAL(wrl_imports_count(NULL), 0);
    CHECK(!wrl_imports_get(NULL, "m", "n", &item));
    CHECK(!wrl_imports_get(imports, NULL, "n", &item));
    CHECK(!wrl_imports_get(imports, "m", NULL, &item));
    CHECK(!wrl_imports_get_n(NULL, "m", 1, "n", 1, &item));
    CHECK(!wrl_imports_has_module(NULL, "m"));
    CHECK(!wrl_imports_has_module(imports, NULL));
    CHECK(!wrl_imports_entry(NULL, 0, &import));
    return true;
}

/* One map serves several instances, but each store needs maps of its own. */
static bool used_again(wrl_test_t *t)
{
    wrl_instance_t exporter;
    TRY(test_instance(t, guest_exporter, NULL, &exporter));
    wrl_imports_t *imports;
    TRY(test_imports(t, &imports));
    OK(wrl_imports_define_instance(imports, "a", t->store, exporter));
    /* Entries that the module does not import are ignored. */
    OK(wrl_imports_define(imports, "unused", "f", func_numbered(1)));
    wrl_instance_t first;
    wrl_instance_t second;
    TRY(test_instance(t, guest_importer, imports, &first));
    TRY(test_instance(t, guest_importer, imports, &second));
    wrl_store_t *other;
    TRY(test_store(t, t->engine, &other));
    wrl_module_t *module;
    TRY(test_module(t, guest_importer, &module));
    wrl_instance_t third;
    INVALID(wrl_instance_new(other, module, imports, NULL, &third), "a", "store");
    CHECK(third.store_id == 0);
    return true;
}

/* The remaining entries keep their order and can be found. A removed name that is defined again comes last. */
static bool removing(wrl_test_t *t)
{
    enum { COUNT = 300 };
    wrl_imports_t *imports;
    wrl_import_t import;
    char name[16];
    TRY(test_imports(t, &imports));
    CHECK(!wrl_imports_remove(imports, "m", "n0"));
    for (uint64_t i = 0; i < COUNT; i++) {
        (void)snprintf(name, sizeof(name), "n%d", (int)i);
        OK(wrl_imports_define(imports, "m", name, func_numbered(i + 1)));
    }
    for (uint64_t i = 0; i < COUNT; i += 3) {
        (void)snprintf(name, sizeof(name), "n%d", (int)i);
        CHECK(wrl_imports_remove(imports, "m", name));
        CHECK(!wrl_imports_remove(imports, "m", name));
        CHECK(!wrl_imports_get(imports, "m", name, NULL));
    }
    EQUAL(wrl_imports_count(imports), COUNT - COUNT / 3);
    uint64_t number = 1;
    for (size_t i = 0; wrl_imports_entry(imports, i, &import); i++, number += 1 + (number % 3 == 2)) {
        EQUAL(import.item.of.func.index, number + 1);
        TRY(holds(t, imports, "m", import.name, func_numbered(number + 1)));
    }
    OK(wrl_imports_define(imports, "m", "n0", func_numbered(7)));
    CHECK(wrl_imports_entry(imports, wrl_imports_count(imports) - 1, &import) && import.item.of.func.index == 7);
    OK(wrl_imports_define_n(imports, "a\0b", 3, "", 0, func_numbered(8)));
    CHECK(!wrl_imports_remove_n(imports, "a\0c", 3, "", 0));
    CHECK(wrl_imports_remove_n(imports, "a\0b", 3, NULL, 0));
    CHECK(!wrl_imports_has_module(imports, "a"));
    return true;
}

static const wrl_test_case_t cases[] = {
    {"imports.empty", empty, {NEED_NOTHING}},
    {"imports.define", define, {NEED_NOTHING}},
    {"imports.replace_keeps_order", replace_keeps_order, {NEED_NOTHING}},
    {"imports.many", many, {NEED_NOTHING}},
    {"imports.names_with_nul", names_with_nul, {NEED_NOTHING}},
    {"imports.define_module", define_module, {NEED_NOTHING}},
    {"imports.define_instance", define_instance, {NEED_NOTHING}},
    {"imports.removing", removing, {NEED_NOTHING}},
    {"imports.null_arguments", null_arguments, {NEED_NOTHING}},
    {"imports.used_again", used_again, {NEED_NOTHING}},
};
WRL_TEST_GROUP(imports);
