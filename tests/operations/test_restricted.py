"""Restricted posts (限阅) on both databases: what lists, alarms and the log say of them, when that ends, and who opens or widens one."""

import logging
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.reviewed_office import by, staff
from xuanfa.domain.access import NOBODY, Access, Restriction, Veil, Viewer, as_kept
from xuanfa.domain.act import ArchivePost, ConfirmAccess, OpenRestricted
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Accepted, Blame, Rejected
from xuanfa.domain.person import TOKEN, Person
from xuanfa.domain.user import Role
from xuanfa.events import log_change
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.restricting.rule import is_restricted, veil_of
from xuanfa.operations.watching.alarms import standing
from xuanfa.reports.audit import audited
from xuanfa.reports.listing import list_deliveries, list_posts
from xuanfa.store import access
from xuanfa.store.schema import events, openings

SECRET = "癸卯密语"
MACHINE = Person(name="root")


@pytest.fixture
def office(bench: Any) -> Any:
    """A channel, and users; nothing written yet."""
    bench.channel("a")
    staff(bench.desk)
    bench._desk = replace(bench.desk, may=rule_of(bench.desk.store))
    return bench


def restrict(office: Any, words: str = "boss, secrecy", **matter: str) -> Any:
    office.write("one", f"{SECRET}。", title=SECRET, access=f"[{words}]", author="writer", **matter)
    return queue(office.desk)


def shown(office: Any, person: Person | None) -> str:
    """All that lists say to a person."""
    veil = veil_of(office.desk, person)
    lines = audited(office.desk.store, since=None, until=None, who=None, post=None, veil=veil)
    return repr([list_posts(office.desk.store, veil), list_deliveries(office.desk.store, veil=veil), lines])


def causes(office: Any) -> dict[str, str]:
    return {each.cause.name: each.cause.words for each in standing(office.desk)}


def test_lists_hide_it_from_all_but_those_on_the_list(office: Any) -> None:
    restrict(office)
    for name in ("ed", "writer", "proof", "deputy"):
        assert SECRET not in shown(office, by(name))
    assert SECRET not in shown(office, MACHINE) + shown(office, None)
    assert SECRET not in repr(
        [list_posts(office.desk.store), list_deliveries(office.desk.store)]
    )  # without a veil, closed
    for name in ("boss", "all"):  # by name; by role, who has every one
        assert SECRET in shown(office, by(name))


def test_a_token_for_something_else_than_reading_opens_nothing(office: Any) -> None:
    restrict(office)
    for scopes, sees in ((None, True), ({"read"}, True), ({"review"}, True), ({"publish"}, False), ({"admin"}, False)):
        person = replace(by("boss"), how=TOKEN, scopes=None if scopes is None else frozenset(scopes))
        assert (SECRET in shown(office, person)) is sees


def test_the_history_does_not_even_hold_its_title(office: Any) -> None:
    restrict(office)
    with office.desk.store.read() as connection:
        assert SECRET not in repr(list(connection.scalars(sa.select(events.c.why))))


def test_it_ends_when_it_is_out_and_a_later_text_is_open_too(office: Any) -> None:
    restrict(office)
    office.run()
    assert office.get().state is State.PUBLISHED
    assert SECRET in shown(office, None)
    office.write("one", f"{SECRET}，改过。", title=SECRET, access="[boss]")
    report = queue(office.desk)
    assert any("写了限阅也不起作用" in each for each in report.notices)
    assert SECRET in shown(office, None)


def test_a_rehearsal_and_a_draft_end_nothing(office: Any) -> None:
    office.channel("drill", rehearsal=True)
    office.channel("draft").publish.append(Accepted(ticket="7"))
    office.channels.pop("a")
    office._desk = None
    restrict(office)
    office.run()
    assert {each.state for each in office.all()} == {State.PUBLISHED, State.ACCEPTED}
    assert SECRET not in shown(office, None)
    assert SECRET in shown(office, by("boss"))


def test_alarms_and_the_log_say_its_slug_and_nothing_of_it(office: Any, caplog: pytest.LogCaptureFixture) -> None:
    refusal = Rejected(findings=(Finding(code="x", message=f"不收{SECRET}"),), blame=Blame.CONTENT)
    office.scripts["a"].publish.append(refusal)
    closed = office.desk
    office._desk = replace(
        closed, emit=lambda it: log_change(it, is_restricted=lambda post: is_restricted(closed, post))
    )
    restrict(office)
    with caplog.at_level(logging.INFO):
        office.run()
    assert office.get().state is State.REJECTED
    assert SECRET in office.get().reason
    assert "限阅" in caplog.text
    assert SECRET not in caplog.text
    found = causes(office)
    assert "one（限阅）" in found["delivery:1:rejected"]
    assert SECRET not in repr(found)
    assert SECRET in shown(office, by("boss"))


