"""How well the rules do on a corpus of our own: recall by class and by rule, and false alarms on clean copy."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import Found, Level

HERE = Path(__file__).parent
WHEN = date(2026, 11, 29)
OPEN, SHUT = "⟦", "⟧"


@dataclass(frozen=True, slots=True)
class Planted:
    """A passage, what was planted where, and how grave it is."""

    kind: str
    level: Level
    text: str
    errors: tuple[tuple[int, int], ...]


@dataclass(slots=True)
class Result:
    """What was found and what was not."""

    total: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, str, str]] = field(default_factory=list)
    by_rule: Counter[str] = field(default_factory=Counter)


def planted() -> list[Planted]:
    """The passages with errors."""
    rows = []
    for path in sorted(HERE.glob("planted*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("#"):
                kind, level, marked = line.split("|", 2)
                rows.append(Planted(kind, Level(level), *_unmarked(marked)))
    return rows


def _unmarked(marked: str) -> tuple[str, tuple[tuple[int, int], ...]]:
    text, spans, at = "", [], 0
    for letter in marked:
        if letter == OPEN:
            at = len(text)
        elif letter == SHUT:
            spans.append((at, len(text)))
        else:
            text += letter
    return text, tuple(spans)


def clean() -> list[str]:
    """The passages without errors."""
    return passages(sorted(HERE.glob("clean*.txt")))


def passages(files: Iterable[Path]) -> list[str]:
    """The passages of these files."""
    return [
        passage.strip()
        for path in files
        for passage in path.read_text(encoding="utf-8").split("\n\n")
        if passage.strip() and not passage.startswith("#")
    ]


def counts_as_found(one: Found, span: tuple[int, int], kind: str, level: Level) -> bool:
    """A finding counts where it lies on the error, is not much longer, of the class, and at most one level too mild."""
    start, end = span
    size = max(1, end - start)
    touches = one.start < max(end, start + 1) and one.end > start
    return (
        touches
        and one.kind == kind
        and one.end - one.start <= max(3 * size, 12)
        and one.level.weight >= level.weight - 1
    )


def measure(engine: Engine) -> Result:
    """Look for everything that was planted."""
    result = Result()
    for row in planted():
        found = engine.check(row.text, when=WHEN)
        for span in row.errors:
            result.total[row.kind] += 1
            hits = [one for one in found if counts_as_found(one, span, row.kind, row.level)]
            if hits:
                result.found[row.kind] += 1
                result.by_rule[hits[0].rule] += 1
            else:
                told = "; ".join(f"{one.rule} {one.level.value} {one.text!r}" for one in found)
                result.missed.append((row.kind, row.text, told))
    return result


def alarms(engine: Engine) -> tuple[int, list[tuple[Found, str]]]:
    """The clean characters, and what was found in them all the same."""
    passages = clean()
    told = [(one, passage) for passage in passages for one in engine.check(passage, when=WHEN)]
    return sum(len("".join(passage.split())) for passage in passages), told
