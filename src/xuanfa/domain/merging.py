"""Merging (合并): two people's changes to one text, paragraph by paragraph, against the text that both began from. Pure.

The front matter is merged line by line. What only one of them changed is taken; what both changed alike is taken once; what both changed
otherwise is a clash, and a person chooses.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

_FENCE: Final = "---"
_BETWEEN: Final = re.compile(r"(?:[ \t]*\n){2,}")


@dataclass(frozen=True, slots=True)
class Merged:
    """A piece on which there is nothing to choose."""

    text: str


@dataclass(frozen=True, slots=True)
class Clash:
    """A piece that both have changed, each otherwise; empty where one of them has taken it out."""

    mine: str
    theirs: str


Piece = Merged | Clash


def merge(base: str, mine: str, theirs: str) -> list[Piece]:
    """The pieces of the text that both have made of ``base``, in order."""
    old, own, other = pieces_of(base), pieces_of(mine), pieces_of(theirs)
    changes = sorted([*_changes(old, own, mine=True), *_changes(old, other, mine=False)], key=_order)
    found: list[Piece] = []
    at = 0
    while changes:
        group = _touching(changes)
        changes = changes[len(group) :]
        low, high = group[0].low, max(each.high for each in group)
        found.append(Merged("".join(old[at:low])))
        sides = {
            side: _of(group, side=side, new=new, old=old, span=(low, high))
            for side, new in ((True, own), (False, other))
        }
        found.append(_decided(group, sides[True], sides[False]))
        at = high
    found.append(Merged("".join(old[at:])))
    return _joined(found)


def whole(pieces: Sequence[Piece]) -> str | None:
    """The text, where nothing clashes; else ``None``."""
    if any(isinstance(each, Clash) for each in pieces):
        return None
    return tidy("".join(each.text for each in pieces if isinstance(each, Merged)))


def chosen(pieces: Sequence[Piece], answers: Sequence[str]) -> str:
    """The text with what a person wants in the place of each clash, in order."""
    left = iter(answers)
    return tidy("".join(each.text if isinstance(each, Merged) else _as_piece(each, next(left)) for each in pieces))


def _as_piece(clash: Clash, answer: str) -> str:
    """An answer as a piece: a line of the front matter, where lines of that collide; else a paragraph with the empty line behind it."""
    if answer in {clash.mine, clash.theirs}:
        return answer
    is_paragraph = (clash.mine or clash.theirs).endswith("\n\n")
    return _closed(answer) if is_paragraph or not answer.strip() else answer.strip("\n") + "\n"


def tidy(text: str) -> str:
    """Ended by one line end."""
    return text.rstrip("\n") + "\n" if text.strip() else ""


def pieces_of(text: str) -> list[str]:
    """Lines of the front matter, then paragraphs, each with the empty line behind it: together they are the text."""
    lines = text.split("\n")
    head: list[str] = []
    if lines and lines[0].rstrip() == _FENCE:
        end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == _FENCE), None)
        if end is not None:
            head = [f"{line}\n" for line in lines[: end + 1]]
            text = "\n".join(lines[end + 1 :]).lstrip("\n")
            head.append("\n")
    return [*head, *(_closed(each) for each in _BETWEEN.split(text) if each.strip())]


def _closed(paragraph: str) -> str:
    """A paragraph with the empty line behind it."""
    return paragraph.strip("\n") + "\n\n" if paragraph.strip() else ""


@dataclass(frozen=True, slots=True)
class _Change:
    """What stands at ``low`` to ``high`` in the old text stands at ``begins`` to ``ends`` of one person's."""

    low: int
    high: int
    begins: int
    ends: int
    mine: bool


def _changes(old: list[str], new: list[str], *, mine: bool) -> list[_Change]:
    found = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    return [_Change(i, j, k, m, mine) for tag, i, j, k, m in found if tag != "equal"]


def _order(change: _Change) -> tuple[int, int]:
    return change.low, change.high


def _touching(changes: list[_Change]) -> list[_Change]:
    """The first change with all that touch the same pieces, one after the other. An insertion beside a change touches nothing."""
    group, high = [changes[0]], changes[0].high
    for each in changes[1:]:
        at_one_place = each.low == group[0].low == high == each.high
        if each.low < high or at_one_place:
            group.append(each)
            high = max(high, each.high)
        else:
            break
    return group


def _of(group: list[_Change], *, side: bool, new: list[str], old: list[str], span: tuple[int, int]) -> str:
    """What one person has in this span of the old text."""
    own = [each for each in group if each.mine is side]
    if not own:
        return "".join(old[span[0] : span[1]])
    begins = own[0].begins - (own[0].low - span[0])
    ends = own[-1].ends + (span[1] - own[-1].high)
    return "".join(new[begins:ends])


def _decided(group: list[_Change], mine: str, theirs: str) -> Piece:
    sides = {each.mine for each in group}
    if sides == {True} or mine == theirs:
        return Merged(mine)
    return Merged(theirs) if sides == {False} else Clash(mine, theirs)


def _joined(found: list[Piece]) -> list[Piece]:
    """Without empty pieces, and what needs no choice in one."""
    joined: list[Piece] = []
    for each in found:
        if isinstance(each, Merged):
            if not each.text:
                continue
            if joined and isinstance(joined[-1], Merged):
                joined[-1] = Merged(joined[-1].text + each.text)
                continue
        joined.append(each)
    return joined
