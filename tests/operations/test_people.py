"""People: accounts, passwords and tokens, on both databases, and what of all that stands in the history."""

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from tests.operations.test_races import at_once
from tests.support.peopled import OTHER, WORD, Office
from xuanfa.domain.act import (
    AddUser,
    ApproveReview,
    ChangeUser,
    DisableUser,
    EnableUser,
    MakeToken,
    Pause,
    RevokeToken,
    SetPassword,
    SubmitReview,
    UnlockUser,
)
from xuanfa.domain.errors import StateError
from xuanfa.domain.person import Person
from xuanfa.domain.user import Role, Staff
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.people import passwords
from xuanfa.operations.people.known import WRONG_MAX, known_by_password, known_by_token
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.watching.accounts import examine_people
from xuanfa.operations.watching.alarms import standing
from xuanfa.store import users
from xuanfa.store.schema import events


@pytest.fixture
def office(bench: Any) -> Office:
    bench.channel()
    bench.queue("one")
    return Office(bench)


@pytest.fixture
def chief(office: Office) -> Person:
    """The first account, an administrator's, known by the password."""
    office.add("chief", Role.ADMIN)
    return office.known("chief")


def refused(office: Office, why: str) -> Any:
    line = office.lines()[-1]
    assert line.is_refused
    assert line.why == why
    return line


def test_without_users_the_account_of_the_machine_decides(office: Office) -> None:
    office.do(Pause())
    assert [(line.who, line.act, line.how) for line in office.lines()] == [("root", "pause", "machine")]


def test_the_first_account_is_an_administrators_and_then_decisions_have_names(office: Office) -> None:
    for roles, staff in (({Role.APPROVER}, Staff.ESTABLISHED), ({Role.ADMIN}, Staff.OUTSOURCED)):
        with pytest.raises(StateError, match="第一个用户必须是管理员") as caught:
            office.add("wang", *roles, staff=staff)
        refused(office, str(caught.value))
    assert office.add("Chief", Role.ADMIN).name == "chief"
    for act in (Pause(), AddUser(user="two", display="二", roles=frozenset({Role.ADMIN}), password=WORD)):
        with pytest.raises(StateError, match="--as"):
            office.do(act)
    by = office.known("CHIEF")
    office.do(Pause(), by)
    last = office.lines()[-1]
    assert (last.who, last.how, last.place, last.act) == ("chief", "password", "root@court", "pause")


def test_a_password_or_token_stands_nowhere(dear_passwords: None, office: Office, chief: Person) -> None:
    made = office.do(MakeToken(user="chief", days=3), chief)
    with pytest.raises(StateError):
        office.known("chief", OTHER)
    known_by_token(office.desk, made.secret)
    stored = office.everything()
    assert WORD not in stored
    assert OTHER not in stored
    assert made.secret not in stored + repr(made)
    assert "$argon2id$" in stored


@pytest.mark.parametrize("password", ["short", "x" * 201, "        ", "chief 同志", "aaaaaaaaaa", "with\x1bescape"])
def test_a_password_that_is_none_is_refused(office: Office, chief: Person, password: str) -> None:
    with pytest.raises(StateError, match="密码"):
        office.do(SetPassword(user="chief", password=password), chief)
    assert office.lines()[-1].is_refused
    assert office.known("chief")


@pytest.mark.parametrize("name", ["", " ", "-x", "a b", "a" * 51, "a/b", "a\x1b"])
def test_a_name_that_is_none_is_refused(office: Office, chief: Person, name: str) -> None:
    with pytest.raises(StateError, match="登录名"):
        office.add(name, Role.AUTHOR, by=chief)
    assert office.lines()[-1].is_refused


def test_a_name_is_given_once(office: Office, chief: Person) -> None:
    office.add("wang", Role.AUTHOR, by=chief)
    office.do(DisableUser(user="wang"), chief)
    with pytest.raises(StateError, match="不能再给别人"):
        office.add("WANG", Role.AUTHOR, by=chief)
    with pytest.raises(StateError, match="登录名不能改"):
        office.do(ChangeUser(user="wang", name="wangf"), chief)
    after = office.do(ChangeUser(user="wang", display="王芳", staff=Staff.CONTRACT), chief)
    assert (after.name, after.display, after.roles, after.staff) == ("wang", "王芳", {Role.AUTHOR}, Staff.CONTRACT)


