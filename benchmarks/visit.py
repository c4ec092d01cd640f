"""What a first visit of the console brings over the wire, gzipped as it is sent; and how long six channels of a changed text take: the server's part
of what is seen after the last key."""

import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.corpus import body
from benchmarks.table import Row, median
from tests.support.browsing import Somebody, served
from xuanfa.bootstrap import open_desk
from xuanfa.domain.act import AddUser
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.people.accounts import add_user

_PASSWORD = "benchmark of a visit"  # noqa: S105 - of nothing but this
#: All in rehearsal: nothing leaves.
_KINDS = {
    "site": 'directory = "public"\nbase_url = "https://court.example.gov.cn"',
    "wechat": 'mode = "publish"',
    "weibo": "",
    "douyin": 'mode = "image_text"',
    "wecom": 'key = "00000000-0000-4000-8000-000000000000"',
    "webhook": 'url = "https://court.example.gov.cn/hook"',
}


def measure(*, quick: bool) -> list[Row]:
    """Bytes of two pages, and the time of a preview."""
    rounds = 5 if quick else 60
    with _console() as address, Somebody(address) as one:
        one.sign_in("u", _PASSWORD)
        desk = _bytes(one.client, "/")
        one.go("/posts")
        one.press("写一篇")
        slug = one.page.url.path.split("/")[2]
        writing = _bytes(one.client, f"/posts/{slug}/write")
        took = sorted(_preview(one, slug, number) for number in range(rounds + 1))
    return [
        Row("first visit of the desk, on the wire", f"{desk / 1e3:.1f} kB", "", "< 60 kB ours, < 150 kB in all"),
        Row("first visit of 写稿, on the wire", f"{writing / 1e3:.1f} kB", "", "< 60 kB ours, < 150 kB in all"),
        Row(
            f"six channels of a changed text, {rounds} times",
            f"{took[int(len(took) * 0.95) - 1] * 1e3:.0f} ms p95",
            f"p50 {median(took) * 1e3:.0f} ms",
            "< 100 ms",
        ),
    ]


@contextmanager
def _console() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "posts").mkdir()
        channels = "".join(
            f'[channels.{kind}]\nadapter = "{kind}"\nrehearsal = true\n{more}\n' for kind, more in _KINDS.items()
        )
        column = f'[columns.action]\ntitle = "我们在行动"\nchannels = {list(_KINDS)!r}\n'
        (folder / "xuanfa.toml").write_text(column + channels, encoding="utf-8")
        with open_desk(folder) as desk:
            act = AddUser(user="u", display="周敏", roles=frozenset(Role), staff=Staff.ESTABLISHED, password=_PASSWORD)
            add_user(desk, act, Person(name="root"))
            with served(desk) as address:
                yield address


def _bytes(client: httpx.Client, path: str) -> int:
    """Of the page and of all that it names of ours, and of the modules that those import."""
    seen: dict[str, int] = {}
    waiting = [path]
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as answer:
            answer.raise_for_status()
            text = "".join(answer.iter_text())
            seen[address] = answer.num_bytes_downloaded
        found = re.findall(r'(?:src|href)="(/static/[^"#]+)', text) if address == path else []
        folder = address.rpartition("/")[0]
        found += (
            [f"{folder}/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', text)]
            if address.endswith(".js")
            else []
        )
        waiting += found
    return sum(seen.values())


def _preview(one: Somebody, slug: str, number: int) -> float:
    fields = dict(one.form("存为一版").fields)
    data = {
        "csrf": fields["csrf"],
        "base": fields["base"],
        "column": "action",
        "title": f"巡回审判第 {number} 期",
        "text": body(number),
        "see": "wechat",
    }
    begun = time.perf_counter()
    answer = one.client.post(f"/posts/{slug}/sketch", data=data)
    took = time.perf_counter() - begun
    answer.raise_for_status()
    assert len(answer.json()["channels"]) == len(_KINDS), answer.json()["channels"]
    return took
