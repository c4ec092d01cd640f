"""Whatever happens to an office, its figures agree: every split sums to the same, so do the rows, and so does what the receiver has got.

Hypothesis tells stories of posts that are published, rehearsed, withdrawn, corrected in their place, by a notice or by another post, of settings
that call things otherwise or lose them, of rows that are imported and taken back, and of a backup put back on another machine; months that are
over are kept as they count all the while. ``XUANFA_LEDGER=500`` tells so many of them.
"""

import json
import os
import tempfile
from collections import Counter
from contextlib import ExitStack, closing, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.decisions import ANNA, all_posts_are_here, correct, resume, retract, retracted_by_hand
from xuanfa.bootstrap import open_desk
from xuanfa.bootstrap.restoring import restore_workspace
from xuanfa.domain.act_lists import ImportLedger, UndoImport
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.correction import Others
from xuanfa.domain.counting import ALL_BY, BY_TIME, ORIGINAL, REPOST, By
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.figures import ON_TIME
from xuanfa.domain.imported import Past, page_key
from xuanfa.domain.spans import name_of, spans
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.month_sums import keep_months
from xuanfa.operations.keeping.verify import verify
from xuanfa.reports.counts import count
from xuanfa.reports.figures import figures
from xuanfa.reports.ledger import Publication, publications
from xuanfa.reports.listing import list_deliveries
from xuanfa.reports.period import Period
from xuanfa.reports.shares import shares
from xuanfa.store.month_sums import all_kept

STORIES: Final = int(os.environ.get("XUANFA_LEDGER", "6"))
SETTINGS = """
timezone = "{zone}"
[organisation]
name = "金昌市中级人民法院"
[columns.action]
title = "在行动{name}"
campaign = "活动{campaign}"
channels = [{channels}]
[columns.law]
title = "说法{name}"
campaign = "普法"
channels = [{channels}]
[channels.web]
adapter = "site"
title = "网站{name}"
base_url = "https://www.example.gov.cn/"
directory = "public"
[channels.hook]
adapter = "webhook"
url = "{url}/hook"
allow_private = true
remote_id = "id"
address = "url"
{second}
[publish]
still_seconds = 0
[channels.drill]
adapter = "webhook"
url = "{url}/drill"
allow_private = true
rehearsal = true
"""
SECOND = """
[channels.second]
adapter = "webhook"
url = "{url}/second"
allow_private = true
remote_id = "id"
address = "url"
template = "plain.json"
"""
#: What the second receiver gets: it cannot be told that a text was corrected.
PLAIN = '{"title": {{ post.title | tojson }}, "text": {{ text | tojson }}}'
#: What may happen, each as often as it does.
DEEDS = (
    ["publish"] * 5
    + ["retract"] * 2
    + ["correct", "notice", "again", "rename", "lose", "bring", "undo", "restore", "later"]
)
Step = tuple[str, int, int]


