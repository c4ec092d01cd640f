"""The account: what the receiver showed against what the database says, and a cause for every doubt."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from tests.torture.databases import Database, Fault
from tests.torture.office import CHANNELS, ELSEWHERE, LEASE, PLACES, RENAMED, Life, Worker, readers_of, title_of
from tests.torture.receiver import Receiver, Request, address_of
from tests.torture.reviewers import is_reviewed
from tests.torture.storm import REMOVED, Storm
from tests.torture.worker import ANSWER
from xuanfa.domain.attempt import delivery_key
from xuanfa.domain.delivery import MOVES, State

#: Channels on which a doubt stays one: nobody can be asked, and nothing may be repeated.
MUTE = ("hook", RENAMED, ELSEWHERE, "linked")
#: An answer is written within so many seconds in which the database is well, on however busy a machine.
_WRITTEN = 8.0
#: A commit that a trouble swallowed was begun at most so long before it was noticed. Seconds.
_SLACK = 2.0
#: An answer that comes so shortly before the end of an exchange may not be read in time. Seconds.
_NEARLY = 0.5
#: What left arrives within so many seconds, on however busy a machine.
_CARRIED = 10.0


@dataclass(frozen=True, slots=True)
class Try:
    """A recorded attempt to publish. Times are seconds since 1970."""

    delivery: int
    number: int
    node: str
    began: float
    ended: float | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """A delivery as it came to rest."""

    id: int
    channel: str
    key: str
    state: str
    title: str
    rehearsal: bool

    @property
    def post(self) -> tuple[str, str]:
        """Whose readers it is for, and by which name they know it."""
        return readers_of(self.channel), self.title


@dataclass
class Account:
    """Made when everything is at rest."""

    storm: Storm
    workers: list[Worker]
    receiver: Receiver
    database: Database
    rows: list[Row] = field(init=False)
    #: What must not be, in words.
    violations: list[str] = field(default_factory=list)
    #: Why deliveries are in doubt.
    causes: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        query = "SELECT d.id, d.channel, d.key, d.state, p.title, d.rehearsal FROM deliveries d JOIN posts p ON p.id = d.post_id ORDER BY d.id"
        self.rows = [Row(*row) for row in self.database.rows(query)]
        self.tries = [
            Try(delivery, number, node, began / 1e6, None if ended is None else ended / 1e6, outcome)
            for delivery, number, node, began, ended, outcome in self.database.rows(
                "SELECT delivery_id, number, node, started_at, ended_at, outcome FROM attempts "
                "WHERE action = 'publish' ORDER BY delivery_id, number"
            )
        ]
        self.killed = [life for worker in self.workers for life in worker.lives if life.how == "kill"]
        self._check()

    @property
    def states(self) -> Counter[str]:
        """How many deliveries came to rest in which state."""
        return Counter(row.state for row in self.rows)

    @property
    def twice(self) -> list[str]:
        """Posts that readers saw more than once."""
        return [f"{title} on {readers}" for (readers, title), times in self.receiver.seen.items() if times > 1]

    @property
    def lost(self) -> list[str]:
        """Deliveries that are missing, that came to no state, or whose state is not true."""
        ended = {"published", "unknown", "cancelled"}
        found = [f"{row.id} on {row.channel} is {row.state}" for row in self.rows if row.state not in ended]
        states: dict[tuple[str, str], set[str]] = {}
        for row in self.rows:
            states.setdefault(row.post, set()).update(() if row.rehearsal else (row.state,))
        wanted = {(readers, title_of(number)) for readers in CHANNELS for number in range(self.storm.posts)}
        for post in sorted(wanted | {post for post, times in self.receiver.seen.items() if times}):
            found += self._untrue(post, states.get(post, set()))
        return found

    def _untrue(self, post: tuple[str, str], states: set[str]) -> Iterator[str]:
        readers, title = post
        if self.receiver.seen[post]:
            if not states & {"published", "unknown"}:
                yield f"{title} was shown on {readers}, but nobody knows: {sorted(states)}"
        elif "published" in states:
            yield f"{title} on {readers} is said to be published and was never shown"
        elif "unknown" not in states:
            yield f"{title} never came to {readers}: {sorted(states)}"

    @property
    def removed(self) -> int:
        """Doubts that evidence has removed."""
        query = f"SELECT count(*) FROM attempts WHERE {REMOVED}"  # noqa: S608 - our own words
        return self.storm.removed + int(self.database.rows(query)[0][0])

    @property
    def keys(self) -> dict[str, tuple[str, str, str]]:
        """What the reviewers have approved, by the key with which it would be sent."""
        reviewers = self.storm.reviewers
        return {} if reviewers is None else {delivery_key(*rendition): rendition for rendition in reviewers.approved}

    @property
    def _texts(self) -> dict[str, str]:
        """The text of each rendition that the database knows, by its digest."""
        rows = self.database.rows("SELECT digest, body FROM renditions")
        return {digest: json.loads(body).get("text", "") for digest, body in rows}

    @property
    def _reviewed(self) -> list[Request]:
        """What was shown of posts that need a review."""
        if self.storm.reviewers is None:
            return []
        titles = {title_of(number) for number in range(self.storm.posts) if is_reviewed(number)}
        return [request for request in self.receiver.publications() if request.shown and request.title in titles]

    @property
    def of_reviewed(self) -> int:
        """How much readers have seen of posts that need a review."""
        return len(self._reviewed)

    @property
    def unapproved(self) -> list[str]:
        """What readers have seen that was not approved as it is: neither the key nor the very text of it."""
        keys, texts = self.keys, self._texts
        return [
            f"{request.title} on {request.readers}: {request.text!r}"
            for request in self._reviewed
            if request.key not in keys or texts.get(keys[request.key][2], request.text) != request.text
        ]

    def in_flight_at(self, life: Life) -> int:
        """Attempts of a process that had begun and had no outcome when it was killed."""
        assert life.ended is not None
        return sum(
            _pid(each.node) == life.pid
            and life.began <= each.began <= life.ended
            and (each.ended or life.ended) >= life.ended
            for each in self.tries
        )

    def in_flight_during(self, fault: Fault) -> int:
        """Attempts of the processes concerned that had begun and had no outcome at some moment of a trouble with the database."""
        lives = [life for worker in self.workers if worker.name in fault.workers for life in worker.lives]
        pids = {life.pid for life in lives if life.began < fault.ended and (life.ended or fault.ended) >= fault.began}
        return sum(
            _pid(each.node) in pids
            and each.began <= fault.ended
            and (each.ended or fault.ended) >= fault.began - _SLACK
            for each in self.tries
        )

    @property
    def doubtful_answers(self) -> int:
        """Posts that met a faulty answer on a channel where that leaves a doubt for ever."""
        return len({(r.readers, r.title) for r in self.receiver.publications() if r.doubtful and r.place in MUTE})

    @property
    def bound(self) -> int:
        """No more doubts than this: faulty answers, and what was in flight when a process was killed or its database failed."""
        mute = {row.id: row for row in self.rows if row.channel in MUTE}
        interrupted = {
            each.delivery
            for each in self.tries
            if (row := mute.get(each.delivery)) is not None
            and (self._interruption(each) or self._slowness(row, each) or self._lateness(row, each))
        }
        return self.doubtful_answers + len(interrupted)

    def _check(self) -> None:
        self.violations += [*self.storm.violations, *self.storm.clerk.stuck]
        self.violations += [f"seen twice: {each}" for each in self.twice]
        self.violations += [f"lost: {each}" for each in self.lost]
        self.violations += [f"not approved: {each}" for each in self.unapproved]
        if self.storm.reviewers is not None and not self.of_reviewed:
            self.violations.append("nothing of the reviewed posts was ever seen")
        if not self.storm.rested:
            self.violations.append("it did not come to rest")
        latest = {each.delivery: each for each in self.tries}
        for row in self.rows:
            if row.state == "unknown" and not row.rehearsal:
                self._explain(row, latest.get(row.id))
        unknown = sum(row.state == "unknown" and not row.rehearsal for row in self.rows)
        if unknown > self.bound:
            self.violations.append(f"{unknown} in doubt, but only {self.bound} were in flight at a fault")
        self.violations += [
            f"{self.in_flight_at(life)} in flight in process {life.pid}, which may have {PLACES}"
            for life in self.killed
            if self.in_flight_at(life) > PLACES and not self._troubles(life.began, life.ended or 0.0)
        ]
        self.violations += self._of_the_database()
        self.violations += self._of_the_processes()

    def _explain(self, row: Row, last: Try | None) -> None:
        """Find the cause of a doubt; one without a cause is a violation."""
        if row.channel not in MUTE and last is not None and self._was_voided(row, last):
            self.causes["decided anew before it could be repeated"] += 1
        elif row.channel not in MUTE:
            self.violations.append(f"{row.id} on {row.channel} stays in doubt, although its channel settles that")
        elif last is None:
            self.violations.append(f"{row.id} on {row.channel} is in doubt without any request")
        elif cause := self._answer_to(row, last) or self._interruption(last) or self._lateness(row, last):
            self.causes[cause] += 1
            if (seconds := self._unwritten(row, last)) > _WRITTEN:
                self.violations.append(
                    f"{row.id} on {row.channel} was answered, and not written for {seconds:.0f} s: {last}"
                )
        else:
            self.violations.append(f"{row.id} on {row.channel} is in doubt without a cause: {last}")

    def _was_voided(self, row: Row, last: Try) -> bool:
        """Whether what people had decided about it became void after it was sent (an edit, a channel more): it is not repeated, so that nothing
        settles the doubt but a person."""
        query = (
            "SELECT x.id, d.at FROM decisions d JOIN reviews r ON r.id = d.review_id JOIN deliveries x ON x.post_id = r.post_id "
            "WHERE d.deed IN ('changed', 'moved', 'returned')"
        )
        return any(id_ == row.id and at >= last.began * 1e6 for id_, at in self.database.rows(query))

    def _answer_to(self, row: Row, each: Try) -> str:
        found = next((request for request in self._requests(row, each) if request.doubtful), None)
        return f"answer: {found.answer}" if found else self._slowness(row, each)

    def _slowness(self, row: Row, each: Try) -> str:
        """An exchange ends half a lease after its claim at the latest, or when the receiver has had its time."""
        slow = any(
            request.answered is None
            or request.answered > min(request.arrived + ANSWER, each.began + LEASE / 2) - _NEARLY
            for request in self._requests(row, each)
        )
        return "answer: too slow" if slow and each.outcome in {"unknown", "lost"} else ""

    def _unwritten(self, row: Row, each: Try) -> float:
        """For how long a clear answer was known to a process that did not write it, although the database was well. Seconds."""
        known = [r.answered for r in self._requests(row, each) if r.answered is not None and not r.doubtful]
        ends = [life.ended for life in self.killed if _pid(each.node) == life.pid and life.began <= each.began]
        if not known or not ends:
            return 0.0
        since, until = known[0], ends[0] or 0.0
        troubles = self._troubles(since, until)
        ill = sum(min(until, fault.ended + _SLACK) - max(since, fault.began) for fault in troubles)
        halts = [halt for life in self.killed if _pid(each.node) == life.pid for halt in life.halts]
        halts += self.storm.gate.halts
        ill += sum(max(0.0, min(until, ended or until) - max(since, began)) for began, ended in halts)
        return until - since - ill

    def _requests(self, row: Row, each: Try) -> Iterator[Request]:
        until = each.ended or float("inf")
        return (
            request
            for request in self.receiver.publications()
            if (request.readers, request.title) == row.post and each.began <= request.arrived <= until
        )

    def _interruption(self, each: Try) -> str:
        """What befell the process of a lost attempt, or its database while it was beginning; or of any, that it stood still."""
        if each.ended is None:
            return ""
        lives = [
            life
            for worker in self.workers
            for life in worker.lives
            if _pid(each.node) == life.pid and life.began <= each.began <= (life.ended or float("inf"))
        ]
        if any(life.halted(each.began, each.ended) for life in lives):
            return "process stopped"
        if self.storm.gate.halted(each.began, each.ended):
            return "receiver stopped"
        if each.outcome != "lost":
            return ""
        if any(life.how == "kill" and each.began <= (life.ended or 0.0) <= each.ended for life in lives):
            return "process killed"
        found = self._troubles(each.began - _SLACK, each.began + _SLACK)
        return f"database: {found[0].kind}" if found else ""

    def _lateness(self, row: Row, each: Try) -> str:
        """A request that came to the receiver after it had been given up: this machine was too busy to carry it in time."""
        ended = each.ended
        late = ended is not None and any(
            request.readers == readers_of(row.channel) and request.title == row.title
            for request in self.receiver.publications()
            if ended < request.arrived <= ended + _CARRIED
        )
        return "arrived when it was given up" if late else ""

    def _troubles(self, since: float, until: float) -> list[Fault]:
        return [fault for fault in self.database.faults if fault.began <= until and fault.ended >= since]

    def _of_the_database(self) -> Iterator[str]:
        if not self.database.sound():
            yield "the database is damaged"
        if number := self.database.rows("SELECT count(*) FROM attempts WHERE ended_at IS NULL")[0][0]:
            yield f"{number} attempts have no end"
        query = "SELECT DISTINCT before, after FROM events WHERE before IS NOT NULL"
        for before, after in self.database.rows(query):
            if State(after) not in MOVES[State(before)]:
                yield f"a move that the table does not allow: {before} to {after}"
        published = {row.id: row.key for row in self.rows if row.state == "published"}
        receipts: dict[int, str] = dict(self.database.rows("SELECT delivery_id, address FROM receipts"))
        if receipts.keys() != published.keys():
            yield f"{len(published)} published, {len(receipts)} receipts, and they are not the same"
        shown = {address_of(*each): each for each, times in self.receiver.shown.items() if times}
        rehearsed = {row.id for row in self.rows if row.rehearsal}
        for number, address in receipts.items():
            if number not in rehearsed and address not in shown:
                yield f"the receipt of {number} names {address}, where nothing was shown"

    def _of_the_processes(self) -> Iterator[str]:
        for worker in self.workers:
            for life in worker.lives:
                if life.how != "kill" and life.code not in {0, 1}:
                    yield f"{worker.name}: process {life.pid} ended by itself with {life.code}; see {worker.log}"
        if not set(self.storm.last_codes) <= {0, 1}:
            yield f"asked to stop, the processes ended with {self.storm.last_codes}"


def _pid(node: str) -> int:
    return int(node.split(":")[1])
