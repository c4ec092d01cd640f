"""What every kind makes of a request that is cut on the way: it was not read whole, so it is unsent; all of it and no answer is doubt."""

from typing import Any

import pytest

from tests.support.cut_wire import WHERE, CutWire, measured
from xuanfa.adapters.protocol import Stages
from xuanfa.domain.outcome import Rejected, Staged, Unknown, Unsent


@pytest.mark.parametrize("where", WHERE)
def test_a_request_that_was_cut_is_unsent_and_a_whole_one_without_an_answer_is_doubt(
    http_bench: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    CutWire(WHERE[where]).on(monkeypatch)
    cut_while_publishing(http_bench, where)


@pytest.mark.parametrize("where", WHERE)
def test_a_mail_that_was_cut_before_its_last_dot_is_unsent(
    mail_bench: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    CutWire(WHERE[where], b"DATA\r\n").on(monkeypatch)
    cut_while_publishing(mail_bench, where)


def cut_while_publishing(bench: Any, where: str) -> None:
    with measured() as permit:
        outcome = bench.adapter.publish(bench.order())
    assert permit.last is not None
    whole, left = permit.last.total, permit.last.sent
    assert whole is not None
    assert left == WHERE[where](whole)
    if left < whole:
        assert isinstance(outcome, Unsent)
        assert outcome.left == left
        assert f"{whole:,} 字节中只有 {left:,} 字节离开本机，对方不可能收全" in outcome.evidence
    else:
        assert isinstance(outcome, Unknown)
        assert f"{whole:,} 字节中有 {whole:,} 字节离开本机" in outcome.evidence


def test_what_was_answered_left_whole(bench: Any, server: Any) -> None:
    server.reply(200, bench.spec.good)
    with measured() as permit:
        assert isinstance(bench.adapter.publish(bench.order()), bench.spec.ends)
    if permit.last is None:
        assert bench.spec.kind in {
            "site",
            "manual",
            "douyin",
        }  # what is put into a folder, or handed to a person, is no request
        return
    assert permit.last.sent == permit.last.total
    assert permit.last.total is not None
    assert permit.last.total > 200


@pytest.mark.parametrize("where", list(WHERE)[:-1])
def test_preparing_that_was_cut_is_unsent_and_counted(
    http_bench: Any, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uploads and other requests ahead of the one that publishes."""
    if not isinstance(http_bench.adapter, Stages):
        assert not hasattr(http_bench.cls, "stage")
        return
    order = http_bench.order()
    order.staged.clear()
    CutWire(WHERE[where]).on(monkeypatch)
    with measured() as permit:
        staging = http_bench.adapter.stage(order)
    if permit.last is None:  # this kind has nothing to ask for this post
        assert isinstance(staging, Staged | Rejected)
        return
    assert isinstance(staging, Unsent)
    assert permit.last.total is not None
    assert permit.last.sent == WHERE[where](permit.last.total)
