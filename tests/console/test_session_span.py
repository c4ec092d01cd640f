"""How long somebody who has signed in is known: as the office's settings say, and as the strip on the page does."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.conftest import Clock
from tests.support.browsing import PASSWORD
from xuanfa.domain.session_span import SessionSpan
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import open_sessions, session_of, sign_in
from xuanfa.settings.model import SignInTable


@pytest.mark.parametrize(
    ("span", "idle", "whole"),
    [
        (SignInTable().span, 30, 12),
        (SignInTable(idle_minutes=5, whole_hours=1).span, 5, 1),
        (SignInTable(idle_minutes=720, whole_hours=72).span, 720, 72),
    ],
    ids=["as it comes", "shortest", "longest"],
)
def test_a_session_ends_when_it_is_idle_and_in_any_case(
    span: SessionSpan, idle: int, whole: int, desk: Desk, clock: Clock
) -> None:
    office, began = replace(desk, session_span=span), clock()
    token = sign_in(office, "wang", PASSWORD, place="here", agent="a").token
    first = session_of(office, token)
    assert first is not None
    assert (first.ends_at, first.over_at, first.whole_hours) == (
        began + timedelta(minutes=idle),
        began + timedelta(hours=whole),
        whole,
    )
    clock.advance(minutes=idle, seconds=-1)
    assert (session_of(office, token), len(open_sessions(office, "wang"))) != (None, 0)
    while clock() - began < timedelta(hours=whole) - timedelta(minutes=idle):
        clock.advance(minutes=idle, seconds=-60)
        assert session_of(office, token) is not None
    last = session_of(office, token)
    assert last is not None
    clock.advance(seconds=(last.ends_at - clock()).total_seconds() - 1)
    assert session_of(office, token, touch=False) is not None
    clock.advance(seconds=1)
    assert session_of(office, token) is None

    idle_one = sign_in(office, "wang", PASSWORD, place="here", agent="a").token
    clock.advance(minutes=idle)
    assert (session_of(office, idle_one), open_sessions(office, "wang")) == (None, [])
