"""The monthly report names every severe finding that somebody answered for, with who and why."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.support.report_office import fill, house
from xuanfa.domain.term import month_of
from xuanfa.domain.verdict import Waiver
from xuanfa.reports.overridden import overridden
from xuanfa.reports.paper import Asked
from xuanfa.reports.writing import write_report
from xuanfa.store import verdicts
from xuanfa.store.database import Store

MARCH = month_of("2026-03")
AT = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    made.ready()
    fill(made)
    yield made
    made.close()


def waive(store: Store, rule: str, text: str, **more: Any) -> None:
    usual: dict[str, Any] = {"post": "post-1", "digest": "", "actor": "wang", "why": "已核实", "at": AT}
    with store.write() as connection:
        verdicts.waive(connection, [Waiver(rule=rule, text=text, **usual | more)], "wang")


def test_severe_ones_of_the_month_are_named_and_hints_are_not(store: Store) -> None:
    waive(store, "privacy.mobile", "13893512345")
    waive(store, "punct.mixed", ",")
    waive(store, "privacy.mobile", "13900000000", at=AT - timedelta(days=30))
    waive(store, "gone.rule", "什么", post="")
    found = overridden(house(store), MARCH)
    assert [(each.waiver.rule, each.waiver.shown) for each in found] == [
        ("privacy.mobile", "13***"),
        ("gone.rule", "什么"),
    ]
    assert found[1].title == "（全部稿件）"


def test_the_document_says_how_many_and_lists_them(store: Store, tmp_path: Path) -> None:
    waive(store, "privacy.mobile", "13893512345", why="本人同意公开")
    write_report(house(store), Asked(term=MARCH), tmp_path / "a.docx")
    document = docx.Document(str(tmp_path / "a.docx"))
    text = "".join(paragraph.text for paragraph in document.paragraphs)
    assert "承担或忽略的严重问题1处" in text
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "本人同意公开" in cells
    assert not any("13893512345" in cell for cell in cells)


def test_nothing_of_the_kind_is_not_told(store: Store, tmp_path: Path) -> None:
    write_report(house(store), Asked(term=MARCH), tmp_path / "a.html")
    assert "承担或忽略" not in (tmp_path / "a.html").read_text(encoding="utf-8")
