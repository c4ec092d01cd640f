"""Sentences that sum up: what a pass did, what was published, what waits for a person."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from xuanfa.domain.delivery import State
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.counting import By, Count
    from xuanfa.engine.once import PassReport
    from xuanfa.operations.desk import Desk
    from xuanfa.operations.queue import QueueReport


def print_problems(report: "QueueReport") -> None:
    """What is wrong with files, and what was noticed, on standard error."""
    for problem in report.problems:
        click.echo(say("有问题 {text}", "Problem {text}", text=problem), err=True)
    for notice in report.notices:
        click.echo(say("提示 {text}", "Note {text}", text=notice), err=True)


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
    parts = [f"{state.label} {report.states[state]}" for state in State if report.states.get(state)]
    if not parts:
        return say("没有到期的投递。", "Nothing was due.")
    return say("本次投递：{parts}。", "This pass: {parts}.", parts=say("，", ", ").join(parts))


def count_sentence(desk: "Desk") -> Iterator[str]:
    """For each column that has published anything, the sentence for a report."""
    from xuanfa.domain.counting import sentence  # noqa: PLC0415
    from xuanfa.reports.counts import Period, count  # noqa: PLC0415

    for column in desk.columns.values():
        found = count(desk.store, Period(zone=desk.zone, column=column.id))
        if found.items or found.rehearsed or found.retracted:
            yield sentence(titled(desk, found), column.title)


def titled(desk: "Desk", found: "Count", by: "By" = "channel") -> "Count":
    """The figures with titles in place of ids, for people; equal ones in the order of the settings."""
    if by == "channel":
        names = {id_: channel.title for id_, channel in desk.channels.items()}
    elif by == "column":
        names = {id_: column.title for id_, column in desk.columns.items()}
    else:
        names = {"": say("（未写部门）", "(no department)")}
    split: Counter[str] = Counter()
    place = {id_: at for at, id_ in enumerate(names)}
    for name, items in sorted(found.by.items(), key=lambda item: place.get(item[0], len(place))):
        split[names.get(name, name)] += items
    return replace(found, by=split if by == "month" else dict(split.most_common()))


def exit_code(desk: "Desk", problems: Sequence[str]) -> int:
    """0 where all is well, 1 where something waits for a person: a bad file, a delivery, a paused channel."""
    from xuanfa.reports.listing import everything_paused, outstanding, paused_channels, second_proofs  # noqa: PLC0415

    waiting = outstanding(desk.store)
    paused = [channel for channel in paused_channels(desk.store) if channel in desk.channels]
    whole = everything_paused(desk.store)
    for state, number in waiting.items():
        text = say(
            "有 {n} 条投递“{state}”，需要人处理：xuanfa deliveries --state {name}",
            "{n} deliveries are {state} and need a person: xuanfa deliveries --state {name}",
            n=number,
            state=state.label,
            name=state.value,
        )
        click.echo(text, err=True)
    twice = second_proofs(desk.store)
    if twice:
        text = say(
            "有 {n} 条投递有两份发布证据，可能发出了两次，需要人处理：xuanfa alarms",
            "There are two proofs of publication for {n} deliveries, which may be out twice and need a person: xuanfa alarms",
            n=len(twice),
        )
        click.echo(text, err=True)
    for channel in paused:
        text = say(
            "渠道 {channel} 已暂停，需要人处理：xuanfa channels",
            "The channel {channel} is paused and needs a person: xuanfa channels",
            channel=channel,
        )
        click.echo(text, err=True)
    if whole is not None:
        text = say(
            "已全部暂停（{why}），什么也没有发送。恢复：xuanfa resume",
            "Everything is paused ({why}), and nothing was sent. To go on: xuanfa resume",
            why=whole,
        )
        click.echo(text, err=True)
    return 1 if waiting or twice or paused or problems or whole is not None else 0
