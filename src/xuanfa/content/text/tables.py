"""Raw HTML as all channels can show it: alignment as classes on what holds the text, and rows of heads as the head of their table.

People paste tables from Word, WPS and web pages: their alignment stands in ``align`` or in a style, of a cell, its row or the table, and
their head in the first row of the body. It is put where stylesheets, mail programs and Word look for it, each in its own way.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

#: Sanitised HTML is as regular as this: lower-case names, values in double quotes.
_TAG: Final = re.compile(r'<(?P<end>/?)(?P<name>[a-z][a-z0-9]*)(?P<values>(?: [a-z-]+="[^"]*")*)>')
_VALUE: Final = re.compile(r' (?P<name>[a-z-]+)="(?P<value>[^"]*)"')
_TEXT_ALIGN: Final = re.compile(r"(?:^|;)\s*text-align\s*:\s*([a-z]+)", re.IGNORECASE)
_SIDES: Final = {
    "left": "left",
    "start": "left",
    "center": "center",
    "middle": "center",
    "right": "right",
    "end": "right",
}
#: What holds other things, and what holds text: a side that the first has is the second's, unless that has its own.
_HOLDERS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "div", "section", "blockquote"})
_HELD: Final = frozenset({"td", "th", "p", "caption", "h2", "h3", "h4", "h5", "h6", "figure"})
_TABLE: Final = re.compile(r"<table(?: [^>]*)?>(?:(?!<table\b).)*?</table>", re.DOTALL)
_ROW: Final = re.compile(r"<tr(?: [^>]*)?>.*?</tr>\s*", re.DOTALL)
_CELL: Final = re.compile(r"<(?P<name>t[dh])(?P<values>(?: [a-z-]+=\"[^\"]*\")*)>")


def in_order(html: str) -> str:
    """Sanitised HTML whose ``align`` and ``style`` have become classes, and whose tables have heads where their first rows are such."""
    if " align=" in html or " style=" in html or "align-" in html:
        html = _Aligning().read(html)
    return _TABLE.sub(lambda table: _with_head(table[0]), html) if "<th" in html else html


@dataclass(slots=True)
class _Aligning:
    """Goes through the tags once."""

    _open: list[tuple[str, str]] = field(default_factory=list)

    def read(self, html: str) -> str:
        return _TAG.sub(self._tag, html)

    def _tag(self, tag: re.Match[str]) -> str:
        name = tag["name"]
        if tag["end"]:
            self._close(name)
            return tag[0]
        values = {each["name"]: each["value"] for each in _VALUE.finditer(tag["values"])}
        given, style = values.pop("align", ""), values.pop("style", "")
        classes = values.get("class", "").split()
        side = next((each.removeprefix("align-") for each in classes if each.startswith("align-")), "")
        # What ``align`` says of a table is where the table stands, which is the same for all: across the page.
        side = side or side_in(style) or (_SIDES.get(given.lower(), "") if name != "table" else "")
        if name in _HELD:
            side = side or next((held for _, held in reversed(self._open) if held), "")
        if name in _HOLDERS or name in {"td", "th"}:
            self._open.append((name, side))
        if side and name in _HELD | _HOLDERS and f"align-{side}" not in classes:
            values["class"] = " ".join([*classes, f"align-{side}"])
        written = "".join(f' {key}="{value}"' for key, value in values.items())
        return f"<{name}{written}>"

    def _close(self, name: str) -> None:
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                del self._open[at:]
                return


def side_in(style: str) -> str:
    """The side on which a style puts its text; empty where it says nothing of it, or both."""
    found = _TEXT_ALIGN.search(style)
    return _SIDES.get(found[1].lower(), "") if found else ""


def _with_head(table: str) -> str:
    """The table with the rows of nothing but heads that it begins with as its head, where none of their cells reaches below them."""
    begin = table.find("<tbody>")
    if begin < 0 or "<thead" in table or "<tfoot" in table[:begin]:
        return table
    begin += len("<tbody>")
    rows = list(_rows(table, begin))
    heads = 0
    while heads < len(rows) and _is_head(rows[heads][0]):
        heads += 1
    heads = heads if heads < len(rows) else min(1, len(rows) - 1)
    if not heads or any(at + reach > heads for at, (row, _) in enumerate(rows[:heads]) for reach in _reaches(row)):
        return table
    end = rows[heads - 1][1]
    return f"{table[: begin - len('<tbody>')]}<thead>{table[begin:end].rstrip()}</thead><tbody>{table[end:].lstrip()}"


def _rows(table: str, begin: int) -> Iterator[tuple[str, int]]:
    """The rows of the first body, each with where it ends."""
    body = table.find("</tbody>", begin)
    for row in _ROW.finditer(table, begin, body if body >= 0 else len(table)):
        yield row[0], row.end()


def _is_head(row: str) -> bool:
    cells = [cell["name"] for cell in _CELL.finditer(row)]
    return bool(cells) and "td" not in cells


def _reaches(row: str) -> Iterator[int]:
    """Over how many rows each cell reaches; to the end is far."""
    for cell in _CELL.finditer(row):
        down = next((each["value"] for each in _VALUE.finditer(cell["values"]) if each["name"] == "rowspan"), "1")
        yield int(down) if down.isdecimal() and int(down) else 1_000
