"""Spans: the text of a paragraph with how it looks and where it leads, written as Markdown or as HTML."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from xuanfa.content.reading.word import escaping

#: Asterisks around what begins and ends with a letter part words whatever stands beside them; where a mark does, the reader of Markdown asks what
#: stands before and within (CommonMark 0.31, 6.2).
_WORDS: Final = re.compile(r"[^\W_]{2}")
_SAFE_BEFORE: Final = re.compile(r"[\s，。；：！？、”）》】〕·…—]")
_SAFE_FIRST: Final = re.compile(r"[\w《“（【〔]")
_SAFE_LAST: Final = re.compile(r"[\w》”）】〕：。！？；，、]")
BREAK: Final = "\n"


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text of one look. A picture or a note has no text."""

    text: str = ""
    bold: bool = False
    italic: bool = False
    strike: bool = False
    underline: bool = False
    script: str = ""
    link: str = ""
    #: The id of a footnote.
    note: str = ""
    #: A picture's name, what it shows in words, and what stands below it.
    picture: str = ""
    alt: str = ""
    caption: str = ""


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same with neighbours of one look put together; spaces at the beginning and end of the paragraph are left out."""
    found: list[Span] = []
    for span in spans:
        are_texts = found and not (span.note or span.picture or found[-1].note or found[-1].picture)
        if are_texts and (_look(found[-1]) == _look(span) or (not span.text.strip() and BREAK not in span.text)):
            found[-1] = replace(found[-1], text=found[-1].text + span.text)
        elif span.text or span.note or span.picture:
            found.append(span)
    return _trimmed(found)


def _look(span: Span) -> tuple[object, ...]:
    return span.bold, span.italic, span.strike, span.underline, span.script, span.link


def _trimmed(spans: list[Span]) -> list[Span]:
    while spans and not (spans[0].note or spans[0].picture) and not spans[0].text.lstrip():
        spans = spans[1:]
    while spans and not (spans[-1].note or spans[-1].picture) and not spans[-1].text.rstrip():
        spans = spans[:-1]
    if spans and not (spans[0].note or spans[0].picture):
        spans = [replace(spans[0], text=spans[0].text.lstrip()), *spans[1:]]
    if spans and not (spans[-1].note or spans[-1].picture):
        spans = [*spans[:-1], replace(spans[-1], text=spans[-1].text.rstrip())]
    return spans


def plain(spans: Iterable[Span]) -> str:
    """The words alone."""
    return "".join(span.text for span in spans).replace(BREAK, " ").strip()


def as_markdown(spans: Sequence[Span], *, is_bold: bool = False) -> str:
    """The spans as lines of a paragraph. ``is_bold``: all of it is (a heading), and no mark says so again."""
    text = ""
    for span in spans:
        text += _markdown(replace(span, bold=False) if is_bold else span, text)
    lines = [escaping.first(line.strip()) for line in text.split(BREAK)]
    return "\\\n".join(line for line in lines if line)


def _markdown(span: Span, before: str) -> str:
    if span.picture:
        return picture(span)
    if span.note:
        return f"[^{span.note}]"
    return _lined(span, before)


def picture(span: Span) -> str:
    """A picture as Markdown writes it."""
    words = escaping.markdown(span.caption).replace('"', '\\"')
    title = f' "{words}"' if span.caption else ""
    return f"![{escaping.markdown(span.alt)}](<{escaping.address(span.picture)}>{title})"


def _lined(span: Span, before: str) -> str:
    """Marks do not reach over a line's end."""
    pieces = []
    for piece in span.text.split(BREAK):
        inner = piece.strip()
        if not inner:
            pieces.append(piece)
            continue
        lead, tail = piece[: len(piece) - len(piece.lstrip())], piece[len(piece.rstrip()) :]
        written = _marked(escaping.markdown(inner), span, before + lead if not pieces else "")
        pieces.append(lead + written + tail)
    return BREAK.join(pieces)


def _marked(text: str, span: Span, before: str) -> str:
    for tag, is_set in (("u", span.underline and not span.link), ("s", span.strike), ("em", span.italic)):
        if is_set:
            text = f"<{tag}>{text}</{tag}>"
    if span.script:
        text = f"<{span.script}>{text}</{span.script}>"
    if span.bold:
        is_safe = _WORDS.fullmatch(text[0] + text[-1]) or (
            (not before or _SAFE_BEFORE.fullmatch(before[-1]))
            and _SAFE_FIRST.match(text)
            and _SAFE_LAST.fullmatch(text[-1])
        )
        text = f"**{text}**" if is_safe else f"<strong>{text}</strong>"
    return f"[{text}](<{escaping.address(span.link)}>)" if span.link else text


def as_html(spans: Iterable[Span], notes: dict[str, str]) -> str:
    """The spans within an element of HTML. A note stands there in full, because Markdown reads none within HTML."""
    return "".join(_html(span, notes) for span in spans).replace(BREAK, "<br>")


def _html(span: Span, notes: dict[str, str]) -> str:
    if span.picture:
        title = f' title="{escaping.html(span.caption)}"' if span.caption else ""
        return f'<img src="{escaping.html(span.picture)}" alt="{escaping.html(span.alt)}"{title}>'
    if span.note:
        return f"（注：{notes.get(span.note, '')}）"
    text = BREAK.join(escaping.html(piece) for piece in span.text.split(BREAK))
    if not text.strip():
        return text
    tags = (
        ("strong", span.bold),
        ("em", span.italic),
        ("s", span.strike),
        ("u", span.underline),
        (span.script, bool(span.script)),
    )
    for tag, is_set in tags:
        if is_set:
            text = f"<{tag}>{text}</{tag}>"
    return f'<a href="{escaping.html(span.link)}">{text}</a>' if span.link else text
