"""Characters that are taken for one another: those that sound alike, by place or table, and those that look alike."""

from bisect import bisect_right
from functools import cache

from xuanfa.checks.rules.table import rows_of

#: The first and the last common character of GB 2312, in the order of their sound.
_COMMON_FIRST, _COMMON_LAST = 0xB0A1, 0xD7F9


@cache
def _tables() -> tuple[list[int], list[str], dict[str, str], dict[str, set[str]]]:
    places: list[int] = []
    sounds: list[str] = []
    more: dict[str, str] = {}
    looks: dict[str, set[str]] = {}
    for head, cells in rows_of("alike"):
        if head["kind"] == "sounds":
            places.append(_place(cells[0]))
            sounds.append(_plain(cells[1]))
        elif head["kind"] == "more":
            more.update(dict.fromkeys(cells[1], _plain(cells[0])))
        elif head["kind"] == "shapes":
            for letter in cells[1]:
                looks.setdefault(cells[0], set()).add(letter)
                looks.setdefault(letter, set()).add(cells[0])
        else:
            for letter in cells[0]:
                looks.setdefault(letter, set()).update(cells[0])
    return places, sounds, more, looks


def _place(letter: str) -> int:
    """Its number in GB 2312, whose common characters are in the order of their sound; 0 for others."""
    encoded = letter.encode("gb2312", "ignore")
    number = int.from_bytes(encoded, "big")
    return number if _COMMON_FIRST <= number <= _COMMON_LAST else 0


def _plain(sound: str) -> str:
    """A sound as people of many places hear it: zh as z, ng as n."""
    for heard, said in (("zh", "z"), ("ch", "c"), ("sh", "s")):
        sound = sound.replace(heard, said)
    return sound.removesuffix("g") if sound.endswith("ng") else sound


def _sound(letter: str) -> str:
    places, sounds, more, _ = _tables()
    place = _place(letter)
    return sounds[bisect_right(places, place) - 1] if place else more.get(letter, "")


@cache
def alike(one: str, other: str) -> bool:
    """Whether one may stand for the other by a slip."""
    looks = _tables()[3]
    if one == other:
        return False
    return other in looks.get(one, ()) or (bool(_sound(one)) and _sound(one) == _sound(other))
