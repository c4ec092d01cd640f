"""What 统计 costs the server with a million publications on record: by the time of the processor, from the request to the whole page, beside the page
of one delivery, which counts nothing."""

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx

from benchmarks.ledger import fill
from benchmarks.reviewed import furnish
from benchmarks.sink import Sink
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.console import cookies
from xuanfa.console.app import console
from xuanfa.operations.keeping.month_sums import keep_months
from xuanfa.operations.people.passwords import hashed
from xuanfa.operations.people.sessions import sign_in
from xuanfa.store import month_sums, users

#: Of which time the page is asked, and what that is called; the last one counts nothing. A pass has kept the months that are over, as it does
#: within a minute of the end of each.
PAGES = {
    "统计 of this year, as it opens": "/counts",
    "统计 of a month": "/counts?span=own&since=2026-10-01&until=2026-10-31",
    "统计 of one department, a year": "/counts?span=own&since=2025-01-01&until=2025-12-31&department=部门7",
    "统计 of ten years": "/counts?span=own&since=2016-12-01&until=2026-11-30",
    "one delivery": "/deliveries/1",
}
#: And while one month is counted anew, since a receipt of it has changed.
CHANGED = {
    "统计 of last year, one month of it not kept": "/counts?span=own&since=2025-01-01&until=2025-12-31",
    "统计 of ten years, one month of them not kept": PAGES["统计 of ten years"],
}
_WHEN = datetime(2025, 7, 9, tzinfo=UTC)
_PASSWORD = "benchmark of statistics"  # noqa: S105 - of nothing but this


def measure(*, quick: bool) -> list[Row]:
    """A row for each time that is asked for."""
    number, rounds = (20_000, 3) if quick else (1_000_000, 9)
    with tempfile.TemporaryDirectory() as name, Sink() as sink:
        folder = Path(name) / "office"
        furnish(folder, sink.url, posts=0, channels=1, in_flight=10)
        fill(folder / "var" / "xuanfa.db", number)
        command = [sys.executable, "-m", "benchmarks.counts_page", str(rounds), str(folder)]
        told = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout)
    beside = told.pop("one delivery")
    return [
        Row(
            f"{what}, {number:,} publications",
            f"{seconds * 1e3:.0f} ms of the processor",
            f"{seconds / beside:.1f} times the page of one delivery ({beside * 1e3:.0f} ms)",
            "< 100 ms",
        )
        for what, seconds in told.items()
    ]


async def _ask(rounds: int, folder: str) -> dict[str, float]:
    """The median of each page; they take turns."""
    with open_desk(Path(folder)) as desk:
        while keep_months(desk):
            pass
        with desk.store.write() as connection:
            users.set_password(connection, "ed", hashed(_PASSWORD))
            users.vouch(connection, "ed", now=desk.clock(), after="set_password", actor="benchmarks", why="")
        token = sign_in(desk, "ed", _PASSWORD, place="here", agent="benchmark").token
        transport = httpx.ASGITransport(console(desk))
        taken: dict[str, list[float]] = {what: [] for what in (*PAGES, *CHANGED)}
        async with httpx.AsyncClient(
            transport=transport, base_url="http://here", cookies={cookies.SESSION: token}
        ) as client:
            for pages in (PAGES, CHANGED):
                for number in range(rounds + 1):
                    for what, path in pages.items():
                        begun = time.process_time()
                        answer = await client.get(path)
                        seconds = time.process_time() - begun
                        assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
                        if number:  # the first one warms up
                            taken[what].append(seconds)
                with desk.store.write() as connection:
                    month_sums.drop_those_of(connection, [_WHEN])
    return {what: median(each) for what, each in taken.items()}


if __name__ == "__main__":
    os.environ.setdefault("XUANFA_LANG", "en")
    print(json.dumps(asyncio.run(_ask(int(sys.argv[1]), sys.argv[2]))))
