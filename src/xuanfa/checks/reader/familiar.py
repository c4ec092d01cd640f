"""Which runs of three characters official copy has: a second opinion, beside the language model's, on what stands in a place.

The model is of everyday words. What courts, offices and the news write again and again is kept in a Bloom filter (``familiar.bin``, made by
``tests/corpus/familiar.py`` from laws and news): it says of a run that it was seen, wrongly so once in a hundred times, and no text can be read
out of it. Numbers are one sign there, and what parts sentences is another, so that the end of a piece is a neighbour, too.
"""

from functools import cache
from importlib.resources import files
from typing import Final

#: A number, and what parts pieces.
NUMBER, BREAK = "0", "#"
#: So many bits are set for a run, and the constants that they are found by.
_HASHES: Final = 6
_FIRST, _SECOND = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F
_MASK: Final = (1 << 64) - 1
_DIGITS: Final = frozenset("0123456789０１２３４５６７８９.%％")
_RUN: Final = 3
#: All runs in which a character stands.
ALL: Final = 3


def places_of(run: str, bits: int) -> list[int]:
    """The bits of a run of three, among so many."""
    number = (ord(run[0]) << 32) ^ (ord(run[1]) << 16) ^ ord(run[2])
    one = (number * _FIRST) & _MASK
    one ^= one >> 29
    one = (one * _SECOND) & _MASK
    one ^= one >> 32
    step = (one >> 17) | 1
    return [(one + each * step) % bits for each in range(_HASHES)]


class Familiar:
    """The runs that were seen."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._bits = 8 * len(data)
        self._known: dict[str, bool] = {}

    def __contains__(self, run: str) -> bool:
        known = self._known.get(run)
        if known is None:
            data = self._data
            known = all(data[bit >> 3] >> (bit & 7) & 1 for bit in places_of(run, self._bits))
            if len(self._known) > _REMEMBERED:
                self._known.clear()
            self._known[run] = known
        return known


#: So many answers are remembered: some 6 MB.
_REMEMBERED: Final = 50_000


@cache
def familiar() -> Familiar:
    """Those that the program brings along."""
    return Familiar((files("xuanfa.checks.reader") / "familiar.bin").read_bytes())


class Line:
    """A line as the filter knows it, with where each of its characters stands."""

    def __init__(self, text: str) -> None:
        letters, places = [BREAK], [-1]
        for at, letter in enumerate(text):
            sign = letter if "\u4e00" <= letter <= "\u9fff" else NUMBER if letter in _DIGITS else BREAK
            if sign in (BREAK, NUMBER) and letters[-1] == sign:
                continue
            letters.append(sign)
            places.append(at)
        if letters[-1] != BREAK:
            letters.append(BREAK)
            places.append(len(text))
        self.letters = "".join(letters)
        self.places = places
        #: Where a character of the text stands among the letters.
        self.index = {place: at for at, place in enumerate(places)}

    def seen(self, at: int) -> int:
        """In how many runs that were seen a letter stands: none to three."""
        return seen_in(self.letters, at)

    def seen_with(self, at: int, letter: str) -> int:
        """How many there would be with another letter in its place, or without it where there is none."""
        begin = max(0, at - _RUN + 1)
        around = self.letters[begin:at] + letter + self.letters[at + 1 : at + _RUN]
        if letter:
            return seen_in(around, at - begin)
        known = familiar()
        return 1 + sum(around[each : each + _RUN] in known for each in range(len(around) - _RUN + 1))

    def is_twice(self, at: int) -> bool:
        """Whether a letter is the one before it again, as was never seen, where all would have been seen without it."""
        letters, known = self.letters, familiar()
        if (
            at < _RUN - 1
            or letters[at] != letters[at - 1]
            or letters[at - 2 : at + 1] in known
            or letters[at - 1 : at + 2] in known
        ):
            return False
        without = letters[max(0, at - _RUN) : at] + letters[at + 1 : at + _RUN]
        return _all_seen(without)

    def is_torn(self, at: int) -> bool:
        """Whether a letter was never seen behind the one before it, with what stands on either side."""
        letters, known = self.letters, familiar()
        return at >= _RUN - 1 and letters[at - 2 : at + 1] not in known and letters[at - 1 : at + 2] not in known

    def would_join(self, at: int, letter: str) -> bool:
        """Whether with a letter more before this one all would have been seen."""
        return _all_seen(self.letters[at - 2 : at] + letter + self.letters[at : at + 2])


def _all_seen(letters: str) -> bool:
    known = familiar()
    return all(letters[each : each + _RUN] in known for each in range(len(letters) - _RUN + 1))


def seen_in(letters: str, at: int) -> int:
    """In how many runs of these that were seen one of them stands."""
    known = familiar()
    return sum(letters[each : each + _RUN] in known for each in range(max(0, at - 2), min(at, len(letters) - _RUN) + 1))