class Story:
    """An office, with all that happens to it."""

    def __init__(self, folder: Path, sink: Any, clock: Any, zone: str) -> None:
        self.home, self.folder, self.sink, self.clock, self.zone = folder, folder / "office", sink, clock, zone
        self.named, self.has_second, self.written, self.machines = 0, True, 0, 0
        self.brought: list[int] = []
        self.stack = ExitStack()
        (self.folder / "posts").mkdir(parents=True)
        template = self.folder / "templates" / "webhook" / "plain.json"
        template.parent.mkdir(parents=True)
        template.write_text(PLAIN, encoding="utf-8")
        self.settle()

    def settle(self) -> None:
        """Write the settings as they are now, and open the desk by them."""
        channels = ["web", "hook", "drill", *(["second"] if self.has_second else [])]
        text = SETTINGS.format(
            zone=self.zone,
            name=self.named or "",
            campaign=self.named % 3,
            channels=", ".join(f'"{name}"' for name in channels),
            url=self.sink.url,
            second=SECOND.format(url=self.sink.url) if self.has_second else "",
        )
        (self.folder / "xuanfa.toml").write_text(text, encoding="utf-8")
        self.open()

    def open(self) -> None:
        """The desk as another process would have it."""
        self.stack.close()
        self.desk: Desk = self.stack.enter_context(open_desk(self.folder, self.clock))

    def tell(self, deed: str, one: int, other: int) -> None:
        """One step, and what the engine makes of it."""
        getattr(self, f"do_{deed}")(one, other)
        one_pass(self.desk)
        keep_months(self.desk)

    def do_publish(self, one: int, other: int) -> None:
        """A post for every channel of its column."""
        self.written += 1
        lines = {
            "title": f"第{self.written}篇",
            "column": ("action", "law")[one % 2],
            "department": ("", "民一庭", "执行局")[one % 3],
            "author": ("", "张三")[other % 2],
            "source": ("", "最高人民法院", "金昌市中级人民法院")[other % 3],
            "publish_at": "now",
        }
        head = "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
        body = f"第{self.written}篇的正文：{'，'.join(str(one * n + other) for n in range(self.written + 5))}。"
        path = self.folder / "posts" / f"p{self.written}.md"
        path.write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")

    def do_retract(self, one: int, _other: int) -> None:
        """One channel; where it has no interface for that, by hand."""
        row = self._out(one)
        if row is not None and row.channel in self.desk.channels:
            try:
                retract(self.desk, row.id, ANNA)
            except StateError:
                retracted_by_hand(self.desk, row.id, ANNA)
            one_pass(self.desk)
            self._by_hand()

    def do_correct(self, one: int, other: int, others: Others = Others.LEAVE) -> None:
        """In its place where that is possible; elsewhere it stays."""
        row = self._out(one)
        path = self.folder / "posts" / f"{row.post if row else ''}.md"
        if row is None or not path.exists():
            return
        path.write_text(
            path.read_text(encoding="utf-8") + f"\n补记{other}，{self.clock():%d%H%M%S}。\n", encoding="utf-8"
        )
        with suppress(StateError, ContentError):
            correct(self.desk, row.post, ANNA, others)
        for _ in range(3):
            self.clock.advance(minutes=5)
            one_pass(self.desk)
            self._by_hand()

    def do_notice(self, one: int, other: int) -> None:
        """Elsewhere another post says what was wrong."""
        self.do_correct(one, other, Others.POST)

    def do_again(self, one: int, other: int) -> None:
        """Elsewhere it is withdrawn, and another post takes its place."""
        self.do_correct(one, other, Others.AGAIN)

    def do_rename(self, _one: int, _other: int) -> None:
        """Columns, channels and a campaign are called otherwise."""
        self.named += 1
        self.settle()

    def do_lose(self, _one: int, _other: int) -> None:
        """A channel leaves the settings, or comes back."""
        self.has_second = not self.has_second
        self.settle()

    def do_later(self, one: int, other: int) -> None:
        """Weeks go by."""
        self.clock.advance(days=one % 40, hours=other % 24)

    def do_bring(self, one: int, other: int) -> None:
        """Rows of before are imported."""
        rows = [self._past(number, one, other) for number in range(one % 3 + 1)]
        made = carry_out(self.desk, ImportLedger(origin=f"import:{one}.xlsx", rows=rows), ANNA)
        self.brought.append(made.id)

    def _past(self, number: int, one: int, other: int) -> Past:
        address = f"https://old.example/{self.clock().timestamp()}/{one}/{other}/{number}"
        return Past(
            title=f"旧稿{number}",
            address=address,
            key=page_key(address),
            published_at=self.clock() - timedelta(days=other * 30),
            column=("action", "")[other % 2],
            column_title="旧栏目",
            channel="web",
            channel_title="旧网站",
        )

    def do_undo(self, one: int, _other: int) -> None:
        """An import is taken back."""
        if self.brought:
            carry_out(self.desk, UndoImport(number=self.brought.pop(one % len(self.brought))), ANNA)

    def do_restore(self, _one: int, _other: int) -> None:
        """A backup is put back on another machine, which goes on."""
        file = self.home / f"backup-{self.machines}.zip"
        backup(self.desk, file)
        self.machines += 1
        self.folder = self.home / f"machine-{self.machines}"
        restore_workspace(file, self.folder, ANNA, self.clock)
        self.open()
        one_pass(self.desk)
        resume(self.desk, EVERYTHING, ANNA)
        all_posts_are_here(self.desk, ANNA)

    def _out(self, number: int) -> Any:
        rows = [row for row in list_deliveries(self.desk.store, states=[State.PUBLISHED]) if not row.rehearsal]
        return rows[number % len(rows)] if rows else None

    def _by_hand(self) -> None:
        for row in list_deliveries(self.desk.store, states=[State.RETRACTING]):
            retracted_by_hand(self.desk, row.id, ANNA)


