"""``xuanfa review emergencies`` and ``xuanfa review late``: what the leader sees of a month."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from xuanfa.cli.person import as_option
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_of_group_option
from xuanfa.cli.tables import print_table
from xuanfa.cli.veil import veil
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.review_duties import Emergency, PhoneConsent
    from xuanfa.reports.duties import Lateness, Month

F = TypeVar("F", bound=Callable[..., Any])
month_option = click.option(
    "--month", metavar="YYYY-MM", help=say("哪个月，如 2026-12（缺省：本月）", "Which month, as 2026-12 (default: this one)")
)  # fmt: skip


@click.command(
    help=say(
        "一个月里先发后审的稿件和电话同意，报领导", "What went out before its review in a month, and consents by phone"
    )
)
@workspace_of_group_option
@json_option
@as_option
@month_option
def emergencies(workspace: Path | None, as_json: bool, month: str | None) -> None:
    from xuanfa.reports.duties import duties_of_month  # noqa: PLC0415

    with looking(workspace) as opened:
        first = _first(month, opened.clock(), opened.zone)
        found, now = duties_of_month(opened.store, opened.reviews, first, veil(opened)), opened.clock()
        zone = opened.zone
    if as_json:
        facts = {"month": f"{first:%Y-%m}", "emergencies": [each.as_json(now) for each in found.emergencies]}
        print_json(facts | {"phone": [each.as_json(now) for each in found.consents]})
        return
    _print_month(found, f"{first:%Y-%m}", now, zone)


def _print_month(found: "Month", month: str, now: datetime, zone: tzinfo) -> None:
    click.echo(
        say(
            "{month} 先发后审 {n} 件，电话同意 {m} 件",
            "{month}: {n} went out before their review, {m} consents by telephone",
            month=month,
            n=len(found.emergencies),
            m=len(found.consents),
        )
    )
    if found.emergencies:
        head = (
            say("稿件", "post"),
            say("标题", "title"),
            say("决定人", "by"),
            say("时间", "at"),
            say("补审", "review"),
            say("原因", "why"),
        )
        rows = [
            (
                each.post,
                each.title,
                found.names.get(each.by, each.by),
                shown_time(each.at, zone),
                _review_of(each, now, zone),
                each.why,
            )
            for each in found.emergencies
        ]
        print_table(head, rows, soft=(0, 1), last=True)
    if found.consents:
        head = (
            say("稿件", "post"),
            say("步骤", "step"),
            say("领导", "leader"),
            say("通话", "call"),
            say("登记人", "entered by"),
            say("本人确认", "confirmed"),
        )
        rows = [
            (
                each.post,
                f"{each.step} {each.step_name}",
                found.names.get(each.leader, each.leader),
                f"{shown_time(each.called_at, zone)} {each.number}",
                found.names.get(each.entered_by, each.entered_by),
                _word_of(each, now, zone),
            )
            for each in found.consents
        ]
        print_table(head, rows, soft=(0,), last=True)


def _review_of(each: "Emergency", now: datetime, zone: tzinfo) -> str:
    late = say("（超时）", " (late)") if each.is_late(now) else ""
    if each.reviewed_at is None:
        return say("未补审", "to follow") + late
    return shown_time(each.reviewed_at, zone) + late


def _word_of(each: "PhoneConsent", now: datetime, zone: tzinfo) -> str:
    late = say("（超时）", " (late)") if each.is_late(now) else ""
    if each.confirmed_at is not None:
        return shown_time(each.confirmed_at, zone) + late
    return say("稿件已改，作废", "void: the post changed") if each.void_at else say("未确认", "not confirmed") + late


@click.command(help=say("一个月里谁审超时了", "Who has decided too late in a month"))
@workspace_of_group_option
@json_option
@as_option
@month_option
def late(workspace: Path | None, as_json: bool, month: str | None) -> None:
    from xuanfa.reports.duties import lateness_of_month  # noqa: PLC0415

    with looking(workspace) as opened:
        first = _first(month, opened.clock(), opened.zone)
        veil(opened)  # whom something concerns hears of it
        found, zone = lateness_of_month(opened.store, opened.reviews, first, opened.zone), opened.zone
    if as_json:
        people = [
            {
                "name": name,
                "display": found.names.get(name, name),
                "decided": number,
                "late": found.late_by.get(name, 0),
            }
            for name, number in sorted(found.decided_by.items())
        ]
        print_json({"month": f"{first:%Y-%m}", "people": people, "late": [each.as_json() for each in found.late]})
        return
    _print_lateness(found, f"{first:%Y-%m}", zone)


def _print_lateness(found: "Lateness", month: str, zone: tzinfo) -> None:
    click.echo(
        say(
            "{month} 审了 {n} 步，其中超时 {late} 步",
            "{month}: {n} steps were decided, {late} of them late",
            month=month,
            n=sum(found.decided_by.values()),
            late=len(found.late),
        )
    )
    if found.decided_by:
        head = (say("姓名", "name"), say("审了", "decided"), say("超时", "late"))
        rows = [
            (found.names.get(name, name), str(number), str(found.late_by.get(name, 0)))
            for name, number in sorted(
                found.decided_by.items(), key=lambda item: (-found.late_by.get(item[0], 0), item)
            )
        ]
        print_table(head, rows)
    if found.late:
        titles = (
            say("稿件", "post"),
            say("步骤", "step"),
            say("姓名", "name"),
            say("应审", "due"),
            say("审于", "decided"),
        )
        rows_ = [
            (
                each.post,
                f"{each.step} {each.step_name}",
                found.names.get(each.by, each.by),
                shown_time(each.due_at, zone),
                shown_time(each.at, zone),
            )
            for each in found.late
        ]
        print_table(titles, rows_, soft=(0,))


def _first(month: str | None, now: datetime, zone: tzinfo) -> datetime:
    """The first moment of the month that was typed, or of this one. Raises a usage error."""
    if month is None:
        return now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    match = re.fullmatch(r"(\d{4})[-./年](\d{1,2})月?", unicodedata.normalize("NFKC", month).strip())
    if match is None or not int(match[1]) or not 1 <= int(match[2]) <= _MONTHS:
        raise click.BadParameter(
            say(
                "看不懂月份“{text}”。请写成 2026-12 这样。",
                "Cannot read the month {text!r}. Write it as 2026-12.",
                text=month,
            )
        )
    return datetime(int(match[1]), int(match[2]), 1, tzinfo=zone)


_MONTHS = 12
