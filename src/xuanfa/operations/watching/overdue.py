"""Reviews that somebody has to be told of: due and not approved, a step past its time, a consent or an emergency that is still owed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.access import Veil, readers_of
from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import Decision, Standing, StepStanding, standing, unconfirmed
from xuanfa.domain.review_people import authors_of
from xuanfa.domain.review_turn import Turn, table_of, turn_of
from xuanfa.domain.reviewing import Members
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.store import access, review_duties, reviews, users, waiting

#: The length of a cause's name. Characters.
_CAUSE_MAX = 300
#: Until which day of a month the one before is told of, so that it is told at all.
_TOLD_UNTIL = 10


def reviews_in_alarm(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    """Each a cause that names its post. Costs what is open and what is owed, not what was ever reviewed."""
    for slug, title in waiting.held_by_review(connection, now):
        yield _cause(
            f"review:{slug}",
            say(
                "稿件 {slug}《{title}》到了发布时间还没有审核通过，没有发出",
                "the post {slug} (“{title}”) is due and not approved, so that it was not sent",
                slug=slug,
                title=veil.title(slug, title),
            ),
            slug,
        )
    yield from _turns(desk, connection, now, veil)
    yield from _owed(desk, connection, now, veil)
    yield from _of_last_month(desk, connection, now)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A post under review, with whose turn it is."""

    slug: str
    title: str
    turn: Turn
    stands: Standing
    members: Members

    @property
    def names(self) -> str:
        """Who may act, for a cause's name: when they are other people, these are told, too."""
        return ",".join(self.turn.waits_for) or "-"

    @property
    def shown(self) -> str:
        """Who may act, for people."""
        people = (f"{self.members[name].display}（{name}）" for name in self.turn.waits_for)
        return say("、", ", ").join(people) or say("（没有人能审）", "(nobody can)")


