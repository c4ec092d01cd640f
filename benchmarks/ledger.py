"""The ledger with a million publications on SQLite: every count beside the bare SQL that gives the same figures, and an export beside its library.

Both sides run in one process, turn by turn, on the same database, and processor time is compared: others use the machine as well.
"""

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from benchmarks.table import Row
from xuanfa.domain.counting import By
from xuanfa.reports.counts import count
from xuanfa.reports.ledger_files import Wording, in_parts, write_csv
from xuanfa.reports.period import Period
from xuanfa.store.database import Store

ZONE: Final = ZoneInfo("Asia/Shanghai")
#: Ten years up to here; each channel gets what is published in turn.
LAST: Final = datetime(2026, 11, 30, tzinfo=UTC)
DAYS: Final = 3_652
CHANNELS, COLUMNS, DEPARTMENTS, AUTHORS = 4, 12, 40, 300
_MICRO: Final = 1_000_000
_HOURS_EAST: Final = 8 * 3600
#: What is asked of which time.
_MONTH: Final = {"since": date(2026, 10, 1), "until": date(2026, 10, 31)}
_YEAR: Final = {"since": date(2025, 1, 1), "until": date(2025, 12, 31)}
_ASKED: Final[tuple[tuple[str, By, dict[str, Any]], ...]] = (
    ("by channel, all time", "channel", {}),
    ("by column, all time", "column", {}),
    ("by department, all time", "department", {}),
    ("by author, all time", "author", {}),
    ("by kind, all time", "kind", {}),
    ("by original or repost, all time", "original", {}),
    ("by campaign, all time", "campaign", {}),
    ("by month, all time", "month", {}),
    ("by day, all time", "day", {}),
    ("by channel, a year", "channel", _YEAR),
    ("by department, a year", "department", _YEAR),
    ("by author, a year", "author", _YEAR),
    ("by day, a year", "day", _YEAR),
    ("by channel, a month", "channel", _MONTH),
    ("by author, a month", "author", _MONTH),
    ("by channel, one column, all time", "channel", {"column": "c3"}),
    ("by month, one department, a year", "month", _YEAR | {"department": "部门7"}),
    ("by column, one channel, a year", "column", _YEAR | {"channel": "ch1"}),
)
#: Which column of the ledger each split goes by; campaigns are those of columns.
_BARE: Final[dict[By, str]] = {
    "channel": "channel",
    "column": "column_id",
    "campaign": "column_id",
    "department": "department",
    "author": "author",
    "kind": "kind",
    "original": "original",
    "month": f"strftime('%Y-%m', published_at / {_MICRO} + {_HOURS_EAST}, 'unixepoch')",
    "day": f"strftime('%Y-%m-%d', published_at / {_MICRO} + {_HOURS_EAST}, 'unixepoch')",
}


def measure(*, quick: bool) -> list[Row]:
    """A row for each count, and for the figures of a month."""
    number, rounds = (20_000, 3) if quick else (1_000_000, 5)
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "ledger.db"
        fill(file, number)
        told = _run("compare", str(rounds), str(file))
        month, every = _run("export", str(file), "month"), _run("export", str(file), "all")
    return [
        *(
            Row(
                f"count {what}, {number:,} publications",
                f"{ours * 1e3:.0f} ms of the processor",
                f"{ours / bare:.2f} times the bare SQL ({bare * 1e3:.0f} ms)",
                "≤ 3; < 300 ms where an index serves",
            )
            for what, (ours, bare) in told.items()
        ),
        Row(
            f"ledger as .csv, {every['rows']:,} rows",
            f"{every['seconds']:.0f} s of the processor, {every['peak']:.0f} MB at most",
            f"{every['peak'] / month['peak']:.2f} times the memory of {month['rows']:,} rows ({month['peak']:.0f} MB)",
            "≤ 1.2: streamed",
        ),
    ]


