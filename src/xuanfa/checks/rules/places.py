"""Addresses down to a street's number, a flat or a villagers' group. Offices' own addresses stay quiet."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NUMBERS
from xuanfa.domain.checking import Level

#: A name of a place is no shorter behind what leads to it. Characters.
_NAME_LEAST: Final = 4

_N = r"[\d一二三四五六七八九十百零〇\-—]{1,6}"
_STREET = Sought(
    re.compile(
        rf"[\u4e00-\u9fff]{{1,10}}?(?:大道|大街|路|街|巷|弄|胡同|里)(?:[东南西北中]段|[一二三四五六七八九十]段)?{_N}\s?号(?:院|"
        rf"楼|大院|附\d{{1,3}}号|之[一二三四五])?(?:[\u4e00-\u9fff]{{0,10}}?{_N}(?:号楼|栋|幢|座|"
        rf"单元|层|楼|室|户|号)){{0,4}}"
    ),
    "号",
    "路街巷弄同里道",
)
_FLAT = Sought(
    re.compile(
        rf"[\u4e00-\u9fff]{{2,14}}?(?:小区|家园|花园|公寓|新村|嘉园|苑|府|城|庭|湾|里|社区|佳苑|雅居|"
        rf"大厦|院)?{_N}\s?(?:号楼|栋|幢|座|#楼|楼)\s?(?:{_N}\s?单元)?\s?(?:{_N}\s?(?:室|户|号|层\d{{1,4}}室))|"
        rf"[\u4e00-\u9fff]{{2,14}}?{_N}\s?(?:号楼|栋|幢|座|#楼|楼)\s?{_N}\s?单元\s?{_N}|[\u4e00-\u9fff]{{2,14}}?{_N}\s?单元\s?{_N}\s?(?:室|户|号)?"
    ),
    "栋幢座单元室#号楼户层",
    "0123456789０１２３４５６７８９一二三四五六七八九十百零〇",
    "楼栋幢座室单号",
)
#: What a flat has: one look tells whether it is to be sought.
_FLAT_SIGN = re.compile(r"[\d一二三四五六七八九十百零〇]\s?(?:号楼|栋|幢|座|#楼|楼|单元)")
_GROUP = Sought(
    re.compile(
        rf"[\u4e00-\u9fff]{{1,8}}?(?:乡|镇|街道|办事处)[\u4e00-\u9fff]{{1,8}}?村(?:委会)?(?:[\u4e00-\u9fff]{{0,4}}?{_N}(?:组|社|队|号|户))(?:{_N}号)?"
    ),
    "村",
    "组社队号户",
)
_LIVES = re.compile(
    r"住址|住所地?|家住|现住|居住|户籍|户口|家庭地址|家庭住址|租住|暂住|住在|住于|(?<![居入])住(?![房建宅院持])|"
    r"出生地|送达地址|籍贯|家在|家位于|家地址|家中|(?:其|本人|夫妻|被执行人|被告人?|原告|[\u4e00-\u9fff]某)(?:二人|双方)?(?:共同)?(?:名下|所有|所购|居住|购买)"
)
_HOME = re.compile(r"的?(?:住处|家中|家里|住所|居所|住宅|家(?=[，。、]|张贴|进行|开展|送达|将))")
_PUBLIC = re.compile(
    r"法院|法庭|公司|政府|中心|大厅|机关|单位|广场|银行|检察院|公安|派出所|办公|酒店|学校|医院|"
    r"法治文化|地点|施工|路段|交叉口|审判庭|报名|开庭|会议室|听证"
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Addresses of people."""
    for pattern in (_FLAT, _STREET, _GROUP):
        if pattern is _FLAT and _FLAT_SIGN.search(scan.letters) is None:
            continue
        for match in pattern.over(scan, scan.letters):
            start, end = _trimmed(scan.text, *match.span())
            if scan.shield.touches(start, end, NUMBERS):
                continue
            begin, _ = scan.sentence(start, end)
            before = scan.text[max(begin, match.start() - 24) : end]
            lives = _LIVES.search(before) or _HOME.match(scan.text, end)
            public = _PUBLIC.search(scan.around(start, end))
            if lives and not (public and re.search(r"住所地", before)):
                level = None
            elif pattern is _FLAT:
                level = Level.HINT if public else None
            else:
                level = Level.HINT
            yield Hit(
                rule="privacy.address", start=start, end=end, suggestion=_shortened(scan.text[start:end]), level=level
            )


_LEAD = re.compile(
    r"^.*?(?:住址|住所地|住所|家住|现住在?|居住于|居住在|居住地|居住|户籍所在地|户籍地|户籍|"
    r"家庭地址|家庭住址|地址|租住于|租住在|租住|暂住|住在|住于|位于|来到|前往|赶到|赴|住|系|"
    r"为|是|在|到|于|：|:)+"
)


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The address without the words that lead to it."""
    lead = _LEAD.match(text[start:end])
    if lead and end - start - lead.end() >= _NAME_LEAST:
        return start + lead.end(), end
    return start, end


def _shortened(address: str) -> str:
    """Down to the street office or the township, as the notices ask for."""
    match = re.match(r"^.*?(?:街道|乡|镇|区|县|市)", address)
    return match[0] + "……" if match else "（略）"
