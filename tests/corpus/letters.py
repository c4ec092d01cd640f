"""Words with a character that is none of theirs: ``python -m tests.corpus.letters TEXT …`` writes the table of ``checks/rules/letters``.

Words are those that official copy has most often. For each a character is put in place of another that sounds or looks the same; what
then stands there is kept only where nothing right can stand so: no word of the language model (Debian: libime-data-language-model), no
end of one word before the beginning of another that the model knows, and nothing that the texts have which are named. These are plain
texts without errors, of many millions of characters, as laws and reports are; nothing of them but that something stands nowhere
comes into the table.
"""

import sys
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Final

from tests.corpus.measure import HERE, clean
from xuanfa.bootstrap.proofreading import _installed
from xuanfa.checks.reader.confusion import _sounds, shapes
from xuanfa.checks.reader.lexicon import official
from xuanfa.checks.reader.trie import Trie

_TARGET: Final = Path(__file__).parents[2] / "src" / "xuanfa" / "checks" / "rules" / "data" / "letters.txt"
#: So many words of two and of three characters, so many shapes for a character, and how rare a character may be.
_PAIRS, _TRIPLES, _SHAPES, _RARE = 2400, 900, 4, -5.4
#: Words of two that are this common tell where one word ends and another begins.
_KNOWN: Final = -6.0
#: The characters of GB 2312, level 1, which typists are offered.
_LEVEL_ONE: Final = range(0xB0A1, 0xD7FA)
#: So often a slip may stand in the texts by a slip of theirs.
_PARDONED: Final = 1
_NUMERALS: Final = frozenset("〇零一二三四五六七八九十百千万亿两第年月日")
_HEAD: Final = """# Words of official copy with the characters that are wrong in them: word|in place of its first|of its second|of its third. Made by
# tests/corpus/letters.py, which says what is left out.
"""


def main(files: Iterable[str]) -> None:
    """Write the table."""
    model = _installed()
    assert model is not None, "libime's language model is not installed"
    trie = Trie(model)
    texts = [*(Path(file).read_text(encoding="utf-8") for file in files), "\n".join(clean())]
    letters = [word for word in trie.words if len(word) == 1 and _is_common(trie, word)]
    words = _words(trie, texts)
    chosen = {word for word in _chosen() if len(word) in (2, 3)}
    wrong = _wrong(words, letters, lambda word, pair: pair in trie.words and word not in chosen)
    right = {*trie.words, *official()}
    known = {word for word, number in trie.words.items() if len(word) == 2 and _is_plain(trie, word, number)}
    known |= {word for word in official() if len(word) == 2}
    taken = _joined(trie, known) | {pair for word in right for pair in _runs(word, 2)}
    said = _said(texts, wrong, known)
    kept = [
        (word, at, letter)
        for slip, (word, at, letter) in wrong.items()
        if slip not in right and said[slip] <= _PARDONED and not (len(slip) == 2 and slip in taken)
    ]
    _write(kept, sorted(known))


def _chosen() -> list[str]:
    """Words that somebody chose, whatever they are like."""
    return (HERE / "words.txt").read_text(encoding="utf-8").split()


def _is_plain(trie: Trie, word: str, number: int) -> bool:
    return trie.unigram(number)[0] > _KNOWN and all("\u4e00" <= letter <= "\u9fff" for letter in word)


def _is_common(trie: Trie, letter: str) -> bool:
    """Whether it is one of those that typists are offered, and stands by itself now and then."""
    return int.from_bytes(letter.encode("gb2312", "ignore"), "big") in _LEVEL_ONE


def _words(trie: Trie, texts: Iterable[str]) -> list[str]:
    """Those that stand most often in any of the texts, as far as the model or official copy knows them; and those that somebody chose."""
    known = {word for word, number in trie.words.items() if len(word) in (2, 3) and trie.unigram(number)[0] > _RARE}
    known |= {word for word in official() if len(word) in (2, 3)}
    found = dict.fromkeys(word for word in _chosen() if len(word) in (2, 3))
    for text in texts:
        for size, most in ((2, _PAIRS), (3, _TRIPLES)):
            counts = Counter(run for run in _runs(text, size) if run in known and _NUMERALS.isdisjoint(run))
            found.update(dict.fromkeys(word for word, _ in counts.most_common(most)))
    return list(found)


def _wrong(
    words: Iterable[str], letters: Iterable[str], is_free: Callable[[str, str], bool]
) -> Mapping[str, tuple[str, int, str]]:
    """What each word may become by one slip; of two words the likelier. Two characters that are a word by themselves stand before anything."""
    by_sound: dict[str, list[str]] = {}
    for letter in letters:
        by_sound.setdefault(_sounds(letter)[0], []).append(letter)
    common = set(letters)
    rare: dict[str, str] = {}
    for letter, meant in shapes().items():
        for right in meant if letter not in common else "":
            rare[right] = rare.get(right, "") + letter
    found: dict[str, tuple[str, int, str]] = {}
    for word in words:
        for at, right in enumerate(word):
            if len(word) == 3 and ((at == 2 and is_free(word, word[:2])) or (at == 0 and is_free(word, word[1:]))):
                continue
            alike = by_sound.get(_sounds(right)[0], [])
            shaped = [other for other in shapes().get(right, "") if other in common][:_SHAPES]
            for letter in dict.fromkeys((*alike, *shaped, *rare.get(right, "")[:_SHAPES])):
                if letter != right:
                    found.setdefault(word[:at] + letter + word[at + 1 :], (word, at, letter))
    return found


def _joined(trie: Trie, known: Container[str]) -> set[str]:
    """The end of a word with the beginning of one that the model has behind it, where neither is part of a word of two by which that is seen."""
    names = {number: word for word, number in trie.words.items()}
    found: set[str] = set()
    for number, word in names.items():
        if word[:2] in known:
            continue
        _, _, begin, end = trie.unigram(number)
        for entry in range(begin, end):
            before = names.get(trie._middle.field(entry, 0, trie._middle._word_bits), "")
            if before and word and before[-2:] not in known:
                found.add(before[-1] + word[0])
    return found


def _said(texts: Iterable[str], wrong: Mapping[str, object], known: Container[str]) -> Counter[str]:
    """How often each stands in the texts where it cannot be seen that one word ends in it or begins in it."""
    found: Counter[str] = Counter()
    for text in texts:
        for size in (2, 3):
            found.update(
                run
                for at, run in enumerate(_runs(text, size))
                if run in wrong
                and not (at and text[at - 1 : at + 1] in known)
                and text[at + size - 1 : at + size + 1] not in known
            )
    return found


def _runs(text: str, size: int) -> Iterator[str]:
    if size == 2:
        return map("".join, pairwise(text))
    return map("".join, zip(text, text[1:], text[2:], strict=False))


def _write(kept: Iterable[tuple[str, int, str]], known: Iterable[str]) -> None:
    rows: dict[str, list[str]] = {}
    for word, at, letter in kept:
        rows.setdefault(word, [""] * len(word))[at] += letter
    behind: dict[str, str] = {}
    for first, second in known:
        behind[first] = behind.get(first, "") + second
    lines = [
        "@kind words\n",
        *(f"{word}|{'|'.join(places)}\n" for word, places in sorted(rows.items())),
        "# Words of two, by which it is known where one ends and another begins: the first characters with all second ones.\n",
        "@kind pairs\n",
        *(f"{first}|{seconds}\n" for first, seconds in behind.items()),
    ]
    _TARGET.write_text(_HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
