"""Types of columns that are stored as something simpler than they are: moments as integers, small values as readable text."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """An aware time as it is stored."""
    return (moment - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """An aware datetime, stored as microseconds since 1970 in UTC. A naive one is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        """To the database."""
        return _to_microseconds(value)

    # A decorator's own processors wrap the process methods in two more calls for each value.
    def bind_processor(self, dialect: Dialect) -> Callable[[datetime | None], int | None]:
        """To the database, many times."""
        return _to_microseconds

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[int | None], datetime | None]:
        """From the database."""
        return _to_moment


class Json(TypeDecorator[Any]):
    """A small JSON value as text, readable in any database tool; empty containers are stored as an empty string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str:
        """To the database."""
        return _to_text(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[Any], str]:
        """To the database, many times."""
        return _to_text

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], Any]:
        """From the database; an empty string is ``None``."""
        return _to_value


def _to_microseconds(value: datetime | None) -> int | None:
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a naive time cannot be stored")
    return microseconds(value)


def _to_moment(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def _to_text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if value else ""


def _to_value(text: str | None) -> Any:
    """What was written. What is no JSON, since somebody has changed it by hand, stays as it is: nothing that we write is a text."""
    try:
        return json.loads(text) if text else None
    except (ValueError, TypeError, RecursionError):
        return text
