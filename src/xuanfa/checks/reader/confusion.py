"""What a hand may write in place of a character: one that sounds the same or nearly so, looks like it, or is typed by a key beside."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

#: How much less often each sort happens. Logarithms to the base of ten.
SOUND, SHAPE, NEARLY, KEY = 0.0, -0.6, -0.8, -1.4
#: So many readings of a character are minded; later ones stand in dictionaries only.
_READINGS: Final = 3
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PAIRS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f"))


class Confusions:
    """For each character those that it may have been meant as. ``letters`` are all that are proposed."""

    def __init__(self, letters: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        for letter in letters:
            for sound in _sounds(letter):
                self._by_sound.setdefault(sound, []).append(letter)
        self._known: dict[str, Mapping[str, float]] = {}
        self._likely: dict[str, Sequence[tuple[str, float]]] = {}

    def of(self, letter: str) -> Mapping[str, float]:
        """The characters that may have been meant, with how likely each slip is."""
        if letter not in self._known:
            self._known[letter] = dict(self._meant(letter))
        return self._known[letter]

    def likely(self, letter: str) -> Sequence[tuple[str, float]]:
        """Those of them that sound or look alike."""
        if letter not in self._likely:
            self._likely[letter] = [(other, slip) for other, slip in self.of(letter).items() if slip >= SHAPE]
        return self._likely[letter]

    def _meant(self, letter: str) -> Iterator[tuple[str, float]]:
        """From the least likely to the likeliest, so that what is both counts as the likelier."""
        sounds = _sounds(letter)
        sorts = (
            (KEY, (each for sound in sounds[:2] for each in self._sounding(_typed_beside(sound)))),
            (NEARLY, (each for sound in sounds for each in self._sounding(_heard_alike(sound)))),
            (SHAPE, shapes().get(letter, "")),
            (SOUND, self._sounding(sounds)),
        )
        for worth, found in sorts:
            for each in found:
                if each != letter:
                    yield each, worth

    def _sounding(self, sounds: Iterable[str]) -> Iterator[str]:
        for sound in sounds:
            yield from self._by_sound.get(sound, ())


@cache
def shapes() -> Mapping[str, str]:
    """Characters that look alike, by each of them: drawn, blurred and compared (``tests/corpus/shapes.py``)."""
    text = (files("xuanfa.checks.reader") / "shapes.txt").read_text(encoding="utf-8")
    return {line[0]: line[1:] for line in text.splitlines() if line and not line.startswith("#")}


def _sounds(letter: str) -> tuple[str, ...]:
    """How a character is read, without tones."""
    from pypinyin.pinyin_dict import pinyin_dict  # noqa: PLC0415 - of the extra, and large

    return tuple(dict.fromkeys(map(_plain, pinyin_dict.get(ord(letter), "").split(","))))[:_READINGS]


def _plain(sound: str) -> str:
    parts = unicodedata.normalize("NFD", sound)
    return unicodedata.normalize(
        "NFC", "".join(each for each in parts if not unicodedata.combining(each) or each == "\u0308")
    ).replace("ü", "v")


def _heard_alike(sound: str) -> Iterator[str]:
    """What people of many places do not tell apart."""
    for one, other in _PAIRS:
        for mine, theirs in ((one, other), (other, one)):
            if sound.startswith(mine):
                yield theirs + sound[len(mine) :]
    if sound.endswith("ng"):
        yield sound[:-1]
    elif sound.endswith("n"):
        yield sound + "g"


def _typed_beside(sound: str) -> Iterator[str]:
    """A key too few, a neighbour in place of a key, or one too many."""
    for at, letter in enumerate(sound):
        yield sound[:at] + sound[at + 1 :]
        for key in _neighbours().get(letter, ""):
            yield sound[:at] + key + sound[at + 1 :]
    for at in range(len(sound) + 1):
        for key in "aeioung":
            yield sound[:at] + key + sound[at:]


@cache
def _neighbours() -> Mapping[str, str]:
    places = {key: (row, at) for row, keys in enumerate(_ROWS) for at, key in enumerate(keys)}
    return {
        key: "".join(
            other
            for other, (line, place) in places.items()
            if other != key and abs(line - row) <= 1 and abs(place - at) <= 1
        )
        for key, (row, at) in places.items()
    }
