"""Reviewing: what a person may decide in a review, and the line that it becomes. Pure; each raises StateError with one sentence.

Who may hold a step, in whose name, which gates must be ticked, and that it is its turn, is decided here and nowhere else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NoReturn, Protocol

from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.remedy import option
from xuanfa.domain.review import (
    PHONE,
    Consent,
    Decision,
    Deed,
    Level,
    Review,
    ReviewState,
    Standing,
    Step,
    StepKind,
    StepStanding,
)
from xuanfa.domain.user import Role, Staff

#: A call may have been noted by a clock that is a little ahead.
_AHEAD = timedelta(minutes=1)


class Member(Protocol):
    """What a review asks of a user."""

    @property
    def name(self) -> str:
        """The login name."""

    @property
    def display(self) -> str:
        """The name as it is printed."""

    @property
    def roles(self) -> frozenset[Role]:
        """What the person is there for."""

    @property
    def staff(self) -> Staff:
        """How the person is employed."""

    @property
    def disabled(self) -> bool:
        """Whether the account is closed."""


Members = Mapping[str, Member]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegation:
    """One person decides in the name of another from one moment until another."""

    principal: str
    deputy: str
    begins: datetime
    ends: datetime
    why: str

    def holds(self, now: datetime) -> bool:
        """Whether it is on now."""
        return self.begins <= now < self.ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Everything that a decision is measured by: the review, where it stands, who there is, who stands in for whom, and the moment."""

    review: Review
    stands: Standing
    #: Who wrote the post: submitted, named as author, or edited.
    authors: frozenset[str]
    members: Members
    delegations: Sequence[Delegation]
    now: datetime
    #: When the review was last decided about.
    last_at: datetime | None = None
    next_number: int = 1

    def display(self, name: str) -> str:
        """The printed name of a login name."""
        return self.members[name].display if name in self.members else name


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What a person says with a decision."""

    who: Member
    how: str
    step: int | None = None
    principal: str = ""
    checks: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    note: str = ""
    why: str = ""
    places: tuple[tuple[str, str], ...] = ()


def approve(table: Table, saying: Saying) -> Decision:
    """The open step is approved, by its holder or a deputy."""
    open_ = _open_step(table, saying.step)
    principal = _holder(table, open_, saying.who, saying.principal)
    _require_others(table)
    _require_gates(open_.step, saying.checks)
    return line_of(table, Deed.APPROVED, saying, step=open_.number, principal=principal)


def send_back(table: Table, saying: Saying) -> Decision:
    """The open step sends the post back to its author, with a reason."""
    open_ = _open_step(table, saying.step)
    principal = _holder(table, open_, saying.who, saying.principal)
    if not saying.why.strip():
        refuse("退回要写明原因{by}", "say why it is sent back{by}", by=option("--why"))
    return line_of(table, Deed.RETURNED, saying, step=open_.number, principal=principal)


def by_phone(table: Table, saying: Saying, leader: str, called_at: datetime, number: str) -> Decision:
    """A person enters that the leader who holds the open step has agreed by telephone."""
    open_, holder = _open_step(table, saying.step), _member(table, leader)
    require_clock(table)
    require_able(saying.who)
    if saying.who.name == holder.name:
        refuse(
            "电话同意由别人登记：{who}本人请直接通过",
            "a consent by telephone is entered by somebody else: {who} can approve it directly",
            who=holder.display,
        )
    if saying.who.name in table.authors and table.review.level is not Level.SMALL:
        refuse(
            "{who}是本稿作者，不能登记对本稿的电话同意：请别的同事登记",
            "{who} wrote the post, and somebody else has to enter the consent to it",
            who=saying.who.display,
        )
    if called_at > table.now + _AHEAD:
        refuse("通话时间还没有到", "the time of the call is still to come")
    if not number.strip():
        refuse("请写明通话的号码{by}", "give the number that was called{by}", by=option("--number"))
    _require_role(open_, holder)
    _require_apart(table, open_, holder, "")
    _require_others(table)
    _require_gates(open_.step, saying.checks)
    consent = Consent(entered_by=saying.who.name, at=called_at, number=number.strip())
    return line_of(table, Deed.APPROVED, saying, step=open_.number, consent=consent, by=holder.name, how=PHONE)


def confirm(table: Table, saying: Saying) -> Decision:
    """The leader says himself that he has agreed by telephone."""
    require_clock(table)
    found = next(
        (
            each
            for each in table.stands.steps
            if each.waits_for_confirmation and each.decision is not None and each.decision.by == saying.who.name
        ),
        None,
    )
    if found is None:
        refuse(
            "没有等{who}确认的电话同意",
            "no consent by telephone waits for the word of {who}",
            who=saying.who.display,
        )
    require_able(saying.who)
    return line_of(table, Deed.CONFIRMED, saying, step=found.number)


def let_go_first(table: Table, saying: Saying, role: Role) -> Decision:
    """An emergency: it goes out before its review (先发后审), on the word of one role, with a reason."""
    require_clock(table)
    require_able(saying.who)
    if role not in saying.who.roles:
        refuse(
            "先发后审要{role}决定，{who}没有这个角色",
            "to publish before the review takes {role}, which {who} is not",
            role=role.label,
            who=saying.who.display,
        )
    if saying.who.name in table.authors:
        _refuse_own(saying.who)
    if not saying.why.strip():
        refuse("先发后审要写明原因{by}", "say why it cannot wait for its review{by}", by=option("--why"))
    if table.stands.state is ReviewState.APPROVED:
        refuse("本稿已经审核通过，不用先发后审", "the post is approved already")
    if table.stands.is_owed and table.stands.is_let_go:
        refuse("本稿已经先发后审，请尽快补审", "the post was let go already, and its review is to follow")
    return line_of(table, Deed.EMERGENCY, saying)


def line_of(
    table: Table,
    deed: Deed,
    saying: Saying,
    *,
    step: int = 0,
    principal: str = "",
    consent: Consent | None = None,
    by: str = "",
    how: str = "",
) -> Decision:
    return Decision(
        number=table.next_number,
        deed=deed,
        at=table.now,
        by=by or saying.who.name,
        how=how or saying.how,
        step=step,
        principal=principal,
        note=saying.note,
        why=saying.why,
        checks=saying.checks,
        digest=table.stands.digest,
        consent=consent,
        places=saying.places,
    )


def _open_step(table: Table, wanted: int | None) -> StepStanding:
    """The step that is asked now. Raises StateError where there is none, or another one is meant."""
    stands = table.stands
    open_ = stands.open_step
    if wanted is not None and not 1 <= wanted <= len(stands.steps):
        refuse("没有第 {n} 步：共 {all} 步", "there is no step {n} of {all}", n=wanted, all=len(stands.steps))
    if stands.state is ReviewState.NONE:
        refuse("本稿还没有送审：请先提交", "the post has not been submitted: do that first")
    if stands.state is ReviewState.RETURNED:
        refuse("本稿已退回作者，改好后再审", "the post was sent back to its author; it is mended first")
    if open_ is None:
        refuse("本稿各步都已通过，不用再审", "all steps of the post are approved")
    if wanted is not None and wanted != open_.number:
        meant = stands.steps[wanted - 1]
        if meant.number < open_.number and meant.decision is not None:
            refuse(
                "第 {n} 步（{name}）已由{who}通过，不能再审一次；现在轮到第 {open} 步（{its}）",
                "step {n} ({name}) was approved by {who} already; it is the turn of step {open} ({its})",
                n=wanted,
                name=meant.step.name,
                who=table.display(meant.decision.by),
                open=open_.number,
                its=open_.step.name,
            )
        refuse(
            "还没有轮到第 {n} 步（{name}）：现在是第 {open} 步（{its}）",
            "it is not the turn of step {n} ({name}), but of step {open} ({its})",
            n=wanted,
            name=meant.step.name,
            open=open_.number,
            its=open_.step.name,
        )
    return open_


def _holder(table: Table, open_: StepStanding, who: Member, named: str) -> str:
    """In whose name the person may decide the step: nobody's but their own where they hold it (empty), or the principal's."""
    require_clock(table)
    require_able(who)
    principal = _principal(table, open_, who, named)
    _require_apart(table, open_, who, principal)
    return principal


def _principal(table: Table, open_: StepStanding, who: Member, named: str) -> str:
    if not named and has_role(open_, who):
        return ""
    own = [each for each in table.delegations if each.deputy == who.name and named in {"", each.principal}]
    able = [each for each in own if may_hold(table, open_, each.principal)]
    standing_in = {each.principal for each in able if each.holds(table.now)}
    if len(standing_in) > 1:
        refuse(
            "{who}同时代{names}审核：请写明代谁{by}",
            "{who} stands in for {names}: say for whom{by}",
            by=option("--for"),
            who=who.display,
            names=say("、", ", ").join(sorted(standing_in)),
        )
    if standing_in:
        return standing_in.pop()
    over = [each for each in able if each.ends <= table.now]
    if over:
        refuse(
            "{who}代{principal}审核的期限已过",
            "{who} no longer stands in for {principal}: its time is over",
            who=who.display,
            principal=table.display(over[-1].principal),
        )
    if able:
        refuse(
            "{who}代{principal}审核的期限还没有开始",
            "{who} does not stand in for {principal} yet",
            who=who.display,
            principal=table.display(able[-1].principal),
        )
    if named:
        refuse(
            "{principal}没有委托{who}代审这一步",
            "{principal} has not asked {who} to decide this step",
            principal=table.display(named),
            who=who.display,
        )
    _require_role(open_, who)
    raise AssertionError(named)


def may_hold(table: Table, open_: StepStanding, name: str) -> bool:
    """Whether somebody may stand in for this person at the step."""
    member = table.members.get(name)
    return member is not None and is_able(member) and has_role(open_, member) and name not in table.authors


def _require_apart(table: Table, open_: StepStanding, who: Member, principal: str) -> None:
    """Nobody decides about a post of their own, nor holds two steps of it, as far as the level asks."""
    if who.name in table.authors:
        _refuse_own(who)
    if (number := clash_of(table, open_, who.name, principal)) is not None:
        refuse(
            "{who}已审过本稿第 {n} 步（{name}），同一人不能再审第 {open} 步（{its}）：请别的同事审",
            "{who} holds step {n} ({name}) of the post already, and step {open} ({its}) is for somebody else",
            who=who.display,
            n=number,
            name=table.review.template.steps[number - 1].name,
            open=open_.number,
            its=open_.step.name,
        )


def clash_of(table: Table, open_: StepStanding, name: str, principal: str) -> int | None:
    """The number of a step that they hold already, and that stands in the way, at the strict level also their principal's; else ``None``."""
    level, steps = table.review.level, table.review.template.steps
    ours = {name, principal} - {""} if level is Level.STRICT else {name}
    for number, decision in table.stands.holders.items():
        theirs = {decision.by, decision.principal} if level is Level.STRICT else {decision.by}
        if ours & theirs and not may_combine(level, open_.step, steps[number - 1]):
            return number
    return None