def sums_agree(story: Story) -> None:
    """Every figure beside every other one."""
    store, zone = story.desk.store, story.desk.zone
    everything = Period(zone=zone)
    rows = list(publications(store, everything))
    counted = [row for row in rows if row.counts]
    found = {by: count(store, everything, by) for by in ALL_BY}
    whole = found["channel"]
    assert {by: sum(each.by.values()) for by, each in found.items()} == dict.fromkeys(ALL_BY, len(counted))
    assert {each.posts for each in found.values()} == {whole.posts}
    for by in ALL_BY:
        assert found[by].by == Counter(name_in(story, by, row) for row in counted), by
    assert whole.retracted == sum(row.retracted_at is not None and not row.rehearsal for row in rows)
    assert whole.rehearsed == sum(row.rehearsal for row in rows)
    brought = [row for row in rows if row.origin != "own"]
    assert len(brought) == (whole.imported.items if whole.imported else 0)
    parts_agree(story, counted)
    derived = figures(store, everything)
    assert (derived.items, derived.posts) == (whole.items, whole.posts)
    assert derived.original + derived.reposted == derived.on_time + derived.late == whole.items
    assert derived.late == sum(row.due_at is not None and row.published_at - row.due_at > ON_TIME for row in counted)
    assert derived.first == sum(row.first for row in counted) <= derived.original
    assert derived.corrected == sum(row.corrected_at is not None for row in counted)
    for whose in ("department", "author"):
        assert {share.name: share.items for share in shares(store, everything, whose)} == found[whose].by
    assert received(story) == {name: n for name, n in whole.by.items() if name in {"hook", "second"}}


def parts_agree(story: Story, counted: list[Publication]) -> None:
    """What is narrowed to each month, channel, column and department comes to the same as the whole."""
    store, zone = story.desk.store, story.desk.zone
    for name in ("channel", "column", "department"):
        values = {getattr(row, name) for row in counted}
        parts = {value: count(store, Period(zone=zone, **{name: value}), "day") for value in values}
        assert {value: part.items for value, part in parts.items()} == Counter(getattr(row, name) for row in counted)
        assert all(sum(part.by.values()) == part.items for part in parts.values())
    if counted:
        months = list(spans("month", counted[0].published_at, counted[-1].published_at, zone))
        days = [(each.begins.date(), (each.ends - timedelta(hours=12)).date()) for each in months]
        assert sum(count(store, Period(zone=zone, since=a, until=b)).items for a, b in days) == len(counted)


def name_in(story: Story, by: By, row: Publication) -> str:
    """Under which name a row is counted, told by the row alone."""
    if by == "campaign":
        return "普法" if row.column == "law" else f"活动{int(row.column_title.removeprefix('在行动') or 0) % 3}"
    if by == "original":
        return ORIGINAL if row.original else REPOST
    if by in BY_TIME:
        return name_of(by, row.published_at.astimezone(story.desk.zone).date())
    return str(getattr(row, by))


def received(story: Story) -> dict[str, int]:
    """What the receiver has got for each channel and nobody has taken down since, but for notices: its own count."""
    got: Counter[str] = Counter()
    assert max(story.sink.keys.values(), default=1) == 1
    for seen in story.sink.seen:
        body = json.loads(seen.body)
        is_new = body.get("type", "article.published") == "article.published"
        got[seen.path.removeprefix("/")] += is_new and "更正：" not in str(body)
    gone = [row for row in list_deliveries(story.desk.store, states=[State.RETRACTED]) if row.channel in got]
    got.subtract(row.channel for row in gone if "更正：" not in row.title)
    return {name: n for name, n in got.items() if n}


STEPS = st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 60), st.integers(0, 60)), min_size=4, max_size=10)


@settings(
    max_examples=STORIES,
    deadline=None,
    derandomize=STORIES <= 6,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS, zone=st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/St_Johns"]))
def test_sums_agree_whatever_happens(tmp_path: Path, sink: Any, clock: Any, steps: list[Step], zone: str) -> None:
    sink.seen.clear()
    story = Story(Path(tempfile.mkdtemp(dir=tmp_path)), sink, type(clock)(), zone)
    with closing(story.stack):
        story.tell("publish", 0, 0)
        for step in steps:
            story.tell(*step)
        sums_agree(story)
        assert [text for text in (item.trouble for item in verify(story.desk)) if text] == []


#: One story in which all of it happens.
LONG: Final = [
    ("publish", 0, 0), ("publish", 4, 5), ("notice", 5, 2), ("again", 2, 3), ("later", 30, 4), ("retract", 2, 2), ("rename", 0, 0), ("publish", 7, 8),
    ("bring", 2, 2), ("lose", 0, 0), ("publish", 9, 1), ("restore", 0, 0), ("publish", 3, 3), ("correct", 1, 1), ("undo", 0, 0), ("again", 6, 3),
    ("notice", 9, 9),
]  # fmt: skip


def test_sums_agree_in_one_long_story(tmp_path: Path, sink: Any, clock: Any) -> None:
    story = Story(tmp_path, sink, clock, "Europe/Berlin")
    with closing(story.stack):
        for step in LONG:
            story.tell(*step)
            sums_agree(story)
        found = count(story.desk.store, Period(zone=story.desk.zone))
        rows = list(publications(story.desk.store, Period(zone=story.desk.zone)))
        with story.desk.store.read() as connection:
            assert all_kept(connection)
        assert any(row.notice for row in rows)
        assert found.retracted
        assert found.rehearsed
        assert found.items > found.posts > 3
