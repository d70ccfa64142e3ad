"""Imports of instances."""

from collections.abc import Mapping

from . import _types


class _Defined:
    """A host function that is added to a store when an instance needs it."""

    __slots__ = ("type", "func", "access_caller")

    def __init__(self, type, func, access_caller):
        self.type, self.func, self.access_caller = type, func, access_caller


class Imports:
    """A collection of items by module name and name, for the imports of any number of instances.

    Its Python callables belong to no store, so several stores may use it."""

    def __init__(self, imports=None):
        self._items = {}
        if imports is not None:
            for module, items in _modules_of(imports):
                self.define_module(module, items)

    def define(self, module, name, item):
        """Define an item or a Python callable under a name. Replace the previous one."""
        _check_names(module, name)
        _check_item(module, name, item)
        self._items[module, name] = item

    def define_func(self, module, name, type, func, access_caller=None):
        """Define a Python callable with this type under a name."""
        _check_names(module, name)
        if not isinstance(type, _types.FuncType):
            raise TypeError(f"expected a FuncType, not {type!r}")
        if not callable(func):
            raise TypeError(f"expected a callable, not {func!r}")
        self._items[module, name] = _Defined(type, func, access_caller)

    def define_module(self, module, items):
        """Define all items of a mapping under one module name."""
        if not isinstance(items, Mapping):
            raise TypeError(f"expected a mapping of names to items for {module!r}, not {type(items)!r}")
        items = dict(items)
        for name, item in items.items():
            _check_names(module, name)
            _check_item(module, name, item)
        self._items.update({(module, name): item for name, item in items.items()})

    def define_instance(self, module, instance):
        """Define all exports of an instance under one module name, to link one module to another."""
        from . import _native
        if not isinstance(instance, _native.Instance):
            raise TypeError(f"expected an Instance, not {type(instance)!r}")
        self.define_module(module, instance.exports)

    def instantiate(self, store, module):
        """Make an instance of the module with the items of this collection."""
        from . import _native
        return _native.Instance(store, module, self)

    def get(self, module, name, default=None):
        """Return the item with that name, or the default."""
        item = self._items.get((module, name), default)
        return item.func if isinstance(item, _Defined) else item

    def has_module(self, module):
        """Return whether any item has that module name."""
        return any(key[0] == module for key in self._items)

    def __getitem__(self, key):
        item = self._items[key]
        return item.func if isinstance(item, _Defined) else item

    def __setitem__(self, key, item):
        module, name = key
        self.define(module, name, item)

    def __contains__(self, key):
        return key in self._items

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)

    def __repr__(self):
        return f"<Imports {', '.join(map(repr, self._items))}>"


def _check_names(module, name):
    for text in (module, name):
        if not isinstance(text, str):
            raise TypeError(f"a name must be a str, not {type(text)!r}")


def _is_item(item):
    from . import _native
    return isinstance(item, (_native.Func, _native.Global, _native.Memory, _native.Table, _native.Tag))


def _check_item(module, name, item):
    if not callable(item) and not _is_item(item):
        raise TypeError(f"import {module!r} {name!r} must be an item or a callable, not {item!r}")


def _modules_of(imports):
    if isinstance(imports, Imports):
        modules = {}
        for (module, name), item in imports._items.items():
            modules.setdefault(module, {})[name] = item
        return modules.items()
    if isinstance(imports, Mapping):
        return imports.items()
    raise TypeError(f"imports must be a mapping of module names to mappings, an Imports or a list, not {type(imports)!r}")


def _find(imports, module, name):
    if isinstance(imports, Imports):
        return imports._items.get((module, name))
    items = imports.get(module)
    if items is None:
        return None
    if not hasattr(items, "get"):
        raise TypeError(f"expected a mapping of names to items for {module!r}, not {type(items)!r}")
    return items.get(name)


def _to_item(store, wanted, item):
    """Return an item unchanged, or make a function of the store from a callable. The layer compares the types."""
    from . import _native
    if item is None or _is_item(item):
        return item
    if isinstance(item, _Defined):
        return _native.Func(store, item.type, item.func, item.access_caller)
    if callable(item) and isinstance(wanted.type, _types.FuncType):
        return _native.Func(store, _types.annotated_type_of(item) or wanted.type, item)
    kind = type(wanted.type).__name__.removesuffix("Type")
    raise TypeError(f"import {wanted.module!r} {wanted.name!r} must be a {kind}, not {item!r}")


def resolve(store, module, imports):
    """Return a tuple with the item for each import of the module, in order, or None if there is no item."""
    wanted = module.imports
    if imports is None:
        return ()
    if isinstance(imports, (list, tuple)):
        if len(imports) != len(wanted):
            raise TypeError(f"the module has {len(wanted)} imports, but {len(imports)} were given")
        return tuple(_to_item(store, type, item) for type, item in zip(wanted, imports))
    if not isinstance(imports, (Imports, Mapping)) and not hasattr(imports, "get"):
        _modules_of(imports)
    return tuple(_to_item(store, type, _find(imports, type.module, type.name)) for type in wanted)
