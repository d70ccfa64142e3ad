"""Functions that the C part of the package calls. Not for programs."""

from ._config import read_config
from ._errors import Error, add_frames, make_error
from ._exports import Exports
from ._imports import resolve
from ._types import (BackendInfo, ExportType, FuncType, GlobalType, ImportType, Limits, MemoryType, TableType, TagType,
                     make_valtype, type_of, wants_caller)


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def read_signature(type, func, access_caller):
    """Check the arguments of Func() and return (type, callable, whether the callable takes a Caller)."""
    if func is None and callable(type):
        type, func = type_of(type), type
    if not isinstance(type, FuncType):
        raise TypeError(f"expected a FuncType, not {type!r}")
    if not callable(func):
        raise TypeError(f"expected a callable, not {func!r}")
    return type, func, wants_caller(func) if access_caller is None else access_caller


def _plain(type):
    return type._kind, type._flags, type._heap


def _check(type, cls):
    if not isinstance(type, cls):
        raise TypeError(f"expected a {cls.__name__}, not {type!r}")


def plain_functype(type):
    _check(type, FuncType)
    params = tuple(map(_plain, type.params))
    return params + tuple(map(_plain, type.results)), len(params)


def plain_globaltype(type):
    _check(type, GlobalType)
    return (*_plain(type.content), type.mutable)


def _plain_limits(limits):
    return limits.min, 2**64 - 1 if limits.max is None else limits.max


def plain_memorytype(type):
    _check(type, MemoryType)
    return (*_plain_limits(type.limits), type.is_64, type.is_shared, type.page_size_log2)


def plain_tabletype(type):
    _check(type, TableType)
    return (*_plain(type.element), *_plain_limits(type.limits), type.is_64)
