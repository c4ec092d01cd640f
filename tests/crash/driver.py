"""A process that publishes and kills itself at a named point. Run as a module; prints one line of JSON when it comes to its end.

    tests.crash.driver WORKSPACE ACTION POINT SECONDS

``ACTION`` is a name of ``ACTIONS``; ``POINT`` is one of ``POINTS`` or ``-`` for none, one of ``HALTS`` for a process that stops itself
there and goes on when it is told to; the clock stands ``SECONDS`` after nine o'clock, or as many as the file of that name says.
"""

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar, NoReturn

import httpx
import sqlalchemy as sa

from xuanfa.adapters import registry
from xuanfa.adapters.email.dialogue import Dialogue
from xuanfa.adapters.email.line import Line
from xuanfa.adapters.shared.wire.backend import Backend
from xuanfa.adapters.webhook.adapter import WebhookAdapter
from xuanfa.bootstrap import open_desk
from xuanfa.domain import act as acts
from xuanfa.domain.act import Correct, ResolveAbsent, ResolvePublished, Retract, Withdraw
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.attempt import Order
from xuanfa.domain.correction import Others
from xuanfa.domain.outcome import Absent, Evidence, Published, Retracted, Staged, Withdrawal
from xuanfa.domain.person import Person
from xuanfa.domain.receipt import Receipt
from xuanfa.domain.rendition import Rendition
from xuanfa.engine import workers
from xuanfa.engine.once import one_pass
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake import queue as queueing
from xuanfa.operations.sending import publish as publishing
from xuanfa.operations.sending.perform import perform
from xuanfa.operations.sending.publish import begin, turn
from xuanfa.operations.sending.settle import lapse
from xuanfa.operations.withdrawing import down, elsewhere
from xuanfa.store import attempts, waiting
from xuanfa.store.database import Store

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR, LEASE = timedelta(hours=1), timedelta(seconds=121)


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now


class RichAdapter(WebhookAdapter):
    """A webhook that also stages, looks and withdraws, by requests to the same sink."""

    kind = "rich"
    traits: ClassVar[Any] = replace(WebhookAdapter.traits, confirms=True)

    def stage(self, order: Order) -> Staged:
        self._tools.http.post(
            f"{self._config.url.get_secret_value()}/stage", headers={"webhook-id": order.key}, content=b"{}"
        )
        return Staged(memory={"draft": "1"})

    def confirm(self, order: Order, ticket: str | None) -> Evidence:
        """Listed where the sink says 201."""
        answer = self._tools.http.post(
            f"{self._config.url.get_secret_value()}/look", headers={"webhook-id": order.key}, content=b"{}"
        )
        if answer.status_code == httpx.codes.CREATED:
            return Published(receipt=Receipt(remote_id=order.key, evidence="listed"))
        return Absent(evidence="not listed")

    def corrected(self, rendition: Rendition) -> Rendition:
        """The sink tells one from a new post by its key."""
        return rendition

    def retract(self, order: Order, receipt: Receipt) -> Withdrawal:
        self._tools.http.post(
            f"{self._config.url.get_secret_value()}/retract", headers={"webhook-id": order.key}, content=b"{}"
        )
        return Retracted(evidence="gone")


@dataclass(frozen=True)
class SetClock:
    """A clock that others move: a file holds how many seconds it stands after nine o'clock."""

    file: Path

    def __call__(self) -> datetime:
        return NINE + timedelta(seconds=float(self.file.read_text(encoding="ascii")))


def die(*_: Any, **__: Any) -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("dead")


def before(holder: Any, name: str) -> None:
    """Die where a function is called."""
    setattr(holder, name, die)


def after(holder: Any, name: str) -> None:
    """Die where a function has returned, and nothing knows it yet."""
    real: Callable[..., Any] = getattr(holder, name)

    def wrapped(*arguments: Any, **named: Any) -> NoReturn:
        real(*arguments, **named)
        die()

    setattr(holder, name, wrapped)


