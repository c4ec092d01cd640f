"""A review beside what else may befall a post: a rehearsal before, and a silent period."""

import os
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.operations.test_second_proof import second_proofs
from tests.operations.test_stops import silent
from tests.support.decisions import ANNA, release, retry
from tests.support.reviewed_office import POLICY, approve_all, staff, submit
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue


def reviewed(bench: Any, **channel: Any) -> Any:
    """A bench whose one column needs a review."""
    bench.channel("a", **channel)
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


def test_what_was_rehearsed_after_its_review_and_is_published_then_is_out_once(bench: Any) -> None:
    office = reviewed(bench, rehearsal=True)
    office.queue("one")
    submit(office.desk)
    approve_all(office.desk)
    office.run()
    assert (office.get().state, office.get().rehearsal) == (State.PUBLISHED, True)
    office.channels["a"] = replace(office.channels["a"], rehearsal=False)
    retry(office.desk, 1, ANNA)
    office.run()
    assert (office.get().state, office.get().rehearsal) == (State.PUBLISHED, False)
    assert second_proofs(office) == []


def test_what_is_released_in_a_silent_period_before_its_approval_needs_no_second_release(bench: Any) -> None:
    office = reviewed(bench)
    office.queue("one")
    silent(office)
    submit(office.desk)
    office.put(State.HELD)
    office.clock.advance(minutes=1)
    release(office.desk, 1, ANNA)
    assert office.get().state is State.AWAITING_REVIEW
    approve_all(office.desk)
    office.run()
    assert office.get().state is State.PUBLISHED


def test_what_is_approved_while_its_file_is_being_changed_waits_for_the_file(bench: Any) -> None:
    """Approved is what was read before; whoever saves another text meanwhile does not want that one to leave."""
    office = reviewed(bench)
    office.queue("one")
    submit(office.desk)
    path, still = office.write("one", "改了一个字的正文。" * 9), timedelta(seconds=5)
    os.utime(path, (office.clock().timestamp(),) * 2)
    office._desk = office.another(reviews=POLICY, still=still)
    queue(office.desk)
    approve_all(office.desk)
    assert office.get().state is State.SCHEDULED
    office.run()
    assert office.scripts["a"].sent == []
    office.clock.advance(seconds=6)
    queue(office.desk)
    assert office.get().state is State.AWAITING_REVIEW, "the approval was of another text"
    office.run()
    assert office.scripts["a"].sent == []


@pytest.mark.parametrize("how", ["deleted", "broken"])
def test_what_goes_on_because_its_file_is_back_is_not_released_from_a_silent_period(bench: Any, how: str) -> None:
    bench.channel()
    bench.queue("one")
    silent(bench)
    path = bench.desk.posts_folder / "one.md"
    whole = path.read_text(encoding="utf-8")
    path.unlink() if how == "deleted" else path.write_text("---\ntitle: [\n---\n", encoding="utf-8")
    queue(bench.desk)
    assert bench.get().state is State.HELD
    bench.write("one")
    assert path.read_text(encoding="utf-8") == whole
    queue(bench.desk)
    assert bench.get().state is State.SCHEDULED
    bench.run()
    assert bench.get().state is State.HELD
    assert "国家公祭日" in bench.get().reason
