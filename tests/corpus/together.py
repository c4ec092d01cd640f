"""Words that stand beside each other in official copy: ``python -m tests.corpus.together TEXT …`` writes the table of ``checks/rules/together``.

Two words of two characters that stand beside each other often in one of the texts that are named (plain ones without errors: laws, reports, the
news), in our own clean copy at all, or that somebody chose (``together.txt``). Only which words they are comes into the table.
"""

import sys
from collections import Counter
from collections.abc import Container, Iterable
from pathlib import Path
from typing import Final

from tests.corpus.measure import HERE, clean
from xuanfa.bootstrap.proofreading import _installed
from xuanfa.checks.reader.trie import Trie

_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "rules" / "data" / "together.txt"
#: Words are this common (a logarithm to the base of ten), and stand together so often in a million characters of a text, and at least so often.
_COMMON, _OFTEN, _LEAST = -5.6, 4, 3
_NUMERALS: Final = frozenset("〇零一二三四五六七八九十百千万亿两第年月日")
_HEAD: Final = """# Words of official copy that stand beside each other: a word|those that stand behind it. Made by tests/corpus/together.py.
@kind together
"""


def main(files: Iterable[str]) -> None:
    """Write the table."""
    model = _installed()
    assert model is not None, "libime's language model is not installed"
    trie = Trie(model)
    words = {
        word
        for word, number in trie.words.items()
        if len(word) == 2
        and trie.unigram(number)[0] > _COMMON
        and all("\u4e00" <= letter <= "\u9fff" for letter in word)
    }
    found = dict.fromkeys((HERE / "together.txt").read_text(encoding="utf-8").split())
    found.update(dict.fromkeys(_beside("\n".join(clean()), words)))
    for file in files:
        text = Path(file).read_text(encoding="utf-8")
        least = max(_LEAST, _OFTEN * len(text) / 1_000_000)
        found.update(dict.fromkeys(pair for pair, often in _beside(text, words).items() if often >= least))
    behind: dict[str, list[str]] = {}
    for pair in found:
        if len(pair) == 4 and _NUMERALS.isdisjoint(pair):
            behind.setdefault(pair[:2], []).append(pair[2:])
    lines = (f"{first}|{''.join(seconds)}\n" for first, seconds in sorted(behind.items()))
    _TARGET.write_text(_HEAD + "".join(lines), encoding="utf-8")


def _beside(text: str, words: Container[str]) -> Counter[str]:
    """Which two words stand beside each other, and how often."""
    return Counter(
        text[at : at + 4]
        for at in range(len(text) - 3)
        if text[at : at + 2] in words and text[at + 2 : at + 4] in words
    )


if __name__ == "__main__":
    main(sys.argv[1:])
