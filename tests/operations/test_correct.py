"""A correction changes what is out in its place: a rendition, an attempt and a receipt of its own, and never a second publication."""

from dataclasses import replace
from typing import Any

import pytest

from tests.operations.conftest import Plain
from tests.support.decisions import correct, withdraw
from tests.support.verified import troubles
from xuanfa.domain.correction import Others, Progress
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Blame, Published, Rejected, Retracted, Unknown, Unsent
from xuanfa.domain.person import Person
from xuanfa.domain.receipt import Receipt
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.withdrawing.carry_on import carry_on
from xuanfa.reports.counts import Period, count
from xuanfa.store import ledger

ANNA = Person(name="安娜", why="数字写错了")


class Changes(Plain):
    """One that can change what is out."""

    def corrected(self, rendition: Any) -> Any:
        return rendition

    def correct(self, order: Any, receipt: Receipt) -> Any:
        self.script.withdrawn.append((order, receipt))
        answer = self.script.retract.pop(0) if self.script.retract else None
        if isinstance(answer, Exception):
            raise answer
        return answer or Published(receipt=Receipt(remote_id=order.key, evidence="changed"))


@pytest.fixture
def out(bench: Any) -> Any:
    """A post that is out on ``a``, which can change it, and on ``b``, which cannot."""
    script = bench.channel("a", corrects=True)
    bench.channel("b", retracts=True)
    real = bench.bound
    bench.bound = lambda channel: Changes(bench.scripts[channel]) if bench.channels[channel].corrects else real(channel)
    bench.write("one", "三十人旁听。")
    bench.queue()
    bench.run()
    assert [each.state for each in bench.all()] == [State.PUBLISHED, State.PUBLISHED]
    return script


def states(bench: Any, found: Any) -> dict[str, str]:
    return {each.channel: each.state.value for each in found}


def items(bench: Any) -> tuple[int, int]:
    found = count(bench.desk.store, Period(zone=bench.desk.zone))
    return found.posts, found.items


def test_a_mere_save_changes_nothing_and_a_correction_changes_what_is_out(bench: Any, out: Any, clock: Any) -> None:
    before, was = bench.get(), bench.get(2)
    with bench.desk.store.read() as connection:
        first = ledger.receipt(connection, 1)
    clock.advance(hours=1)
    bench.write("one", "二十人旁听。", title="改过的标题")
    bench.queue()
    bench.run()
    assert (bench.get(), out.withdrawn) == (before, [])
    assert states(bench, correct(bench.desk, "one", ANNA)) == {"a": "done", "b": "leave"}
    after = bench.get()
    ((order, receipt),) = out.withdrawn
    assert "二十人旁听。" in order.rendition.body
    assert receipt == first
    assert (after.state, after.revision) == (State.PUBLISHED, 2)
    assert after.digest == order.rendition.digest != before.digest
    assert after.key == order.key != before.key
    assert bench.tries() == [("publish", "published"), ("correct", "published")]
    assert bench.get(2) == was
    with bench.desk.store.read() as connection:
        now = ledger.receipt(connection, 1)
    assert first is not None
    assert now is not None
    assert (now.published_at, now.address, now.remote_id) == (first.published_at, first.address, first.remote_id)
    assert now.evidence == "changed"
    assert items(bench) == (1, 2)
    assert troubles(bench) == []
    assert len(out.sent) == 1


def test_the_offices_sentence_stands_at_the_end(bench: Any, out: Any) -> None:
    bench._desk = replace(bench.desk, correction_note="本文内容有更正。")
    bench.write("one", "二十人旁听。")
    correct(bench.desk, "one", ANNA)
    assert out.withdrawn[0][0].rendition.body.rstrip().endswith("本文内容有更正。")
    assert troubles(bench) == []


def test_what_says_the_same_is_refused(bench: Any, out: Any) -> None:
    with pytest.raises(StateError, match="一样，没有可更正的"):
        correct(bench.desk, "one", ANNA)
    with pytest.raises(StateError, match="没有名为“nobody”"):
        correct(bench.desk, "nobody", ANNA)
    bench.write("one", "二十人旁听。", column="nothing")
    with pytest.raises(ContentError):
        correct(bench.desk, "one", ANNA)
    assert out.withdrawn == []


