"""A disk on which one flush in six fails: words for the operator, never a trace, and still everything out once."""

import random
import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from xuanfa.cli import main
from xuanfa.engine import drain
from xuanfa.store.database import Store


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Commits that fail as SQLite tells a failed ``fsync``, drawn by the seed that is put into the list; empty, all is well."""
    seeds: list[int] = []
    drawn: list[random.Random] = []
    engine = Store("sqlite://").engine
    dialect: Any = type(engine.dialect)
    real = dialect.do_commit

    def do_commit(self: Any, connection: Any) -> None:
        if seeds and not drawn:
            drawn.append(random.Random(seeds[0]))  # noqa: S311 - a test's chance
        if seeds and drawn[0].randrange(6) == 0:
            raise sqlite3.OperationalError("disk I/O error")
        real(self, connection)

    monkeypatch.setattr(dialect, "do_commit", do_commit)
    monkeypatch.setattr(drain.time, "sleep", lambda _seconds: None)
    yield seeds
    seeds.clear()
    engine.dispose()


@pytest.mark.parametrize("seed", range(12))
def test_a_failing_flush_is_told_in_words_and_nothing_goes_out_twice(
    workspace: Any, sink: Any, failing: list[int], capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    workspace.settle_in("one", "two")
    for name in ("甲", "乙", "丙"):
        workspace.post(name)
    folder = str(workspace.folder)
    assert main(["queue", "-w", folder]) == 0
    failing.append(seed)
    codes = [main(["publish", "-w", folder]) for _ in range(3)]
    failing.clear()
    codes.append(main(["publish", "-w", folder]))
    said = capsys.readouterr()
    assert "Traceback" not in said.out + said.err
    assert "sqlalche" not in said.out + said.err
    assert set(codes) <= {0, 1}
    assert set(sink.keys.values()) == {1}
    with workspace.desk().store.read() as connection:
        states = list(connection.scalars(sa.text("SELECT state FROM deliveries")))
    assert len(states) == 6
    assert set(states) <= {"published", "publishing"}  # one whose claim was lost comes back with its lease, in doubt
    assert len(sink.seen) <= 6
