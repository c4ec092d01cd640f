"""Prose as people type it who know no Markdown: one line is one paragraph, and paragraphs begin with two wide spaces.

A text saved by Word or WPS has no empty lines. CommonMark would make one paragraph of it. Here such lines are parted before they are
parsed; ``Prose.line`` leads back to the line that the author knows.
"""

import re
from dataclasses import dataclass

#: What a paragraph typed by hand begins with: wide spaces, a tab, four spaces.
_INDENT = re.compile(r"(?:[\u3000\u2003\u00a0]|\t| {4})[ \t\u3000\u2003\u00a0]*(?=\S)")
_WIDE_INDENT = re.compile(r"^[ \t]*[\u3000\u2003\u00a0][ \t\u3000\u2003\u00a0]*(?=\S)")
#: Lines that mean something together with the next one: lists, quotations, tables, headings, footnotes, attributes, HTML.
_MARKED = re.compile(r"\s*(?:[-*+>|#<{]|\d{1,9}[.)]\s|\[\^[^\]]*\]:|=+\s*$|:?-{3,})")
_TABLE = re.compile(r"[^\n|]*\|")
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")


@dataclass(frozen=True, slots=True)
class Prose:
    """Text that is ready to be parsed, and for each of its lines the number that it has in the source, counted from one."""

    text: str
    lines: tuple[int, ...]

    def line(self, number: int) -> int:
        """The source's line of line ``number`` of the text, both counted from one."""
        return self.lines[min(number, len(self.lines)) - 1] if self.lines else number


def prose(source: str) -> Prose:
    """The text with an empty line wherever the author began a paragraph without one."""
    given = source.split("\n")
    is_typed = not _has_empty_line(given)
    written: list[str] = []
    numbers: list[int] = []
    before, fence, quoted = "", "", False
    for number, line in enumerate(given, start=1):
        fence, inside = _fenced(line, fence)
        if not inside and before.strip() and _begins_paragraph(before, line, is_typed=is_typed, listed=quoted):
            written.append("")
            numbers.append(number)
        written.append(line if inside else _WIDE_INDENT.sub("", line, count=1))
        numbers.append(number)
        quoted = bool(line.strip()) and (bool(_MARKED.match(line)) or quoted)
        before = "" if inside else line
    return Prose("\n".join(written), tuple(numbers))


def _has_empty_line(lines: list[str]) -> bool:
    """Whether anything parts paragraphs; a text of a single line has nothing to part."""
    told = [index for index, line in enumerate(lines) if line.strip()]
    return not told or any(not line.strip() for line in lines[told[0] : told[-1]])


def _fenced(line: str, fence: str) -> tuple[str, bool]:
    """The fence of code that is open after the line, and whether the line belongs to code."""
    match = _FENCE.match(line)
    if fence:
        closes = match is not None and match[1].startswith(fence) and not line.strip().strip(fence[0])
        return ("" if closes else fence), True
    return (match[1], True) if match else ("", False)


def _begins_paragraph(before: str, line: str, *, is_typed: bool, listed: bool) -> bool:
    """Whether ``line``, which follows another one without an empty line between, is a paragraph of its own. ``listed`` tells that the
    lines above belong to a list, a quotation or the like, where an indent has a meaning."""
    if not line.strip() or _MARKED.match(line) or _TABLE.match(line):
        return False
    if _WIDE_INDENT.match(line):
        return True
    if is_typed:
        return not before.endswith(("  ", "\\"))  # a line break that was asked for
    return not listed and bool(_INDENT.match(line)) and bool(_INDENT.match(before))
