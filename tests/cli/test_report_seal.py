"""``report seal`` as people type it: a month that is over, once; and a backup keeps it as it was sealed."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

SEALED = "已封存：1 条（去重稿件 1 篇）"


@pytest.fixture
def last_month(xuanfa: Any, write_post: Any, workspace: Path) -> str:
    """A post that came out in the month before this one; the month."""
    write_post("a")
    assert xuanfa("publish").code == 0
    moment = datetime.now(UTC).replace(day=1, hour=4) - timedelta(days=10)
    with closing(sqlite3.connect(workspace / "var" / "xuanfa.db")) as db:
        db.execute("UPDATE receipts SET published_at = ?", (int(moment.timestamp()) * 1_000_000,))
        db.execute("DELETE FROM receipts WHERE channel <> 'site'")
        db.commit()
    return f"{moment:%Y-%m}"


def test_a_month_that_is_over_is_sealed_once(xuanfa: Any, last_month: str) -> None:
    ran = xuanfa("report", "seal", last_month)
    assert (ran.code, f"{last_month} {SEALED}" in ran.out) == (0, True), ran.err + ran.out
    again = xuanfa("report", "seal", last_month)
    assert (again.code, "封存过" in again.err) == (1, True), again.err
    assert "封存月份" in xuanfa("audit", "show").out


def test_for_programs(xuanfa: Any, last_month: str) -> None:
    found = xuanfa("report", "seal", last_month, "--json").json
    assert (found["month"], found["items"], found["posts"], len(found["hash"])) == (last_month, 1, 1, 64)


@pytest.mark.parametrize(("month", "code"), [("2099-01", 1), ("now", 2), ("2026-13", 2), ("2026-1-1", 2)])
def test_what_cannot_be_sealed_is_told(xuanfa: Any, last_month: str, month: str, code: int) -> None:
    ran = xuanfa("report", "seal", month)
    assert ran.code == code
    assert ran.err
    assert "Traceback" not in ran.err


def test_a_backup_keeps_it(xuanfa: Any, write_post: Any, tmp_path: Path) -> None:
    write_post("a")
    assert xuanfa("publish").code == 0
    month = f"{datetime.now(UTC).replace(day=1, hour=4) - timedelta(days=10):%Y-%m}"
    sealed = xuanfa("report", "seal", month, "--json").json
    assert xuanfa("backup", tmp_path / "backup.zip").code == 0
    new = tmp_path / "new"
    ran = xuanfa("restore", tmp_path / "backup.zip", "-w", new, "--with-settings")
    assert ran.code == 0, ran.err
    again = xuanfa("report", "seal", month, "-w", new)
    assert (again.code, "封存过" in again.err) == (1, True), again.err
    with closing(sqlite3.connect(new / "var" / "xuanfa.db")) as db:
        assert db.execute("SELECT month, items, hash FROM sealed_months").fetchall() == [(month, 0, sealed["hash"])]
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute("DELETE FROM sealed_months")
    assert "✗" not in xuanfa("verify", "-w", new).out
    written = xuanfa("report", "month", month, "-o", tmp_path / "r.html", "-w", new)
    assert written.code == 0, written.err
    assert "封存" in (tmp_path / "r.html").read_text(encoding="utf-8")
