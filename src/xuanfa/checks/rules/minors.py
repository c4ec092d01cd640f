"""A minor's school and class (未成年人保护法 第103条): quiet in reports of visits, loud where a case is told."""

from collections.abc import Iterator

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT
from xuanfa.domain.checking import Level

_SCHOOL = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9]{2,14}?(?:小学|中学|幼儿园|附中|附小|职业学校|实验学校|外国语学校|"
    r"技工学校|职中|高中|初中|学校|[一二三四五六七八九十\d]{1,2}中|[一二三四五六七八九十\d]{1,2}小)"
).pattern
_CLASS = re.compile(
    r"(?:[一二三四五六七八九\d]年级|初[一二三]|高[一二三]|[小中大]班|学前班|七年级|八年级|九年级)?\s?(?:[（(]?\d{1,2}[）)]?班|"
    r"[（(]?[一二三四五六七八九十]{1,3}[）)]?班|[小中大][一二三\d]?班|[甲乙丙丁]班|[一二三四五六七八九\d]年级|"
    r"初[一二三]|高[一二三])"
).pattern
_BOTH = Sought(re.compile(rf"(?P<school>{_SCHOOL})(?:[，、的在\s]{{0,2}})(?P<class>{_CLASS})"), "小中学校幼园", "班级")
_READS = Sought(
    re.compile(rf"(?:就读于?|在读于?|上学于|系|是|为|在)(?P<school>{_SCHOOL})(?=[，。、；的上就读学念])"),
    "小中学校幼园",
    "读学",
)
_CASE = re.compile(
    r"被害人|受害|被告人|嫌疑人|未成年|抚养|遭|侵害|猥亵|强奸|欺凌|虐待|案发|犯|盗窃|抢劫|伤害|监护|离婚|其女|其子|之女|之子|婚生|张某|李某|某|就读"
)
_VISIT = re.compile(r"走进|开展|参观|讲座|宣讲|模拟法庭|开放日|法治副校长|师生|邀请|组织|活动|研学|普法|受邀|同学们")


def detect(scan: Scan) -> Iterator[Hit]:
    """Schools with classes, and schools of those who are in a case."""
    for match in _BOTH.over(scan, scan.text):
        start = _beginning(scan.text, *match.span("school"))
        if scan.shield.touches(start, match.end(), NO_TEXT):
            continue
        sentence = scan.around(match.start(), match.end())
        told = _CASE.search(sentence) and not _VISIT.search(sentence)
        level = None if told or (scan.of_minors and not _VISIT.search(sentence)) else Level.HINT
        yield Hit(rule="privacy.school", start=start, end=match.end(), suggestion="某学校", level=level)
    if not scan.of_minors:
        return
    for match in _READS.over(scan, scan.text):
        start, end = _beginning(scan.text, *match.span("school")), match.end("school")
        sentence = scan.around(start, end)
        if "某" in scan.text[start:end] or scan.shield.touches(start, end, NO_TEXT) or _VISIT.search(sentence):
            continue
        if _CASE.search(sentence) and re.search(r"就读|在读|上学|学生|未成年|读书|念", sentence):
            yield Hit(rule="privacy.school", start=start, end=end, suggestion="某学校", level=Level.SEVERE)


_LEADS = re.compile(r"^.*(?:就读于|就读|在读于|现为|系|是|为|于|在|，|、|的)(?=[^，、]{3,}$)")


def _beginning(text: str, start: int, end: int) -> int:
    """Where the school's name begins: not with the words that lead to it."""
    lead = _LEADS.match(text[start:end])
    return start + lead.end() if lead else start
