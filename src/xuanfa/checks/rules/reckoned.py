"""Figures that others in the same sentence give: a rate of two counts, a difference, a product, a sum of halves, a multiple."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.numerals import chinese_value
from xuanfa.checks.rules.rates import UP, is_near
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT

_V: Final = r"(?P<{0}>\d{{1,9}}(?:\.\d{{1,4}})?)"
_U: Final = re.compile(
    "(?:万元|亿元|元|件次|件|起|人次|名|人|个|次|份|户|场次|场|条|家|篇|处|项|宗|辆|套|亩|吨|册|天|小时)"
).pattern
_SO_FAR: Final = r"[^。；\d\n]"
#: 收回190份，回收率95%: a rate whose name has characters of what stands before its part.
_RATE = Sought(
    re.compile(
        rf"{_V.format('all')}\s?(?P<unit>{_U}){_SO_FAR}{{0,4}}?(?P<act>[^。；\d\n，]{{2,12}}?){_V.format('part')}\s?(?P=unit)[，,、（(]"
        rf"(?:其中)?(?P<name>[^。；\d\n，]{{0,8}}?率)(?:为|达到?|是|高达|约)?\s?{_V.format('rate')}[%％]"
    ),
    "率",
    "%％",
)
#: 3000件，比去年的2500件增加500件.
_DIFFERS = Sought(
    re.compile(
        rf"{_V.format('now')}\s?(?P<unit>{_U})，?{_SO_FAR}{{0,4}}?(?:比|较)(?:去年|上年|前年|上月|上季度|同期|去年同期|上年同期|20\d\d年)(?:同期)?的?\s?"
        rf"{_V.format('then')}\s?(?P=unit)(?:相比)?[，]?(?P<way>增加|增长|上升|多|减少|下降|少|降低)了?\s?{_V.format('more')}\s?(?P=unit)"
    ),
    "比较",
)
#: 分三期还款，每期5万元，共计15万元.
_TIMES = Sought(
    re.compile(
        rf"(?P<many>\d{{1,4}}|[一二两三四五六七八九十]{{1,3}})\s?(?P<what>期|次|场|人|名|个|天|户|月|年|批|家|所|组|位|辆|套|台|间)(?P<between>{_SO_FAR}{{0,12}}?)"
        rf"每(?:个|位|名)?(?:期|次|场|人|名|个|天|户|月|年|批|家|所|组|位|辆|套|台|间)?{_SO_FAR}{{0,6}}?{_V.format('each')}\s?(?P<unit>{_U})[，,](?:共计?|合计|总计|一共|累计){_SO_FAR}{{0,6}}?"
        rf"{_V.format('all')}\s?(?P=unit)"
    ),
    "每",
)
#: 全年4场，上半年2场、下半年2场.
_HALVES: Final = (
    ("上半年", "下半年"),
    ("男", "女"),
    ("线上", "线下"),
    ("主会场", "分会场"),
    ("城镇", "农村"),
    ("一审", "二审"),
    ("新收", "旧存"),
    ("院内", "院外"),
    ("上午", "下午"),
)
_SPLIT = Sought(
    re.compile(
        rf"(?:共|合计|总计|总共|全年|全院|全市|参加|召开|举办|开展|有){_SO_FAR}{{0,14}}?{_V.format('all')}\s?(?P<unit>{_U})[，,：:（(](?:其中)?(?P<one>"
        + "|".join(one for one, _ in _HALVES)
        + rf"){_SO_FAR}{{0,6}}?{_V.format('a')}\s?{_U}[、，,和]{_SO_FAR}{{0,1}}?(?P<two>"
        + "|".join(two for _, two in _HALVES)
        + rf"){_SO_FAR}{{0,6}}?{_V.format('b')}\s?{_U}(?![、，]{_SO_FAR}{{1,8}}\d{{1,9}}\s?(?P=unit))"
    ),
    "上男线主城一新院",
)
#: 人均结案210件，30名法官共结案6300件.
_EACH_FIRST = Sought(
    re.compile(
        rf"(?:人均|户均|平均每人|平均每户|场均|院均|庭均){_SO_FAR}{{0,8}}?{_V.format('each')}\s?(?P<unit>{_U})[，,]{_SO_FAR}{{0,8}}?{_V.format('many')}\s?(?:名|人|位|户|场|个|家){_SO_FAR}{{0,8}}?"
        rf"(?:共|合计|总计|累计){_SO_FAR}{{0,6}}?{_V.format('all')}\s?(?P=unit)"
    ),
    "均",
)
#: 从400件上升到800件，增长了一倍.
_MULTIPLE = Sought(
    re.compile(
        rf"(?:从|由){_SO_FAR}{{0,4}}?(?:20\d\d年)?的?{_V.format('then')}\s?(?P<unit>{_U})，?{_SO_FAR}{{0,4}}?(?:上升|增长|增加|提高|增|升)(?:到|至)(?:20\d\d年)?的?{_SO_FAR}{{0,6}}?{_V.format('now')}\s?(?P=unit)"
        rf"，?{_SO_FAR}{{0,4}}?(?:增长|增加|上升|提高|翻)了?\s?(?P<by>\d{{1,3}}(?:\.\d)?|[一二两三四五六七八九十])(?P<how>倍|番)"
    ),
    "倍番",
)
#: 100件，其中问题案件5件，占5%.
_SHARE = Sought(
    re.compile(
        rf"{_V.format('all')}\s?(?P<unit>件|起|人次|名|人|份|户|次|个|条|家){_SO_FAR}{{0,8}}?(?:，其中|中[，有]|，发现|，已|，有){_SO_FAR}{{0,10}}?"
        rf"{_V.format('part')}\s?(?:件|起|人次|名|人|份|户|次|个|条|家)[，,]占(?:比|总数的?|{_SO_FAR}{{0,6}}?的)?(?:为|达)?\s?{_V.format('rate')}[%％]"
    ),
    "占",
)
#: 由45天缩短至30天，缩短了15天.
_MOVED = Sought(
    re.compile(
        rf"(?:由|从){_SO_FAR}{{0,10}}?{_V.format('then')}\s?(?P<unit>{_U}){_SO_FAR}{{0,8}}?(?:至|到|为){_SO_FAR}{{0,4}}?{_V.format('now')}\s?(?P=unit)[，,（(]{_SO_FAR}{{0,6}}?"
        rf"(?:缩短|减少|压缩|降低|下降|增加|增长|提高|上升|提升|节省)了?\s?{_V.format('more')}\s?(?P=unit)"
    ),
    "由从",
)
#: 应到15人，实到13人，缺席2人; 200件已办结150件，未结50件.
_LEFT = Sought(
    re.compile(
        rf"{_V.format('all')}\s?(?P<unit>人|名|件|起|户|份|个){_SO_FAR}{{0,8}}?(?:实到|到会|出席|已办结|办结|审结|已执结|执结|已完成|完成|已收回|收回|已整改|整改){_SO_FAR}{{0,4}}?"
        rf"{_V.format('part')}\s?(?P=unit)[，、,]{_SO_FAR}{{0,3}}?(?:缺席|请假|缺勤|未到|未结|未办结|在办|剩余|尚余|未完成|未收回|未整改){_SO_FAR}{{0,3}}?{_V.format('rest')}\s?(?P=unit)"
    ),
    "缺请未在剩余",
)
_SAID = re.compile(r"同比|环比|上升|增长|下降|提高|高于|低于|目标")


def detect(scan: Scan) -> Iterator[Hit]:
    """Figures that do not come out."""
    if not scan.has_digits:
        return
    for start, end, right in (*_rates(scan), *_differences(scan), *_products(scan), *_splits(scan), *_multiples(scan)):
        if not scan.shield.touches(start, end, NO_TEXT):
            yield Hit(rule="figure.follows", start=start, end=end, suggestion=right)


def _rates(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _SHARE.over(scan, scan.letters):
        real = 100 * float(match["part"]) / max(1.0, float(match["all"]))
        if float(match["part"]) <= float(match["all"]) and not is_near(real, match["rate"]):
            yield match.start("rate"), match.end("rate") + 1, f"{round(real, 2):g}%"
    for match in _RATE.over(scan, scan.letters):
        total, part = float(match["all"]), float(match["part"])
        # 回收率 is of what was 收回; a rate of something else is not told.
        is_of_it = bool(set(match["name"].removesuffix("率")) & set(match["act"]))
        if total and part <= total and is_of_it and not _SAID.search(match[0]):
            real = 100 * part / total
            if not is_near(real, match["rate"]):
                yield match.start("rate"), match.end("rate") + 1, f"{round(real, 2):g}%"


def _differences(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _DIFFERS.over(scan, scan.letters):
        real = (float(match["now"]) - float(match["then"])) * (1 if match["way"] in (*UP, "多") else -1)
        if abs(real - float(match["more"])) > 0.01 * max(1.0, abs(real)):
            yield match.start("more"), match.end(), f"{real:g}{match['unit']}" if real > 0 else ""

    for match in _MOVED.over(scan, scan.letters):
        real = abs(float(match["now"]) - float(match["then"]))
        if abs(real - float(match["more"])) > 0.01 * max(1.0, real):
            yield match.start("more"), match.end(), f"{real:g}{match['unit']}"
    for match in _LEFT.over(scan, scan.letters):
        real = float(match["all"]) - float(match["part"])
        if real != float(match["rest"]):
            yield match.start("rest"), match.end(), f"{real:g}{match['unit']}"


def _products(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for pattern in (_TIMES, _EACH_FIRST):
        for match in pattern.over(scan, scan.letters):
            if pattern is _TIMES and re.search("余|多|约|其中", match["between"]):
                continue
            many = match["many"]
            real = (float(many) if many[0].isdecimal() else chinese_value(many)) * float(match["each"])
            if real > 0 and abs(real - float(match["all"])) > 0.02 * real:
                yield match.start("all"), match.end(), f"{real:g}{match['unit']}"


def _splits(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _SPLIT.over(scan, scan.letters):
        real = float(match["a"]) + float(match["b"])
        if (match["one"], match["two"]) in _HALVES and real != float(match["all"]):
            yield match.start("a"), match.end(), f"{real:g}{match['unit']}"


def _multiples(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _MULTIPLE.over(scan, scan.letters):
        then, by = float(match["then"]), match["by"]
        times = float(by) if by[0].isdecimal() else float(chinese_value(by))
        real = float(match["now"]) / then if then else 0.0
        meant = 2**times if match["how"] == "番" else 1 + times
        if real and abs(real - meant) > 0.1 * real:
            yield match.start("by"), match.end(), f"{round(real - 1, 2):g}倍"
