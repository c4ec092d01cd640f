"""``xuanfa show``: one post or one delivery, with everything that happened."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.decisions import as_number
from xuanfa.cli.shared import json_option, looking, print_json, shown_time, workspace_option
from xuanfa.cli.veil import opening_options, veil
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import language, say

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from xuanfa.reports.listing import AttemptFacts, DeliveryRow, HistoryRow

#: The words of a history besides the states: actions, their outcomes, decisions. Programs get them as they are.
WORDS = {
    "stage": "准备",
    "publish": "发布",
    "confirm": "查询",
    "retract": "撤稿",
    "staged": "备妥",
    "accepted": "已受理",
    "paused": "暂停",
    "resumed": "解除暂停",
    "deferred": "推迟",
    "unsent": "未发出",
    "absent": "查无",
    "lost": "中断",
    "rescheduled": "改期",
    "late_answer": "迟到的回音",
    "restored": "从备份恢复",
    "node_gone": "确认进程已结束",
    "gone": "发送进程已结束",
    "frozen": "成稿已定",
    "not_found": "没有查到",
    "expires": "失效时间已定",
    "second_proof": "第二份发布证据",
    "receipt_altered": "回执被改动",
    "withdrawal_unknown": "撤稿结果不明",
    "once": "确认只有一份",
    "refused": "未获准",
    "scanned": "收下签字扫描件",
    "archived": "归档",
    "attach_scan": "交签字扫描件",
    "archive": "归档",
    "cancel": "取消",
    "reschedule": "改期",
    "release": "放行",
    "retry": "重试",
    "resolve_published": "核实已发出",
    "resolve_absent": "核实没有",
    "resolve_once": "核实只有一份",
    "retract_done": "登记已撤",
    "withdraw": "全文撤稿",
    "withdrawn": "下令全文撤稿",
    "approve_withdrawal": "追认撤稿",
    "withdrawal_approved": "撤稿已追认",
    "correct": "更正",
    "corrected": "已更正",
    "not_corrected": "更正没有成",
    "pause": "暂停",
    "resume": "解除暂停",
    "sign_in": "登录",
    "all_posts_are_here": "稿件已放齐",
    "adopt": "接管数据库",
    "restore": "恢复备份",
    "log_in": "登录系统",
    "logged_in": "登录系统",
    "user_locked": "锁定用户",
    "add_user": "新建用户",
    "change_user": "修改用户",
    "disable_user": "停用用户",
    "enable_user": "启用用户",
    "unlock_user": "解锁用户",
    "set_password": "改密码",
    "make_token": "制作令牌",
    "revoke_token": "作废令牌",
    "edit": "改稿",
    "proofread": "审校中改稿",
    "submitted": "送审",
    "approved": "审核通过",
    "returned": "退回",
    "confirmed": "确认电话同意",
    "changed": "改动，审核失效",
    "expired": "审核过期",
    "moved": "改时间或渠道，末步重审",
    "delegated": "委托代审",
    "submit_review": "送审",
    "approve_review": "审核通过",
    "return_review": "退回",
    "phone_review": "登记电话同意",
    "confirm_review": "确认电话同意",
    "emergency": "先发后审",
    "delegate_review": "委托代审",
    "restricted": "设为限阅",
    "access_narrowed": "限阅名单缩小",
    "access_wished": "限阅名单待放宽",
    "access_widened": "限阅名单放宽",
    "restriction_lifted": "解除限阅",
    "restricted_opened": "打开限阅稿件",
    "open_restricted": "打开限阅稿件",
    "ignore_finding": "忽略检查问题",
    "ignore_for_ever": "永久忽略检查问题",
    "finding_ignored": "检查问题已忽略",
    "finding_accepted": "检查问题已写明理由",
    "found": "检查出问题",
    "verdict_altered": "检查结论被改动",
    "confirm_access": "确认放宽限阅",
}


@click.command()
@workspace_option
@json_option
@opening_options
@click.argument("what", metavar="POST|ID", shell_complete=slugs)
def command(workspace: Path | None, as_json: bool, what: str, why: str) -> None:
    from xuanfa.operations.restricting.rule import require_may_read  # noqa: PLC0415
    from xuanfa.reports.listing import history, list_deliveries  # noqa: PLC0415

    with looking(workspace) as opened:
        number = as_number(what.removeprefix("#"))
        rows = [] if number is None else list_deliveries(opened.store, ids=[number])
        rows = rows or list_deliveries(opened.store, post=what)
        if not rows and number is None:
            opened.known_post(what)
        if not rows:
            text = say(
                "没有名为“{what}”的稿件，也没有这个编号的投递：用 xuanfa posts 或 xuanfa deliveries 查看。",
                "There is no post and no delivery {what!r}: see xuanfa posts and xuanfa deliveries.",
                what=what,
            )
            raise StateError(text)
        slug = rows[0].post
        seen_by = veil(opened, slug, why)
        require_may_read(seen_by, slug)
        rows = list_deliveries(opened.store, ids=[row.id for row in rows], veil=seen_by)
        histories = {row.id: history(opened.store, row.id) for row in rows}
        zone = opened.zone
    if as_json:
        print_json(
            [
                row.as_json()
                | ({"title_now": row.title_now} if row.title_now != row.title else {})
                | {"history": [line.as_json() for line in histories[row.id]]}
                for row in rows
            ]
        )
        return
    _print(rows, histories, zone)


def _print(rows: "list[DeliveryRow]", histories: "Mapping[int, list[HistoryRow]]", zone: "tzinfo") -> None:
    first = rows[0]
    title = say(
        "《{t}》 {post} · 第 {n} 版", "{t} ({post}, revision {n})", t=first.title, post=first.post, n=first.revision
    )
    click.echo(title)
    if first.title_now != first.title:
        click.echo(say("稿件现在的标题：《{t}》", "the post's title now: {t}", t=first.title_now))
    for row in rows:
        click.echo("")
        rehearsal = say("（演练）", " (rehearsal)") if row.rehearsal else ""
        line: str = say(
            "#{id} {channel}：{state}",
            "#{id} {channel}: {state}",
            id=row.id,
            channel=row.channel,
            state=row.state.label,
        )
        click.echo(f"{line}{rehearsal}  {row.address or row.reason}".rstrip())
        if row.emergency:
            said = say("先发后审：{who}", "before its review, by {who}", who=row.approved_by or "-")
            click.echo(f"  {said}  {shown_time(row.approved_at, zone)}")
        click.echo("  " + say("应发 {due}", "due {due}", due=shown_time(row.due_at, zone)))
        if row.account:
            click.echo("  " + say("账号 {account}", "account {account}", account=row.account))
        if row.published_at is not None and row.state in {State.PUBLISHED, State.RETRACTED}:
            click.echo("  " + say("发布 {at}", "published {at}", at=shown_time(row.published_at, zone)))
        for entry in histories[row.id]:
            drill = say("（演练）", " (rehearsal)") if entry.attempt is not None and entry.attempt.rehearsal else ""
            line = (
                f"  {entry.at.astimezone(zone):%m-%d %H:%M:%S} {in_words(entry.what)}{drill}  {entry.who}  {entry.why}"
            )
            click.echo(f"{line.rstrip()}{_counted(entry.attempt)}")


def _counted(attempt: "AttemptFacts | None") -> str:
    """How much of an attempt's request left this machine, unless its evidence says so already."""
    if attempt is None or attempt.bytes_total is None or attempt.outcome in {"unsent", "unknown"}:
        return ""
    sent, total = attempt.bytes_sent, attempt.bytes_total
    return say(
        "  （{sent:,}/{total:,} 字节离开本机）",
        "  ({sent:,} of {total:,} bytes left this machine)",
        sent=sent,
        total=total,
    )


def in_words(what: str) -> str:
    """A line of history in the reader's language."""
    if language() == "en":
        return what
    words = WORDS | {state.value: state.label for state in State}
    if what.startswith("stage"):  # what was only prepared may have left whole: it made nothing public
        words |= {"unsent": "没有备妥"}
    return re.sub(r"[a-z_]+", lambda match: words.get(match[0], match[0]), what).replace(": ", "：")
