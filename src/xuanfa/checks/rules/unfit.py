"""Slips in fixed phrases that neither sound nor look like what is meant: any character in place of one, one missing, one too many.

In a short phrase, or at the end of one, such a slip may as well be another word. It is told only where what stands there fits nothing: it makes
no word with either neighbour, and none of the runs of three around it was ever seen in official copy (``reader/familiar``).
"""

from typing import Final

from xuanfa.checks.reader.familiar import Line, familiar
from xuanfa.checks.rules.letters import is_pair

#: What was seen are runs of so many.
_RUN: Final = 3
#: With what stands before it and with what stands behind it.
_BOTH: Final = 2
#: So many characters on each side are all that is looked at.
_AROUND: Final = 4
#: From this length on a phrase may lack its first or last character.
_LONG: Final = 5
#: They stand by themselves between words: no slip by themselves.
_FREE: Final = frozenset(
    "的地得和与及或向对在是了等为其把被将就由于而并也均以自不未者之可各该本此个名位起件次从到按经让给使有无年月日时"
)
_COUNTING: Final = frozenset("零〇一二三四五六七八九十百千万亿两几多第")
#: Where a slip begins and ends, and what should stand there.
Slip = tuple[int, int, str]


def slip_in(text: str, at: int, want: str) -> Slip | None:
    """The slip of a phrase that begins at a place with its first character right."""
    there = text[at : at + len(want) + 1]
    if want[-1] not in there and not there.startswith(want[:-1]):
        return None
    same = 1
    while there.startswith(want[same], same):
        same += 1
        if same == len(want):
            return None
    place, rest = at + same, want[same:]
    if len(rest) > 1 and there.startswith(rest[1:], same + 1):
        return _changed(text, place, want, same)
    if len(rest) == 1:
        return None if is_pair(want[-3:-1]) else _without_last(text, place, want) or _changed(text, place, want, same)
    if there.startswith(rest[1:], same):
        return _torn(text, place, want, same)
    if there.startswith(rest, same + 1) and _is_unfit(text, place):
        return place - 1, place + 2, want[same - 1 : same + 1]
    return None


def slip_before(text: str, end: int, want: str) -> Slip | None:
    """The slip of a phrase that ends at a place with its last characters right: only what is not seen from its beginning, its first one."""
    place = end - len(want)
    if place < 0 or not text.startswith(want[1:], place + 1):
        return None
    if is_pair(want[1:3]):
        return None  # a word of its own, with any before it
    if _is_unfit(text, place):
        return place, place + 2, want[:2]
    if len(want) >= _LONG and _is_torn(text, place + 1):
        return place + 1, place + 3, want[:3]
    return None


def _changed(text: str, place: int, want: str, same: int) -> Slip | None:
    if not _is_unfit(text, place):
        return None
    return place - 1, place + 1, want[same - 1 : same + 1]


def _torn(text: str, place: int, want: str, same: int) -> Slip | None:
    """One missing within: the two that stand there now are no neighbours, nor do they belong to what stands on their other sides."""
    if not _is_torn(text, place) or (is_pair(text[place - 2 : place]) and is_pair(text[place : place + 2])):
        return None
    return place - 1, place + 1, want[same - 1 : same + 2]


def _without_last(text: str, place: int, want: str) -> Slip | None:
    """The last one missing, so that the one before it is left without a neighbour."""
    if len(want) < _LONG or "\u4e00" <= text[place : place + 1] <= "\u9fff" or not _is_torn(text, place):
        return None
    return place - 2, place, want[-3:]


def _is_unfit(text: str, place: int) -> bool:
    """Whether a character fits nothing around it."""
    letter = text[place : place + 1]
    if not "\u4e00" <= letter <= "\u9fff" or letter in _FREE or letter in _COUNTING:
        return False
    if is_pair(text[max(0, place - 1) : place + 1]) or is_pair(text[place : place + 2]):
        return False
    begin = max(0, place - _AROUND)
    line = Line(text[begin : place + _AROUND])
    return line.seen(line.index[place - begin]) == 0


def is_at_home(text: str, place: int) -> bool:
    """Whether what stands in place of a phrase's first character belongs to what is before it: 必要时人民检察院."""
    if is_pair(text[max(0, place - 1) : place + 1]):
        return True
    begin = max(0, place - _AROUND)
    line = Line(text[begin : place + _AROUND])
    at = line.index.get(place - begin, 0)
    return at > 1 and line.letters[at - 2 : at + 1] in familiar() and line.letters[at - 1 : at + _BOTH] in familiar()


def is_doubled(text: str, place: int) -> bool:
    """Whether a character that stands twice, from a place on, was never seen so between its neighbours."""
    return not is_pair(text[max(0, place - 1) : place + 1]) and _twice_seen(text, place) == 0


def is_seen_twice(text: str, place: int) -> bool:
    """Whether official copy has a character twice between these neighbours: 新民主主义."""
    return _twice_seen(text, place) == _BOTH


def _twice_seen(text: str, place: int) -> int:
    begin = max(0, place - _AROUND)
    line = Line(text[begin : place + _AROUND])
    at = line.index[place - begin]
    return sum(line.letters[each : each + _RUN] in familiar() for each in (at - 1, at))


def _is_torn(text: str, place: int) -> bool:
    """Whether what stands at a place does not go with what stands before it."""
    before, letter = text[place - 1 : place], text[place : place + 1]
    if {before, letter} & _FREE or before in _COUNTING or is_pair(before + letter):
        return False
    begin = max(0, place - _AROUND)
    line = Line(text[begin : place + _AROUND])
    at = line.index.get(place - begin, len(line.letters) - 1)
    around = (line.letters[max(0, at - 2) : at + 1], line.letters[at - 1 : at + 2])
    return all(len(run) < _RUN or run not in familiar() for run in around)
