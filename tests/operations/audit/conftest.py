"""A life of many roads to verify, and a hand that changes what the program never changes."""

from typing import Any

from tests.support.decisions import ANNA, resolve_absent, resolve_published, retract, retracted_by_hand
from xuanfa.domain.delivery import State
from xuanfa.domain.outcome import Accepted, Deferred, Retracted, Staged, Unknown, Unsent


def a_life(bench: Any) -> None:
    """Deliveries that take many of the roads there are."""
    script = bench.channel("a", retracts=True, confirms=True)
    staged = bench.channel("b", stages=True)
    script.publish += [Unknown(evidence="timeout"), Unsent(evidence="refused"), Accepted(ticket="t")]
    staged.publish += [Deferred(after=bench.policy.late_after / 4, reason="429")]
    staged.stage += [Unsent(evidence="no picture"), Staged(memory={"draft": "1"})]
    bench.queue("one", "two", "three", "four", "five")
    for _ in range(40):
        bench.run()
        bench.clock.advance(minutes=2)
    for delivery in bench.all():
        match delivery.state:
            case State.UNKNOWN:
                resolve_absent(bench.desk, delivery.id, ANNA)
            case State.ACCEPTED:
                resolve_published(bench.desk, delivery.id, "https://www.example.gov.cn/seen", ANNA)
    bench.run()
    public = [delivery.id for delivery in bench.all() if delivery.state is State.PUBLISHED and delivery.channel == "a"]
    script.retract.append(Retracted(evidence="gone"))
    retract(bench.desk, public[0], ANNA)
    retracted_by_hand(bench.desk, public[1], ANNA)
