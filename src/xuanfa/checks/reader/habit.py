"""How official copy goes on: the chance of a character behind the three before it, as laws, judgments and the news have it.

A model of words knows what is said every day; this one, of characters, knows what courts and offices write again and again. Runs of one to four
characters are kept with their chance and with what is left for all that was never seen behind them (absolute discounting, interpolated), in a
table that holds no text: three places of it, found by the run's hash, give a check of ten bits and two numbers (an xor filter with values: Graf and
Lemire, "Xor Filters", 2020). A run that was never seen is taken for one of the table once in a thousand times. Made by ``tests/corpus/habit.py``.
"""

import struct
from collections.abc import Callable
from functools import cache, lru_cache
from importlib.resources import as_file, files
from math import log10
from mmap import ACCESS_READ, mmap
from typing import Final

#: The longest run. Characters.
LONGEST: Final = 4
#: A chance is kept in tenths of its logarithm to the base of ten, what is left in hundredths.
CHANCES: Final = tuple(10 ** (-each / 10) for each in range(64))
LEFT: Final = tuple(10 ** (-each / 100) for each in range(256))
#: The chance of a character that stands in no text at all.
_NEVER: Final = 1e-8
_FIRST, _SECOND, _THIRD = 0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0xD6E8FEB86659FD93
_MASK: Final = (1 << 64) - 1
_HALF, _ODD = 32, 29
_HALF_MASK: Final = (1 << _HALF) - 1
_CHECK_SHIFT, _CHECK_MASK = 22, (1 << 10) - 1
_VALUE_BITS: Final = 6
_VALUE_MASK: Final = (1 << _VALUE_BITS) - 1
#: In the file: a third of the places of the table of runs of one to three, and of that of four; then two bytes for each place of the one, a byte for
#: each, and two for each place of the other; the lower byte first, as all machines have it that offices run.
HEAD: Final = struct.Struct("<II")


def sought(number: int, third: int) -> tuple[int, int, int, int]:
    """Where a run is kept, one place in each third of a table, and ten bits by which one that was never seen is told from it. Of its number."""
    number = (number * _FIRST) & _MASK
    number ^= number >> _HALF
    number = (number * _SECOND) & _MASK
    number ^= number >> _ODD
    more = (number * _THIRD) & _MASK
    return (
        (number & _HALF_MASK) * third >> _HALF,
        third + ((number >> _HALF) * third >> _HALF),
        2 * third + ((more >> _HALF) * third >> _HALF),
        more >> _CHECK_SHIFT & _CHECK_MASK,
    )


class Habit:
    """What is likely to stand behind what."""

    def __init__(self, data: bytes | mmap) -> None:
        view = memoryview(data)
        self._short_third, self._long_third = HEAD.unpack_from(data)
        short, long = 3 * self._short_third, 3 * self._long_third
        at = HEAD.size
        self._short = view[at : at + 2 * short].cast("H")
        self._left = view[at + 2 * short : at + 3 * short]
        self._long = view[at + 3 * short : at + 3 * short + 2 * long].cast("H")
        #: The logarithm of the chance of a run's last character behind the others. Of the last four characters.
        self.worth: Callable[[str], float] = lru_cache(20_000)(self._worth)
        #: What is left for the unseen behind a run of up to three.
        self._remaining = lru_cache(10_000)(self._left_behind)
        #: The logarithm of the chance of a run of two, as if it were seen once in a hundred million where it was not.
        self.pair: Callable[[str], float] = lru_cache(20_000)(lambda pair: log10(self._chance(pair) or _NEVER))

    def _worth(self, run: str) -> float:
        chance = self._chance(run[-1]) or _NEVER
        for size in range(2, len(run) + 1):
            piece = run[-size:]
            chance = self._chance(piece) + self._remaining(piece[:-1]) * chance
        return log10(chance)

    def _chance(self, run: str) -> float:
        if len(run) < LONGEST:
            table, third = self._short, self._short_third
        else:
            table, third = self._long, self._long_third
        one, other, last, check = sought(_number(run), third)
        found = table[one] ^ table[other] ^ table[last]
        return CHANCES[found & _VALUE_MASK] if found >> _VALUE_BITS == check else 0.0

    def _left_behind(self, run: str) -> float:
        one, other, last, check = sought(_number(run), self._short_third)
        table, left = self._short, self._left
        if (table[one] ^ table[other] ^ table[last]) >> _VALUE_BITS != check:
            return 1.0
        return LEFT[left[one] ^ left[other] ^ left[last]]


def _number(run: str) -> int:
    """Sixteen bits for each character: of a line as ``familiar.Line`` has it."""
    return int.from_bytes(run.encode("utf-16-be"))


@cache
def habit() -> Habit:
    """That which the program brings along: mapped, so that it takes the memory of what is asked."""
    with as_file(files("xuanfa.checks.reader") / "habit.bin") as path, path.open("rb") as file:
        return Habit(mmap(file.fileno(), 0, access=ACCESS_READ))
