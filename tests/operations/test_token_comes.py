"""A program that reads by its token again and again does not fill the history: one line a day for each place; what failed is a line always."""

from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.peopled import Office
from xuanfa.domain.act import MakeToken, Pause, Resume, RevokeToken
from xuanfa.domain.errors import StateError
from xuanfa.domain.user import Role
from xuanfa.operations.people.known import known_by_token
from xuanfa.store.schema import events


@pytest.fixture
def office(bench: Any) -> Office:
    bench.channel()
    return Office(bench)


@pytest.fixture
def secret(office: Office) -> str:
    office.add("chief", Role.ADMIN)
    return str(office.do(MakeToken(user="chief", days=9), office.known("chief")).secret)


def comings(office: Office) -> list[tuple[str, str]]:
    """How and from where ``chief`` came by a token, and what was refused."""
    c = events.c
    query = sa.select(c.after, c.place).where(c.act == "log_in", c.how == "token").order_by(c.id)
    with office.desk.store.read() as connection:
        return [(row.after, row.place) for row in connection.execute(query)]


def test_a_day_of_polling_from_two_places_is_two_lines(office: Office, secret: str) -> None:
    for _ in range(20):
        for place in ("web@10.0.0.1", "web@10.0.0.2"):
            assert known_by_token(office.desk, secret, place=place).name == "chief"
        office.bench.clock.advance(minutes=5)
    assert comings(office) == [("logged_in", "web@10.0.0.1"), ("logged_in", "web@10.0.0.2")]
    office.bench.clock.advance(hours=24)
    known_by_token(office.desk, secret, place="web@10.0.0.1")
    assert comings(office)[2:] == [("logged_in", "web@10.0.0.1")]


def test_the_day_is_that_of_the_workspace(office: Office, secret: str) -> None:
    """Nine in the morning there is one in the morning of UTC: fifteen hours on, another day has begun."""
    known_by_token(office.desk, secret)
    office.bench.clock.advance(hours=14, minutes=59)
    known_by_token(office.desk, secret)
    assert len(comings(office)) == 1
    office.bench.clock.advance(minutes=1)
    known_by_token(office.desk, secret)
    assert len(comings(office)) == 2


def test_another_token_of_the_same_person_is_another_line(office: Office, secret: str) -> None:
    other = office.do(MakeToken(user="chief", days=9), office.known("chief")).secret
    for each in (secret, other, secret, other):
        known_by_token(office.desk, each)
    assert len(comings(office)) == 2


def test_what_failed_is_a_line_each_time(office: Office, secret: str) -> None:
    known_by_token(office.desk, secret, place="a")
    for words, name in ((f"{secret}x", "chief"), (secret, "wang"), (f"{secret}x", "chief")):
        with pytest.raises(StateError):
            known_by_token(office.desk, words, name, place="a")
    office.do(RevokeToken(user="chief", token=1), office.known("chief"))
    for _ in range(2):
        with pytest.raises(StateError, match="已过期或作废"):
            known_by_token(office.desk, secret, place="a")
    assert [after for after, _ in comings(office)] == ["logged_in", *["refused"] * 5]


def test_what_it_decides_is_a_line_each_time(office: Office, secret: str) -> None:
    for act in (Pause(), Resume(), Pause()):
        office.do(act, known_by_token(office.desk, secret, place="a"))
    decided = [(each.act, each.how, each.place) for each in office.lines() if each.act in {"pause", "resume"}]
    assert decided == [("pause", "token", "a"), ("resume", "token", "a"), ("pause", "token", "a")]
    assert len(comings(office)) == 1


def test_a_coming_that_is_known_writes_nothing(office: Office, secret: str) -> None:
    """Whoever polls waits for nobody who writes."""
    known_by_token(office.desk, secret)
    before = office.everything()
    known_by_token(office.desk, secret)
    assert office.everything() == before
