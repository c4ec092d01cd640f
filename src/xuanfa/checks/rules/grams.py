"""The runs of two and three characters of one text, each made once: what is sought is compared with them as sets, at the speed of C."""

from dataclasses import dataclass
from operator import add
from typing import Final

from xuanfa.checks.rules.once import once

#: Longer texts are taken in pieces of so many characters, so that their runs need no more memory than the text.
PIECE: Final = 8192


@dataclass(frozen=True)
class Grams:
    """Those of a text of at most ``PIECE`` characters and what hangs over. A gap is left out: 公平正义 has 公正义 with a gap behind 公."""

    text: str

    @once
    def pairs(self) -> list[str]:
        """Runs of two, by where they begin."""
        return list(map(add, self.text, self.text[1:]))

    @once
    def triples(self) -> list[str]:
        """Runs of three."""
        return list(map(add, self.pairs, self.text[2:]))

    @once
    def early(self) -> list[str]:
        """Of runs of four the first, third and fourth."""
        return list(map(add, self.text, self.pairs[2:]))

    @once
    def late(self) -> list[str]:
        """Of runs of four the first, second and fourth."""
        return list(map(add, self.pairs, self.text[3:]))

    @once
    def early_set(self) -> set[str]:
        """The different ones of these."""
        return set(self.early)

    @once
    def late_set(self) -> set[str]:
        """The different ones of these."""
        return set(self.late)

    @once
    def pair_set(self) -> set[str]:
        """The different runs of two."""
        return set(self.pairs)

    @once
    def triple_set(self) -> set[str]:
        """The different runs of three."""
        return set(self.triples)


def pieces_of(text: str, overlap: int) -> list[tuple[int, Grams]]:
    """The text in pieces, each with so much of the next that nothing of ``overlap`` characters is cut; with where each begins."""
    return [(at, Grams(text[at : at + PIECE + overlap])) for at in range(0, max(1, len(text)), PIECE)]
