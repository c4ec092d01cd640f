"""A correction of what was reviewed has a review of its own, of exactly what is to be changed; until that ends, what is out stays as it is."""

from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.operations.test_correct import Changes
from tests.support.decisions import correct, withdraw
from tests.support.reviewed_office import (
    POLICY,
    approve,
    approve_all,
    by,
    emergency,
    send_back,
    staff,
    stands,
    states,
    submit,
)
from tests.support.verified import troubles
from xuanfa.domain.correction import Others, Progress
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.outcome import Blame, Rejected, Retracted, Unsent
from xuanfa.domain.review import ReviewState
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.operations.people.rule import rule_of
from xuanfa.operations.withdrawing.carry_on import carry_on
from xuanfa.reports.reviews import review_record, seen_before, waiting_reviews
from xuanfa.store import corrections, posts

ORDERER = by("boss2", "人数写错了")


@pytest.fixture
def office(bench: Any) -> Any:
    """A reviewed post that is out on ``a``, which can change it, and on ``b``, which cannot."""
    bench.channel("a", corrects=True)
    bench.channel("b", retracts=True)
    real = bench.bound
    bench.bound = lambda channel: Changes(bench.scripts[channel]) if bench.channels[channel].corrects else real(channel)
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    return bench


@pytest.fixture
def out(office: Any) -> Any:
    office.write("one", "三十人旁听。")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    office.run()
    assert [each.state for each in office.all()] == [State.PUBLISHED, State.PUBLISHED]
    office.clock.advance(hours=1)
    return office.scripts["a"]


def edit(office: Any, body: str, **head: Any) -> None:
    office.clock.advance(minutes=1)
    office.write("one", body, **head)


def ordered(office: Any, body: str = "二十人旁听。", others: Others = Others.LEAVE) -> dict[str, str]:
    edit(office, body)
    return {each.channel: each.state.value for each in correct(office.desk, "one", ORDERER, others)}


def newest(office: Any) -> dict[str, str]:
    """Where the newest correction of each channel stands."""
    with office.desk.store.read() as connection:
        known = posts.by_slug(connection, "one")
        assert known is not None
        return {each.channel: each.state.value for each in corrections.of_post(connection, known.id)}


def sound(office: Any) -> bool:
    """Whether nothing is wrong, besides that this office's people were entered without the door."""
    return all("用户账号" in each for each in troubles(office))


def bodies(script: Any) -> list[str]:
    return [order.rendition.body.strip() for order, _ in script.withdrawn]


def test_the_page_stays_until_the_last_step_is_approved(office: Any, out: Any) -> None:
    before = office.get()
    assert ordered(office) == {"a": "review", "b": "review"}
    for name in ("ed", "proof"):
        carry_on(office.desk)
        assert (office.get(), out.withdrawn) == (before, [])
        approve(office.desk, name)
    (row,) = waiting_reviews(office.desk.store, office.desk.reviews, office.desk.zone, office.clock())
    assert (row.post, row.step, row.correction, row.channels) == ("one", 3, True, ("a",))
    approve(office.desk, "boss")
    assert out.withdrawn == []
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"]
    after = office.get()
    assert (after.state, after.revision, after.digest != before.digest) == (State.PUBLISHED, 2, True)
    assert after.approval not in {None, before.approval}
    assert newest(office) == {"a": "done", "b": "leave"}
    assert waiting_reviews(office.desk.store, office.desk.reviews, office.desk.zone, office.clock()) == []
    assert sound(office)
    assert len(out.sent) == 1


def test_its_record_says_that_it_is_one_and_shows_the_difference_to_what_is_out(office: Any, out: Any) -> None:
    ordered(office)
    record = review_record(office.desk.store, office.desk.reviews, "one")
    assert record is not None
    assert record.correction is not None
    assert (record.correction.by, record.correction.why) == ("boss2", "人数写错了")
    assert record.correction.channels == {"a": "change", "b": "leave"}
    assert record.state == "open"
    assert set(record.renditions) == {"a"}
    seen = seen_before(office.desk.store, "one", "ed")
    assert [(each.before, each.after) for each in seen.differences] == [("三", "二")]


def test_nobody_approves_a_correction_of_their_own(office: Any, out: Any) -> None:
    edit(office, "二十人旁听。")
    correct(office.desk, "one", by("all", "改"))
    with pytest.raises(StateError, match="作者"):
        approve(office.desk, "all")


def test_who_is_no_user_orders_no_correction(office: Any, out: Any) -> None:
    edit(office, "二十人旁听。")
    with pytest.raises(StateError, match="没有用户"):
        correct(office.desk, "one", by("nobody", "改"))
    assert newest(office) == {}


def test_an_edit_while_it_waits_is_what_is_reviewed_from_the_first_editing_step_on(office: Any, out: Any) -> None:
    ordered(office)
    approve(office.desk, "ed")
    approve(office.desk, "proof")
    edit(office, "二十二人旁听。")
    office.queue()
    assert states(office.desk) == "open void waiting"
    with pytest.raises(StateError, match="正在审核"):
        correct(office.desk, "one", ORDERER)
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(out) == ["二十二人旁听。"]
    assert office.get().revision == 3


