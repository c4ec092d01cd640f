"""The highest offices of the state with a name behind them that does not hold them: 国务院总理 with the name of another.

The table has what is common knowledge, with its days (``data/leaders.txt``); a name that is not in it is not judged. What a text says of a year
in which it was so is right, and so is what it calls 时任 or 原. Where the office keeps a list of its own, that one is asked (``leaders``).
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Leader, Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of

#: What says that somebody held an office before.
_FORMER: Final = re.compile(r"(?:原|时任|前|前任|曾任|历任|当时的)$")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年")
#: Words of other states, whose presidents are 主席 and 总理 too.
_ABROAD: Final = re.compile(
    r"(?:越|老|朝|古巴|德|日|韩|俄|印|新加坡|副|协会|联合会|学会|公司|商会|书法|作协|文联|工会|妇联|协|会|党)$"
)


@cache
def _holders() -> dict[str, tuple[Leader, ...]]:
    """By name who held what, and when; each form of an office is a row of its own."""
    found: dict[str, tuple[Leader, ...]] = {}
    for _, (name, offices, since, until) in rows_of("leaders"):
        rows = tuple(
            Leader(
                name=name,
                office=office,
                since=date.fromisoformat(since) if since else None,
                until=date.fromisoformat(until) if until else None,
            )
            for office in offices.split(",")
        )
        found[name] = (*found.get(name, ()), *rows)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    """An office of the table, and a name of it behind."""
    offices = sorted({row.office for rows in _holders().values() for row in rows}, key=len, reverse=True)
    names = sorted(_holders(), key=len, reverse=True)
    return re.compile(rf"({'|'.join(offices)})[ 　]?(?:同志)?({'|'.join(names)})")


def detect(scan: Scan) -> Iterator[Hit]:
    """Such names in a line."""
    if scan.office.leaders or not any(name in scan.text for name in _holders()):
        return
    for match in _pattern().finditer(scan.text):
        office, name = match[1], match[2]
        before = scan.before(match.start(), 6)
        rows = _holders()[name]
        held = [row for row in rows if row.office == office]
        if (
            scan.shield.touches(*match.span(), NO_TEXT)
            or any(row.holds(scan.when) for row in held)
            or _FORMER.search(before)
            or (office in ("主席", "总理", "委员长", "书记") and _ABROAD.search(before))
            or (held and _is_of_then(scan, match.span(), held))
        ):
            continue
        now = next((row.office for row in rows if row.holds(scan.when)), "")
        yield Hit(
            rule="politics.leader",
            start=match.start(),
            end=match.end(),
            suggestion=f"{now}{name}" if now else f"原{office}{name}",
            values={"name": name, "office": office},
        )


def _is_of_then(scan: Scan, span: tuple[int, int], held: list[Leader]) -> bool:
    """Whether the sentence tells of a year in which it was so."""
    years = [int(each[1]) for each in _YEAR.finditer(scan.around(*span))]
    return any(row.until is not None and year <= row.until.year for row in held for year in years)
