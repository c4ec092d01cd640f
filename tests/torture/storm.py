"""The storm: posts come in while processes are killed and everything around them fails; then it calms, and all must come to rest."""

import heapq
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.torture.clerk import Clerk, number_of
from tests.torture.cuts import STORMING
from tests.torture.databases import LONG, Database
from tests.torture.gate import Gate
from tests.torture.office import CHANNELS, LEASE, PLACES, TURNS, Turn, Worker, readers_of, settle, title_of, write_post
from tests.torture.receiver import Receiver
from tests.torture.reviewers import Reviewers, is_reviewed, staff

#: What a worker runs, by database: one that stays and one that cron starts again and again; three that stay.
#: For the engine of several machines this becomes ``[("worker",)] * 3``.
COMMANDS: dict[str, list[tuple[str, ...]]] = {
    "SQLite": [("run",), ("publish",)],
    "PostgreSQL": [("worker",)] * 3,
}
#: Mean seconds between two kills (any process), and between two troubles with the database. On a machine on which a process takes longer
#: than that to begin, kills are as far apart as it takes: otherwise nothing would ever be under way when one comes.
KILL_EVERY, TROUBLE_EVERY = 1.0, 4.0
#: Mean seconds between two processes that are stopped (SIGSTOP), and for how many leases they are.
HALT_EVERY, HALTED = 4.0, (1.2, 2.2)
#: Seconds that a trouble with the database lasts, and one that outlasts a lease.
SHORT, LONGER = (0.3, 2.5), (LEASE * 1.2, LEASE * 2.2)
#: Of a hundred signals so many ask a process to stop; the others kill it.
ASKED = 15
#: Deliveries that come in each second, while no more than so many wait, and the shortest storm in seconds.
PER_SECOND, WAITING, SHORTEST = 30, 160, 6.0
#: Mean seconds between two times that the receiver is stopped, and for how long a change of settings lasts, or none.
RECEIVER_EVERY, TURNED = 10.0, (2.0, 5.0)
#: Parts of everything that have been asked for when the database is copied, and when the copy is put back.
COPIED, PUT_BACK = 0.2, 0.45
#: What will be looked at again. A drill that was killed under way is not waited for: looks at it are put off until its channel is in
#: rehearsal again, so that it is the clerk's.
RESTLESS = (
    "SELECT id, channel, state, look_at, looks, reason FROM deliveries WHERE look_at IS NOT NULL AND NOT rehearsal"
)
#: What waits for nothing but its review.
UNAPPROVED = "SELECT count(*) FROM deliveries WHERE state = 'awaiting_review' OR (state = 'held' AND hold = 'review')"
#: What a delivery leaves by itself.
MOVING = {"scheduled", "publishing", "accepted", "retracting"}
#: Attempts that would be in doubt without evidence: they had begun to leave, and could not leave whole.
REMOVED = "action = 'publish' AND outcome = 'unsent' AND bytes_sent > 0 AND bytes_sent < bytes_total"
#: The storm lasts until so great a part has been under way, or for so many times what it should take.
PART, PATIENCE = 0.9, 12.0
#: When nothing has moved for so many seconds after the storm, on a machine that is not much slower than kills come, something is stuck.
STUCK = 60.0
_TICK = 0.05