def at_commit(holds: str, *, committed: bool) -> None:
    """Die before or after the commit of the transaction in which a statement with the text ``holds`` was carried out."""
    touched: list[str] = []

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def look(_c: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: Any) -> None:
        if holds in f"{statement} {parameters}" and not statement.startswith("SELECT"):
            touched.append(statement)

    real = Store.write

    @contextmanager
    def write(self: Store) -> Iterator[sa.Connection]:
        with real(self) as connection:
            yield connection
            if touched and not committed:
                die()
        if touched:
            die()

    Store.write = write


def at_moment(number: int) -> None:
    """Die at a moment of writing, all of which are counted: before each statement that writes, before each commit of some, and after it."""
    passed, wrote = [0], [False]

    def moment() -> None:
        passed[0] += 1
        if passed[0] == number:
            die()

    @sa.event.listens_for(sa.Engine, "before_cursor_execute")
    def look(_c: Any, _cursor: Any, statement: str, _parameters: Any, _context: Any, _many: Any) -> None:
        if statement.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")):
            wrote[0] = True
            moment()

    real = Store.write

    @contextmanager
    def write(self: Store) -> Iterator[sa.Connection]:
        with real(self) as connection:
            wrote[0] = False
            yield connection
            if wrote[0]:
                moment()
        if wrote[0]:
            moment()

    Store.write = write


#: Moments of writing that a decision may have at most.
MOMENTS = range(1, 40)
POINTS: dict[str, Callable[[], None]] = {
    **{f"moment {number}": partial(at_moment, number) for number in MOMENTS},
    "-": lambda: None,
    "before the claim commits": lambda: at_commit("INSERT INTO attempts", committed=False),
    "after the claim commits": lambda: at_commit("INSERT INTO attempts", committed=True),
    "before the request is noted": lambda: before(publishing, "note_turn"),
    "when the request is noted": lambda: after(publishing, "note_turn"),
    "before the request": lambda: before(WebhookAdapter, "publish"),
    "after the answer": lambda: after(WebhookAdapter, "publish"),
    "before the outcome commits": lambda: at_commit("INSERT INTO receipts", committed=False),
    "after the outcome commits": lambda: at_commit("INSERT INTO receipts", committed=True),
    "before a post is read": lambda: before(queueing, "_reading"),
    "before queueing commits": lambda: at_commit("INSERT INTO deliveries", committed=False),
    "after queueing commits": lambda: at_commit("INSERT INTO deliveries", committed=True),
    "before the stage": lambda: before(RichAdapter, "stage"),
    "after the stage": lambda: after(RichAdapter, "stage"),
    "before the staging commits": lambda: at_commit("'publish'", committed=False),
    "between stage and publish": lambda: at_commit("'publish'", committed=True),
    # A post is woken in the transaction in which the address that it waits for is entered.
    "before a waiting post is woken": lambda: before(waiting, "wake"),
    "after a waiting post is woken": lambda: after(waiting, "wake"),
    "before a late post is held and that commits": lambda: at_commit("'held'", committed=False),
    "after a late post is held and that commits": lambda: at_commit("'held'", committed=True),
    # Where there is nothing to send, the first row that changes is that of the delivery to look for.
    "before the look's claim commits": lambda: at_commit("UPDATE deliveries", committed=False),
    "after the look's claim commits": lambda: at_commit("UPDATE deliveries", committed=True),
    "before the look": lambda: before(RichAdapter, "confirm"),
    "after the look": lambda: after(RichAdapter, "confirm"),
    "before what was found commits": lambda: at_commit("INSERT INTO events", committed=False),
    "after what was found commits": lambda: at_commit("INSERT INTO events", committed=True),
    "before the withdrawal's claim commits": lambda: at_commit("'retract'", committed=False),
    "after the withdrawal's claim commits": lambda: at_commit("'retract'", committed=True),
    "before the withdrawal": lambda: before(RichAdapter, "retract"),
    "after the withdrawal": lambda: after(RichAdapter, "retract"),
    "before the withdrawal's outcome commits": lambda: at_commit("UPDATE receipts", committed=False),
    "after the withdrawal's outcome commits": lambda: at_commit("UPDATE receipts", committed=True),
    "before the order commits": lambda: at_commit("INSERT INTO withdrawals", committed=False),
    "after the order commits": lambda: at_commit("INSERT INTO withdrawals", committed=True),
    "before the snapshot": lambda: before(down, "keep_snapshot"),
    "after the snapshot": lambda: after(down, "keep_snapshot"),
    "before an interface's turn commits": lambda: at_commit("UPDATE takedowns", committed=False),
    "after an interface's turn commits": lambda: at_commit("UPDATE takedowns", committed=True),
    "before the order's end commits": lambda: at_commit("UPDATE withdrawals SET ended_at", committed=False),
    "after the order's end commits": lambda: at_commit("UPDATE withdrawals SET ended_at", committed=True),
    "before the correction's order commits": lambda: at_commit("INSERT INTO corrections", committed=False),
    "after the correction's order commits": lambda: at_commit("INSERT INTO corrections", committed=True),
    "before the correction's claim commits": lambda: at_commit("INSERT INTO attempts", committed=False),
    "after the correction's claim commits": lambda: at_commit("INSERT INTO attempts", committed=True),
    "before the correction": lambda: before(RichAdapter, "correct"),
    "after the correction": lambda: after(RichAdapter, "correct"),
    "before the correction's outcome commits": lambda: at_commit("UPDATE receipts", committed=False),
    "after the correction's outcome commits": lambda: at_commit("UPDATE receipts", committed=True),
    "before the follower's name commits": lambda: at_commit("SET successor", committed=False),
    "after the follower's name commits": lambda: at_commit("SET successor", committed=True),
    "before the follower's file": lambda: before(elsewhere, "write_successor"),
    "after the follower's file": lambda: after(elsewhere, "write_successor"),
    "before the follower is noted": lambda: at_commit("done_at", committed=False),
    "between finding what was lost and giving it up": lambda: before(attempts, "end"),
    "before the giving up commits": lambda: at_commit("'lost'", committed=False),
    "after the giving up commits": lambda: at_commit("'lost'", committed=True),
    "before a decision commits": lambda: at_commit("INSERT INTO events", committed=False),
    "after a decision commits": lambda: at_commit("INSERT INTO events", committed=True),
}