def _require_others(table: Table) -> None:
    """No step that stands was decided by somebody who is an author by now: a post is submitted, and its file names authors, also later."""
    for number, decision in table.stands.holders.items():
        own = {decision.by, decision.principal} & table.authors
        if own:
            refuse(
                "{who}审过本稿第 {n} 步，现在又是本稿的作者或送审人，那一步不能算：请退回，从那一步起重审",
                "{who} holds step {n} of the post and is its author by now: return it, so that this step is decided anew",
                who=table.display(own.pop()),
                n=number,
            )


def may_combine(level: Level, one: Step, other: Step) -> bool:
    """Whether one person may hold both steps of a post."""
    return level is Level.SMALL and StepKind.PROOF in {one.kind, other.kind}


def _require_gates(step: Step, ticked: Sequence[str]) -> None:
    """Every gate of the step is ticked, and nothing else."""
    missing = [gate for gate in step.checks if gate not in ticked]
    if missing:
        refuse(
            "还有把关项没有逐项确认：{missing}{by}",
            "these gates are not ticked: {missing}{by}",
            by=option("--check"),
            missing=say("、", ", ").join(missing),
        )
    odd = [gate for gate in ticked if gate not in step.checks]
    if odd:
        refuse("第“{name}”步没有把关项“{odd}”", "the step {name} has no gate {odd}", name=step.name, odd=odd[0])


