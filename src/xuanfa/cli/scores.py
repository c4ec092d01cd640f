"""The table of what departments' posts come to, for ``xuanfa count --scores``."""

from typing import TYPE_CHECKING, Any

import click

from xuanfa.cli.shared import print_json
from xuanfa.cli.tables import print_table
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.scoring import Score, ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xuanfa.domain.access import Veil
    from xuanfa.domain.scoring import Level
    from xuanfa.operations.desk import Desk
    from xuanfa.reports.period import Period


def show_scores(opened: "Desk", period: "Period", veil: "Veil", *, in_order: bool, as_json: bool) -> None:
    """The table of a period. Raises ConfigError where the office scores nothing."""
    from xuanfa.reports.scores import scores  # noqa: PLC0415

    if not opened.levels:
        raise ConfigError(
            say(
                "没有规定怎样计分，缺省不计：要计分，在 xuanfa.toml 写 [scoring.名称]，写法见 docs/settings.md。",
                "Nothing is scored by itself: write [scoring.ID] in xuanfa.toml; docs/settings.md shows how.",
            )
        )
    today = opened.clock().astimezone(opened.zone).date()
    found = scores(opened.store, period, opened.levels, opened.organisation.departments, today=today, veil=veil)
    placed: list[tuple[int | None, Score]] = [*ranked(found)] if in_order else [(None, each) for each in found]
    if as_json:
        print_json([_as_json(place, each) for place, each in placed])
        return
    if not placed:
        click.echo(say("没有供稿，也没有部门名单。", "Nothing was sent in, and there is no list of departments."))
        return
    _print(placed, opened.levels, in_order=in_order)
    _explain(opened.levels, (period.until or today).year)


def _as_json(place: int | None, score: Score) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "department": score.name,
        "submitted": score.submitted,
        "taken": dict(score.taken),
        "points": score.points,
        "since_january": score.since_january,
    }
    return facts if place is None else {"place": place} | facts


def _print(placed: "Sequence[tuple[int | None, Score]]", levels: "Sequence[Level]", *, in_order: bool) -> None:
    head = [
        say("部门", "Department"),
        say("报送", "Sent in"),
        *(level.title for level in levels),
        say("得分", "Points"),
        say("累计得分", "Since January"),
    ]
    rows = [
        [
            score.name or say("（未写部门）", "(no department)"),
            str(score.submitted),
            *(str(score.taken.get(level.id, 0)) for level in levels),
            str(score.points),
            str(score.since_january),
        ]
        for _, score in placed
    ]
    if in_order:
        head.insert(0, say("名次", "Place"))
        rows = [[str(place), *row] for (place, _), row in zip(placed, rows, strict=True)]
    print_table(head, rows)


def _explain(levels: "Sequence[Level]", year: int) -> None:
    each = say("，", ", ").join(
        say("{title}每篇 {n} 分", "{n} points for each post at {title}", title=level.title, n=level.points)
        for level in levels
    )
    text = say(
        "口径：报送为期间内收到的稿件；采用为期间内在该级渠道上确认发布、没有撤回的稿件，每篇在每级计一次；{each}；"
        "累计得分从 {year} 年 1 月 1 日起算。",
        "Definition: sent in are the posts that came in within the period; taken up are those confirmed on a channel of that level and not "
        "withdrawn, each once a level; {each}; the total counts from 1 January {year}.",
        each=each,
        year=year,
    )
    click.echo(text)


def no_scores_with(*named: object) -> None:
    """Raise a usage error where something is asked for that has no place beside scores."""
    if any(each is not None for each in named):
        raise click.UsageError(
            say(
                "--scores 不能与 --channel、--department 同用。",
                "--scores goes with neither --channel nor --department.",
            )
        )
