"""An attribute that is made when it is first asked for.

The standard library's ``cached_property`` takes a lock for each (Python 3.11), and a text has hundreds of lines with ten of them. Two threads
that ask at once make the same value twice, which harms nobody: everything here is pure.
"""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

T = TypeVar("T")


class once(Generic[T]):  # noqa: N801 - it is written as a decorator
    """Like ``cached_property``, without the lock: the value stands in the object's own dictionary from then on."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self._name = make.__name__
        self.__doc__ = make.__doc__

    @overload
    def __get__(self, of: None, owner: type) -> "once[T]": ...
    @overload
    def __get__(self, of: object, owner: type) -> T: ...
    def __get__(self, of: object | None, owner: type) -> "T | once[T]":
        if of is None:
            return self
        value = of.__dict__[self._name] = self._make(of)
        return value