def _run(*words: str) -> Any:
    """What another process of this module measures."""
    command = [sys.executable, "-m", "benchmarks.ledger", *words]
    return json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)


def _export(file: Path, asked: dict[str, Any]) -> dict[str, float]:
    """Write the rows of a period nowhere: how many, how long that takes, and the most memory that the process had. MB."""
    store = Store(f"sqlite:///{file}")
    begun = time.process_time()
    with Path(os.devnull).open("wb") as nowhere, closing(in_parts(store, Period(zone=ZONE, **asked))) as rows:
        written = write_csv(nowhere, rows, Wording(zone=ZONE))
    seconds = time.process_time() - begun
    store.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"rows": written.rows.total(), "seconds": seconds, "peak": peak}


def fill(file: Path, number: int) -> None:
    """A database with so many publications, some of them withdrawn, rehearsed, corrected, or brought by a post of a correction."""
    store = Store(f"sqlite:///{file}")
    store.ready()
    store.close()
    with closing(sqlite3.connect(file)) as db:
        db.executescript("PRAGMA synchronous = OFF; PRAGMA journal_mode = MEMORY; PRAGMA foreign_keys = OFF;")
        posts = number // CHANNELS
        apart = DAYS * 86_400 * _MICRO // number
        first = int((LAST - timedelta(days=DAYS)).timestamp()) * _MICRO
        db.execute("CREATE TEMP TABLE numbers (n INTEGER PRIMARY KEY)")
        db.execute(
            "INSERT INTO numbers WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < ?) SELECT n FROM s",
            (number,),
        )
        for statement in _statements(posts, first, apart):
            db.execute(statement)
        db.commit()


def _statements(posts: int, first: int, apart: int) -> Iterator[str]:
    """One post goes to each of the channels, one after the other; times go on from row to row."""
    at = f"({first} + n * {apart})"
    post, column = f"((n - 1) / {CHANNELS} + 1)", f"'c' || ((n - 1) / {CHANNELS} % {COLUMNS})"
    yield (
        "INSERT INTO posts (id, slug, path, revision, title, column_id, department, queued_at) "
        f"SELECT n, 'post-' || n, 'posts/' || n || '.md', 1, '法官走进校园讲法治课之' || n, 'c' || ((n - 1) % {COLUMNS}), "
        f"'部门' || (n % {DEPARTMENTS}), {first} FROM numbers WHERE n <= {posts}"
    )
    yield (
        "INSERT INTO revisions (post_id, number, digest, source, created_at, title, department, author, kind, original) "
        f"SELECT id, 1, '', '', queued_at, title, department, '作者' || (id % {AUTHORS}), CASE id % 5 WHEN 0 THEN 'case' WHEN 1 THEN '' "
        "ELSE 'regular' END, id % 4 != 0 FROM posts"
    )
    yield (
        "INSERT INTO deliveries (id, post_id, revision, column_id, channel, kind, state, reason, rehearsal, digest, key, due_at, ready_at, "
        "fresh_at, tries, attempt, waiting, ticket, staged, looks, twin, account) "
        f"SELECT n, {post}, 1, {column}, 'ch' || (n % {CHANNELS}), CASE n % {CHANNELS} WHEN 1 THEN 'wechat' ELSE 'site' END, "
        f"CASE WHEN n % 100 = 7 THEN 'retracted' ELSE 'published' END, '', n % 50 = 3, printf('%064x', n), printf('%032x', n), "
        f"{at} - (n % 40) * 60 * {_MICRO}, {at}, {at}, 0, 1, 0, '', '', 0, 0, 'site www.example.gov.cn/x' FROM numbers"
    )
    yield (
        "INSERT INTO receipts (delivery_id, remote_id, address, published_at, retracted_at, evidence, rehearsal, account, title, column_id, "
        "department, author, post_id, channel, kind, original) "
        "SELECT d.id, 'article:' || d.id, 'https://www.example.gov.cn/action/post-' || d.post_id || '.html', d.fresh_at, "
        f"CASE d.state WHEN 'retracted' THEN d.fresh_at + 1 END, 'sha256:' || d.digest, d.rehearsal, d.account, v.title, {column}, "
        "v.department, v.author, d.post_id, d.channel, v.kind, v.original "
        "FROM numbers JOIN deliveries d ON d.id = n JOIN revisions v ON v.post_id = d.post_id AND v.number = 1"
    )
    yield (
        "INSERT INTO corrections (post_id, delivery_id, revision, digest, key, actor, how, place, why, ordered_at, state, reason, successor, "
        "tries, done_at) SELECT id, id * 4, 1, '', '', 'a', 'machine', '', '', queued_at, CASE id % 3 WHEN 0 THEN 'post' WHEN 1 THEN 'again' "
        "ELSE 'done' END, '', CASE WHEN id % 3 < 2 THEN 'post-' || (id + 1) ELSE '' END, 1, queued_at FROM posts WHERE id % 5000 < 3"
    )
    for what in ("column", "channel"):
        count_, prefix = (COLUMNS, "c") if what == "column" else (CHANNELS, "ch")
        for at_ in range(count_):
            yield f"INSERT INTO names (what, named, title, since) VALUES ('{what}', '{prefix}{at_}', '名称{at_}', {first})"
    for at_ in range(COLUMNS):
        yield f"INSERT INTO names (what, named, title, since) VALUES ('campaign', 'c{at_}', '活动{at_ % 3}', {first})"
    yield f"INSERT INTO names (what, named, title, since) VALUES ('kind', 'ch1', 'wechat', {first})"


