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
    tokens = [part for token in _tokens(text) for part in _parts(token, width, measure)]
    lines, start = [], 0
    while start < len(tokens):
        end = _full(tokens, start, width, measure)
        lines.append(_line(tokens[start:end], measure, is_last=end >= len(tokens)))
        start = end
    return [line for line in lines if line.tokens]


def balanced(text: str, width: float, measure: Measure) -> list[Line]:
    """``text`` in as few lines as it takes, of even length, broken where the sense allows rather than within a quotation."""
    least = len(wrapped(text, width, measure))
    tokens = [token for token in _tokens(text) if token]
    if least < 2 or any(measure(token) > width for token in tokens):  # noqa: PLR2004 - one line needs no balance
        return wrapped(text, width, measure)
    ends = _best(tokens, least, width, measure)
    if not ends:
        return wrapped(text, width, measure)
    lines = [_line(tokens[a:b], measure, is_last=b == len(tokens)) for a, b in zip((0, *ends), ends, strict=False)]
    return [line for line in lines if line.tokens]


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


def _full(tokens: Sequence[str], start: int, width: float, measure: Measure) -> int:
    """Where the line that begins at ``start`` ends: the last allowed place that is not too wide."""
    end = start + 1
    while end < len(tokens) and _line(tokens[start : end + 1], measure).width <= width:
        end += 1
    if end == len(tokens):
        return end
    allowed = end
    while allowed > start + 1 and not _may_break(tokens, allowed):
        allowed -= 1
    return allowed if allowed > start + 1 or _may_break(tokens, allowed) else end


def _may_break(tokens: Sequence[str], at: int) -> bool:
    before, after = tokens[at - 1], tokens[at]
    return after[0] not in _CLOSING and before[-1] not in _OPENING


def _line(tokens: Sequence[str], measure: Measure, *, is_last: bool = False) -> Line:
    """Tokens placed side by side. Marks side by side share their empty halves, and those at the edges give theirs away."""
    tokens = _stripped(tokens)
    offsets: list[float] = []
    at = 0.0
    for index, token in enumerate(tokens):
        if token in _RIGHT_INK and (index == 0 or tokens[index - 1][-1] in _LEFT_INK | _RIGHT_INK):
            at -= measure(token) / 2
        elif index and token in _LEFT_INK and tokens[index - 1] in _LEFT_INK:
            at -= measure(tokens[index - 1]) / 2
        offsets.append(at)
        at += measure(token)
    if tokens and tokens[-1] in _LEFT_INK:
        at -= measure(tokens[-1]) / 2
    return Line(tuple(tokens), tuple(offsets), at, is_last)


def _stripped(tokens: Sequence[str]) -> Sequence[str]:
    start, end = 0, len(tokens)
    while start < end and tokens[start] == " ":
        start += 1
    while end > start and tokens[end - 1] == " ":
        end -= 1
    return tokens[start:end]


def _best(tokens: Sequence[str], lines: int, width: float, measure: Measure) -> tuple[int, ...]:
    """The ends of ``lines`` lines with the least cost (evenness and sense); empty where there is no way."""
    even = _line(tokens, measure).width / lines
    depth = _depths(tokens)
    best: dict[int, tuple[float, tuple[int, ...]]] = {0: (0.0, ())}
    for number in range(1, lines + 1):
        reached: dict[int, tuple[float, tuple[int, ...]]] = {}
        for start, (cost, ends) in best.items():
            for end in range(start + 1, len(tokens) + 1):
                line = _line(tokens[start:end], measure)
                if line.width > width:
                    break
                if (number == lines) != (end == len(tokens)) or (end < len(tokens) and not _may_break(tokens, end)):
                    continue
                total = cost + ((line.width - even) / even) ** 2 + _roughness(tokens, end, depth)
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
        return -0.15
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
