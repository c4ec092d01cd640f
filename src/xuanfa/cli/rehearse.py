"""``xuanfa rehearse``: what each platform would show, tried on practice platforms."""

import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from xuanfa.cli.completing import slugs
from xuanfa.cli.person import seal_what_was_decided
from xuanfa.cli.shared import channel_option, findings_json, json_option, print_json, workspace_option
from xuanfa.cli.veil import look, opening_options
from xuanfa.domain.errors import ContentError
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.operations.practising.practice import Shown
    from xuanfa.operations.practising.rehearse import Rehearsed


@click.command()
@workspace_option
@json_option
@opening_options
@channel_option(say("只看这个渠道（可写多次）", "Only this channel (may be repeated)"), multiple=True)
@click.option("--open", "open_it", is_flag=True, help=say("在浏览器里打开", "Open it in the browser"))
@click.argument("post", shell_complete=slugs)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    *,
    workspace: Path | None,
    as_json: bool,
    channels: Sequence[str],
    open_it: bool,
    post: str,
    why: str,
) -> None:
    from xuanfa.bootstrap import find_workspace, looking_desk  # noqa: PLC0415 - heavy, and not needed for --help
    from xuanfa.bootstrap.rehearsal import rehearsal_desk  # noqa: PLC0415 - as above
    from xuanfa.operations.practising.preview import find_post  # noqa: PLC0415 - as above
    from xuanfa.operations.practising.rehearse import rehearse  # noqa: PLC0415 - as above

    folder, name = find_workspace(workspace), _name(post)
    with looking_desk(folder) as opened:
        chosen = [opened.known_channel(channel) for channel in channels]
        meant = find_post(opened, post, look(opened, why))
        is_restricted, printed = meant.is_restricted, dict(meant.file.printed)
        if is_restricted:  # what was rehearsed before it was
            shutil.rmtree(folder / "var" / "rehearse" / name, ignore_errors=True)
        if not opened.store.read_only:
            seal_what_was_decided(opened)
    place = _place(folder, private=is_restricted) / name
    with rehearsal_desk(folder, place, tells_all=is_restricted, printed=printed) as practice:
        found = rehearse(practice, post, chosen)
    if as_json:
        print_json(_as_json(found))
    else:
        _print(found)
    if open_it:
        click.launch(str(found.index))
    ctx.exit(0 if all(one.is_well for one in found.shown) else 1)


def _place(folder: Path, *, private: bool) -> Path:
    """Where rehearsals are kept: of an account that may write nothing in the workspace, and of what nobody else is to see, in a folder of its
    own that stays."""
    var = folder / "var"
    kept = next(place for place in (var / "rehearse", var, folder) if place.exists())
    if not private and os.access(kept, os.W_OK | os.X_OK):
        return var / "rehearse"
    return Path(tempfile.mkdtemp(prefix="xuanfa-rehearse-"))


def _name(post: str) -> str:
    """The folder of a rehearsal: the slug, or the name of the file."""
    name = Path(post).stem if Path(post).is_file() else post
    if Path(name).name != name or name in {"", ".", ".."}:
        raise ContentError(
            say(
                "没有“{post}”这个文件。请写稿件的文件路径或 slug。",
                "There is no file {post!r}. Give a path or a slug.",
                post=post,
            )
        )
    return name


def _as_json(found: "Rehearsed") -> dict[str, object]:
    return {
        "post": found.post.slug,
        "index": str(found.index),
        "channels": [
            {
                "channel": one.channel,
                "kind": one.kind,
                "state": one.state.value,
                "reason": one.reason,
                "address": one.address or None,
                "due_at": one.due_at,
                "requests": len(one.arrivals),
                "page": str(one.page),
                "findings": findings_json(one.findings),
            }
            for one in found.shown
        ],
    }


def _print(found: "Rehearsed") -> None:
    for notice in found.notices:
        click.echo(say("提示 {text}", "Note {text}", text=notice), err=True)
    for one in found.shown:
        click.echo(_line(one))
        for finding in one.findings:
            if finding.severity is Severity.BLOCK:
                click.echo(f"  ✗ {finding.message}")
    well = sum(one.is_well for one in found.shown)
    click.echo(
        say(
            "演练完成：{well} 个渠道能发，{rest} 个要人处理。什么都没有真发出去。\n打开看效果：{index}",
            "Rehearsed: {well} channels would go well, {rest} need a person. Nothing was really sent.\nLook at it: {index}",
            well=well,
            rest=len(found.shown) - well,
            index=found.index,
        )
    )


def _line(one: "Shown") -> str:
    said = one.reason or one.address
    return f"{'✓' if one.is_well else '✗'} {one.title}{say('：', ': ')}{one.state.label}" + (
        f"  {said}" if said else ""
    )