def test_a_finding_keeps_the_page_as_it_is(bench: Any, out: Any) -> None:
    bench.write("one", "二十人旁听。")
    out.findings.append(Finding(code="x", message="太长"))
    with pytest.raises(StateError, match="太长"):
        correct(bench.desk, "one", ANNA)
    assert out.withdrawn == []


def test_what_is_not_out_needs_no_correction(bench: Any) -> None:
    bench.channel("a", corrects=True)
    bench.write("one", publish_at="2030-01-01 09:00")
    bench.queue()
    with pytest.raises(StateError, match="还没有发布"):
        correct(bench.desk, "one", ANNA)


@pytest.mark.parametrize("answer", [Unsent(evidence="503"), Unknown(evidence="timeout"), RuntimeError("boom")])
def test_it_is_tried_again_and_the_page_stays_meanwhile(bench: Any, out: Any, clock: Any, answer: Any) -> None:
    out.retract.append(answer)
    before = bench.get()
    bench.write("one", "二十人旁听。")
    assert states(bench, correct(bench.desk, "one", ANNA))["a"] == "open"
    assert (bench.get().state, bench.get().digest) == (State.PUBLISHED, before.digest)
    carry_on(bench.desk)
    assert len(out.withdrawn) == 1
    clock.advance(minutes=3)
    carry_on(bench.desk)
    assert len(out.withdrawn) == 2
    assert bench.get().digest != before.digest
    assert troubles(bench) == []


def test_what_the_channel_refuses_is_an_alarm_and_the_page_stays(bench: Any, out: Any, clock: Any) -> None:
    out.retract.append(Rejected(findings=(Finding(code="x", message="找不到那一篇"),), blame=Blame.CONTENT))
    before = bench.get()
    bench.write("one", "二十人旁听。")
    (made, _) = correct(bench.desk, "one", ANNA)
    assert (made.state, made.reason) == (Progress.FAILED, "找不到那一篇")
    assert bench.get().digest == before.digest
    assert "correct:one" in [each.cause.name for each in standing(bench.desk)]
    clock.advance(minutes=1)
    bench.write("one", "二十二人旁听。")
    assert states(bench, correct(bench.desk, "one", ANNA))["a"] == "done"
    assert [each.cause.name for each in standing(bench.desk)] == []


def test_a_withdrawal_takes_the_place_of_an_open_correction(bench: Any, out: Any, clock: Any) -> None:
    out.retract.append(Unsent(evidence="503"))
    bench.write("one", "二十人旁听。")
    correct(bench.desk, "one", ANNA)
    withdraw(bench.desk, "one", ANNA)
    clock.advance(minutes=5)
    carry_on(bench.desk)
    assert len(out.withdrawn) == 1
    with pytest.raises(StateError, match="正在撤稿"):
        correct(bench.desk, "one", ANNA)


def test_another_way_for_channels_that_cannot_change_theirs(bench: Any, out: Any, clock: Any) -> None:
    bench.scripts["b"].retract.append(Retracted(evidence="gone"))
    bench.write("one", "二十人旁听。")
    found = correct(bench.desk, "one", ANNA, Others.AGAIN)
    assert states(bench, found) == {"a": "done", "b": "again"}
    assert bench.get(2).state is State.RETRACTED
    bench.queue()
    bench.run()
    third = bench.get(3)
    assert (third.channel, third.state) == ("b", State.PUBLISHED)
    assert "二十人旁听。" in bench.scripts["b"].sent[-1].rendition.body
    assert items(bench) == (1, 2)
    assert troubles(bench) == []


def test_a_correction_is_posted_where_it_cannot_be_changed(bench: Any, out: Any) -> None:
    bench.write("one", "二十人旁听。")
    found = correct(bench.desk, "one", ANNA, Others.POST)
    assert [each.successor for each in found] == ["", "one-correction"]
    text = (bench.folder / "posts" / "one-correction.md").read_text(encoding="utf-8")
    assert 'corrects: "one"' in text
    bench.queue()
    bench.run()
    assert bench.get(3).state is State.PUBLISHED
    assert bench.get(2).state is State.PUBLISHED
    assert "更正" in bench.scripts["b"].sent[-1].rendition.title
    assert items(bench) == (1, 2)
