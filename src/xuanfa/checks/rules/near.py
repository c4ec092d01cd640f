"""Fixed phrases and names of bodies with a character changed, missing, added or swapped.

One slip leaves one half of a phrase whole, so that each phrase is sought by its halves, in one pass, and only what stands beside a half is
compared. Short phrases differ by one character from too much that is right; there only a character that sounds or looks alike counts.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from xuanfa.checks.rules.alike import alike
from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: From this length on any one character may be the slip.
_LONG: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One that is fixed, and what may stand there although it is near."""

    text: str
    rule: str
    level: Level | None
    allowed: tuple[str, ...]


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            text=cells[0],
            rule=head["rule"],
            level=Level(cells[1]) if len(cells) > 1 and cells[1] else None,
            allowed=tuple(filter(None, cells[2].split(","))) if len(cells) > 2 else (),
        )
        for head, cells in rows_of("phrases")
    )


@cache
def _halves() -> tuple[Index, dict[str, tuple[tuple[Phrase, int], ...]], Index]:
    """Pieces of each phrase with where they stand in it, and the phrases themselves."""
    pieces: dict[str, tuple[tuple[Phrase, int], ...]] = {}
    for phrase in _phrases():
        middle = (len(phrase.text) + 1) // 2
        for at, piece in ((0, phrase.text[:middle]), (middle, phrase.text[middle:])):
            if len(piece) >= 2:
                pieces[piece] = (*pieces.get(piece, ()), (phrase, at))
        swapped = phrase.text[: middle - 1] + phrase.text[middle] + phrase.text[middle - 1] + phrase.text[middle + 1 :]
        if swapped != phrase.text:
            pieces[swapped] = (*pieces.get(swapped, ()), (phrase, -1))
    return Index(pieces), pieces, Index(phrase.text for phrase in _phrases())


def detect(scan: Scan) -> Iterator[Hit]:
    """Near misses of fixed phrases."""
    index, pieces, whole = _halves()
    right = [(start, start + len(term)) for start, term in whole.find(scan.text)]
    covered = bytearray(len(scan.text) + 1)
    for start, end in right:
        if not covered[start] or not covered[end - 1]:
            covered[start:end] = b"\x01" * (end - start)
    for start, piece in index.find(scan.text):
        for phrase, at in pieces[piece]:
            if at < 0:
                middle = (len(phrase.text) + 1) // 2
                hit = _hit(scan, phrase, start + middle - 1, start + middle + 1, phrase.text[middle - 1 : middle + 1])
            elif at == 0:
                hit = _behind(scan, phrase, start + len(piece), len(piece))
            else:
                hit = _before(scan, phrase, start, at)
            if hit is not None and not all(covered[hit.start : hit.end]):
                yield hit


def _hit(scan: Scan, phrase: Phrase, start: int, end: int, right: str) -> Hit | None:
    """The slip, unless what stands there is allowed or protected."""
    reach = len(phrase.text) + 2
    around = scan.text[max(0, start - reach) : end + reach]
    if any(word in around for word in phrase.allowed) or scan.shield.touches(start, end, NO_TEXT):
        return None
    return Hit(
        rule=phrase.rule, start=start, end=end, suggestion=right, level=phrase.level, values={"phrase": phrase.text}
    )


def _behind(scan: Scan, phrase: Phrase, at: int, known: int) -> Hit | None:
    """The first half stands; what comes behind it is compared with the second."""
    text, want = scan.text, phrase.text[known:]
    if text.startswith(want, at):
        return None
    same = 0
    while same < len(want) and at + same < len(text) and text[at + same] == want[same]:
        same += 1
    here, rest = at + same, want[same:]
    # What differs at the very end of a phrase begins another word more often than not.
    last = len(rest) == 1
    if not _is_chinese(text, here):
        return None
    if text.startswith(rest[1:], here + 1) and _may_change(phrase, rest[0], text[here], last=last):
        return _hit(
            scan, phrase, here - 1, here + 1 + (not last), phrase.text[known + same - 1 : known + same + 1 + (not last)]
        )
    if last:
        if text[here] in phrase.text and text.startswith(rest, here + 1) and len(phrase.text) >= _LONG:
            return _hit(scan, phrase, here - 1, here + 1, text[here])
        return None
    if len(phrase.text) >= _LONG and _two_alike(rest, text[here : here + 2]) and text.startswith(rest[2:], here + 2):
        return _hit(scan, phrase, here, here + 2, rest[:2])
    if text[here : here + 2] == rest[1] + rest[0] and text.startswith(rest[2:], here + 2):
        return _hit(scan, phrase, here, here + 2, rest[:2])
    if len(phrase.text) < _LONG - 1:
        return None
    if text.startswith(rest[1:], here) and len(rest) >= 2:
        return _hit(scan, phrase, here - 1, here + 1, phrase.text[known + same - 1 : known + same + 2])
    if text.startswith(rest, here + 1) and len(rest) >= 2:
        return _hit(scan, phrase, here - 1, here + 2, phrase.text[known + same - 1 : known + same + 1])
    return None


def _before(scan: Scan, phrase: Phrase, at: int, known: int) -> Hit | None:
    """The second half stands; what comes before it is compared with the first, from behind."""
    text, want = scan.text, phrase.text[:known]
    if at >= known and text.startswith(want, at - known):
        return None
    same = 0
    while same < known and at - same - 1 >= 0 and text[at - same - 1] == want[known - same - 1]:
        same += 1
    here, left = at - same - 1, known - same  # the character that differs, and how many of the phrase are left with it
    if not _is_chinese(text, here):
        return None
    first = left == 1
    if (
        text.startswith(want[: left - 1], here - left + 1)
        and here - left + 1 >= 0
        and _may_change(phrase, want[left - 1], text[here], last=first)
    ):
        return _hit(scan, phrase, here - (not first), here + 2, phrase.text[left - 1 - (not first) : left + 1])
    if first:
        return None
    if (
        len(phrase.text) >= _LONG
        and here >= left - 1
        and _two_alike(want[left - 2 : left], text[here - 1 : here + 1])
        and text.startswith(want[: left - 2], here - left + 1)
    ):
        return _hit(scan, phrase, here - 1, here + 1, want[left - 2 : left])
    if text[here - 1 : here + 1] == want[left - 1] + want[left - 2] and text.startswith(
        want[: left - 2], here - left + 1
    ):
        return _hit(scan, phrase, here - 1, here + 1, want[left - 2 : left])
    if len(phrase.text) < _LONG - 1:
        return None
    if left >= 2 and here - left + 2 >= 0 and text.startswith(want[: left - 1], here - left + 2):
        return _hit(scan, phrase, here, here + 2, phrase.text[left - 2 : left + 1])
    if left >= 2 and here - left >= 0 and text.startswith(want[:left], here - left):
        return _hit(scan, phrase, here - 1, here + 2, phrase.text[left - 1 : left + 1])
    return None


def _may_change(phrase: Phrase, right: str, there: str, *, last: bool) -> bool:
    """Whether a character in place of another is a slip, and not the beginning of something else."""
    if len(phrase.text) < _LONG or (last and not phrase.rule.startswith("politics.")):
        return alike(right, there)
    return True


def _two_alike(right: str, there: str) -> bool:
    """Whether two characters stand for two others that sound or look like them: 注意 for 主义."""
    return len(there) == 2 <= len(right) and all(
        one == other or alike(one, other) for one, other in zip(right[:2], there, strict=True)
    )


def _is_chinese(text: str, at: int) -> bool:
    return 0 <= at < len(text) and "\u4e00" <= text[at] <= "\u9fff"
