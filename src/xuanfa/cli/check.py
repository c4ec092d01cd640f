"""``xuanfa check``: nothing wrong leaves by oversight. Posts, files, a passage from standard input, or lines for other programs."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from xuanfa.cli.check_ignoring import ignore_command
from xuanfa.cli.check_links import dead_links
from xuanfa.cli.check_readers import Eyes, both_readers, engine_of
from xuanfa.cli.check_told import print_found
from xuanfa.cli.person import as_option
from xuanfa.cli.shared import (
    Day,
    channel_option,
    json_option,
    looking,
    print_json,
    workspace_of_group_option,
    workspace_option,
)
from xuanfa.cli.veil import look, veil
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say

if TYPE_CHECKING:
    from xuanfa.domain.checking import Found
    from xuanfa.operations.checking.workspace import Engine

_FIELDS: Final = ("title", "summary", "author", "caption", "body")


class CheckGroup(click.Group):
    """A group that is a command by itself: what is typed behind it is what to check, unless it is the name of a command of the group."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        """Without the argument where a command of the group was named."""
        params = super().get_params(ctx)
        return [one for one in params if not isinstance(one, click.Argument)] if ctx.meta.get("inner") else params

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As a group, or as a command."""
        ctx.meta["inner"] = _names_a_command(args, self.commands)
        if ctx.meta["inner"]:
            ctx.params.setdefault("targets", ())
            return super().parse_args(ctx, args)
        ctx.allow_interspersed_args = True  # options may stand behind what they are about
        rest = click.Command.parse_args(self, ctx, args)
        ctx.args = []
        return rest

    def invoke(self, ctx: click.Context) -> Any:
        """The command of the group that was named, or the group's own work."""
        return super().invoke(ctx) if ctx.meta.get("inner") else click.Command.invoke(self, ctx)


def _names_a_command(args: Sequence[str], commands: Iterable[str]) -> bool:
    """Whether the first word that is no option is a command's name."""
    it = iter(args)
    for word in it:
        if word in ("-w", "--workspace"):
            next(it, None)
        elif not word.startswith("-"):
            return word in commands
        elif word != "--json":
            return False
    return False


@click.group(cls=CheckGroup, invoke_without_command=True)
@workspace_option
@channel_option(say("只看这个渠道的成稿（可写多次）", "Only this channel's rendition (may be repeated)"), multiple=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    help=say("输出的格式", "How to print"),
)
@json_option
@click.option(
    "--fix",
    is_flag=True,
    help=say("改掉能放心改的（标点、全角数字、文号写法），写回文件", "Mend what is safe to mend, in the files"),
)
@click.option(
    "--mask", is_flag=True, help=say("遮盖个人信息和姓名，写回文件", "Mask what leads to a person, in the files")
)
@click.option("--text-stdin", is_flag=True, help=say("检查标准输入的一段文字", "Check a passage from standard input"))
@click.option(
    "--jsonl", is_flag=True, help=say('标准输入每行一个 {"id","text"}', "Standard input has a JSON object on each line")
)
@click.option(
    "--field",
    "part",
    type=click.Choice(_FIELDS),
    default="body",
    help=say("这段文字是稿件的哪一部分", "Which part of a post the passage is"),
)
@click.option(
    "--links",
    is_flag=True,
    help=say("也看链接能不能打开（会访问网络）", "Also ask whether links can be opened (goes to the network)"),
)
@click.option(
    "--what-if",
    "rule",
    metavar="RULE",
    help=say("这条规则会拦下哪些已发布的内容", "What this rule would have found in what is out"),
)
@click.option(
    "--published",
    is_flag=True,
    help=say("列出已发布内容里按现在的规则查出的严重问题", "What is out and hits today's rules"),
)
@click.option(
    "--on",
    "day",
    type=Day(),
    help=say("按哪一天的规则检查（缺省：今天）", "By the rules of which day (default: today)"),
)
@as_option
@click.argument("targets", nargs=-1)
@click.pass_context
def command(
    ctx: click.Context, /, *, workspace: Path | None, channels: Sequence[str], form: str, fix: bool, mask: bool,
    text_stdin: bool, jsonl: bool, as_json: bool, part: str, links: bool, rule: str | None, published: bool,
    day: date | None, targets: Sequence[str],
) -> None:  # fmt: skip
    ctx.obj = workspace
    if ctx.invoked_subcommand is not None and ctx.meta.get("inner"):
        return
    if sum((text_stdin, jsonl, mask, rule is not None, published)) > 1:
        raise click.UsageError(
            say(
                "--text-stdin、--jsonl、--mask、--what-if 和 --published 只能用一个。",
                "Use only one of --text-stdin, --jsonl, --mask, --what-if and --published.",
            )
        )
    when, form = day or _today(), "json" if as_json else form
    if text_stdin:
        ctx.exit(_passage(workspace, form, part, when, channels, fix=fix))
    if jsonl:
        ctx.exit(_lines(workspace, when))
    if mask:
        ctx.exit(_mask(workspace, targets, when))
    if rule is not None:
        ctx.exit(_told(list(_what_if(workspace, rule, when)), form))
    if published:
        ctx.exit(_told(_out_now(workspace), form))
    found = _checked(workspace, targets, channels, when, fix=fix)
    ctx.exit(_told([*found, *dead_links(workspace, targets)] if links else found, form))


