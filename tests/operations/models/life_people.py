"""Staff who write, an operator who leads channels elsewhere, platforms that decide later, and people who look before they speak."""

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.operations.models.life_invariants import Agreeing
from tests.operations.models.life_truth import CHANNELS, REFUSAL, SENT, Place, address_of
from tests.support import decisions as decide
from tests.support.decisions import ANNA, retract, retracted_by_hand
from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Blame, Rejected, Retracted, Unknown
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.queue import queue


class People(Agreeing):
    """What people and platforms do."""

    @rule(
        due=st.sampled_from([None, 2, 90]),
        only=st.sampled_from(["", "[plain, keyed]"]),
        expires=st.booleans(),
        copied=st.booleans(),
    )
    @precondition(lambda self: len(self.slugs) < 3)
    def write(self, due: int | None, only: str, expires: bool, copied: bool) -> None:
        self.write_one(due, only, expires=expires, copied=copied)

    @rule(which=st.integers(0, 2), number=st.integers(0, 9))
    @precondition(lambda self: self.changed < 2)
    def change(self, which: int, number: int) -> None:
        self.changed += 1
        self.bench.write(self.slugs[which % len(self.slugs)], f"改过的正文{'，再改' * number}。")
        queue(self.processes[1].desk)

    @rule(
        channel=st.sampled_from([*CHANNELS, EVERYTHING, EVERYTHING]),
        account=st.sampled_from(["A", "A", "B"]),
        rehearsal=st.booleans(),
        restarted=st.sampled_from([(0,), (1,), (0, 1), ()]),
    )
    def lead_elsewhere(self, channel: str, account: str, rehearsal: bool, restarted: tuple[int, ...]) -> None:
        """A channel is led to another account or to practice; a process goes by that when it is started again, and what it had is lost."""
        for each in self.leads if channel == EVERYTHING else (channel,):
            self.leads[each] = Place(f"{'plain' if each == 'again' else each} {account}", rehearsal)
        for which in restarted:
            self.begin_anew(which)

    @rule(public=st.booleans())
    @precondition(lambda self: self.truth.pending)
    def platform_decides(self, public: bool) -> None:
        what = min(self.truth.pending)
        self.truth.pending.remove(what)
        if public:
            self.truth.show(what, f"{what.place} {what.delivery}")

    @rule(channel=st.sampled_from([*CHANNELS, EVERYTHING]), resumed=st.booleans())
    def pause_or_resume(self, channel: str, resumed: bool) -> None:
        (decide.resume if resumed else decide.pause)(self.processes[0].desk, channel, ANNA)

    @rule(number=st.integers(0, 29))
    @precondition(lambda self: any(each.state is State.UNKNOWN for each in self.known.values()))
    def settle_a_doubt(self, number: int) -> None:
        """A person looks at something that is in doubt, wherever it went to."""
        doubts = [each for each in self.known.values() if each.state is State.UNKNOWN]
        self.say_of(doubts[number % len(doubts)], "resolve", number, "gone")

    @rule(
        number=st.integers(0, 29),
        verb=st.sampled_from(["cancel", "reschedule", "release", "retry", "resolve", "retract", "retracted"]),
        withdrawn=st.sampled_from(["gone", "gone silently", "refused"]),
    )
    @precondition(lambda self: self.known)
    def person(self, number: int, verb: str, withdrawn: str) -> None:
        sent = [
            each for each in self.known.values() if each.state in SENT and self.leads[each.channel] != self.place(each)
        ]
        among = sent if sent and number % 2 else [*self.known.values()]
        self.say_of(among[number // 2 % len(among)], verb, number, withdrawn)

    def say_of(self, delivery: Delivery, verb: str, number: int, withdrawn: str) -> None:
        desk, where = self.command, (self.place(delivery), delivery.id)
        elsewhere = self.leads[delivery.channel] != self.place(delivery)
        try:
            match verb:
                case "cancel":
                    decide.cancel(desk, delivery.id, ANNA)
                case "reschedule":
                    decide.reschedule(desk, delivery.id, self.clock() + timedelta(minutes=30), ANNA)
                case "release":
                    decide.release(desk, delivery.id, ANNA)
                    self.truth.allowed |= {delivery.id} if delivery.twin else set()
                case "retry":
                    decide.retry(desk, delivery.id, ANNA)
                case "resolve" if self.truth.is_live(*where):
                    decide.resolve_published(desk, delivery.id, address_of(*where), ANNA)
                case "resolve" if not self.truth.is_pending(*where):
                    self.call_absent(desk, delivery, number)
                case "retract":
                    self.withdraw(desk, delivery, withdrawn)
                case "retracted" if delivery.state in {State.PUBLISHED, State.RETRACTING}:
                    self.truth.withdraw(*where)
                    retracted_by_hand(desk, delivery.id, ANNA)
                case _:
                    return
            refused = elsewhere and delivery.state in SENT and verb in {"resolve", "retract"}
            assert not refused, f"{verb} of what was sent elsewhere"
        except StateError:
            after = self.bench.get(delivery.id)
            assert after == delivery or verb == "retract", f"{verb} was refused and changed something"

    def call_absent(self, desk: Desk, delivery: Delivery, number: int) -> None:
        """Nothing is there; of what cannot be seen from here the person knows the end, and says that only where it is true."""
        holders = [each for each in (*self.processes, *self.halted) if each.may_send(delivery.id)]
        answers = number % 3 == 0 and not any(self.machines[each.desk.process] == 1 for each in holders)
        decide.resolve_absent(desk, delivery.id, ANNA, node_is_gone=answers)
        assert holders == [], "called absent while a process may still send it"
        assert not answers or "node_gone" in self.bench.history(delivery.id)

    def withdraw(self, desk: Desk, delivery: Delivery, withdrawn: str) -> None:
        script, place = self.bench.scripts[delivery.channel], self.leads[delivery.channel]
        said = (
            Rejected(findings=REFUSAL, blame=Blame.CONTENT) if withdrawn == "refused" else Unknown(evidence="timeout")
        )
        script.retract[:] = [Retracted(evidence="204") if withdrawn == "gone" else said]
        before = len(script.withdrawn)
        try:
            retract(desk, delivery.id, ANNA)
        finally:
            if len(script.withdrawn) > before and withdrawn != "refused":
                self.truth.withdraw(place, delivery.id)
