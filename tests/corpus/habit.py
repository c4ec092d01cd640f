"""How official copy goes on: ``python -m tests.corpus.habit TEXT …`` writes ``checks/reader/habit.bin``. Needs numpy.

The texts are plain ones without errors, of many millions of characters: laws, judgments, the news. A line that comes again counts once, and every
fiftieth piece is held back (as by ``familiar``), on which the table can be tried. A run is kept where it stands in them at least so often.
"""

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from tests.corpus.familiar import pieces
from xuanfa.checks.reader.familiar import Line
from xuanfa.checks.reader.habit import CHANCES, HEAD, LEFT, LONGEST, sought

_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "reader" / "habit.bin"
#: So often a run of one to four has to stand there, and what is taken off each count for the runs that were not seen.
_OFTEN: Final = (1, 2, 2, 3)
_DISCOUNT: Final = 0.75
#: Never is less left for the unseen.
_LEAST: Final = 0.02
#: So many places for a run: below 1.23 the places of an xor filter cannot be told apart.
_ROOM: Final = 1.24


def main(names: Iterable[str]) -> None:
    """Write the table."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    runs, counts = _counted(names)
    chances, left = [counts[0] / counts[0].sum()], []
    for size in range(1, LONGEST):
        # What a run begins with stands there as often, so that it is kept, too.
        begins = numpy.searchsorted(runs[size - 1], runs[size] >> numpy.uint64(16))
        taken = counts[size] - _DISCOUNT
        chances.append(taken / counts[size - 1][begins])
        told = numpy.bincount(begins, weights=taken, minlength=len(runs[size - 1]))
        left.append(numpy.maximum(1 - told / counts[size - 1], _LEAST))
    values = [_steps(each, 10, len(CHANCES)) for each in chances]
    third, words, rests = _table(
        numpy.concatenate(runs[:-1]), numpy.concatenate(values[:-1]), _steps(numpy.concatenate(left), 100, len(LEFT))
    )
    long_third, long_words, _ = _table(runs[-1], values[-1], values[-1])
    _TARGET.write_bytes(HEAD.pack(third, long_third) + words.tobytes() + rests.tobytes() + long_words.tobytes())
    sys.stdout.write(f"{[len(each) for each in runs]} runs, {_TARGET.stat().st_size} bytes\n")


def _counted(names: Iterable[str]) -> tuple[list[Any], list[Any]]:
    """The runs of each length as numbers in their order, and how often each stands there."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    text = "\n".join(Line(piece).letters for piece in pieces(names))
    letters = numpy.frombuffer(text.encode("utf-32-le"), dtype=numpy.uint32).astype(numpy.uint64)
    runs, counts = [], []
    for size in range(1, LONGEST + 1):
        number = numpy.zeros(len(letters) - size + 1, dtype=numpy.uint64)
        whole = numpy.ones(len(number), dtype=bool)
        for at in range(size):
            here = letters[at : len(letters) - size + 1 + at]
            number = number << numpy.uint64(16) | here
            whole &= here != ord("\n")
        found, often = numpy.unique(number[whole], return_counts=True)
        kept = often >= _OFTEN[size - 1]
        runs.append(found[kept])
        counts.append(often[kept].astype(numpy.float64))
    return runs, counts


def _steps(chances: Any, to_one: int, most: int) -> Any:
    """Logarithms to the base of ten in steps."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    return numpy.clip(numpy.rint(-numpy.log10(chances) * to_one), 0, most - 1).astype(numpy.uint16)


def _table(runs: Any, values: Any, more: Any) -> tuple[int, Any, Any]:
    """A third of its places; for each a word, in which check and value of a run lie, and a byte, each the exclusive or of three places."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    third = int(len(runs) * _ROOM / 3) + 32
    *found, checks = sought(runs, third)
    places = numpy.stack(found).astype(numpy.int64)
    words, rests = numpy.zeros(3 * third, dtype="<u2"), numpy.zeros(3 * third, dtype=numpy.uint8)
    meant = (checks << numpy.uint64(6) | values).astype(numpy.uint16)
    more = more.astype(numpy.uint8)
    for keys, free in reversed(_peeled(places, 3 * third)):
        one, other, last = places[:, keys]
        words[free] = meant[keys] ^ words[one] ^ words[other] ^ words[last]
        rests[free] = more[keys] ^ rests[one] ^ rests[other] ^ rests[last]
    return third, words, rests


def _peeled(places: Any, size: int) -> list[tuple[Any, Any]]:
    """The runs with a place of their own, round by round: what is left by those before."""
    import numpy  # noqa: PLC0415 - only where the table is made anew

    total = places.shape[1]
    often = numpy.bincount(places.ravel(), minlength=size)
    whose = numpy.zeros(size, dtype=numpy.int64)
    for row in places:
        numpy.bitwise_xor.at(whose, row, numpy.arange(total))
    rounds, free, done = [], numpy.flatnonzero(often == 1), 0
    while len(free):
        keys, first = numpy.unique(whose[free], return_index=True)
        rounds.append((keys, free[first]))
        done += len(keys)
        for row in places[:, keys]:
            numpy.subtract.at(often, row, 1)
            numpy.bitwise_xor.at(whose, row, keys)
        free = numpy.unique(places[:, keys])
        free = free[often[free] == 1]
    if done < total:
        raise SystemExit("the places cannot be told apart: give it more room")
    return rounds


if __name__ == "__main__":
    main(sys.argv[1:])
