"""Chinese quotation marks round what was typed after a command: a shell does not know them, and takes them for letters."""

from collections.abc import Sequence

import click

from xuanfa.domain.language import say

_OPENING, _CLOSING = "“”‘’「『", "”“’‘」』"
#: What word processors make of two hyphens.
_DASHES = "—–－‐"


def without_curly_quotes(args: Sequence[str]) -> list[str]:
    """The arguments, those that stand in curly quotation marks without them, which is told.

    Raises a usage error where they hold several words: the shell has torn those apart, and what was meant for one would go to another.
    """
    _require_whole(args)
    found = list(args)
    for at, argument in enumerate(args):
        option, equals, value = argument.partition("=") if argument.startswith("--") else ("", "", argument)
        if not _is_quoted(value):
            continue
        found[at] = option + equals + value[1:-1]
        named = option or (args[at - 1] if at and args[at - 1].startswith("-") else value[1:-1])
        text = say(
            '提示：{named} 两边是中文引号 “ ”，已去掉；命令里请用英文引号 " "。',
            'Note: {named} stood in curly quotation marks “ ”, which were taken off; use straight ones " " in commands.',
            named=named,
        )
        click.echo(text, err=True)
    return found


def hint_of(args: Sequence[str]) -> str:
    """What may have gone wrong with signs of a word processor; empty where there are none."""
    dashed = next((argument for argument in args if argument[:1] in set(_DASHES) and len(argument) > 1), "")
    if dashed:
        return say(
            "“{dashed}”开头是中文破折号，选项要用两个半角减号：--{name}。",
            " {dashed!r} begins with a dash; options begin with two hyphens: --{name}.",
            dashed=dashed,
            name=dashed.lstrip(_DASHES),
        )
    quoted = next((argument for argument in args if set(argument) & set("“”")), "")
    return (
        say(
            '命令里有中文引号（{quoted}），请改用英文引号 " "。',
            ' There are curly quotation marks ({quoted}); use straight ones " ".',
            quoted=quoted,
        )
        if quoted
        else ""
    )


def _require_whole(args: Sequence[str]) -> None:
    for at, argument in enumerate(args):
        value = argument.partition("=")[2] if argument.startswith("--") else argument
        if value[:1] not in set("“”") or len(set(value[1:]) & set("“”")):
            continue
        end = next((later for later in range(at + 1, len(args)) if args[later][-1:] in set("“”")), None)
        if end is not None:
            words = " ".join((value, *args[at + 1 : end + 1]))
            raise click.UsageError(
                say(
                    '{words} 两边是中文引号，里面又有空格，被拆成了几段：请改用英文引号，写成 "{inner}"。',
                    '{words} stands in curly quotation marks and was torn apart at the spaces: write "{inner}", with straight ones.',
                    words=words,
                    inner=words.strip("“”"),
                )
            )


def _is_quoted(value: str) -> bool:
    """Whether the value stands whole in one pair of quotation marks."""
    inner = value[1:-1]
    return (
        len(value) > 2  # noqa: PLR2004 - a pair and something in it
        and value[0] in _OPENING
        and value[-1] in _CLOSING
        and not set(inner) & set("“”")
    )
