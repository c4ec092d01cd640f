"""Types of columns that are stored as something simpler than they are: moments as integers, small values as readable text."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy import BigInteger, Dialect, Text
from sqlalchemy.types import TypeDecorator

from xuanfa.domain.said import heard, kept

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def microseconds(moment: datetime) -> int:
    """An aware time as it is stored."""
    return (moment - _EPOCH) // _MICROSECOND


def moment_of(stored: int) -> datetime:
    """The time that is stored so."""
    return _EPOCH + timedelta(microseconds=stored)


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


class Words(TypeDecorator[str]):
    """A sentence for people: kept as what it is made of, read in the language of whoever reads it. A text of others, or of an older program,
    stays as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return _to_kept(value)

    def bind_processor(self, dialect: Dialect) -> Callable[[str | None], str | None]:
        """To the database, many times."""
        return _to_kept

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[str | None], str | None]:
        """From the database."""
        return _to_words


class ManyWords(TypeDecorator[list[str]]):
    """Several sentences for people, as one JSON list of what is kept of each; none is an empty string."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> str:
        """To the database."""
        return _to_text([kept(text) for text in value or ()])

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From the database; none is ``None``, and what is no list of texts, since somebody has changed it by hand, stays as it is."""
        read = _to_value(value)
        return [heard(text) if isinstance(text, str) else text for text in read] if isinstance(read, list) else read


def as_stored(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """A column as the database has it: what is hashed, and what goes into a backup, is the same whoever reads it."""
    return sa.type_coerce(column, column.type.impl) if isinstance(column.type, TypeDecorator) else column


def _to_kept(value: str | None) -> str | None:
    return kept(value) if value else value


def _to_words(value: str | None) -> str | None:
    return heard(value) if value else value


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
