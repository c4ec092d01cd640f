"""Figures that follow from others in the same sentence: a total behind its parts, a mean, a growth from two years, a base and what came to it."""

from collections.abc import Iterator

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT

_N = r"(?P<{0}>\d{{1,12}}(?:\.\d{{1,6}})?)"
_UNIT = re.compile(r"(?:万元|亿元|元|件次|件|起|人次|名|人|个|次|份|户|场次|场|条|家|篇|处|项)").pattern
_PART = re.compile(rf"(?<![\d.])(?P<value>\d{{1,12}}(?:\.\d{{1,6}})?)(?P<unit>{_UNIT})")
_TOTAL = re.compile(
    rf"[，、；][\u4e00-\u9fff]{{0,3}}?(?:合计|总计|共计|共|累计)[\u4e00-\u9fff]{{0,6}}?(?P<value>\d{{1,12}}(?:\.\d{{1,6}})?)(?P<unit>{_UNIT})"
)
_MEAN = Sought(
    re.compile(
        rf"{_N.format('all')}(?P<unit>万元|元|件|次)[^。；\n]{{0,12}}?{_N.format('heads')}(?:名|人|户|个|位)[^。；\d\n]{{0,10}}?"
        rf"(?:人均|平均每人|户均|平均每户|每人|每户)[^。；\d\n]{{0,6}}?{_N.format('mean')}(?P<unit2>万元|元|件|次)"
    ),
    "均每",
)
_YEARS = Sought(
    re.compile(
        rf"(?:今年|本年|本期|2\d{{3}}年)[^。；\d\n]{{0,10}}?{_N.format('now')}(?P<unit>{_UNIT})，(?:去年|上年|上年同期|去年同期|2\d{{3}}年)[^。；\d\n]{{0,10}}?"
        rf"{_N.format('then')}{_UNIT}，?[^。；\d\n]{{0,6}}?同比(?P<way>上升|增长|增加|提高|下降|减少|降低)[^。；\d\n]{{0,3}}?{_N.format('rate')}[%％]"
    ),
    "同",
)
_MORE = Sought(
    re.compile(
        rf"比(?:去年|上年|上月|上季度|同期)[^。；\d\n]{{0,8}}?{_N.format('base')}(?P<unit>{_UNIT})(?P<way>增加|多|增长|减少|少)了?{_N.format('more')}{_UNIT}，?"
        rf"[^。；\d\n]{{0,6}}?(?:达到|达|为|至|共)[^。；\d\n]{{0,3}}?{_N.format('now')}{_UNIT}"
    ),
    "比",
)
_RATED = Sought(
    re.compile(
        rf"(?:调解|化解|办理|执行|回访|参加|受理)[^。；\d\n]{{0,8}}?{_N.format('all')}(?P<unit>件|起|人|户|次|名)，?[^。；\d\n]{{0,4}}?(?:调解)?(?:成功|办结|化解|合格|满意)"
        rf"[^。；\d\n]{{0,3}}?{_N.format('done')}(?:件|起|人|户|次|名)，?[^。；\d\n]{{0,4}}?(?:成功率|办结率|化解率|合格率|满意率)[^。；\d\n]{{0,3}}?{_N.format('rate')}[%％]"
    ),
    "率",
)
#: 受理200件，同比增长50%，去年同期为160件.
_YEARS_TURNED = Sought(
    re.compile(
        rf"{_N.format('now')}(?P<unit>{_UNIT})，[^。；\d\n]{{0,4}}?同比(?P<way>上升|增长|增加|提高|下降|减少|降低)[^。；\d\n]{{0,3}}?{_N.format('rate')}[%％]，?"
        rf"[^。；\d\n]{{0,6}}?(?:去年|上年|去年同期|上年同期|[12]\d{{3}}年)[^。；\d\n]{{0,8}}?{_N.format('then')}{_UNIT}"
    ),
    "同",
)
#: 受理200件，审结190件，未结20件; and 受理500件，其中审结600件.
_REST = Sought(
    re.compile(
        rf"(?:受理|收案|新收|立案|共收|办理|收到)[^。；\d\n]{{0,10}}?{_N.format('all')}(?P<unit>件|起|宗)，?(?:其中|已|共|已经)?[^。；\d\n，]{{0,2}}?(?:审结|办结|结案|执结)[^。；\d\n，]{{0,6}}?{_N.format('done')}(?:件|起|宗)"
        rf"(?:[，、]?(?:尚有|尚)?(?:未结|未办结|未审结|在办|存案|未执结|旧存)[^。；\d\n]{{0,4}}?{_N.format('rest')}(?:件|起|宗))?"
    ),
    "理收立办",
)
#: 到位100万元，占申请标的500万元的25%.
_OF_BASE = Sought(
    re.compile(
        rf"{_N.format('part')}(?P<unit>{_UNIT})[，、（]?(?:约)?占[^。；\d\n，]{{0,12}}?{_N.format('all')}(?P<unit2>{_UNIT})的?{_N.format('rate')}[%％]"
    ),
    "占",
)
#: 审结80件，受理100件，结案率85%.
_CLEARED_TURNED = Sought(
    re.compile(
        rf"(?:审结|结案|办结|执结)[^。；\d\n，]{{0,8}}?{_N.format('done')}(?:件|起|宗)，[^。；\d\n，]{{0,4}}?(?:受理|收案|新收|立案)[^。；\d\n，]{{0,8}}?{_N.format('all')}(?:件|起|宗)，?[^。；\d\n，]{{0,4}}?"
        rf"(?:结案率|审结率|办结率|执结率)[^。；\d\n]{{0,3}}?{_N.format('rate')}[%％]"
    ),
    "率",
)
_RESPECTIVE = Sought(
    re.compile(
        r"(?P<names>[\u4e00-\u9fff]{1,8}(?:、[\u4e00-\u9fff]{1,8}){1,6})[\u4e00-\u9fff]{0,4}分别[为是有]?(?P<values>\d{1,12}(?:\.\d{1,6})?[\u4e00-\u9fff%％]{1,3}(?:[、和]\d{1,12}(?:\.\d{1,6})?[\u4e00-\u9fff%％]{1,3}){1,6})"
    ),
    "别",
)
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: What says that the figures before a total are not its parts.
_NO_PARTS = re.compile(r"其中|同比|环比|[比约近逾超过]\d|\d余|\d[^\d、，]{0,2}至\d|每")
_SORTS = re.compile(r"（[\u4e00-\u9fff]{1,2}）|[\u4e00-\u9fff]{2}和[\u4e00-\u9fff]{2}")
#: What a figure may be off by because it was rounded, as a part of itself.
_ROUNDED = 0.006
_FEWEST_PARTS = 2


