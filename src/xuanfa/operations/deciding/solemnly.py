"""Solemn periods set and ended, at once: what is due from now on is held by them."""

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.solemn import LONGEST, EndSolemn, SetSolemn, Solemn
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, solemn


def set_solemn(desk: Desk, act: SetSolemn, person: Person) -> Solemn:
    """Set a period. Raises StateError for one without a reason, that is over, ends before it begins, or is longer than a month."""
    now = desk.clock()
    _require_sound(desk, act)
    with desk.store.write() as connection:
        made = solemn.add(
            connection, begins=act.begins, ends=act.ends, reason=act.reason.strip(), actor=person.name, now=now
        )
        deliveries.record_event(
            connection, now=now, after=solemn.SET, actor=person.signs(act.verb), why=made.in_words(desk.zone)
        )
    return made


def end_solemn(desk: Desk, act: EndSolemn, person: Person) -> Solemn:
    """End a period before its time. Raises StateError where there is none of this number, or it is over."""
    now = desk.clock()
    with desk.store.write() as connection:
        known = solemn.find(connection, act.number)
        if known is None or known.over_at <= now:
            raise StateError(
                say(
                    "没有编号为 {number} 的肃穆期，或它已经结束。",
                    "There is no solemn period {number}, or it is over.",
                    number=act.number,
                )
            )
        solemn.end(connection, act.number, actor=person.name, now=now)
        deliveries.record_event(
            connection, now=now, after=solemn.ENDED, actor=person.signs(act.verb), why=known.in_words(desk.zone)
        )
        ended = solemn.find(connection, act.number)
    return ended or known


def _require_sound(desk: Desk, act: SetSolemn) -> None:
    if not act.reason.strip():
        raise StateError(
            say(
                "请写明肃穆的事由，如“国家公祭日”：暂缓的稿件旁边要写上。",
                "Give the reason, such as a day of national mourning: it stands beside what is held.",
            )
        )
    if act.ends <= act.begins:
        raise StateError(say("结束不晚于开始。请改正其中一个。", "It ends before it begins. Change one of them."))
    if act.ends <= desk.clock():
        raise StateError(
            say("{at} 已经过去，没有设定。", "{at} is past; nothing was set.", at=in_words(act.ends, desk.zone))
        )
    if act.ends - act.begins > LONGEST:
        raise StateError(
            say(
                "一次最多设 {n} 天，到期再设。结束时间写对了吗？",
                "A period lasts {n} days at most; set another one then. Is its end right?",
                n=LONGEST.days,
            )
        )
