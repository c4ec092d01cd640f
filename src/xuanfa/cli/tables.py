"""Tables for a terminal: columns that line up whatever the script, as wide as the window, and whole where nobody looks through one."""

import shutil
import sys
from collections.abc import Sequence
from itertools import count
from unicodedata import combining, east_asian_width

import click

#: The fewest columns that a cell keeps when the window is narrow, and what stands before a cell on a line of its own.
_LEAST, _INDENT, _GAP = 10, "    ", "  "


def width(text: str) -> int:
    """Columns on a terminal: a Chinese character takes two, an accent none."""
    return sum(2 if east_asian_width(letter) in "WF" else not combining(letter) for letter in text)


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
    """Rows in columns that line up. Through a pipe or into a file nothing is cut.

    In a window too narrow for them the columns of ``soft`` are shortened; ``last`` says that the last column is never cut (an address,
    a reason): where it does not fit, it gets a line of its own. What has several lines is told in one.
    """
    rows = [[" ".join(cell.split("\n")) if "\n" in cell else cell for cell in row] for row in rows]
    window = shutil.get_terminal_size().columns if _is_watched() else None
    widths = [max(width(row[at]) for row in (head, *rows)) for at in range(len(head))]
    below = last and window is not None and _total(widths) > window
    kept = len(head) - 1 if below else len(head)
    limits = widths[:kept] if window is None else _fitting(widths[:kept], window, soft)
    for row in (head, *rows):
        cells = [shorten(cell, limit) for cell, limit in zip(row[:kept], limits, strict=True)]
        click.echo(
            _GAP.join(cell + " " * (limit - width(cell)) for cell, limit in zip(cells, limits, strict=True)).rstrip()
        )
        if below and row is not head and row[-1]:
            click.echo(_INDENT + row[-1])


def _is_watched() -> bool:
    return sys.stdout.isatty()


def _total(widths: Sequence[int]) -> int:
    return sum(widths) + len(_GAP) * (len(widths) - 1)


def _fitting(widths: Sequence[int], window: int, soft: Sequence[int]) -> list[int]:
    """Narrower columns, the widest of those that may shrink first, until they fit or none can shrink any more."""
    limits = list(widths)
    for _ in count():
        most = max((at for at in soft if at < len(limits)), key=lambda at: limits[at], default=None)
        if _total(limits) <= window or most is None or limits[most] <= _LEAST:
            return limits
        limits[most] -= min(_total(limits) - window, limits[most] - _LEAST, 4)
    raise AssertionError("the loop ends by itself")
