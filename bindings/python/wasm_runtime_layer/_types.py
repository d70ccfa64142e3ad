"""Types of values, functions, globals, memories, tables and tags."""

import inspect

# The kinds of wrl/value.h.
_NAMES = {1: "i32", 2: "i64", 3: "f32", 4: "f64", 5: "v128", 6: "funcref", 7: "externref"}
_FUNCREF = 6
_MAX_64 = 2**64 - 1


class ValType:
    """The type of a value. There is one object for each type: i32, i64, f32, f64, v128, funcref, externref."""

    __slots__ = ("_kind", "_flags", "_heap", "_text")

    def __init__(self, *_):
        raise TypeError("a ValType is one of i32, i64, f32, f64, v128, funcref, externref")

    @classmethod
    def _make(cls, kind, flags, heap, text):
        self = cls.__new__(cls)
        self._kind, self._flags, self._heap, self._text = kind, flags, heap, text
        return self

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"<ValType {self._text}>"

    def __eq__(self, other):
        if not isinstance(other, ValType):
            return NotImplemented
        return (self._kind, self._flags, self._heap) == (other._kind, other._flags, other._heap)

    def __hash__(self):
        return hash((self._kind, self._flags, self._heap))

    def __reduce__(self):
        # A string makes pickle look up the object by its name, so there is still one object for each type.
        if _BY_KIND.get(self._kind) is self:
            return self._text
        return make_valtype, (self._kind, self._flags, self._heap, self._text)

    @staticmethod
    def i32():
        """The object `i32`."""
        return i32

    @staticmethod
    def i64():
        """The object `i64`."""
        return i64

    @staticmethod
    def f32():
        """The object `f32`."""
        return f32

    @staticmethod
    def f64():
        """The object `f64`."""
        return f64

    @staticmethod
    def v128():
        """The object `v128`."""
        return v128

    @staticmethod
    def funcref():
        """The object `funcref`."""
        return funcref

    @staticmethod
    def externref():
        """The object `externref`."""
        return externref


_BY_KIND = {kind: ValType._make(kind, 0, 0, name) for kind, name in _NAMES.items()}
_BY_NAME = {str(type): type for type in _BY_KIND.values()}
i32, i64, f32, f64, v128, funcref, externref = _BY_KIND.values()
# Annotations may also use these classes.
_BY_CLASS = {int: i32, float: f64, object: externref}


def make_valtype(kind, flags, heap, text):
    known = _BY_KIND.get(kind)
    return known if known is not None else ValType._make(kind, flags, heap, text)


def to_valtype(type):
    """Convert to a ValType. Also accept the name of a type, and int, float or object."""
    if isinstance(type, ValType):
        return type
    if isinstance(type, str) and type in _BY_NAME:
        return _BY_NAME[type]
    try:
        return _BY_CLASS[type]
    except (KeyError, TypeError):
        raise TypeError(f"{type!r} is not the type of a value: a ValType, a name such as 'i32', int (i32), "
                        "float (f64) or object (externref)") from None


def _to_valtypes(types):
    if isinstance(types, str):
        raise TypeError(f"expected a sequence of types, not {types!r}")
    return tuple(to_valtype(type) for type in types)


class _Type:
    """The base class of types. Types are immutable, and equal if their parts are."""

    __slots__ = ()

    def __setattr__(self, name, value):
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name):
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def _set(self, **parts):
        for name, value in parts.items():
            object.__setattr__(self, name, value)

    def _parts(self):
        return tuple(getattr(self, name) for name in self.__slots__)

    def __eq__(self, other):
        return self._parts() == other._parts() if type(self) is type(other) else NotImplemented

    def __hash__(self):
        return hash(self._parts())

    def __reduce__(self):
        # By default, copy and pickle would set attributes.
        return type(self), self._parts()

    def __repr__(self):
        parts = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__slots__)
        return f"{type(self).__name__}({parts})"


class FuncType(_Type):
    """The type of a function: FuncType([i32, i32], [i64])."""

    __slots__ = ("params", "results")

    def __init__(self, params, results):
        self._set(params=_to_valtypes(params), results=_to_valtypes(results))

    def __str__(self):
        return f"({', '.join(map(str, self.params))}) -> ({', '.join(map(str, self.results))})"


class TagType(_Type):
    """The type of an exception tag: the types of its exceptions' payload."""

    __slots__ = ("params",)

    def __init__(self, params):
        self._set(params=_to_valtypes(params))


class GlobalType(_Type):
    """The type of a global."""

    __slots__ = ("content", "mutable")

    def __init__(self, content, mutable=False):
        self._set(content=to_valtype(content), mutable=bool(mutable))


