"""Sanitised HTML as plain text, for channels that know no markup."""

import re
from html.parser import HTMLParser

_BLOCKS = frozenset(
    {"p", "h2", "h3", "h4", "h5", "h6", "div", "section", "figure", "blockquote", "pre", "caption", "li"}
)


#: What is set above or below the line and has a character of its own: without it 10⁵ would read 105.
_RAISED = str.maketrans("0123456789+-−=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
#: Elements whose text no longer holds.
STRUCK = frozenset({"s", "del"})


def set_off(text: str, tag: str) -> str:
    """The text of ``sup`` or ``sub`` in characters that show it by themselves, where all of it has such; else after ``^`` or ``_``."""
    shown = text.translate(_RAISED if tag == "sup" else _LOWERED)
    if any(letter in shown for letter in text if not letter.isspace()):
        return ("^" if tag == "sup" else "_") + text
    return shown


def to_text(html: str) -> str:
    """Paragraphs parted by an empty line, list items with their marks, table rows with `` | ``, footnotes at the end.

    A link is followed by its address where that is not its text. Pictures leave nothing, nor does what is struck out: without the line
    through it, it would hold again.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.text()


class _Reader(HTMLParser):
    """Collects blocks. A block that ``hugs`` stands on the line after the one before it, without an empty line between."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._blocks: list[tuple[str, bool]] = []
        self._parts: list[str] = []
        self._mark = ""
        self._hugs = False
        #: The number before the next item of each open list; ``None`` for one with bullets, "" for one whose items bring their own.
        self._lists: list[int | str | None] = []
        self._is_first_item = False
        self._links: list[tuple[str, int]] = []
        self._row: list[str] | None = None
        self._rows = 0
        self._silent = 0
        self._kept_spaces = 0
        self._in_notes = False
        self._set_off = ""

    def text(self) -> str:
        """What was read, when all is read."""
        self._flush()
        return "".join(("\n" if hugs else "\n\n") + block for block, hugs in self._blocks).strip("\n")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "figcaption" or tag in STRUCK or values.get("class") == "footnote-backref":
            self._silent += 1
        elif tag in {"sup", "sub"} and values.get("class") != "footnote-ref":
            self._set_off = tag
        elif tag == "br":
            self._parts.append("\n")
        elif tag == "a":
            self._links.append((values.get("href") or "", len(self._parts)))
        elif tag in {"ul", "ol"}:
            self._flush()
            self._is_first_item = not self._lists
            own = "" if values.get("class") == "numbered" else None
            self._lists.append(own if tag == "ul" else int(values.get("start") or 1) - 1)
        elif tag in {"table", "tr", "td", "th"}:
            self._start_of_table_part(tag)
        elif tag in _BLOCKS:
            self._start_of_block(tag, values.get("class") == "footnotes")

    def handle_endtag(self, tag: str) -> None:
        if self._silent and tag in {"figcaption", "a", *STRUCK}:
            self._silent -= 1
        elif tag in {"sup", "sub"}:
            self._set_off = ""
        elif tag == "a" and self._links:
            self._end_of_link()
        elif tag in {"ul", "ol"} and self._lists:
            self._flush()
            self._lists.pop()
        elif tag in {"td", "th"} and self._row is not None:
            self._row.append(" ".join(self._take().split()))
        elif tag == "tr" and self._row is not None:
            self._end_of_row(self._row)
        elif tag in _BLOCKS:
            self._flush()
            self._kept_spaces -= tag == "pre"

    def handle_data(self, data: str) -> None:
        if not self._silent:
            shown = data if self._kept_spaces else re.sub(r"\s+", " ", data)
            self._parts.append(set_off(shown, self._set_off) if self._set_off else shown)

    def _start_of_table_part(self, tag: str) -> None:
        if tag == "table":
            self._flush()
            self._rows = 0
        elif tag == "tr":
            self._flush()
            self._row = []

    def _start_of_block(self, tag: str, is_notes: bool) -> None:
        if self._row is not None:  # a paragraph within a cell stays in its row
            self._parts.append(" ")
            return
        self._flush()
        self._kept_spaces += tag == "pre"
        self._in_notes = self._in_notes or is_notes
        if tag == "li":
            self._start_of_item()

    def _start_of_item(self) -> None:
        if not self._lists:
            self._lists.append(None)
        number = self._lists[-1]
        if number is None:
            mark = "· "
        elif isinstance(number, str):
            mark = number
        else:
            self._lists[-1] = number = number + 1
            mark = f"[{number}] " if self._in_notes else f"{number}. "
        self._hugs = not self._is_first_item
        self._is_first_item = False
        self._mark = "  " * (len(self._lists) - 1) + mark

    def _end_of_row(self, row: list[str]) -> None:
        self._row = None
        if any(row):
            self._blocks.append((" | ".join(row).rstrip(), self._rows > 0))
            self._rows += 1

    def _end_of_link(self) -> None:
        address, start = self._links.pop()
        shown = "".join(self._parts[start:]).strip()
        bare = address.removeprefix("mailto:")
        if bare and not bare.startswith("#") and shown not in {bare, address}:
            self._parts.append(f"（{bare}）" if shown else "")

    def _take(self) -> str:
        text = "".join(self._parts)
        self._parts.clear()
        self._links = [(address, 0) for address, _ in self._links]
        return text

    def _flush(self) -> None:
        """End the block that is being read; in a table's cell nothing ends."""
        if self._row is not None:
            return
        text = self._take()
        if not self._kept_spaces:
            text = re.sub(r" *\n *", "\n", text)
        text = text.strip() if not self._kept_spaces else text.strip("\n")
        if text:
            self._blocks.append((self._mark + text, self._hugs))
            self._mark, self._hugs = "", False
