"""Raw HTML in a post: what of it cannot be published, leads nowhere, or is written in marks that nothing reads there."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Final

from xuanfa.content.text.bounds import CONTROLS
from xuanfa.content.text.foreign import marks_of_plain
from xuanfa.content.text.links import is_dead
from xuanfa.content.text.sanitising import CARRIED, FOOTNOTE, SIDED, TAGS
from xuanfa.content.text.unseen import unseen_in

_REFERENCE: Final = re.compile(r"&(?:#\d{1,7};?|#[xX][0-9a-fA-F]{1,6};?|[A-Za-z][A-Za-z0-9]{1,31};)")
_ANY_TAG: Final = re.compile(r"<[^<>]*>")
_COMMENT: Final = re.compile(r"<!--.*?(?:-->|$)", re.DOTALL)
_OPENING: Final = re.compile(r"<(?P<name>[a-zA-Z][a-zA-Z0-9]*)\b(?P<rest>[^<>]*)>")
_ATTRIBUTE: Final = re.compile(
    r"(?<![\w-])(?P<name>[a-zA-Z][\w-]*)(?:\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+)))?"
)
#: Properties and attributes by which an author says something; others only measure and space.
_SAYING: Final = frozenset(
    {
        *("color", "background", "background-color", "bgcolor", "font-size", "font-style", "font-weight"),
        *("text-decoration", "text-decoration-line", "vertical-align", "valign", "display", "visibility", "hidden"),
        *("type", "reversed", "value"),
    }
)
#: Values that say nothing, or nothing that a reader misses.
_PLAIN: Final = frozenset(
    {
        "disc",
        "circle",
        "square",
        "1",
        "normal",
        "400",
        "none",
        "inherit",
        "initial",
        "baseline",
        "transparent",
        "visible",
        "block",
        "inline",
    }
)


def marks(html: str, line: int) -> Iterator[tuple[str, int]]:
    """Marks of Markdown in the text of raw HTML, each with its line."""
    told = _ANY_TAG.sub(_lines_and_a_sign, _COMMENT.sub(_lines, html))
    for number, written in enumerate(told.split("\n"), start=line):
        for piece in written.split("\0"):
            yield from ((what, number) for what in marks_of_plain(unescape(piece)))


def unseen(html: str, line: int) -> Iterator[tuple[str, int]]:
    """References (``&#8238;``, ``&shy;``) to characters that nobody sees, each with its line."""
    told = _COMMENT.sub(_lines, html)
    for reference in _REFERENCE.finditer(told):
        letter = unescape(reference[0])
        if any(ord(each) in CONTROLS for each in letter) or any(unseen_in(letter)):
            yield reference[0], line + told.count("\n", 0, reference.start())


def dead_links(html: str, line: int) -> Iterator[tuple[str, int]]:
    """Addresses of links that lead nowhere."""
    for tag, name, value, at in _attributes(html, line):
        address = value.strip()
        if tag == "a" and name == "href" and is_dead(address) and not FOOTNOTE.fullmatch(address):
            yield address, at


def lost_styles(html: str, line: int) -> Iterator[tuple[str, int]]:
    """What an author says by colours and the like, which no channel keeps; ``display: none`` shows what was to be hidden."""
    for tag, name, value, at in _attributes(html, line):
        if tag not in TAGS:
            continue  # it goes with all that it says
        if name == "class":
            yield from ((f'class="{each}"', at) for each in value.split() if not _says_nothing(each))
        elif name == "align" and tag not in SIDED:
            yield f'<{tag} align="{value}">', at
        elif name in _SAYING and value.lower() not in _PLAIN:
            yield f'{name}="{value}"' if name == "type" else name, at
        for declaration in value.split(";") if name == "style" else ():
            prop, _, wanted = (part.strip().lower() for part in declaration.partition(":"))
            if prop in _SAYING and wanted and (wanted not in _PLAIN or (prop, wanted) == ("display", "none")):
                yield f"{prop}: {wanted}", at


def _says_nothing(name: str) -> bool:
    """Whether a class is carried, or is one that Word sets on everything."""
    return name in CARRIED or name.startswith(("Mso", "language-"))


def _attributes(html: str, line: int) -> Iterator[tuple[str, str, str, int]]:
    """Tag, attribute, value and line of each attribute."""
    told = _COMMENT.sub(_lines, html)
    for tag in _OPENING.finditer(told):
        at = line + told.count("\n", 0, tag.start())
        for each in _ATTRIBUTE.finditer(tag["rest"]):
            value = each["double"] or each["single"] or each["bare"] or ""
            yield tag["name"].lower(), each["name"].lower(), unescape(value), at


def _lines(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n")


def _lines_and_a_sign(match: re.Match[str]) -> str:
    return "\0" + _lines(match)
