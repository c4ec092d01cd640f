"""How well the second reader does: ``python -m tests.corpus.reading [BOUND …]``. Its bound is chosen on one half and tried on the other."""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from time import process_time

from tests.corpus.measure import HERE, passages
from xuanfa.checks.reader import detect
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan

WHEN = date(2026, 11, 29)
#: What the bounds were chosen on, what nothing was chosen on, and what was written later, of which the words that it stumbled over are known now.
HALVES = ("tuned", "held", "unseen")
#: What others wrote since, before they had read the reader: measured by hand, since tests are to be cheap.
SINCE = ("first", "second")
_CLEAN = {"tuned": "abc", "held": "defg", "unseen": "hij"}
_MARK = re.compile(r"⟦([^|⟧]*)\|([^⟧]*)⟧")


@dataclass(frozen=True, slots=True)
class Slip:
    """A sentence with a slip and without it, and where the slip stands."""

    kind: str
    written: str
    meant: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Figures:
    """What was found of the slips, and what was told of clean copy."""

    slips: int
    found: int
    characters: int
    alarms: tuple[tuple[str, str, str], ...]
    missed: tuple[Slip, ...]
    seconds: float

    @property
    def recall(self) -> float:
        """The part that was found."""
        return self.found / max(1, self.slips)


def slips(half: str) -> Iterator[Slip]:
    """The sentences of one half."""
    for line in (HERE / f"slips_{half}.txt").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            kind, sentence = line.split("|", 1)
            match = _MARK.search(sentence)
            assert match is not None, line
            before, after = sentence[: match.start()], sentence[match.end() :]
            start = match.start()
            yield Slip(kind, before + match[1] + after, before + match[2] + after, start, start + len(match[1]))


def clean_half(half: str) -> list[str]:
    """Passages without errors: those of the corpus that belong to this half, and what its sentences were meant to be."""
    files = [HERE / f"clean_{name}.txt" for name in _CLEAN.get(half, "")]
    return [*passages(files), *(slip.meant for slip in slips(half))]


def measure(reader: detect.SecondReader, half: str) -> Figures:
    """Read one half. A slip counts as found where a finding lies on it, or beside a character that is missing."""
    begun = process_time()
    all_slips, missed = list(slips(half)), []
    for slip in all_slips:
        hits = told(reader, slip.written)
        if not any(hit.start < max(slip.end, slip.start + 1) and hit.end > slip.start for hit in hits):
            missed.append(slip)
    passages = clean_half(half)
    alarms = [
        (passage[max(0, hit.start - 8) : hit.end + 8], passage[hit.start : hit.end], hit.suggestion)
        for passage in passages
        for hit in told(reader, passage)
    ]
    return Figures(
        slips=len(all_slips),
        found=len(all_slips) - len(missed),
        characters=sum(len("".join(passage.split())) for passage in passages),
        alarms=tuple(alarms),
        missed=tuple(missed),
        seconds=process_time() - begun,
    )


def told(reader: detect.SecondReader, text: str) -> list[Hit]:
    """The findings of a passage, line by line as the engine reads it."""
    found, at = [], 0
    for line in text.split("\n"):
        found += [
            Hit(rule=hit.rule, start=hit.start + at, end=hit.end + at, suggestion=hit.suggestion)
            for hit in reader.detect(Scan(text=line, when=WHEN))
        ]
        at += len(line) + 1
    return found


def main(arguments: Sequence[str]) -> None:
    """Print what is found of each."""
    from xuanfa.bootstrap.proofreading import second_reader  # noqa: PLC0415 - of the program, not of the corpus

    reader, why = second_reader(None)
    if reader is None:
        raise SystemExit(why)
    for half in (*HALVES, *SINCE):
        figures = measure(reader, half)
        sys.stdout.write(
            f"{half}: {figures.found} of {figures.slips} found ({100 * figures.recall:.1f} %), {len(figures.alarms)} alarms in"
            f" {figures.characters} clean characters, {figures.seconds:.1f} s\n"
        )
        for around, text, right in figures.alarms:
            sys.stdout.write(f"  alarm  {around!r}: {text} -> {right}\n")
        for slip in figures.missed:
            sys.stdout.write(f"  missed {slip.kind}: {slip.written[max(0, slip.start - 6) : slip.end + 6]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