def _turns(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    """Whose turn it is, told once for each step, and once more when it is late."""
    for each in _under_review(desk, connection, veil):
        step, expired = each.turn.step, each.stands.expired
        if expired is not None:
            yield _expired(each, expired)
        elif step is None and each.stands.is_returned and desk.reviews.reminds:
            yield _returned(each)
        elif step is not None and each.turn.is_late(now):
            yield _late_step(desk, each, step)
        elif step is not None and desk.reviews.reminds:
            yield _turn(desk, each, step)


def _under_review(desk: Desk, connection: sa.Connection, veil: Veil) -> Iterator[_Open]:
    found = reviews.under_review(connection)
    decided = reviews.decided(connection, [review.id for _, _, review in found])
    named = reviews.named_in(connection, [review.post_id for _, _, review in found])
    members: Members = {user.name: user for user in users.all(connection)} if found else {}
    delegations = reviews.all_delegations(connection) if found else []
    closed = {each.post_id: each for each in access.standing(connection)} if found else {}
    for slug, title, review in found:
        authors = authors_of(named[review.post_id], members)
        table = table_of(review, decided[review.id], members, delegations, desk.clock(), named=authors)
        # An author mends what was sent back, also where only others may read it; a step is for those who may.
        may_read = members if table.stands.is_returned else readers_of(closed.get(review.post_id), members)
        turn = turn_of(replace(table, members=may_read), desk.reviews, desk.zone)
        yield _Open(slug=slug, title=veil.title(slug, title), turn=turn, stands=table.stands, members=members)


def _turn(desk: Desk, each: _Open, step: StepStanding) -> Cause:
    words = say(
        "请{who}审稿件 {slug}《{title}》第 {n} 步（{name}）{until}",
        "it is the turn of {who}: the post {slug} (“{title}”), step {n} ({name}){until}",
        who=each.shown,
        slug=each.slug,
        title=each.title,
        n=step.number,
        name=step.step.name,
        until=say("，{until} 前", ", by {until}", until=in_words(each.turn.until, desk.zone))
        if each.turn.until
        else "",
    )
    return _cause(f"review-turn:{each.slug}:{step.number}:{each.names}", words, each.slug)


def _late_step(desk: Desk, each: _Open, step: StepStanding) -> Cause:
    assert each.turn.until is not None  # noqa: S101 - it is late
    words = say(
        "稿件 {slug}《{title}》第 {n} 步（{name}）应在 {due} 前审，已超时：请{who}尽快审",
        "the post {slug} (“{title}”): step {n} ({name}) was to be decided by {due}, and {who} can do it",
        slug=each.slug,
        title=each.title,
        n=step.number,
        name=step.step.name,
        due=in_words(each.turn.until, desk.zone),
        who=each.shown,
    )
    return _cause(f"review-late:{each.slug}:{step.number}:{each.names}", words, each.slug)


def _returned(each: _Open) -> Cause:
    words = say(
        "稿件 {slug}《{title}》已退回，请{who}改好",
        "the post {slug} (“{title}”) was sent back and is to be mended by {who}",
        slug=each.slug,
        title=each.title,
        who=each.shown,
    )
    return _cause(f"review-back:{each.slug}:{each.names}", words, each.slug)


def _expired(each: _Open, line: Decision) -> Cause:
    words = say(
        "稿件 {slug}《{title}》的审核过期，没有发出：{why}（{who}）",
        "the review of {slug} (“{title}”) has expired, and it was not sent: {why} ({who})",
        slug=each.slug,
        title=each.title,
        why=line.why,
        who=each.shown,
    )
    return _cause(f"review-expired:{each.slug}", words, each.slug)


def _owed(desk: Desk, connection: sa.Connection, now: datetime, veil: Veil) -> Iterator[Cause]:
    """Consents by telephone that their leaders have not confirmed, and emergencies whose review has not followed."""
    found = reviews.with_duties(connection)
    decided = reviews.decided(connection, [review.id for _, _, review in found])
    for slug, title, review in found:
        stands = standing(review, decided[review.id])
        for each in unconfirmed(stands.steps):
            yield _cause(
                f"phone:{slug}:{each.number}",
                _unconfirmed_in_words(desk, slug, veil.title(slug, title), each, now),
                slug,
            )
        if stands.is_owed and stands.emergency is not None:
            until = stands.emergency.at + desk.reviews.emergency_review
            words = say(
                "稿件 {slug}《{title}》先发后审，应在 {until} 前补审{late}",
                "the post {slug} (“{title}”) went out before its review, which is to follow by {until}{late}",
                slug=slug,
                title=veil.title(slug, title),
                until=in_words(until, desk.zone),
                late=_late(until, now),
            )
            yield _cause(f"emergency:{slug}", words, slug)


def _of_last_month(desk: Desk, connection: sa.Connection, now: datetime) -> Iterator[Cause]:
    """What the leader is told at the beginning of a month: what went out before its review, and consents that were not confirmed in time."""
    here = now.astimezone(desk.zone)
    if here.day > _TOLD_UNTIL:
        return
    until = here.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    since = (until - timedelta(days=1)).replace(day=1)
    early, by_phone = review_duties.of_month(connection, desk.reviews, since, until)
    unconfirmed_ = [each for each in by_phone if each.is_late(now)]
    if not early and not unconfirmed_:
        return
    month = f"{since:%Y-%m}"
    words = say(
        "{month} 先发后审 {n} 件{posts}，其中没有按时补审 {late} 件；电话同意没有按时确认 {m} 件{others}。请领导过目",
        "{month}: {n} posts went out before their review{posts}, {late} of them without it in time; {m} consents by telephone were not confirmed "
        "in time{others}. For the leader to see",
        month=month,
        n=len(early),
        posts=_listed(each.post for each in early),
        late=sum(each.is_late(now) for each in early),
        m=len(unconfirmed_),
        others=_listed(each.post for each in unconfirmed_),
    )
    look = where_to_look(Remedy("review_emergencies", month=month))
    yield Cause(name=f"emergencies:{month}", words=words, look=look)


def _listed(slugs: Iterable[str]) -> str:
    names = list(dict.fromkeys(slugs))
    return say("（{names}）", " ({names})", names=say("、", ", ").join(names)) if names else ""


def _unconfirmed_in_words(desk: Desk, slug: str, title: str, step: StepStanding, now: datetime) -> str:
    decision = step.decision
    assert decision is not None  # noqa: S101 - a step that waits for confirmation has one
    until = decision.at + desk.reviews.phone_confirm
    return say(
        "稿件 {slug}《{title}》第 {n} 步由 {who} 电话同意，应在 {until} 前由本人确认{late}",
        "the post {slug} (“{title}”): {who} agreed to step {n} by telephone and is to confirm that by {until}{late}",
        slug=slug,
        title=title,
        n=step.number,
        who=decision.by,
        until=in_words(until, desk.zone),
        late=_late(until, now),
    )


def _late(until: datetime, now: datetime) -> str:
    return say("，已超时", ", which is past") if until < now else ""


def _cause(name: str, words: str, slug: str) -> Cause:
    return Cause(name=name[:_CAUSE_MAX], words=words, look=where_to_look(Remedy("show_review", slug)))
