"""What people decide about proofs: a picture that they hand in, and a difference that is all right."""

from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.act_public import AcceptPage, AddProof
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.page_proof import PageProof
from xuanfa.domain.person import Person
from xuanfa.domain.public import Public
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.times import before_the_minute, in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.proving.check import require_out
from xuanfa.store import deliveries, proofs

#: The lines of history; the proof of the first is the hash of the picture.
ADDED, ACCEPTED = "proof_added", "page_accepted"


def add_proof(desk: Desk, act: AddProof, person: Person) -> PageProof:
    """Keep a picture of a public page that a person has taken, as it was handed in.

    Raises ContentError for what is no picture, StateError for a delivery that is not out, nor was, and for a time before it was out or to come.
    """
    with desk.store.read() as connection:
        _known(connection, act.delivery)
    picture = desk.media.keep(act.file, act.file.name)
    now = desk.clock()
    at = act.at or now
    with desk.store.write() as connection:
        it = _known(connection, act.delivery)
        _require_sound(desk, it, at, now)
        proof = PageProof(
            id=0,
            delivery=it.id,
            at=at,
            origin="picture",
            address=it.address,
            state=None,
            status=None,
            digest=it.digest,
            sha256="",
            difference="",
            mark="",
            screenshot=picture.sha256,
            screenshot_type=picture.media_type,
            note=person.why,
            actor=person.name,
        )
        proof = replace(proof, id=proofs.add(connection, proof))
        deliveries.record_event(
            connection,
            now=now,
            after=ADDED,
            actor=person.signs(act.verb),
            why=person.why,
            delivery_id=it.id,
            channel=it.channel,
            proof=picture.sha256,
        )
    return proof


def _known(connection: sa.Connection, number: int) -> Public:
    it = proofs.get(connection, [number]).get(number)
    if it is None:
        raise StateError(
            say(
                "投递 {id} 没有正式发布过，不能存证：见 {show}。",
                "Delivery {id} was never out for real, and there is nothing to prove: see {show}.",
                id=number,
                show=Remedy("show", number),
            )
        )
    return it


def _require_sound(desk: Desk, it: Public, at: datetime, now: datetime) -> None:
    if at > now:
        raise StateError(
            say("时间 {at} 还没有到，没有收下。", "{at} is yet to come; nothing was taken.", at=in_words(at, desk.zone))
        )
    if before_the_minute(at, it.published_at):
        raise StateError(
            say(
                "时间 {at} 早于发布时间 {out}，没有收下：请核对截图是什么时候截的。",
                "{at} is before it was out ({out}); nothing was taken. See when the picture was taken.",
                at=in_words(at, desk.zone),
                out=in_words(it.published_at, desk.zone),
            )
        )


def accept_page(desk: Desk, act: AcceptPage, person: Person) -> PageProof:
    """What a page shows otherwise than it was sent is all right as it is now; another difference is told again.

    Raises StateError where nothing was found to differ, or no reason is given.
    """
    if not person.why.strip():
        raise ContentError(say("请写明为什么这样没有问题{by}。", "Say why that is all right{by}.", by=option("--why")))
    now = desk.clock()
    with desk.store.write() as connection:
        it = require_out(_known(connection, act.delivery))
        newest = proofs.newest_fetched(connection, it.id)
        if newest is None or it.state is None or not it.state.is_wrong:
            raise StateError(
                say(
                    "投递 {id} 的页面没有要认可的差异：见 {show}。",
                    "The page of delivery {id} shows no difference to be taken for right: see {show}.",
                    id=it.id,
                    show=Remedy("show_proof", it.id),
                )
            )
        proofs.accept(connection, it.id, it.mark)
        deliveries.record_event(
            connection,
            now=now,
            after=ACCEPTED,
            actor=person.signs(act.verb),
            why=say("{why}（{what}）", "{why} ({what})", why=person.why, what=it.words),
            delivery_id=it.id,
            channel=it.channel,
            proof=newest.sha256 or None,
        )
    return newest