@dataclass
class Storm:
    """One run. ``tell`` is told now and then how far it has come."""

    folder: Path
    receiver: Receiver
    gate: Gate
    clerk: Clerk
    reviewers: Reviewers | None
    database: Database
    workers: list[Worker]
    deliveries: int
    seed: int
    tell: Callable[[str], None] = lambda _line: None
    #: Requests under way at the receiver when something was killed.
    under_way: list[int] = field(default_factory=list)
    #: Mean seconds between two kills in this run; nothing for what suits the machine.
    kill_every: float = 0.0
    seconds: float = 0.0
    rested: bool = False
    #: How often settings were changed, by what was.
    turns: Counter[str] = field(default_factory=Counter)
    #: How often an older copy of the database was put back.
    put_backs: int = 0
    #: Doubts that evidence has removed, as far as the database that was put back does not know of them.
    removed: int = 0
    #: What the storm itself saw that must not be.
    violations: list[str] = field(default_factory=list)
    #: How a process ended that was only asked to stop, at the very end.
    last_codes: list[int | None] = field(default_factory=list)

    @property
    def posts(self) -> int:
        """Each goes to every channel."""
        return -(-self.deliveries // len(CHANNELS))

    def run(self) -> None:
        """From the first post to the last process's end."""
        self._chance, self._order = random.Random(self.seed), count()  # noqa: S311 - not secrets
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._written = 0
        begun = time.monotonic()
        self._turn_is, self._turns = Turn(), list[Turn]()
        self._copied_at = 0
        for worker in self.workers:
            worker.environ[STORMING] = str(self._sign)
            worker.start()
        self._until_there_is_a_database()
        if self.reviewers is not None:
            self.reviewers.tokens = staff(self.clerk.xuanfa, self.folder)
            self.clerk.xuanfa.around["XUANFA_TOKEN"] = self.reviewers.tokens["clerk"]
            self.reviewers.start()
        self._set_storming(True)
        self._rage(max(SHORTEST, self.posts * len(CHANNELS) / PER_SECOND))
        self._set_storming(False)
        self._settle(Turn())
        self._stop()  # those that still go by other settings
        for worker in self.workers:
            worker.start()
        self._rest()
        self._stop()
        self.seconds = time.monotonic() - begun

    @property
    def _sign(self) -> Path:
        """There while it storms."""
        return self.folder.parent / "storming"

    @property
    def _still(self) -> AbstractContextManager[object]:
        """While it is held the reviewers stand still."""
        return nullcontext() if self.reviewers is None else self.reviewers.still

    def _set_storming(self, storming: bool) -> None:
        self.receiver.storming = storming
        if self.reviewers is not None:
            self.reviewers.storming = storming
        self._sign.touch() if storming else self._sign.unlink(missing_ok=True)

    def _until_there_is_a_database(self) -> None:
        """What is tortured is the work; making the database has a test of its own."""
        write_post(self.folder, 0)
        self._written, begun = 1, time.monotonic()
        while not (self.database.is_there() and self._states()):
            self._mind_the_dead()
            time.sleep(_TICK)
        begins_in = (time.monotonic() - begun) / 2  # half of it was making the database
        self.kill_every = self.kill_every or max(KILL_EVERY, begins_in)
        #: How much slower than a machine on which kills may come every second.
        self._pace = max(1.0, self.kill_every / KILL_EVERY)
        self._stuck = STUCK * max(1.0, self._pace / 4)

    def _rage(self, seconds: float) -> None:
        begun = time.monotonic()
        self._at(min(self._chance.expovariate(1 / TROUBLE_EVERY), seconds / 4), self._trouble)
        self._at(min(self._chance.expovariate(1 / HALT_EVERY), seconds / 4) * self._pace, self._halt)
        self._at(seconds / 3 * self._pace, self._stop_the_receiver)
        self._at(seconds / 5 * self._pace, self._turn)
        while (passed := time.monotonic() - begun) < seconds or (
            (self._is_little_done() or not self.put_backs) and passed < seconds * PATIENCE * self._pace
        ):
            self._write_posts(passed)
            if not self.under_way and self.receiver.under_way >= PLACES // 2:
                self._cut_the_power()
            self._mind_the_copy()
            self._carry_out(time.monotonic())
            self._mind_the_dead()
            time.sleep(_TICK)
        self._end_what_has_begun()
        self._later.clear()

    def _end_what_has_begun(self) -> None:
        """And nothing new begins: what would begin something is left for later."""
        ends = [each for each in sorted(self._later) if each[2] not in self._beginnings]
        self._later = [each for each in self._later if each[2] in self._beginnings]
        heapq.heapify(self._later)
        for _, _, act in ends:
            act()

    @property
    def _beginnings(self) -> tuple[Callable[[], None], ...]:
        return (self._kill, self._trouble, self._halt, self._stop_the_receiver, self._turn)

    def _is_little_done(self) -> bool:
        return len(self.receiver.asked) < self.posts * len(CHANNELS) * PART

    def _write_posts(self, passed: float) -> None:
        """As fast as they are to come in, unless too many wait: then reading them would be all that is done."""
        wanted = min(passed * PER_SECOND, len(self.receiver.asked) * 1.1 + WAITING)  # some are in doubt and never left
        due = min(self.posts, int(wanted) // len(CHANNELS) + 1)
        for number in range(self._written, due):
            write_post(self.folder, number, reviewed=self.reviewers is not None and is_reviewed(number))
        self._written = max(due, self._written)

    def _at(self, seconds: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._later, (time.monotonic() + seconds, next(self._order), act))

    def _carry_out(self, now: float) -> None:
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()

    def _cut_the_power(self) -> None:
        """The first kill hits every process, in the middle of the work; from then on they come one by one and by chance."""
        self.under_way.append(self.receiver.under_way)
        for worker in self.workers:
            worker.end(signal.SIGKILL)
        self._at(self._chance.expovariate(1 / self.kill_every), self._kill)

    def _kill(self) -> None:
        living = [worker for worker in self.workers if worker.life is not None and not worker.life.how]
        if living:
            asked, now = self._chance.randrange(100) < ASKED, time.time()
            # The longer one has lived, the likelier it is hit, and the more it is likely to be doing.
            (victim,) = self._chance.choices(living, [0.1 + now - worker.lives[-1].began for worker in living])
            self.under_way.append(self.receiver.under_way)
            victim.end(signal.SIGTERM if asked else signal.SIGKILL)
        self._at(self._chance.expovariate(1 / self.kill_every), self._kill)

    def _halt(self) -> None:
        """One of them stands still for longer than its lease, and goes on if nobody kills it meanwhile."""
        living = [worker for worker in self.workers if worker.life is not None and not worker.life.how]
        if living:
            self._at(LEASE * self._chance.uniform(*HALTED), self._chance.choice(living).halt())
        self._at(self._chance.expovariate(1 / HALT_EVERY) * self._pace, self._halt)

    def _stop_the_receiver(self) -> None:
        """Its side of the wire stands still for longer than a lease; then everything that was sent meanwhile arrives, however late."""
        go_on = self.gate.halt()

        def end() -> None:
            go_on()
            self._at(self._chance.expovariate(1 / RECEIVER_EVERY) * self._pace, self._stop_the_receiver)

        self._at(self._chance.uniform(*LONGER), end)

    def _turn(self) -> None:
        """Somebody changes the settings, or takes that back, while everything runs; one of the processes begins anew with them."""
        if self._turn_is == Turn():
            self._turns = self._turns or self._chance.sample(TURNS, len(TURNS))
            self._settle(self._turns.pop(0))
            self.turns[self._turn_is.name] += 1
        else:
            self._settle(Turn())
        living = [worker for worker in self.workers if worker.life is not None and not worker.life.how]
        if living:
            self._chance.choice(living).end(signal.SIGKILL)
        self._at(self._chance.uniform(*TURNED) * self._pace, self._turn)

    def _settle(self, turn: Turn) -> None:
        self._turn_is = turn
        settle(self.folder, self.gate.url, turn)

    def _mind_the_copy(self) -> None:
        """When a part of everything is out the database is copied; when more is, that copy is put back."""
        asked, whole = len(self.receiver.asked), self.posts * len(CHANNELS)
        if not self._copied_at and asked >= whole * COPIED:
            self._copied_at = asked
            self._end_everything()
            with self._still:
                self.database.copy()
        elif self._copied_at and not self.put_backs and asked >= max(whole * PUT_BACK, self._copied_at + 1):
            self._put_an_older_database_back()

    def _end_everything(self) -> None:
        """Every process is killed, and nothing that befell the others is left."""
        self._end_what_has_begun()
        for worker in self.workers:
            worker.end(signal.SIGKILL)

    def _put_an_older_database_back(self) -> None:
        """Everything since is forgotten; the program has to notice, and a clerk settles it while nothing else happens."""
        self.put_backs += 1
        self._set_storming(False)
        self._end_everything()
        self._settle(Turn())
        self._until_nothing_is_under_way()
        known = self._count_removed()
        with self._still:
            self.database.put_back()
        self.removed += known - self._count_removed()
        arrived = len(self.receiver.publications())
        for worker in self.workers:
            worker.start()
        self._until_everything_is_paused()
        self._ask_what_is_remembered()
        self.clerk.settle_what_was_forgotten()
        if len(self.receiver.publications()) > arrived:
            self.violations.append("the database was put back, and something was sent before a person had decided")
        self.clerk.resume()
        self._set_storming(True)

    def _until_nothing_is_under_way(self) -> None:
        """What has left arrives, and is answered or not: only then does a clerk see what there is."""
        quiet = 0
        while quiet < 1 / _TICK:
            quiet = 0 if self.receiver.under_way else quiet + 1
            time.sleep(_TICK)

    def _until_everything_is_paused(self) -> None:
        begun, query = (
            time.monotonic(),
            "SELECT count(*) FROM channel_states WHERE channel = '*' AND paused_at IS NOT NULL",
        )
        while not self.database.rows(query)[0][0]:
            self._mind_the_dead()
            if time.monotonic() - begun > self._stuck:
                self.violations.append("the database was put back, and nobody has noticed")
                return
            time.sleep(_TICK)

    def _ask_what_is_remembered(self) -> None:
        """``recover`` names whatever readers see and the database does not know."""
        said = self.clerk.xuanfa("recover", "--json")
        if said.code != 1:
            self.violations.append(f"the database was put back, and recover ended with {said.code}")
        told = {(readers_of(item["channel"]), title_of(number_of(item))) for item in said.json}
        known = {
            (readers_of(row["channel"]), title_of(number_of(row)))
            for row in self.clerk.deliveries()
            if row["state"] == "published"
        }
        forgotten = {pair for pair, times in self.receiver.seen.items() if times} - told - known
        self.violations += [f"nobody remembers {title} on {readers}" for readers, title in sorted(forgotten)]

    def _count_removed(self) -> int:
        """Attempts that would be in doubt, had not some of their bytes been refused."""
        query = f"SELECT count(*) FROM attempts WHERE {REMOVED}"  # noqa: S608 - our own words
        return int(self.database.rows(query)[0][0])

    def _trouble(self) -> None:
        over = self.database.hurt(self._chance, self.workers)

        def end() -> None:
            over()
            self._at(self._chance.expovariate(1 / TROUBLE_EVERY) * self._pace, self._trouble)

        lasts = LONGER if self.database.faults[-1].kind in LONG else SHORT
        self._at(self._chance.uniform(*lasts), end)

    def _mind_the_dead(self) -> None:
        for worker in self.workers:
            if worker.ended():
                worker.start()

    def _rest(self) -> None:
        """Until every delivery has come to a state in which only a person, or nobody, has anything to do."""
        told, moved = 0.0, time.monotonic()
        before: dict[str, int] = {}
        while time.monotonic() - moved < self._stuck:
            self._mind_the_dead()
            self._write_posts(float("inf"))
            states = self._states()
            if states != before:
                moved, before = time.monotonic(), states
            moving = {state: n for state, n in states.items() if state in MOVING}
            looks, unapproved = len(self.database.rows(RESTLESS)), self.database.rows(UNAPPROVED)[0][0]
            if not moving and not looks and not unapproved and sum(states.values()) >= self.posts * len(CHANNELS):
                if self.clerk.settle_what_waits():
                    moved = time.monotonic()
                    continue
                self.rested = True
                return
            if time.monotonic() - told > 5:
                told = time.monotonic()
                self.tell(f"  calm; {states}, {looks} to look at, {unapproved} to be approved")
            time.sleep(0.2)
        self.violations += [f"still to be looked at: {row}" for row in self.database.rows(RESTLESS)]

    def _stop(self) -> None:
        for worker in self.workers:
            worker.end(signal.SIGTERM)
        until = time.monotonic() + 30
        while not all(worker.ended() for worker in self.workers) and time.monotonic() < until:
            time.sleep(_TICK)
        self.last_codes = [worker.lives[-1].code for worker in self.workers if worker.lives[-1].how == "stop"]
        for worker in self.workers:
            worker.end(signal.SIGKILL)

    def _states(self) -> dict[str, int]:
        return dict(self.database.rows("SELECT state, count(*) FROM deliveries GROUP BY state"))