def _today() -> date:
    from xuanfa.bootstrap import utc_now  # noqa: PLC0415

    return utc_now().astimezone().date()


def _passage(workspace: Path | None, form: str, part: str, when: date, channels: Sequence[str], *, fix: bool) -> int:
    from xuanfa.operations.checking.posts import check_text, mended  # noqa: PLC0415

    text = _standard_input()
    found = check_text(both_readers(workspace), text, when=when, part=part)
    for channel in channels:
        found += (replace(one, channel=channel) for one in _limits(workspace, channel, text, part))
    if fix and form == "text":
        click.echo(mended(text, found), nl=False)
        return _code(found)
    return _told(found, form)


def _limits(workspace: Path | None, channel: str, text: str, part: str) -> Iterator["Found"]:
    """What is too long for a channel that is named by its id or its kind."""
    from xuanfa.bootstrap.checking import traits_named, workspace_or_none  # noqa: PLC0415
    from xuanfa.operations.checking.channels import of_passage  # noqa: PLC0415

    traits = traits_named(workspace_or_none(workspace), channel)
    if traits is None:
        _tell_unknown(channel)
    else:
        yield from of_passage(text, traits, part=part)


@cache
def _tell_unknown(channel: str) -> None:
    """Say once of a name that it is no channel's."""
    words = say(
        "没有渠道 {channel}：没有查它的长度限制。",
        "There is no channel {channel}: its limits were not looked at.",
        channel=channel,
    )
    click.echo(words, err=True)


def _standard_input() -> str:
    from xuanfa.operations.checking.posts import text_of_bytes  # noqa: PLC0415

    return text_of_bytes(sys.stdin.buffer.read(), "-") if hasattr(sys.stdin, "buffer") else sys.stdin.read()


def _lines(workspace: Path | None, when: date) -> int:
    """One JSON object a line in, one finding a line out; keys that are not known are not minded."""
    from xuanfa.operations.checking.posts import check_text  # noqa: PLC0415

    # Whoever weighs findings by a program wants to know what each of both readers has seen.
    engine = replace(both_readers(workspace), beside=True)
    code = 0
    for number, line in enumerate(_standard_input().splitlines(), 1):
        if not line.strip():
            continue
        given = _given(line, number)
        part = given.get("field") if given.get("field") in _FIELDS else "body"
        found = check_text(
            engine,
            given["text"],
            when=when,
            part=str(part),
            is_post=given.get("format") == "post",
            shown_as=str(given["id"]),
        )
        if isinstance(given.get("channel"), str) and given.get("format") != "post":
            found += _limits(workspace, given["channel"], given["text"], str(part))
        for one in _capped(found):
            click.echo(
                json.dumps({"id": given["id"], **one.data(), "channel": given.get("channel")}, ensure_ascii=False)
            )
        code = max(code, _code(found))
    return code


