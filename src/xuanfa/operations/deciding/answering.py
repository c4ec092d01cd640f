"""Answering (承担): whoever lets something leave in which the rules found something severe says why, and that is kept. A veto is passed by nobody."""

from collections.abc import Sequence

import sqlalchemy as sa

from xuanfa.domain.act import Act, Release, Reschedule, Retry
from xuanfa.domain.checking import Level
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.noted import listed
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.verdict import Note, Verdict
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.gate import Gate, accepted
from xuanfa.store import verdicts


def answered(desk: Desk, connection: sa.Connection, after: Delivery, *, act: Act, person: Person) -> Delivery:
    """The delivery that a person lets leave by this act, once somebody answers for what was found in it. A new time answers nothing, so that
    it is held as before. Raises StateError where there is a veto, or something severe and no reason."""
    if desk.rules is None or after.rendition_id is None or not after.is_queued or after.may_be_public:
        return after
    gate = Gate.of_post(desk, connection, after.post_id)
    if isinstance(act, Reschedule):
        return gate.passed(after)
    found = verdicts.of_renditions(connection, [after.rendition_id]).get(after.rendition_id)
    if isinstance(act, Release | Retry) and found is not None:
        answered_for(desk, connection, after, verdict=found.verdict, verb=act.verb, person=person)
    return after


def answered_for(
    desk: Desk, connection: sa.Connection, delivery: Delivery, *, verdict: Verdict | None, verb: str, person: Person
) -> None:
    """Somebody lets this rendition leave by what they do. Raises StateError where there is a veto, or something severe and no reason."""
    if desk.rules is None or verdict is None:
        return
    gate = Gate.of_post(desk, connection, delivery.post_id)
    left = gate.unanswered(delivery, verdict)
    _require_no_veto(gate, delivery, left)
    if not left or delivery.is_unapproved:
        return  # its review ends with somebody's reason
    if not person.why.strip():
        raise StateError(
            say(
                "投递 {id} 有严重问题，写明理由才能发（{release}）：{what}",
                "Something severe was found in delivery {id}; it is released with a reason ({release}): {what}",
                id=delivery.id,
                release=Remedy(verb, delivery.id if verb in _BY_NUMBER else gate.slug, why=None),
                what=listed(left, gate.path, delivery.channel),
            ).coded("check.needs_reason")
        )
    accepted(gate, delivery, left, act=verb, person=person, now=desk.clock())


#: What is done to a delivery by its number.
_BY_NUMBER = frozenset({Release.verb, Retry.verb})


def _require_no_veto(gate: Gate, delivery: Delivery, left: Sequence[Note]) -> None:
    """Raise StateError where a veto stands."""
    vetoes = [note for note in left if note.level is Level.VETO]
    if vetoes:
        raise StateError(
            say(
                "投递 {id} 有否决级问题，谁也不能放行：{what}。请改好稿件保存，会自动恢复；确是误报，由管理员写明理由忽略（{ignore}）",
                "What was found in delivery {id} may not go out, and nobody can release it: {what}. Mend the post and save it, and it goes on by "
                "itself; if it is none, an administrator ignores it with a reason ({ignore})",
                id=delivery.id,
                what=listed(vetoes, gate.path, delivery.channel),
                ignore=Remedy("ignore_finding", gate.slug),
            ).coded("check.veto_stands")
        )
