"""Every table that says which migration has made it names one that is there and makes it, so that an older backup is read as it was."""

from pathlib import Path

import pytest

import xuanfa
from xuanfa.store import database  # noqa: F401 - brings all tables in
from xuanfa.store.base import SINCE, metadata

MIGRATIONS = Path(xuanfa.__file__).parent / "store" / "migrations" / "versions"
DATED = {name: table.info[SINCE] for name, table in metadata.tables.items() if SINCE in table.info}


def test_there_are_such_tables() -> None:
    assert {"series", "occurrences", "solemn_periods"} <= DATED.keys()


@pytest.mark.parametrize(("table", "since"), sorted(DATED.items()))
def test_the_migration_that_a_table_names_makes_it(table: str, since: str) -> None:
    (file,) = MIGRATIONS.glob(f"{since}_*.py")
    assert f'"{table}"' in file.read_text(encoding="utf-8")
