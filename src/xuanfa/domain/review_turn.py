"""Whose turn it is in a review, and until when. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from xuanfa.domain.review import Decision, Deed, Review, Standing, StepStanding, standing
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.reviewing import Delegation, Members, Table, clash_of, has_role, is_able, may_hold


def table_of(
    review: Review,
    decisions: Sequence[Decision],
    members: Members,
    delegations: Sequence[Delegation],
    now: datetime,
    *,
    named: Collection[str] = (),
) -> Table:
    """The table at which a review is decided about now; ``named`` are the users whom the post names as its authors."""
    submitted = {each.by for each in decisions if each.deed is Deed.SUBMITTED}
    return Table(
        review=review,
        stands=standing(review, decisions),
        authors=review.authors | submitted | set(named),
        members=members,
        delegations=delegations,
        now=now,
        last_at=decisions[-1].at if decisions else None,
        next_number=len(decisions) + 1,
    )


def deciders(table: Table) -> tuple[str, ...]:
    """The login names of all who may decide the open step now, in their own name or in another's; nobody where no step is open."""
    open_ = table.stands.open_step
    return () if open_ is None else tuple(sorted(name for name in table.members if may_decide(table, open_, name)))


def may_decide(table: Table, open_: StepStanding, name: str) -> bool:
    """Whether the step is this person's to decide."""
    who = table.members.get(name)
    if who is None or not is_able(who) or name in table.authors:
        return False
    principals = [""] if has_role(open_, who) else _principals(table, open_, name)
    return any(clash_of(table, open_, name, principal) is None for principal in principals)


def _principals(table: Table, open_: StepStanding, name: str) -> list[str]:
    own = (each for each in table.delegations if each.deputy == name and each.holds(table.now))
    return [each.principal for each in own if may_hold(table, open_, each.principal)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a post waits for: its open step and who may decide it, or, after a return, its authors. ``until`` is ``None`` where nothing is set."""

    waits_for: tuple[str, ...]
    step: StepStanding | None
    since: datetime | None = None
    until: datetime | None = None

    def is_late(self, now: datetime) -> bool:
        """Whether it should have been decided by now."""
        return self.until is not None and self.until < now


def turn_of(table: Table, policy: ReviewPolicy, zone: tzinfo) -> Turn:
    """Whose turn it is."""
    stands, open_ = table.stands, table.stands.open_step
    if open_ is None:
        authors = sorted(table.authors & table.members.keys()) if stands.is_returned else ()
        return Turn(waits_for=tuple(authors), step=None)
    since = stands.waiting_since
    return Turn(waits_for=deciders(table), step=open_, since=since, until=due_of(stands, policy, zone))


def due_of(stands: Standing, policy: ReviewPolicy, zone: tzinfo) -> datetime | None:
    """By when the open step should be decided, by working hours; ``None`` where it has no bound, or none is open."""
    open_, since = stands.open_step, stands.waiting_since
    if open_ is None or since is None or not open_.step.hours:
        return None
    return policy.hours.after(since, open_.step.hours, zone)
