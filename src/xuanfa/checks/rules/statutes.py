"""Laws that are no longer in force, articles that a law does not have, and titles that are nearly right."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.numerals import chinese_value
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: A title that differs by so many characters may be meant; of shorter ones too many differ by one.
_DIFFERS, _COMPARED_LEAST = 3, 4

_STATE: Final = "中华人民共和国"
_ARTICLE = re.compile(
    r"(?:（[^（）]{0,30}）|\([^()]{0,30}\))?(?:》)?\s?(?:第[一二三四五六七八九十]{1,3}[编章节])?第?\s?([一二三四五六七八九十百千零〇\d]{1,8})\s?条"
)
#: What stands behind a law that is cited.
_AFTER: Final = ("》", "（", "(", "第")
_HISTORY = re.compile(
    r"废止|当时|失效|施行前|修改前|旧法|原有|历史|同时废止|取代|替代|不再适用|已不适用|修订前|时期|改革开放初|颁布于|"
    r"(?:19[4-9]\d|20[01]\d)年[^。；]{0,24}(?:施行|颁布|通过|公布|出台|实施|制定|颁行|诞生|问世)|第一部|首部|先后(?:制定|颁布|出台|施行)"
)
_CITED = re.compile(
    r"(?:依据|根据|依照|按照|违反|适用|符合|触犯|援引|参照|引用|违背|遵守|学习|宣传|贯彻|执行|讲解|普及|的|《|、|和|及|与|了|“)$|^$"
)
_FOLLOWED = re.compile(r"》?(?:（[^（）]{0,20}）)?(?:的)?(?:相关|有关)?(?:规定|第|条款|若干|解释|司法解释)")


@dataclass(frozen=True, slots=True)
class Law:
    """One law: how many articles it has, and since when it is gone."""

    name: str
    articles: int
    until: date | None
    successor: str
    confidence: str


@cache
def laws() -> dict[str, Law]:
    """By their short names."""
    found = {}
    for _, cells in rows_of("laws"):
        name, articles, _, until, successor, confidence = (*cells, "", "", "", "", "")[:6]
        found[name] = Law(name, int(articles or 0), date.fromisoformat(until) if until else None, successor, confidence)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(map(re.escape, laws()), key=len, reverse=True)
    begins = "".join(sorted({name[0] for name in (_STATE, *laws())}))  # most places begin none, and are passed at once
    return re.compile(rf"(?=[{re.escape(begins)}])(?:{_STATE})?({'|'.join(names)})")


def detect(scan: Scan) -> Iterator[Hit]:
    """Citations that are wrong."""
    for match in _pattern().finditer(scan.text):
        if scan.shield.touches(match.start(), match.end(), NO_TEXT) or not _is_whole(scan.text, match):
            continue
        law = laws()[match[1]]
        yield from _repealed(scan, match, law)
        yield from _beyond(scan, match, law)
    yield from _titles(scan)


def _is_whole(text: str, match: re.Match[str]) -> bool:
    """Whether it is the law itself and no part of another word: 劳动合同法, 宪法日, 反家庭暴力法实施办法."""
    before, after = text[: match.start()][-1:], text[match.end() : match.end() + 1]
    if before == "《" or match[0].startswith(_STATE):
        return after in _AFTER or text.startswith(("的", "规定"), match.end())
    if "\u4e00" <= before <= "\u9fff" and not _CITED.search(text[max(0, match.start() - 2) : match.start()]):
        return False
    return after in _AFTER or bool(_FOLLOWED.match(text, match.end()))


def _repealed(scan: Scan, match: re.Match[str], law: Law) -> Iterator[Hit]:
    if law.until is None or scan.when <= law.until:
        return
    before = scan.text[max(0, match.start() - 6) : match.start()]
    if re.search(r"(?:[原旧]|原来|此前|以前|过去|曾经)的?《?$|原《", before) or _HISTORY.search(
        scan.around(*match.span())
    ):
        return
    yield Hit(
        rule="law.repealed",
        start=match.start(1),
        end=match.end(1),
        suggestion=law.successor,
        values={"until": law.until.isoformat(), "successor": law.successor or "—"},
    )


def _beyond(scan: Scan, match: re.Match[str], law: Law) -> Iterator[Hit]:
    at = match.end()
    for _ in range(6):
        article = _ARTICLE.match(scan.text, at)
        if article is None or not law.articles:
            return
        number = chinese_value(article[1])
        if number > law.articles or number == 0:
            level = Level.SEVERE
            yield Hit(
                rule="law.article",
                start=article.start(1) - 1 if scan.text[article.start(1) - 1] == "第" else article.start(1),
                end=article.end(),
                level=level,
                values={"law": law.name, "most": law.articles},
            )
        joined = re.compile(
            r"(?:第[一二三四五六七八九十\d]{1,3}款)?(?:第?[（(]?[一二三四五六七八九十\d]{1,3}[）)]?项)?(?:、|和|及|与|，)"
        ).match(scan.text, article.end())
        if joined is None:
            return
        at = joined.end()


def _titles(scan: Scan) -> Iterator[Hit]:
    """A title that is nearly a law's, and one of the state that nobody here knows."""
    if scan.when.year >= _CODE_SINCE and "解释" in scan.text and not _HISTORY.search(scan.text):
        for match in _OLD_READING.finditer(scan.text):
            values = {"until": "2021-01-01", "successor": "民法典相应的司法解释"}
            yield Hit(rule="law.repealed", start=match.start(1), end=match.end(1), values=values)
    for match in _NO_PARTICLE.finditer(scan.text) if "问题" in scan.text and "《" in scan.text else ():
        right = match[1].replace("问题", "问题的")
        yield Hit(rule="law.title", start=match.start(1), end=match.end(1), suggestion=right)
    for match in _CODE.finditer(scan.text):
        yield Hit(rule="law.title", start=match.start(1), end=match.end(1), suggestion="民法典")
    for match in _BOOK.finditer(scan.text):
        yield Hit(rule="law.title", start=match.start(1), end=match.end(1), suggestion=f"{match[1][:-1]}编")
    for match in _STATE_WRONG.finditer(scan.text):
        yield Hit(rule="law.title", start=match.start(1), end=match.end(1), suggestion=_STATE)
    for span in scan.shield.of("title"):
        inner = scan.text[span.start + 1 : span.end - 1]
        name = re.sub(r"[（(][^（()）]{0,20}[）)]$", "", inner.removeprefix(_STATE))
        is_of_state = inner.startswith(_STATE)
        if (
            not name.endswith(_ENDINGS)
            or len(name) > _LONGEST
            or name in laws()
            or name in _real()
            or _OTHER.search(name)
            or _DRAFT.search(inner)
        ):
            continue
        start = span.start + 1 + len(inner) - len(inner.removeprefix(_STATE))
        near = _nearest(name, is_of_state=is_of_state)
        if near:
            yield Hit(rule="law.title", start=start, end=start + len(name), suggestion=near)
        elif is_of_state and name.endswith(("法", "典")):
            yield Hit(rule="law.unknown", start=start, end=start + len(name))


