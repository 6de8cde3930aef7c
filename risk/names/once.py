"""A property that is worked out once."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Value = TypeVar("Value")


class Once(Generic[Value]):
    """`functools.cached_property` without the lock that Python 3.11 takes each time.

    Two threads may both work a value out; it is the same.
    """

    def __init__(self, work: Callable[[Any], Value]) -> None:
        """Work the value out by `work`, a method without arguments."""
        self._work = work
        self._name = work.__name__
        self.__doc__ = work.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> "Once[Value]": ...

    @overload
    def __get__(self, instance: object, owner: type) -> Value: ...

    def __get__(self, instance: object | None, owner: type) -> "Once[Value] | Value":
        """Return the value, from now on found in the instance itself."""
        if instance is None:
            return self
        value = self._work(instance)
        instance.__dict__[self._name] = value
        return value
