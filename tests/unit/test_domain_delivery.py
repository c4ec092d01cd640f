"""Deliveries: every pair of states, the keys of attempts, and how long a try waits."""

import errno
import itertools
import random
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xuanfa.domain.attempt import backoff, delivery_key
from xuanfa.domain.delivery import (
    IN_DOUBT,
    MAY_BE_OUT,
    MOVES,
    NOT_OUT,
    UNDER_WAY,
    UNSENT,
    UNSETTLED,
    WAITS_FOR_PERSON,
    WAS_PUBLIC,
    Delivery,
    State,
    require_move,
)
from xuanfa.domain.errors import ContentError, Place, StateError, machine_words
from xuanfa.domain.language import language, say
from xuanfa.domain.reader import Reader, language_of, read_by

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
DOCS = Path(__file__).parents[2] / "docs" / "states.md"


def delivery(**changes: object) -> Delivery:
    values: dict[str, object] = {
        "id": 1,
        "post_id": 1,
        "revision": 1,
        "column": "action",
        "channel": "site",
        "kind": "site",
        "state": State.SCHEDULED,
        "due_at": NOW,
        "ready_at": NOW,
        "fresh_at": NOW,
    }
    return Delivery(**values | changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("before", "after"), list(itertools.product(State, State)), ids=str)
def test_a_move_is_made_only_where_the_table_has_it(before: State, after: State) -> None:
    if after in MOVES[before]:
        require_move(before, after)
        return
    with pytest.raises(StateError) as caught:
        require_move(before, after)
    said = str(caught.value)
    assert f"现在是“{before.label}”，不能变为“{after.label}”" in said
    for allowed in MOVES[before]:
        assert allowed.label in said.partition("可以变为：")[2]


def test_the_table_is_whole() -> None:
    assert MOVES.keys() == set(State)
    reached = set().union(*MOVES.values())
    assert reached == set(State)
    assert [state for state in State if not MOVES[state]] == [State.RETRACTED]


def test_every_state_is_in_one_of_the_groups_that_say_how_far_it_has_come() -> None:
    """A new state has to be put into one of them, and is found by all code that names them."""
    parts = [NOT_OUT, UNDER_WAY, UNSETTLED, WAS_PUBLIC - UNDER_WAY]
    assert sorted(state for part in parts for state in part) == sorted(State)
    assert NOT_OUT - {State.CANCELLED} == UNSENT
    assert set(State) - NOT_OUT - {State.RETRACTED} == MAY_BE_OUT
    assert IN_DOUBT < WAITS_FOR_PERSON


def test_no_state_moves_to_itself() -> None:
    assert not [state for state in State if state in MOVES[state]]


def test_nothing_public_goes_back_to_the_queue_but_a_rehearsal() -> None:
    """From ``published`` only a withdrawal, or the real sending of what was rehearsed."""
    assert MOVES[State.PUBLISHED] == {State.RETRACTING, State.SCHEDULED, State.AWAITING_REVIEW}
    assert State.CANCELLED not in MOVES[State.PUBLISHING]
    assert State.CANCELLED not in MOVES[State.UNKNOWN]


def test_what_may_have_left_cannot_be_changed() -> None:
    assert not UNSENT & {State.PUBLISHING, State.ACCEPTED, State.UNKNOWN, State.PUBLISHED, State.RETRACTING}
    assert State.UNKNOWN in WAITS_FOR_PERSON


def test_every_state_has_a_name_of_its_own_in_both_languages() -> None:
    assert len({state.label for state in State}) == len(State)
    with read_by(Reader("en")):
        assert all(state.label.isascii() for state in State)
        assert len({state.label for state in State}) == len(State)


@pytest.mark.parametrize(
    ("minutes", "late"), [(-60, False), (0, False), (119, False), (120, False), (120.02, True), (10_000, True)]
)
def test_late_is_more_than_the_allowed_time_after_it_became_fresh(minutes: float, late: bool) -> None:
    assert delivery().is_late(NOW + timedelta(minutes=minutes), timedelta(minutes=120)) is late


def test_expired_is_from_the_moment_on() -> None:
    assert not delivery().is_expired(NOW)
    assert not delivery(expires_at=NOW + timedelta(seconds=1)).is_expired(NOW)
    assert delivery(expires_at=NOW).is_expired(NOW)


def test_a_key_is_the_same_for_the_same_and_another_for_anything_else() -> None:
    key = delivery_key("a", "site", "0" * 64)
    assert key == delivery_key("a", "site", "0" * 64)
    others = [
        delivery_key("b", "site", "0" * 64),
        delivery_key("a", "cms", "0" * 64),
        delivery_key("a", "site", "1" * 64),
    ]
    assert len({key, *others}) == 4
    assert len(key) == 32
    assert set(key) <= set(string.hexdigits.lower())


@given(tries=st.integers(-1, 1000), seed=st.integers())
def test_a_try_waits_between_three_quarters_and_five_quarters(tries: int, seed: int) -> None:
    full = {1: 30, 2: 120, 3: 600}.get(max(tries, 1), 1800)
    wait = backoff(tries, random.Random(seed)).total_seconds()  # noqa: S311 - no secret
    assert 0.75 * full <= wait <= 1.25 * full


def test_a_thousand_tries_do_not_come_back_at_one_instant() -> None:
    chance = random.Random(7)  # noqa: S311 - no secret
    waits = [backoff(1, chance).total_seconds() for _ in range(1000)]
    assert max(waits) - min(waits) > 10
    assert len(set(waits)) > 990


@pytest.mark.parametrize(
    ("value", "found"), [("", "zh"), ("zh_CN.UTF-8", "zh"), ("en", "en"), ("EN_gb.UTF-8", "en"), ("fr", "zh")]
)
def test_messages_are_chinese_unless_english_is_asked_for(value: str, found: str) -> None:
    with read_by(Reader(language_of({"XUANFA_LANG": value}))):
        assert language() == found
        assert say("第 {n} 篇", "post {n}", n=3) == {"zh": "第 3 篇", "en": "post 3"}[found]


def test_braces_are_braces_where_nothing_is_filled_in() -> None:
    assert say("写成 {{ link }}", "write {{ link }}") == "写成 {{ link }}"


def test_an_error_of_content_begins_with_its_place() -> None:
    assert str(ContentError("没有标题", Place("posts/a.md", 3))) == "posts/a.md:3: 没有标题"
    assert str(ContentError("没有标题", Place("posts/a.md"))) == "posts/a.md: 没有标题"
    assert str(ContentError("没有标题")) == "没有标题"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (PermissionError(errno.EACCES, "Permission denied"), "没有权限"),
        (OSError(errno.ENOSPC, "No space left on device"), "磁盘已满"),
        (FileNotFoundError(errno.ENOENT, "No such file or directory"), "文件或文件夹不存在"),
        (OSError(errno.EPROTO, "Protocol error"), "系统错误 EPROTO"),
        (TimeoutError(), "TimeoutError"),
    ],
)
def test_what_the_machine_refuses_is_said_in_the_readers_language(error: OSError, words: str) -> None:
    assert machine_words(error) == words