def detect(scan: Scan) -> Iterator[Hit]:
    """Figures that do not follow."""
    if scan.digits < _FEWEST_PARTS + 1:
        return
    for start, end, right in (
        *_totals(scan),
        *_means(scan),
        *_growths(scan),
        *_bases(scan),
        *_rated(scan),
        *_turned(scan),
        *_rests(scan),
        *_rows(scan),
    ):
        if not scan.shield.touches(start, end, NO_TEXT):
            yield Hit(rule="figure.follows", start=start, end=end, suggestion=right)


def _totals(scan: Scan) -> Iterator[tuple[int, int, str]]:
    """Parts of one unit, and their total at the end of the sentence."""
    for match in _TOTAL.finditer(scan.letters):
        begin, _ = scan.sentence(match.start())
        before = scan.letters[begin : match.start()]
        before = before[before.rfind("，") + 1 :] if "、" in before[before.rfind("，") + 1 :] else before
        parts = _parts(before, None if _joins(scan, match) else match["unit"])
        if len(parts) < _FEWEST_PARTS or _NO_PARTS.search(before):
            continue
        if not _near(sum(parts), float(match["value"])):
            yield match.start() + 1, match.end(), f"{sum(parts):g}{match['unit']}"


def _parts(before: str, unit: str | None) -> list[float]:
    """What is to be added up: one of each piece that has any, from the last one back; all of one unit."""
    found: list[float] = []
    for piece in reversed(before.replace("，", "、").split("、")):
        numbers = list(_PART.finditer(piece))
        if not numbers or (unit and numbers[-1]["unit"] != unit):
            break
        found.append(float(numbers[-1]["value"]))
        if len(_NUMBER.findall(piece)) > 1:
            break
    return found


