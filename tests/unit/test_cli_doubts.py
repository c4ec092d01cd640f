"""A doubt is told with the place where a person sees the truth."""

from datetime import UTC, datetime

import pytest

from xuanfa.bootstrap.configs import adapter_config
from xuanfa.cli.doubts import in_words
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import State
from xuanfa.domain.process import Fate, Sender
from xuanfa.reports.doubts import Doubt
from xuanfa.reports.listing import DeliveryRow

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
ROW = DeliveryRow(
    id=7, post="one", title="一", title_now="一", revision=1, column="action", channel="wechat", kind="wechat", state=State.UNKNOWN,
    reason="没有回答", rehearsal=False, account="", waits_for=(), due_at=NINE, ready_at=NINE, attempts=1, remote_id=None,
    address=None, published_at=None,
)  # fmt: skip


def test_it_names_the_place_to_look_and_when_the_program_looks_itself() -> None:
    doubt = Doubt(row=ROW, since=NINE, sent=(), looks=2, look_at=NINE)
    channel = Channel(id="wechat", kind="wechat", title="微信公众号", console="https://mp.weixin.qq.com/")
    told = "\n".join(in_words(doubt, channel, UTC, lambda _process: Fate.GONE, "web-1"))
    assert "#7《一》→ 微信公众号" in told
    assert "2026-03-02 01:00 +00:00 再到渠道上查（已查 2 次）" in told
    assert "到渠道上看（https://mp.weixin.qq.com/）" in told


def test_a_channel_that_is_gone_is_named_by_its_id() -> None:
    told = "\n".join(
        in_words(
            Doubt(row=ROW, since=None, sent=(), looks=0, look_at=None), None, UTC, lambda _process: Fate.GONE, "web-1"
        )
    )
    assert "#7《一》→ wechat" in told
    assert "再到渠道上查" not in told


def test_what_may_still_be_sending_it_is_told_first_and_who_must_answer_for_it() -> None:
    sender = Sender(delivery=7, number=1, node="web-2:4711:abc", process="")
    doubt = Doubt(row=ROW, since=None, sent=(), looks=0, look_at=None, senders=(sender,))
    told = list(in_words(doubt, None, UTC, lambda _process: Fate.UNSEEN, "web-1"))
    assert "kill 4711" in told[3]
    assert "--absent --node-is-gone" in told[-1]
    gone = "\n".join(in_words(doubt.without({sender.node}), None, UTC, lambda _process: Fate.UNSEEN, "web-1"))
    assert "4711" not in gone
    assert "--node-is-gone" not in gone


@pytest.mark.parametrize("kind", ["wechat", "weibo", "douyin"])
def test_the_columns_platforms_say_where_that_is(kind: str) -> None:
    from xuanfa.adapters.registry import adapter_class  # noqa: PLC0415

    assert adapter_config("x", {"adapter": kind, "rehearsal": True}).rehearsal
    assert adapter_class(kind).traits.console.startswith("https://")
