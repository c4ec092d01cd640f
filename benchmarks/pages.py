"""What a page of the console costs the server, with a thousand posts on record and with a hundred thousand, of which as many wait: by the time
of the processor, from the request to the whole answer, each page asked in turns.

What is on record is what ``lists`` has: one real post, copied row by row, and here published one after the other, so that the last month holds as
many in both.
"""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks.lists import APART, fill
from benchmarks.sink import Sink
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.console import cookies
from xuanfa.console.app import console
from xuanfa.operations.people.passwords import hashed
from xuanfa.operations.people.sessions import sign_in
from xuanfa.operations.sending.second_proof import find_repeated
from xuanfa.store import users

#: Of which a page is asked, and what it is called.
PAGES = {
    "the desk": "/",
    "deliveries, what waits": "/deliveries?state=queued",
    "deliveries, what is published": "/deliveries?state=published",
    "deliveries, all": "/deliveries?state=all",
    "one delivery": "/deliveries/1",
    "the calendar of a month": "/calendar/{month}",
}
#: Microseconds between two of the record: about 25 a day.
_APART = 3_450_000_000
_PASSWORD = "benchmark of pages"  # noqa: S105 - of nothing but this


def measure(*, quick: bool) -> list[Row]:
    """A row for each page."""
    few, many, rounds = (100, 2_000, 3) if quick else (1_000, 100_000, 15)
    with tempfile.TemporaryDirectory() as name, Sink() as sink:
        folders = [Path(name) / "few", Path(name) / "many"]
        for folder, posts in zip(folders, (few, many), strict=True):
            fill(folder, sink, posts)
            _spread(folder)
        command = [sys.executable, "-m", "benchmarks.pages", str(rounds), *map(str, folders)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    return [
        Row(
            f"{what}, {many:,} posts on record",
            f"{seconds[1] * 1e3:.1f} ms of the processor",
            f"{seconds[1] / seconds[0]:.2f} times that with {few:,} ({seconds[0] * 1e3:.1f} ms)",
            "≤ 1.5",
        )
        for what, seconds in told.items()
    ]


def _spread(folder: Path) -> None:
    """Let the record lie in the past, one after the other; and give whoever looks a password."""
    with open_desk(folder) as desk, desk.store.write() as connection:
        for table, column, number, more, which in (
            (
                "deliveries",
                "due_at",
                "id",
                ", approval = NULL",
                " AND state = 'published'",
            ),  # which names the time of what it approves
            ("receipts", "published_at", "delivery_id", "", ""),
        ):
            back = f"{column} - {number} / {APART} * {_APART}{more}"
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {back} WHERE {number} >= {APART}{which}")  # noqa: S608 - our own words
        find_repeated(desk, connection, desk.clock())  # as an engine that runs has looked through the history
        users.set_password(connection, "ed", hashed(_PASSWORD))
        users.vouch(connection, "ed", now=desk.clock(), after="set_password", actor="benchmarks", why="")


async def _ask(rounds: int, folders: list[str]) -> dict[str, list[float]]:
    """The median of each page in each of the folders."""
    found: dict[str, list[float]] = {}
    with ExitStack() as stack:
        desks = [stack.enter_context(open_desk(Path(folder))) for folder in folders]
        clients = []
        for desk in desks:
            token = sign_in(desk, "ed", _PASSWORD, place="here", agent="benchmark").token
            transport = httpx.ASGITransport(console(desk))
            clients.append(
                httpx.AsyncClient(transport=transport, base_url="http://here", cookies={cookies.SESSION: token})
            )
        month = f"{desks[0].clock():%Y-%m}"
        for what, path in PAGES.items():
            taken: list[list[float]] = [[] for _ in clients]
            for number in range(rounds + 1):
                for at, client in enumerate(clients):
                    begun = time.process_time()
                    answer = await client.get(path.format(month=month))
                    seconds = time.process_time() - begun
                    assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
                    if number:  # the first one warms up
                        taken[at].append(seconds)
            found[what] = [median(each) for each in taken]
        for client in clients:
            await client.aclose()
    return found


if __name__ == "__main__":
    os.environ.setdefault("XUANFA_LANG", "en")
    print(json.dumps(asyncio.run(_ask(int(sys.argv[1]), sys.argv[2:]))))