def _given(line: str, number: int) -> dict[str, Any]:
    try:
        given = json.loads(line)
    except ValueError as error:
        raise click.UsageError(
            say("标准输入第 {n} 行不是 JSON。", "Line {n} of standard input is no JSON.", n=number)
        ) from error
    if not isinstance(given, dict) or "id" not in given or not isinstance(given.get("text"), str):
        raise click.UsageError(
            say("标准输入第 {n} 行缺少 id 或 text。", "Line {n} of standard input lacks id or text.", n=number)
        )
    return given


def _mask(workspace: Path | None, targets: Sequence[str], when: date) -> int:
    from xuanfa.operations.checking.masking import mask_file  # noqa: PLC0415

    if not targets:
        raise click.UsageError(say("请写出要遮盖的文件。", "Name the files to mask."))
    _require_open(workspace, targets, when)
    engine = engine_of(workspace)
    for target in targets:
        count, left = mask_file(engine, Path(target), when=when)
        click.echo(say("{path}：遮盖了 {n} 处。", "{path}: {n} places masked.", path=target, n=count))
        for one in left:
            click.echo(
                say(
                    "  {line}:{column} {message}",
                    "  {line}:{column} {message}",
                    line=one.line,
                    column=one.column,
                    message=one.message,
                )
            )
    return 0


def _require_open(workspace: Path | None, targets: Sequence[str], when: date) -> None:
    """Raise StateError where a post that is hidden from whoever asks is among the files."""
    from xuanfa.bootstrap.checking import workspace_or_none  # noqa: PLC0415
    from xuanfa.operations.checking.posts import check_post, posts_named  # noqa: PLC0415

    folder = workspace_or_none(workspace)
    if folder is None:
        return
    with looking(folder) as opened:
        looks = look(opened, "")
        for file in posts_named(opened, targets)[0]:
            next(iter(check_post(opened, engine_of(folder), file, today=when, look=looks)), None)


def _checked(
    workspace: Path | None, targets: Sequence[str], channels: Sequence[str], when: date, *, fix: bool
) -> list["Found"]:
    from xuanfa.bootstrap.checking import workspace_or_none  # noqa: PLC0415
    from xuanfa.operations.checking.posts import check_file  # noqa: PLC0415

    folder = workspace_or_none(workspace)
    if folder is None:
        if not targets:
            from xuanfa.bootstrap import find_workspace  # noqa: PLC0415

            find_workspace(None)  # says that there is none
        engine = both_readers(None)
        if fix:
            _mend(engine, [Path(target) for target in targets], when)
        return [one for target in targets for one in check_file(engine, Path(target), when=when)]
    return _checked_posts(folder, targets, channels, when, fix=fix)


def _checked_posts(
    folder: Path, targets: Sequence[str], channels: Sequence[str], when: date, *, fix: bool
) -> list["Found"]:
    from xuanfa.operations.checking.ignored import with_ignored  # noqa: PLC0415
    from xuanfa.operations.checking.posts import check_file, check_post, posts_named  # noqa: PLC0415

    engine = both_readers(folder)
    eyes = Eyes()
    found: list[Found] = []
    with looking(folder) as opened:
        channels = [opened.known_channel(channel) for channel in channels]
        files, others = posts_named(opened, targets)
        looks = look(opened, "")
        for file in files:
            try:
                if fix:
                    list(check_post(opened, engine, file, today=when, look=looks))  # nothing is mended that is hidden
                    _mend(engine, [file.path], when)
                found += check_post(opened, engine, file, today=when, channels=channels, look=looks, eyes=eyes)
            except (ContentError, StateError) as error:
                if targets:
                    raise
                click.echo(str(error), err=True)
        if fix:
            _mend(engine, others, when)
        for path in others:
            found += check_file(engine, path, when=when)
        return list(with_ignored(opened, found))


