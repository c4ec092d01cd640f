"""The storm: posts come in while processes are killed and everything around them fails; then it calms, and all must come to rest."""

import heapq
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from tests.torture.databases import LONG, Database
from tests.torture.office import CHANNELS, LEASE, PLACES, Worker, write_post
from tests.torture.receiver import Receiver

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
#: The storm lasts until so great a part has been under way, or for so many times what it should take.
PART, PATIENCE = 0.9, 4.0
#: When nothing has moved for so many seconds after the storm, something is stuck.
STUCK = 60.0
_TICK = 0.05


@dataclass
class Storm:
    """One run. ``tell`` is told now and then how far it has come."""

    folder: Path
    receiver: Receiver
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
        for worker in self.workers:
            worker.start()
        self._until_there_is_a_database()
        self.receiver.storming = True
        self._rage(max(SHORTEST, self.posts * len(CHANNELS) / PER_SECOND))
        self.receiver.storming = False
        self._rest()
        self._stop()
        self.seconds = time.monotonic() - begun

    def _until_there_is_a_database(self) -> None:
        """What is tortured is the work; making the database has a test of its own."""
        write_post(self.folder, 0)
        self._written, begun = 1, time.monotonic()
        while not (self.database.is_there() and self._states()):
            self._mind_the_dead()
            time.sleep(_TICK)
        begins_in = (time.monotonic() - begun) / 2  # half of it was making the database
        self.kill_every = self.kill_every or max(KILL_EVERY, begins_in)

    def _rage(self, seconds: float) -> None:
        begun = time.monotonic()
        self._at(min(self._chance.expovariate(1 / TROUBLE_EVERY), seconds / 4), self._trouble)
        self._at(min(self._chance.expovariate(1 / HALT_EVERY), seconds / 4), self._halt)
        while (passed := time.monotonic() - begun) < seconds or (
            self._is_little_done() and passed < seconds * PATIENCE
        ):
            self._write_posts(passed)
            if not self.under_way and self.receiver.under_way >= PLACES // 2:
                self._cut_the_power()
            self._carry_out(time.monotonic())
            self._mind_the_dead()
            time.sleep(_TICK)
        while self._later:  # what has begun is ended, and nothing new begins
            _, _, act = heapq.heappop(self._later)
            if act not in (self._kill, self._trouble, self._halt):
                act()

    def _is_little_done(self) -> bool:
        return len(self.receiver.asked) < self.posts * len(CHANNELS) * PART

    def _write_posts(self, passed: float) -> None:
        """As fast as they are to come in, unless too many wait: then reading them would be all that is done."""
        wanted = min(passed * PER_SECOND, len(self.receiver.asked) * 1.1 + WAITING)  # some are in doubt and never left
        due = min(self.posts, int(wanted) // len(CHANNELS) + 1)
        for number in range(self._written, due):
            write_post(self.folder, number)
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
        self._at(self._chance.expovariate(1 / HALT_EVERY), self._halt)

    def _trouble(self) -> None:
        over = self.database.hurt(self._chance, self.workers)

        def end() -> None:
            over()
            self._at(self._chance.expovariate(1 / TROUBLE_EVERY), self._trouble)

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
        while time.monotonic() - moved < STUCK:
            self._mind_the_dead()
            self._write_posts(float("inf"))
            states = self._states()
            if states != before:
                moved, before = time.monotonic(), states
            moving = {state: n for state, n in states.items() if state not in {"published", "unknown"}}
            looks = self.database.rows("SELECT count(*) FROM deliveries WHERE look_at IS NOT NULL")[0][0]
            if not moving and not looks and sum(states.values()) >= self.posts * len(CHANNELS):
                self.rested = True
                return
            if time.monotonic() - told > 5:
                told = time.monotonic()
                self.tell(f"  calm; {states}, {looks} to look at")
            time.sleep(0.2)

    def _stop(self) -> None:
        for worker in self.workers:
            worker.end(signal.SIGTERM)
        until = time.monotonic() + 30
        while not all(worker.ended() for worker in self.workers) and time.monotonic() < until:
            time.sleep(_TICK)
        self.last_codes = [worker.lives[-1].code for worker in self.workers if worker.lives[-1].how == "stop"]
        for worker in self.workers:
            worker.close()

    def _states(self) -> dict[str, int]:
        return dict(self.database.rows("SELECT state, count(*) FROM deliveries GROUP BY state"))
