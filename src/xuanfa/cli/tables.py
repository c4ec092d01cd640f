"""Tables for a terminal: columns that line up whatever the script, never wider than the window, and whole where nobody looks through one."""

import re
import shutil
import sys
from collections.abc import Iterator, Sequence
from unicodedata import category, east_asian_width

import click

from xuanfa.domain.shown import escaped

#: The fewest columns that a cell keeps when the window is narrow, and what stands before the further lines of a row.
_LEAST, _INDENT, _GAP = 10, "    ", "  "
#: What may not begin a line; and what is kept together with it when a text is broken: an address, a word, a single Chinese character.
_ENDING = "，。、；：！？）】》”’"
_PIECES = re.compile(rf"(?:[a-z][a-z+.-]*://[^\s（{_ENDING}]+|[!-~]+|\s+|.)[{_ENDING}]*")


#: What a cell says that has nothing to say.
_NOTHING = frozenset({"", "-"})


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two, an accent, a joiner or a variant's mark none."""
    return sum(2 if east_asian_width(each) in "WF" else category(each) not in {"Mn", "Me", "Cf"} for each in text)


def shorten(text: str, columns: int) -> str:
    """At most so many columns, with an ellipsis where something is left out."""
    if width(text) <= columns:
        return text
    taken = 0
    for at, letter in enumerate(text):
        taken += width(letter)
        if taken > columns - 1:
            return text[:at] + "…"
    return text


def print_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], *, soft: Sequence[int] = (), last: bool = False
) -> None:
    """Rows in columns that line up. Through a pipe or into a file nothing is cut, and a row is one line.

    In a window too narrow for them the columns of ``soft`` are shortened; ``last`` says that the last column is never cut (an address,
    a reason): where it does not fit, it gets a line of its own. Where that is not enough, a row, and the head with it, goes on in further
    lines. Only an address is ever longer than the window, so that it can be opened and copied. A cell of several lines is told in one.
    """
    head, *rows = [[escaped(" ".join(cell.split("\n"))) for cell in row] for row in (head, *rows)]
    widths = [max(width(row[at]) for row in (head, *rows)) for at in range(len(head))]
    window = shutil.get_terminal_size().columns if _is_watched() else None
    lines = [range(len(head))] if window is None else _parted(widths, window, soft, last=last)
    for row in (head, *rows):
        for number, columns in enumerate(lines):
            if number and row is not head and all(row[at] in _NOTHING for at in columns):
                continue  # a dash that stands alone in a line says nothing
            indent = _INDENT if number else ""
            for text in _set(row, columns, widths, None if window is None else window - len(indent), soft):
                click.echo(indent + text)


def _is_watched() -> bool:
    return sys.stdout.isatty()


def _parted(widths: Sequence[int], window: int, soft: Sequence[int], *, last: bool) -> list[range]:
    """Which columns stand in which line of a row: all in one where they fit, then all but the last, then as many as fit."""
    least = [min(columns, _LEAST) if at in soft else columns for at, columns in enumerate(widths)]
    number = len(widths)
    if _total(widths if last else least) <= window:
        return [range(number)]
    ends = [number - 1] if last and number > 1 else []
    kept = ends[0] if ends else number
    starts = [0]
    for at in range(1, kept):
        room = window - (len(_INDENT) if len(starts) > 1 else 0)
        if _total(least[starts[-1] : at + 1]) > room:
            starts.append(at)
    return [range(*pair) for pair in zip([*starts, *ends], [*starts[1:], *ends, number], strict=True)]


def _set(
    row: Sequence[str], columns: range, widths: Sequence[int], room: int | None, soft: Sequence[int]
) -> Iterator[str]:
    """These columns of a row; one that stands alone is broken where it is too long, several are shortened."""
    if len(columns) == 1 and room is not None:
        yield from wrapped(row[columns[0]], room)
        return
    own = [widths[at] for at in columns]
    limits = own if room is None else _fitting(own, room, [n for n, at in enumerate(columns) if at in soft])
    cells = [shorten(row[at], limit) for at, limit in zip(columns, limits, strict=True)]
    text = _GAP.join(cell + " " * (limit - width(cell)) for cell, limit in zip(cells, limits, strict=True)).rstrip()
    if text:
        yield text


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _fitting(widths: Sequence[int], room: int, soft: Sequence[int]) -> list[int]:
    """Narrower columns, the widest of those that may shrink first, until they fit or none can shrink any more."""
    limits = list(widths)
    while soft and _total(limits) > room:
        most = max(soft, key=lambda at: limits[at])
        if limits[most] <= _LEAST:
            break
        limits[most] -= min(_total(limits) - room, limits[most] - _LEAST, 4)
    return limits


def wrapped(text: str, columns: int) -> Iterator[str]:
    """The text in lines of at most so many columns, broken between words and between Chinese characters; an address stays whole."""
    line = ""
    for piece in _PIECES.findall(text):
        if line.strip() and width(line + piece.rstrip()) > columns:
            yield line.rstrip()
            line = ""
        line += piece if line else piece.lstrip()
        while "://" not in line and len(line) > 1 and width(line.rstrip()) > columns:
            at = next(at for at in range(len(line) - 1, 0, -1) if at == 1 or _may_break(line, at, columns))
            yield line[:at]
            line = line[at:]
    if line.strip():
        yield line.rstrip()


def _may_break(line: str, at: int, columns: int) -> bool:
    return width(line[:at]) <= columns and line[at] not in _ENDING