def stop() -> None:
    """Stop the whole process. The signal goes to this very thread: one to the process may let it run on for a moment."""
    signal.pthread_kill(threading.get_ident(), signal.SIGSTOP)


def halt_at(holder: Any, name: str, *, over: bool) -> None:
    """Be stopped, with all threads, where a function is first called or has returned; go on when somebody says so."""
    real: Callable[..., Any] = getattr(holder, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        setattr(holder, name, real)
        if not over:
            stop()
        found = real(*arguments, **named)
        if over:
            stop()
        return found

    setattr(holder, name, wrapped)


def halt_behind_the_message() -> None:
    """Be stopped with the whole message handed over, but for its last dot."""
    real = Line.send

    def send(line: Line, data: Any) -> None:
        real(line, data)
        if len(data) > len(b"MAIL FROM:<>\r\n") * 10:
            Line.send = real  # type: ignore[method-assign]
            stop()

    Line.send = send  # type: ignore[assignment,method-assign]


HALTS: dict[str, Callable[[], None]] = {
    "halted before sending": lambda: halt_at(workers, "perform", over=False),
    "halted before the request": lambda: halt_at(WebhookAdapter, "publish", over=False),
    "halted before the first byte": lambda: halt_at(Backend, "connect_tcp", over=True),
    "halted before the message": lambda: halt_at(Dialogue, "_address", over=True),
    "halted before the last dot": halt_behind_the_message,
    "halted after the answer": lambda: halt_at(WebhookAdapter, "publish", over=True),
    "halted before the withdrawal": lambda: halt_at(RichAdapter, "retract", over=False),
    "halted after the withdrawal": lambda: halt_at(RichAdapter, "retract", over=True),
}


def late(desk: Desk, clock: Clock) -> None:
    """Send, be given up meanwhile, and come back with the answers."""
    queueing.queue(desk)
    run = begin(desk)
    done = [perform(desk.adapters, job) for job in turn(desk, run, [], 3)]
    clock.now += LEASE
    lapse(desk)
    turn(desk, run, done, 0)


PERSON = Person(name="test", why="test")
#: What people decide about a post that needs a review, and who.
DECISIONS: dict[str, tuple[Any, str]] = {
    "submit": (acts.SubmitReview(post="one"), "writer"),
    "first": (acts.ApproveReview(post="one", checks=("事实关",)), "ed"),
    "second": (acts.ApproveReview(post="one"), "proof"),
    "last": (acts.ApproveReview(post="one", checks=("政治关",)), "boss"),
    "return": (acts.ReturnReview(post="one"), "boss"),
    "phone": (acts.PhoneReview(post="one", leader="boss", at=NINE, number="139", checks=("政治关",)), "ed"),
    "confirm": (acts.ConfirmReview(post="one"), "boss"),
    "emergency": (acts.Emergency(post="one"), "boss"),
    "recall": (RecallReview(post="one"), "boss"),
    "delegate": (acts.DelegateReview(to="deputy", begins=NINE, ends=NINE + HOUR), "boss"),
    "reschedule": (acts.Reschedule(delivery=1, at=NINE + 2 * HOUR), "boss"),
    "take down": (Withdraw(post="one"), "boss"),
    "off shelf": (acts.ReleaseFromShelf(post="one", at=NINE + HOUR), "boss"),
    "order": (Correct(post="one"), "writer"),
    "ignore": (acts.IgnoreFinding(post="one", rule="privacy.mobile", text="13893512345"), "all"),
    "ignore ever": (acts.IgnoreForEver(post="one", rule="privacy.mobile", text="13893512345"), "all"),
}


def decide(name: str, desk: Desk, _clock: Clock) -> object:
    act, who = DECISIONS[name]
    return carry_out(desk, act, Person(name=who, why="test", how="password", place="test"))


ACTIONS: dict[str, Callable[[Desk, Clock], object]] = {
    **{name: partial(decide, name) for name in DECISIONS},
    "publish": lambda desk, _: one_pass(desk, in_flight=3),
    "queue": lambda desk, _: queueing.queue(desk),
    "late": late,
    "absent": lambda desk, _: carry_out(desk, ResolveAbsent(delivery=1), PERSON),
    "seen": lambda desk, _: carry_out(
        desk, ResolvePublished(delivery=1, address="https://www.example.gov.cn/seen"), PERSON
    ),
    "retract": lambda desk, _: carry_out(desk, Retract(delivery=1), PERSON),
    "withdraw": lambda desk, _: carry_out(desk, Withdraw(post="one"), PERSON),
    "correct": lambda desk, _: carry_out(desk, Correct(post="one"), PERSON),
    "follow": lambda desk, _: carry_out(desk, Correct(post="one", others=Others.POST), PERSON),
}


def main(folder: str, action: str, point: str, seconds: str) -> None:
    kinds = {**registry._table(), "rich": registry.Kind(f"{__name__}:RichAdapter")}
    registry._table = lambda: kinds
    file = Path(seconds)
    clock: Any = SetClock(file) if file.is_file() else Clock(NINE + timedelta(seconds=float(seconds)))
    with open_desk(Path(folder), clock) as desk:
        (POINTS | HALTS)[point]()
        ACTIONS[action](desk, clock)
    print(json.dumps({"done": True}))


def run() -> None:
    """What is told by the words behind the program's name."""
    main(*sys.argv[1:])


if __name__ == "__main__":
    run()
