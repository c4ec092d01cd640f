"""Two processes, their settings and platforms, as the model of the life of a delivery plays them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
)

from tests.operations.models.life_truth import CHANNELS, NOTHING, Fate, Place, Platforms, Process, Shown, address_of
from xuanfa.domain.attempt import Action
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.life import Policy
from xuanfa.domain.outcome import Absent, Accepted, Published, Staged, Unknown
from xuanfa.domain.process import Fate as Seen
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.sending.perform import Done, Job, perform
from xuanfa.operations.sending.publish import begin


class Played(RuleBasedStateMachine):
    """What there is, and what becomes of a job that is performed by the real code."""

    make: Callable[[], Any]

    @initialize()
    def open(self) -> None:
        self.bench = type(self).make()
        self.bench.policy = Policy(max_tries=3)
        for name, known in CHANNELS.items():
            self.bench.channel(name, **known)
        #: Where the settings lead each channel now. A process goes by those of its start.
        self.leads = {name: Place(f"{'plain' if name == 'again' else name} A", rehearsal=False) for name in CHANNELS}
        self.desks: dict[Any, Desk] = {}
        self.truth = Platforms()
        self.slugs: list[str] = []
        self.known: dict[int, Delivery] = {}
        self.changed = 0
        #: Of every process that there ever was, by its name: on which machine it is.
        self.machines: dict[str, int] = {}
        self.halted: list[Process] = []
        self.processes = [self.started(0), self.started(1)]
        self.write_one(None, "", expires=False)

    def started(self, machine: int) -> Process:
        desk = self.bench.another(channels=self.settings(), fate=lambda process: self.seen_from(machine, process))
        self.machines[desk.process] = machine
        self.bench.alive.add(desk.process)
        return Process(desk, begin(desk))

    def begin_anew(self, machine: int) -> None:
        """The process of a machine is gone, with all that it knew, and another one is there."""
        self.bury(self.processes[machine])
        self.processes[machine] = self.started(machine)

    def bury(self, process: Process) -> None:
        self.bench.alive.discard(process.desk.process)
        self.bench.stopped.discard(process.desk.process)

    def seen_from(self, machine: int, process: str) -> Seen:
        """What is seen of a process: of another machine nothing, whatever becomes of it."""
        seen: Seen = self.bench.fate(process)
        return seen if self.machines.get(process) == machine else Seen.UNSEEN

    def settings(self) -> dict[str, Channel]:
        return {
            name: replace(channel, account=self.leads[name].account, rehearsal=self.leads[name].rehearsal)
            for name, channel in self.bench.channels.items()
        }

    @property
    def command(self) -> Desk:
        """The desk of a command that a person types now."""
        key = tuple(self.leads.values())
        if key not in self.desks:
            self.desks[key] = self.bench.another(
                channels=self.settings(), fate=lambda process: self.seen_from(0, process)
            )
        return self.desks[key]

    @property
    def clock(self) -> Any:
        return self.bench.clock

    def write_one(self, due: int | None, only: str, *, expires: bool, copied: bool = False) -> None:
        slug = f"p{len(self.slugs)}"
        at = "now" if due is None else (self.clock() + timedelta(minutes=due)).isoformat()
        until = (self.clock() + timedelta(hours=2)).isoformat() if expires else ""
        like = self.slugs[0] if copied and self.slugs else slug
        self.bench.write(slug, publish_at=at, channels=only, expires_at=until, title=f"“{like}”", slug=slug)
        self.slugs.append(slug)
        assert queue(self.processes[0].desk).problems == []

    def done(self, process: Process, job: Job, fate: Fate, *, lag: bool, checked: bool = False) -> Done:
        """Have a job performed by the real code, on a platform that treats it so; ``checked`` where it has looked at the clock long ago."""
        channel, where = job.order.channel, self.shown_by(process, job)
        script = self.bench.scripts[channel]
        match job.action:
            case Action.STAGE:
                answer = NOTHING.get(fate)
                ready = answer is None or fate in {"silent", "raised"}
                script.stage[:] = [Staged(memory={"draft": "1"}) if ready else answer]
            case Action.CONFIRM:
                script.confirm[:] = [Unknown(evidence="a list that lags") if lag else self.evidence(where)]
            case _:
                pending = Accepted(ticket="t", look_after=timedelta(minutes=1))
                taken = Published(receipt=Receipt(address=address_of(where.place, where.delivery), evidence="200"))
                silent = {"taken silently": NOTHING["silent"], "taken, raised": NOTHING["raised"]}
                known = channel == "keyed" and (where.place, job.order.key) in self.truth.keys
                # A platform that knows the key answers as it did then, unless its answer does not come.
                script.publish[:] = [
                    taken
                    if known and fate in {"pending", "content"}
                    else NOTHING.get(fate) or silent.get(fate) or (pending if self.holds_back(fate, channel) else taken)
                ]
        sent = len(script.sent)
        done = perform(self.bench, job, None if checked else process.desk.clock)
        if len(script.sent) > sent:
            if self.holds_back(fate, channel):
                self.truth.pending.add(where)
            elif fate not in NOTHING:
                self.truth.show(where, job.order.key, honours=channel == "keyed")
        return done

    @staticmethod
    def shown_by(process: Process, job: Job) -> Shown:
        """What becomes public where, if this job makes it so."""
        leads, made = process.desk.channels[job.order.channel], job.order.rendition
        place = Place(leads.account, leads.rehearsal)
        return Shown(place, job.order.delivery, job.order.post, made.title, made.body)

    @staticmethod
    def holds_back(fate: Fate, channel: str) -> bool:
        return fate == "pending" and channel == "slow"

    def evidence(self, where: Shown) -> Any:
        if self.truth.is_live(where.place, where.delivery):
            return Published(receipt=Receipt(address=address_of(where.place, where.delivery), evidence="listed"))
        if self.truth.is_pending(where.place, where.delivery):
            return Accepted(ticket="t", look_after=timedelta(minutes=5))
        return Absent(evidence="not listed")

    @staticmethod
    def place(delivery: Delivery) -> Place:
        return Place(delivery.account, delivery.rehearsal)
