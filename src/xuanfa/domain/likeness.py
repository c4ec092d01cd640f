"""Likeness (相同内容): whether two texts are the same but for a few characters, however long they are and whatever they are written like.

The same content is the same title over bodies that differ in at most 2 % of their characters, after white space, punctuation and markup
are removed. A ``Sketch`` is kept with each text: it is small, and tells most different texts apart without reading them again.
"""

import hashlib
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from html import unescape

#: One difference for so many characters is still the same content.
ONE_IN = 50
#: How many counts a sketch has.
_BINS = 64
_FENCE = "---"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_SHOWS_NOTHING = re.compile(r"[\W_]+")
#: The first comparison of two runs of the same characters; each next one is twice as long.
_STEP = 16
#: After so many steps two texts of more than 50,000 characters that still may be the same count as the same: a person is asked, and
#: nobody waits. Less than a second.
_PATIENCE = 600_000


def comparable(text: str) -> str:
    """What is compared of a text: letters and digits that readers see, without width and case."""
    read = unescape(_COMMENT.sub("", text))
    return _SHOWS_NOTHING.sub("", unicodedata.normalize("NFKC", read)).casefold()


def title_key(title: str) -> str:
    """The same for titles that are the same: 32 hexadecimal digits. A title of nothing but punctuation is taken as it is."""
    return hashlib.sha256((comparable(title) or title.strip()).encode()).hexdigest()[:32]


def body_of(source: str) -> str:
    """The body of a post's source: what stands below its front matter. A source without one is all body."""
    lines = source.split("\n")
    start = next((at for at, line in enumerate(lines) if line.strip()), 0)
    if lines[start].rstrip() != _FENCE:
        return source
    end = next((at for at in range(start + 1, len(lines)) if lines[at].rstrip() == _FENCE), start)
    return "\n".join(lines[end + 1 :])


@dataclass(frozen=True)
class Sketch:
    """How long a comparable text is, and how often its characters come, in so many bins."""

    length: int
    bins: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> "Sketch":
        """The sketch of a comparable text."""
        bins = [0] * _BINS
        for letter, count in Counter(text).items():
            bins[ord(letter) % _BINS] += count
        return cls(len(text), tuple(bins))

    @classmethod
    def read(cls, written: str) -> "Sketch":
        """The sketch that ``written`` gave."""
        bins = tuple(int(count or 0) for count in written.split(","))
        return cls(sum(bins), bins)

    @cached_property
    def written(self) -> str:
        """As it is kept: the counts, those of zero left empty."""
        return ",".join(str(count or "") for count in self.bins)

    def may_be(self, other: "Sketch") -> bool:
        """Whether texts of these sketches may be the same content. One difference changes two counts by one at most."""
        longer = max(self.length, other.length)
        allowed = longer // ONE_IN
        if abs(self.length - other.length) > allowed:
            return False
        return sum(abs(mine - its) for mine, its in zip(self.bins, other.bins, strict=True)) <= 2 * allowed


def lengths_like(length: int) -> tuple[int, int]:
    """The shortest and the longest text that may be the same content as one of ``length``."""
    return length - length // ONE_IN, length * ONE_IN // (ONE_IN - 1)


def is_same(one: str, other: str) -> bool:
    """Whether two comparable texts are the same content: at most 2 % of the longer one's characters put in, left out or changed."""
    allowed = max(len(one), len(other)) // ONE_IN
    if one == other:
        return True
    return Sketch.of(one).may_be(Sketch.of(other)) and _differ_within(one, other, allowed)


def _differ_within(one: str, other: str, allowed: int) -> bool:
    """Whether ``allowed`` differences lead from one text to the other (Ukkonen 1985, by diagonals).

    ``reached[d]`` is how far into ``one`` so many differences lead on the diagonal ``d``, which is how far ``other`` is ahead. That takes
    half the square of ``allowed`` in steps: a tenth of a second for 30,000 characters.
    """
    ahead, steps = len(other) - len(one), 0
    reached = {0: _run(one, other, 0, 0)}
    for spent in range(allowed + 1):
        steps += len(reached)
        if reached.get(ahead, -1) >= len(one) or steps > _PATIENCE:
            return True
        left = allowed - spent - 1
        next_ = {}
        # A diagonal from which too few differences are left to come to the end is not followed.
        for d in range(max(-spent - 1, ahead - left), min(spent + 1, ahead + left) + 1):
            at = max(reached.get(d, -2) + 1, reached.get(d - 1, -2), reached.get(d + 1, -2) + 1)
            at = min(at, len(one), len(other) - d)
            if at >= 0 and at + d >= 0:
                next_[d] = _run(one, other, at, d)
        reached = next_
    return False


def _run(one: str, other: str, at: int, ahead: int) -> int:
    """The end of the run of the same characters that begins at ``at`` in ``one`` and ``at + ahead`` in ``other``."""
    end = min(len(one), len(other) - ahead)
    step = 1
    while at < end and one[at] == other[at + ahead]:
        if one[at : at + step] == other[at + ahead : at + ahead + step] and at + step <= end:
            at, step = at + step, max(step * 2, _STEP)
        else:
            at, step = at + 1, 1
    return at
