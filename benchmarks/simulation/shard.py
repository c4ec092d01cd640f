"""One shard: some courts in one workspace with one database, day after day on a clock that jumps to what is due next."""

import gc
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from shutil import rmtree

from benchmarks.corpus import body
from benchmarks.simulation.balance import Balance, balance
from benchmarks.simulation.clerk import Clerk
from benchmarks.simulation.reviewers import SETTINGS, Reviewers
from benchmarks.simulation.wire import PLATFORMS, Killed, Network
from xuanfa.bootstrap import make_desk
from xuanfa.bootstrap.rehearsal import HandClock
from xuanfa.engine.once import one_pass
from xuanfa.engine.workers import Workers
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import Done, Job, perform
from xuanfa.operations.sending.publish import next_due_at
from xuanfa.rehearsal.platform import Platform
from xuanfa.settings import load
from xuanfa.store.database import Store

#: Half past eight in Beijing, on New Year's Day: the staff put the day's posts into the folder.
BEGIN = datetime(2026, 1, 1, 0, 30, tzinfo=UTC)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
#: When the day's posts are due, after that; and when the clerk looks a second time.
DUE = (timedelta(minutes=30), timedelta(hours=3), timedelta(hours=7, minutes=30))
EVENING = timedelta(hours=9)
#: On one day in this many the machine is off for some hours.
NIGHT_ONE_IN = 60
#: How long after the last post everything is still followed to its end.
FOLLOWED = 4
#: Days after which the staff put posts away. What is put away stays in the database.
PUT_AWAY = 7
_CHANNELS = {
    "cms": 'adapter = "webhook"\nurl = "https://{court}.cms.example.gov.cn/api"\nallow_private = true\nreplay_hours = 72\n'
    'success = "ok"\nremote_id = "id"\naddress = "url"',
    "portal": 'adapter = "webhook"\nurl = "https://{court}.portal.example.gov.cn/api"\nallow_private = true\n'
    'success = "ok"\nremote_id = "id"\naddress = "url"',
    "weibo": 'adapter = "weibo"\napp_key = "{court}"\napp_secret = "simulated"\naccess_token = "simulated-{court}"\n'
    'rip = "211.156.0.1"\nlink = "{court}_cms"',
    "wecom": 'adapter = "wecom"\nkey = "{court}"\nlink = "{court}_cms"',
}


class InOrder(Workers):
    """Performs each job at once, on the calling thread, so that a seed has one history."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.adapters, desk.in_flight, desk.clock)
        self._desk = desk
        self._ended: list[Done] = []

    def start(self, job: Job) -> None:
        """Have a job performed."""
        self.in_flight += 1
        self._ended.append(perform(self._desk.adapters, job, self._desk.clock))

    def collect(self, timeout: float) -> list[Done]:
        """What has ended."""
        ended, self._ended = self._ended, []
        self.in_flight -= len(ended)
        return ended


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is simulated in one shard."""

    seed: int
    courts: tuple[str, ...]
    days: int
    fault_rate: float = 0.01
    platforms: dict[str, type[Platform]] = field(default_factory=lambda: PLATFORMS)


def simulate(plan: Plan, folder: Path) -> Balance:
    """Live through the plan in ``folder``, and draw the balance."""
    with ExitStack() as stack:
        shard = _Shard(plan, folder, stack)
        for day in range(plan.days + FOLLOWED):
            shard.live(day)
            gc.freeze()  # what a year has left behind need not be gone through again and again
        found = balance(shard.desk, shard.network, planned=len(plan.courts) * plan.days * len(DUE) * len(_CHANNELS))
        found.kills, found.nights, found.passes = shard.kills, shard.nights, shard.passes
        found.wrong["refused"] = len(shard.clerk.refused)
        found.wrong["seen and not approved"] = len(shard.reviewers.unapproved(shard.is_reviewed))
        found.decisions, found.edits = shard.reviewers.decisions, shard.reviewers.edits
        found.reviews = Counter(shard.reviewers.met)
        return found


