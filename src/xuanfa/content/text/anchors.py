"""Links to a heading of the same post: ``[见下](#三、做法)``, or as Obsidian has it, ``#标题#小标题``.

A heading that is linked to gets an id of ours, and the link leads there; one that leads to no heading goes nowhere on any channel.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

#: What the ids of headings look like: a post cannot take one that the page has for itself.
ID = re.compile(r"sec\d{1,4}")
#: How links and headings are compared: GitHub, Typora and Obsidian make different ids of one heading, all of its letters and digits.
_SIGNS = re.compile(r"[\W_]+")
_DEAD, _LIVE = "dead", "leads_to_heading"


def anchors_plugin(parser: MarkdownIt) -> None:
    """Looks after links within the post before anything is said of dead ones."""
    parser.core.ruler.before("leftovers", "anchors", _lead)


def is_lost(link: Token) -> bool:
    """Whether the link names a heading that is not there."""
    return bool(link.meta.get(_DEAD))


def leads_to_heading(link: Token) -> bool:
    """Whether it leads to one that is there, on channels whose pages have such places."""
    return bool(link.meta.get(_LIVE))


def _lead(state: StateCore) -> None:
    links = list(_links(state.tokens))
    if not links:
        return
    headings = _headings(state.tokens)
    for link in links:
        target = unquote(str(link.attrs["href"])).rpartition("#")[2]
        number, heading = headings.get(_key(target), (0, None))
        if heading is None:
            link.meta[_DEAD] = True
            continue
        heading.attrs["id"] = f"sec{number}"
        link.attrs["href"], link.meta[_LIVE] = f"#sec{number}", True


def _links(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        for child in token.children or ():
            if child.type == "link_open" and str(child.attrs.get("href", "")).startswith("#"):
                yield child


def _headings(tokens: list[Token]) -> dict[str, tuple[int, Token]]:
    """The headings with their numbers, by what they say; of those that say the same the first."""
    found: dict[str, tuple[int, Token]] = {}
    for opening, inner in pairwise(tokens):
        if opening.type == "heading_open":
            words = "".join(child.content for child in inner.children or () if child.type != "html_inline")
            found.setdefault(_key(words), (len(found) + 1, opening))
    found.pop("", None)  # of nothing but marks
    return found


def _key(words: str) -> str:
    return _SIGNS.sub("", words).casefold()
