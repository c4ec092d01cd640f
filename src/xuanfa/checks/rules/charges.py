"""Names of charges that the Criminal Law does not have: 犯故意伤人罪. One that has several acts may be called by some of them."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

_NAMED = Sought(
    re.compile(
        r"(?:犯有?|构成|以涉嫌|涉嫌|成立|[，。；被应依其]以(?=[\u4e00-\u9fff（）、]{2,24}罪(?:追究|提起公诉|定罪|判处|起诉|批准|立案)))(?:了)?([\u4e00-\u9fff（）、]{2,28}?罪)(?![名犯行责刑过恶嫌与错量证状])"
    ),
    "罪",
    "犯成嫌立以",
)
#: What stands there and is no name.
_NO_NAME: Final = re.compile(
    r"[其此该本前后新旧漏余他同各数多两三四五何何种的之某]罪$|犯罪|轻罪|重罪|等罪|认罪|有罪|无罪|定罪|未遂|共同|以上|上述|下列|所犯|罪名|涉嫌|构成|自首|，|被告|和|与|及|或|某"
)
#: So many last characters of a charge tell which one is meant.
_TAIL: Final = 3


@cache
def charges() -> frozenset[str]:
    """All of them by their names."""
    found = {cells[0].rstrip("!") for head, cells in rows_of("court_terms") if head["rule"] == "term.charge"}
    return frozenset(found | {cells[0] for _, cells in rows_of("charges")})


@cache
def _by_tail() -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name in charges():
        found[name[-_TAIL:]] = (*found.get(name[-_TAIL:], ()), name)
    return found


def detect(scan: Scan) -> Iterator[Hit]:
    """Such names in a text."""
    for match in _NAMED.over(scan, scan.text):
        name = match[1]
        if (
            _NO_NAME.search(name)
            or _is_charge(name)
            or _is_charge("以" + name)
            or scan.shield.touches(*match.span(1), NO_TEXT)
        ):
            continue
        yield Hit(rule="term.charge_unknown", start=match.start(1), end=match.end(1), level=Level.MINOR)


def _is_charge(name: str) -> bool:
    """Whether it is one, or several joined, or one with some of its acts."""
    if name in charges() or any(_is_part(name, whole) for whole in _by_tail().get(name[-_TAIL:], ())):
        return True
    first, joint, rest = name.partition("、")
    return bool(joint) and (first + "罪" in charges() or first in charges()) and _is_charge(rest)


def _is_part(name: str, whole: str) -> bool:
    """Whether a name is another with acts left out: 贩卖毒品罪 of 走私、贩卖、运输、制造毒品罪."""
    if "、" not in whole and "（" not in whole:
        return False
    at = 0
    for letter in name.replace("、", ""):
        at = whole.find(letter, at) + 1
        if not at:
            return False
    return True
