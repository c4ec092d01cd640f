"""Fifty people at the console while a thousand deliveries go out in the same process of ``xuanfa serve``: how long a request takes, and how late the
deliveries are, beside the same with nobody at the console.

Each person opens a page, looks at it for three seconds, and opens the next one: what one does at a desk who is in a hurry. They are clients on
threads of a process of its own, on the same machine.
"""

import json
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx

from benchmarks.contest import CHANNELS, Run, opened
from benchmarks.contestants import OURS
from benchmarks.servers import Servers
from benchmarks.table import Row, median
from xuanfa.bootstrap import open_desk
from xuanfa.console import cookies
from xuanfa.domain.act import AddUser
from xuanfa.domain.person import PASSWORD, Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.people.accounts import add_user
from xuanfa.operations.people.sessions import sign_in

#: Of the receiver, in seconds; and between two pages of a person.
LATENCY = 0.05
THINKS = 3.0
#: Before the deliveries are due, and for how long at least, in seconds.
_BEFORE, _LASTS = 4.0, 20.0
PAGES = (
    "/",
    "/posts",
    "/deliveries?state=all",
    "/deliveries/{n}",
    "/calendar",
    "/counts",
    "/ledger",
    "/deliveries?state=published",
)
_SERVE = "xuanfa serve -w {folder} --listen 127.0.0.1:0"
_PASSWORD = "benchmark of a crowd"  # noqa: S105 - of nothing but this


def measure(*, quick: bool) -> list[Row]:
    """A row of the requests and one of the deliveries."""
    people, total, rounds = (10, 200, 1) if quick else (50, 1_000, 3)
    alone, among, asked = [], [], list[float]()
    for _ in range(rounds):
        alone.append(_once(total, 0)[0])
        late, seconds = _once(total, people)
        among.append(late)
        asked += seconds
    asked.sort()
    return [
        Row(
            f"p99 of {len(asked)} requests of {people} people, while {total} deliveries go out",
            f"{asked[int(len(asked) * 0.99) - 1] * 1e3:.0f} ms",
            f"p50 {median(asked) * 1e3:.0f} ms, p95 {asked[int(len(asked) * 0.95) - 1] * 1e3:.0f} ms, most {asked[-1] * 1e3:.0f} ms",
            "≤ 300 ms",
        ),
        Row(
            f"p99 lateness of these {total} deliveries",
            f"{median(among):.2f} s",
            f"{median(among) / median(alone):.2f} times that with nobody at the console ({median(alone):.2f} s)",
            "≤ 1.3",
        ),
    ]


def _once(total: int, people: int) -> tuple[float, list[float]]:
    """How late the 99th of a hundred was, in seconds, and how long each request took."""
    serving = replace(OURS, name="xuanfa serve, SQLite", command=_SERVE)
    with Servers() as servers, opened(serving, servers, LATENCY) as run:
        run.contestant.fill(run, total // CHANNELS)
        tokens = _people(run.folder, people)
        run.start()
        address = _address(run)
        crowd = _crowd(address, tokens, total) if people else None
        due = run.contestant.go(run)
        run.wait_for(total, 300)
        arrived = run.sink.stats()["arrived"]
        seconds = json.loads(crowd.communicate(timeout=300)[0]) if crowd else []
    assert isinstance(arrived, list)
    late = sorted(float(moment) + LATENCY - due for moment in arrived)
    assert late[0] > 0, "sent before it was due"
    return late[int(len(late) * 0.99) - 1], seconds


def _people(folder: Path, count: int) -> list[str]:
    """As many accounts, each signed in."""
    with open_desk(folder) as desk:
        for number in range(count):
            by = Person(name="u0", how=PASSWORD) if number else Person(name="root")
            act = AddUser(
                user=f"u{number}",
                display=f"第 {number} 人",
                roles=frozenset(Role),
                staff=Staff.ESTABLISHED,
                password=_PASSWORD,
            )
            add_user(desk, act, by)
        return [
            sign_in(desk, f"u{number}", _PASSWORD, place="here", agent="benchmark").token for number in range(count)
        ]


def _address(run: Run) -> str:
    """Where it listens, as it says."""
    for _ in range(600):
        found = re.search(
            r"http://127\.0\.0\.1:\d+", (run.folder / "log").read_text(encoding="utf-8", errors="replace")
        )
        if found:
            return found[0]
        time.sleep(0.05)
    raise AssertionError((run.folder / "log").read_text(encoding="utf-8", errors="replace"))


def _crowd(address: str, tokens: list[str], total: int) -> "subprocess.Popen[str]":
    told = json.dumps({"address": address, "tokens": tokens, "posts": total // CHANNELS - 1})
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crowd"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(told + "\n")
    process.stdin.flush()
    return process


def _work(told: dict[str, Any], who: int, until: float, seconds: list[float]) -> None:
    """One person. Each begins at another moment, and with another page."""
    cookie = {cookies.SESSION: told["tokens"][who]}
    with httpx.Client(base_url=told["address"], cookies=cookie, timeout=60, follow_redirects=True) as client:
        time.sleep(THINKS * (who * 0.618 % 1))
        at = who
        while time.monotonic() < until:
            path = PAGES[at % len(PAGES)].format(n=1 + (who * 7 + at) % told["posts"])
            begun = time.perf_counter()
            answer = client.get(path, headers={"Accept-Encoding": "gzip"})
            seconds.append(time.perf_counter() - begun)
            assert answer.status_code == httpx.codes.OK, (path, answer.status_code)
            at += 1
            time.sleep(THINKS)


def _everybody() -> None:
    told = json.loads(sys.stdin.readline())
    until, seconds = time.monotonic() + _BEFORE + _LASTS, list[float]()
    with ThreadPoolExecutor(len(told["tokens"])) as people:
        each = [people.submit(_work, told, who, until, seconds) for who in range(len(told["tokens"]))]
    for one in each:
        one.result()  # whoever was refused a page says so here
    print(json.dumps(seconds))


if __name__ == "__main__":
    _everybody()