def _mend(engine: "Engine", paths: Sequence[Path], when: date) -> None:
    from xuanfa.operations.checking.masking import fix_file  # noqa: PLC0415

    for path in paths:
        count = fix_file(engine, path, when=when)
        if count:
            click.echo(say("{path}：改了 {n} 处。", "{path}: {n} places mended.", path=path, n=count), err=True)


def _what_if(workspace: Path | None, rule: str, when: date) -> Iterator["Found"]:
    from xuanfa.bootstrap import find_workspace  # noqa: PLC0415
    from xuanfa.operations.checking.published import what_if  # noqa: PLC0415

    folder = find_workspace(workspace)
    with looking(folder) as opened:
        yield from what_if(opened, engine_of(folder), rule, today=when, veil=veil(opened))


def _out_now(workspace: Path | None) -> list["Found"]:
    from xuanfa.bootstrap import find_workspace  # noqa: PLC0415
    from xuanfa.operations.checking.ignored import out_now  # noqa: PLC0415

    with looking(find_workspace(workspace)) as opened:
        hidden = veil(opened)
        return [one for one in out_now(opened) if not hidden.hides(one.post)]


def _code(found: Iterable["Found"]) -> int:
    return 1 if any(one.level.weight >= 2 and not one.ignored for one in found) else 0  # noqa: PLR2004 - severe and above


def _capped(found: Sequence["Found"]) -> Sequence["Found"]:
    from xuanfa.operations.checking.posts import MOST  # noqa: PLC0415

    if len(found) <= MOST:
        return found
    click.echo(
        say("问题超过 {n} 处，只列前 {n} 处。", "There are more than {n} findings: the first {n} are told.", n=MOST),
        err=True,
    )
    return found[:MOST]


def _told(found: Sequence["Found"], form: str) -> int:
    code = _code(found)
    found = _capped(found)
    if form == "json":
        click.echo(json.dumps([one.data() for one in found], ensure_ascii=False, indent=2))
    elif form == "sarif":
        from xuanfa.cli.sarif import sarif  # noqa: PLC0415

        click.echo(json.dumps(sarif([one for one in found if not one.ignored]), ensure_ascii=False, indent=2))
    else:
        print_found(found)
    return code


@command.command(
    "import", short_help=say("导入词表（.txt、.csv、.xlsx），加密保存", "Import a list of words, kept encrypted")
)
@workspace_of_group_option
@json_option
@click.option("--name", default="", help=say("清单的名称（缺省：文件名）", "The list's name (default: the file's)"))
@click.option(
    "--level",
    type=click.Choice(["veto", "severe", "minor", "hint"]),
    default="severe",
    help=say("命中时的级别", "The level of what it finds"),
)
@click.argument("file", type=click.Path(path_type=Path))
def import_command(workspace: Path | None, as_json: bool, name: str, level: str, file: Path) -> None:
    """导入词表。"""
    from xuanfa.bootstrap import find_workspace  # noqa: PLC0415
    from xuanfa.bootstrap.checking import lists_of  # noqa: PLC0415
    from xuanfa.operations.checking.lists import import_list  # noqa: PLC0415

    done = import_list(lists_of(find_workspace(workspace)), file, name=name, level=Level(level))
    if as_json:
        print_json({"name": done.name, "words": done.words, "left_out": done.left_out})
        return
    text = say(
        "清单“{name}”已导入：{n} 个词，加密保存。",
        "The list {name!r} is imported: {n} words, kept encrypted.",
        name=done.name,
        n=done.words,
    )
    if done.left_out:
        text += say(
            "另有 {n} 行没有用：公式不计算，太短或太长的词不收。",
            " {n} rows were left out: no formula is carried out, and no word is taken that is too short or too long.",
            n=done.left_out,
        )
    click.echo(text)


command.add_command(ignore_command)
