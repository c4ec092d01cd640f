"""Punctuation by GB/T 15834-2011: what is half-width beside Chinese, doubled, unpaired or of the wrong kind."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import FORM, NO_TEXT
from xuanfa.domain.checking import Level

_HAN = "[\u4e00-\u9fff]"
_WIDE: Final = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！", "(": "（", ")": "）"}
_HALF = Sought(
    re.compile(
        rf"(?<=[\u4e00-\u9fff”》）〕])[,;:?!](?=[\u4e00-\u9fff“《（\s\d]|$)|(?<=\d)[,;](?={_HAN})|(?<={_HAN})[,;?!]"
    ),
    ",;:?!",
)
_BRACKET = Sought(
    re.compile(
        r"(?<=[\u4e00-\u9fff”》])\((?=[^()\n]{0,60}[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff”》])\)|\((?=[\u4e00-\u9fff])"
    ),
    "()",
)
_STOP = Sought(re.compile(rf"(?<=[\u4e00-\u9fff”》）])\.(?=\s|$|{_HAN}|“)(?!\.)(?<!\.\.)"), ".")
_DOUBLE = re.compile(
    r"[。！？]”[。！？]|[，、；：]{2,}|。{2}(?!。)|[，、；：]。|。[，、；：]|？？(?!？)|！！(?!！)|，，|[，、]；|；[，、]|：[，、；]|、，|，、|[，、；：][？！]|[？！][，、；]|“”|（）|《》"
)
#: What all of them begin with.
_MARKS_TOGETHER = re.compile("[，、；：。？！“（《”][，、；：。？！”）》]")
_DOTS = Sought(re.compile(r"\.{3,}|。{3,}|・{3,}|·{3,}|(?<!…)…(?!…)|…{3,}"), ".。・·…")
_DASH = Sought(re.compile(r"(?<=[\u4e00-\u9fff”])-{2,3}(?=[\u4e00-\u9fff“])|(?<=\d)--(?=\d{1,2}[:：时])"), "-")
_BETWEEN = Sought(re.compile(r"(?<=》)、(?=《)|(?<=”)、(?=“)"), "》”", "、")
_ETC = Sought(
    re.compile(
        r"……等等?|等等?……|(?<=、)等等(?=。|，)|、等(?=[\u4e00-\u9fff，。])|[，、](?:和|及|以及|与)[，、]|、(?:和(?![解平谐睦气好约声田缓善])|与(?!会))"
    ),
    "等和及以与",
)
_QUOTE = Sought(
    re.compile(r"\"(?=[^\"\n]{0,200}[\u4e00-\u9fff])[^\"\n]{1,200}\"|'(?=[^'\n]{0,80}[\u4e00-\u9fff])[^'\n]{1,80}'"),
    "\"'",
)
#: What stands before the quotes around a value of front matter: they are the form's, and no text.
_VALUE: Final = re.compile(r"[ \t]*(?:- )?[\w.-]{1,60}:[ \t]*")
#: What stands before the title of a link or of a picture in Markdown: its quotation marks are markup.
_LINK_TITLE = re.compile(r"\]\([^()\n]{0,300}\s$")
_ORDER = re.compile(
    r"(?<=[；。])第[二三四五六七八九十]、|(?:^|(?<=[\n　 ]))(?:第[一二三四五六七八九十]{1,2}、|(?:（[一二三四五六七八九十]{1,3}）|"
    r"\([一二三四五六七八九十\d]{1,3}\)|（\d{1,2}）)[、，.．]|\d{1,2}、|[一二三四五六七八九十]{1,3}[.．，])",
    re.MULTILINE,
)
#: Where something of that kind may stand besides the beginning of a line.
_BEFORE_ORDER = frozenset("\n　 ；。")
_FIRST = Sought(
    re.compile(
        r"首先[，,][^\n]{0,300}?(第[二三]|二是)[，,]?|第一，[^\n]{0,300}?(其次|再次)，|一是[^\n]{0,300}?(第二，|其次，)"
    ),
    "首一",
    "先，是",
)
_ASKED = Sought(
    re.compile(r"(?:是不是|为什么|怎么办|难道|何时|哪些|多少|怎样)[^，。？！；\n“”]{0,20}[吗呢]。|(?:吗|呢)。"),
    "吗呢",
    "。",
)
#: A question that is only told of: 不知道他是否到庭.
_INDIRECT = Sought(
    re.compile(
        r"(?:不知道|不知|不清楚|不明白|不了解|不确定|询问了?|说明|讨论|研究|告知|解释|问清|弄清|查明|查清|确认|想知道|关心)"
        r"[^，。？！；：\n“”]{0,16}(?:是否|如何|怎样|怎么|什么|哪些|多少|为何|何时|能否|可否|谁)[^，。？！；\n“”]{0,16}？(?=[\u4e00-\u9fff，、]|$)"
    ),
    "？",
)
_CORNER = Sought(re.compile("[「」『』]"), "「」『』")
#: What somebody says follows a colon, and so does what is counted.
_SPEECH = Sought(
    re.compile(
        r"(?:说|说道|问|问道|答|答道|回答|表示|强调|指出|介绍|介绍说|告诉记者|喊道|感慨|感叹)([、；])(?=“)|(?:说道|问道|答道|喊道|回答道)([，])(?=“)|"
        r"(?:如下|以下[\u4e00-\u9fff]{1,4}|[两三四五六七八九十几多\d][个项条点大]{1,2}[\u4e00-\u9fff]{1,4})([；、])(?=一是|首先|第一|（一）|1[.．])"
    ),
    "；、，",
)
#: 12.4 for 12·4, as the names of days and cases have it.
_DOT_NAME = Sought(
    re.compile(
        r"(?<![\d.])(\d{1,2}[.．、]\d{1,2})(?=”?(?:国家宪法日|宪法日|消防日|消费者权益日|特大|重大|专案|案件|事件|交通安全日|国际劳动妇女节))"
    ),
    ".．、",
)
#: Papers and signs are no works: 《营业执照》.
_NO_WORK = re.compile(
    r"《(?:居民)?(?:营业执照|身份证|结婚证|离婚证|房产证|驾驶证|行驶证|毕业证|学位证|户口本|户口簿|荣誉证书|聘书|残疾证|老年证|工作证|护照|锦旗|奖状|奖牌)》"
)
#: Single marks are for what is quoted inside a quotation.
_SINGLE = Sought(re.compile("‘[^‘’“”\\n]{1,60}’"), "‘")
#: 材料包括：1、申请书；2、身份证明.
_IN_LINE = Sought(re.compile(r"(?<=[；：。，])\d{1,2}、(?=[\u4e00-\u9fff])"), "、")
_SPACED = Sought(
    re.compile(
        r"(?<=[\u4e00-\u9fff])[ \t]+[，。；：！？、）》”]|(?<=[\u4e00-\u9fff])[，。；：！？、（《“][ \t]+(?=[\u4e00-\u9fff])"
    ),
    " \t",
)
_CLOSING: Final = frozenset("）》”〕】")
_PAIRS: Final = (("（", "）"), ("《", "》"), ("“", "”"), ("〔", "〕"), ("【", "】"))
_MIXED = Sought(re.compile(r"（[^（）()\n]{1,60}\)|\([^（）()\n]{1,60}）"), "()")
_BOOKS = Sought(re.compile(r"《[^《》\n]{1,60}《[^《》\n]{1,60}》[^《》\n]{0,30}》"), "《")
_TITLE_END = re.compile(r"[。；，、]\s*$")
#: A line begins with no mark that ends something; a dash, a bracket or a quotation may.
_LEADING = re.compile(r"^[ \t　]*([，。；、：！？])", re.MULTILINE)
_TILDE = Sought(re.compile(r"(?<=\d)(?:%|％)?[~](?=\d)"), "~")
_COLONS = Sought(re.compile(r"：[^：。；\n“”《》]{1,40}："), "：")


def detect(scan: Scan) -> Iterator[Hit]:
    """Punctuation that is not as it should be."""
    for hit in (
        *_half(scan),
        *_doubled(scan),
        *_kinds(scan),
        *_others(scan),
        *_pairs(scan),
        *_title(scan),
        *_lone(scan),
    ):
        start, end = (_lone_mark(scan.text, hit)) if hit.rule == "punct.unpaired" else (hit.start, hit.end)
        if hit.rule in ("punct.books", "punct.works") or not scan.shield.touches(start, end, FORM):
            yield hit


def _lone_mark(text: str, hit: Hit) -> tuple[int, int]:
    """Where the mark without a partner stands: at one end of what is told."""
    return (hit.end - 1, hit.end) if text[hit.end - 1] in _CLOSING else (hit.start, hit.start + 1)


def _half(scan: Scan) -> Iterator[Hit]:
    text = scan.text
    for match in _HALF.over(scan, text):
        if match[0] == ":" and (
            text[match.end() : match.end() + 2] == "//"
            or (text[match.end() : match.end() + 1].isdigit() and text[match.start() - 1].isdigit())
        ):
            continue
        yield Hit(
            rule="punct.half", start=match.start(), end=match.end(), suggestion=_WIDE[match[0]], fix=_WIDE[match[0]]
        )
    mixed = {match.span() for match in _MIXED.over(scan, text)}
    for start, end in mixed:
        at = start if text[start] == "(" else end - 1
        yield Hit(rule="punct.mixed", start=at, end=at + 1, suggestion=_WIDE[text[at]], fix=_WIDE[text[at]])
    inside = {at for start, end in mixed for at in (start, end - 1)}
    for match in _BRACKET.over(scan, text):
        if match.start() not in inside and not _is_link(text, match.start()):
            pair = _partner(text, match.start())
            fix = _WIDE[match[0]] if pair is not None and not scan.shield.touches(pair, pair + 1, FORM) else None
            yield Hit(rule="punct.half", start=match.start(), end=match.end(), suggestion=_WIDE[match[0]], fix=fix)
            if pair is not None and fix is not None:
                yield Hit(
                    rule="punct.half", start=pair, end=pair + 1, suggestion=_WIDE[text[pair]], fix=_WIDE[text[pair]]
                )
    for match in _STOP.over(scan, text):
        yield Hit(rule="punct.half", start=match.start(), end=match.end(), suggestion="。", fix="。")
    for match in _QUOTE.over(scan, text):
        left, right = ("“", "”") if match[0][0] == '"' else ("‘", "’")
        if (
            _LINK_TITLE.search(scan.before(match.start(), 320))
            or "=" in scan.before(match.start(), 1)
            or "\\" in match[0]
            or (scan.is_post and _VALUE.fullmatch(scan.before(match.start(), 80)))
        ):
            continue
        for at, sign in ((match.start(), left), (match.end() - 1, right)):
            yield Hit(rule="punct.quote", start=at, end=at + 1, suggestion=sign, fix=None if scan.is_post else sign)


#: One quotation mark that is half-width beside Chinese, where its partner is not.
_LONE = re.compile(r"\"(?=[\u4e00-\u9fff“])|(?<=[\u4e00-\u9fff。，！？”])\"")


def _lone(scan: Scan) -> Iterator[Hit]:
    if '"' not in scan.signs or scan.is_post or "<" in scan.signs or "](" in scan.text:
        return
    paired = [match.span() for match in _QUOTE.over(scan, scan.text)]
    for match in _LONE.finditer(scan.text):
        if not any(start <= match.start() < end for start, end in paired):
            yield Hit(rule="punct.quote", start=match.start(), end=match.end())


def _is_link(text: str, at: int) -> bool:
    """Whether a bracket is Markdown's."""
    return at > 0 and text[at - 1] == "]"


