"""Exports of instances."""

from collections.abc import Mapping


class Exports(Mapping):
    """The exports of an instance, in the module's order: exports["add_one"], exports.add_one, or exports[0].

    An export whose name is that of a mapping's method, such as keys or get, is not an attribute."""

    # Exports may have any names, so the attributes of this class use names that Python mangles.
    def __init__(self, find, names):
        object.__setattr__(self, "_Exports__find", find)
        object.__setattr__(self, "_Exports__names", dict.fromkeys(names))
        object.__setattr__(self, "_Exports__order", names)
        object.__setattr__(self, "_Exports__items", {})

    def __getitem__(self, key):
        if isinstance(key, int):
            key = self.__order[key]
        elif not isinstance(key, str):
            raise TypeError(f"exports are found by name or number, not by {type(key)!r}")
        item = self.__items.get(key)
        # Return the same object each time.
        return self.__items.setdefault(key, self.__find(key)) if item is None else item

    def __getattr__(self, name):
        # Python calls this only for names that are not in __dict__. The item is stored there for the next access.
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            item = self[name]
        except KeyError:
            raise AttributeError(f"the instance has no export {name!r}", name=name, obj=self) from None
        self.__dict__[name] = item
        return item

    def __setattr__(self, name, value):
        raise AttributeError("exports cannot be set")

    def __delattr__(self, name):
        raise AttributeError("exports cannot be deleted")

    def __contains__(self, name):
        return name in self.__names

    def __iter__(self):
        return iter(self.__names)

    def __len__(self):
        return len(self.__order)

    def __dir__(self):
        return [*super().__dir__(), *self.__names]

    def __repr__(self):
        return f"<Exports {', '.join(map(repr, self.__names))}>"

    __hash__ = object.__hash__

    def __eq__(self, other):
        return self is other
