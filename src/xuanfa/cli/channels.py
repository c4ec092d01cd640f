"""``xuanfa channels``: list them; pause and resume one; sign in to one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.pause import pause_and_tell
from xuanfa.cli.person import as_option, person
from xuanfa.cli.shared import (
    channel_argument,
    desk,
    findings_json,
    json_option,
    looking,
    print_json,
    why_option,
    workspace_of_group_option,
    workspace_option,
)
from xuanfa.cli.tables import print_table
from xuanfa.domain.act import Resume, SignIn
from xuanfa.domain.alarm import way_on
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy

if TYPE_CHECKING:
    from xuanfa.operations.deciding.sign_in import SigningIn
    from xuanfa.operations.desk import Desk


@click.group(invoke_without_command=True)
@workspace_option
@json_option
@click.pass_context
def command(ctx: click.Context, workspace: Path | None, as_json: bool) -> None:
    ctx.obj = workspace
    if ctx.invoked_subcommand is None:
        with looking(workspace) as opened:
            _list(opened, as_json=as_json)


def _list(opened: "Desk", *, as_json: bool) -> None:
    from xuanfa.reports.listing import everything_paused, paused_channels  # noqa: PLC0415

    paused, whole = paused_channels(opened.store), everything_paused(opened.store)
    if whole is not None:
        paused = dict.fromkeys(opened.channels, whole) | paused
    if as_json:
        print_json(
            [
                {
                    "id": channel.id,
                    "kind": channel.kind,
                    "title": channel.title,
                    "rehearsal": channel.rehearsal,
                    "paused": channel.id in paused,
                    "reason": paused.get(channel.id, ""),
                    "columns": [c.id for c in opened.columns.values() if channel.id in c.channels],
                }
                for channel in opened.channels.values()
            ]
        )
        return
    head = (
        say("渠道", "Channel"),
        say("名称", "Title"),
        say("类型", "Kind"),
        say("情况", "Standing"),
        say("专栏", "Columns"),
    )
    rows = []
    for channel in opened.channels.values():
        standing = say("演练", "rehearsal") if channel.rehearsal else say("正式", "real")
        if channel.id in paused:
            standing += say("，已暂停：{why}", ", paused: {why}", why=paused[channel.id])
        columns = say("、", ", ").join(c.title for c in opened.columns.values() if channel.id in c.channels)
        rows.append((channel.id, channel.title, channel.kind, standing, columns))
    print_table(head, rows, soft=(3, 4, 1))
    if whole is not None:
        click.echo(say("已全部暂停：{why}", "Everything is paused: {why}", why=way_on(whole, Remedy("resume"))))


@command.command("pause", help=say("暂停：不再向这个渠道发送", "Send nothing to a channel"))
@channel_argument
@as_option
@why_option(required=True)
@workspace_of_group_option
@json_option
def pause_command(channel: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    with desk(workspace) as opened:
        pause_and_tell(opened, opened.known_channel(channel), why, as_json=as_json)


@command.command("resume", help=say("恢复：重新向这个渠道发送", "Send to a channel again"))
@channel_argument
@as_option
@why_option(required=False)
@workspace_of_group_option
@json_option
def resume_command(channel: str, why: str, workspace: Path | None, *, as_json: bool) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415

    with desk(workspace) as opened:
        channel = opened.known_channel(channel)
        carry_out(opened, Resume(channel=channel), person(opened, why))
    if as_json:
        print_json({"channel": channel, "paused": False})
        return
    click.echo(
        say(
            "渠道 {channel} 已恢复。暂停期间错过时间的投递会暂缓，等人放行。",
            "The channel {channel} is resumed. What has become too late meanwhile is held for a person.",
            channel=channel,
        )
    )


@command.command(
    "login", help=say("登录：取得平台账号的授权（微博、抖音）", "Sign in to a channel's account (Weibo, Douyin)")
)
@channel_argument
@click.option("--open", "open_it", is_flag=True, help=say("用默认浏览器打开授权页", "Open the page in the browser"))
@click.option(
    "--paste", is_flag=True, help=say("手工粘贴结果，不等浏览器回调", "Paste the result, do not wait for the browser")
)
@as_option
@workspace_of_group_option
@json_option
@click.pass_context
def login_command(
    ctx: click.Context, /, *, channel: str, open_it: bool, paste: bool, workspace: Path | None, as_json: bool
) -> None:
    from xuanfa.operations.deciding.door import carry_out  # noqa: PLC0415
    from xuanfa.operations.deciding.sign_in import await_code, begin_sign_in  # noqa: PLC0415

    with desk(workspace) as opened:
        channel, by = opened.known_channel(channel), person(opened, "")
        signing_in = begin_sign_in(opened, channel)
        listens = signing_in.is_loopback and not paste
        _show_the_way(signing_in, listens=listens, err=as_json)
        if open_it:
            click.launch(signing_in.address)
        code = await_code(signing_in) if listens else _pasted(signing_in)
        ended = carry_out(opened, SignIn(channel=channel, code=code), by)
    if as_json:
        print_json(
            {
                "channel": channel,
                "ok": ended.is_well,
                "paused": ended.is_paused,
                "findings": findings_json(ended.findings),
            }
        )
        ctx.exit(0 if ended.is_well else 1)
    for finding in ended.findings:
        click.echo(f"{'✗' if finding.severity is Severity.BLOCK else '✓'} {finding.message}")
    if ended.is_well and ended.is_paused:
        click.echo(
            say(
                "渠道仍处于暂停，请运行 xuanfa channels resume {channel}。",
                "The channel is still paused; run xuanfa channels resume {channel}.",
                channel=channel,
            )
        )
    ctx.exit(0 if ended.is_well else 1)


def _show_the_way(signing_in: "SigningIn", *, listens: bool, err: bool) -> None:
    """What a person has to do; on standard error where the output is for a program."""
    click.echo(
        say(
            "请用浏览器打开下面的地址，以本单位的账号登录并授权：",
            "Open this address in a browser, sign in with the office's account and allow it:",
        ),
        err=err,
    )
    click.echo(f"\n  {signing_in.address}\n", err=err)
    if listens:
        text = say(
            "正在 {where} 等待授权结果（按 Ctrl+C 中止；浏览器不在本机时请改用 --paste）…",
            "Waiting at {where} for the result (Ctrl+C to abort; use --paste if the browser is on another machine)…",
            where=signing_in.redirect_uri,
        )
    else:
        text = say(
            "授权后浏览器会跳到另一个地址（页面打不开也没关系）。请把地址栏里的整个地址，或其中 code= 后面的部分，粘贴到这里，按回车（不会显示）：",
            "The browser then goes to another address (it need not open). Paste that whole address, or what follows code= in it, here and "
            "press Enter (it is not shown):",
        )
    click.echo(text, err=err)
    sys.stdout.flush()


def _pasted(signing_in: "SigningIn") -> str:
    """The code, from a terminal that does not show it or from a pipe."""
    from xuanfa.operations.deciding.sign_in import pasted_code  # noqa: PLC0415

    text = click.prompt("", prompt_suffix="", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    return pasted_code(signing_in, text)