def _partner(text: str, at: int) -> int | None:
    """The other half of a half-width bracket, in the same line and near."""
    if text[at] == "(":
        other = text.find(")", at, at + 80)
        between = text[at + 1 : other]
    else:
        other = text.rfind("(", max(0, at - 80), at)
        between = text[other + 1 : at]
    return (
        other if other >= 0 and not re.search(r"[()\n（）]", between) and not _is_link(text, min(at, other)) else None
    )


def _doubled(scan: Scan) -> Iterator[Hit]:
    for match in _DOUBLE.finditer(scan.text) if _MARKS_TOGETHER.search(scan.text) else ():
        sign = match[0]
        same = len(set(sign)) == 1
        right = sign[0] if same else next((mark for mark in "。？！；" if mark in sign), sign[:1])
        if sign in ("“”", "（）", "《》"):
            right = ""
        yield Hit(
            rule="punct.doubled", start=match.start(), end=match.end(), suggestion=right, fix=right if same else None
        )
    for match in _DOTS.over(scan, scan.text):
        beside = scan.before(match.start(), 1) + scan.after(match.end(), 1)
        if match[0][0] == "." and not re.search(r"[\u4e00-\u9fff“”《》。！？]", beside):
            continue
        yield Hit(rule="punct.ellipsis", start=match.start(), end=match.end(), suggestion="……", fix="……")
    for match in _DASH.over(scan, scan.text):
        yield Hit(rule="punct.dash", start=match.start(), end=match.end(), suggestion="——", fix="——")


