"""Figures that are told of others a few words before: 五点要求 of which four follow, a rate of what was mediated, this year and the last."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.rates import UP, is_near
from xuanfa.checks.rules.scan import Scan, Sought

_RATE = re.compile(r"(?P<rate>\d{1,6}(?:\.\d{1,4})?)\s?[%％]").pattern
_WORD = re.compile("(?P<word>增长|增加|上升|增幅|提高|提升|下降|减少|降幅|降低|回落)").pattern
#: 审结800件，其中调解320件，调解率40%.
_OF_THEM = Sought(
    re.compile(
        r"(?P<all>\d{1,9})\s?(?:件|起)[^。；\d]{0,12}?(?P<act>调解|撤诉|调撤|速裁|改判|上诉|当庭宣判|执行和解|和解|简易程序)[^\d。；]{0,8}?"
        r"(?P<part>\d{1,9})\s?(?:件|起)[，,、（(][^\d。；，]{0,4}(?P=act)[^\d。；，]{0,4}?(?:率|占比|比例)[^\d，。；]{0,3}"
        + _RATE
    ),
    "%％",
)
#: 去年收案1000件，今年收案1200件，同比增长20%.
_YEARS = Sought(
    re.compile(
        r"(?:去年|上年度?)(?:同期)?[^\d，。；]{0,12}(?P<one>\d{1,9})\s?(?P<unit>件|起|人|万元|亿元|元|次|场)[，,；][^\d。；，]{0,3}(?:今年|本年度?)(?:同期)?"
        rf"[^\d，。；]{{0,12}}(?P<two>\d{{1,9}})\s?(?P=unit)[，,][^\d，。；]{{0,4}}{_WORD}[^\d，。；]{{0,4}}" + _RATE
    ),
    "%％",
)
#: 5个合议庭各审理20件，共100件.
_EACH = Sought(
    re.compile(
        r"(?P<many>\d{1,4})\s?[个名位场家期支所][^\d，。；]{1,8}?(?:各|每[个名位场家期支所])[^\d，。；]{0,6}(?P<each>\d{1,6})\s?(?P<unit>件|人|场|次|份|元|万元|册|户)"
        r"[，,][^\d，。；]{0,2}(?:共计?|合计|总计|一共|累计)[^\d，。；]{0,6}(?P<all>\d{1,9})\s?(?P=unit)"
    ),
    "各每",
)
_ORDER: Final = "一二三四五六七八九十"
#: 提出三点要求：, and what is counted behind it.
_POINTS = Sought(
    re.compile(
        r"(?P<many>[两一二三四五六七八九十]|\d{1,2})(?:点|条|项|个方面|个)(?:具体|重点|明确)?(?:要求|意见|建议|措施|任务|原则|希望|举措|注意事项)[：:，,]"
        r"(?=(?:一是|一要|第一[，,、]|一、))(?P<list>[^\n]{4,600})"
    ),
    "：:，,",
)
_ITEM = re.compile(
    "(?:^|[：:；;，,。])(?:第(?P<th>[一二三四五六七八九十])[，,、]|(?P<is>[一二三四五六七八九十])(?:是|要|、))"
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Figures that do not follow."""
    yield from _counted(scan)
    if not scan.has_digits:
        return
    for match in _OF_THEM.over(scan, scan.letters):
        real = 100 * float(match["part"]) / max(1.0, float(match["all"]))
        if not is_near(real, match["rate"]):
            yield _wrong(match, real)
    for match in _YEARS.over(scan, scan.letters):
        one, two = float(match["one"]), float(match["two"])
        if one and (match["word"] in UP) != (two > one):
            yield Hit(rule="figure.way", start=match.start("word"), end=match.end())
        elif one and not is_near(100 * abs(two - one) / one, match["rate"]):
            yield _wrong(match, 100 * abs(two - one) / one)
    for match in _EACH.over(scan, scan.letters):
        real = int(match["many"]) * int(match["each"])
        if real != int(match["all"]):
            yield Hit(rule="figure.follows", start=match.start("all"), end=match.end("all"), suggestion=str(real))


def _wrong(match: re.Match[str], real: float) -> Hit:
    return Hit(rule="figure.rate", start=match.start("rate"), end=match.end(), suggestion=f"{round(real, 2):g}%")


def _counted(scan: Scan) -> Iterator[Hit]:
    for match in _POINTS.over(scan, scan.text):
        told = match["many"]
        many = int(told) if told.isdecimal() else _ORDER.index(told.replace("两", "二")) + 1
        items = [item["th"] or item["is"] for item in _ITEM.finditer("：" + match["list"])]
        in_order = items == list(_ORDER[: len(items)])
        if in_order and len(items) > 1 and len(items) != many and not re.search("等[。；，]|……", match["list"]):
            yield Hit(
                rule="figure.follows", start=match.start("many"), end=match.end("many") + 1, suggestion=str(len(items))
            )
