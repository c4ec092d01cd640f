"""What a hand may write in place of a character: one that sounds the same or nearly so, looks like it, or is typed by a key beside."""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib.resources import files
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Final

#: How much less often each sort happens. Logarithms to the base of ten.
SOUND, SHAPE, NEARLY, KEY = 0.0, -0.6, -0.8, -1.4
#: So many readings of a character are minded; later ones stand in dictionaries only.
_READINGS: Final = 3
#: Of so many characters what they may have been meant as is remembered: some 20 kB each.
_KEPT: Final = 400
_ROWS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_PAIRS: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("h", "f"), ("r", "l"))


class Confusions:
    """For each character those that it may have been meant as. ``letters`` are all that are proposed."""

    def __init__(self, letters: Iterable[str]) -> None:
        self._by_sound: dict[str, list[str]] = {}
        for letter in letters:
            for sound in _sounds(letter):
                self._by_sound.setdefault(sound, []).append(letter)
        #: The characters that may have been meant, with how likely each slip is.
        self.of: Callable[[str], Mapping[str, float]] = lru_cache(_KEPT)(self._of)
        #: Those of them that sound or look alike.
        self.likely: Callable[[str], Sequence[tuple[str, float]]] = lru_cache(_KEPT)(self._likely)
        #: Those and what sounds nearly alike: all but what is typed by a key beside.
        self.alike: Callable[[str], Sequence[tuple[str, float]]] = lru_cache(_KEPT)(self._alike)

    def _of(self, letter: str) -> Mapping[str, float]:
        return dict(self._meant(letter))

    def _likely(self, letter: str) -> Sequence[tuple[str, float]]:
        return [(other, slip) for other, slip in self.of(letter).items() if slip >= SHAPE]

    def _alike(self, letter: str) -> Sequence[tuple[str, float]]:
        return [(other, slip) for other, slip in self.of(letter).items() if slip >= NEARLY]

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
    """Characters that look alike, by each of them: drawn, blurred and compared, whole and by halves (``tests/corpus/shapes.py``)."""
    text = (files("xuanfa.checks.reader") / "shapes.txt").read_text(encoding="utf-8")
    found = {line[0]: line[1:] for line in text.splitlines() if line and not line.startswith("#")}
    others: dict[str, str] = {}
    for letter, alike in found.items():
        for other in alike:
            if letter not in found.get(other, ""):
                others[other] = others.get(other, "") + letter
    return {letter: found.get(letter, "") + others.get(letter, "") for letter in found.keys() | others.keys()}


def _sounds(letter: str) -> tuple[str, ...]:
    """How a character is read, without tones."""
    return tuple(dict.fromkeys(map(_plain, _readings().get(ord(letter), "").split(","))))[:_READINGS]


@cache
def _readings() -> Mapping[int, str]:
    """The readings of each character, by its number: one table of pypinyin, whose package would load 47,000 phrases with it (100 MB)."""
    package = find_spec("pypinyin")
    folder = next(iter(package.submodule_search_locations or ()), "") if package else ""
    spec = spec_from_file_location("xuanfa.checks.reader.readings", Path(folder) / "pinyin_dict.py")
    if spec is None or spec.loader is None:
        raise ModuleNotFoundError(name="pypinyin")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Mapping[int, str] = module.pinyin_dict
    return found


def _plain(sound: str) -> str:
    parts = unicodedata.normalize("NFD", sound)
    return unicodedata.normalize(
        "NFC", "".join(each for each in parts if not unicodedata.combining(each) or each == "\u0308")
    ).replace("ü", "v")


def _heard_alike(sound: str) -> Iterator[str]:
    """What people of many places do not tell apart: how it begins, how it ends, or both."""
    for begun in (sound, *_begun_alike(sound)):
        for heard in (begun, *_ended_alike(begun)):
            if heard != sound:
                yield heard


def _begun_alike(sound: str) -> Iterator[str]:
    for one, other in _PAIRS:
        for mine, theirs in ((one, other), (other, one)):
            if sound.startswith(mine) and not sound.startswith(mine + "h"):
                yield theirs + sound[len(mine) :]


def _ended_alike(sound: str) -> Iterator[str]:
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