def _kinds(scan: Scan) -> Iterator[Hit]:
    for match in _BETWEEN.over(scan, scan.text):
        yield Hit(rule="punct.between", start=match.start(), end=match.end())
    for match in _ETC.over(scan, scan.text):
        level = Level.HINT if match[0] == "、等" else None
        yield Hit(rule="punct.etc", start=match.start(), end=match.end(), level=level)
    for match in (
        _ORDER.finditer(scan.text) if not scan.signs.isdisjoint(_BEFORE_ORDER) or _ORDER.match(scan.text) else ()
    ):
        if re.match(r"\d{1,2}、", match[0]) and not re.match(r"[\u4e00-\u9fff]", scan.after(match.end(), 1)):
            continue
        right = match[0].rstrip("、，.．")
        right += "，" if right.startswith("第") else "" if right[0] in "（(" else "." if right[0].isdigit() else "、"
        yield Hit(rule="punct.numbering", start=match.start(), end=match.end(), suggestion=right)
    for match in _FIRST.over(scan, scan.text):
        group = next(index for index in (1, 2, 3) if match[index])
        yield Hit(rule="punct.sequence", start=match.start(group), end=match.end(group))
    for match in _ASKED.over(scan, scan.text):
        yield Hit(rule="punct.question", start=match.end() - 2, end=match.end(), suggestion="？")
    for match in _SPACED.over(scan, scan.text):
        mark = match[0].strip()
        yield Hit(rule="punct.space", start=match.start(), end=match.end(), suggestion=mark, fix=mark)
    for match in _LEADING.finditer(scan.text):
        yield Hit(rule="punct.doubled", start=match.start(1), end=match.end(1))
    for match in _TILDE.over(scan, scan.text):
        yield Hit(rule="punct.range", start=match.start(), end=match.end(), suggestion="～")
    for match in _COLONS.over(scan, scan.text):
        if not re.search(
            r"\d：\d|时间：|地点：|电话：|摄影：|供稿：|编辑：|审核：|来源：|文：|图：|校对：|作者：|记者：|联系|地址：",
            match[0] + scan.after(match.end(), 2),
        ):
            yield Hit(rule="punct.colons", start=match.end() - 1, end=match.end())


