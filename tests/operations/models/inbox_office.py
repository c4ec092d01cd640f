"""An office as the model of the inbox plays it: its folder, settings, templates and receiver, and what arrived and stands where."""

import json
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize
from PIL import Image

from tests.support.staffed_folder import COLOURS, Folder, Sheet
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.engine.once import one_pass
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.store.database import Store
from xuanfa.store.schema import deliveries, posts, renditions

TEMPLATE = """{"title": {{ post.title | tojson }}, "text": {{ text | tojson }}, "cover": {{ (cover.sha256 if cover else "") | tojson }},
"picture": {{ (pictures[0].sha256 if pictures else "") | tojson }}, "office": {{ organisation.name | tojson }}, "template": %d}"""
NAMES = ("one.md", "two.md", "three.md", "2026/four.md", "通知.md", "five.md")


@dataclass(frozen=True)
class Row:
    """A delivery as it stands, under the name of its file."""

    id: int
    name: str
    post: int
    channel: str
    state: State
    key: str
    twin: int | None
    due_at: datetime
    title: str
    body: str


@dataclass(frozen=True)
class Arrived:
    """What a receiver got."""

    place: str
    key: str
    title: str
    text: str
    colours: tuple[str, str]
    office: str
    template: int


class Office(RuleBasedStateMachine):
    """What there is, and how to look at it."""

    make: Callable[[], tuple[Path, str, Any, Any]]

    #: Whether files are read by a process of its own, as ``xuanfa publish`` has them read.
    aside = False

    #: How often two thirds of an hour pass in the end.
    ends = 8

    @initialize(seed=st.integers(0, 2**32))
    def open(self, seed: int) -> None:
        self.home, self.database, self.clock, self.sink = type(self).make()
        self.chance = Random(seed)  # noqa: S311 - for texts
        self.folder = Folder(self.home / "posts")
        self.folder.real.mkdir(parents=True)
        #: The receivers that channels lead to, and the channels of columns.
        self.channels = {"web": "web", "hook": "hook"}
        self.columns = {"action": ["web", "hook"], "news": ["hook"]}
        self.office, self.template, self.number = "甲法院", 1, 0
        self.arrived: list[Arrived] = []
        #: What was read last, by name: of what lies in a folder that is away, or could not be read for too long, that goes out.
        self.read: dict[str, tuple[Sheet, tuple[str, str]]] = {}
        #: What a person has let go, by key: as long as nothing is done to its file. And deliveries of which they have said that they may go twice.
        self.words: dict[str, int] = {}
        self.twice: set[int] = set()
        self.called_off: set[int] = set()
        self.moved: set[int] = set()
        #: What was told, with what lay in the folder then.
        self.told: list[tuple[str, dict[str, tuple[Sheet, tuple[str, str]]]]] = []
        self.settle_in()
        self.folder.paint("a.png", "red", self.long_ago())

    def long_ago(self) -> datetime:
        return self.clock() - timedelta(minutes=5)

    def settle_in(self) -> None:
        """Write settings and template."""
        lines = [f'database_url = "{self.database}"', f'[organisation]\nname = "{self.office}"']
        lines += [f'[columns.{name}]\ntitle = "{name}"\nchannels = {json.dumps(c)}' for name, c in self.columns.items()]
        lines += [
            f'[channels.{name}]\nadapter = "webhook"\nurl = "{self.sink.url}/{place}"\nallow_private = true\n'
            f'remote_id = "id"\naddress = "url"\ntemplate = "plain.json"'
            for name, place in self.channels.items()
        ]
        (self.home / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
        template = self.home / "templates" / "webhook" / "plain.json"
        template.parent.mkdir(parents=True, exist_ok=True)
        template.write_text(TEMPLATE % self.template, encoding="utf-8")

    def is_here(self) -> bool:
        return not self.folder.is_away

    def has_files(self) -> bool:
        return self.is_here() and bool(self.folder.sheets)

    def name(self, number: int) -> str:
        names = sorted(self.folder.sheets)
        return names[number % len(names)]

    def free_name(self, number: int) -> str:
        free = [name for name in NAMES if name not in self.folder.sheets and f"_{name}" not in self.folder.sheets]
        return free[number % len(free)] if free else f"more-{len(self.folder.sheets)}-{number}.md"

    def due(self, minutes: int | None) -> datetime | None:
        if minutes is None:
            return None
        return (self.clock() + timedelta(minutes=minutes)).replace(second=0, microsecond=0)

    def new_sheet(self, minutes: int | None, picture: str, cover: bool, column: str, slug: bool) -> Sheet:
        self.number += 1
        text = "".join(chr(self.chance.randrange(0x4E00, 0x9000)) for _ in range(120))
        return Sheet(
            title=f"第{self.number}件事", text=text, column=column, due=self.due(minutes), picture=picture,
            cover="images/b.png" if cover else "", slug=f"s{self.number}" if slug else "", saved=self.clock(),
        )  # fmt: skip

    def desk(self) -> Any:
        return open_desk(self.home, self.clock, aside=self.aside)

    def passed(self) -> QueueReport:
        with self.desk() as desk:
            return one_pass(desk).queued

    def rows(self) -> list[Row]:
        d, p, r = deliveries.c, posts.c, renditions.c
        columns = (d.id, p.path, d.post_id, d.channel, d.state, d.key, d.twin, d.due_at, r.title, r.body)
        joined = deliveries.join(posts, p.id == d.post_id).outerjoin(renditions, r.id == d.rendition_id)
        with closing(Store(self.database)) as store, store.read() as connection:
            found = connection.execute(sa.select(*columns).select_from(joined).order_by(d.id))
            return [
                Row(
                    row.id, row.path.removeprefix("posts/"), row.post_id, row.channel, State(row.state), row.key, row.twin,
                    row.due_at, row.title or "", row.body or "",
                )
                for row in found
            ]  # fmt: skip

    def count(self) -> int:
        return len(self.sink.seen)

    def said(self) -> list[tuple[str, Sheet, tuple[str, str]]]:
        """What the folder says now, by name."""
        if self.folder.is_away:
            return []
        return [
            (name, sheet, self.folder.colours(sheet)) for name, sheet in self.folder.said(self.clock(), self.columns)
        ]

    def report(self, report: QueueReport) -> None:
        there = {name: (sheet, self.folder.colours(sheet)) for name, sheet in self.folder.sheets.items()}
        self.told += [(message, there) for message in (*report.notices, *report.problems)]

    def read_back(self, seen: Any) -> Arrived:
        return self.arrived_as(seen.path.strip("/"), seen.key, json.loads(seen.body))

    def arrived_as(self, place: str, key: str, said: dict[str, Any]) -> Arrived:
        colours = self.colour(said["picture"]), self.colour(said["cover"])
        text = said["text"].split("\n")[0]
        return Arrived(place, key, said["title"], text, colours, said["office"], said["template"])

    def colour(self, sha256: str) -> str:
        if not sha256:
            return ""
        file = next((self.home / "var" / "media").glob(f"*/{sha256}.*"))
        with Image.open(file) as image:
            shown = image.convert("RGB").getpixel((9, 9))
        known = {Image.new("RGB", (1, 1), colour).getpixel((0, 0)): colour for colour in COLOURS}
        return known.get(shown, f"{shown}")
