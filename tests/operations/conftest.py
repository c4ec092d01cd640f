"""A desk on a real database, of either kind, whose adapters say what a test wants them to say."""

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.support.cheap_passwords import as_ever
from xuanfa.adapters.protocol import Adapter, AdapterConfig, Kit, Tools, Traits
from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.channel import Channel
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.delivery import ON_SHELF, Delivery, State
from xuanfa.domain.finding import Finding
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import Evidence, Outcome, Published, Staged, Staging, Unknown, Withdrawal
from xuanfa.domain.post import Post
from xuanfa.domain.process import Fate
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition, link_mark, needed_channels
from xuanfa.domain.timetable import parse_timetable
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import QueueReport, queue
from xuanfa.operations.people import passwords
from xuanfa.operations.sending.perform import Done, Job, perform
from xuanfa.operations.sending.publish import begin, refresh, turn
from xuanfa.store import deliveries
from xuanfa.store.database import Store
from xuanfa.store.schema import attempts, channel_states, events

ZONE = ZoneInfo("Asia/Shanghai")


class ScriptedConfig(AdapterConfig):
    """No settings of its own."""


@dataclass
class Script:
    """What a channel answers, in order, and what it was told. An exception in the list is raised."""

    publish: list[Outcome | Exception] = field(default_factory=list)
    confirm: list[Evidence | Exception] = field(default_factory=list)
    stage: list[Staging | Exception] = field(default_factory=list)
    retract: list[Withdrawal | Exception] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    #: The channel whose address the body waits for.
    link: str = ""
    #: Further signs at the end of the body, as a template may put them there.
    nasty: str = ""
    sent: list[Order] = field(default_factory=list)
    looked: list[tuple[Order, str | None]] = field(default_factory=list)
    prepared: list[Order] = field(default_factory=list)
    withdrawn: list[tuple[Order, Receipt]] = field(default_factory=list)


def _next(answers: Sequence[Any], otherwise: Any) -> Any:
    answer = answers.pop(0) if isinstance(answers, list) and answers else otherwise
    if isinstance(answer, Exception):
        raise answer
    return answer


def published(key: str) -> Published:
    return Published(receipt=Receipt(remote_id=key, address=f"https://www.example.gov.cn/{key}", evidence="200"))


class Plain:
    """An adapter that can only publish and look."""

    kind = "scripted"
    Config = ScriptedConfig
    traits = Traits(label=("剧本", "scripted"))
    budget = "one"

    def __init__(self, config: Script, tools: Tools | None = None) -> None:
        self.script = config

    def render(self, post: Post, kit: Kit) -> Rendition:
        body = f"{post.body}\n{link_mark(self.script.link)}" if self.script.link else post.body
        body += self.script.nasty
        return Rendition(
            title=post.title,
            body=body,
            media_type="text/plain",
            pictures=post.pictures,
            needs=needed_channels([body]),
        )

    def check(self, rendition: Rendition) -> Sequence[Finding]:
        return tuple(self.script.findings)

    def publish(self, order: Order) -> Outcome:
        self.script.sent.append(order)
        outcome: Outcome = _next(self.script.publish, published(order.key))
        return outcome

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        self.script.looked.append((order, ticket))
        evidence: Evidence = _next(self.script.confirm, Unknown(evidence="cannot tell"))
        return evidence

    def diagnose(self) -> Sequence[Finding]:
        return ()


class Whole(Plain):
    """One that also prepares and withdraws."""

    def stage(self, order: Order) -> Staging:
        self.script.prepared.append(order)
        staging: Staging = _next(self.script.stage, Staged(memory={"draft": "1"}))
        return staging

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        self.script.withdrawn.append((order, receipt))
        withdrawal: Withdrawal = _next(self.script.retract, Unknown(evidence="cannot tell"))
        return withdrawal


