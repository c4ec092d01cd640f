"""Fixed phrases and names of bodies with a character changed, missing, added or swapped.

One slip leaves three characters of a phrase that stand together, or that stand around it: by these each phrase is sought, for all phrases at once,
and only what stands there is compared. Short phrases differ by one character from too much that is right; there only a character that sounds or
looks alike counts, unless the table says that nothing else is right.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final, NamedTuple, cast

from xuanfa.checks.rules.alike import alike
from xuanfa.checks.rules.grams import PIECE, Grams, pieces_of
from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.letters import is_pair, right_words
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.once import once
from xuanfa.checks.rules.prepared import table
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.checks.rules.unfit import is_at_home, slip_before, slip_in
from xuanfa.domain.checking import Level

#: Two characters side by side, of which one may be another; and the column of a row that names what may follow.
_PAIR, _ALLOWED = 2, 2

#: From this length on any one character may be the slip, and from that one may be missing or too many.
_LONG, _MIDDLE, _SHORT = 6, 5, 4
#: From this length on two characters that stand together may be missing.
_VERY_LONG: Final = 8
#: How long a key is.
_KEY: Final = 3
#: Words of grammar: between the parts of a phrase they make another sentence of it, and no slip.
_GRAMMAR: Final = frozenset("的地得和与及或向对在是了等为其把被将就由于而并也均")
#: No phrase has more places.
_PLACES: Final = 1000
#: These are taken for one another at the end of a phrase, too.
_PARTICLES: Final = frozenset("的地得")
#: What a phrase and a slip in it take at most.
_OVERLAP: Final = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """One that is fixed, and what may stand there although it is near. ``strict``: whatever else stands there is wrong."""

    text: str
    rule: str
    level: Level | None
    allowed: tuple[str, ...]
    strict: bool = False


class _Anchor(NamedTuple):
    """A phrase that a key may be a part of, from its beginning, or from its end (``mirrored``); ``begin`` is where it would begin. ``far`` are
    the last characters at the other end of the phrase, and ``low`` is where they are sought, from the key's beginning."""

    phrase: Phrase
    mirrored: bool
    begin: int
    far: frozenset[str]
    low: int


#: Within so many characters something of the other end stands: two may be missing, one too many, and two may be others.
_SPREAD: Final = 6


def _first(phrase: Phrase) -> _Anchor:
    text = phrase.text
    return _Anchor(phrase, False, 0, frozenset(text[-3:]), len(text) - 5)


def _last(phrase: Phrase) -> _Anchor:
    text = phrase.text
    return _Anchor(phrase, True, _KEY - len(text), frozenset(text[:3]), 2 - len(text))


@cache
def _phrases() -> tuple[Phrase, ...]:
    return tuple(
        Phrase(
            text=cells[0].removesuffix("!"),
            rule=head["rule"],
            level=Level(found) if (found := (cells[1] if len(cells) > 1 else "") or head.get("level", "")) else None,
            allowed=tuple(filter(None, cells[_ALLOWED].split(","))) if len(cells) > _ALLOWED else (),
            strict=cells[0].endswith("!") or "strict" in head,
        )
        for name in ("phrases", "court_terms", "wording")
        for head, cells in rows_of(name)
    )


def fixed_phrases() -> tuple[str, ...]:
    """What no statement may get wrong: names of bodies and fixed phrases of politics."""
    return tuple(phrase.text for phrase in _phrases() if phrase.rule.startswith(("politics.", "office.", "hmt.")))


@cache
def _keys() -> dict[str, dict[str, list[int]]]:
    """What tells of a phrase that is not whole, by where it is sought: ``runs`` of three, and runs of four without their second (``early``) or
    third (``late``); with the anchors that it may be a part of."""
    return cast("dict[str, dict[str, list[int]]]", table("near.keys", _made_keys))


def _made_keys() -> dict[str, dict[str, list[int]]]:
    runs: dict[str, list[int]] = {}
    early: dict[str, list[int]] = {}
    late: dict[str, list[int]] = {}
    for number, phrase in enumerate(_phrases()):
        text, first, last = phrase.text, 2 * number, 2 * number + 1
        runs.setdefault(text[:3], []).append(first)
        runs.setdefault(text[-3:], []).append(last)
        if len(text) <= _MIDDLE:
            early.setdefault(text[0] + text[2:4], []).append(first)
            late.setdefault(text[:2] + text[3], []).append(first)
            runs.setdefault(text[0] + text[2:4], []).append(first)
            runs.setdefault(text[:2] + text[3], []).append(first)
            runs.setdefault(text[0] + text[2] + text[1], []).append(first)
            runs.setdefault(text[1] + text[0] + text[2], []).append(first)
    return {"runs": runs, "early": early, "late": late}


