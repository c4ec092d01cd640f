"""Small pieces of WordprocessingML: texts that XML can hold, runs and paragraphs."""

import re
from typing import Final
from xml.sax.saxutils import escape, quoteattr

#: All that XML 1.0 cannot hold (section 2.2): control characters, lone surrogates and two signs that are none.
_FORBIDDEN: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def text(value: str) -> str:
    """A text as the content of an element."""
    return escape(_FORBIDDEN.sub("", value))


def attribute(value: str) -> str:
    """A text as an attribute, with its quotation marks."""
    return quoteattr(_FORBIDDEN.sub("", value))


def run(value: str, form: str = "") -> str:
    """A run of text; line ends within it become breaks, tabs stay tabs. ``form`` are ready properties."""
    look = f"<w:rPr>{form}</w:rPr>" if form else ""
    lines = (_tabbed(line) for line in value.split("\n"))
    return f"<w:r>{look}{'<w:br/>'.join(lines)}</w:r>"


def paragraph(style: str, runs: str, more: str = "") -> str:
    """A paragraph of ready runs; ``more`` are properties that stand behind the style, in the order of the schema."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{more}</w:pPr>{runs}</w:p>'


def _tabbed(line: str) -> str:
    parts = (f'<w:t xml:space="preserve">{text(part)}</w:t>' if part else "" for part in line.split("\t"))
    return "<w:tab/>".join(parts)