def _joins(scan: Scan, total: re.Match[str]) -> bool:
    """Whether a total is one of things of two sorts: 600份（件）, 17个集体和个人."""
    return _SORTS.match(scan.letters, total.end()) is not None


def _means(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _MEAN.over(scan, scan.letters):
        heads = float(match["heads"])
        scale = {("万元", "元"): 10_000.0, ("元", "万元"): 1 / 10_000}.get((match["unit"], match["unit2"]), 1.0)
        mean = float(match["all"]) * scale / heads if heads else 0.0
        if heads and not _near(mean, float(match["mean"]), within=0.06):
            yield match.start("mean") - 2, match.end(), f"{mean:.4g}{match['unit2']}"


def _growths(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _YEARS.over(scan, scan.letters):
        now, then = float(match["now"]), float(match["then"])
        rate = 100 * (now - then) / then if then else 0.0
        rises = match["way"] in ("上升", "增长", "增加", "提高")
        if then and (rises != (rate > 0) or not _near(abs(rate), float(match["rate"]), within=0.02)):
            yield match.start("way") - 2, match.end(), f"同比{'增长' if rate > 0 else '下降'}{abs(rate):.1f}%"


def _bases(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _MORE.over(scan, scan.letters):
        sign = 1 if match["way"] in ("增加", "多", "增长") else -1
        now = float(match["base"]) + sign * float(match["more"])
        if not _near(now, float(match["now"])):
            yield match.start("now") - 2, match.end(), f"{now:g}{match['unit']}"


def _rated(scan: Scan) -> Iterator[tuple[int, int, str]]:
    for match in _RATED.over(scan, scan.letters):
        total = float(match["all"])
        rate = 100 * float(match["done"]) / total if total else 0.0
        if total and not _near(rate, float(match["rate"])):
            yield match.start("rate") - 3, match.end(), f"{rate:.4g}%"


def _turned(scan: Scan) -> Iterator[tuple[int, int, str]]:
    """The same figures in another order."""
    for match in _YEARS_TURNED.over(scan, scan.letters):
        now, then = float(match["now"]), float(match["then"])
        rate = 100 * (now - then) / then if then else 0.0
        rises = match["way"] in ("上升", "增长", "增加", "提高")
        if then and (rises != (rate > 0) or not _near(abs(rate), float(match["rate"]), within=0.02)):
            yield match.start("rate") - 2, match.end("rate") + 1, f"{'增长' if rate > 0 else '下降'}{abs(rate):.1f}%"
    for pattern, done in ((_CLEARED_TURNED, "done"), (_OF_BASE, "part")):
        for match in pattern.over(scan, scan.letters):
            total = float(match["all"])
            rate = 100 * float(match[done]) / total if total else 0.0
            if done == "part" and match["unit"] != match["unit2"]:
                continue
            if total and not _near(rate, float(match["rate"]), within=0.02):
                yield match.start("rate") - 1, match.end(), f"{rate:.4g}%"


def _rests(scan: Scan) -> Iterator[tuple[int, int, str]]:
    """What was done and what is left are what came in; no more is done than came in, but for what was left of the year before."""
    for match in _REST.over(scan, scan.letters):
        total, done = float(match["all"]), float(match["done"])
        if match["rest"] and not _near(total - done, float(match["rest"])):
            yield match.start("rest") - 2, match.end(), f"{total - done:g}{match['unit']}"
        elif not match["rest"] and "其中" in match[0] and done > total:
            yield match.start("done") - 2, match.end("done") + 1, ""


def _rows(scan: Scan) -> Iterator[tuple[int, int, str]]:
    """As many figures as things that they are of."""
    for match in _RESPECTIVE.over(scan, scan.letters):
        names = match["names"].count("、") + 1
        values = len(re.findall(r"\d+(?:\.\d+)?", match["values"]))
        if names != values and not re.search(r"和|及|与", match["names"]):
            yield match.start("values"), match.end(), ""


def _near(one: float, other: float, *, within: float = _ROUNDED) -> bool:
    return abs(one - other) <= within * max(abs(one), abs(other), 1.0)
