"""Code in an article: coloured, with line breaks and spaces that survive WeChat, which folds both when it saves (platforms.md, WeChat articles)."""

import re
from functools import cache
from html import escape
from typing import Any

#: Characters of code that one article has coloured; the rest is plain. Some of Pygments' readers take the square of a text's length.
COLOURED_MAX = 6_000
#: Of one listing.
_LISTING_MAX = 3_000
_SPACES = re.compile(r"(?:^|(?<=\n)) +| {2,}")
#: The beginnings of Pygments' token types, and the class that colours them.
_CLASSES = (
    ("Token.Comment", "c"),
    ("Token.Keyword", "k"),
    ("Token.Operator.Word", "k"),
    ("Token.Literal.String", "s"),
    ("Token.Literal.Number", "n"),
    ("Token.Name.Function", "f"),
    ("Token.Name.Class", "f"),
    ("Token.Name.Tag", "k"),
    ("Token.Name.Attribute", "f"),
)


def coloured(text: str, language: str) -> str:
    """The code as HTML on one line: ``<br>`` and no-break spaces, and spans with a class for the stylesheet where the language is known
    and the listing is not too long for that."""
    text = text.strip("\n").expandtabs(4)
    lexer = _lexer(language) if language and len(text) <= _LISTING_MAX else None
    if lexer is None:
        return _kept(text)
    return "".join(_span(_class(str(kind)), value) for kind, value in _joined(lexer.get_tokens(text)))


@cache
def _lexer(language: str) -> Any:
    """Pygments' reader of a language; ``None`` for one that it does not know. Imported when the first code is met: few posts have any."""
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - as said
    from pygments.util import ClassNotFound  # noqa: PLC0415 - as said

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def _joined(tokens: Any) -> list[tuple[Any, str]]:
    """Neighbours of one type as one, so that they need one span."""
    joined: list[tuple[Any, str]] = []
    for kind, value in tokens:
        if joined and joined[-1][0] is kind:
            joined[-1] = (kind, joined[-1][1] + value)
        else:
            joined.append((kind, value))
    return joined


@cache
def _class(kind: str) -> str:
    return next((name for beginning, name in _CLASSES if kind.startswith(beginning)), "")


def _span(class_: str, text: str) -> str:
    return f'<span class="{class_}">{_kept(text)}</span>' if class_ else _kept(text)


def _kept(text: str) -> str:
    spaced = _SPACES.sub(lambda match: "\u00a0" * len(match[0]), escape(text, quote=False))
    return spaced.replace("\n", "<br>")
