"""Which runs of three characters official copy has: ``python -m tests.corpus.familiar TEXT …`` writes ``checks/reader/familiar.bin``.

The texts are plain ones without errors, of many millions of characters: laws, judicial interpretations, the news. A line that comes again counts
once, and a run is kept where it stands in them at least so often. Only a filter that says of a run whether it was seen comes of them.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from xuanfa.checks.reader.familiar import BREAK, Line, places_of

_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "reader" / "familiar.bin"
#: A run is kept that stands so often; so many bits for each; shorter lines tell nothing.
_OFTEN, _BITS, _SHORT = 2, 10, 4
_EVERY: Final = 50


def pieces(names: Iterable[str]) -> Iterator[str]:
    """The lines of texts, each once, but for every fiftieth piece, on which what is made of them can be tried."""
    told: set[int] = set()
    for name in names:
        for number, line in enumerate(Path(name).read_text(encoding="utf-8").split("\n")):
            if number // 40 % _EVERY and len(line) >= _SHORT and hash(line) not in told:
                told.add(hash(line))
                yield line


def main(names: Iterable[str]) -> None:
    """Write the filter."""
    counts: Counter[str] = Counter()
    for line in pieces(names):
        letters = Line(line).letters
        counts.update(map("".join, zip(letters, letters[1:], letters[2:], strict=False)))
    kept = [run for run, often in counts.items() if often >= _OFTEN and run.count(BREAK) < len(run) - 1]
    bits = -(-len(kept) * _BITS // 8) * 8
    data = bytearray(bits // 8)
    for run in kept:
        for bit in places_of(run, bits):
            data[bit >> 3] |= 1 << (bit & 7)
    _TARGET.write_bytes(data)
    sys.stdout.write(f"{len(kept)} runs, {len(data)} bytes\n")


if __name__ == "__main__":
    main(sys.argv[1:])
