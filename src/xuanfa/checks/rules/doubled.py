"""Characters and words that stand twice."""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of

_WORD = re.compile(r"([\u4e00-\u9fff]{2,8})\1")
#: A name, then the same name for the next: 被告甲公司甲公司 is rare, 中国中国 is not.
_MARKED = re.compile("[某甲乙丙丁一二三四五六七八九十]")


@cache
def _joints() -> tuple[re.Pattern[str], dict[str, tuple[str, str]], frozenset[str]]:
    joints: dict[str, tuple[str, str]] = {}
    words: list[str] = []
    for head, cells in rows_of("doubled"):
        if head["kind"] == "words":
            words += cells
        elif len(cells[0]) == 1:
            ends, begins, *_ = (*cells[1:], "", "")
            joints[cells[0]] = (ends, begins or "".join(cells[2:]))
    return re.compile(rf"([{''.join(joints)}])\1"), joints, frozenset(words)


def detect(scan: Scan) -> Iterator[Hit]:
    """What stands twice."""
    pattern, joints, words = _joints()
    for match in _WORD.finditer(scan.text):
        if match[0] in words or len(set(match[1])) == 1 or match[1].endswith("着") or _MARKED.search(match[1]):
            continue
        if not scan.shield.touches(*match.span(), NO_TEXT):
            yield Hit(rule="typo.doubled", start=match.start(), end=match.end(), suggestion=match[1])
    for match in pattern.finditer(scan.text):
        ends, begins = joints[match[1]]
        before, after = scan.text[match.start() - 1 : match.start()], scan.text[match.end() : match.end() + 1]
        ends_word, begins_word = before and before in ends, after and after in begins
        if (
            (ends_word and (begins_word or begins == "*"))
            or (begins_word and not ends)
            or _is_doublet(scan.text, match)
        ):
            continue
        if not scan.shield.touches(*match.span(), NO_TEXT):
            yield Hit(rule="typo.doubled", start=match.start(), end=match.end(), suggestion=match[1])


_DOUBLETS = re.compile(
    r"实实在在|纷纷|扎扎实实|切切实实|老老实实|踏踏实实|结结实实|堂堂正正|方方面面|公公正正|清清楚楚|原原本本|规规矩矩|开开心心|高高兴兴|高高地|兢兢业业|是是非非|上上下下|"
    r"进进出出|官官相护|落落大方|子子孙孙|年年|日日|月月|人人|件件|村村|家家|户户|事事|层层|处处|条条|大大|好好|各各|统统|区区|女女|生生|动动|约约|活活|心心|物物|行行出|步步|"
    r"话话|声声|句句|字字|点点|天天|时时|刻刻|常常|频频"
)


def _is_doublet(text: str, match: re.Match[str]) -> bool:
    """Whether it is one of the words that are made by doubling."""
    around = text[max(0, match.start() - 3) : match.end() + 3]
    at = match.start() - max(0, match.start() - 3)
    return any(found.start() <= at and at + 2 <= found.end() for found in _DOUBLETS.finditer(around))
