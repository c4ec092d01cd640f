"""The trace of a delivery in plain words: who did what, what came back; the platform's own words stay beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xuanfa.domain.language import say
from xuanfa.reports.history_words import in_words
from xuanfa.reports.listing import HistoryRow

_ACTIONS: Final = {
    "stage": ("把图片和成稿传到{channel}备着", "puts pictures and text ready at {channel}"),
    "publish": ("把成稿发给{channel}", "sends it to {channel}"),
    "confirm": ("到{channel}上查", "looks for it at {channel}"),
    "retract": ("请{channel}撤下", "asks {channel} to take it down"),
    "correct": ("请{channel}改成更正后的", "asks {channel} to correct it"),
}
_CAME: Final = {
    "staged": ("备好了", "it is ready there"),
    "published": ("已经公开", "it is public"),
    "accepted": ("收下了，还没有公开", "taken, not public yet"),
    "unknown": ("没有等到明确的回答", "no clear answer came"),
    "lost": ("半路停了，没有回音", "stopped on the way, without an answer"),
    "unsent": ("没有发出", "it did not leave"),
    "deferred": ("渠道要求晚些再发，没有发出", "the channel asks to wait; it did not leave"),
    "rejected": ("渠道不收", "refused"),
    "absent": ("没有找到", "not found"),
    "retracted": ("撤下了", "it is down"),
    "altered": ("成稿被改动过，没有发出", "the rendition was altered; it did not leave"),
}
_MOVES: Final = {
    "awaiting_review": ("排好了，等审完", "queued, waits for its review"),
    "scheduled": ("排好了，到点就发", "queued for its time"),
    "publishing": ("到点，开始发", "it is time: begins to send"),
    "accepted": ("渠道收下了", "the channel has taken it"),
    "published": ("登记为已发布", "entered as published"),
    "unknown": ("不知道发没发出去，停在这里等人核实", "nobody knows whether it is out: it waits for a person"),
    "rejected": ("被退回，要改", "sent back, to be changed"),
    "failed": ("确实没有发出，不再试", "certainly not sent, and not tried any more"),
    "held": ("暂缓，等人定", "held for a person"),
    "cancelled": ("不发了", "called off"),
    "retracting": ("开始撤", "is being taken down"),
    "retracted": ("撤下了", "it is down"),
}
_BAD: Final = frozenset({"unknown", "lost", "failed", "rejected"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line: ``more`` are the platform's or the person's own words; ``bad`` marks where it went wrong; ``detail``: only for who looks closer."""

    at: datetime
    words: str
    more: str = ""
    bad: bool = False
    detail: bool = False


def lines_of(rows: tuple[HistoryRow, ...], channel: str, names: Mapping[str, str]) -> list[Line]:
    """The lines, oldest first; ``names`` are people's as they are printed, by login name."""
    return [line for row in rows for line in _line(row, channel, names)]


def _line(row: HistoryRow, channel: str, names: Mapping[str, str]) -> Iterator[Line]:
    if row.attempt is not None:
        yield _tried(row, channel)
        return
    after = row.what.rpartition(" → ")[2]
    who = names.get(row.who, row.who) if row.signature is not None else ""
    words = say(*_MOVES[after]) if after in _MOVES else in_words(row.what)
    if who:
        act = row.signature.act if row.signature is not None else ""
        words = say(
            "{who}：{what}", "{who}: {what}", who=who, what=words if after in _MOVES else in_words(act or after)
        )
    yield Line(at=row.at, words=words, more=row.why, bad=after in _BAD, detail=after not in _MOVES and not who)


def _tried(row: HistoryRow, channel: str) -> Line:
    it = row.attempt
    if it is None:
        raise TypeError("no attempt")
    action = it.action.partition(" ")[0]
    done = say(*_ACTIONS[action], channel=channel) if action in _ACTIONS else in_words(row.what)
    came = say(*_CAME[it.outcome]) if it.outcome in _CAME else say("还没有回音", "no answer yet")
    if it.rehearsal:
        done = say("（演练）{what}", "(rehearsal) {what}", what=done)
    words = say("{done}：{came}", "{done}: {came}", done=done, came=came)
    return Line(at=row.at, words=words, more=row.why, bad=it.outcome in _BAD)
