"""What a person explains of what was found: a post on an account that this program did not send, a link that leads elsewhere."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act_public import AcceptLink, OfFound
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor, Person
from xuanfa.domain.remedy import Remedy, option
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, out_links, strangers

#: The lines of history.
ACCEPTED, LINK_ACCEPTED = "stranger_accepted", "link_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What is explained now, and how."""

    number: int
    what: str
    why: str


def explain(desk: Desk, act: OfFound, person: Person) -> Explained:
    """Somebody knows how it comes. Raises ContentError without a reason, StateError where there is nothing of this number to be explained."""
    if not person.why.strip():
        raise ContentError(say("请写明来历{by}。", "Say how it comes{by}.", by=option("--why")))
    now = desk.clock()
    with desk.store.write() as connection:
        known = _link if isinstance(act, AcceptLink) else _stranger
        return known(connection, act.number, person, person.signs(act.verb), now)


def _stranger(connection: sa.Connection, number: int, person: Person, actor: Actor, now: datetime) -> Explained:
    it = strangers.get(connection, number)
    if it is None or not strangers.settle(connection, number, by=person.name, why=person.why, now=now):
        raise StateError(
            say(
                "没有编号为 {n} 的、待说明的陌生稿件：见 {list}。",
                "Nothing numbered {n} waits to be explained: see {list}.",
                n=number,
                list=Remedy("strangers"),
            )
        )
    deliveries.record_event(
        connection,
        now=now,
        after=ACCEPTED,
        actor=actor,
        why=say("《{title}》：{why}", "“{title}”: {why}", title=it.title, why=person.why),
        channel=it.channel,
    )
    return Explained(number=it.id, what=it.title, why=person.why)


def _link(connection: sa.Connection, number: int, person: Person, actor: Actor, now: datetime) -> Explained:
    it = out_links.get(connection, number)
    if it is None or not it.mark or it.accepted == it.mark:
        raise StateError(
            say(
                "没有编号为 {n} 的、待认可的链接：见 {list}。",
                "There is no link {n} to be taken for right: see {list}.",
                n=number,
                list=Remedy("links"),
            )
        )
    out_links.accept(connection, number, it.mark)
    why = say(
        "{address}：{why}（{what}）", "{address}: {why} ({what})", address=it.address, why=person.why, what=it.words
    )
    deliveries.record_event(connection, now=now, after=LINK_ACCEPTED, actor=actor, why=why)
    return Explained(number=it.id, what=it.address, why=person.why)
