"""Findings of ``check`` for people, each on a line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.checking import Found


def print_found(all_found: Sequence["Found"]) -> None:
    """Print them: what is the same again in a channel is counted and not told twice."""
    found = [one for one in all_found if not one.ignored]
    own = {(one.file, one.rule, one.text) for one in found if not one.channel}
    told = [one for one in found if not one.channel or (one.file, one.rule, one.text) not in own]
    for one in told:
        where = f"{one.file or one.post or '-'}:{one.line}:{one.column}"
        channel = f" [{one.channel}]" if one.channel else ""
        click.echo(
            f"{where}{channel} {one.level.label} {one.rule} {one.message}"
            + (say("（依据：{basis}）", " ({basis})", basis=one.basis) if one.basis else "")
        )
    counts = {level: sum(one.level == level for one in found) for level in dict.fromkeys(one.level for one in found)}
    levels = say("、", ", ").join(
        f"{level.label} {n}" for level, n in sorted(counts.items(), key=lambda pair: -pair[0].weight)
    )
    click.echo(
        say("共 {n} 处：{told}。", "{n} findings: {told}.", n=len(found), told=levels)
        if found
        else say("没有发现问题。", "Nothing was found.")
    )
    if len(told) < len(found):
        again = say(
            "其中 {n} 处是稿件里的同一问题到了各渠道，没有重复列出（--format json 全部列出）。",
            "{n} of them are the same again in what channels get, and are not told twice (--format json lists all).",
            n=len(found) - len(told),
        )
        click.echo(again)
    if len(found) < len(all_found):
        ignored = say(
            "另有 {n} 处有人写明理由忽略了。",
            "{n} more are ignored, each with somebody's reason.",
            n=len(all_found) - len(found),
        )
        click.echo(ignored)