@pytest.mark.parametrize(
    "act",
    [
        DisableUser(user="chief"),
        ChangeUser(user="chief", roles=frozenset({Role.EDITOR})),
        ChangeUser(user="chief", staff=Staff.OUTSOURCED),
    ],
    ids=["disabled", "roles", "staff"],
)
def test_the_last_administrator_stays_one(office: Office, chief: Person, act: Any) -> None:
    office.add("wang", Role.ADMIN, by=chief, staff=Staff.OUTSOURCED)  # may not decide, so is none
    with pytest.raises(StateError, match="最后一个管理员"):
        office.do(act, chief)
    office.add("li", Role.ADMIN, by=chief)
    office.do(act, chief)
    with pytest.raises(StateError):
        office.do(Pause(), chief)  # what was allowed a moment ago is not any more


def test_of_two_administrators_who_remove_each_other_at_once_one_stays(office: Office, chief: Person) -> None:
    office.add("li", Role.ADMIN, by=chief)
    li = office.known("li")

    def remove(number: int, barrier: Any) -> str:
        own = office.bench.another()
        desk = replace(own, may=rule_of(own.store))
        barrier.wait(30)
        by, whom = ((chief, "li"), (li, "chief"))[number]
        try:
            carry_out(desk, DisableUser(user=whom), by)
        except StateError:
            return "refused"
        return "done"

    assert sorted(at_once(2, remove)) == ["done", "refused"]
    with office.desk.store.read() as connection:
        assert [user.administers for user in users.all(connection)].count(True) == 1


def test_five_wrong_passwords_lock_the_account_tell_it_and_an_administrator_unlocks_it(
    office: Office, chief: Person
) -> None:
    office.add("wang", Role.APPROVER, by=chief)
    token = office.do(MakeToken(user="wang", days=3), chief).secret
    for number in range(1, WRONG_MAX):
        with pytest.raises(StateError, match=f"连续第 {number} 次"):
            office.known("wang", OTHER)
    office.known("wang")  # the right one begins the count anew
    for _ in range(WRONG_MAX):
        with pytest.raises(StateError):
            office.known("wang", OTHER)
    for way in (lambda: office.known("wang"), lambda: known_by_token(office.desk, token)):
        with pytest.raises(StateError, match="已锁定") as caught:
            way()
        assert refused(office, str(caught.value)).who == "wang"
    causes = {each.cause.name: each.cause for each in standing(office.desk)}
    assert "xuanfa users unlock wang" in causes["locked:wang"].words
    with pytest.raises(StateError, match="--as"):
        office.do(UnlockUser(user="wang"))  # an administrator could
    office.do(UnlockUser(user="wang"), chief)
    assert office.known("wang").name == "wang"
    assert "locked:wang" not in {each.cause.name for each in standing(office.desk)}


def test_wrong_passwords_at_once_are_all_counted(office: Office, chief: Person) -> None:
    def guess(_number: int, barrier: Any) -> str:
        desk = office.bench.another()
        barrier.wait(30)
        with pytest.raises(StateError):
            known_by_password(desk, "chief", OTHER)
        return "refused"

    at_once(WRONG_MAX, guess)
    with office.desk.store.read() as connection:
        user = users.get(connection, "chief")
        assert user is not None
        assert user.locked


def test_where_no_administrator_can_sign_in_the_machine_lets_one_in_again(office: Office, chief: Person) -> None:
    office.add("wang", Role.APPROVER, by=chief)
    for name in ("chief", "wang"):
        for _ in range(WRONG_MAX):
            with pytest.raises(StateError):
                office.known(name, OTHER)
    with pytest.raises(StateError, match="--as"):
        office.do(UnlockUser(user="wang"))
    office.do(SetPassword(user="chief", password=OTHER))
    office.do(UnlockUser(user="chief"))
    assert office.lines()[-1].how == "machine"
    assert office.known("chief", OTHER)
    with pytest.raises(StateError, match="--as"):
        office.do(SetPassword(user="chief", password=WORD))


def test_nobodys_name_is_told_recorded_and_costs_as_much(dear_passwords: None, office: Office, chief: Person) -> None:
    def cost(name: str) -> float:
        begun = time.process_time()
        with pytest.raises(StateError):
            office.known(name, OTHER)
        return time.process_time() - begun

    with pytest.raises(StateError, match="没有登录名为") as caught:
        office.known("nobody\x1b", OTHER)
    line = refused(office, str(caught.value))
    assert (line.who, line.act, line.how) == (r"nobody\x1b", "log_in", "password")
    real, nobody = min(cost("chief") for _ in range(3)), min(cost("nobody") for _ in range(3))
    assert 0.5 < nobody / real < 2
    parts = passwords._nobodys().split("$")[1:4]
    assert parts == passwords.hashed(WORD).split("$")[1:4]