def test_an_edit_after_the_approval_takes_the_right_back(office: Any, out: Any) -> None:
    ordered(office)
    approve_all(office.desk)
    edit(office, "二十二人旁听。")
    office.queue()
    carry_on(office.desk)
    assert out.withdrawn == []
    assert newest(office)["a"] == "review"
    assert stands(office.desk).state is ReviewState.OPEN


def test_what_was_sent_back_leaves_the_page_and_goes_on_when_it_is_mended(office: Any, out: Any) -> None:
    before = office.get()
    ordered(office)
    send_back(office.desk, "ed", "再核对人数")
    carry_on(office.desk)
    assert (office.get(), out.withdrawn) == (before, [])
    edit(office, "二十一人旁听。")
    office.queue()
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(out) == ["二十一人旁听。"]


def test_a_file_that_is_put_back_ends_it(office: Any, out: Any) -> None:
    ordered(office)
    edit(office, "三十人旁听。")
    office.queue()
    assert newest(office)["a"] == "replaced"
    assert waiting_reviews(office.desk.store, office.desk.reviews, office.desk.zone, office.clock()) == []
    with pytest.raises(StateError, match="更正已经取消"):
        approve(office.desk, "ed")
    carry_on(office.desk)
    assert out.withdrawn == []


def test_what_was_off_and_is_ordered_again_is_decided_anew(office: Any) -> None:
    """Another channel still waited to be sent, so that people went on to decide while nothing was to be corrected."""
    channels = "\n  a: {}\n  b:\n    publish_at: 2026-03-05 09:00"
    office.write("one", "三十人旁听。", channels=channels)
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    office.run()
    edit(office, "二十人旁听。", channels=channels)
    correct(office.desk, "one", ORDERER)
    edit(office, "三十人旁听。", channels=channels)
    office.queue()
    assert newest(office)["a"] == "replaced"
    approve_all(office.desk)
    edit(office, "二十人旁听。", channels=channels)
    office.queue()
    assert correct(office.desk, "one", ORDERER)[0].state is Progress.REVIEW
    assert office.scripts["a"].withdrawn == []
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(office.scripts["a"]) == ["二十人旁听。"]


def test_an_emergency_goes_before_its_review(office: Any, out: Any) -> None:
    ordered(office)
    emergency(office.desk, "boss", "错得厉害")
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"]
    approve_all(office.desk, "one", "ed", "proof", "boss")
    assert stands(office.desk).state is ReviewState.APPROVED


def test_what_the_channel_did_not_do_is_not_approved_again(office: Any, out: Any) -> None:
    out.retract.append(Rejected(findings=(), blame=Blame.CONTENT))
    ordered(office)
    approve_all(office.desk)
    carry_on(office.desk)
    assert newest(office)["a"] == "failed"
    office.clock.advance(minutes=1)
    assert {each.channel: each.state for each in correct(office.desk, "one", ORDERER)}["a"] is Progress.DONE
    assert len(out.withdrawn) == 2
    assert sound(office)


def test_a_column_that_asks_only_since_the_post_went_out(office: Any) -> None:
    office._desk = replace(office.desk, reviews=replace(POLICY, default="none"))
    office.write("one", "三十人旁听。")
    office.queue()
    office.run()
    assert not office.get().reviewed
    office._desk = replace(office.desk, reviews=POLICY)
    assert ordered(office)["a"] == "review"
    carry_on(office.desk)
    assert office.scripts["a"].withdrawn == []
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(office.scripts["a"]) == ["二十人旁听。"]
    assert (office.get().reviewed, office.get().approval is None) == (True, False)
    assert sound(office)


def test_other_channels_wait_for_the_approval_too(office: Any, out: Any) -> None:
    office.scripts["b"].retract.append(Retracted(evidence="gone"))
    ordered(office, others=Others.AGAIN)
    carry_on(office.desk)
    file = office.folder / "posts" / "one-again.md"
    assert (office.get(2).state, file.exists()) == (State.PUBLISHED, False)
    approve_all(office.desk)
    carry_on(office.desk)
    assert newest(office) == {"a": "done", "b": "again"}
    assert office.get(2).state is State.RETRACTED
    assert "二十人旁听。" in file.read_text(encoding="utf-8")
    office.queue()
    assert office.get(3).state is State.AWAITING_REVIEW


def test_a_post_that_no_channel_can_change_is_reviewed_as_it_would_be(office: Any) -> None:
    office.write("one", "三十人旁听。", channels="[b]")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    office.run()
    edit(office, "二十人旁听。", channels="[b]")
    assert [each.state.value for each in correct(office.desk, "one", ORDERER, Others.POST)] == ["review"]
    approve_all(office.desk)
    carry_on(office.desk)
    assert newest(office) == {"b": "post"}
    assert (office.folder / "posts" / "one-correction.md").exists()
    assert sound(office)


