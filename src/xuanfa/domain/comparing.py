"""Whether a page still shows an article as it was sent: the article's own words are sought in the page's, in order, whatever stands around them.

Compared are letters and digits, with the points and signs of numbers; white space and punctuation are set differently by every platform. What
stands before the first paragraph and behind the last is the page's own affair: times, counters, menus. Between two paragraphs nothing may stand
that is more than a counter.
"""

import hashlib
import itertools
import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from xuanfa.domain.language import say
from xuanfa.domain.shown import clipped, printable

#: So many paragraphs of an article are looked at, and so much of a changed one. Characters.
_PIECES_MAX, _LOOK_MAX = 3_000, 1_200
#: A paragraph of so many signs that stands in a page once stands there as itself.
_TELLING: Final = 10
#: How much of a paragraph has to be found again, in pieces of so many signs, where it is changed and not gone; and how much may stand between two.
_ALIKE: Final = 0.3
_SEED, _DRIFT = 3, 80
#: So many differences are told in words, and so much of each. Characters.
_TOLD, _SHOWN = 4, 40
#: How far around a changed place its words are told. Signs.
_AROUND: Final = 6
#: What counters and clocks between paragraphs are made of, and how long they are at most. Signs.
_COUNTER: Final = re.compile(
    r"(?:[\d.%‰:/-]|阅读|浏览|点击|次数|总数|数量|点赞|评论|分享|转发|收藏|在看|推荐|播放|热度|人数|参与|今日|今天|昨天|刚刚|更新|发布|发表|时间"
    r"|小时|分钟|星期[一二三四五六日天]?|上午|下午|[次赞人已万年月日时分秒前字号大中小]|reads?|views?|likes?|shares?|comments?|posted|updated|ago|hours?|minutes?"
    r"|days?|am|pm|at|on|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)*",
    re.IGNORECASE,
)
_COUNTER_MAX: Final = 60
_NUMBER: Final = re.compile(r"[\d.]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place where the page is not as it was sent. ``number`` counts the article's paragraphs from one; of what was added it is the one
    before, of the title 0. ``sent`` and ``seen`` are words of both, ``mark`` tells this difference from others."""

    kind: Literal["changed", "missing", "cut", "added", "title"]
    number: int
    sent: str = ""
    seen: str = ""
    #: How many paragraphs are gone, where the rest of the article is.
    count: int = 1
    mark: str = ""

    @property
    def words(self) -> str:
        """For people."""
        match self.kind:
            case "changed":
                return say(
                    "第 {n} 段不一样：发出的是“{sent}”，页面上是“{seen}”",
                    "paragraph {n} differs: sent was “{sent}”, the page has “{seen}”",
                    n=self.number,
                    sent=self.sent,
                    seen=self.seen,
                )
            case "missing":
                return say(
                    "第 {n} 段没有了：“{sent}”", "paragraph {n} is gone: “{sent}”", n=self.number, sent=self.sent
                )
            case "cut":
                return say(
                    "从第 {n} 段起的 {count} 段没有了：“{sent}”",
                    "the last {count} paragraphs are gone, from paragraph {n} on: “{sent}”",
                    n=self.number,
                    count=self.count,
                    sent=self.sent,
                )
            case "added":
                return say(
                    "第 {n} 段后面多出：“{seen}”", "added behind paragraph {n}: “{seen}”", n=self.number, seen=self.seen
                )
            case "title":
                return say("标题没有了：“{sent}”", "the title is gone: “{sent}”", sent=self.sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """``found`` of ``total`` signs of the article stand in the page as they were sent."""

    found: int
    total: int
    differences: tuple[Difference, ...] = ()

    @property
    def is_there(self) -> bool:
        """Whether the page shows this article, changed or not."""
        return self.found > 0 and (self.found * 10 >= self.total or self.found >= _TELLING * 2)

    @property
    def words(self) -> str:
        """What differs, for people; empty where nothing does."""
        told = [each.words for each in self.differences[:_TOLD]]
        if len(self.differences) > len(told):
            told.append(say("另有 {n} 处", "{n} more", n=len(self.differences) - len(told)))
        return say("；", "; ").join(told)

    @property
    def mark(self) -> str:
        """Tells these differences from others; a number in what was added, which is another one each time, makes no other mark."""
        return _hash("\n".join(f"{each.kind} {each.number} {each.count} {each.mark}" for each in self.differences))


@dataclass(frozen=True, slots=True)
class _Signs:
    """The signs of a text that are compared, and where in the text each stands."""

    signs: str
    text: str
    places: Sequence[int]

    def words(self, start: int, end: int) -> str:
        """What stands there, as it is written."""
        if start >= end or not self.places:
            return ""
        first, last = self.places[min(start, len(self.places) - 1)], self.places[min(end, len(self.places)) - 1]
        return clipped(printable(" ".join(self.text[first : last + 1].split())), _SHOWN)


def signs_of(text: str) -> str:
    """What of a text is compared: letters and digits in one width and case, and the points, per cents and signs of numbers."""
    return _signs(text).signs


def compare(article: Sequence[str], title: str, lines: Sequence[str], titles: Sequence[str]) -> Compared:
    """An article's paragraphs, as they were sent, with the blocks of a page, and its titles, in order."""
    page = _signs("\n".join(lines))
    pieces = [piece for each in article[:_PIECES_MAX] if (piece := _signs(each)).signs]
    spans = _aligned([piece.signs for piece in pieces], page.signs)
    differences = list(_differences(pieces, spans, page))
    wanted = signs_of(title)
    if wanted and not any(wanted in signs for signs in (page.signs, *map(signs_of, titles))):
        differences.insert(0, Difference(kind="title", number=0, sent=clipped(title, _SHOWN)))
    return Compared(
        found=sum(len(piece.signs) for piece, span in zip(pieces, spans, strict=True) if span is not None),
        total=sum(len(piece.signs) for piece in pieces),
        differences=tuple(differences),
    )


def _signs(text: str) -> _Signs:
    found: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        if letter.isalnum():
            for sign in letter.casefold() if letter.isascii() else unicodedata.normalize("NFKC", letter).casefold():
                if sign.isalnum():
                    found.append(sign)
                    places.append(at)
        elif letter in _OF_NUMBERS and _is_of_number(text, at):
            found.append(_OF_NUMBERS[letter])
            places.append(at)
    return _Signs("".join(found), text, places)


#: A point within a number, and what makes another one of it.
_OF_NUMBERS: Final = {".": ".", "．": ".", "%": "%", "％": "%", "‰": "‰"}


def _is_of_number(text: str, at: int) -> bool:
    before = at > 0 and text[at - 1].isdigit()
    return before and (text[at] in "%％‰" or (at + 1 < len(text) and text[at + 1].isdigit()))


_Span = tuple[int, int]


def _aligned(pieces: Sequence[str], page: str) -> list[_Span | None]:
    """Where in the page each piece stands, in order; ``None`` for what does not."""
    spans: list[_Span | None] = [None] * len(pieces)
    for number, place in _anchors(pieces, page):
        spans[number] = (place, place + len(pieces[number]))
    fixed = [number for number, span in enumerate(spans) if span is not None]
    if not fixed:
        _fill(pieces, spans, page, range(len(pieces)), (0, len(page)))
        return spans
    first, last = spans[fixed[0]], spans[fixed[-1]]
    assert first is not None and last is not None  # noqa: S101, PT018 - anchors have their places
    _fill_backwards(pieces, spans, page, range(fixed[0] - 1, -1, -1), first[0])
    _fill(pieces, spans, page, range(fixed[-1] + 1, len(pieces)), (last[1], len(page)))
    for before, after in itertools.pairwise(fixed):
        left, right = spans[before], spans[after]
        assert left is not None and right is not None  # noqa: S101, PT018 - as above
        _fill(pieces, spans, page, range(before + 1, after), (left[1], right[0]))
    return spans


def _anchors(pieces: Sequence[str], page: str) -> list[tuple[int, int]]:
    """Pieces that stand in the page once, and in the article once: the longest row of them that is in the article's order."""
    places: list[tuple[int, int]] = []
    often = {piece for piece in pieces if pieces.count(piece) > 1} if len(set(pieces)) < len(pieces) else set()
    for number, piece in enumerate(pieces):
        place = page.find(piece) if len(piece) >= _TELLING and piece not in often else -1
        if place >= 0 and page.find(piece, place + 1) < 0:
            places.append((number, place))
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = [-1] * len(places)
    for index, (_, place) in enumerate(places):
        length = bisect_left(ends, place)
        before[index] = at[length - 1] if length else -1
        if length == len(ends):
            ends.append(place)
            at.append(index)
        else:
            ends[length], at[length] = place, index
    row: list[tuple[int, int]] = []
    index = at[-1] if at else -1
    while index >= 0:
        row.append(places[index])
        index = before[index]
    return row[::-1]


def _fill(pieces: Sequence[str], spans: list[_Span | None], page: str, numbers: range, within: _Span) -> None:
    at, end = within
    for number in numbers:
        place = page.find(pieces[number], at, end)
        if place >= 0:
            at = place + len(pieces[number])
            spans[number] = (place, at)


def _fill_backwards(pieces: Sequence[str], spans: list[_Span | None], page: str, numbers: range, end: int) -> None:
    for number in numbers:
        place = page.rfind(pieces[number], 0, end)
        if place >= 0:
            spans[number] = (place, place + len(pieces[number]))
            end = place


def _differences(pieces: Sequence[_Signs], spans: Sequence[_Span | None], page: _Signs) -> Iterator[Difference]:
    number, count = 0, len(pieces)
    behind = next((span[0] for span in spans if span is not None), 0)
    while number < count:
        span = spans[number]
        if span is not None:
            if number and spans[number - 1] is not None:
                yield from _added(page, behind, span[0], number)
            behind = span[1]
            number += 1
            continue
        end = number
        while end < count and spans[end] is None:
            end += 1
        following = spans[end] if end < count else None
        size = sum(len(piece.signs) for piece in pieces[number:end])
        begins = behind if number else max(0, behind - 2 * size - _TELLING)
        ends = following[0] if following is not None else min(len(page.signs), behind + 2 * size + _TELLING)
        lost, at = _lost(pieces, range(number, end), page, (begins, ends), is_last=following is None)
        yield from lost
        if number and following is not None:
            yield from _added(page, at, following[0], end)
        number = end


def _added(page: _Signs, start: int, end: int, number: int) -> Iterator[Difference]:
    signs = page.signs[start:end]
    if signs and not (len(signs) <= _COUNTER_MAX and _COUNTER.fullmatch(signs)):
        yield Difference(kind="added", number=number, seen=page.words(start, end), mark=_hash(_NUMBER.sub("#", signs)))


def _lost(
    pieces: Sequence[_Signs], numbers: range, page: _Signs, within: _Span, *, is_last: bool
) -> tuple[list[Difference], int]:
    """What has become of pieces that stand nowhere as they were sent, one after the other; and where in the page the last of them ends."""
    at, end = within
    gone: list[int] = []
    found: list[Difference] = []
    for number in numbers:
        changed = _changed(pieces[number], number, page, (at, end))
        if changed is None:
            gone.append(number)
            continue
        found += [_missing(pieces[each], each) for each in gone]
        gone.clear()
        difference, at = changed
        found.append(difference)
    if gone and is_last and len(gone) > 1:
        first = gone[0]
        words = pieces[first].words(0, len(pieces[first].signs))
        found.append(Difference(kind="cut", number=first + 1, count=len(gone), sent=words))
    else:
        found += [_missing(pieces[each], each) for each in gone]
    return found, at


def _missing(piece: _Signs, number: int) -> Difference:
    return Difference(kind="missing", number=number + 1, sent=piece.words(0, len(piece.signs)))


def _changed(piece: _Signs, number: int, page: _Signs, within: _Span) -> tuple[Difference, int] | None:
    """The first place in which a paragraph differs, and where its part of the page ends; ``None`` where nothing there is like it."""
    sent = piece.signs[:_LOOK_MAX]
    start, end = within[0], min(within[1], within[0] + 2 * _LOOK_MAX)
    region = page.signs[start:end]
    seeds = _seeds(sent, region)
    if len(seeds) * _SEED < _ALIKE * len(sent):
        return None
    (first, at), (last, to) = seeds[0], seeds[-1]
    seen_end = _end_of(sent[last + _SEED :], region, to + _SEED)
    mine, theirs = _first_difference(sent, region[:seen_end], max(0, at - first))
    difference = Difference(
        kind="changed",
        number=number + 1,
        sent=piece.words(*mine),
        seen=page.words(start + theirs[0], start + theirs[1]),
        mark=_hash(page.signs[start : start + seen_end]),
    )
    return difference, start + seen_end


def _seeds(sent: str, region: str) -> list[_Span]:
    """Small pieces of a paragraph that stand in a region in the same order, each with both its places."""
    found: list[_Span] = []
    at, before = 0, -_SEED
    for begin in range(0, max(1, len(sent) - _SEED + 1), _SEED):
        place = region.find(sent[begin : begin + _SEED], at, at + 2 * (begin - before) + _DRIFT)
        if place >= 0:
            found.append((begin, place))
            at, before = place + _SEED, begin
    return found


def _end_of(rest: str, seen: str, at: int) -> int:
    """Where in a text a paragraph ends whose ``rest`` is not found again there as a whole: behind the longest end of it."""
    for begin in range(len(rest)):
        place = seen.find(rest[begin:], at, at + 2 * len(rest) + _AROUND)
        if place >= 0:
            return place + len(rest) - begin
    return min(len(seen), at + len(rest))


def _first_difference(sent: str, seen: str, offset: int) -> tuple[_Span, _Span]:
    """Where two texts first differ, with a little around it in both."""
    seen = seen[offset:]
    same = next((at for at, (mine, theirs) in enumerate(zip(sent, seen, strict=False)) if mine != theirs), None)
    at = min(len(sent), len(seen)) if same is None else same
    begin = max(0, at - _AROUND)
    return (begin, min(len(sent), at + 2 * _AROUND)), (offset + begin, offset + min(len(seen), at + 2 * _AROUND))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]
