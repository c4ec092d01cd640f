"""How a delivery in doubt is told to the person who has to settle it: what is known, what was sent when, and what can be done."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from xuanfa.cli.shared import shown_time
from xuanfa.domain.language import say
from xuanfa.domain.process import Fate, how_to_end

if TYPE_CHECKING:
    from xuanfa.domain.channel import Channel
    from xuanfa.reports.doubts import Doubt, Sent


def in_words(
    doubt: "Doubt", channel: "Channel | None", zone: tzinfo, fate: Callable[[str], Fate], here: str
) -> Iterator[str]:
    """The lines for one doubt; ``channel`` is ``None`` where it is gone from the settings, ``here`` this machine's name."""
    row = doubt.row
    yield say(
        "#{id}《{title}》→ {channel}",
        "#{id} {title} → {channel}",
        id=row.id,
        title=row.title,
        channel=channel.title if channel else row.channel,
    ) + (say("（演练）", " (rehearsal)") if row.rehearsal else "")
    yield "  " + say("已知：{what}", "known: {what}", what=row.reason)
    for sent in doubt.sent:
        yield "  " + _sent(sent, zone)
    yield "  " + say("可以这样处理：", "what you can do:")
    for step in _steps(doubt, channel.console if channel else "", zone, fate, here):
        yield f"    · {step}"


def _sent(sent: "Sent", zone: tzinfo) -> str:
    answers = {
        "lost": say("发送途中程序中断", "the program stopped on the way"),
        "unknown": say("没有得到明确的回答", "no clear answer"),
        "unsent": say("没有发出", "not sent"),
        "deferred": say("渠道要求稍后再发，没有发出", "the channel asked to wait; not sent"),
        "rejected": say("渠道拒收", "refused"),
        "altered": say("成稿被改动，没有发出", "the rendition was altered; not sent"),
        "accepted": say("渠道已接收", "accepted"),
        "published": say("渠道说已发布", "published, by the channel's word"),
        None: say("还没有回音", "no answer yet"),
    }
    came_back = answers.get(sent.outcome, str(sent.outcome))
    evidence = say("（{e}）", " ({e})", e=sent.evidence) if sent.evidence and sent.outcome == "unknown" else ""
    return say(
        "发送：{at}，{came_back}{evidence}",
        "sent: {at}; {came_back}{evidence}",
        at=shown_time(sent.at, zone),
        came_back=came_back,
        evidence=evidence,
    )


def _steps(doubt: "Doubt", console: str, zone: tzinfo, fate: Callable[[str], Fate], here: str) -> Iterator[str]:
    number = doubt.row.id
    left = {sender.node: (sender, fate(sender.process)) for sender in doubt.senders}
    yield from (how_to_end(*each, here) for each in left.values())
    if doubt.look_at is not None:
        yield say(
            "等一等：程序将在 {at} 再到渠道上查（已查 {n} 次），查到证据会自己了结",
            "wait: the program looks again at {at} (it has looked {n} times), and settles it when it finds evidence",
            at=shown_time(doubt.look_at, zone),
            n=doubt.looks,
        )
    yield say(
        "到渠道上看{where}：已经发出，就登记公开地址：xuanfa resolve {id} --published 网址",
        "look at the channel{where}: if it is out, enter its address: xuanfa resolve {id} --published URL",
        id=number,
        where=say("（{c}）", " ({c})", c=console) if console else "",
    )
    yield say(
        "确认没有发出，就重新发送：xuanfa resolve {id} --absent{gone} --why 依据",
        "if it is certainly not out, send it again: xuanfa resolve {id} --absent{gone} --why REASON",
        id=number,
        gone=" --node-is-gone" if any(seen is Fate.UNSEEN for _, seen in left.values()) else "",
    )
