"""The count: what was really published, and the sentence that staff copy into a report.

口径 (definition): an **item** is one delivery that is published for real, so one post on three channels is three items; **posts** are the
distinct posts among them. Retracted ones and rehearsals are counted apart and never in the other figures. One with a second proof of
publication counts once, and the sentence says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

By = Literal["channel", "column", "month", "department"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """The figures; ``by`` splits ``items`` and sums to it."""

    posts: int
    items: int
    retracted: int
    rehearsed: int
    #: How many of the items went out before their review (先发后审).
    emergency: int = 0
    #: How many deliveries, retracted ones among them, have a second proof of publication that nobody has explained.
    twice: int = 0
    by: Mapping[str, int] = field(default_factory=dict)


def definition() -> str:
    """What the figures mean, printed under every one of them."""
    return say(
        "“条”为已确认发布的渠道条次（一篇稿件在三个渠道发布计 3 条），“篇”为去重稿件数；只计真实渠道上已取得回执的发布，"
        "已撤回的与演练的另列、不计入；一条投递有两份发布证据的仍计 1 条，并另行说明；时间按发布时刻归属。",
        "An item is one confirmed publication on one channel (a post on three channels is 3 items); posts are distinct. "
        "Only real channels with a receipt count; retracted and rehearsed ones are listed apart; one with two proofs of publication counts once "
        "and is mentioned. Dates are those of publication.",
    )


def sentence(count: Count, title: str) -> str:
    """The sentence for a report: the whole, the distinct posts, and the split; then what is not in the figures."""
    what = say("“{title}”专栏", "The column “{title}”", title=title) if title else say("各专栏", "All columns")
    text = say(
        "{what}共发布信息 {items} 条（去重稿件 {posts} 篇）",
        "{what} has published {items} items ({posts} distinct posts)",
        what=what,
        items=count.items,
        posts=count.posts,
    )
    if count.by:
        text += say("：", ": ") + say("，", ", ").join(
            say("{name} {items} 条", "{name} {items}", name=name, items=items) for name, items in count.by.items()
        )
    apart = []
    if count.retracted:
        apart.append(say("已撤回 {n} 条", "{n} retracted", n=count.retracted))
    if count.rehearsed:
        apart.append(say("演练 {n} 条", "{n} rehearsed", n=count.rehearsed))
    if apart:
        text += say("（另有{apart}，不计入）", " (besides: {apart}, not counted)", apart=say("、", ", ").join(apart))
    if count.emergency:
        text += say("，其中先发后审 {n} 条", "; {n} of them before their review", n=count.emergency)
    text += say("。", ".")
    if count.twice:
        text += say(
            "有 {n} 条投递有两份发布证据，可能发出了两次，各计 1 条，请核实：{alarms}。",
            " There are two proofs of publication for {n} deliveries: they may be out twice, count once each, and have to be looked at: {alarms}.",
            n=count.twice,
            alarms=Remedy("alarms"),
        )
    return text
