"""Words that should not stand there, from the tables; one pass for all of them."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.index import Index
from xuanfa.checks.rules.letters import is_pair
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan
from xuanfa.checks.rules.shield import NO_TEXT, WORDS
from xuanfa.checks.rules.table import raw_terms, term_row
from xuanfa.checks.rules.unfit import is_seen_twice

_WORD: Final = "typo.word"


@cache
def _index() -> tuple[Index, dict[str, list[int]]]:
    """All terms, each with the rows that it stands in; few rows are ever looked at."""
    rows: dict[str, list[int]] = {}
    for number, (_, cells) in enumerate(raw_terms()):
        rows.setdefault(cells[0], []).append(number)
    return Index(rows), rows


#: Ministries of other states are called what ours were called.
_ABROAD = re.compile(
    r"原|[美英法德日韩俄印巴以伊乌泰越缅]国?$|(?:俄罗斯|乌克兰|以色列|黎巴嫩|伊朗|伊拉克|叙利亚|巴勒斯坦|加沙|土耳其|埃及|印度|巴基斯坦|阿富汗|"
    r"尼泊尔|斯里兰卡|孟加拉国|缅甸|老挝|柬埔寨|泰国|越南|菲律宾|马来西亚|新加坡|印度尼西亚|印尼|澳大利亚|新西兰|加拿大|墨西哥|巴西|阿根廷|智利|秘鲁|古巴|"
    r"哥伦比亚|委内瑞拉|西班牙|葡萄牙|意大利|荷兰|比利时|瑞士|瑞典|挪威|芬兰|丹麦|波兰|匈牙利|捷克|希腊|塞尔维亚|苏丹|肯尼亚|南非|尼日利亚|刚果|埃塞俄比亚|"
    r"哈萨克斯坦|乌兹别克斯坦|蒙古|朝鲜|联邦|当地|该国)[^，。；]{0,4}$"
)


def _is_elsewhere(text: str, start: int) -> bool:
    """Whether it is called the former one, or another state's."""
    return _ABROAD.search(text[max(0, start - 8) : start]) is not None


#: What somebody was, and where, in years gone by.
_CAREER = re.compile(r"历任|曾任|先后任|任职于|(?<!\d)19[4-9]\d年")


def _is_of_then(scan: Scan, start: int, end: int) -> bool:
    """Whether the sentence tells of what somebody was, or of years when it was called so."""
    return _CAREER.search(scan.around(start, end)) is not None


def detect(scan: Scan) -> Iterator[Hit]:
    """The words of the tables that stand in the text."""
    index, rows = _index()
    for start, term in index.find(scan.text, scan.grams):
        end = start + len(term)
        for row in map(term_row, rows[term]):
            if scan.shield.touches(start, end, NO_TEXT if row.everywhere else WORDS):
                continue
            if row.valid_from is not None and scan.when < row.valid_from:
                continue
            if row.rule == "office.former" and (_is_elsewhere(scan.text, start) or _is_of_then(scan, start, end)):
                continue
            if any(_is_part(scan.text, start, row.wrong, word) for word in row.unless):
                continue
            if row.rule == _WORD and _is_joint(scan.text, start, end):
                continue
            yield Hit(rule=row.rule, start=start, end=end, suggestion=row.right, level=row.level, basis=row.basis)


def _is_joint(text: str, start: int, end: int) -> bool:
    """Whether a character that stands twice at an edge ends one word and begins another: 管理理念, 充分分析. Where what follows is as well a word
    without it (管理理工作), it may be a slip, and is told."""
    if text[end - 2] == text[end - 1]:
        following = is_pair(text[end - 1 : end + 1]) and not is_pair(text[end : end + 2])
        return following or is_seen_twice(text, end - 2)
    if text[start] == text[start + 1]:
        before = is_pair(text[max(0, start - 1) : start + 1]) and not is_pair(text[max(0, start - 2) : start])
        return before or is_seen_twice(text, start)
    return False


def _is_part(text: str, start: int, wrong: str, word: str) -> bool:
    """Whether what was found is only a part of a longer word, wherever in it."""
    at = word.find(wrong)
    while at >= 0:
        if start >= at and text.startswith(word, start - at):
            return True
        at = word.find(wrong, at + 1)
    return False
