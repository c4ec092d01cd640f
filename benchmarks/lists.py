"""What it costs to see what waits: lists of reviews and of deliveries, with a thousand posts on record and with a hundred thousand; and a look
into the folder of posts from which as many files have been taken away.

As many reviews wait in both, for a list takes what it shows. The rest lies in the archive with all that belongs to it, reviewed and published:
one real post, copied row by row, whose file was put away. Each list is asked by the command itself, in one process, in turns; the starting is not
counted, and time is that of the processor.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import sqlalchemy as sa

from benchmarks.reviewed import approve_all, furnish, submit
from benchmarks.sink import Sink
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.cli import main
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.store.schema import metadata

#: Reviews that wait, and posts that are approved and to be sent.
WAITING, READY = 40, 10
#: Ids of a copy are those of the post that it is made of, plus so many for each copy.
APART = 1000
#: The commands, and what each is called.
LISTS = {
    "review list": ("review", "list", "--json"),
    "deliveries that await their review": ("deliveries", "--state", "awaiting_review", "--json"),
    "deliveries that are queued": ("deliveries", "--state", "scheduled", "--json"),
    "deliveries that are held": ("deliveries", "--state", "held", "--json"),
    "deliveries that were retracted": ("deliveries", "--state", "retracted", "--json"),
    "deliveries of one post": ("deliveries", "--post", "p00001", "--json"),
    "deliveries of one day": ("deliveries", "--since", "2000-01-01", "--until", "2000-01-01", "--json"),
}
#: The copies had files, too, which were seen.
_SEEN = (
    "INSERT INTO files (path, size, changed_ns, digest, post_id, problems, read_at) "
    "SELECT p.path, f.size, f.changed_ns, f.digest, p.id, f.problems, f.read_at FROM posts p, files f WHERE f.post_id = 1 "
    "AND p.path NOT IN (SELECT path FROM files)"
)
_OF_POST = "post_id = 1"
_OF_DELIVERY = "delivery_id IN (SELECT id FROM deliveries WHERE post_id = 1 AND id < 1000)"
_OF_REVIEW = "review_id IN (SELECT id FROM reviews WHERE post_id = 1 AND id < 1000)"
#: What belongs to a post, in an order in which each row finds what it refers to.
COPIED: Mapping[str, str] = {
    "posts": "id = 1",
    "revisions": _OF_POST,
    "renditions": _OF_POST,
    "reviews": _OF_POST,
    "decisions": _OF_REVIEW,
    "approvals": _OF_REVIEW,
    "deliveries": _OF_POST,
    "attempts": _OF_DELIVERY,
    "receipts": _OF_DELIVERY,
    "events": f"{_OF_POST} OR {_OF_DELIVERY}",
}
#: Columns that name something by its number.
_NUMBERS = {"id", "post_id", "rendition_id", "review_id", "approval", "delivery_id"}
#: Columns that must differ.
_NAMES = {"slug", "path"}


def measure(*, quick: bool) -> list[Row]:
    """A row for each list."""
    few, many, rounds = (100, 2_000, 3) if quick else (1_000, 100_000, 15)
    with tempfile.TemporaryDirectory() as name, Sink() as sink:
        folders = [Path(name) / "few", Path(name) / "many"]
        for folder, posts in zip(folders, (few, many), strict=True):
            fill(folder, sink, posts)
        command = [sys.executable, "-m", "benchmarks.lists", str(rounds), *map(str, folders)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
        looks = [_look_at_what_is_gone(folder) for folder in folders]
    return [
        *(
            Row(
                f"{what}, {many:,} files gone at once",
                f"{looks[1][at] * 1e3:.0f} ms of the processor",
                f"{looks[0][at] * 1e3:.0f} ms with {few:,}",
            )
            for at, what in enumerate(("the look that finds it", "each look after that"))
        ),
        *_rows(told, few, many),
    ]


def _rows(told: Mapping[str, list[float]], few: int, many: int) -> list[Row]:
    return [
        Row(
            f"{what}, {many:,} posts on record",
            f"{seconds[1] * 1e3:.1f} ms of the processor",
            f"{seconds[1] / seconds[0]:.2f} times that with {few:,} ({seconds[0] * 1e3:.1f} ms)",
            "≤ 1.5",
        )
        for what, seconds in told.items()
    ]


def fill(folder: Path, sink: Sink, posts: int) -> None:
    """One post reviewed and published, and copies of it; others that wait, and some that are approved."""
    furnish(folder, sink.url, posts=1, channels=1, in_flight=10)
    with open_desk(folder) as desk:
        queue(desk)
        submit(desk, "p00000")
        approve_all(desk, "p00000")
        one_pass(desk, scan=False)
        with desk.store.write() as connection:
            _multiply(connection, posts - WAITING - READY)
    furnish(folder, sink.url, posts=1 + WAITING + READY, channels=1, in_flight=10, publish_at="2099-01-01 09:00")
    with open_desk(folder) as desk:
        queue(desk)
        for number in range(1, 1 + WAITING + READY):
            submit(desk, f"p{number:05}")
        for number in range(1, 1 + READY):
            approve_all(desk, f"p{number:05}")


def _look_at_what_is_gone(folder: Path) -> tuple[float, float]:
    """Seconds of the processor of the look that finds that the files of all copies are gone, and of the next one."""
    taken = []
    with open_desk(folder) as desk:
        with desk.store.write() as connection:
            connection.exec_driver_sql(_SEEN)
        for _ in range(2):
            begun = time.process_time()
            queue(desk)
            taken.append(time.process_time() - begun)
    return taken[0], taken[1]


def _multiply(connection: sa.Connection, copies: int) -> None:
    counted = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {copies}) "  # noqa: S608
    for table, which in COPIED.items():
        names = [column.name for column in metadata.tables[table].columns]
        values = [
            f"t.{name} + n.i * {APART}"
            if name in _NUMBERS
            else f"t.{name} || '-' || n.i"
            if name in _NAMES
            else f't."{name}"'
            for name in names
        ]
        listed = ", ".join(f'"{name}"' for name in names)
        rows = f"(SELECT * FROM {table} WHERE {which}) t"  # noqa: S608 - names of our own
        text = f"INSERT INTO {table} ({listed}) {counted} SELECT {', '.join(values)} FROM n, {rows}"  # noqa: S608
        connection.exec_driver_sql(text)


def _ask(rounds: int, folders: list[str]) -> dict[str, list[float]]:
    """The median of each list in each of the folders, asked in turns."""
    found: dict[str, list[float]] = {}
    for what, words in LISTS.items():
        taken: list[list[float]] = [[] for _ in folders]
        for number in range(rounds + 1):
            for at, folder in enumerate(folders):
                said = io.StringIO()
                begun = time.process_time()
                with contextlib.redirect_stdout(said):
                    code = main([*words, "-w", folder])
                seconds = time.process_time() - begun
                assert code == 0, said.getvalue()
                if number:  # the first one warms up
                    taken[at].append(seconds)
        found[what] = [median(each) for each in taken]
    return found


if __name__ == "__main__":
    os.environ.setdefault("XUANFA_LANG", "en")
    print(json.dumps(_ask(int(sys.argv[1]), sys.argv[2:])))
