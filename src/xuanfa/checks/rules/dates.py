"""Days that do not exist, weekdays that disagree, times that no clock shows, periods that end before they begin, feasts on another day."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.numerals import chinese_value
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: Hours of a day, minutes of an hour; until when a morning's hours are those of the night.
_DAY_HOURS, _LAST_MINUTE, _NIGHT_ENDS, _OFFICE_OPENS = 24, 59, 6, 9
#: So far behind a year a date without one is of that year. Characters.
_SAME_YEAR: Final = 300
#: Years that nobody means in an office's text: so many ahead, and those between.
_AHEAD, _ANCIENT, _MODERN = 30, 1000, 1840
#: So far back it may say 公元. Characters.
_ERA: Final = 4

#: Either colon, for ``Sought``.
_COLON: Final = "\u003a\uff1a"
_N = "一二三四五六七八九十"
_DATE = Sought(
    re.compile(
        rf"(?:(?P<year>(?<!\d)\d{{4}}|[{_N}〇零○]{{4}})\s?年\s?)?(?<![\d{_N}])(?P<month>\d{{1,2}}|"
        rf"[{_N}]{{1,3}})\s?月\s?(?P<day>\d{{1,2}}|[{_N}]{{1,3}})\s?(?P<unit>[日号])"
    ),
    "月",
)
_ISO = Sought(
    re.compile(
        r"(?<![\d.\-/])(?P<year>(?:19|20)\d{2})(?P<sign>[-./])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})(?![\d\-/])(?!\.\d)"
    ),
    "-./",
)
_WEEKDAY = re.compile(r"\s?[（(，,是为]?\s?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天末])")
_MONTH = Sought(
    re.compile(
        rf"(?<![\d{_N}])(?P<month>1[3-9]|[2-9]\d|0|00|十[三四五六七八九]|二十)\s?月(?!\s?[个份]?前)(?=\s?\d{{1,2}}\s?[日号]|"
        rf"底|初|中旬|上旬|下旬|份|[，。）]|以来|起|开始|间|至|到)"
    ),
    "月",
)
_TIME = Sought(
    re.compile(
        r"(?<!\d)(?P<hour>\d{1,2})(?:[:：](?P<minute>\d{2})(?!\d)|[时点](?P<minute2>\d{1,2})分|[时点](?=[，。开举、整起至]))"
    ),
    "时点" + _COLON,
)
_LUNAR = re.compile(r"(?:农历|阴历|腊月|正月|冬月|闰)[^，。；]{0,8}$")
_SPAN = Sought(
    re.compile(
        r"(?P<y1>\d{4})年(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日\s?(?:\d{1,2}(?:时|点|[:：]\d{2})(?:\d{2}分)?)?\s?(?:起|开始)?(?:至|到|——?|－|-|～)\s?(?:(?P<y2>\d{4})年)?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日"
    ),
    "年",
)
#: Without a year: 12月10日至12月5日. From one winter to the next year it may be.
_DAYS = Sought(
    re.compile(
        r"(?<![\d年])(?P<m1>\d{1,2})月(?P<d1>\d{1,2})日\s?(?:起|开始)?(?:至|到|——?|－|-|～)\s?(?:(?P<m2>\d{1,2})月)?(?P<d2>\d{1,2})日"
    ),
    "月",
)
_YEARS = Sought(re.compile(r"(?<!\d)(?P<y1>(?:19|20)\d{2})年?\s?(?:至|到|—|－|-|～)\s?(?P<y2>(?:19|20)\d{2})年"), "年")
_CLOCKS = Sought(
    re.compile(
        r"(?P<part>上午|下午|早上|晚上)?(?<!\d)(?P<h1>\d{1,2})[:：时](?P<n1>\d{2})?\s?(?:至|到|—|"
        r"——|－|-|～)\s?(?P<part2>上午|下午|次日|翌日|晚上|凌晨)?(?P<h2>\d{1,2})[:：时](?P<n2>\d{2})?"
    ),
    "时" + _COLON,
)
_FEASTS: Final = {
    cells[0]: (int(cells[1]), int(cells[2])) for head, cells in rows_of("feasts") if head["rule"] == "date.feast"
}
_FEAST = Sought(
    re.compile(
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日(?:是|为|，是|，为|，|（|迎来|正值|恰逢|适逢)?(?:我国|"
        r"全国|今年)?(?:的)?(?:第[一二三四五六七八九十百\d]{1,4}个)?“?(?P<feast>"
        + "|".join(sorted(_FEASTS, key=len, reverse=True))
        + r")(?!期间|后|宣传周|活动周)(?P<ahead>前|将|临近|即将)?(?P<coming>来临|到来)?"
    ),
    "月",
)
#: What is longer is not told as a whole.
_PIECE: Final = 12
#: The feast first: 国家公祭日（12月13日）.
_FEAST_FIRST = Sought(
    re.compile(
        r"(?<![\u4e00-\u9fff])?(?P<feast>"
        + "|".join(sorted(_FEASTS, key=len, reverse=True))
        + r")[”》]?(?:是|为|即|在|（|\(|，即)?(?:每年|今年)?(?:的)?(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
    ),
    "月",
    "日节旦",
)
_HAN_WEEK: Final = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_NAMES: Final = "一二三四五六日"


def detect(scan: Scan) -> Iterator[Hit]:
    """What is wrong with dates and times."""
    if not scan.has_digits and not any(sign in scan.text for sign in "月季半"):
        return
    of_digits = (*_clock(scan), *_periods(scan), *_feasts(scan)) if scan.has_digits else ()
    for hit in (*_days(scan), *_months(scan), *_parts(scan), *of_digits):
        if not scan.shield.touches(hit.start, hit.end, NO_TEXT | {"case", "document"}):
            yield hit


def _days(scan: Scan) -> Iterator[Hit]:
    year_before, at_before = 0, -1000
    for match in sorted((*_DATE.over(scan, scan.letters), *_ISO.over(scan, scan.letters)), key=lambda one: one.start()):
        if match["year"]:
            year_before, at_before = chinese_value(match["year"]), match.start()
        year = year_before if match["year"] or match.start() - at_before < _SAME_YEAR else 0
        month, day = chinese_value(match["month"]), chinese_value(match["day"])
        if _LUNAR.search(scan.before(match.start(), 12)):
            continue
        if not _exists(year or 2000, month, day):
            yield Hit(rule="date.none", start=match.start("month"), end=match.end())
            continue
        yield from _weekday(scan, match, (year or scan.when.year, month, day), is_sure=bool(year))
        if match["year"] and (
            year > scan.when.year + _AHEAD
            or (_ANCIENT < year < _MODERN and "公元" not in scan.before(match.start(), _ERA))
        ):
            yield Hit(rule="date.year", start=match.start("year"), end=match.end("year"))


def _weekday(scan: Scan, match: re.Match[str], day: tuple[int, int, int], *, is_sure: bool) -> Iterator[Hit]:
    named = _WEEKDAY.match(scan.text, match.end())
    if named is None or named["weekday"] == "末":
        return
    if not _exists(*day):
        return
    real = date(*day).weekday()
    if real == _HAN_WEEK[named["weekday"]]:
        return
    if not is_sure and any(
        _exists(scan.when.year + more, *day[1:])
        and date(scan.when.year + more, *day[1:]).weekday() == _HAN_WEEK[named["weekday"]]
        for more in (-1, 1)
    ):
        level = Level.HINT
    else:
        level = None
    start = max(match.end() - 2, match.start("day"))
    yield Hit(rule="date.weekday", start=start, end=named.end(), suggestion=f"星期{_NAMES[real]}", level=level)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _months(scan: Scan) -> Iterator[Hit]:
    for match in _MONTH.over(scan, scan.letters):
        if not _DATE.pattern.match(scan.letters, match.start()):
            yield Hit(rule="date.none", start=match.start(), end=match.end())


_QUARTER = Sought(re.compile(r"第(?:[五六七八九十]|[5-9]|\d{2})季度|[五六七八九]季度"), "季")
_HALF_YEAR = Sought(re.compile(r"(?:第三|第四|三|四)个半年|下下半年"), "半")
_NOON: Final = 12
_AFTERNOON = Sought(
    re.compile(r"下午(?P<h1>[1-9]|1[0-2])[:：时](?:\d{2})?分?(?:至|到|—|-|～|－)(?P<h2>\d{1,2})[:：时]"), "午"
)
_MORNING = Sought(re.compile(r"上午(?P<h1>\d{1,2})[:：时](?:\d{2})?分?(?:至|到|—|-|～|－)(?P<h2>[1-9])[:：时]"), "午")


def _parts(scan: Scan) -> Iterator[Hit]:
    """Quarters that a year does not have, and an afternoon that ends before noon."""
    for sought in (_QUARTER, _HALF_YEAR):
        for match in sought.over(scan, scan.letters):
            yield Hit(rule="date.none", start=match.start(), end=match.end())
    for match in _AFTERNOON.over(scan, scan.letters):
        if int(match["h1"]) != _NOON and _OFFICE_OPENS <= int(match["h2"]) <= _NOON and int(match["h1"]) >= _NIGHT_ENDS:
            yield Hit(rule="date.period", start=match.start(), end=match.end())
    for match in _MORNING.over(scan, scan.letters):
        if int(match["h2"]) < int(match["h1"]) and int(match["h2"]) < _NIGHT_ENDS:
            yield Hit(rule="date.period", start=match.start(), end=match.end(), level=Level.HINT)


def _clock(scan: Scan) -> Iterator[Hit]:
    for match in _TIME.over(scan, scan.letters):
        hour, minute = int(match["hour"]), int(match["minute"] or match["minute2"] or 0)
        is_ratio = match["minute"] and not re.search(
            r"时间|上午|下午|早上|晚上|凌晨|中午|日|于|在|：|—|-|至|到", scan.before(match.start(), 8)
        )
        is_count = match[0].endswith("点") and re.search(r"[第共达近\d]$", scan.before(match.start(), 1))
        if (
            (hour > _DAY_HOURS or minute > _LAST_MINUTE or (hour == _DAY_HOURS and minute > 0))
            and not is_ratio
            and not is_count
        ):
            yield Hit(rule="date.time", start=match.start(), end=match.end())


#: A span that ends so many months before it began ends in the next year.
_SEASON: Final = 6


def _periods(scan: Scan) -> Iterator[Hit]:
    for match in _SPAN.over(scan, scan.letters):
        one = (int(match["y1"]), int(match["m1"]), int(match["d1"]))
        two = (int(match["y2"] or one[0]), int(match["m2"] or one[1]), int(match["d2"]))
        if two < one:
            end = match.end()
            yield Hit(rule="date.period", start=max(match.start(), end - 12), end=end)
    for match in _DAYS.over(scan, scan.letters):
        month, day = int(match["m2"] or match["m1"]), int(match["d2"])
        if 0 <= int(match["m1"]) - month < _SEASON and (month, day) < (int(match["m1"]), int(match["d1"])):
            yield Hit(rule="date.period", start=max(match.start(), match.end() - 12), end=match.end())
    for match in _YEARS.over(scan, scan.letters):
        if int(match["y2"]) < int(match["y1"]):
            yield Hit(rule="date.period", start=match.start(), end=match.end())
    for match in _CLOCKS.over(scan, scan.letters):
        if (
            match["part"] or match["part2"] or int(match["h2"]) >= int(match["h1"]) or int(match["h1"]) > _DAY_HOURS
        ) and not (
            match["part"]
            and not match["part2"]
            and match["part"] in ("上午", "早上")
            and int(match["h2"]) < int(match["h1"])
        ):
            continue
        if (
            int(match["h1"]) <= _DAY_HOURS
            and int(match["h2"]) < int(match["h1"])
            and not re.search("比|分之|次日|翌日|晚|夜", scan.around(*match.span()))
        ):
            yield Hit(rule="date.period", start=match.start("h1"), end=match.end())


def _feasts(scan: Scan) -> Iterator[Hit]:
    for match in _FEAST_FIRST.over(scan, scan.letters):
        month, day = _FEASTS[match["feast"]]
        if (int(match["month"]), int(match["day"])) != (month, day):
            start = match.start() if match.end() - match.start() <= _PIECE else match.start("month")
            yield Hit(rule="date.feast", start=start, end=match.end(), suggestion=f"{month}月{day}日")
    for match in _FEAST.over(scan, scan.letters):
        if match["coming"] and match.start("feast") > match.end("day") + 1:
            continue  # 12月3日，国家宪法日到来之际
        month, day = _FEASTS[match["feast"]]
        there = (int(match["month"]), int(match["day"]))
        if there != (month, day) and not (match["ahead"] and there < (month, day)):
            whole = match.end("feast") - match.start() <= _PIECE
            end = match.end("feast") if whole else match.end("day") + 1
            yield Hit(rule="date.feast", start=match.start(), end=end, suggestion=f"{month}月{day}日")