def test_what_of_the_post_is_still_to_be_sent_is_approved_with_it(office: Any) -> None:
    office.write("one", "三十人旁听。", channels="\n  a: {}\n  b:\n    publish_at: 2026-03-05 09:00")
    office.queue()
    submit(office.desk)
    approve_all(office.desk)
    office.run()
    assert [each.state for each in office.all()] == [State.PUBLISHED, State.SCHEDULED]
    edit(office, "二十人旁听。", channels="\n  a: {}\n  b:\n    publish_at: 2026-03-05 09:00")
    correct(office.desk, "one", ORDERER)
    assert office.get(2).state is State.AWAITING_REVIEW
    approve_all(office.desk)
    assert office.get(2).state is State.SCHEDULED
    carry_on(office.desk)
    assert bodies(office.scripts["a"]) == ["二十人旁听。"]
    office.clock.advance(days=3)
    office.run()
    assert [order.rendition.body.strip() for order in office.scripts["b"].sent] == ["二十人旁听。"]


def test_a_withdrawal_ends_a_correction_that_waits(office: Any, out: Any) -> None:
    ordered(office)
    withdraw(office.desk, "one", by("boss", "撤"))
    assert newest(office) == {"a": "replaced", "b": "replaced"}


def test_a_try_that_failed_goes_on_by_the_same_right(office: Any, out: Any) -> None:
    out.retract.append(Unsent(evidence="503"))
    ordered(office)
    approve_all(office.desk)
    carry_on(office.desk)
    office.clock.advance(minutes=3)
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"] * 2
    assert newest(office)["a"] == "done"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE corrections SET state = 'open' WHERE channel = 'a'",
        "UPDATE corrections SET state = 'done' WHERE channel = 'a'",
        "UPDATE corrections SET state = 'open', approval = 1 WHERE channel = 'a'",
        "UPDATE corrections SET state = 'open', approval = 1, due_at = NULL WHERE channel = 'a'",
        "UPDATE deliveries SET digest = (SELECT digest FROM corrections WHERE channel = 'a') WHERE id = 1",
    ],
)
def test_the_database_itself_refuses_a_correction_without_its_approval(office: Any, out: Any, statement: str) -> None:
    ordered(office)
    with pytest.raises(DBAPIError), office.desk.store.write() as connection:
        connection.execute(sa.text(statement))
    carry_on(office.desk)
    assert out.withdrawn == []


def test_its_author_orders_a_correction_and_holds_no_step_of_it(office: Any, out: Any) -> None:
    """The author finds the mistake; what becomes of it, its review decides."""
    edit(office, "二十人旁听。")
    assert [each.state.value for each in correct(office.desk, "one", by("writer", "人数写错了"))] == [
        "review",
        "review",
    ]
    with pytest.raises(StateError, match="作者"):
        approve(office.desk, "writer")
    approve_all(office.desk)
    carry_on(office.desk)
    assert bodies(out) == ["二十人旁听。"]


def test_who_submitted_the_post_holds_no_step_of_its_correction(office: Any, out: Any) -> None:
    """``writer`` is an editor, too, and has submitted what ``boss2`` corrects."""
    ordered(office)
    with pytest.raises(StateError, match="作者"):
        approve(office.desk, "writer")
    assert states(office.desk) == "open waiting waiting"


def test_where_nobody_reviews_it_only_who_may_send_changes_what_is_out(office: Any) -> None:
    office._desk = office.another(reviews=ReviewPolicy(), may=rule_of(office.desk.store))
    office.write("one", "三十人旁听。")
    office.queue()
    office.run()
    edit(office, "二十人旁听。")
    with pytest.raises(StateError, match="签发"):
        correct(office.desk, "one", by("deputy", "改"))
    assert office.scripts["a"].withdrawn == []
    assert correct(office.desk, "one", by("boss", "改"))[0].state is Progress.DONE


def test_another_choice_for_other_channels_is_approved_anew(office: Any, out: Any) -> None:
    """What was approved and did not come about is not asked again; taking a post down elsewhere is another thing than leaving it."""
    out.retract.append(Rejected(findings=(), blame=Blame.CONTENT))
    ordered(office)
    approve_all(office.desk)
    carry_on(office.desk)
    office.clock.advance(minutes=1)
    found = {each.channel: each.state for each in correct(office.desk, "one", ORDERER, Others.AGAIN)}
    assert found == {"a": Progress.REVIEW, "b": Progress.REVIEW}
    assert (len(out.withdrawn), office.scripts["b"].withdrawn) == (1, [])
    assert states(office.desk) == "open waiting waiting"
    office.clock.advance(minutes=1)
    assert {each.channel: each.wish for each in correct(office.desk, "one", ORDERER, Others.POST)}["b"] == "post"
