"""Slips planted at random, by a seed, into sentences that nothing was chosen on: ``python -m tests.corpus.slipping SEED [TEXT …]``.

Without texts the sentences are those of our own clean copy. How often each kind is planted follows what is seen in drafts: most characters that
are wrong sound like the right one, fewer look like it, some stand twice or are missing.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from tests.corpus.measure import clean
from tests.corpus.reading import Slip, told
from xuanfa.checks.reader.confusion import SHAPE, SOUND, Confusions
from xuanfa.checks.reader.detect import SecondReader

_KINDS = ("sound", "sound", "sound", "sound", "sound", "sound", "shape", "shape", "twice", "missing")
_LENGTHS = range(12, 90)
#: So common characters are put in place of others, and so many sentences get a slip.
_COMMON, _SLIPS = 2500, 400


def sentences(passages: Sequence[str], chance: Random) -> list[str]:
    """Sentences in an order by chance."""
    found = [
        each
        for passage in passages
        for line in passage.split("\n")
        for each in re.split("(?<=[。；！？])", line)
        if len(each) in _LENGTHS and len(re.findall("[\u4e00-\u9fff]", each)) > 0.7 * len(each)
    ]
    chance.shuffle(found)
    return found


def planted(sentence: str, letters: Confusions, common: frozenset[str], chance: Random) -> Slip | None:
    """A sentence with one slip."""
    kind = chance.choice(_KINDS)
    at = chance.choice([at for at, each in enumerate(sentence) if "\u4e00" <= each <= "\u9fff"])
    right = sentence[at]
    if kind == "twice":
        return Slip(kind, sentence[:at] + right + sentence[at:], sentence, at, at + 2)
    if kind == "missing":
        return Slip(kind, sentence[:at] + sentence[at + 1 :], sentence, max(0, at - 1), at + 1)
    worth = SOUND if kind == "sound" else SHAPE
    wrong = [each for each, slip in letters.of(right).items() if slip == worth and each in common]
    if not wrong:
        return None
    return Slip(kind, sentence[:at] + chance.choice(wrong) + sentence[at + 1 :], sentence, at, at + 1)


def measured(reader: SecondReader, passages: Sequence[str], seed: int) -> Iterator[str]:
    """What it finds, and what it tells of the same sentences without slips."""
    chance = Random(seed)  # noqa: S311 - no secret, and the same each time
    common = frozenset(letter for letter, _ in Counter("".join(passages)).most_common(_COMMON))
    letters = Confusions(common)
    all_sentences = sentences(passages, chance)
    slips = [slip for each in all_sentences if (slip := planted(each, letters, common, chance))][:_SLIPS]
    total, found = Counter(slip.kind for slip in slips), Counter[str]()
    missed = []
    for slip in slips:
        hits = told(reader, slip.written)
        if any(hit.start < slip.end and hit.end > slip.start for hit in hits):
            found[slip.kind] += 1
        else:
            missed.append(f"  missed {slip.kind}: {slip.written[max(0, slip.start - 6) : slip.end + 6]}")
    kinds = ", ".join(f"{kind} {found[kind]} of {total[kind]}" for kind in sorted(total))
    yield f"{found.total()} of {total.total()} found ({100 * found.total() / max(1, total.total()):.0f} %): {kinds}"
    alarms = [
        f"  alarm {passage[max(0, hit.start - 8) : hit.end + 8]!r}: {passage[hit.start : hit.end]} -> {hit.suggestion}"
        for passage in passages
        for hit in told(reader, passage)
    ]
    yield f"{len(alarms)} alarms in {sum(len(''.join(passage.split())) for passage in passages)} clean characters"
    yield from alarms
    yield from missed


def main(arguments: Sequence[str]) -> None:
    """Print both."""
    from xuanfa.bootstrap.proofreading import second_reader  # noqa: PLC0415 - of the program, not of the corpus

    reader, why = second_reader(None)
    if reader is None:
        raise SystemExit(why)
    seed, *names = arguments
    texts = [Path(name).read_text(encoding="utf-8") for name in names]
    passages = [each for text in texts for each in text.split("\n\n")] if names else clean()
    for line in measured(reader, passages, int(seed)):
        sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