#: The one title that is too short to be near another by its length.
_CODE: Final = re.compile(r"(?:《|和国|国)(民法[点店电颠奠垫佃]|民发典|名法典|明法典|民法曲)(?=》|》?第|施行|实施|的)")
#: Its books are 编.
_BOOK: Final = re.compile(
    r"(?:民法典|刑法|诉讼法)》?(?:的|·|之)?((?:总则|物权|合同|人格权|婚姻家庭|继承|侵权责任|分则)篇)"
)
#: The state's name with a word left out or another in its place, before the name of a law.
_STATE_WRONG: Final = re.compile(
    r"《(中华人民(?!共和国)[共和国]{0,2}|中华共和国|中国人民共和国|中华人民共和国共和国|人民共和国|中华人民共合国|中华人名共和国|中国共和国)(?=[\u4e00-\u9fff]{2,20}[法典例]》)"
)
#: Readings of the laws that the Civil Code has replaced, and since when.
_OLD_READING: Final = re.compile(
    r"(?:关于)?适用[〈《<]?(?:中华人民共和国)?((?:担保法|合同法|婚姻法|继承法|物权法|侵权责任法|收养法)[〉》>]?)[^》\n]{0,20}解释"
)
_CODE_SINCE: Final = 2021
#: A title that lacks its 的: 适用法律若干问题规定.
_NO_PARTICLE: Final = re.compile(r"《[^《》\n]{6,60}?((?:若干|具体|有关|相关)?问题(?:规定|解释|批复|决定|意见|解答))》")
#: What titles of laws end with, rightly and by a slip.
_ENDINGS: Final = ("法", "条例", "典", "发", "则", "办法", "法律", "法规", "律")
_LONGEST: Final = 30
#: What is not a law yet may be called anything.
_DRAFT: Final = re.compile("草案|征求意见|送审稿|修订稿|建议稿")
#: What only speaks of a law.
_OTHER: Final = re.compile("关于|实施|解释|读本|解读|释义|若干|修正|草案|决定|意见|适用|修改")


@cache
def _nearest(name: str, *, is_of_state: bool) -> str:
    """The law that was meant; of one that the state's name stands before, two slips are enough to know it."""
    known = (*laws(), *_real())
    near = next((law for law in known if _one_apart(name, law)), "")
    if near or not is_of_state:
        return near
    return next((law for law in known if len(law) > _SHORT and _two_apart(name, law)), "")


_SHORT: Final = 4


def _two_apart(one: str, other: str) -> bool:
    """Whether at most three characters in one piece are others, missing or too many: 治安处罚法, 反家庭暴力条例."""
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    end = 0
    while end < min(len(one), len(other)) - start and one[-1 - end] == other[-1 - end]:
        end += 1
    left = max(len(one), len(other)) - start - end
    return 0 < left <= _DIFFERS and start + end >= max(_SHORT, len(other) - _DIFFERS)


@cache
def _real() -> frozenset[str]:
    """Laws that exist although they are near another one."""
    return frozenset(name for _, cells in rows_of("real_laws") for name in cells)


def _one_apart(one: str, other: str) -> bool:
    if one == other or abs(len(one) - len(other)) > 1 or min(len(one), len(other)) < _COMPARED_LEAST:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    if len(one) == len(other):
        return one[start + 1 :] == other[start + 1 :] or (
            one[start : start + 2] == other[start : start + 2][::-1] and one[start + 2 :] == other[start + 2 :]
        )
    longer, shorter = (one, other) if len(one) > len(other) else (other, one)
    return longer[start + 1 :] == shorter[start:]