def test_a_token_is_worth_its_days_and_scopes_and_can_be_revoked(office: Office, chief: Person) -> None:
    office.add("wang", Role.APPROVER, by=chief)
    secret = office.do(MakeToken(user="wang", days=3, scopes=frozenset({"publish"})), chief).secret
    by = known_by_token(office.desk, secret, "Wang")
    assert (by.name, by.how, by.scopes) == ("wang", "token", {"publish"})
    office.do(Pause(), by)
    read = known_by_token(
        office.desk, office.do(MakeToken(user="wang", days=3, scopes=frozenset({"read"})), chief).secret
    )
    with pytest.raises(StateError, match="这个令牌只能用于 read"):
        office.do(Pause(), read)
    for name, words in (("chief", "令牌是用户 wang 的"), (None, "")):
        if words:
            with pytest.raises(StateError, match=words):
                known_by_token(office.desk, secret, name)
    with pytest.raises(StateError, match="令牌不对"):
        known_by_token(office.desk, secret + "x", "wang")
    for act in (SetPassword(user="wang", password=OTHER), MakeToken(user="wang", days=1)):
        with pytest.raises(StateError, match=r"XUANFA_TOKEN|只能用于"):
            office.do(act, by)
    office.bench.clock.advance(days=2, hours=23)
    known_by_token(office.desk, secret)
    office.do(RevokeToken(user="wang", token=2), chief)
    office.bench.clock.advance(hours=1)
    with pytest.raises(StateError, match="已过期或作废"):
        known_by_token(office.desk, secret)
    office.bench.clock.advance(days=-10)
    with pytest.raises(StateError, match="已过期或作废"):  # a clock set back gives it nothing
        known_by_token(office.desk, secret)


@pytest.mark.parametrize(("scope", "may"), [("submit", True), ("draft", True), ("write", False), ("read", False)])
def test_a_token_for_submitting_submits_and_one_for_writing_does_not(
    office: Office, chief: Person, scope: str, may: bool
) -> None:
    secret = office.do(MakeToken(user="chief", days=3, scopes=frozenset({scope})), chief).secret
    assert secret.startswith("xf_")
    by = known_by_token(office.desk, secret)
    assert (office.desk.may(by, SubmitReview(post="a")) == "") is may
    assert "这个令牌只能用于" in office.desk.may(by, ApproveReview(post="a"))


def test_a_token_of_before_stays_good(office: Office, chief: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xuanfa.operations.people.known.TOKEN_MARK", "xuanfa_")
    secret = office.do(MakeToken(user="chief", days=3), chief).secret
    monkeypatch.undo()
    assert secret.startswith("xuanfa_")
    assert known_by_token(office.desk, secret).name == "chief"


@pytest.mark.parametrize(("days", "scopes"), [(0, None), (367, None), (3, frozenset({"everything"}))])
def test_a_token_that_cannot_be_is_refused(office: Office, chief: Person, days: int, scopes: Any) -> None:
    with pytest.raises(StateError, match="--days"):
        office.do(MakeToken(user="chief", days=days, scopes=scopes), chief)


def test_who_is_disabled_is_known_no_more_and_can_be_enabled(office: Office, chief: Person) -> None:
    office.add("wang", Role.APPROVER, by=chief)
    wang, secret = office.known("wang"), office.do(MakeToken(user="wang", days=3), chief).secret
    office.do(DisableUser(user="wang"), chief)
    for way in (
        lambda: office.known("wang"),
        lambda: known_by_token(office.desk, secret),
        lambda: office.do(Pause(), wang),
    ):
        with pytest.raises(StateError, match="已停用"):
            way()
    office.do(EnableUser(user="wang"), chief)
    assert office.known("wang")


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE users SET roles = '[\"admin\"]' WHERE name = 'wang'",
        "UPDATE users SET password = (SELECT password FROM users WHERE name = 'chief') WHERE name = 'wang'",
        "UPDATE users SET staff = 'contract' WHERE name = 'wang'",
        "UPDATE users SET locked_at = 1 WHERE name = 'wang'",
        "UPDATE tokens SET scopes = '' WHERE user_name = 'wang'",
        "UPDATE tokens SET expires_at = expires_at + 1 WHERE user_name = 'wang'",
        "DELETE FROM tokens WHERE user_name = 'wang'",
    ],
)
def test_an_account_that_was_changed_past_the_program_cannot_be_used(
    office: Office, chief: Person, forged: str
) -> None:
    office.add("wang", Role.APPROVER, by=chief)
    secret = office.do(MakeToken(user="wang", days=3, scopes=frozenset({"read"})), chief).secret
    assert not [check.trouble for check in verify(office.desk) if check.trouble]
    with office.desk.store.write() as connection:
        connection.execute(sa.text(forged))
    with pytest.raises(StateError, match="绕过程序改过"):
        office.known("wang")
    if "DELETE" not in forged:
        with pytest.raises(StateError, match="绕过程序改过"):
            known_by_token(office.desk, secret)
    with pytest.raises(StateError, match="绕过程序改过"):
        office.do(ChangeUser(user="wang", display="王芳"), chief)
    [trouble] = [check.trouble for check in verify(office.desk) if check.trouble]
    assert "wang" in trouble
    assert "account:wang" in {each.cause.name for each in standing(office.desk)}


