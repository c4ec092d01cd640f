"""Sealing a month: what it counts now is kept for ever, and the history vouches for it."""

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.sealed_month import SealedMonth, SealMonth
from xuanfa.domain.term import month_of
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, sealed_months


def seal_month(desk: Desk, act: SealMonth, person: Person) -> SealedMonth:
    """Seal a month. Raises StateError for one that is not over, and for one that is sealed already; TimeProblem for what is no month."""
    term = month_of(act.month)
    now = desk.clock()
    today = now.astimezone(desk.zone).date()
    if not term.is_over(today):
        raise StateError(
            say(
                "{month} 还没有过完（今天是 {today}），不能封存：等到下个月再封。",
                "{month} is not over (today is {today}) and cannot be sealed: wait for the next month.",
                month=term.key,
                today=today.isoformat(),
            )
        )
    with desk.store.write() as connection:
        before = sealed_months.find(connection, term.key)
        if before is not None:
            raise StateError(
                say(
                    "{month} 已由 {who} 封存过，一个月只封存一次；此后的更正会照实列出。",
                    "{month} was sealed before, by {who}; a month is sealed once, and later corrections are told as such.",
                    month=term.key,
                    who=before.actor,
                )
            )
        counted = desk.counted(connection, term.since, term.until)
        sealed = sealed_months.add(connection, term.key, counted, actor=person.name, now=now)
        deliveries.record_event(
            connection,
            now=now,
            after=sealed_months.SEALED,
            actor=person.signs(act.verb),
            why=say(
                "{month}：{items} 条（去重稿件 {posts} 篇）",
                "{month}: {items} items ({posts} distinct posts)",
                month=term.key,
                items=sealed.items,
                posts=sealed.posts,
            ),
            proof=sealed.hash,
        )
    return sealed