def _require_role(open_: StepStanding, who: Member) -> None:
    if not has_role(open_, who):
        refuse(
            "第 {n} 步（{name}）要{role}来审，{who}没有这个角色",
            "step {n} ({name}) is for {role}, which {who} is not",
            n=open_.number,
            name=open_.step.name,
            role=Role(open_.step.role).label,
            who=who.display,
        )


def has_role(open_: StepStanding, who: Member) -> bool:
    """Whether the step is for somebody of this person's roles."""
    return open_.step.role in who.roles


def is_able(who: Member) -> bool:
    """Whether a person may decide at all: the account is open, and the person is employed by the office."""
    return not who.disabled and who.staff is not Staff.OUTSOURCED


def require_able(who: Member) -> None:
    if who.disabled:
        refuse("{who}的账号已停用", "the account of {who} is disabled", who=who.display)
    if who.staff is Staff.OUTSOURCED:
        refuse(
            "{who}是外包人员，可以写稿，不能审稿",
            "{who} is outsourced, and may draft but not decide",
            who=who.display,
        )


def require_clock(table: Table) -> None:
    if table.last_at is not None and table.now < table.last_at:
        refuse(
            "本机时间比本稿上一条审核记录还早，没有登记：请先校准时钟",
            "the clock of this machine is before the last decision about the post; set it right first",
        )


def require_delegation(principal: Member, deputy: Member, begins: datetime, ends: datetime, why: str) -> None:
    """A person may stand in for another. Raises StateError."""
    require_able(principal)
    require_able(deputy)
    if principal.name == deputy.name:
        refuse("不能委托自己代审", "nobody stands in for themselves")
    if ends <= begins:
        refuse("委托的结束时间要晚于开始时间", "the delegation ends before it begins")
    if not why.strip():
        refuse("委托代审要写明原因{by}", "say why somebody else decides{by}", by=option("--why"))
    if not principal.roles - {Role.AUTHOR}:
        refuse("{who}没有可以委托的审核角色", "{who} has no role to hand on", who=principal.display)


def _member(table: Table, name: str) -> Member:
    found = table.members.get(name)
    if found is None:
        refuse("没有用户“{name}”", "there is no user {name}", name=name)
    require_able(found)
    return found


def _refuse_own(who: Member) -> NoReturn:
    own = "{who} wrote the post, and nobody decides about a post of their own"
    refuse("{who}是本稿作者，不能审自己的稿：请别的同事审", own, who=who.display)


def refuse(zh: str, en: str, **values: object) -> NoReturn:
    raise StateError(say("{what}。", "{what}.", what=say(zh, en, **values)))
