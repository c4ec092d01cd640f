"""Dates that are not written whole, quarters with other months, spans of another length, parts of the day with an hour of another."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.numerals import chinese_value
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT

_TO: Final = re.compile("(?:至|到|——?|－|-|～)").pattern
#: 第三季度（4月至6月）.
_QUARTER = Sought(
    re.compile(
        rf"(?P<part>第?[一二三四1-4]季度|上半年|下半年)[（(，](?:即)?(?P<m1>\d{{1,2}})月?份?{_TO}(?P<m2>\d{{1,2}})月份?[）)，]"
    ),
    "季半",
)
_MONTHS: Final = {
    **{sign: (1 + 3 * index, 3 + 3 * index) for index, sign in enumerate("一二三四")},
    **{str(1 + index): (1 + 3 * index, 3 + 3 * index) for index in range(4)},
    "上": (1, 6),
    "下": (7, 12),
}
#: Each begins with a digit, so that other places cost nothing; what may not stand before it is asked behind it.
_BROKEN = Sought(
    re.compile(
        r"\d(?<![\d至到—-]\d)\d?月\d{1,2}月(?!份?[至到—-])|"
        r"\d(?<!\d\d)\d{3}年\d{1,2}日(?!内)|[12](?<!\d[12])[09]\d{2}月\d{1,2}月?|"
        r"\d(?:年年(?=\d)|月月(?=\d)|日日(?=[，。上下起前后（]))|"
        r"\d(?<![\d月]\d)\d?日\d{1,2}[月日]|"
        r"\d(?<!\d\d)\d?月[1-3]?\d(?=[上下]午|凌晨|起至)|"
        r"[12](?<!\d[12])[09]\d{2}年(?:1[3-9]|[2-9]\d|0{1,2})月|"
        r"[3-9](?<![\d.月][3-9])(?:(?<=3)[2-9]|(?<=[4-9])\d)日(?=[上下]午|晚|凌晨)"
    ),
    "年月日",
)
#: Days that a week has not.
_WEEKDAY = Sought(re.compile(r"星期[八九十零七]|(?<![\u4e00-\u9fff])周[七八九](?=[，。上下早晚])"), "期周")
#: 20025年, 202年6月, 2206年.
_YEAR = Sought(
    re.compile(
        r"(?<![\d.,])(?:(?:19|20)\d{3}年(?=\d{1,2}月|[\u4e00-\u9fff])|(?:19|20)\d年(?=\d{1,2}月)|2[1-9]\d{2}年(?=\d{1,2}月|[，。至])|20[6-9]\d年\d{1,2}月)"
    ),
    "年",
)
_HOUR = Sought(
    re.compile(
        r"(?:上午|凌晨|清晨|早上|早晨)(?:1[3-9]|2[0-3])(?:时|点|[:：]\d{2})|中午(?:[3-9]|1[5-9]|2[0-4])(?:时|点|[:：]\d{2})|(?:凌晨)(?:[89]|1[0-2])(?:时|点|[:：]\d{2})"
    ),
    "午晨早",
)
_BACKWARDS = Sought(
    re.compile(
        rf"(?P<part>上午|下午|晚上)(?P<h1>\d{{1,2}})[时点:：](?P<n1>\d{{2}})?分?{_TO}(?P<part2>上午|下午|晚上)?(?P<h2>\d{{1,2}})[时点:：](?P<n2>\d{{2}})?"
    ),
    "午晚",
)
_BY_MONTH = Sought(
    re.compile(
        rf"(?P<y1>(?:19|20)\d{{2}})年(?P<m1>\d{{1,2}})月份?{_TO}(?:(?P<y2>(?:19|20)\d{{2}})年)?(?P<m2>\d{{1,2}})月(?!\d{{1,2}}日)"
    ),
    "年",
)
_SPAN: Final = re.compile(
    rf"(?:(?P<y>20\d{{2}})年)?(?P<m1>\d{{1,2}})月(?P<d1>\d{{1,2}})日?(?:起)?{_TO}"
    r"(?:20\d{2}年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日"
).pattern
_DAYS: Final = re.compile(r"(?P<days>\d{1,3}|[一二两三四五六七八九十]{1,3})(?P<unit>个工作日|天|日)").pattern
#: 为期三天（6月1日至5日）; 公示期为12月1日至12月5日，共7天.
_LENGTH: Final = (
    Sought(re.compile(rf"{_DAYS}[（(，](?:即|自)?{_SPAN}[）)，。]"), "月", "天日", "至到—－-～"),
    Sought(
        re.compile(rf"{_SPAN}[，（(](?:为期|共计?|历时|公示期为?|时间为?|期限为?|连续){_DAYS}"),
        "月",
        "天日",
        "至到—－-～",
    ),
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Such dates."""
    of_digits = (*_forms(scan), *_quarters(scan), *_orders(scan), *_lengths(scan)) if scan.has_digits else ()
    of_weeks = (("date.none", *match.span(), "") for match in _WEEKDAY.over(scan, scan.text))
    for rule, start, end, right in (*of_digits, *of_weeks):
        if not scan.shield.touches(start, end, NO_TEXT | {"case", "document"}):
            yield Hit(rule=rule, start=start, end=end, suggestion=right)


def _forms(scan: Scan) -> Iterator[tuple[str, int, int, str]]:
    for rule, pattern in (("date.none", _BROKEN), ("date.year", _YEAR), ("date.time", _HOUR)):
        for match in pattern.over(scan, scan.letters):
            yield rule, match.start(), match.end(), ""


def _quarters(scan: Scan) -> Iterator[tuple[str, int, int, str]]:
    for match in _QUARTER.over(scan, scan.letters):
        first, last = _MONTHS[match["part"].removeprefix("第")[0]]
        if (int(match["m1"]), int(match["m2"])) != (first, last):
            yield "date.quarter", match.start(), match.end(), f"{first}月至{last}月"


def _orders(scan: Scan) -> Iterator[tuple[str, int, int, str]]:
    for match in _BACKWARDS.over(scan, scan.letters):
        if match["part2"] not in (None, match["part"]) or (match["part"] == "上午" and match["part2"] is None):
            continue
        one, two = (int(match["h1"]), int(match["n1"] or 0)), (int(match["h2"]), int(match["n2"] or 0))
        if two < one and one[0] != _NOON:
            yield "date.period", match.start(), match.end(), ""
    for match in _BY_MONTH.over(scan, scan.letters):
        one = (int(match["y1"]), int(match["m1"]))
        if (int(match["y2"] or one[0]), int(match["m2"])) < one:
            yield "date.period", max(match.start(), match.end() - _PIECE), match.end(), ""


#: An afternoon may begin at twelve. What is longer is told by its end. Characters.
_NOON, _PIECE = 12, 12


def _lengths(scan: Scan) -> Iterator[tuple[str, int, int, str]]:
    for sought in _LENGTH:
        for match in sought.over(scan, scan.letters):
            real = _length(match, scan.when.year)
            days = int(match["days"]) if match["days"].isdecimal() else chinese_value(match["days"])
            if real <= 0 or days <= 0:
                continue
            works = match["unit"] == "个工作日"
            if (real < days) if works else days not in (real, real - 1):
                yield "date.length", match.start("days"), match.end("unit"), "" if works else f"{real}天"


def _length(match: re.Match[str], this_year: int) -> int:
    """How many days it is, with the first and the last; 0 where there is no such day."""
    year, month = int(match["y"] or this_year), int(match["m1"])
    try:
        begin, end = date(year, month, int(match["d1"])), date(year, int(match["m2"] or month), int(match["d2"]))
    except ValueError:
        return 0
    return (end - begin).days + 1
