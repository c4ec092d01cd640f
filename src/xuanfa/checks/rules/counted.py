"""Days and events that are counted by years: the thirteenth of its kind, the hundredth anniversary, in a year that the sentence names."""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.numerals import chinese_value
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import WORDS
from xuanfa.checks.rules.table import rows_of

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)年")
_N = re.compile(r"[\d一二三四五六七八九十百零〇]{1,5}").pattern


@cache
def _since() -> dict[str, int]:
    return {cells[0]: int(cells[2]) for head, cells in rows_of("feasts") if head["rule"] == "date.ordinal"}


@cache
def _counted() -> re.Pattern[str]:
    """第十三个国家宪法日, 中国共产党成立105周年."""
    rows = [cells for head, cells in rows_of("feasts") if head["rule"] == "date.ordinal"]
    days = "|".join(sorted((re.escape(name) for name, kind, _ in rows if kind == "第"), key=len, reverse=True))
    events = "|".join(sorted((re.escape(name) for name, kind, _ in rows if kind == "年"), key=len, reverse=True))
    return re.compile(rf"第(?P<nth>{_N})个“?(?P<day>{days})|(?P<event>{events})(?P<years>{_N})周年")


def detect(scan: Scan) -> Iterator[Hit]:
    """Counts that do not go with the only year of their sentence."""
    if "周年" not in scan.text and "个" not in scan.text:
        return
    for match in _counted().finditer(scan.text):
        years = set(_YEAR.findall(scan.around(*match.span())))
        if len(years) != 1 or scan.shield.touches(*match.span(), WORDS):
            continue
        year = int(years.pop())
        since = _since()[match["day"] or match["event"]]
        real = year - since + 1 if match["day"] else year - since
        if real > 0 and chinese_value(match["nth"] or match["years"]) != real:
            right = f"{year}年为第{real}个" if match["day"] else f"{year}年为{real}周年"
            start, end = (match.start(), match.end("nth") + 1) if match["day"] else (match.start("years"), match.end())
            yield Hit(rule="date.ordinal", start=start, end=end, suggestion=right)
