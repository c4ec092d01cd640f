"""What is read for one answer is read in one moment of the database, as a page is: a row and its history, a page of a list and its titles."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from fastapi.routing import APIRoute

from xuanfa.api.callers import Caller

P = ParamSpec("P")
R = TypeVar("R")


class Moments(APIRoute):
    """A way in whose GET reads by one transaction. What somebody does (POST, PATCH) reads as it goes."""

    def __init__(self, path: str, endpoint: Callable[..., Any], **more: Any) -> None:
        is_read = set(more.get("methods") or ()) == {"GET"}
        super().__init__(path, _in_one_moment(endpoint) if is_read else endpoint, **more)


def _in_one_moment(endpoint: Callable[P, R]) -> Callable[P, R]:
    @wraps(endpoint)
    def read(*args: P.args, **values: P.kwargs) -> R:
        caller = values["caller"]
        if not isinstance(caller, Caller):
            raise TypeError("a way that reads has a caller")
        with caller.desk.store.one_moment():
            return endpoint(*args, **values)

    return read
