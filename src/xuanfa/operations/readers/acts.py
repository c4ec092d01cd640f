"""What people enter of readers' figures: of one delivery, or of many from a list, all of it or nothing."""

from xuanfa.domain.act_public import ImportReaders, SetReaders
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.public import Public
from xuanfa.domain.readers import BY_HAND, figures_in_words, require_sound
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, readers


def set_readers(desk: Desk, act: SetReaders, person: Person) -> int:
    """Enter figures of one delivery; 0 where they stand there just so. Raises StateError for one that is not out, or for figures that cannot
    be."""
    now = desk.clock()
    with desk.store.write() as connection:
        it = _require_out(readers.out(connection, [act.delivery]).get(act.delivery), act.delivery)
        require_sound(act.figures, published_at=it.published_at, now=now, zone=desk.zone)
        added = readers.add(connection, [act.figures], origin=BY_HAND, actor=person.name, now=now)
        told = say(
            "{at}：{figures}",
            "{at}: {figures}",
            at=in_words(act.figures.at, desk.zone),
            figures=figures_in_words(act.figures, whole=False),
        )
        if added:
            deliveries.record_event(
                connection,
                now=now,
                after=readers.ENTERED,
                actor=person.signs(act.verb),
                why=told,
                delivery_id=it.id,
                channel=it.channel,
            )
    return added


def _require_out(it: Public | None, number: int) -> Public:
    if it is None:
        raise StateError(
            say(
                "投递 {id} 没有正式发布过，没有阅读数据可登记：见 {show}。",
                "Delivery {id} was never out for real, and has no readers: see {show}.",
                id=number,
                show=Remedy("show", number),
            )
        )
    if not it.is_out:
        raise StateError(
            say(
                "投递 {id} 已经撤下，不再登记阅读数据：见 {show}。",
                "Delivery {id} was taken down, and no figures are entered any more: see {show}.",
                id=number,
                show=Remedy("show", number),
            )
        )
    return it


def import_readers(desk: Desk, act: ImportReaders, person: Person) -> int:
    """Enter the figures of a list; how many were new. They were looked at when they were read, and are here again. Raises StateError."""
    now = desk.clock()
    with desk.store.write() as connection:
        known = readers.out(connection, {each.delivery for each in act.rows})
        for each in act.rows:
            it = _require_out(known.get(each.delivery), each.delivery)
            require_sound(each, published_at=it.published_at, now=now, zone=desk.zone)
        added = readers.add(connection, act.rows, origin=act.origin, actor=person.name, now=now)
        words = say("{origin}：{n} 行", "{origin}: {n} rows", origin=act.origin, n=added)
        if added:
            deliveries.record_event(connection, now=now, after=readers.ENTERED, actor=person.signs(act.verb), why=words)
    return added
