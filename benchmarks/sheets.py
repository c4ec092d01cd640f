"""A month's workbook: ``xuanfa report month -o FILE.xlsx`` with 50,000 publications, beside bare XlsxWriter with the same rows.

Both write one after the other in processes of their own, with constant memory, by the time of the processor; the bare one finds its rows ready.
"""

# ruff: noqa: S608 - the statements are made of our own words

import json
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from benchmarks.table import Row, median
from xuanfa.domain.channel import Channel
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.freshness import Watched
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.term import month_of
from xuanfa.store.database import Store

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 12, 1, tzinfo=UTC)
_CHANNELS = ("site", "wechat", "weibo", "douyin", "cms")
_COLUMNS = ("action", "law", "notices")


class Desk:
    """As much of a desk as a report needs."""

    def __init__(self, store: Store) -> None:
        self.store, self.zone, self.clock = store, ZONE, lambda: NOW
        self.organisation = Organisation(name="benchmark")
        self.columns = {name: Column(id=name, title=name) for name in _COLUMNS}
        self.channels = {name: Channel(id=name, kind="webhook", title=name) for name in _CHANNELS}
        self.watched, self.reviews = Watched(), ReviewPolicy()


def measure(*, quick: bool) -> list[Row]:
    """A row for the time, and one for the memory."""
    many, rounds = (2_000, 1) if quick else (50_000, 3)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill(folder, many)
        told: dict[str, list[dict[str, float]]] = {"ours": [], "bare": []}
        for number in range(rounds):
            for who, of in told.items():
                command = [sys.executable, "-m", "benchmarks.sheets", who, name, str(number)]
                made = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
                of.append(json.loads(made))
    ours, bare = (median([each["seconds"] for each in told[who]]) for who in ("ours", "bare"))
    peak = max(each["megabytes"] for each in told["ours"])
    rows = int(told["ours"][0]["rows"])
    return [
        Row(
            f"a month's .xlsx, {rows:,} rows",
            f"{ours:.1f} s of the processor",
            f"{ours / bare:.2f} times bare XlsxWriter ({bare:.1f} s)",
            "≤ 2",
        ),
        Row(f"its memory, {rows:,} rows", f"{peak:.0f} MB at most", "", "< 200 MB"),
    ]


def fill(folder: Path, many: int) -> None:
    """A month in which so many publications came, written in SQL: it is quicker."""
    store = Store(f"sqlite:///{folder / 'xuanfa.db'}")
    store.ready()
    begin = int(datetime(2026, 11, 1, tzinfo=ZONE).timestamp() * 1_000_000)
    apart = 29 * 86_400_000_000 // many
    posts = -(-many // len(_CHANNELS))
    numbers = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {last}) "
    chosen = "CASE i % 5 " + " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(_CHANNELS)) + " END"
    column = "CASE (i / 5) % 3 " + " ".join(f"WHEN {at} THEN '{name}'" for at, name in enumerate(_COLUMNS)) + " END"
    title = "'巡回审判到田间：第 ' || (i / 5) || ' 件纠纷当场化解，群众送来锦旗'"
    with store.write() as connection:
        for script in (
            numbers.format(last=posts - 1)
            + "INSERT INTO posts (id, slug, path, revision, title, column_id, department, queued_at) "
            f"SELECT i + 1, 'post-' || i, 'p', 1, 't', 'action', '', {begin} FROM n",
            numbers.format(last=many - 1)
            + "INSERT INTO deliveries (id, post_id, revision, column_id, channel, kind, state, reason, rehearsal, digest, key, due_at, "
            "ready_at, fresh_at, tries, attempt, waiting, ticket, staged, looks) "
            f"SELECT i + 1, i / 5 + 1, 1, {column}, {chosen}, 'webhook', 'published', '', 0, '', '', {begin} + i * {apart}, 0, 0, 1, 1, 0, '', "
            "'', 0 FROM n",
            numbers.format(last=many - 1)
            + "INSERT INTO receipts (delivery_id, post_id, channel, remote_id, address, published_at, evidence, rehearsal, title, column_id, "
            f"department, author) SELECT i + 1, i / 5 + 1, {chosen}, '2247483647' || i, 'https://www.example.gov.cn/news/' || i || '.html', "
            f"{begin} + i * {apart} + 60000000, '', 0, {title}, {column}, '宣传科', '王敏' FROM n",
        ):
            connection.exec_driver_sql(script)
    store.close()


def ours(folder: Path, target: Path) -> int:
    """The report, as the command writes it."""
    from xuanfa.reports.house import House
    from xuanfa.reports.paper import Asked
    from xuanfa.reports.writing import write_report

    store = Store(f"sqlite:///{folder / 'xuanfa.db'}")
    asked = Asked(term=month_of("2026-11"))
    done = write_report(House(desk=Desk(store), now=NOW), asked, target)
    store.close()
    return done.rows


def bare(rows: list[Any], target: Path) -> int:
    """The same rows by the library alone, with the same kinds of cells."""
    from xlsxwriter import Workbook

    book = Workbook(str(target), {"constant_memory": True})
    sheet = book.add_worksheet()
    text, moment = book.add_format({"num_format": "@"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    for number, row in enumerate(rows):
        for at, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, at, value, text)
            elif isinstance(value, datetime):
                sheet.write_datetime(number, at, value.replace(tzinfo=None), moment)
            elif value is not None:
                sheet.write_number(number, at, value)
    book.close()
    return len(rows)


def rows_of(folder: Path) -> list[Any]:
    """The rows of the workbook, ready."""
    from xuanfa.reports.ledger_files import Wording, Written, in_parts, lines
    from xuanfa.reports.period import Period

    store = Store(f"sqlite:///{folder / 'xuanfa.db'}")
    term = month_of("2026-11")
    found = in_parts(store, Period(zone=ZONE, since=term.since, until=term.until))
    rows = [values for _, values in lines(found, Wording(zone=ZONE), Written())]
    store.close()
    return rows


def _run(who: str, folder: Path, number: str) -> None:
    target = folder / f"{who}-{number}.xlsx"
    ready = rows_of(folder) if who == "bare" else []
    began = time.process_time()
    rows = ours(folder, target) if who == "ours" else bare(ready, target)
    seconds = time.process_time() - began
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "megabytes": megabytes, "rows": rows}))


if __name__ == "__main__":
    _run(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
