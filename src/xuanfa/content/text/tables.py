"""Raw HTML as all channels can show it: alignment as classes on what holds the text, and rows of heads as the head of their table.

People paste tables from Word, WPS and web pages: their alignment stands in ``align``, in a style or in a class that many pages have, of a
cell, its column, its row or the table, and their head in the first row of the body. It is put where stylesheets, mail programs and Word look
for it, each in its own way.
"""

import re
from collections.abc import Iterator, Mapping
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
#: Classes by which pages and editors put text on a side (Bootstrap, WordPress, Quill, and names that people make up).
FOREIGN: Final = {
    **dict.fromkeys(("text-left", "text-start", "alignleft", "has-text-align-left", "ql-align-left", "left"), "left"),
    **dict.fromkeys(
        ("text-center", "text-centre", "aligncenter", "has-text-align-center", "ql-align-center", "center", "centered"),
        "center",
    ),
    **dict.fromkeys(
        ("text-right", "text-end", "alignright", "has-text-align-right", "ql-align-right", "right"), "right"
    ),
}
#: What holds other things, and what holds text: a side that the first has is the second's, unless that has its own.
_HOLDERS: Final = frozenset({"table", "thead", "tbody", "tfoot", "tr", "div", "section", "blockquote"})
_HELD: Final = frozenset({"td", "th", "p", "caption", "h2", "h3", "h4", "h5", "h6", "figure"})
_TABLE: Final = re.compile(r"<table(?: [^>]*)?>(?:(?!<table\b).)*?</table>", re.DOTALL)
_ROW: Final = re.compile(r"<tr(?: [^>]*)?>.*?</tr>\s*", re.DOTALL)
_COLUMNS: Final = re.compile(r"<colgroup(?: [^>]*)?>\s*</colgroup>\s*")
#: No table has more.
_COLUMNS_MAX: Final = 1_000
_CELL: Final = re.compile(r"<(?P<name>t[dh])(?P<values>(?: [a-z-]+=\"[^\"]*\")*)>")


def in_order(html: str) -> str:
    """Sanitised HTML whose ``align`` and ``style`` have become classes, and whose tables have heads where their first rows are such."""
    if " align=" in html or " style=" in html or " class=" in html or "<col" in html:
        html = _Aligning().read(html)
    return _TABLE.sub(lambda table: _with_head(table[0]), html) if "<th" in html else html


@dataclass(slots=True)
class _Aligning:
    """Goes through the tags once."""

    _open: list[tuple[str, str]] = field(default_factory=list)
    #: Of the tables that are open, the innermost last.
    _grids: list["_Grid"] = field(default_factory=list)

    def read(self, html: str) -> str:
        return _COLUMNS.sub("", _TAG.sub(self._tag, html))

    def _tag(self, tag: re.Match[str]) -> str:
        name = tag["name"]
        if tag["end"]:
            self._close(name)
            return "" if name == "col" else tag[0]
        values = {each["name"]: each["value"] for each in _VALUE.finditer(tag["values"])}
        given, style = values.pop("align", ""), values.pop("style", "")
        classes, named = _sided(values.get("class", "").split())
        side = next((each.removeprefix("align-") for each in classes if each.startswith("align-")), "")
        # What ``align`` says of a table is where the table stands, which is the same for all: across the page.
        side = side or side_in(style) or (_SIDES.get(given.lower(), "") if name != "table" else "") or named
        reach = {key: values.get(key, "") for key in ("span", "colspan", "rowspan")}
        of_column = self._grids[-1].enter(name, side, reach) if self._grids else ""
        if name == "table":
            self._grids.append(_Grid())
        if name in {"colgroup", "col"}:
            return "<colgroup>" if name == "colgroup" else ""
        side = side or of_column
        if name in _HELD:
            side = side or next((held for _, held in reversed(self._open) if held), "")
        if name in _HOLDERS or name in {"td", "th"}:
            self._open.append((name, side))
        if side and name in _HELD | _HOLDERS and f"align-{side}" not in classes:
            classes = [*classes, f"align-{side}"]
        if classes:
            values["class"] = " ".join(classes)
        else:
            values.pop("class", None)
        written = "".join(f' {key}="{value}"' for key, value in values.items())
        return f"<{name}{written}>"

    def _close(self, name: str) -> None:
        if name == "table" and self._grids:
            self._grids.pop()
        for at in range(len(self._open) - 1, -1, -1):
            if self._open[at][0] == name:
                del self._open[at:]
                return


@dataclass(slots=True)
class _Grid:
    """Which column of a table each cell stands in, and on which side that is said to stand (HTML 4.01, 11.3.2: a column goes before its row)."""

    _sides: list[str] = field(default_factory=list)
    #: What the group that was opened last says of its columns, and where it begins as long as it names none of them.
    _of_group: str = ""
    _bare: int | None = None
    #: For how many more rows cells from above reach into a column.
    _taken: dict[int, int] = field(default_factory=dict)
    _column: int = 0

    def enter(self, name: str, side: str, reach: Mapping[str, str]) -> str:
        """Go on by a tag of the table; of a cell, the side of its column."""
        if name == "colgroup":
            self._of_group, self._bare = side, len(self._sides)
            self._sides += [side] * _number(reach["span"])
        elif name == "col":
            if self._bare is not None:
                del self._sides[self._bare :]  # the group's own number counts where it names no columns
                self._bare = None
            self._sides += [side or self._of_group] * _number(reach["span"])
        elif name == "tr":
            self._column = 0
            self._taken = {at: left - 1 for at, left in self._taken.items() if left > 1}
        elif name in {"td", "th"}:
            return self._cell(_number(reach["colspan"]), _number(reach["rowspan"]))
        return ""

    def _cell(self, across: int, down: int) -> str:
        while self._column in self._taken:
            self._column += 1
        begin = self._column
        self._column += across
        if down > 1:
            # One more than it reaches below its row: the next row takes one off.
            self._taken |= dict.fromkeys(range(begin, self._column), down)
        return self._sides[begin] if begin < len(self._sides) else ""


def _number(given: str) -> int:
    return min(max(int(given), 1), _COLUMNS_MAX) if given.isdecimal() else 1


def _sided(classes: list[str]) -> tuple[list[str], str]:
    """The classes without those of other pages that only name a side, and that side."""
    named = next((FOREIGN[each] for each in classes if each in FOREIGN), "")
    return [each for each in classes if each not in FOREIGN], named


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
