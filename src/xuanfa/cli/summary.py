"""Sentences that sum up: what a pass did, what was published, what waits for a person."""

import logging
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from xuanfa.domain.alarm import way_on
from xuanfa.domain.delivery import State
from xuanfa.domain.language import is_for_machines, say
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from xuanfa.domain.counting import By, Count
    from xuanfa.engine.once import PassReport
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.intake.queue import QueueReport

log = logging.getLogger(__name__)


def print_problems(report: "QueueReport") -> None:
    """What is wrong with files, and what was noticed, on standard error."""
    for problem in report.problems:
        _tell(say("有问题 {text}", "Problem {text}", text=problem))
    for notice in report.notices:
        _tell(say("提示 {text}", "Note {text}", text=notice))


def _tell(text: str) -> None:
    """Beside what was asked for. Where the log is for machines it is a line of that: else one line of many would be no JSON."""
    if is_for_machines():
        log.warning("%s", text)
    else:
        click.echo(text, err=True)


def queue_sentence(report: "QueueReport") -> str:
    """What reading the inbox did."""
    return say(
        "稿件：新增 {new} 篇，修改 {revised} 篇，未变 {same} 篇，有问题 {bad} 处。",
        "Posts: {new} new, {revised} revised, {same} unchanged, {bad} problems.",
        new=len(report.new),
        revised=len(report.revised),
        same=report.unchanged,
        bad=report.trouble,
    )


def state_sentence(report: "PassReport") -> str:
    """What became of the deliveries of a pass."""
    real, drilled = _numbers(report.states - report.rehearsed), _numbers(report.rehearsed)
    if not real and not drilled:
        return say("没有到期的投递。", "Nothing was due.")
    if not drilled:
        return say("本次投递：{real}。", "This pass: {real}.", real=real)
    return say(
        "本次投递：{real}；演练：{drilled}。",
        "This pass: {real}; rehearsed: {drilled}.",
        real=real or say("没有正式发出的", "nothing for real"),
        drilled=drilled,
    )


def _numbers(states: Counter[State]) -> str:
    return say("，", ", ").join(f"{state.label} {states[state]}" for state in State if states[state])


def count_sentence(desk: "Desk") -> Iterator[str]:
    """For each column that has published anything, the sentence for a report."""
    from xuanfa.domain.counting import sentence  # noqa: PLC0415
    from xuanfa.reports.counts import Period, count  # noqa: PLC0415

    for column in desk.columns.values():
        found = count(desk.store, Period(zone=desk.zone, column=column.id))
        if found.items or found.rehearsed or found.retracted:
            yield sentence(titled(desk, found), column.title)


def titled(desk: "Desk", found: "Count", by: "By" = "channel") -> "Count":
    """The figures with titles in place of ids, for people; equal ones in the order of the settings, those by time in theirs."""
    from xuanfa.domain.counting import BY_TIME  # noqa: PLC0415

    if by in BY_TIME:
        return found
    brought = found.imported
    names = _titles(desk, by, {**found.by, **(brought.by if brought else {})})
    told = replace(brought, by=_named(names, brought.by)) if brought else None
    return replace(found, by=_named(names, found.by), imported=told)


def _named(names: Mapping[str, str], split: Mapping[str, int]) -> dict[str, int]:
    """A split by titles; equal ones in the order of the settings."""
    found: Counter[str] = Counter()
    place = {id_: at for at, id_ in enumerate(names)}
    for name, items in sorted(split.items(), key=lambda item: place.get(item[0], len(place))):
        found[names.get(name, name)] += items
    return dict(found.most_common())


def _titles(desk: "Desk", by: "By", found: Mapping[str, int]) -> dict[str, str]:
    """What the names of a split are called; of what has left the settings, what it was called last."""
    from xuanfa.domain.counting import ORIGINAL, REPOST  # noqa: PLC0415
    from xuanfa.reports.called import last_called  # noqa: PLC0415

    if by == "channel":
        known = {id_: channel.title for id_, channel in desk.channels.items()}
        last = last_called(desk.store, "channel") if found.keys() - known.keys() else {}
        gone = {
            id_: say("原渠道 {id}", "former channel {id}", id=last.get(id_, id_)) for id_ in found if id_ not in known
        }
        return known | gone
    if by == "column":
        known = {id_: column.title for id_, column in desk.columns.items()}
        nowhere: dict[str, str] = {"": say("（未写栏目）", "(no column)")} if "" in found else {}
        return (last_called(desk.store, "column") if found.keys() - known.keys() else {}) | known | nowhere
    if by == "original":
        return {
            ORIGINAL: say("原创", "original"),
            REPOST: say("转载", "reposted"),
            "": say("（未注明）", "(not said)"),
        }
    if by == "kind":
        return {**desk.reviews.names, "": say("（未定类型）", "(no kind)")}
    nothing = {
        "department": say("（未写部门）", "(no department)"),
        "author": say("（未写作者）", "(no author)"),
        "campaign": say("（不属于活动）", "(no campaign)"),
    }
    return {"": nothing[by]}


def exit_code(desk: "Desk", problems: Sequence[str], begun: datetime) -> int:
    """0 where all is well, 1 where something waits for a person: a bad file, a delivery, a paused channel. The pass has ``begun`` then: what
    paused everything since was told at length."""
    from xuanfa.reports.listing import (  # noqa: PLC0415
        everything_paused,
        outstanding,
        paused_channels,
        paused_since,
        second_proofs,
        stopped_by_checks,
    )

    waiting = outstanding(desk.store)
    paused = [channel for channel in paused_channels(desk.store) if channel in desk.channels]
    whole = everything_paused(desk.store)
    for state, number in waiting.items():
        text = say(
            "有 {n} 条投递“{state}”，需要人处理：xuanfa deliveries --state {name}",
            "{n} deliveries are {state}; a person has to see to that: xuanfa deliveries --state {name}",
            n=number,
            state=state.label,
            name=state.value,
        )
        _tell(text)
    for path, why in stopped_by_checks(desk.store):
        _tell(say("{path}：{why}", "{path}: {why}", path=path, why=why))
    twice = second_proofs(desk.store)
    if twice:
        text = say(
            "有 {n} 条投递有两份发布证据，可能发出了两次，需要人处理：xuanfa alarms",
            "There are two proofs of publication for {n} deliveries, out twice perhaps; a person has to see to that: xuanfa alarms",
            n=len(twice),
        )
        _tell(text)
    for channel in paused:
        text = say(
            "渠道 {channel} 已暂停，需要人处理：xuanfa channels",
            "The channel {channel} is paused and needs a person: xuanfa channels",
            channel=channel,
        )
        _tell(text)
    if whole is not None:
        _tell(_paused_in_words(whole, is_told=paused_since(desk.store, begun)))
    return 1 if waiting or twice or paused or problems or whole is not None else 0


def _paused_in_words(why: str, *, is_told: bool) -> str:
    if is_told:
        return say(
            "已全部暂停，什么也没有发送；原因和办法见上，也可运行 xuanfa channels 再看。",
            "Everything is paused, and nothing was sent; why, and what to do, is told above, and by xuanfa channels.",
        )
    return say(
        "已全部暂停，什么也没有发送。原因：{why}",
        "Everything is paused, and nothing was sent: {why}",
        why=way_on(why, Remedy("resume")),
    )
