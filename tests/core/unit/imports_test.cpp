/* The import map, and the similar names that error messages suggest. */
#include "guest.h"

#include <vector>

namespace {

/* The map does not check its entries: any non-null handle works. */
wrl_extern_t item_number(uint64_t number)
{
    return wrl_extern_from_memory({77, number});
}

class Map {
  public:
    Map()
    {
        EXPECT_OK(wrl_imports_new(&imports));
    }
    ~Map()
    {
        wrl_imports_delete(imports);
    }
    Map(const Map &) = delete;
    Map &operator=(const Map &) = delete;

    wrl_imports_t *imports;

    uint64_t number(const char *module, const char *name) const
    {
        wrl_extern_t item;
        return wrl_imports_get(imports, module, name, &item) ? item.of.memory.index : UINT64_MAX;
    }

    /* Returns "module.name=number " for every entry, in order. */
    std::string list() const
    {
        std::string all;
        wrl_import_t import;
        for (size_t i = 0; wrl_imports_entry(imports, i, &import); i++) {
            all += std::string(import.module, import.module_size) + "." + std::string(import.name, import.name_size) +
                   "=" + std::to_string(import.item.of.memory.index) + " ";
        }
        return all;
    }
};

size_t allowed;

bool allow_some(size_t)
{
    return allowed > 0 && allowed--;
}

/* Returns a module that exports one memory under these names. */
Bytes exporting(const std::vector<std::string> &names)
{
    Bytes exports;
    exports.u(names.size());
    for (const std::string &name : names) {
        exports.text(name).byte(2).u(0);
    }
    return module({section(5, Bytes{1, 0, 0}), section(7, exports)});
}

} // namespace

TEST(Imports, OrderAndReplacement)
{
    Map map;
    EXPECT_EQ(wrl_imports_count(map.imports), 0u);
    EXPECT_OK(wrl_imports_define(map.imports, "a", "x", item_number(1)));
    EXPECT_OK(wrl_imports_define(map.imports, "b", "x", item_number(2)));
    EXPECT_OK(wrl_imports_define(map.imports, "a", "y", item_number(3)));
    EXPECT_OK(wrl_imports_define(map.imports, "a", "x", item_number(4)));
    EXPECT_EQ(map.list(), "a.x=4 b.x=2 a.y=3 ");
    EXPECT_TRUE(wrl_imports_has_module(map.imports, "b"));
    EXPECT_FALSE(wrl_imports_has_module(map.imports, "x"));
    EXPECT_EQ(map.number("b", "y"), UINT64_MAX);
}

TEST(Imports, NamesWithNul)
{
    Map map;
    EXPECT_OK(wrl_imports_define_n(map.imports, "a\0b", 3, "c\0d", 3, item_number(1)));
    EXPECT_OK(wrl_imports_define_n(map.imports, nullptr, 0, nullptr, 0, item_number(2)));
    wrl_extern_t item;
    EXPECT_TRUE(wrl_imports_get_n(map.imports, "a\0b", 3, "c\0d", 3, &item));
    EXPECT_EQ(item.of.memory.index, 1u);
    EXPECT_FALSE(wrl_imports_get(map.imports, "a", "c", &item));
    EXPECT_EQ(item.kind, WRL_EXTERN_NONE);
    EXPECT_EQ(map.number("", ""), 2u);
    wrl_import_t import;
    ASSERT_TRUE(wrl_imports_entry(map.imports, 0, &import));
    EXPECT_EQ(import.module[import.module_size], '\0');
    EXPECT_EQ(import.name[import.name_size], '\0');
}

TEST(Imports, Misuse)
{
    Map map;
    wrl_extern_t none = {};
    wrl_extern_t strange = item_number(1);
    strange.kind = static_cast<wrl_externkind_t>(9);
    EXPECT_ERROR(wrl_imports_define(nullptr, "a", "b", item_number(1)), WRL_ERROR_INVALID_ARGUMENT, "imports");
    EXPECT_ERROR(wrl_imports_define(map.imports, nullptr, "b", item_number(1)), WRL_ERROR_INVALID_ARGUMENT, "module");
    EXPECT_ERROR(wrl_imports_define(map.imports, "a", nullptr, item_number(1)), WRL_ERROR_INVALID_ARGUMENT, "name");
    EXPECT_ERROR(wrl_imports_define_n(map.imports, nullptr, 1, "b", 1, item_number(1)), WRL_ERROR_INVALID_ARGUMENT,
                 "module");
    EXPECT_ERROR(wrl_imports_define(map.imports, "a", "b", none), WRL_ERROR_INVALID_ARGUMENT, "item");
    EXPECT_ERROR(wrl_imports_define(map.imports, "a", "b", strange), WRL_ERROR_INVALID_ARGUMENT, "item");
    EXPECT_ERROR(wrl_imports_define_module(map.imports, "a", nullptr, 1), WRL_ERROR_INVALID_ARGUMENT, "items");
    EXPECT_ERROR(wrl_imports_new(nullptr), WRL_ERROR_INVALID_ARGUMENT, "imports");
    EXPECT_EQ(wrl_imports_count(map.imports), 0u);
    EXPECT_EQ(wrl_imports_count(nullptr), 0u);
    EXPECT_FALSE(wrl_imports_get(nullptr, "a", "b", nullptr));
    EXPECT_FALSE(wrl_imports_get(map.imports, nullptr, "b", nullptr));
    EXPECT_FALSE(wrl_imports_get_n(map.imports, nullptr, 3, "b", 1, nullptr));
    EXPECT_FALSE(wrl_imports_has_module(map.imports, nullptr));
    EXPECT_FALSE(wrl_imports_entry(map.imports, 0, nullptr));
    wrl_imports_delete(nullptr);
}