@cache
def _anchor(number: int) -> _Anchor:
    """An anchor by its number: the phrase's, twice, and one more from its end."""
    phrase = _phrases()[number // 2]
    return _last(phrase) if number % 2 else _first(phrase)


@cache
def _whole() -> Index:
    """The phrases themselves, and what is right although it is near one."""
    return Index({phrase.text for phrase in _phrases()} | right_words())


@cache
def _turned() -> tuple[Index, dict[str, int]]:
    """Phrases whose words stand in another order: 以为人民中心. By what would stand there, the phrase and the piece that is wrong, in one number."""
    found = table("near.turned", _made_turned)
    return Index(found), found


def _made_turned() -> dict[str, int]:
    right = {phrase.text for phrase in _phrases()}
    found: dict[str, int] = {}
    for number, phrase in enumerate(_phrases()):
        text = phrase.text
        if len(text) < _MIDDLE or phrase.rule == "term.charge":
            continue  # who names a charge turns none of its words
        for first, second in ((2, 2), (1, 2), (2, 1)):
            for at in range(len(text) - first - second + 1):
                one, two = text[at : at + first], text[at + first : at + first + second]
                turned = text[:at] + two + one + text[at + first + second :]
                if turned not in right and one != two and "、" not in one + two:
                    found.setdefault(turned, (number * _PLACES + at) * _PLACES + at + first + second)
    return found


def detect(scan: Scan) -> Iterator[Hit]:
    """Near misses of fixed phrases."""
    index, turned = _turned()
    for start, term in index.find(scan.text, scan.grams):
        if any(right in scan.text[max(0, start - 6) : start + len(term) + 6] for right in right_words()):
            continue
        number, first, last = turned[term] // _PLACES**2, turned[term] // _PLACES % _PLACES, turned[term] % _PLACES
        phrase = _phrases()[number]
        hit = _hit(scan, phrase, start + first, start + last, phrase.text[first:last])
        if hit is not None:
            yield hit
    pieces = [(0, scan.grams)] if scan.grams is not None else pieces_of(scan.text, _OVERLAP)
    for at, grams in pieces:
        cover = _Cover(grams)
        for start, anchor in _anchored(grams, cover):
            begin = max(0, start + anchor.begin)
            if cover.hides(begin, begin + len(anchor.phrase.text)):
                continue
            slip = _slip(grams.text, start, anchor)
            guessed = _guessed(grams.text, start, anchor) if slip is None else None
            slip = slip or guessed
            if slip is None or slip[0] >= PIECE or cover.hides(slip[0], slip[1]):
                continue
            hit = _hit(scan, anchor.phrase, at + slip[0], at + slip[1], slip[2])
            if hit is not None:
                yield hit if guessed is None else replace(hit, level=Level.MINOR)


@dataclass(frozen=True)
class _Cover:
    """Which characters of a piece belong to what is right, found where it is first asked."""

    grams: Grams

    @once
    def covered(self) -> bytearray:
        """For each character whether it does."""
        text = self.grams.text
        covered = bytearray(len(text) + 1)
        for start, term in _whole().find(text, self.grams if len(text) <= PIECE else None):
            covered[start : start + len(term)] = b"\x01" * len(term)
        return covered

    def hides(self, begin: int, end: int) -> bool:
        """Whether all of it belongs to what is right."""
        return self.covered.find(0, max(0, begin), end) < 0


#: What is asked of a place: a phrase, where it would begin, from where on something of its other end is sought, what of it, and the anchor.
_Asked = tuple[str, int, int, frozenset[str], _Anchor]


@cache
def _asked(name: str, key: str) -> tuple[int, int, tuple[_Asked, ...]]:
    """From where to where the phrases of a key would stand, from where it stands itself; and what is asked of each."""
    anchors = [_anchor(number) for number in _keys()[name][key]]
    return (
        min(one.begin for one in anchors),
        max(one.begin + len(one.phrase.text) for one in anchors),
        tuple((one.phrase.text, one.begin, one.low, one.far, one) for one in anchors),
    )


def _anchored(grams: Grams, cover: _Cover) -> Iterator[tuple[int, _Anchor]]:
    """Where a key of a phrase stands, whose end may be near enough to it."""
    text = grams.text
    whole, gap = text.startswith, cover.covered.find
    for name, there, different in (
        ("runs", grams.triples, grams.triple_set),
        ("early", grams.early, grams.early_set),
        ("late", grams.late, grams.late_set),
    ):
        keys = _keys()[name].keys() & different
        for start, key in [each for each in enumerate(there) if each[1] in keys] if keys else ():
            begin, end, asked = _asked(name, key)
            low_end, high_end = start + begin, start + end
            if gap(0, max(0, low_end), min(len(text), high_end)) < 0:
                continue
            for phrase, before, low, far, anchor in asked:
                if not whole(phrase, start + before):
                    at = start + low
                    tail = text[max(0, at) : at + _SPREAD if at > -_SPREAD else 0]
                    if not far.isdisjoint(tail):
                        yield start, anchor


def _hit(scan: Scan, phrase: Phrase, start: int, end: int, right: str) -> Hit | None:
    """The slip, unless what stands there is allowed or protected."""
    reach = len(phrase.text) + 2
    around = scan.text[max(0, start - reach) : end + reach]
    if any(word in around for word in phrase.allowed) or scan.shield.touches(start, end, NO_TEXT):
        return None
    return Hit(
        rule=phrase.rule, start=start, end=end, suggestion=right, level=phrase.level, values={"phrase": phrase.text}
    )


def _slip(text: str, at: int, anchor: _Anchor) -> tuple[int, int, str] | None:
    """Where the phrase is not as it should be, and what should stand there."""
    phrase = anchor.phrase
    if not anchor.mirrored:
        return _forward(phrase, phrase.text, text[at : at + len(phrase.text) + 2], at)
    end = at + _KEY
    begin = max(0, end - len(phrase.text) - 2)
    found = _forward(phrase, phrase.text[::-1], text[begin:end][::-1], 0, mirrored=True)
    if found is None or (end - found[1] == end - len(phrase.text) and is_at_home(text, end - found[1])):
        return None
    return end - found[1], end - found[0], found[2][::-1]


def _guessed(text: str, at: int, anchor: _Anchor) -> tuple[int, int, str] | None:
    """A slip that neither sounds nor looks like what is meant, where what stands there fits nothing."""
    if anchor.mirrored:
        return slip_before(text, at + _KEY, anchor.phrase.text)
    return slip_in(text, at, anchor.phrase.text)


def _forward(phrase: Phrase, want: str, there: str, at: int, *, mirrored: bool = False) -> tuple[int, int, str] | None:
    """The one slip of a text that should begin with ``want``, read from a side where it is right; ``None`` where there is none or more."""
    if there.startswith(want):
        return None
    size = len(want)
    same = next(index for index, letter in enumerate(want) if there[index : index + 1] != letter)
    if same >= len(there) or not "\u4e00" <= there[same] <= "\u9fff":
        return None
    rest, behind = want[same:], there[same:]
    edge = len(rest) == 1  # what differs at the very end begins another word more often than not
    low, high = max(0, same - 1), min(size, same + 2)
    if rest[0] == "、" and behind[0] in "和与及":
        return None  # another way to join the same
    if behind.startswith(rest[1:], 1) and _may_change(
        phrase, rest[0], behind[0], edge=edge and (mirrored or not phrase.rule.startswith("politics."))
    ):
        another = edge and not mirrored and is_pair(want[-2] + behind[0]) and not alike(rest[0], behind[0])
        if another and size < _VERY_LONG:
            return None  # 法治理论 for 法治理念: a word of its own
        return at + low, at + same + 1 + (not edge), want[low:high]
    if edge:
        doubled = not mirrored and size >= _MIDDLE and behind[0] in want and behind.startswith(rest, 1)
        return (at + low, at + same + 1, behind[0]) if doubled else None
    if behind[:2] == rest[1::-1] and behind.startswith(rest[2:], 2):
        return at + same, at + same + 2, rest[:2]
    if size >= _LONG and _two_alike(rest, behind[:2]) and behind.startswith(rest[2:], 2):
        return at + same, at + same + 2, rest[:2]
    if size < _MIDDLE and not phrase.strict:
        return None
    if behind.startswith(rest[1:]) and rest[0] != "、":
        return at + low, at + same + 1, want[low:high]
    is_joined = behind[0] in "与和及" and phrase.rule == "office.body" and size >= _LONG and not edge
    if behind.startswith(rest, 1) and (behind[0] not in _GRAMMAR or is_joined):
        return at + low, at + same + 2, want[low : same + 1]
    if size >= _VERY_LONG and len(rest) > _SHORT and behind.startswith(rest[2:]):
        return at + low, at + same + 1, want[low : same + 3]
    return None


def _may_change(phrase: Phrase, right: str, there: str, *, edge: bool) -> bool:
    """Whether a character in place of another is a slip, and not the beginning of something else."""
    if phrase.strict and not edge:
        return True
    if there in _GRAMMAR and len(phrase.text) < _VERY_LONG and (edge or not alike(right, there)):
        return {right, there} <= _PARTICLES
    if len(phrase.text) < _LONG or edge:
        return alike(right, there)
    return True


def _two_alike(right: str, there: str) -> bool:
    """Whether two characters stand for two others that sound or look like them: 注意 for 主义."""
    return len(there) == _PAIR <= len(right) and all(
        one == other or alike(one, other) for one, other in zip(right[:2], there, strict=True)
    )
