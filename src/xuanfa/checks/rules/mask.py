"""Masking: what leads to a person is put in the prescribed form; parties of one surname are told apart by numbers (张某1, 张某2)."""

from collections.abc import Iterable, Sequence
from typing import Final

from xuanfa.checks.rules.people import masked_name
from xuanfa.domain.checking import Found

#: What is masked, and what is only shown: an address or a school is for a person to rewrite.
NAMED: Final = frozenset({"privacy.party", "privacy.family", "privacy.case"})
_NUMBERS: Final = frozenset(
    {
        "privacy.id18",
        "privacy.id15",
        "privacy.mobile",
        "privacy.landline",
        "privacy.bank",
        "privacy.passport",
        "privacy.plate",
        "privacy.email",
        "privacy.wechat",
        "privacy.qq",
    }
)
_PLACES: Final = frozenset({"privacy.address", "privacy.school"})


def masked(text: str, found: Iterable[Found], *, is_markdown: bool) -> tuple[str, int]:
    """The text with every number and name masked, and how many places were. Asterisks are escaped where Markdown would read them.

    A name is masked wherever it stands in the text, once it was found in one place.
    """
    relevant = [one for one in found if one.level.weight >= 1]
    names = _numbered(dict.fromkeys(one.text for one in relevant if one.rule in NAMED))
    spans = [
        (one.start, one.end, _form(one.suggestion, is_markdown=is_markdown)) for one in relevant if one.rule in _NUMBERS
    ]
    spans += [
        (one.start, one.end, one.suggestion)
        for one in relevant
        if one.rule in _PLACES and 0 < len(one.suggestion) < one.end - one.start
    ]
    for name, shown in names.items():
        at = text.find(name)
        while at >= 0:
            spans.append((at, at + len(name), shown))
            at = text.find(name, at + len(name))
    return _replaced(text, spans)


def _numbered(names: Iterable[str]) -> dict[str, str]:
    """张某 for the only one of a surname; 张某1, 张某2 where there are several."""
    forms: dict[str, list[str]] = {}
    for name in names:
        forms.setdefault(masked_name(name), []).append(name)
    return {
        name: shown if len(of_one) == 1 else f"{shown}{number}"
        for shown, of_one in forms.items()
        for number, name in enumerate(of_one, 1)
    }


def _form(suggestion: str, *, is_markdown: bool) -> str:
    return suggestion.replace("*", r"\*") if is_markdown else suggestion


def _replaced(text: str, spans: Sequence[tuple[int, int, str]]) -> tuple[str, int]:
    parts: list[str] = []
    at = count = 0
    for start, end, shown in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= at:
            parts += [text[at:start], shown]
            at, count = end, count + 1
    return "".join([*parts, text[at:]]), count
