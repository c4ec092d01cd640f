"""What a person explains of what was found: a post on an account that this program did not send."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.act_public import AcceptStranger, OfFound
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, strangers

#: The line of history.
ACCEPTED: Final = "stranger_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What is explained now, and how."""

    number: int
    what: str
    why: str


def explain(desk: Desk, act: OfFound, person: Person) -> Explained:
    """Somebody knows how it comes. Raises ContentError without a reason, StateError where there is nothing of this number to be explained."""
    if not person.why.strip():
        raise ContentError(say("请写明来历（--why）。", "Say how it comes (--why)."))
    now = desk.clock()
    with desk.store.write() as connection:
        return _stranger(connection, act, person, now)


def _stranger(connection: sa.Connection, act: AcceptStranger, person: Person, now: datetime) -> Explained:
    it = strangers.get(connection, act.number)
    if it is None or not strangers.settle(connection, act.number, by=person.name, why=person.why, now=now):
        raise StateError(
            say(
                "没有编号为 {n} 的、待说明的陌生稿件：见 {list}。",
                "Nothing numbered {n} waits to be explained: see {list}.",
                n=act.number,
                list=Remedy("strangers"),
            )
        )
    deliveries.record_event(
        connection,
        now=now,
        after=ACCEPTED,
        actor=person.signs(act.verb),
        why=say("《{title}》：{why}", "“{title}”: {why}", title=it.title, why=person.why),
        channel=it.channel,
    )
    return Explained(number=it.id, what=it.title, why=person.why)
