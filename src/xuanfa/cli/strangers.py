"""What ``xuanfa proof strangers`` prints."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from xuanfa.cli.shared import shown_time
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from datetime import tzinfo

    from xuanfa.domain.stranger import Stranger
    from xuanfa.operations.proving.strangers import Standing


def strangers_in_words(found: "Sequence[Stranger]", known: "Sequence[Standing]", zone: "tzinfo") -> Iterator[str]:
    """Each with its place, then how looking at each account stands."""
    for each in found:
        sign = "✗" if each.settled_at is None else "✓"
        yield f"{sign} {each.id} {each.channel} {shown_time(each.at, zone)} {each.title or '-'}"
        if each.address:
            yield f"    {each.address}"
        if each.settled_at is not None:
            yield say("    {who}：{why}", "    {who}: {why}", who=each.settled_by, why=each.why)
        else:
            yield say(
                "    查明是谁发的：是自己人，用 xuanfa proof explain {id} --why 来历；不是，到平台删除并改密码",
                "    Find out who did it. One of you: xuanfa proof explain {id} --why REASON; if not, delete it there and change the password",
                id=each.id,
            )
    if not found:
        yield say("没有待说明的陌生稿件。", "Nothing waits to be explained.")
    yield from (_standing(one, zone) for one in known)
    if not known:
        yield say("没有渠道能列出账号上的稿件。", "No channel's platform lists what its account shows.")


def _standing(each: "Standing", zone: "tzinfo") -> str:
    if each.failing is not None:
        return say("渠道 {id}：看不了，{why}", "{id}: cannot be looked at: {why}", id=each.channel, why=each.words)
    if each.first is None or each.looked is None:
        return say("渠道 {id}：还没有看过", "{id}: not looked at yet", id=each.channel)
    return say(
        "渠道 {id}：最近看过 {looked}；从 {first} 起出现的才算，以前的是历史",
        "{id}: last looked at {looked}; what appeared from {first} on counts, the rest is its past",
        id=each.channel,
        looked=shown_time(each.looked, zone),
        first=shown_time(each.first, zone),
    )
