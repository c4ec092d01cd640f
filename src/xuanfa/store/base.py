"""What all tables share: how their constraints are named, and indexes that hold some rows only."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Index, MetaData, literal_column
from sqlalchemy.util import PopulateDict, memoized_property

from xuanfa.domain.delivery import State

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

#: Under this key a table says which migration has made it; without one it is older than what a backup says of itself (0005).
SINCE: Final = "since"


def partial_index(name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool = False) -> Index:
    """An index of some rows only."""
    return _Partial(name, *columns, where=where, unique=unique)


class _Partial(Index):
    """Knows its condition without the databases' own modules: those of PostgreSQL alone would be a tenth of the time that a command takes
    to begin, and none of it is needed where indexes are neither made nor compared."""

    def __init__(self, name: str, *columns: Column[Any], where: ColumnElement[bool], unique: bool) -> None:
        super().__init__(name, *columns, unique=unique)
        self._condition = where

    @memoized_property
    def dialect_options(self) -> PopulateDict[str, Any]:
        """What each kind of database is told besides, made when it is asked for."""
        return PopulateDict(self._told)

    def _told(self, kind: str) -> Any:
        options = self._kw_reg_for_dialect_cls(kind)
        options["where"] = self._condition
        return options


def is_any(column: Column[Any], states: Collection[State]) -> ColumnElement[bool]:
    """Whether it is in one of ``states``, as literal words in the order of the states: a planner must be able to prove that a partial index
    that has these words holds every row of a question that has them too."""
    return column.in_([literal_column(f"'{state}'") for state in State if state in states])
