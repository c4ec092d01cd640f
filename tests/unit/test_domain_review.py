"""Reviews: where one stands after what was decided, and everything that a person may not decide."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from xuanfa.domain.errors import StateError
from xuanfa.domain.review import (
    PHONE,
    Decision,
    Deed,
    Level,
    Review,
    ReviewState,
    Sending,
    Snapshot,
    Step,
    StepKind,
    StepState,
    Template,
    change_between,
    digest_of,
    standing,
    step_of_change,
)
from xuanfa.domain.review_reading import require_digests
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.reviewing import (
    Delegation,
    Saying,
    Table,
    approve,
    by_phone,
    confirm,
    let_go_first,
    require_delegation,
    send_back,
)
from xuanfa.domain.user import Role, Staff, User

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
STEPS = (
    Step(name="一审", kind=StepKind.REVIEW, role="editor", checks=("事实关", "文字关"), may_edit=True),
    Step(name="一校", kind=StepKind.PROOF, role="proofreader"),
    Step(name="二审", kind=StepKind.REVIEW, role="reviewer"),
    Step(name="二校", kind=StepKind.PROOF, role="proofreader"),
    Step(name="签发", kind=StepKind.REVIEW, role="approver"),
)


def user(name: str, *roles: Role, **facts: Any) -> User:
    return User(name=name, display=name.upper(), roles=frozenset(roles), **facts)


WRITER = user("writer", *Role)
ALL = {
    each.name: each
    for each in (
        WRITER,
        user("ed", Role.EDITOR),
        user("proof", Role.PROOFREADER),
        user("proof2", Role.PROOFREADER),
        user("re", Role.REVIEWER),
        user("boss", Role.APPROVER),
        user("boss2", Role.APPROVER),
        user("every", *Role),
        user("deputy", Role.AUTHOR),
        user("hired", *Role, staff=Staff.OUTSOURCED),
        user("left", *Role, disabled=True),
    )
}
FIRST: Snapshot = {"site": Sending("a" * 64, NOW), "weibo": Sending("b" * 64, NOW)}


class Office:
    """A review as it goes on."""

    def __init__(self, steps: Sequence[Step] = STEPS, level: Level = Level.STANDARD, **facts: Any) -> None:
        template = Template(id="t", name="试", steps=tuple(steps))
        self.review = Review(
            id=1,
            post_id=1,
            revision=1,
            template=template,
            level=level,
            authors=frozenset({"writer"}),
            opened_at=NOW,
            **facts,
        )
        self.decisions: list[Decision] = []
        self.delegations: list[Delegation] = []
        self.members = dict(ALL)
        self.now = NOW

    @property
    def stands(self) -> Any:
        return standing(self.review, self.decisions)

    @property
    def states(self) -> str:
        return " ".join(each.state.value for each in self.stands.steps)

    def table(self) -> Table:
        return Table(
            review=self.review,
            stands=self.stands,
            authors=self.review.authors,
            members=self.members,
            delegations=self.delegations,
            now=self.now,
            last_at=self.decisions[-1].at if self.decisions else None,
            next_number=len(self.decisions) + 1,
        )

    def submit(self, snapshot: Snapshot = FIRST) -> "Office":
        self._add(Deed.SUBMITTED, snapshot=snapshot)
        return self

    def become(self, snapshot: Snapshot) -> None:
        stands = self.stands
        change = change_between(stands.snapshot, snapshot)
        if change is not None:
            self._add(change, step=step_of_change(self.review, stands, change), snapshot=snapshot)

    def _add(self, deed: Deed, **facts: Any) -> None:
        self.decisions.append(Decision(number=len(self.decisions) + 1, deed=deed, at=self.now, by="writer", **facts))

    def approve(self, name: str, **words: Any) -> None:
        open_ = self.stands.open_step
        checks = words.pop("checks", open_.step.checks if open_ else ())
        self.decisions.append(
            approve(self.table(), Saying(who=self.members[name], how="password", checks=checks, **words))
        )

    def send_back(self, name: str, **words: Any) -> None:
        self.decisions.append(send_back(self.table(), Saying(who=self.members[name], how="password", **words)))

    def approved(self, *names: str) -> "Office":
        for name in names:
            self.approve(name)
        return self


def done() -> Office:
    return Office().submit().approved("ed", "proof", "re", "proof2", "boss")


def changed(**channels: Any) -> Snapshot:
    return {
        channel: FIRST[channel]._replace(**({"digest": value} if isinstance(value, str) else {"due_at": value}))
        for channel, value in channels.items()
    }


def test_a_review_goes_from_step_to_step() -> None:
    office = Office()
    assert (office.stands.state, office.states) == (ReviewState.NONE, " ".join(["waiting"] * 5))
    office.submit()
    assert (office.stands.state, office.states) == (ReviewState.OPEN, "open waiting waiting waiting waiting")
    office.approve("ed")
    assert office.states == "approved open waiting waiting waiting"
    assert done().stands.state is ReviewState.APPROVED
    assert done().stands.digest == digest_of(FIRST)


def test_the_digest_is_over_renditions_channels_and_times() -> None:
    others = [changed(site="c" * 64, weibo="b" * 64), {"site": FIRST["site"]}, changed(site=NOW + HOUR, weibo=NOW)]
    assert len({digest_of(each) for each in (FIRST, *others)}) == 4
    assert digest_of(dict(reversed(FIRST.items()))) == digest_of(FIRST)


def test_what_changed_says_from_which_step_it_is_asked_again() -> None:
    for snapshot, states in (
        (changed(site="c" * 64, weibo="b" * 64), "open void void void void"),
        (FIRST | {"wechat": Sending("d" * 64, NOW)}, "open void void void void"),
        (changed(site=NOW + HOUR, weibo=NOW), "approved approved approved approved open"),
        ({"site": FIRST["site"]}, "approved approved approved approved open"),
        (FIRST, "approved approved approved approved approved"),
    ):
        office = done()
        office.become(snapshot)
        assert office.states == states
        assert len(office.stands.voided) == (snapshot != FIRST)


def test_content_is_asked_from_the_first_step_that_may_edit() -> None:
    steps = (replace(STEPS[0], may_edit=False), replace(STEPS[1], may_edit=True), *STEPS[2:])
    office = Office(steps).submit().approved("ed", "proof", "re", "proof2", "boss")
    office.become(changed(site="c" * 64, weibo="b" * 64))
    assert office.states == "approved open void void void"


def test_a_returned_post_goes_on_at_the_proofreading_before() -> None:
    office = Office().submit().approved("ed", "proof", "re", "proof2")
    office.send_back("boss", why="标题不妥")
    assert (office.stands.state, office.states) == (
        ReviewState.RETURNED,
        "approved approved approved void returned",
    )
    with pytest.raises(StateError, match=r"退回|sent back"):
        office.approve("proof2")
    office.become(changed(site="c" * 64, weibo="b" * 64))
    assert (office.stands.state, office.states) == (ReviewState.OPEN, "approved approved approved open waiting")
    office.become(changed(site="e" * 64, weibo="b" * 64))  # the author saves once more
    assert office.states == "approved approved approved open waiting"
    office.approve("proof2")
    office.become(changed(site="f" * 64, weibo="b" * 64))
    assert office.states == "open void void void waiting"


def test_a_returned_post_may_go_on_at_the_first_step_or_unchanged() -> None:
    office = Office(resumes_at_proof=False).submit().approved("ed", "proof", "re", "proof2")
    office.send_back("boss", why="重来")
    office.submit()
    assert office.states == "open void void void waiting"


@pytest.mark.parametrize(
    ("name", "words", "why"),
    [
        ("writer", {}, "作者"),
        ("hired", {}, "外包"),
        ("left", {}, "停用"),
        ("boss", {}, "没有这个角色"),
        ("ed", {"checks": ("事实关",)}, "文字关"),
        ("ed", {"checks": ("事实关", "文字关", "别的")}, "别的"),
        ("proof", {"step": 2}, "还没有轮到"),
        ("ed", {"step": 9}, "没有第 9 步"),
        ("deputy", {"principal": "ed"}, "没有委托"),
    ],
)
def test_what_nobody_may_approve(name: str, words: Any, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XUANFA_LANG", "zh")
    office = Office().submit()
    with pytest.raises(StateError) as error:
        office.approve(name, **words)
    assert why in str(error.value)
    assert len(office.decisions) == 1


def test_nobody_approves_twice_nor_holds_two_steps() -> None:
    office = Office().submit().approved("ed")
    with pytest.raises(StateError, match=r"已由|already"):
        office.approve("ed", step=1)
    office = Office().submit().approved("every")
    with pytest.raises(StateError, match=r"同一人|somebody else"):
        office.approve("every")
    with pytest.raises(StateError, match=r"都已通过|are approved"):
        done().approve("boss")


def test_a_small_unit_may_have_one_person_proofread_besides() -> None:
    office = Office(level=Level.SMALL).submit().approved("every", "every")
    with pytest.raises(StateError):
        office.approve("every")  # two reviews
    office.approved("re", "proof")
    with pytest.raises(StateError):
        office.approve("writer")


def test_a_deputy_decides_in_time_and_in_one_name() -> None:
    office = Office().submit().approved("ed", "proof", "re", "proof2")
    office.delegations.append(Delegation(principal="boss", deputy="deputy", begins=NOW, ends=NOW + HOUR, why="出差"))
    office.approve("deputy")
    assert (office.decisions[-1].by, office.decisions[-1].principal) == ("deputy", "boss")
    for begins, ends in ((NOW - HOUR, NOW), (NOW + HOUR, NOW + 2 * HOUR)):
        office = Office().submit().approved("ed", "proof", "re", "proof2")
        office.delegations.append(Delegation(principal="boss", deputy="deputy", begins=begins, ends=ends, why="出差"))
        with pytest.raises(StateError, match=r"期限|stand"):
            office.approve("deputy")


def test_who_stands_in_for_several_says_for_whom() -> None:
    office = Office().submit().approved("ed", "proof", "re", "proof2")
    office.delegations += [
        Delegation(principal=boss, deputy="deputy", begins=NOW, ends=NOW + HOUR, why="出差")
        for boss in ("boss", "boss2")
    ]
    with pytest.raises(StateError, match="--for"):
        office.approve("deputy")
    office.approve("deputy", principal="boss2")
    assert office.decisions[-1].principal == "boss2"


def test_no_deputy_decides_for_an_author_or_about_a_post_of_their_own() -> None:
    office = Office().submit()
    office.delegations += [
        Delegation(principal="ed", deputy="writer", begins=NOW, ends=NOW + HOUR, why="出差"),
        Delegation(principal="writer", deputy="deputy", begins=NOW, ends=NOW + HOUR, why="出差"),
    ]
    for name, principal in (("writer", "ed"), ("deputy", "writer")):
        with pytest.raises(StateError):
            office.approve(name, principal=principal)


def test_at_the_strict_level_a_deputys_step_is_the_principals_too() -> None:
    for level, is_refused in ((Level.STRICT, True), (Level.STANDARD, False)):
        office = Office(level=level)
        office.members["ed"] = user("ed", Role.EDITOR, Role.REVIEWER)
        office.submit().approved("ed", "proof")
        office.delegations.append(Delegation(principal="ed", deputy="deputy", begins=NOW, ends=NOW + HOUR, why="出差"))
        if is_refused:
            with pytest.raises(StateError):
                office.approve("deputy")
        else:
            office.approve("deputy")


@pytest.mark.parametrize(
    ("deputy", "hours", "why"),
    [("hired", 1, "忙"), ("left", 1, "忙"), ("boss", 1, "忙"), ("re", -1, "忙"), ("re", 1, " ")],
)
def test_delegations_that_are_none(deputy: str, hours: int, why: str) -> None:
    with pytest.raises(StateError):
        require_delegation(ALL["boss"], ALL[deputy], NOW, NOW + hours * HOUR, why)
    require_delegation(ALL["boss"], ALL["re"], NOW, NOW + HOUR, "忙")


def test_a_leader_agrees_by_telephone_and_says_so_himself() -> None:
    office = Office().submit().approved("ed", "proof", "re", "proof2")
    saying = Saying(who=ALL["ed"], how="password")
    for who, leader, at, number in (
        ("ed", "re", NOW, "139"),
        ("ed", "nobody", NOW, "139"),
        ("writer", "boss", NOW, "139"),
        ("hired", "boss", NOW, "139"),
        ("boss", "boss", NOW, "139"),
        ("ed", "boss", NOW + HOUR, "139"),
        ("ed", "boss", NOW, " "),
    ):
        with pytest.raises(StateError):
            by_phone(office.table(), replace(saying, who=ALL[who]), leader, at, number)
    office.decisions.append(by_phone(office.table(), saying, "boss", NOW - HOUR, "139"))
    last = office.stands.steps[-1]
    assert (last.state, last.decision.by, last.decision.how) == (StepState.APPROVED, "boss", PHONE)
    assert last.waits_for_confirmation
    with pytest.raises(StateError):
        confirm(office.table(), replace(saying, who=ALL["boss2"]))
    office.decisions.append(confirm(office.table(), replace(saying, who=ALL["boss"])))
    assert not office.stands.steps[-1].waits_for_confirmation
    with pytest.raises(StateError):
        confirm(office.table(), replace(saying, who=ALL["boss"]))


def test_an_emergency_is_owed_its_review() -> None:
    office = Office().submit()
    saying = Saying(who=ALL["boss"], how="password", why="舆情")
    for wrong in (replace(saying, who=ALL["ed"]), replace(saying, who=WRITER), replace(saying, why="")):
        with pytest.raises(StateError):
            let_go_first(office.table(), wrong, Role.APPROVER)
    office.decisions.append(let_go_first(office.table(), saying, Role.APPROVER))
    assert office.stands.is_owed
    assert office.stands.state is ReviewState.OPEN
    with pytest.raises(StateError):
        let_go_first(office.table(), saying, Role.APPROVER)
    office.approved("ed", "proof", "re", "proof2", "boss2")
    assert not office.stands.is_owed
    with pytest.raises(StateError):
        let_go_first(office.table(), saying, Role.APPROVER)


def test_what_was_read_is_what_is_decided_about() -> None:
    table = Office().submit().table()
    require_digests(table, "a", [digest_of(FIRST), digest_of(FIRST)[:12], "a" * 64])
    for wrong in ("c" * 64, "a" * 5, ""):
        with pytest.raises(StateError):
            require_digests(table, "a", [wrong])


def test_a_clock_that_was_set_back_decides_nothing() -> None:
    office = Office().submit().approved("ed")
    office.now = NOW - HOUR
    with pytest.raises(StateError, match=r"时钟|clock"):
        office.approve("proof")


def test_a_return_says_why() -> None:
    with pytest.raises(StateError, match="--why"):
        Office().submit().send_back("ed", why=" ")


def test_the_shipped_templates_are_whole() -> None:
    assert list(SHIPPED) == ["regular", "repost", "case", "major", "small"]
    for id_, template in SHIPPED.items():
        assert template.basis, id_
        assert {each.role for each in template.steps} <= set(Role)
        assert template.steps[-1].role == "approver", "whoever is asked about the time signs"
        assert len({each.name for each in template.steps}) == len(template.steps)
    kinds = [each.kind for each in SHIPPED["regular"].steps]
    assert (kinds.count(StepKind.REVIEW), kinds.count(StepKind.PROOF), kinds.count(StepKind.SECRECY)) == (3, 3, 1)