def test_a_trace_of_an_adapter_leaves_out_what_it_was_about(office: Any, caplog: pytest.LogCaptureFixture) -> None:
    office.scripts["a"].publish.append(RuntimeError(f"cannot send {SECRET}"))
    restrict(office)
    office.run()
    assert "publish of delivery 1 on a failed: RuntimeError" in caplog.text
    assert SECRET not in caplog.text


def test_what_checks_find_is_kept_as_codes(office: Any) -> None:
    office.scripts["a"].findings.append(Finding(code="title.odd", message=f"标题{SECRET}不好", about=SECRET))
    report = restrict(office)
    assert SECRET not in repr(report)
    assert "title.odd" in office.get().reason
    assert SECRET not in office.get().reason


def test_an_opening_is_recorded_and_told_until_the_author_has_seen_it(office: Any) -> None:
    restrict(office)
    for person in (by("all"), by("ed", "看看"), Person(name="root", why="看看")):
        if person.name == "all":
            continue  # is on the list by a role
        with pytest.raises(StateError):
            carry_out(office.desk, OpenRestricted(post="one"), person)
    with pytest.raises(StateError, match="事由"):
        carry_out(office.desk, OpenRestricted(post="one"), by("all"))
    carry_out(office.desk, OpenRestricted(post="one"), by("all", "看看"))
    with office.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(openings)) == 0  # needs none
    assert "opened:one:1" not in causes(office)


def test_an_administrator_packs_one_only_with_a_reason(office: Any) -> None:
    restrict(office, "boss")
    target = office.folder / "one.zip"
    with pytest.raises(StateError, match="限阅"):
        carry_out(office.desk, ArchivePost(post="one", target=target), by("all"))
    carry_out(office.desk, ArchivePost(post="one", target=target), by("all", "巡视组要"))
    found = causes(office)
    assert "writer" in found["opened:one:1"]
    assert "巡视组" not in repr(found)
    assert target.stat().st_mode & 0o077 == 0
    troubles = [each.what for each in verify(office.desk) if each.trouble]
    assert troubles == ["用户账号和令牌与历史一致"]  # these users were put there by hand


def test_a_longer_list_waits_for_somebody_on_it(office: Any) -> None:
    restrict(office, "boss")
    restrict(office, "boss, ed")
    assert SECRET not in shown(office, by("ed"))
    assert "access:one" in causes(office)
    with pytest.raises(StateError, match="限阅"):
        carry_out(office.desk, ConfirmAccess(post="one"), by("ed"))
    assert carry_out(office.desk, ConfirmAccess(post="one"), by("boss")) is not None
    assert SECRET in shown(office, by("ed"))
    with pytest.raises(StateError, match="没有等确认的改动"):
        carry_out(office.desk, ConfirmAccess(post="one"), by("boss"))
    restrict(office, "ed")
    assert [SECRET in shown(office, by(name)) for name in ("ed", "boss")] == [True, False]


def test_another_file_under_its_slug_opens_nothing_of_before(office: Any) -> None:
    restrict(office, "boss")
    office.write("one", "我写的。", title="我的")
    queue(office.desk)
    assert "我的" not in shown(office, by("ed"))
    assert SECRET not in repr(access_of(office))
    assert access_of(office).wish == Access(frozenset())


def access_of(office: Any) -> Restriction:
    with office.desk.store.read() as connection:
        found = access.of_slug(connection, "one")
    assert found is not None
    return found


@pytest.mark.parametrize("words", ["nobody", "boss, nobody"])
def test_whom_nobody_knows_holds_what_waits(office: Any, words: str) -> None:
    restrict(office, publish_at="2031-01-06 09:00")
    restrict(office, words, publish_at="2031-01-06 09:00")
    assert office.get().state is State.HELD
    assert SECRET not in shown(office, by("ed"))
    restrict(office, publish_at="2031-01-06 09:00")
    assert office.get().state is State.SCHEDULED


def test_a_role_wins_over_a_person_of_its_name() -> None:
    assert [as_kept(word) for word in ("Admin", "管理员", "@admin", "Li", "@", "x" * 51)] == [
        "admin",
        "admin",
        "@admin",
        "@li",
        "",
        "",
    ]
    admins, person = Access(frozenset({"admin"})), Access(frozenset({"@admin"}))
    assert not admins.opens_to(Viewer("admin", frozenset({Role.AUTHOR})))
    assert admins.opens_to(Viewer("x", frozenset({Role.ADMIN})))
    assert person.opens_to(Viewer("admin"))
    assert not person.opens_to(Viewer("x", frozenset({Role.ADMIN})))


def test_nobody_stands_on_no_list() -> None:
    assert not Access(frozenset({"@", *(role.value for role in Role)})).opens_to(NOBODY)
    it = Restriction(post_id=1, slug="a", access=Access(frozenset({"@li"})))
    assert Veil.over([it]).hides("a")
    assert not Veil.over([it], Viewer("li")).hides("a")
    assert not Veil.over([it]).hides(None)
