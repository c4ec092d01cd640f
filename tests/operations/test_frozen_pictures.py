"""A picture exchanged among the kept ones does not leave, on any kind that sends pictures, in the real adapters and tools."""

import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.support.decisions import release
from xuanfa.domain.delivery import State
from xuanfa.domain.person import Person
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queue import queue
from xuanfa.rehearsal import journal_of
from xuanfa.reports.listing import list_deliveries

ANNA = Person(name="安娜", why="核对")
CHANNELS = {
    "site": 'directory = "public"\nbase_url = "https://court.example"',
    "manual": "",
    "email": "rehearsal = true",
    "wechat": 'rehearsal = true\nmode = "publish"',
    "weibo": "rehearsal = true",
    "wordpress": "rehearsal = true",
    "douyin": 'rehearsal = true\nmode = "image_text"',
    "douyin by hand": 'mode = "manual"',
}


@pytest.fixture(params=CHANNELS)
def office(request: pytest.FixtureRequest, workspace: Any, clock: Any) -> Any:
    kind = request.param.split()[0]
    text = f'[columns.action]\ntitle = "我们在行动"\nchannels = ["it"]\n[channels.it]\nadapter = "{kind}"\n{CHANNELS[request.param]}\n'
    (workspace.folder / "xuanfa.toml").write_text(text, encoding="utf-8")
    Image.new("RGB", (640, 480), "red").save(workspace.folder / "posts" / "a.png")
    own = {"channels": "\n  it:\n    text: 见 https://court.example/one"} if kind == "weibo" else {}
    workspace.post(
        "one", "把法庭搬到田间地头，当庭调解，当场履行。\n\n![巡回审判](a.png)", summary="巡回审判进山村", **own
    )
    return workspace.desk(clock)


def media(folder: Path) -> list[Path]:
    return [path for path in (folder / "var" / "media").glob("??/*") if path.is_file()]


def exchange(path: Path) -> None:
    """Other bytes, with size and times as they were."""
    stat, data = path.stat(), bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def shown(folder: Path) -> list[Path]:
    """What readers could see, or a person could upload."""
    return [path for root in ("public", "var/handover", "var/douyin") for path in (folder / root).rglob("*.[jp][pn]g")]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_an_exchanged_picture_is_held_and_leaves_once_it_is_put_back(office: Any, database: str, clock: Any) -> None:
    queue(office)
    originals = {path: path.read_bytes() for path in media(office.folder)}
    assert originals
    for path in originals:
        exchange(path)
    one_pass(office)
    (row,) = list_deliveries(office.store)
    assert row.state is State.HELD
    assert "被改动" in row.reason
    assert shown(office.folder) == []
    received = journal_of(office.folder / "var" / "rehearsal", "it").received()
    assert [one.path for one in received if one.method == "POST" and "token" not in one.path] == []

    release(office, row.id, ANNA)
    clock.advance(minutes=1)
    one_pass(office)
    assert list_deliveries(office.store)[0].state is State.HELD, "a person's word does not make it right"

    for path, data in originals.items():
        path.write_bytes(data)
    release(office, row.id, ANNA)
    clock.advance(minutes=1)
    one_pass(office)
    assert list_deliveries(office.store)[0].state in {State.PUBLISHED, State.ACCEPTED}