TEST(Imports, AllOrNone)
{
    Map map;
    EXPECT_OK(wrl_imports_define(map.imports, "m", "a", item_number(1)));
    const std::string before = map.list();
    const wrl_named_extern_t null_name[] = {{"a", item_number(5)}, {"b", item_number(6)}, {nullptr, item_number(7)}};
    EXPECT_ERROR(wrl_imports_define_module(map.imports, "m", null_name, 3), WRL_ERROR_INVALID_ARGUMENT, "item 2");
    EXPECT_EQ(map.list(), before);
    const wrl_named_extern_t null_item[] = {{"b", item_number(6)}, {"a", wrl_extern_from_func({0, 0})}};
    EXPECT_ERROR(wrl_imports_define_module(map.imports, "m", null_item, 2), WRL_ERROR_INVALID_ARGUMENT, "entry 1");
    EXPECT_EQ(map.list(), before);
    const wrl_named_extern_t good[] = {{"b", item_number(6)}, {"a", item_number(7)}, {"b", item_number(8)}};
    EXPECT_OK(wrl_imports_define_module(map.imports, "m", good, 3));
    EXPECT_EQ(map.list(), "m.a=7 m.b=8 ");
    EXPECT_OK(wrl_imports_define_module(map.imports, "m", nullptr, 0));
    EXPECT_EQ(wrl_imports_count(map.imports), 2u);
}

TEST(Imports, AllOrNoneWithoutMemory)
{
    std::vector<std::string> names;
    std::vector<wrl_named_extern_t> items;
    for (uint64_t i = 0; i < 40; i++) {
        names.push_back("name" + std::to_string(i % 38));
    }
    for (uint64_t i = 0; i < 40; i++) {
        items.push_back({names[i].c_str(), item_number(100 + i)});
    }
    bool done = false;
    size_t failures = 0;
    for (size_t limit = 0; !done; limit++) {
        Map map;
        EXPECT_OK(wrl_imports_define(map.imports, "m", "name3", item_number(1)));
        EXPECT_OK(wrl_imports_define(map.imports, "m", "other", item_number(2)));
        allowed = limit;
        wrl__alloc_set_hook(allow_some);
        wrl_error_t *error = wrl_imports_define_module(map.imports, "m", items.data(), items.size());
        wrl__alloc_set_hook(nullptr);
        done = !error;
        failures += !done;
        if (error) {
            EXPECT_EQ(wrl_error_kind(error), WRL_ERROR_OUT_OF_MEMORY);
            EXPECT_EQ(map.list(), "m.name3=1 m.other=2 ") << limit;
        } else {
            EXPECT_EQ(wrl_imports_count(map.imports), 39u);
            EXPECT_EQ(map.number("m", "name3"), 103u);
            EXPECT_EQ(map.number("m", "name1"), 139u);
        }
        wrl_error_delete(error);
    }
    EXPECT_GT(failures, 10u);
}

TEST(Imports, Many)
{
    Map map;
    for (uint64_t i = 0; i < 3000; i++) {
        EXPECT_OK(wrl_imports_define(map.imports, "m", std::to_string(i).c_str(), item_number(i)));
    }
    for (uint64_t i = 0; i < 3000; i++) {
        EXPECT_EQ(map.number("m", std::to_string(i).c_str()), i);
    }
    EXPECT_EQ(map.number("m", "3000"), UINT64_MAX);
}

TEST(Imports, FromAnInstance)
{
    Guest guest("null");
    ASSERT_OK(guest.compile(exporting({"one", "two", ""})));
    ASSERT_OK(guest.instantiate());
    Map map;
    EXPECT_OK(wrl_imports_define_instance(map.imports, "m", guest.store, guest.instance));
    EXPECT_EQ(wrl_imports_count(map.imports), 3u);
    wrl_extern_t one, two;
    EXPECT_TRUE(wrl_imports_get(map.imports, "m", "one", &one));
    EXPECT_TRUE(wrl_imports_get(map.imports, "m", "two", &two));
    EXPECT_EQ(one.kind, WRL_EXTERN_MEMORY);
    EXPECT_ERROR(wrl_imports_define_instance(map.imports, "m", guest.store, {0, 0}), WRL_ERROR_INVALID_ARGUMENT,
                 "instance");
    EXPECT_ERROR(wrl_imports_define_instance(map.imports, nullptr, guest.store, guest.instance),
                 WRL_ERROR_INVALID_ARGUMENT, "module");
    EXPECT_EQ(wrl_imports_count(map.imports), 3u);
}
