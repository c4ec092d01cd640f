"""Totals that are not the sum of their parts. Only units that are the same are added, and only where the parts are meant to be all."""

from collections.abc import Generator, Iterator

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

#: A number with its unit is no longer, and no more stands between two that belong together. Characters.
_NUMBER_MOST, _BETWEEN_MOST = 12, 30
#: Fewer parts make no sum, and parts that lack more than this share of it are not all that there are.
_PARTS_LEAST, _LACKING = 2, 0.2

_UNIT = re.compile(
    r"(?:余|多)?(?P<unit>万元|亿元|元|万件|件次|件|起|人次|名|人|个|次|份|户|场次|场|条|家|篇|处|项|宗|辆|所|套|亩|吨|页|册|位)"
).pattern
_NUMBER = re.compile(
    rf"(?P<more>约|近|超过?|逾|余)?(?P<value>(?<!\d)\d{{1,12}}(?:\.\d{{1,6}})?|\d{{1,3}}(?:,\d{{3}})+(?:\.\d{{1,12}})?)\s?{_UNIT}"
)
_TOTAL = re.compile(
    r"(?:共计|合计|总计|累计|共有|共|总数|总共|一共|总)[\u4e00-\u9fff“”《》、]{0,16}?$|(?:案件|"
    r"人员|干警|党员|法官|资金|金额|款项|费用|总额)(?:总[数量额])?(?:为|达|有)?$"
)
_PARTS = re.compile(r"^(?:[（(，,：:]|，?(?:其中|分别(?:是|为)?|包括|包含|含))")
_LISTED = re.compile(r"其中|分别|包括|包含|：|（|含")
_STOP = re.compile(
    r"[。；\n！？）)]|同比|环比|比上年|较上年|增长|下降|结案率|占比|标的|审结|执结|平均|人均|为|涉案金额"
)
#: A sum and its parts have so many digits at least.
_FEWEST = 3
_SCALE = {"万元": 10_000.0, "亿元": 100_000_000.0, "元": 1.0, "万件": 10_000.0}
_KIND = {"万元": "元", "亿元": "元", "万件": "件", "人": "人", "名": "人", "位": "人", "起": "件", "宗": "件"}


def detect(scan: Scan) -> Iterator[Hit]:
    """Sums that do not come out."""
    for begin, end in _whole_sentences(scan) if scan.digits >= _FEWEST else ():
        sentence = scan.letters[begin:end]
        numbers, told = list(_NUMBER.finditer(sentence)), set[int]()
        for index, total in enumerate(numbers[:-2]):
            if not _TOTAL.search(sentence[max(0, total.start() - 20) : total.start()]) and not re.match(
                r"[，：（]\s?其中|[，：（]分别|[，]包括", sentence[total.end() : total.end() + 4]
            ):
                continue
            parts = yield from _compared(scan, begin, sentence, total, numbers[index + 1 : index + 21])
            # A number that is a part of several sums is told as one once.
            for part in parts:
                if part.start() not in told:
                    told.add(part.start())
                    at = begin + part.start("value")
                    yield Hit(rule="figure.part", start=at, end=begin + part.end(), level=Level.HINT)


def _whole_sentences(scan: Scan) -> Iterator[tuple[int, int]]:
    """Sentences by their stops only: parts are joined by semicolons too."""
    start = 0
    for match in re.finditer(r"[。！？\n]", scan.text):
        if match.end() - start > _NUMBER_MOST:
            yield from ((at, min(match.end(), at + 800)) for at in range(start, match.end(), 800))
        start = match.end()
    yield from ((at, min(len(scan.text), at + 800)) for at in range(start, len(scan.text), 800))


def _compared(
    scan: Scan, begin: int, sentence: str, total: re.Match[str], others: list[re.Match[str]]
) -> Generator[Hit, None, list[re.Match[str]]]:
    """A sum that does not come out; its parts, where they are to be told."""
    kind = _KIND.get(total["unit"], total["unit"])
    tail = sentence[total.end() : total.end() + 6]
    if not _LISTED.search(tail) or total["more"]:
        return []
    parts: list[re.Match[str]] = []
    at = total.end()
    for one in others:
        between = sentence[at : one.start()]
        if (
            _STOP.search(between.replace("；", "") if parts else between.lstrip("（(，：:"))
            or len(between) > _BETWEEN_MOST
            or _KIND.get(one["unit"], one["unit"]) != kind
        ):
            break
        if one["more"]:
            return []
        parts.append(one)
        at = one.end()
    if len(parts) < _PARTS_LEAST:
        return []
    want, got = _value(total), sum(map(_value, parts))
    if abs(want - got) < 0.005 * max(1.0, _step(total)):
        return []
    if got < want and not re.match(r"^(?:，|（)?分别|^：", tail) and (want - got) / want > _LACKING:
        return []  # 其中 names only some of them
    yield Hit(
        rule="figure.total",
        start=begin + total.start("value"),
        end=begin + total.end(),
        values={"sum": _shown(got, total["unit"])},
    )
    start, end = begin + parts[0].start("value"), begin + parts[-1].end()
    return [] if scan.shield.touches(start, end, NO_TEXT) else parts


def _value(match: re.Match[str]) -> float:
    return float(match["value"].replace(",", "")) * _SCALE.get(match["unit"], 1.0)


def _step(match: re.Match[str]) -> float:
    """What the last digit is worth."""
    digits = len(match["value"].partition(".")[2])
    return float(_SCALE.get(match["unit"], 1.0)) * 10.0**-digits if digits else float(_SCALE.get(match["unit"], 1.0))


def _shown(value: float, unit: str) -> str:
    return f"{round(value / _SCALE.get(unit, 1.0), 4):g}{unit}"
