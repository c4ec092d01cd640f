"""Filling values into a sentence: one end, quotation marks within quotation marks, and one thing in the singular. Text only."""

import re
from collections.abc import Mapping
from functools import lru_cache
from string import Formatter
from typing import Final

from xuanfa.domain.reader import Language

#: Two ends of a sentence that meet where a value was filled in, also before a bracket that closes; a colon after which nothing comes.
_GLUED = re.compile(r"[。；.;][。；，：）)]|[。；][.,;:]|[：，；][。；，]|[.;]; |\.\.(?!\.)|[“《][^”》]*[“《]")
_VERBS = {" are": " is", " were": " was", " have": " has", " need": " needs", " wait": " waits", " hang": " hangs"}
_SINGULAR = re.compile(
    r"(?<![\d.,-])\b1 (more |older |newer |distinct )?(deliveries|things|hours|days|minutes|seconds|months|times|posts|files|problems|mistakes|"
    rf"pictures|characters|channels|columns|lines|items|ones|requests|recipients|calls|seals)\b({'|'.join(_VERBS)})?"
)
_ENDS: Final = "。；.;"
_INNER = {"“": str.maketrans("“”", "‘’"), "《": str.maketrans("《》", "〈〉")}

#: A text before a field, and the field's name, form and conversion as ``str.format`` has them.
Piece = tuple[str, str | None, str | None, str | None]


def filled(text: str, values: Mapping[str, object], language: Language) -> str:
    """``text`` with ``{name}`` filled from ``values``.

    Values are sentences and names of others: one that ends like the sentence it stands in ends once, and quotation marks within quotation
    marks are ‘ ’ (GB/T 15834, 4.8), 《 》 within 《 》 are 〈 〉.
    """
    if not values:
        return text
    said = text.format(**values)
    if language == "en":
        said = _SINGULAR.sub(_one, said)
    if _GLUED.search(said):
        said = _joined(text, values)
    return said.rstrip("：") if text.endswith("}") else said


@lru_cache(maxsize=1024)
def pieces(text: str) -> tuple[Piece, ...]:
    """What a sentence is made of. Raises ValueError where it is none that can be filled."""
    return tuple(Formatter().parse(text))


def in_one_row(sentences: list[str], language: Language) -> str:
    """Sentences as one, each ended once."""
    parts = [sentence.strip() for sentence in sentences if sentence.strip()]
    ended = [part.rstrip(_ENDS) if not part.endswith("...") else part for part in parts[:-1]]
    return ("；" if language == "zh" else "; ").join([*ended, *parts[-1:]])


def _one(match: re.Match[str]) -> str:
    """One thing and what it does, where a sentence was written for several."""
    kind, noun, verb = match.groups()
    single = noun[:-3] + "y" if noun.endswith("ies") else noun[:-1]
    return f"1 {kind or ''}{single}{_VERBS.get(verb, verb) or ''}"


def _joined(text: str, values: Mapping[str, object]) -> str:
    """The text filled in piece by piece, each value fitted to what stands around it."""
    said = ""
    parsed = pieces(text)
    for at, (literal, name, form, conversion) in enumerate(parsed):
        said = _without_empty_end(said, literal) + literal
        if name is None:
            continue
        after = parsed[at + 1][0] if at + 1 < len(parsed) else ""
        said += _fitted(field(name, form, conversion).format(**values), before=said[-1:], after=after[:1])
    return said


def field(name: str, form: str | None, conversion: str | None) -> str:
    """A field as it is written in a sentence."""
    return "{" + name + (f"!{conversion}" if conversion else "") + (f":{form}" if form else "") + "}"


def _fitted(value: str, *, before: str, after: str) -> str:
    if before in _INNER:
        value = value.translate(_INNER[before])
    if after and after in "。；，：）.;,:)" and not value.endswith(("...", "……")):
        value = value.rstrip("。；" if after in ",:" else _ENDS) or value
    return value


def _without_empty_end(said: str, literal: str) -> str:
    """``said`` without a colon or comma that nothing has followed before the sentence goes on."""
    return said.rstrip("：，；") if literal[:1] in set("。；，") else said
