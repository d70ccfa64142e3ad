"""Errors of the layer."""

import enum
import functools


class ErrorKind(enum.IntEnum):
    """What went wrong. Does not depend on the backend."""

    INVALID_ARGUMENT = 1
    UNSUPPORTED = 2
    MALFORMED = 3
    INVALID = 4
    LINK = 5
    TRAP = 6
    HOST = 7
    RESOURCE_LIMIT = 8
    OUT_OF_MEMORY = 9
    IO = 10
    EXIT = 11


class TrapCode(enum.IntEnum):
    """Why a guest trapped. Does not depend on the backend."""

    OTHER = 1
    UNREACHABLE = 2
    MEMORY_OUT_OF_BOUNDS = 3
    TABLE_OUT_OF_BOUNDS = 4
    INDIRECT_CALL_TO_NULL = 5
    BAD_SIGNATURE = 6
    INTEGER_OVERFLOW = 7
    INTEGER_DIVISION_BY_ZERO = 8
    BAD_CONVERSION_TO_INTEGER = 9
    STACK_OVERFLOW = 10
    NULL_REFERENCE = 11
    ARRAY_OUT_OF_BOUNDS = 12
    CAST_FAILURE = 13
    ALLOCATION_TOO_LARGE = 14
    UNALIGNED_ATOMIC = 15
    ATOMIC_WAIT_NON_SHARED = 16
    UNCAUGHT_EXCEPTION = 17
    OUT_OF_FUEL = 18


class Frame:
    """A guest's frame in the backtrace of an error."""

    __slots__ = ("func_index", "func_name", "module_name", "func_offset", "module_offset")

    def __init__(self, func_index, func_name, module_name, func_offset, module_offset):
        self.func_index = func_index
        self.func_name = func_name
        self.module_name = module_name
        self.func_offset = func_offset
        self.module_offset = module_offset

    def __repr__(self):
        name = "?" if self.func_name is None else repr(self.func_name)
        return f"<Frame {self.func_index} {name}>"


class Error(Exception):
    """The base class of the layer's errors. kind is an ErrorKind."""

    kind = ErrorKind.HOST

    def __init__(self, message="", kind=None):
        super().__init__(message)
        if kind is not None:
            self.kind = ErrorKind(kind)

    @property
    def message(self):
        """A description of the error, in one line."""
        return str(self)

    # Not set in __init__(), because a program's subclass might not call it.
    @functools.cached_property
    def frames(self):
        """The guest's frames that the error has passed through, innermost first. Empty if the engine has no backtraces."""
        return []


class LinkError(Error):
    """An import is missing or of the wrong type."""

    kind = ErrorKind.LINK


class Trap(Error):
    """The guest trapped. code is a TrapCode.

    Host functions may also raise it."""

    kind = ErrorKind.TRAP

    def __init__(self, message="", code=TrapCode.OTHER, frames=()):
        super().__init__(message)
        self.code = TrapCode(code)
        self.frames = list(frames)


class ExitTrap(Error):
    """The guest asked to end the program. code is the exit status.

    A host function raises it: raise ExitTrap(code=status)."""

    kind = ErrorKind.EXIT

    def __init__(self, message="", code=0):
        if isinstance(message, int):
            # Otherwise ExitTrap(status) would silently lose the status.
            raise TypeError(f"the message comes first: ExitTrap(code={message!r})")
        super().__init__(message)
        self.code = code


def _to_code(cls, number, fallback):
    try:
        return cls(number)
    except ValueError:  # A number from a newer library.
        return fallback


_UNKNOWN = 2**64 - 1


def _make_frame(index, func_name, module_name, func_offset, module_offset):
    return Frame(index, func_name, module_name, None if func_offset == _UNKNOWN else func_offset,
                 None if module_offset == _UNKNOWN else module_offset)


def _make_plain(kind, message, trap_code, status):
    if kind == ErrorKind.TRAP:
        return Trap(message, _to_code(TrapCode, trap_code, TrapCode.OTHER))
    if kind == ErrorKind.LINK:
        return LinkError(message)
    if kind == ErrorKind.EXIT:
        return ExitTrap(message, status)
    return Error(message, kind)


def make_error(kind, message, trap_code, status, frames):
    """Make the exception for an error of the library."""
    error = _make_plain(_to_code(ErrorKind, kind, ErrorKind.HOST), message, trap_code, status)
    add_frames(error, frames)
    return error


def add_frames(error, frames):
    """Set the frames of an Error, unless an inner call has already set them."""
    if not error.frames:
        error.frames = [_make_frame(*frame) for frame in frames]
