"""Doubting: two people say that something is not out before it is sent again; whoever cannot tell yet is reminded to look once more.

Where nobody else may say it (an office of one), the same person says it once more after ten minutes, and the history has it so.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from xuanfa.domain.act import ResolveAbsent
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.decide import find
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.sending.alive import require_over
from xuanfa.store import deliveries, doubting, users
from xuanfa.store.deliveries import NOT_FOUND
from xuanfa.store.doubting import FirstLook

#: Whoever is alone looks twice, so far apart.
ALONE: Final = timedelta(minutes=10)


def first_look(desk: Desk, delivery_id: int) -> FirstLook | None:
    """What the first one has said of this delivery as it stands."""
    with desk.store.read() as connection:
        waiting = {each.delivery: each for each in doubting.first_looks(connection)}
    return waiting.get(delivery_id)


def first_looks(desk: Desk) -> list[FirstLook]:
    """All that wait for the second one."""
    with desk.store.read() as connection:
        return doubting.first_looks(connection)


def say_absent(desk: Desk, delivery_id: int, person: Person, *, node_is_gone: bool = False) -> bool:
    """A person has looked and it is not there: whether it is sent again now, because this was the second one. Raises StateError."""
    act = ResolveAbsent(delivery=delivery_id, node_is_gone=node_is_gone)
    objection = desk.may(person, act)
    if objection:
        raise StateError(objection)
    if not person.why:
        raise StateError(say("请写明在哪里看过、看到几点。", "Say where you have looked, and until when."))
    before = first_look(desk, delivery_id)
    if before is None:
        require_over(desk, delivery_id, node_is_gone=node_is_gone)
        _note_first(desk, delivery_id, person, act)
        return False
    if before.user == person.name:
        _require_alone(desk, before, act)
    carry_out(desk, act, replace(person, why=_both(before, person)))
    return True


def take_back(desk: Desk, delivery_id: int, person: Person) -> None:
    """Whoever has said it first has seen something after all. Raises StateError where it was somebody else."""
    before = first_look(desk, delivery_id)
    if before is None or before.user != person.name:
        raise StateError(
            say("没有您登记的“没有”，没有可收回的。", "You have not said that it is absent; nothing was taken back.")
        )
    with desk.store.write() as connection:
        doubting.forget_first_look(connection, delivery_id, before.attempt)


def remind_me(desk: Desk, delivery_id: int, person: Person, at: datetime) -> None:
    """Look again then; nothing is sent meanwhile. Raises StateError where nothing is in doubt."""
    if at <= desk.clock():
        raise StateError(say("提醒的时间已经过了，请换一个。", "That time is past; choose another one."))
    with desk.store.write() as connection:
        _require_doubt(find(connection, delivery_id).state)
        doubting.remind(connection, delivery_id, person.name, at)


def reminders_of(desk: Desk, user: str) -> dict[int, datetime]:
    """When this person wants to look again, by delivery."""
    with desk.store.read() as connection:
        return doubting.reminders_of(connection, user)


def is_alone(desk: Desk, user: str, delivery_id: int) -> bool:
    """Whether nobody but this person may say that it is not there."""
    act = ResolveAbsent(delivery=delivery_id)
    with desk.store.read() as connection:
        others = [each for each in users.all(connection) if each.name != user and not each.disabled and not each.locked]
    return all(desk.may(Person(name=each.name, how="password"), act) for each in others)


def _note_first(desk: Desk, delivery_id: int, person: Person, act: ResolveAbsent) -> None:
    now = desk.clock()
    with desk.store.write() as connection:
        found = find(connection, delivery_id)
        _require_doubt(found.state)
        other = doubting.first_look(connection, delivery_id, found.attempt)
        if other is not None:
            raise StateError(
                say(
                    "{who} 刚刚登记过“没有”。请再看一遍这一页。",
                    "{who} has just said so; look at the page anew.",
                    who=other.user,
                )
            )
        look = FirstLook(delivery=delivery_id, attempt=found.attempt, user=person.name, why=person.why, at=now)
        doubting.note_first_look(connection, look)
        deliveries.record_event(
            connection,
            now=now,
            after=NOT_FOUND,
            actor=person.signs(act.verb),
            why=person.why,
            delivery_id=delivery_id,
            channel=found.channel,
        )


def _require_doubt(state: State) -> None:
    if state is not State.UNKNOWN:
        raise StateError(
            say(
                "这一条现在是“{state}”，不用再核实。",
                "It is {state} now; nothing is in doubt any more.",
                state=state.label,
            )
        )


def _require_alone(desk: Desk, before: FirstLook, act: ResolveAbsent) -> None:
    if not is_alone(desk, before.user, act.delivery):
        raise StateError(
            say(
                "“没有”要两个人看过才算：您已经登记过，请另一位同志看。",
                "Two people have to look: you have said so already; let somebody else look too.",
            )
        )
    left = before.at + ALONE - desk.clock()
    if left > timedelta(0):
        raise StateError(
            say(
                "只有您一个人能核实：请过 {minutes} 分钟再看一遍。",
                "You are the only one who may say so: look once more in {minutes} minutes.",
                minutes=int(left.total_seconds() // 60) + 1,
            )
        )


def _both(before: FirstLook, person: Person) -> str:
    if before.user == person.name:
        return say(
            "一人两次看过：{first}；{second}",
            "looked twice alone: {first}; {second}",
            first=before.why,
            second=person.why,
        )
    return say(
        "{one} 先看过：{first}；{two} 也看过：{second}",
        "{one} looked first: {first}; {two} too: {second}",
        one=before.user,
        first=before.why,
        two=person.name,
        second=person.why,
    )
