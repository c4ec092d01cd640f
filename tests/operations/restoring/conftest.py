"""An old machine and a new one: a backup of one is put back on the other."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.decisions import ANNA
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.backup import backup
from xuanfa.reports.listing import list_deliveries


@dataclass
class Offices:
    """An old machine and a new one, each with a folder and a database of its own, and one sink for both."""

    old: Any
    new: Any
    clock: Any
    file: Path

    def backup(self) -> Path:
        backup(self.old_desk, self.file)
        return self.file

    def restore(self, **changes: Any) -> Desk:
        """Put it back on the new machine; its desk."""
        os.environ["XUANFA_DATABASE_URL"] = self.new.url
        try:
            restore_workspace(self.file, self.new.folder, ANNA, self.clock)
            return replace(self.new.desk(self.clock), **changes)
        finally:
            del os.environ["XUANFA_DATABASE_URL"]

    @property
    def old_desk(self) -> Desk:
        if not hasattr(self, "_desk"):
            self._desk = self.old.desk(self.clock)
        return self._desk  # type: ignore[no-any-return]


@pytest.fixture
def second(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[str], str]]:
    """Another empty database, of the kind that is named."""
    given = []

    def make(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / 'second' / 'var' / 'xuanfa.db'}"
        server = request.getfixturevalue("postgres")
        given.append((server, server.database()))
        url: str = given[-1][1]
        return url

    yield make
    for server, url in given:
        server.give_back(url)


@pytest.fixture
def offices(
    workspace: Any, database: str, clock: Any, second: Callable[[str], str], request: pytest.FixtureRequest
) -> Iterator[Offices]:
    kind = request.param if hasattr(request, "param") else database.partition(":")[0].partition("+")[0]
    tmp_path = workspace.folder.parent
    workspace.settle_in(settings=f'database_url = "{database}"\n')
    new = type(workspace)(tmp_path / "new machine", second("sqlite" if kind == "sqlite" else "postgres"))
    with new.stack:
        yield Offices(workspace, new, clock, tmp_path / "backup.zip")


def hours(desk: Desk, clock: Any, count: int) -> None:
    """Passes over so many hours, one in each quarter."""
    for _ in range(count * 4):
        clock.advance(minutes=15)
        one_pass(desk)


def states(desk: Desk) -> dict[str, State]:
    return {row.post: row.state for row in list_deliveries(desk.store)}


def number(desk: Desk, post: str) -> int:
    return next(row.id for row in list_deliveries(desk.store, post=post))


def at(clock: Any, **later: float) -> str:
    return (clock() + timedelta(**later)).isoformat(timespec="minutes")


@pytest.fixture
def made(offices: Offices) -> Offices:
    """A backup on the disk."""
    offices.old.post("one")
    one_pass(offices.old_desk)
    offices.backup()
    return offices