def _others(scan: Scan) -> Iterator[Hit]:
    """Signs that are right somewhere else."""
    for match in _INDIRECT.over(scan, scan.text):
        yield Hit(rule="punct.question", start=match.end() - 1, end=match.end(), suggestion="。")
    for match in _CORNER.over(scan, scan.text):
        right = {"「": "“", "」": "”", "『": "‘", "』": "’"}[match[0]]
        yield Hit(rule="punct.quote", start=match.start(), end=match.end(), suggestion=right)
    for match in _SINGLE.over(scan, scan.text):
        before = scan.text[scan.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        if before.count("“") == before.count("”"):
            yield Hit(rule="punct.quote", start=match.start(), end=match.start() + 1, suggestion="“")
            yield Hit(rule="punct.quote", start=match.end() - 1, end=match.end(), suggestion="”")
    for match in _SPEECH.over(scan, scan.text):
        group = match.lastindex or 1
        yield Hit(rule="punct.speech", start=match.start(group), end=match.end(group), suggestion="：")
    for match in _DOT_NAME.over(scan, scan.text):
        right = re.sub("[.．、]", "·", match[1])
        yield Hit(rule="punct.dot", start=match.start(1), end=match.end(1), suggestion=right)
    for match in _NO_WORK.finditer(scan.text) if "《" in scan.signs else ():
        yield Hit(rule="punct.works", start=match.start(), end=match.end(), suggestion=match[0][1:-1])
    for match in _IN_LINE.over(scan, scan.text):
        yield Hit(rule="punct.numbering", start=match.start(), end=match.end(), suggestion=f"{match[0][:-1]}.")


def _pairs(scan: Scan) -> Iterator[Hit]:
    """Quotation marks and brackets that do not close in their paragraph."""
    for left, right in _PAIRS:
        if left not in scan.signs and right not in scan.signs:
            continue
        if (
            scan.text.count(left) == scan.text.count(right)
            and left + right not in scan.text
            and scan.text.find(right) >= scan.text.find(left)
        ) and _closes(scan.text, left, right):
            continue
        depth: list[int] = []
        for match in re.finditer(rf"[{left}{right}\n]", scan.text):
            sign = match[0]
            if sign == left:
                if depth and left == "“":
                    yield Hit(
                        rule="punct.unpaired", start=depth[-1], end=_piece(scan.text, depth[-1]), suggestion=right
                    )
                    del depth[-1:]
                depth.append(match.start())
            elif sign == right:
                if not depth and not _lettered(scan.text, match.start()):
                    begin = _piece_before(scan.text, match.end())
                    yield Hit(rule="punct.unpaired", start=begin, end=match.end(), suggestion=left)
                del depth[-1:]
            elif depth:
                yield from (
                    Hit(rule="punct.unpaired", start=at, end=_piece(scan.text, at), suggestion=right) for at in depth
                )
                depth = []
        yield from (Hit(rule="punct.unpaired", start=at, end=_piece(scan.text, at), suggestion=right) for at in depth)


#: With a mark that has no partner so much is told of, up to where the piece ends: somewhere there the other one is missing.
_TOLD: Final = 12
_PIECE_ENDS: Final = re.compile(r"[。；！？\n]")


def _piece(text: str, at: int) -> int:
    stop = _PIECE_ENDS.search(text, at, at + _TOLD)
    return stop.start() if stop else min(len(text), at + _TOLD)


def _piece_before(text: str, end: int) -> int:
    begin = max(0, end - _TOLD)
    stops = list(_PIECE_ENDS.finditer(text, begin, end - 1))
    return stops[-1].end() if stops else begin


def _closes(text: str, left: str, right: str) -> bool:
    depth = 0
    for match in re.finditer(rf"[{left}{right}\n]", text):
        depth += 1 if match[0] == left else -1 if match[0] == right else 0
        if depth < 0 or depth > (1 if left == "“" else 3) or (match[0] == "\n" and depth):
            return False
    return depth == 0


def _lettered(text: str, at: int) -> bool:
    """Whether a closing bracket ends a number: 1） 甲）."""
    return bool(re.search(r"(?:^|[\n\s])[\d一二三四五六七八九十甲乙丙丁a-zA-Z]{1,3}$", text[max(0, at - 4) : at]))


def _title(scan: Scan) -> Iterator[Hit]:
    if scan.part == "title" and (match := _TITLE_END.search(scan.text)):
        yield Hit(rule="punct.title", start=match.start(), end=match.start() + 1)
    for match in _BOOKS.over(scan, scan.text):
        at = scan.text.find("《", match.start() + 1)
        if not scan.shield.touches(at, at + 1, NO_TEXT):
            yield Hit(rule="punct.books", start=at, end=at + 1, suggestion="〈")
