"""Stories of reviews in which approvals are taken back again and again, between those who approve, move, correct and send.

The model of ``test_review_model`` says what may leave; here the acts around a recall are drawn, since a short story of all rules seldom comes by one.
"""

import os
from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from tests.operations.test_review_model import Reviewed
from xuanfa.domain.correction import Others

STORIES = int(os.environ.get("XUANFA_REVIEWS", "0")) // 20 or 3
STEPS = 24
#: Acts of the story, each as often as it is listed.
ACTS: tuple[Callable[[Any, Random], Any], ...] = (
    lambda it, dice: it.approve_and_recall(_post(dice), dice.choice("甲乙"), dice.choice(["boss", "all"]), dice.random() < 0.5),
    lambda it, dice: it.recall(_post(dice), dice.choice(["boss", "all", "boss2", "ed", "hired"]), dice.randrange(2)),
    lambda it, dice: it.recall(_post(dice), "all", dice.randrange(2)),
    lambda it, dice: it.approve_on(_post(dice)),
    lambda it, dice: it.approve_on(_post(dice), ("ed", "all", "boss2")),
    lambda it, dice: it.submit(_post(dice), "writer", 0),
    lambda it, dice: it.write(_post(dice), dice.choice("甲乙丙"), dice.choice(["now", "2026-03-02 10:00"]), dice.randrange(2)),
    lambda it, dice: it.emergency(_post(dice), "boss", dice.randrange(2)),
    lambda it, dice: it.reschedule(dice.randint(1, 4), dice.randint(0, 3)),
    lambda it, dice: it.correct_and_approve_on(_post(dice), dice.choice("甲乙"), dice.choice(list(Others)), dice.randrange(2)),
    lambda it, dice: it.go_on(dice.randrange(2)),
    lambda it, dice: it.claim(dice.randrange(2)),
    lambda it, dice: it.send(dice.randrange(2)),
    lambda it, dice: it.claim_and_send(dice.randrange(2)),
    lambda it, dice: it.wait(dice.choice([1, 40]), dice.randrange(2)),
    lambda it, dice: it.save_without_a_change(_post(dice), dice.choice("甲乙")),
    lambda it, _dice: it.resume(),
)  # fmt: skip


def _post(dice: Random) -> str:
    return dice.choice(["one", "two"])


@pytest.mark.parametrize("story", range(STORIES))
def test_what_was_taken_back_leaves_by_new_decisions_alone(fresh_bench: Callable[[], Any], story: int) -> None:
    dice = Random(f"{os.environ.get('XUANFA_SEED', '')}{story}")  # noqa: S311 - dice of a story
    machine = type("Recalled", (Reviewed,), {"make": staticmethod(fresh_bench)})()
    try:
        machine.begin(is_out=story % 2 == 1)
        machine.approve_and_recall("two", "甲", "boss", again=story % 2 == 0)
        assert machine.truth.recalled, "nothing was taken back, so that the story tells nothing"
        for _ in range(STEPS):
            dice.choice(ACTS)(machine, dice)
            machine.nothing_is_sent_but_what_was_claimed()
            machine.what_is_in_the_queue_is_approved()
    finally:
        machine.teardown()