@dataclass
class Bench:
    """A workspace without settings: channels are given as domain records, adapters are scripts."""

    folder: Path
    clock: Any
    database: str
    scripts: dict[str, Script] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    timetable: tuple[str, ...] = ()
    policy: Policy = field(default_factory=Policy)
    chance: Random = field(default_factory=lambda: Random(7))  # noqa: S311 - for waits
    stack: ExitStack = field(default_factory=ExitStack)
    #: Processes that are still there; every other one is gone.
    alive: set[str] = field(default_factory=set)
    #: Processes that stand still.
    stopped: set[str] = field(default_factory=set)
    #: Processes of which nothing can be seen from here.
    unseen: set[str] = field(default_factory=set)
    _desk: Desk | None = None

    def channel(self, name: str = "a", *, link: str = "", **known: Any) -> Script:
        """Add a channel; its script."""
        self.channels[name] = Channel(id=name, kind="scripted", title=name, budget=known.pop("budget", name), **known)
        self.scripts[name] = Script(link=link)
        return self.scripts[name]

    def bound(self, channel: str) -> Adapter:
        """As ``Adapters`` has it."""
        whole = self.channels[channel].stages or self.channels[channel].retracts
        adapter: Adapter = (Whole if whole else Plain)(self.scripts[channel])
        return adapter

    @property
    def desk(self) -> Desk:
        """The desk, made when first asked for."""
        if self._desk is None:
            self._desk = self.another()
        return self._desk

    def another(self, **changes: Any) -> Desk:
        """A desk as another process would have it: its own connections and node."""
        (self.folder / "posts").mkdir(parents=True, exist_ok=True)
        store = Store(self.database)
        self.stack.callback(store.close)
        store.ready()
        column = Column(
            id="action", title="我们在行动", channels=tuple(self.channels), timetable=parse_timetable(self.timetable)
        )
        made = Desk(
            folder=self.folder,
            store=store,
            organisation=Organisation(),
            columns={"action": column},
            channels=self.channels,
            adapters=self,
            templates=Templates([self.folder / "templates"]),
            media=MediaStore(self.folder / "var" / "media"),
            zone=ZONE,
            clock=self.clock,
            node=f"node-{id(store)}",
            process=f"process-{id(store)}",
            repeat_ahead=timedelta(days=14),  # two weeks say as much as five, and are sooner done
            fate=self.fate,
            policy=self.policy,
            chance=self.chance,
        )
        return replace(made, **changes)

    def fate(self, process: str) -> Fate:
        """As ``Desk`` has it."""
        if process in self.stopped:
            return Fate.STOPPED
        return Fate.RUNNING if process in self.alive else Fate.UNSEEN if process in self.unseen else Fate.GONE

    def write(self, slug: str = "one", body: str = "正文。", /, **matter: str) -> Path:
        """Write a post's file, with the clock's minute as its time of change so that each writing is seen."""
        lines = {"title": f"“{slug}”", "column": "action", "publish_at": "now"} | matter
        head = "\n".join(f"{name}: {value}" for name, value in lines.items() if value)
        path = self.folder / "posts" / f"{slug}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")
        return path

    def queue(self, *slugs: str) -> QueueReport:
        """Write posts of these slugs, and read the inbox."""
        for slug in slugs:
            self.write(slug)
        return queue(self.desk)

    def claim(self, places: int = 50, desk: Desk | None = None) -> list[Job]:
        """What one turn would start."""
        desk = desk or self.desk
        return turn(desk, begin(desk), [], places)

    def settle(self, *results: Done) -> None:
        """Write what came of jobs, and claim nothing."""
        turn(self.desk, begin(self.desk), results, 0)

    def run(self) -> None:
        """A pass on this thread: turns until nothing is left to claim."""
        run, results = begin(self.desk), []
        while True:
            jobs = turn(self.desk, run, results, 50)
            results = [perform(self, job) for job in jobs]
            if not results:
                refresh(self.desk, run)
                if not run.active:
                    return

    def get(self, number: int = 1) -> Delivery:
        """A delivery as it stands."""
        with self.desk.store.read() as connection:
            return deliveries.get(connection, [number])[number]

    def all(self) -> list[Delivery]:
        """Every delivery."""
        with self.desk.store.read() as connection:
            numbers = list(connection.scalars(sa.text("SELECT id FROM deliveries ORDER BY id")))
            return list(deliveries.get(connection, numbers).values())

    def put(self, state: State, number: int = 1, **changes: Any) -> Delivery:
        """Put a delivery into a state by force, as if it had come there."""
        before = self.get(number)
        changes = {"shelf": ON_SHELF, **changes} if state is State.SHELVED else changes
        after = replace(before, state=state, **changes)
        with self.desk.store.write() as connection:
            deliveries.rewrite(connection, [deliveries.Change(before, after)], self.clock(), "test")
        return after

    def tries(self, number: int = 1) -> list[tuple[str, str | None]]:
        """The attempts of a delivery: action and outcome."""
        c = attempts.c
        with self.desk.store.read() as connection:
            query = sa.select(c.action, c.outcome).where(c.delivery_id == number).order_by(c.number)
            return [(row.action, row.outcome) for row in connection.execute(query)]

    def history(self, number: int = 1) -> list[str]:
        """The names of a delivery's events."""
        with self.desk.store.read() as connection:
            query = sa.select(events.c.after).where(events.c.delivery_id == number).order_by(events.c.id)
            return list(connection.scalars(query))

    def standing(self, channel: str = "a") -> tuple[bool, datetime | None]:
        """Whether a channel is paused, and until when it is left alone."""
        c = channel_states.c
        with self.desk.store.read() as connection:
            query = sa.select(c.paused_at, c.deferred_until).where(c.channel == channel)
            row = connection.execute(query).first()
        return (False, None) if row is None else (row.paused_at is not None, row.deferred_until)


@pytest.fixture
def bench(tmp_path: Path, clock: Callable[[], datetime], database: str) -> Iterator[Bench]:
    made = Bench(tmp_path, clock, database)
    with made.stack:
        yield made


@pytest.fixture
def fresh_bench(tmp_path: Path, clock: Any) -> Callable[[], Bench]:
    """Makes benches that know nothing of each other, each on an SQLite file and a clock of its own; whoever asks closes its ``stack``."""
    empty = tmp_path / "empty.db"
    store = Store(f"sqlite:///{empty}")
    store.ready()
    store.close()

    def make() -> Bench:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        shutil.copy(empty, folder / "xuanfa.db")
        return Bench(folder, type(clock)(), f"sqlite:///{folder / 'xuanfa.db'}")

    return make


@pytest.fixture
def dear_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords are hashed at the program's own cost."""
    monkeypatch.setattr(passwords, "_hasher", as_ever)


@pytest.fixture
def lease() -> timedelta:
    return timedelta(seconds=121)
