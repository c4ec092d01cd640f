"""Chinese line breaking for drawn text: which characters may not begin or end a line, and lines of even length for titles.

The rules are those of 中文排版需求 (W3C clreq, 3.1): no closing mark at the beginning of a line, no opening one at its end, numbers and
Latin words whole.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

_CLOSING: Final = frozenset("，。、；：！？）》〉」』】〕”’…—～·,.;:!?)]}%‰℃")
_OPENING: Final = frozenset("（《〈「『【〔“‘([{￥$")
#: Full-width marks whose ink fills only the left half (closing) or the right half (opening) of their square.
_LEFT_INK: Final = frozenset("，。、；：！？）》〉」』】〕”’")
_QUOTE_ENDS: Final = frozenset("）》〉」』】〕”’")
_RIGHT_INK: Final = frozenset("（《〈「『【〔“‘")
_TOKEN: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9@#&+/_.:~%‰℃°'-]*(?<![.:,])|——|……|\s+|.", re.DOTALL)
#: A line had better not begin with these small words, nor end with those.
_TRAILING_WORDS: Final = frozenset("的了着过们地得吗呢吧")
_LEADING_WORDS: Final = frozenset("在与和及或把被将对向从为以第")

#: So many characters and words are balanced; more are no title any more, and the time that the best breaks take grows faster than the text.
_BALANCED_MAX: Final = 100

Measure = Callable[[str], float]


@dataclass(frozen=True)
class Line:
    """A line to draw: its tokens with their offset from the left edge, and its width. Pixels."""

    tokens: tuple[str, ...]
    offsets: tuple[float, ...]
    width: float
    is_last: bool = False

    @cached_property
    def text(self) -> str:
        """What stands in it."""
        return "".join(self.tokens)


def wrapped(text: str, width: float, measure: Measure) -> list[Line]:
    """``text`` in lines of at most ``width``, filled one after the other; a token wider than a line is broken anywhere."""
    flow = _Flow(text, width, measure)
    ends: list[int] = []
    while (start := ends[-1] if ends else 0) < len(flow.tokens):
        ends.append(_full(flow, start, width))
    return flow.lines(ends)


def balanced(text: str, width: float, measure: Measure) -> list[Line]:
    """``text`` in as few lines as it takes, of even length, broken where the sense allows rather than within a quotation."""
    lines = wrapped(text, width, measure)
    if len(lines) < 2:  # noqa: PLR2004 - one line needs no balance
        return lines
    flow = _Flow(text, width, measure)
    if len(flow.tokens) > _BALANCED_MAX:
        return lines
    return flow.lines(_best(flow, len(lines), width)) or lines


def justified(line: Line, width: float) -> Line:
    """The line spread to ``width``, the room shared between its tokens; the last of a paragraph stays as it is."""
    gaps = len(line.tokens) - 1
    room = width - line.width
    if line.is_last or gaps < 1 or room <= 0 or room > 0.12 * width:
        return line
    offsets = tuple(offset + room * index / gaps for index, offset in enumerate(line.offsets))
    return Line(line.tokens, offsets, width)


def rough_breaks(lines: Sequence[Line]) -> int:
    """How many lines end where the sense goes on: neither after a mark or a space nor before an opening one."""
    breaks = ((line.tokens[-1][-1], following.tokens[0][0]) for line, following in pairwise(lines))
    return sum(before not in _CLOSING and after not in _OPENING for before, after in breaks)


def _tokens(text: str) -> list[str]:
    return [" " if token.isspace() else token for token in _TOKEN.findall(" ".join(text.split()))]


def _parts(token: str, width: float, measure: Measure) -> Sequence[str]:
    return (token,) if measure(token) <= width else tuple(token)


class _Flow:
    """A text as one endless line, in which the width of any part is known at once."""

    def __init__(self, text: str, width: float, measure: Measure) -> None:
        self.tokens = [part for token in _tokens(text) for part in _parts(token, width, measure)]
        lengths = {token: measure(token) for token in set(self.tokens)}
        self._lengths = [lengths[token] for token in self.tokens]
        self._offsets = self._placed()

    def _placed(self) -> list[float]:
        """Offsets of the tokens. Full-width marks side by side share their empty halves."""
        offsets: list[float] = []
        at = 0.0
        for index, token in enumerate(self.tokens):
            before = self.tokens[index - 1] if index else ""
            if token in _RIGHT_INK and before in _LEFT_INK | _RIGHT_INK:
                at -= self._lengths[index] / 2
            elif token in _LEFT_INK and before in _LEFT_INK:
                at -= self._lengths[index - 1] / 2
            offsets.append(at)
            at += self._lengths[index]
        return offsets

    def width(self, start: int, end: int) -> float:
        """Of the tokens from ``start`` to before ``end`` as a line: spaces and empty halves at its edges do not count."""
        start, end = self._stripped(start, end)
        if start >= end:
            return 0.0
        return self._offsets[end - 1] + self._lengths[end - 1] - self._left(start) - self._hollow(end - 1, _LEFT_INK)

    def lines(self, ends: Sequence[int]) -> list[Line]:
        """The lines that end at ``ends``, without empty ones."""
        lines = []
        for given_start, given_end in zip((0, *ends), ends, strict=False):
            start, end = self._stripped(given_start, given_end)
            if start < end:
                offsets = tuple(offset - self._left(start) for offset in self._offsets[start:end])
                is_last = given_end == len(self.tokens)
                lines.append(Line(tuple(self.tokens[start:end]), offsets, self.width(start, end), is_last))
        return lines

    def _left(self, start: int) -> float:
        return self._offsets[start] + self._hollow(start, _RIGHT_INK)

    def _hollow(self, index: int, marks: frozenset[str]) -> float:
        return self._lengths[index] / 2 if self.tokens[index] in marks else 0.0

    def _stripped(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.tokens[start] == " ":
            start += 1
        while end > start and self.tokens[end - 1] == " ":
            end -= 1
        return start, end


def _full(flow: _Flow, start: int, width: float) -> int:
    """Where the line that begins at ``start`` ends: the last allowed place that is not too wide."""
    end = start + 1
    while end < len(flow.tokens) and flow.width(start, end + 1) <= width:
        end += 1
    if end == len(flow.tokens):
        return end
    allowed = end
    while allowed > start + 1 and not _may_break(flow.tokens, allowed):
        allowed -= 1
    return allowed if _may_break(flow.tokens, allowed) else end


def _may_break(tokens: Sequence[str], at: int) -> bool:
    before, after = tokens[at - 1], tokens[at]
    return after[0] not in _CLOSING and before[-1] not in _OPENING


def _best(flow: _Flow, lines: int, width: float) -> tuple[int, ...]:
    """The ends of ``lines`` lines with the least cost (evenness and sense); empty where there is no way."""
    tokens = flow.tokens
    even = flow.width(0, len(tokens)) / lines
    depth = _depths(tokens)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(1, lines + 1):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            for end in range(start + 1, len(tokens) + 1):
                length = flow.width(start, end)
                if length > width:
                    break
                if (number == lines) != (end == len(tokens)) or (end < len(tokens) and not _may_break(tokens, end)):
                    continue
                total = cost + ((length - even) / even) ** 2 + _roughness(tokens, end, depth)
                if end not in reached or total < reached[end][0]:
                    reached[end] = (total, (*ends, end))
        best = reached
    return best[len(tokens)][1] if len(tokens) in best else ()


def _roughness(tokens: Sequence[str], at: int, depth: Sequence[int]) -> float:
    """How much a break before ``at`` disturbs the sense, beside a line that is a third too short (0.1)."""
    if at == len(tokens):
        return 0.0
    before, after = tokens[at - 1], tokens[at]
    if before in _CLOSING or before in {" ", "——"}:
        return -0.3
    cost = 0.25 * depth[at]
    if after[0] in _TRAILING_WORDS:
        cost += 0.2
    if before[-1] in _LEADING_WORDS or (before[-1].isdigit() and after[0] not in _OPENING):
        cost += 0.1
    return cost - (0.05 if after in _OPENING or before[-1] in _TRAILING_WORDS else 0.0)


def _depths(tokens: Sequence[str]) -> list[int]:
    """For each place, whether it lies within a quotation or a bracket."""
    depths, depth = [], 0
    for token in tokens:
        depths.append(min(depth, 1) if token not in _OPENING else 0)
        depth += token in _RIGHT_INK
        depth -= token in _QUOTE_ENDS
        depth = max(depth, 0)
    return depths
