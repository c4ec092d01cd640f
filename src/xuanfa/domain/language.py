"""Every message in Chinese and in English, side by side where it is said."""

import os
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from xuanfa.domain.reader import Language, Reader, language, reader
from xuanfa.domain.said import Row, Said, Sentence

__all__ = ["Language", "in_each", "in_lines", "is_for_machines", "language", "say", "together", "words"]
#: So many sentences without values stay made.
_PLAIN: Final = 4096


def say(zh: str, en: str, /, **values: object) -> Said:
    """The message in the reader's language, with ``{name}`` filled from ``values`` (``domain.filling`` tells how), and what it is made of.

    A value may be a sentence or a remedy; a remedy may stand in one language's words only, and is the sentence's all the same.
    """
    if values or type(zh) is not str or type(en) is not str:
        return Said(Sentence(zh, en, values))
    return _plain(zh, en, reader())


def words(zh: str, en: str, /, **values: object) -> str:
    """The same as text alone, for templates of pages: nobody asks there what a sentence is made of, and a page has hundreds of them."""
    one = reader()
    return Sentence(zh, en, values).worded(one) if values else en if one.language == "en" else zh


@lru_cache(_PLAIN)
def _plain(zh: str, en: str, _one: Reader) -> Said:
    """One without values, for this reader: it never changes, and a page says the same words in each of its rows."""
    return Said(Sentence(zh, en, {}))


def in_each(zh: str, en: str) -> Said:
    """What each language tells by a text of its own, such as another program's words and what they mean."""
    return Said(Sentence("{zh}", "{en}", {"zh": zh, "en": en}))


def together(sentences: Iterable[str]) -> str:
    """Sentences as one, each ended once; it goes by the code of the first."""
    parts = tuple(sentence for sentence in sentences if sentence.strip())
    if len(parts) == 1 and parts[0] == parts[0].strip():
        return parts[0]
    return Said(Row(parts, ended=True), getattr(parts[0], "code", "")) if parts else ""


def in_lines(texts: Iterable[str]) -> str:
    """Texts below one another; sentences among them stay sentences."""
    return Said(Row(tuple(part for text in texts for part in ("\n", text))[1:]))


def is_for_machines() -> bool:
    """Whether each line of the log is to be a JSON object, as ``XUANFA_LOG`` says."""
    return os.environ.get("XUANFA_LOG", "").lower() == "json"