def test_users_who_were_taken_away_past_the_program_leave_no_open_door(office: Office, chief: Person) -> None:
    with office.desk.store.write() as connection:
        connection.execute(sa.text("DELETE FROM users"))
    for act in (Pause(), AddUser(user="me", display="我", roles=frozenset({Role.ADMIN}), password=WORD)):
        with pytest.raises(StateError, match="--as"):
            office.do(act)
        with pytest.raises(StateError, match="没有用户 chief"):
            office.do(act, chief)


def test_sign_ins_are_lines_also_where_they_failed(office: Office, chief: Person) -> None:
    with pytest.raises(StateError):
        office.known("chief", OTHER)
    told = [(line.who, line.act, line.how, line.is_refused) for line in office.lines()][-2:]
    assert told == [("chief", "log_in", "password", False), ("chief", "log_in", "password", True)]
    with office.desk.store.read() as connection:
        assert connection.scalar(sa.select(sa.func.count()).where(events.c.act == "log_in")) == 2


def test_doctor_says_who_there_is_and_what_is_missing(office: Office) -> None:
    [none] = examine_people(office.desk)
    assert "没有" in none.note
    office.add("chief", Role.ADMIN)
    troubles = [item.trouble for item in examine_people(office.desk) if item.trouble]
    assert ["只有一个管理员" in troubles[0], "没有人能签发" in troubles[1], len(troubles)] == [True, True, 2]
    chief = office.known("chief")
    office.add("boss", Role.ADMIN, Role.APPROVER, by=chief)
    with office.desk.store.write() as connection:  # as an earlier program let it be called
        connection.execute(sa.text("UPDATE users SET name = 'admin' WHERE name = 'boss'"))
    troubles = [item.trouble for item in examine_people(office.desk) if item.trouble]
    assert ["与角色 admin 同名" in trouble for trouble in troubles].count(True) == 1


def test_a_post_may_name_its_author_by_either_name(office: Office, chief: Person) -> None:
    office.add("wang", Role.AUTHOR, by=chief)
    office.add("wang2", Role.AUTHOR, by=chief)
    office.do(ChangeUser(user="wang2", display="wang 同志"), chief)
    with office.desk.store.read() as connection:
        assert [user.name for user in users.called(connection, "wang 同志")] == ["wang", "wang2"]
        assert [user.name for user in users.called(connection, "WANG")] == ["wang"]
        assert users.called(connection, "somebody") == []


def test_a_hash_of_an_earlier_cost_is_renewed_by_the_next_sign_in(
    office: Office, chief: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stored() -> str:
        with office.desk.store.read() as connection:
            found = users.credentials(connection, "chief", locking=False)
            assert found is not None
            return found.password

    before = stored()
    monkeypatch.setattr(passwords, "is_dated", lambda _hash: True)
    office.known("chief")
    assert stored() != before
    assert office.known("chief")
    assert not [check.trouble for check in verify(office.desk) if check.trouble]


def test_the_clock_of_the_office_dates_everything(office: Office, chief: Person) -> None:
    office.bench.clock.advance(days=1)
    token = office.do(MakeToken(user="chief", days=2), chief)
    assert token.expires_at == office.bench.clock() + timedelta(days=2)
    assert office.lines()[-1].at == office.bench.clock()
