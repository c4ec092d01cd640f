"""Percentages that do not add up, and rates and growths that their own figures contradict."""

from collections.abc import Iterator

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought

#: A whole in percent, and between what shares must lie to be meant as one.
_WHOLE, _SHARES_LEAST, _SHARES_MOST = 100, 80, 130
#: Fewer shares are no list; of two, those that lack more than this are not all that there are.
_FEWEST_SHARES, _SOME, _NEARLY = 2, 3, 94

_P = r"(?P<{0}>\d{{1,12}}(?:\.\d{{1,6}})?)\s?[%％]"
_PERCENT = re.compile(r"(?P<value>\d{1,12}(?:\.\d{1,6})?)\s?[%％]")
_SHARES = re.compile(r"占比?|比例|比重|比率")
_OVER = Sought(
    re.compile(
        r"(?:结案率|审结率|执结率|调解率|撤诉率|服判息诉率|满意率|满意度|合格率|覆盖率|占比|占|率|"
        r"公开率|上网率|到位率|出庭率|参与率)(?:为|达到?|高达|已达|是)?\s?(?P<value>\d{1,12}(?:\.\d{1,6})?)\s?[%％]"
    ),
    "%％",
)
_FALL = Sought(re.compile(r"(?:下降|减少|降低|回落|下滑|缩短)了?\s?(?P<value>\d{1,12}(?:\.\d{1,6})?)\s?[%％]"), "%％")
_UNIT = re.compile("(?:万元|亿元|元|件|起|人次|人|名|天|次|个|户|场|份)?").pattern
_N = r"(?P<{0}>\d{{1,12}}(?:\.\d{{1,6}})?)\s?" + _UNIT
_CHANGE = Sought(
    re.compile(
        rf"(?:由|从)[^\d，。；]{{0,12}}{_N.format('one')}[^\d，。；]{{0,10}}?(?P<way>增长|增加|上升|"
        rf"提高|提升|增至|升至|涨|下降|减少|降低|降|减|缩短)[^\d，。；]{{0,6}}?(?:到|至|为)?\s?{_N.format('two')}"
        rf"(?:[，,、（(]?[^\d。；]{{0,10}}?(?P<word>增长|增加|上升|增幅|提高|提升|下降|减少|降幅|降低|缩短)[^\d，。；]{{0,6}}?{_P.format('rate')})?"
    ),
    "由从",
)
_CLEARED = Sought(
    re.compile(
        r"(?:受理|收案|新收|立案|收到|共收)[^\d，。；]{0,14}?(?P<all>\d{1,12})\s?(?P<unit>件|起|人)[^。；]{0,24}?(?:审结|"
        r"结案|办结|执结|调解成功|化解|审理终结)[^\d，。；]{0,10}?(?P<done>\d{1,12})\s?(?:件|起|人)[^。；]{0,20}?(?:结案率|"
        r"审结率|执结率|办结率|成功率|调解率|化解率)[^\d，。；]{0,6}?(?P<rate>\d{1,12}(?:\.\d{1,6})?)\s?[%％]"
    ),
    "%％",
)
_SHARE_OF = Sought(
    re.compile(
        r"(?:共|总|受理|审结|办理|开展|化解|参加)[^\d，。；]{0,14}?(?P<all>\d{1,12})\s?(?P<unit>件|起|"
        r"人次|人|名|场|次|户)[，,、（(：](?:其中)?[^\d。；，]{0,20}?(?P<part>\d{1,12})\s?(?:件|起|人次|"
        r"人|名|场|次|户)[，,、（(]?(?:约)?占(?:比|总数的?|全部案件的?|总数比例|全部的|全院总人数的?)?[^\d，。；]{0,8}?(?P<rate>\d{1,12}(?:\.\d{1,6})?)\s?[%％]"
    ),
    "%％",
)
#: 由80%提高到90%，提高20个百分点.
_POINTS = Sought(
    re.compile(
        r"(?:由|从)[^\d，。；]{0,12}(?P<one>\d{1,3}(?:\.\d{1,4})?)\s?[%％][^\d，。；]{0,10}?(?:到|至|为)\s?(?P<two>\d{1,3}(?:\.\d{1,4})?)\s?[%％]"
        r"[，,（(]?[^\d，。；]{0,10}?(?P<word>上升|增长|增加|提高|提升|下降|降低|减少|回落)?(?:了)?(?P<rate>\d{1,3}(?:\.\d{1,4})?)个百分点"
    ),
    "%％",
    "由从",
)
#: 同比上升-5%: the word has said which way.
_SIGNED = Sought(
    re.compile(
        r"(?:上升|增长|增加|提高|提升|下降|减少|降低|回落|增幅|降幅)了?(?:为|达|约)?\s?(?P<value>[-－−—负]\s?\d{1,12}(?:\.\d{1,6})?\s?[%％])"
    ),
    "%％",
)
#: 较上年500件减少100件，下降20%.
_BY = Sought(
    re.compile(
        rf"(?:比|较)(?:上年|去年|上月|上季度?|同期|上年同期|去年同期|前年|[12]\d{{3}}年)(?:同期)?的?\s?{_N.format('one')}"
        rf"[，]?(?P<way>增加|增长|上升|多|减少|下降|少|降低)了?\s?{_N.format('two')}[，,、（(]?[^\d。；，]{{0,10}}?"
        rf"(?P<word>增长|增加|上升|增幅|提高|下降|减少|降幅|降低)[^\d，。；]{{0,6}}?{_P.format('rate')}"
    ),
    "%％",
    "比较",
)
#: 收案600件，比上年的500件增长25%.
_AGAINST = Sought(
    re.compile(
        rf"{_N.format('two')}[^\d。；]{{0,10}}?(?:比|较|对比|与)(?:上年|去年|前年|上月|同期|上年同期|去年同期|[12]\d{{3}}年)(?:同期)?(?:的|为)?\s?"
        rf"{_N.format('one')}(?:相比)?[，,]?(?:同比)?(?P<word>增长|增加|上升|提高|下降|减少|降低)了?约?{_P.format('rate')}"
    ),
    "%％",
    "比较与",
)
#: Words that say that something grows.
UP = frozenset({"增长", "增加", "上升", "提高", "提升", "增至", "升至", "涨", "增幅"})


