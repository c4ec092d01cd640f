"""The engine: one text in, findings out. Pure: the same text, day and rules give the same findings."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Protocol

from xuanfa.checks.rules import (
    channel,
    charges,
    claims,
    contexts,
    counted,
    court,
    dates,
    doubled,
    figures,
    highest,
    leaders,
    letters,
    minors,
    near,
    numbers,
    numerals,
    people,
    places,
    punct,
    rates,
    reckoned,
    runs,
    scripts,
    secrecy,
    spans,
    statutes,
    sums,
    terms,
    titles,
    together,
    usage,
    width,
)
from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.listed import Listed
from xuanfa.checks.rules.model import Hit, Rule
from xuanfa.checks.rules.own import OwnRule
from xuanfa.checks.rules.scan import Office, Scan
from xuanfa.checks.rules.shield import is_marked
from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import Found
from xuanfa.domain.language import say

#: So many findings of one text are told, and so much text is read. Characters.
MOST, LONGEST = 5000, 1_000_000

#: A finding that is longer is about its sentence, and no other is left out for it. Characters.
_PIECE: Final = 12
_LINE: Final = re.compile("\n")
#: What tells of a word by a character is left out where another rule tells of the same piece.
_LETTER: Final = "typo.letter"
#: So many lines are remembered, of at most so many characters.
_REMEMBERED, _SHORT = 4000, 4000
#: What a line of Markdown that is more than a paragraph begins with.
_MARKING: Final = " \t#-*+>|0123456789"

#: A detector reads a text once. Each is bounded by the length of the text (tests/unit/checks/test_hostile.py).
Detector = Callable[[Scan], Iterable[Hit]]
DETECTORS: Final[tuple[Detector, ...]] = (
    numbers.detect,
    people.detect,
    minors.detect,
    places.detect,
    secrecy.detect,
    runs.detect,
    usage.detect,
    court.detect,
    charges.detect,
    statutes.detect,
    doubled.detect,
    punct.detect,
    numerals.detect,
    scripts.detect,
    dates.detect,
    spans.detect,
    counted.detect,
    figures.detect,
    rates.detect,
    claims.detect,
    reckoned.detect,
    sums.detect,
    width.detect,
    channel.detect,
    leaders.detect,
    highest.detect,
    titles.detect,
)

#: Those that seek many words, and see several lines at once: none of their patterns crosses a line's end.
OF_WORDS: Final[tuple[Detector, ...]] = (near.detect, terms.detect, contexts.detect, letters.detect, together.detect)


class Second(Protocol):
    """A reader that judges by something else than rules, and what its findings are called."""

    rules: Mapping[str, Rule]

    def detect(self, scan: Scan) -> Iterable[Hit]:
        """What it sees in a text."""
        ...


@dataclass(frozen=True, kw_only=True)
class Engine:
    """The rules of a workspace, ready: what comes with the program, its own, and its lists."""

    own: Sequence[OwnRule] = ()
    lists: Sequence[Listed] = ()
    office: Office = field(default_factory=Office)
    #: A reader that knows no rules and is asked last; what it says of a piece that a rule has told of already is left out.
    second: Second | None = None
    #: Whether it is told all the same: programs that weigh both want to know what each has seen.
    beside: bool = False
    #: Rules that are switched off, and what is left where only one is asked for.
    only: str = ""

    @cached_property
    def rules(self) -> Mapping[str, Rule]:
        """All of them by id."""
        return {
            **shipped(),
            **{each.rule.id: each.rule for each in self.own},
            **{one.rule.id: one.rule for one in self.lists},
            **(self.second.rules if self.second else {}),
        }

    def check(self, text: str, *, when: date, part: str = "body", is_post: bool = False) -> list[Found]:
        """The findings of a text, in its order, at most ``MOST`` and one more where there are more. ``when`` is the day it is out."""
        if not text:
            return []
        scan = Scan(text=text, when=when, part=part, is_post=is_post, office=self.office)
        whole = channel.of_post(scan) if is_post and len(text) <= LONGEST else ()
        holding = (hit for hit in (*self._hits(scan), *whole) if self.rules[hit.rule].holds(when))
        hits = _without_repeats(holding, lambda hit: (hit.level or self.rules[hit.rule].level).weight)
        return list(self._told(scan, hits))

    def _hits(self, scan: Scan) -> Iterator[Hit]:
        """What is seen, line by line: no rule looks further than its line but for what the whole text tells of, and most lines of a
        rendition are those of its post, so that they are read once."""
        told = (scan.is_family, scan.of_minors)
        blocks = [
            (start, block, is_post, (block, is_post, scan.part, scan.when, told))
            for start, block, is_post in _blocks(scan.text, is_post=scan.is_post)
        ]
        new: dict[Any, Scan] = {}
        for _, block, is_post, key in blocks:
            if key not in self._read and len(block) < _SHORT and not _is_head(block):
                new.setdefault(key, _line_of(scan, block, is_post=is_post, told=told))
        self._read_new(scan, new)
        for start, block, is_post, key in blocks:
            hits = self._read.get(key)
            if hits is None:
                part = _line_of(scan, block, is_post=is_post, told=told)
                hits = self._with_second(part, (*self._of_line(part), *self._of_words(part)))
                if len(block) < _SHORT:
                    self._read[key] = hits
            yield from (replace(hit, start=hit.start + start, end=hit.end + start) if start else hit for hit in hits)

    def _read_new(self, scan: Scan, new: Mapping[Any, Scan]) -> None:
        """Read the lines that nobody has read yet: rules that seek many words look through all of them at once."""
        if not new:
            return
        if len(self._read) >= _REMEMBERED:
            self._read.clear()
        begins, at = [], 0
        for key in new:
            begins.append(at)
            at += len(key[0]) + 1
        found: list[list[Hit]] = [[] for _ in new]
        for hit in self._of_words(replace(scan, text="\n".join(key[0] for key in new), is_post=False)):
            index = bisect_right(begins, hit.start) - 1
            found[index].append(replace(hit, start=hit.start - begins[index], end=hit.end - begins[index]))
        for (key, line), words in zip(new.items(), found, strict=True):
            self._read[key] = self._with_second(line, (*self._of_line(line), *words))

    @cached_property
    def _read(self) -> dict[Any, tuple[Hit, ...]]:
        """The lines that were read last."""
        return {}

    def _with_second(self, scan: Scan, found: Sequence[Hit]) -> tuple[Hit, ...]:
        """What rules have found in a line, and what the second reader sees where they found nothing."""
        if self.second is None:
            return tuple(found)
        short = [] if self.beside else [hit for hit in found if hit.end - hit.start <= _PIECE]
        more = (
            hit
            for hit in self.second.detect(scan)
            if not any(hit.start < one.end and one.start < hit.end for one in short)
        )
        return (*found, *more)

    def _of_line(self, scan: Scan) -> Iterator[Hit]:
        for detect in DETECTORS:
            yield from detect(scan)
        for own in self.own:
            yield from own.detect(scan)

    def _of_words(self, scan: Scan) -> Iterator[Hit]:
        for detect in OF_WORDS:
            yield from detect(scan)
        for listed in self.lists:
            yield from listed.detect(scan)

    def _told(self, scan: Scan, hits: Sequence[Hit]) -> Iterator[Found]:
        starts = [0, *(match.end() for match in _LINE.finditer(scan.text))] if hits else [0]
        told = 0
        for hit in hits:
            rule = self.rules[hit.rule]
            if self.only and self.only not in (rule.id, rule.kind):
                continue
            if told > MOST:
                return
            told += 1
            line = bisect_right(starts, hit.start)
            piece = scan.text[hit.start : hit.end]
            values = {"text": piece, "right": hit.suggestion, **hit.values}
            yield Found(
                rule=rule.id,
                kind=rule.kind,
                level=hit.level or rule.level,
                start=hit.start,
                end=hit.end,
                line=line,
                column=hit.start - starts[line - 1] + 1,
                text=piece,
                message=say(
                    rule.zh, rule.en, **{name: value for name, value in values.items() if f"{{{name}}}" in rule.zh}
                ),
                suggestion=hit.suggestion,
                basis=hit.basis or rule.basis,
                fix=hit.fix,
            )


def _blocks(text: str, *, is_post: bool) -> Iterator[tuple[int, str, bool]]:
    """The lines of a text with where they begin; front matter is one, and what stands between fences is none."""
    at = 0
    if is_post and text.startswith("---"):
        end = text.find("\n---", 3)
        if end >= 0:
            at = end + 4
            yield 0, text[:at], True
    fenced = False
    while at < len(text):
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        line = text[at:stop]
        if is_post and line.lstrip().startswith("```"):
            fenced = not fenced
        elif line.strip() and not fenced:
            yield at, line, is_post and line[0] in _MARKING and is_marked(line)
        at = stop + 1


def _line_of(scan: Scan, line: str, *, is_post: bool, told: tuple[bool, bool]) -> Scan:
    """A line of a text, and what the whole text tells of."""
    return Scan(text=line, when=scan.when, part=scan.part, is_post=is_post, office=scan.office, told=told)


def _is_head(block: str) -> bool:
    """Whether it is front matter, the one block of several lines."""
    return "\n" in block


#: So many times as long as what stands in it a finding still tells of it.
_CLOSE: Final = 3
#: How the names of rules end that see a piece only: near misses, and what stands twice.
_OF_PIECES: Final = (".phrase", ".doubled")


def _without_repeats(hits: Iterable[Hit], weight: Callable[[Hit], int]) -> list[Hit]:
    """In the order of the text; of two of one class on the same piece the first detector's stays. ``weight``: how much a finding weighs."""
    kept: dict[tuple[int, int, str], Hit] = {}
    for hit in hits:
        kept.setdefault((hit.start, hit.end, hit.rule.partition(".")[0]), hit)
    ordered = sorted(kept.values(), key=lambda hit: (hit.start, -hit.end))
    result: list[Hit] = []
    furthest: dict[str, Hit] = {}
    for hit in ordered:
        kind = hit.rule.partition(".")[0]
        before = furthest.get(kind)
        if (
            before is not None
            and hit.end <= before.end
            and hit.start < before.end
            and _tells_as_much(before, hit, weight)
        ):
            continue
        if before is None or hit.end >= before.end:
            furthest[kind] = hit
        result.append(hit)
    others = {(hit.start, hit.end) for hit in result if hit.rule != _LETTER}
    return [hit for hit in result if hit.rule != _LETTER or (hit.start, hit.end) not in others]


def _tells_as_much(outer: Hit, inner: Hit, weight: Callable[[Hit], int]) -> bool:
    """Whether what stands around it is told by the same rule. Of a near miss of a phrase, which is any three characters of it, and of what
    stands twice also whether it weighs no less, is not much longer, and has what is right here in what is right there."""
    if outer.rule == inner.rule:
        return True
    is_piece = inner.rule.endswith(_OF_PIECES) and outer.end - outer.start <= _CLOSE * (inner.end - inner.start)
    return (
        is_piece and bool(inner.suggestion) and inner.suggestion in outer.suggestion and weight(outer) >= weight(inner)
    )


def fixed(text: str, found: Iterable[Found]) -> str:
    """The text with every safe fix made; of two that overlap the first."""
    parts: list[str] = []
    at = 0
    for each in sorted((one for one in found if one.fix is not None), key=lambda one: one.start):
        if each.start >= at and each.fix is not None:
            parts += [text[at : each.start], each.fix]
            at = each.end
    return "".join([*parts, text[at:]])
