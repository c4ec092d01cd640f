"""Which way a post goes through its review: who can hold each step, and of those who have its role, who cannot, and why. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from xuanfa.domain.language import say
from xuanfa.domain.review import Level, Step
from xuanfa.domain.review_people import nobodys_steps
from xuanfa.domain.reviewing import Delegation, Member, Members, is_able, may_combine


@dataclass(frozen=True, slots=True, kw_only=True)
class WayStep:
    """One step to come. ``who`` are names as printed, deputies with whose; ``cannot`` are pairs of a name and why. ``nobody``: it stands still
    there, since nobody can hold it beside what others are needed for."""

    number: int
    step: Step
    who: tuple[str, ...]
    cannot: tuple[tuple[str, str], ...]
    nobody: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who there is: ``authors`` are login names of those who wrote the post, whoever submits it among them; ``may_read`` those whom its list of
    readers lets."""

    members: Members
    may_read: Members
    authors: Collection[str]
    delegations: Sequence[Delegation]
    now: datetime


def way_of(steps: Sequence[Step], level: Level, people: People) -> tuple[WayStep, ...]:
    """The steps in their order."""
    empty = nobodys_steps(steps, level, people.may_read, people.authors)
    return tuple(_step(number, step, people, nobody=number in empty) for number, step in enumerate(steps, 1))


def _step(number: int, step: Step, people: People, *, nobody: bool) -> WayStep:
    holders = sorted((each for each in people.members.values() if _has_role(step, each)), key=lambda each: each.name)
    reasons = {each.name: why_not(each, people) for each in holders}
    able = [each for each in holders if not reasons[each.name]]
    return WayStep(
        number=number,
        step=step,
        who=(*(each.display for each in able), *_deputies(people, able)),
        cannot=tuple((each.display, reasons[each.name]) for each in holders if reasons[each.name]),
        nobody=nobody,
    )


def _has_role(step: Step, who: Member) -> bool:
    return step.role in who.roles and not who.disabled


def why_not(who: Member, people: People) -> str:
    """Why somebody with the role cannot hold a step; empty where they can."""
    if who.name in people.authors:
        return say("作者不审自己的稿件", "authors do not review their own post")
    if not is_able(who):
        return say("外包人员不审稿", "outsourced people decide nothing")
    if who.name not in people.may_read:
        return say("不在这篇限阅稿件的名单上", "not on the list of those who may read it")
    return ""


def _deputies(people: People, able: Sequence[Member]) -> list[str]:
    """Who stands in now for one of those who can, and can themselves."""
    names = {each.name: each.display for each in able}
    found: list[str] = []
    for each in people.delegations:
        deputy = people.members.get(each.deputy)
        if not each.holds(people.now) or each.principal not in names or deputy is None or deputy.disabled:
            continue
        if not why_not(deputy, people) and deputy.name not in names:
            whom = names[each.principal]
            found.append(say("{who}（代{whom}）", "{who} (for {whom})", who=deputy.display, whom=whom))
    return found


def is_one_each(steps: Sequence[Step], level: Level) -> bool:
    """Whether nobody may hold two of these steps."""
    pairs = [(one, other) for n, one in enumerate(steps) for other in steps[n + 1 :]]
    return bool(pairs) and not any(may_combine(level, one, other) for one, other in pairs)