def bare(by: By, asked: dict[str, Any]) -> list[str]:
    """What anybody would type who knows the tables: the split, and the distinct posts."""
    where = ["retracted_at IS NULL", "rehearsal = 0"]
    period = Period(zone=ZONE, **asked)
    for sign, moment in ((">=", period.begins), ("<", period.ends)):
        if moment is not None:
            where.append(f"published_at {sign} {int(moment.timestamp()) * _MICRO}")
    for column, value in (("column_id", period.column), ("channel", period.channel), ("department", period.department)):
        if value is not None:
            where.append(f"{column} = '{value}'")
    condition = " AND ".join(where)
    return [
        f"SELECT {_BARE[by]}, count(*) FROM receipts WHERE {condition} GROUP BY 1",
        f"SELECT count(DISTINCT post_id) FROM receipts WHERE {condition}",
    ]


def _compare(rounds: int, file: Path) -> dict[str, tuple[float, float]]:
    """The least processor time of ours and of the bare SQL, taken turn by turn."""
    store = Store(f"sqlite:///{file}")
    found: dict[str, tuple[float, float]] = {}
    with closing(sqlite3.connect(file)) as db:
        for what, by, asked in _ASKED:
            period, statements = Period(zone=ZONE, **asked), bare(by, asked)

            def ours(period: Period = period, by: By = by) -> None:
                count(store, period, by)

            def theirs(statements: list[str] = statements) -> None:
                for statement in statements:
                    db.execute(statement).fetchall()

            found[what] = _least(rounds, ours, theirs)
    store.close()
    return found


def _least(rounds: int, ours: Callable[[], None], theirs: Callable[[], None]) -> tuple[float, float]:
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds + 1):
        for side, times in zip((ours, theirs), taken, strict=True):
            begun = time.process_time()
            side()
            times.append(time.process_time() - begun)
    return min(taken[0][1:]), min(taken[1][1:])


if __name__ == "__main__":
    if sys.argv[1] == "compare":
        print(json.dumps(_compare(int(sys.argv[2]), Path(sys.argv[3]))))
    else:
        print(json.dumps(_export(Path(sys.argv[2]), _MONTH if sys.argv[3] == "month" else {})))
