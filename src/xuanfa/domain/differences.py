"""Differences between two texts, word by word: a Chinese character is a word, and so are a run of letters and one of digits."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from xuanfa.domain.language import say

_TOKEN = re.compile(r"[A-Za-z]+|\d+|\s+|.", re.DOTALL)
_LETTERS = re.compile(r"[^\W\d_]")
#: So much is left of what is the same on either side of a difference. Characters.
_AROUND = 12
#: Longer texts are compared line by line first. Words.
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Difference:
    """One place: what stands there no more, what stands there now, and some of the text before it."""

    before: str
    after: str
    where: str

    @property
    def sort(self) -> str:
        """Its class, for the count of corrections: digits, words, punctuation, or only spaces."""
        both = self.before + self.after
        if not both.strip():
            return say("空格", "spaces")
        if re.search(r"\d", both):
            return say("数字", "digits")
        return say("文字", "words") if _LETTERS.search(both) else say("标点", "punctuation")


def differences(before: str, after: str) -> list[Difference]:
    """Every place at which two texts differ, in order."""
    old, new = _words(before), _words(after)
    found = []
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag != "equal":
            where = "".join(new[max(0, k - _AROUND) : k]).replace("\n", " ")
            found.append(Difference("".join(old[i:j]), "".join(new[k:m]), where))
    return found


def _words(text: str) -> list[str]:
    words = _TOKEN.findall(text)
    return words if len(words) <= _MOST else text.splitlines(keepends=True)


def counted(found: list[Difference]) -> dict[str, int]:
    """How many there are of each class."""
    return dict(Counter(each.sort for each in found))