def detect(scan: Scan) -> Iterator[Hit]:
    """Rates that cannot be."""
    if not scan.has_digits or ("%" not in scan.half and "由" not in scan.text and "从" not in scan.text):
        return
    yield from _shares(scan)
    for pattern, rule in ((_OVER, "figure.over"), (_FALL, "figure.over")):
        for match in pattern.over(scan, scan.letters):
            if float(match["value"]) > _WHOLE and "同比" not in match[0]:
                yield Hit(rule=rule, start=match.start("value"), end=match.end())
    for match in _SIGNED.over(scan, scan.letters):
        yield Hit(rule="figure.way", start=match.start(), end=match.end())
    yield from _points(scan)
    for match in _BY.over(scan, scan.letters):
        one, two = float(match["one"]), float(match["two"])
        if one and not is_near(100 * two / one, match["rate"]):
            yield Hit(
                rule="figure.rate",
                start=match.start("rate"),
                end=match.end("rate") + 1,
                suggestion=f"{round(100 * two / one, 2):g}%",
            )
    yield from _against(scan)
    yield from _changes(scan)
    for pattern in (_CLEARED, _SHARE_OF):
        for match in pattern.over(scan, scan.letters):
            done, total = float(match["done" if pattern is _CLEARED else "part"]), float(match["all"])
            if total and not is_near(100 * done / total, match["rate"]):
                yield Hit(
                    rule="figure.rate",
                    start=match.start("rate"),
                    end=match.end(),
                    suggestion=f"{round(100 * done / total, 2):g}%",
                )


def _against(scan: Scan) -> Iterator[Hit]:
    """A growth that stands behind both figures that it is of."""
    for match in _AGAINST.over(scan, scan.letters):
        one, two = float(match["one"]), float(match["two"])
        start, end = match.start("word"), match.end("rate") + 1
        if not one or one == two:
            continue
        if (match["word"] in UP) != (two > one):
            yield Hit(rule="figure.way", start=start, end=end)
        elif not is_near(100 * abs(two - one) / one, match["rate"]):
            yield Hit(rule="figure.rate", start=start, end=end, suggestion=f"{round(100 * abs(two - one) / one, 2):g}%")


def _points(scan: Scan) -> Iterator[Hit]:
    for match in _POINTS.over(scan, scan.letters):
        real = abs(float(match["two"]) - float(match["one"]))
        # What is shown is rounded, and so is what lies between; whole numbers are not.
        whole = not any("." in match[name] for name in ("one", "two", "rate"))
        if abs(real - float(match["rate"])) > (0.01 if whole else 1.05 * 10.0 ** -len(match["rate"].partition(".")[2])):
            yield Hit(
                rule="figure.rate", start=match.start("rate"), end=match.end(), suggestion=f"{round(real, 2):g}个百分点"
            )
        elif match["word"] and (match["word"] in UP) != (float(match["two"]) > float(match["one"])):
            yield Hit(rule="figure.way", start=match.start("word"), end=match.end())


def _shares(scan: Scan) -> Iterator[Hit]:
    for sentence in re.finditer(r"[^。！？\n]{8,600}", scan.letters):
        values = list(_PERCENT.finditer(sentence[0]))
        if (
            len(values) < _FEWEST_SHARES
            or not _SHARES.search(sentence[0])
            or re.search(r"同比|环比|增长|下降|上升|结案率|以上|超过|近|约", sentence[0])
        ):
            continue
        shared = re.search(r"分别占|各占|占比分别|占比为|比例分别", sentence[0])
        if not shared and len(re.findall(r"占", sentence[0])) < len(values):
            continue
        total = sum(float(value["value"]) for value in values)
        if (
            abs(total - 100) < 0.06 * len(values)
            or not (_SHARES_LEAST < total < _SHARES_MOST)
            or (total < _WHOLE and len(values) < _SOME and total < _NEARLY)
        ):
            continue
        for value in values:
            start = sentence.start() + value.start()
            yield Hit(
                rule="figure.shares",
                start=start,
                end=sentence.start() + value.end(),
                values={"sum": f"{round(total, 2):g}%"},
            )


def _changes(scan: Scan) -> Iterator[Hit]:
    for match in _CHANGE.over(scan, scan.letters):
        one, two = float(match["one"]), float(match["two"])
        rises = match["way"] in UP
        if one == two or not one or re.search(r"[第月日]|\d\s?年", match[0][: match.start("two") - match.start()]):
            continue
        if rises != (two > one):
            yield Hit(rule="figure.way", start=match.start("way"), end=match.end("two"))
        elif match["rate"] and (match["word"] in UP) != rises:
            yield Hit(rule="figure.way", start=match.start("word"), end=match.end("rate") + 1)
        elif match["rate"]:
            real = 100 * abs(two - one) / one
            if not is_near(real, match["rate"]):
                yield Hit(
                    rule="figure.rate",
                    start=match.start("rate"),
                    end=match.end("rate") + 1,
                    suggestion=f"{round(real, 2):g}%",
                )


def is_near(real: float, written: str) -> bool:
    """Whether a rate is the real one, rounded or cut off as it is written."""
    digits = len(written.partition(".")[2])
    return abs(real - float(written)) < 0.999 * 10.0**-digits
