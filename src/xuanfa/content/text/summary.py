"""A summary made from a post's text: whole sentences from its beginning, or none."""

import re
from functools import lru_cache
from html.parser import HTMLParser
from typing import Final

from xuanfa.content.text.plain import STRUCK, set_off

#: The length of a summary that is made from the text. Characters.
SUMMARY_MAX: Final = 120
#: The end of a sentence, with what closes after it.
_END = re.compile(r"[。！？!?]+[”’」』）)》]*")
_PAIRS = {"“": "”", "‘": "’", "（": "）", "(": ")", "「": "」", "『": "』", "《": "》"}
#: What announces something that a summary does not bring.
_ANNOUNCES = re.compile(r"(?:：|:|如下|下列|以下)[。！？!?]?[”’」』）)]*$")
#: Marks and addresses that are none of a sentence's words.
_NO_WORDS = re.compile(r"https?://|www\.|\*\*|~~|\[\[|\]\(|==|%%|[{}|]")
_NUMBERED = re.compile(
    r"\s*(?:[（(]?[一二三四五六七八九十\d]{1,3}(?:[）)、]|[.．](?!\d))|第[一二三四五六七八九十]+[，,、是]|[①-⑳·•☐☑])"
)
#: Words below a picture.
_CAPTION = re.compile(r"\s*(?:[▲△▼▽]|图(?:为|片|[一二三四五六七八九\d：:]))")
_STEP = re.compile(r"[（(]([一二三四五六七八九十]+|\d{1,2})[）)]")
_FIRST = frozenset({"一", "1"})
#: Elements whose text is no running prose.
_PASSED_OVER = frozenset({"table", "pre", "figure", "section", "li", "blockquote"}) | STRUCK


@lru_cache(maxsize=2)
def summary_of(html: str, limit: int = SUMMARY_MAX) -> str:
    """Whole sentences of the first paragraph that has any that fit, ``limit`` characters at most; empty where none does.

    Headings, lists, tables, quotations and footnotes are passed over, and so are sentences that announce (…如下), that begin as an item
    of a list or as words below a picture, or that hold an address or a mark.
    """
    reader = _Prose()
    reader.feed(html)
    reader.close()
    return next((found for paragraph in reader.paragraphs if (found := _beginning(paragraph, limit))), "")


def _beginning(paragraph: str, limit: int) -> str:
    taken = ""
    for sentence in _sentences(paragraph):
        if not taken and not _begins(sentence, limit):
            continue
        longer = taken + sentence
        if len(longer.strip()) > limit or not _tells(sentence) or not _counts_from_one(longer):
            break
        taken = longer
    return taken.strip()


def _begins(sentence: str, limit: int) -> bool:
    return (
        len(sentence.strip()) <= limit
        and not _NUMBERED.match(sentence)
        and not _CAPTION.match(sentence)
        and _tells(sentence)
        and _counts_from_one(sentence)
    )


def _tells(sentence: str) -> bool:
    return not _ANNOUNCES.search(sentence) and not _NO_WORDS.search(sentence)


def _counts_from_one(text: str) -> bool:
    """Whether numbered points, where there are any, begin with the first."""
    first = _STEP.search(text)
    return first is None or first[1] in _FIRST


def _sentences(paragraph: str) -> list[str]:
    """The sentences of a paragraph; what stands in quotation marks or brackets is not parted. The rest without an end is left out."""
    found, start, awaited = [], 0, list[str]()
    at = 0
    for end in _END.finditer(paragraph):
        for letter in paragraph[at : end.end()]:
            if letter in _PAIRS:
                awaited.append(_PAIRS[letter])
            elif awaited and letter == awaited[-1]:
                awaited.pop()
        at = end.end()
        if not awaited:
            found.append(paragraph[start:at])
            start = at
    return found


class _Prose(HTMLParser):
    """Collects the paragraphs of running text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = []
        self._depth = 0
        self._parts: list[str] | None = None
        self._set_off = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _PASSED_OVER or ("class", "footnote-ref") in attrs:
            self._depth += 1
        elif tag in {"sup", "sub"}:
            self._set_off = tag
        elif tag == "p" and not self._depth:
            self._parts = []
        elif tag == "br" and self._parts is not None:
            self._parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _PASSED_OVER or (tag == "sup" and not self._set_off):
            self._depth = max(0, self._depth - 1)
        elif tag in {"sup", "sub"}:
            self._set_off = ""
        elif tag == "p" and self._parts is not None:
            self.paragraphs.append(" ".join("".join(self._parts).split()))
            self._parts = None

    def handle_data(self, data: str) -> None:
        if self._parts is not None and not self._depth:
            self._parts.append(set_off(data, self._set_off) if self._set_off else data)