def _to_unsigned(value, what):
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TypeError(f"{what} must be an int, not {type(value)!r}")
    value = value.__index__()
    if not 0 <= value <= _MAX_64:
        # In hexadecimal, because Python limits the length of decimals.
        raise OverflowError(f"{what} is negative or too large: {value:#x}")
    return value


class Limits(_Type):
    """The minimum and maximum size of a memory in pages or of a table in elements.

    max is None if only the engine limits the size."""

    __slots__ = ("min", "max")

    def __init__(self, min, max=None):
        self._set(min=_to_unsigned(min, "min"), max=None if max is None else _to_unsigned(max, "max"))


def _to_limits(limits):
    if isinstance(limits, Limits):
        return limits
    raise TypeError(f"expected Limits, not {type(limits)!r}")


class MemoryType(_Type):
    """The type of a memory: MemoryType(Limits(1, 16)). A page has 2**page_size_log2 bytes, 64 KiB by default."""

    __slots__ = ("limits", "is_64", "is_shared", "page_size_log2")

    def __init__(self, limits, is_64=False, shared=False, page_size_log2=16):
        log2 = _to_unsigned(page_size_log2, "page_size_log2")
        if log2 > 63:
            raise OverflowError(f"page_size_log2 is too large: {log2}")
        self._set(limits=_to_limits(limits), is_64=bool(is_64), is_shared=bool(shared), page_size_log2=log2)

    @property
    def page_size(self):
        """The size of a page in bytes."""
        return 1 << self.page_size_log2


class TableType(_Type):
    """The type of a table: TableType(funcref, Limits(10))."""

    __slots__ = ("element", "limits", "is_64")

    def __init__(self, element, limits, is_64=False):
        self._set(element=to_valtype(element), limits=_to_limits(limits), is_64=bool(is_64))


class ImportType(_Type):
    """An import of a module."""

    __slots__ = ("module", "name", "type")

    def __init__(self, module, name, type):
        self._set(module=module, name=name, type=type)


class ExportType(_Type):
    """An export of a module."""

    __slots__ = ("name", "type")

    def __init__(self, name, type):
        self._set(name=name, type=type)


class BackendInfo(_Type):
    """Information about a backend, available without making an engine."""

    __slots__ = ("name", "engine_name", "engine_version", "is_default")

    def __init__(self, name, engine_name, engine_version, is_default):
        self._set(name=name, engine_name=engine_name, engine_version=engine_version, is_default=is_default)


# ---- Types from annotations ----


def _is_caller(annotation):
    # Compared by name, because the class does not exist yet when this module is imported.
    if isinstance(annotation, str):
        return annotation.rpartition(".")[2] == "Caller"
    return getattr(annotation, "__name__", None) == "Caller" and \
        getattr(annotation, "__module__", None) == "wasm_runtime_layer"


def wants_caller(callable):
    """Return whether the first parameter of a callable is annotated as a Caller."""
    if not getattr(callable, "__annotations__", None):
        if inspect.isroutine(callable) or isinstance(callable, type):
            return False
    try:
        parameters = list(inspect.signature(callable).parameters.values())
    except (TypeError, ValueError):
        return False
    return bool(parameters) and _is_caller(parameters[0].annotation)


def _results_of(annotation):
    if annotation is None or annotation is type(None):
        return ()
    if getattr(annotation, "__origin__", None) is tuple:
        return annotation.__args__
    return (annotation,)


def type_of(callable):
    """Return the FuncType that a callable's annotations define. Raise TypeError if they are incomplete."""
    try:
        signature = inspect.signature(callable, eval_str=True)
    except (TypeError, ValueError) as error:
        raise TypeError(f"{callable!r} has no signature that can be read: give a FuncType") from error
    except Exception as error:  # An annotation that is a string is evaluated as code, which can raise anything.
        raise TypeError(f"the annotations of {callable!r} cannot be read: {error}") from error
    parameters = list(signature.parameters.values())
    if parameters and _is_caller(parameters[0].annotation):
        del parameters[0]
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_ONLY, parameter.POSITIONAL_OR_KEYWORD):
            raise TypeError(f"parameter {parameter} of {callable!r} cannot be filled by a guest: give a FuncType")
        if parameter.annotation is parameter.empty:
            raise TypeError(f"parameter {parameter.name!r} of {callable!r} has no annotation: annotate it, or give a "
                            "FuncType")
    if signature.return_annotation is signature.empty:
        raise TypeError(f"{callable!r} has no annotation of what it returns: annotate it (None for nothing), or give a "
                        "FuncType")
    return FuncType([parameter.annotation for parameter in parameters], _results_of(signature.return_annotation))


def annotated_type_of(callable):
    """Return the FuncType of a callable if its annotations are complete, otherwise None."""
    if not getattr(callable, "__annotations__", None):
        return None
    try:
        return type_of(callable)
    except TypeError:
        return None