class _Shard:
    def __init__(self, plan: Plan, folder: Path, stack: ExitStack) -> None:
        self._plan, self._folder, self._stack = plan, folder, stack
        # One for each purpose, so that one more fault does not change which nights the machine is off.
        name = plan.courts[0]
        self._days = Random(f"{plan.seed} days {name}")
        self._waits = Random(f"{plan.seed} waits {name}")
        self.clock = HandClock(BEGIN)
        self.network = Network(
            Random(f"{plan.seed} faults {name}"), self.clock, plan.fault_rate, platforms=plan.platforms
        )
        self.reviewers = Reviewers(self.network, Random(f"{plan.seed} reviews {name}"), self._edit)
        self.clerk = Clerk(self.network, unwanted=self.reviewers.never)
        self.kills = self.nights = self.passes = 0
        self._off_until = BEGIN
        self._lapse_at: datetime | None = None
        self._write_settings()
        self.desk = self._open()
        Reviewers.staff(self.desk)

    def is_reviewed(self, mark: str) -> bool:
        """Every other court has its posts reviewed."""
        return self._plan.courts.index(mark.partition("-")[0]) % 2 == 0

    def live(self, day: int) -> None:
        """From one morning to the next."""
        morning = BEGIN + day * DAY
        self.clock.set(morning)
        if day < self._plan.days:
            self._write_posts(day)
            queue(self.desk)
            marks = [f"{court}-{day}-{number}" for court in self._plan.courts for number in range(len(DUE))]
            self.reviewers.morning(self.desk, [mark for mark in marks if self.is_reviewed(mark)])
        if self._days.randrange(NIGHT_ONE_IN) == 0:
            self.nights += 1
            self._off_until = morning + timedelta(minutes=self._days.randrange(10, 600))
        self.clerk.attend(self.desk)
        self._work(morning + EVENING)
        self.reviewers.evening(self.desk)
        self.clerk.attend(self.desk)
        self.reviewers.evening(self.desk)  # what was asked again because a sibling was called off
        self.clerk.attend(self.desk)
        self._work(morning + DAY)

    def _work(self, until: datetime) -> None:
        """Passes, as a timer starts them every minute: at each minute at which there is something to do."""
        while True:
            moments = [at for at in (next_due_at(self.desk), self._lapse_at) if at is not None]
            if not moments:
                return
            at = max(min(moments), self.clock.now, self._off_until)
            at += (BEGIN - at) % MINUTE
            if at >= until:
                return
            self.clock.set(at)
            self._pass()
            self.clock.set(at + MINUTE)

    def _pass(self) -> None:
        self.passes += 1
        if self._lapse_at is not None and self.clock.now >= self._lapse_at:
            self._lapse_at = None
        try:
            one_pass(self.desk, workers=InOrder(self.desk), scan=False)
        except Killed:
            self.kills += 1
            self._lapse_at = self.clock.now + self.desk.lease + MINUTE
            self.desk.store.close()
            self.desk = self._open()

    def _open(self) -> Desk:
        """The desk of a process that has just been started."""
        settings = load(self._folder)
        store = Store(settings.database_url)
        self._stack.callback(store.close)
        desk, _ = make_desk(settings, store, self.clock, wire=self.network.wire)
        return replace(desk, emit=lambda _change: None, chance=self._waits)

    def _write_settings(self) -> None:
        lines = [SETTINGS, "[publish]", "in_flight = 50"]
        for court in self._plan.courts:
            channels = {f"{court}_{name}": text.format(court=court) for name, text in _CHANNELS.items()}
            lines += [f"[columns.{court}]", f'title = "{court} 在行动"', f"channels = {list(channels)!r}"]
            lines += ['review = "two"'] if self.is_reviewed(court) else []
            lines += [f"[channels.{id_}]\n{text}" for id_, text in channels.items()]
        (self._folder / "posts").mkdir(parents=True)
        (self._folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")

    def _write_posts(self, day: int) -> None:
        """The day's files; those of a week ago are put away."""
        rmtree(self._folder / "posts" / f"{day - PUT_AWAY:03}", ignore_errors=True)
        folder = self._folder / "posts" / f"{day:03}"
        folder.mkdir()
        for court in self._plan.courts:
            for number in range(len(DUE)):
                self._write_post(f"{court}-{day}-{number}", 1)

    def _write_post(self, mark: str, version: int) -> None:
        court, day, number = mark.split("-")
        at = BEGIN + int(day) * DAY + DUE[int(number)]
        head = f"title: 我们在行动 {mark}.v{version}\nslug: {mark}\ncolumn: {court}\npublish_at: {at.isoformat()}"
        text = f"---\n{head}\nsummary: {mark}.v{version}，巡回审判进乡村。\n---\n\n{body(int(day) * len(DUE) + int(number))}"
        (self._folder / "posts" / f"{int(day):03}" / f"{mark}.md").write_text(text, encoding="utf-8")

    def _edit(self, marks: Sequence[str]) -> None:
        for mark in marks:
            self._write_post(mark, self.reviewers.versions[mark])
        queue(self.desk)
