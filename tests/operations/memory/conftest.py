"""A workspace whose database is lost, copied or put back as it was."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.decisions import ANNA
from xuanfa.bootstrap import looking_desk, open_desk
from xuanfa.domain.delivery import State
from xuanfa.domain.mark import Mark
from xuanfa.engine.once import one_pass
from xuanfa.operations.keeping.recover import recover
from xuanfa.reports.listing import everything_paused, list_deliveries


@dataclass
class Office:
    """A workspace, and what becomes of its database. ``url`` leads to the one in use."""

    workspace: Any
    url: str
    clock: Any
    fresh: Callable[[], str]
    copied: Callable[[str], str]
    folder: Path = field(init=False)

    def __post_init__(self) -> None:
        self.folder = self.workspace.folder
        self.settle_in()

    def settle_in(self, *channels: str, **extra: str) -> None:
        self.workspace.settle_in(*channels, settings=f'database_url = "{self.url}"\n', **extra)

    def use(self, url: str) -> None:
        """Have the settings lead to another database."""
        file = self.folder / "xuanfa.toml"
        file.write_text(file.read_text(encoding="utf-8").replace(self.url, url), encoding="utf-8")
        self.url = url

    def publish(self, *slugs: str) -> dict[str, State]:
        """A pass as a process of its own makes it, over these posts too; how everything stands then."""
        for slug in slugs:
            self.workspace.post(slug)
        with open_desk(self.folder, self.clock) as desk:
            one_pass(desk)
            return {row.post: row.state for row in list_deliveries(desk.store)}

    def paused(self) -> str | None:
        with looking_desk(self.folder, self.clock) as desk:
            return everything_paused(desk.store)

    def ask(self, **options: Any) -> Any:
        with looking_desk(self.folder, self.clock) as desk:
            return recover(desk, **options)

    def number(self, slug: str) -> int:
        with looking_desk(self.folder, self.clock) as desk:
            return next(row.id for row in list_deliveries(desk.store, post=slug))

    def decide(self, decision: Callable[..., object], *arguments: object) -> None:
        with open_desk(self.folder, self.clock) as desk:
            decision(desk, *arguments, ANNA)


@pytest.fixture
def office(
    workspace: Any, database: str, clock: Any, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Office]:
    """An office on either kind of database, which can be lost, or put back as it was."""
    given: list[str] = []
    server = None if database.startswith("sqlite") else request.getfixturevalue("postgres")

    def fresh() -> str:
        given.append(f"sqlite:///{tmp_path / f'other{len(given)}' / 'x.db'}" if server is None else server.database())
        return given[-1]

    def copied(url: str) -> str:
        """As the database is now, whole; nobody is using it."""
        if server is None:
            given.append(f"sqlite:///{tmp_path / f'copy{len(given)}.db'}")
            shutil.copy(sa.make_url(url).database or "", sa.make_url(given[-1]).database or "")
        else:
            name = f"copy_{len(given)}_{sa.make_url(url).database}"
            server.sql(f"CREATE DATABASE {name} TEMPLATE {sa.make_url(url).database}")
            given.append(server.url(name))
        return given[-1]

    yield Office(workspace, database, clock, fresh, copied)
    for url in given if server is not None else ():
        server.drop(url)


def marks_of(office: Office) -> list[Mark]:
    lines = (office.folder / "xuanfa.marks").read_bytes().splitlines()
    return [mark for mark in map(Mark.from_line, lines) if mark is not None]
