"""Numbers by GB/T 15835-2011, numbers of documents by GB/T 9704-2012 and of cases by the Supreme Court's rules."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import FORM, NO_TEXT
from xuanfa.domain.checking import Level

#: A whole year, and a number that is more than a few characters.
_YEAR, _FEW = 4, 3

_DIGITS: Final = {**{sign: value for value, sign in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}


def chinese_value(text: str) -> int:
    """What a number of articles and the like means, in Chinese or in digits; -1 where it is none."""
    if text.isdigit() and text.isascii():
        return int(text)
    if all(sign in _DIGITS for sign in text) and len(text) > 1:
        return int("".join(str(_DIGITS[sign]) for sign in text))
    total, digit = 0, 0
    for sign in text:
        if sign in _DIGITS:
            digit = _DIGITS[sign]
        elif sign in _UNITS:
            total += (digit or 1) * _UNITS[sign]
            digit = 0
        else:
            return -1
    return total + digit


#: Half-width or not, for ``Sought``.
_ANY_DIGIT: Final = "0123456789０１２３４５６７８９"
#: Either colon, for ``Sought``.
_COLON: Final = "\u003a\uff1a"
_N = "一二三四五六七八九"
#: Without any of these there is no number to look at.
_CHINESE = re.compile("[一二三四五六七八九十百千万倍]")
_YEAR_ZERO = Sought(
    re.compile(rf"(?<![{_N}零〇百千万])([{_N}][{_N}零0○oOＯ〇][{_N}零0○oOＯ〇][{_N}零0○oOＯ〇])(?=年)"), "年"
)
_NEIGHBOURS = Sought(
    re.compile(
        rf"(?<![\d、.])([1-8])、([2-9])(?=(?:个|名|天|年|月|次|人|件|户|岁|位|家|种|条|公里|里|米|"
        rf"万|千|百|小时|分钟|倍|成|十))(?!\d)|(?<![{_N}、（第])([两{_N}])、([{_N}])(?=(?:个|名|天|"
        rf"次|人|件|岁|位|家|公里|里路|米|万|千|百|十|小时|分钟|倍|成))"
    ),
    "、",
)
_MIXED_DATE = Sought(
    re.compile(
        rf"(?<!\d)[12]\d{{3}}年[{_N}十]{{1,3}}月(?:[{_N}十\d]{{1,3}}[日号])?|[{_N}〇零○]{{4}}年\d{{1,2}}月(?:\d{{1,2}}日)?|"
        rf"(?<!\d)\d{{1,2}}月[{_N}十]{{1,3}}[日号]|(?<![{_N}十])[{_N}十]{{1,2}}月\d{{1,2}}[日号]"
    ),
    "年月",
    _ANY_DIGIT,
)
_THOUSANDS = Sought(
    re.compile(
        r"(?<![\d.第])\d{1,12}(?:\.\d{1,6})?[百千](?!瓦|克|米|分|卡|字|赫|帕|焦|伏|升|余|多|年|禧|般|姓|货|度|科)(?:多|余)?(?=[元人件户万名吨亩份个册余多])"
    ),
    "百千",
    _ANY_DIGIT,
)
#: 一万二千3百, 3万五千: one number in two scripts.
_TWO_SCRIPTS = Sought(
    re.compile(
        rf"(?<![第\d])[{_N}两][十百千万亿][{_N}十百千万零两]{{0,8}}\d{{1,4}}(?:[十百千万](?:余|多)?)?(?=[件个名人次元户份起])|"
        rf"(?<![\d.])\d{{1,4}}[万千百][{_N}两][千百十](?:余|多)?|[{_N}十]{{1,2}}分之\d{{1,3}}|(?<!\d)\d{{1,3}}分之[{_N}十]{{1,2}}|"
        r"(?<![\d第./\-])[1-4]季度"
    ),
    "十百千万亿分季",
    _ANY_DIGIT,
)
_SOME = Sought(
    re.compile(
        r"\d{1,4}几(?=[个名人件万元天年岁位多])|\d{1,12}、\d{1,12}十|\d{1,12}多几|"
        r"(?<![\d.])\d{1,4}十[几多余一二三四五六七八九]?(?=[个名人件万元天年岁位次届周亩户条月日])|"
        r"(?<![\d.])[1-9]\d{0,3}[几]百|[十百]\d{1,2}(?=[个名人件元天年岁位次届])"
    ),
    "几、十百",
    _ANY_DIGIT,
)
_PERCENT = Sought(
    re.compile(
        r"百分之\s?\d{1,12}(?:\.\d{1,6})?|百分之[一二三四五六七八九十百零]{1,5}点\d|(?<![\d.])\d{1,12}(?:\.\d{1,6})?个百分之|[一二三四五六七八九十百点零几多]{1,6}(?:%|％)"
    ),
    "百%％",
)
_RANGE = Sought(
    re.compile(r"(?<![\d.\-—%])(\d{1,12}(?:\.\d{1,6})?)\s?(?:[-—－~～]|至|到)\s?(\d{1,12}(?:\.\d{1,6})?)[%％]"), "%％"
)
_ABOUT = Sought(
    re.compile(
        r"(?:约|大约|大概|近|将近|接近|超过|超|逾|至少|最少|最低|起码|最多|至多|不足)(?:为|有|计)?\s?[\d一二三四五六七八九十百千万亿零.]{1,10}(?:万|"
        r"亿|千|百)?(?:余|多|左右|上下)?(?:个|名|人|元|件|次|户|万元|亿元|年|天|吨|亩|平方米|公里|"
        r"小时)?(?:左右|上下|以上|以下|之多)?"
    ),
    "余多左右上下之",
    "约概近超逾至最起足",
)
_TWICE = re.compile(r"(?:余|多|左右|上下|以上|以下|之多)")
_SHORT_YEAR = Sought(
    re.compile(r"(?<![\d〔（(\-—.])(?:[0-9]\d)年(?=(?:\d{1,2}月|以来|年初|年底|初|底|的|入伍|参加|出生|毕业))(?<!近)"),
    "年",
)
#: '25年: the century is left out by a mark.
_CUT_YEAR = Sought(re.compile(r"['’‘＇]\d{2}年"), "年", "'’‘＇")
_ZERO_DATE = Sought(
    re.compile(r"(?<!\d)\d{4}年(?:0\d月(?:\d{1,2}日)?|\d{1,2}月0\d日)|(?<![\d年])0\d月\d{1,2}日"), "月", _ANY_DIGIT
)
_DOT_DATE = Sought(
    re.compile(r"(?<![\d.\-/])(?:19|20)\d{2}[./](?:0?[1-9]|1[0-2])[./](?:0?[1-9]|[12]\d|3[01])(?![\d.\-/])"), "./"
)
_DAY = Sought(re.compile(r"(?<!\d)\d{1,2}月\d{1,2}号"), "号", _ANY_DIGIT)
_CLOCK = Sought(
    re.compile(
        r"(?:下午|晚上|傍晚|夜间|晚)(?:1[3-9]|2[0-4])(?:时|点|:|：)|(?:上午|早上|凌晨|清晨)(?:1[3-9]|2[0-3])(?:时|点|:|：)|"
        r"(?<![\d:：])\d{1,2}[:：]\d(?![\d:：])(?=开|起|准时|分|到|至|结束|前|整|，|。)|"
        r"(?<![\d.第])(?:[01]?\d|2[0-4])点[0-5]\d(?![\d分%％.个])|(?<![\d:：])\d{1,2}[:：]\d{2}分(?!钟|之)"
    ),
    "时点" + _COLON,
    _ANY_DIGIT,
)
_MEETING = Sought(
    re.compile(
        r"(?<![\d一二三四五六七八九十])[1-9]中全会|第\d{1,3}(?:届|次)(?=(?:全国|全省|全市)?(?:人民代表大会|代表大会|人大|政协|中央委员会|全国委员会|委员会|全体会议|常务委员会|会议第))|(?:届)\d中全会|党的\d{1,2}大|第\d{1,2}届[一二三四五六七八九]中|[一二三四五六七八九十]{1,3}届\d次|第?\d{1,2}个五年规划"
    ),
    "届划大次会",
    _ANY_DIGIT,
)
_CENTURY = Sought(re.compile(r"二十世纪\d{1,2}年代|\d{2}世纪[一二三四五六七八九]十年代|上世纪\d年代"), "纪", _ANY_DIGIT)
#: Thousands stand in groups of so many digits.
_GROUP: Final = 3
_COMMAS = Sought(re.compile(r"(?<![\d,，.])\d{1,6}(?:,\d{1,6}){1,6}(?![\d,])"), ",")
#: 上升3个百分比: points are 百分点.
_POINTS = Sought(re.compile(r"\d{1,4}(?:\.\d{1,4})?(?:个百分(?:比|数|率|号|$)|百分点|[%％]个?百分点)"), "百")
_SAID_TWICE = Sought(
    re.compile(
        r"(?:最少|至少|最低|起码)(?:要|应)?(?:不低于|不少于|超过)|(?:最多|至多|最高)(?:不超过|不高于|不多于)|约(?:近|超|莫近)|近约|大约近|将近约|超过约|(?:余|多|几)(?:多|余)(?=[个名人件万元次户年岁])|几多(?=岁|年|人)"
    ),
    "最至起约近余多几",
)
_HALF_SPAN = Sought(
    re.compile(r"(?<![\d.])\d{1,3}(?:[-—－~～]|至)\d{1,3}(?:万元|亿元|万|亿)(?=[^\d]|$)"), "万亿", "-—－~～至"
)
_WIDE_COMMA = Sought(re.compile(r"(?<![\d，])\d{1,3}(?:，\d{3}){1,4}(?=[元件人个户份名次万])"), "，")
_DECADE = Sought(re.compile(r"(?<![\d纪末初代])\d0年代"), "代", _ANY_DIGIT)
_TERM = Sought(re.compile(r"第\d{1,2}届[一二三四五六七八九\d]?[次中]"), "届", _ANY_DIGIT)
_LESS = Sought(
    re.compile(r"(?:减少|降低|下降|缩短|降|缩小|减轻|少)了?\s?(?:[\d一二两三四五六七八九十百]+(?:\.\d{1,12})?)\s?倍"),
    "倍",
)
_TWO = Sought(
    re.compile(
        r"(?<![第十初周月之老其零百\d一二三四五六七八九])二(?=个(?:人|小时|案|方|问)|名|位(?!数)|件(?!套)|家(?!庭)|天(?!一)|次(?!元|会|全|革))"
    ),
    "二",
)
_UNIT = Sought(
    re.compile(
        r"(?<=\d)\s?(?:KM|Km|kM|KG|Kg|M2|m2|平米|公分|公升|立升)(?![A-Za-z0-9])|元人民币元|(?:万|亿)?元元|万元万元|人民币人民币|件件次|(?<=\d)(?:个百分点|个点)[%％]"
    ),
    "KMkm平分升元件点",
)
#: The spans of a number that is about something already: 30—40天左右, 约30至40天.
_ABOUT_SPAN = Sought(
    re.compile(
        r"(?<![\d.])\d{1,6}\s?(?:[-—－~～]{1,2}|至|到)\s?\d{1,6}(?:个|名|天|日|人|元|万元|件|次|户|年|月|岁|小时|分钟){1,2}(?:左右|上下)|"
        r"(?:大约|约|大概)\d{1,6}\s?(?:[-—－~～]{1,2}|至)\s?\d{1,6}(?=[个名天人元万件次户岁小分])"
    ),
    "左上约概",
    "-—－~～至到",
)
#: Years of birth as the press has them: 90后.
_BORN = Sought(re.compile(r"(?:零零|〇〇|○○|九零|九〇|九十|八零|八〇|八十|七零|七〇)后(?=[\u4e00-\u9fff、，”])"), "后")

_NAME = r"[\u4e00-\u9fff]"
_DOC = Sought(
    re.compile(
        rf"(?<={_NAME})(?P<open>[\[［【（(〈<｛{{〔﹝])\s?(?P<year>\d{{2,4}})\s?年?\s?(?P<close>[\]］】）)〉>｝}}〕﹞])\s?(?P<no>第?\s?\d{{1,5}}\s?号)(?!楼|"
        rf"院|门|街|路)"
    ),
    "号",
    "[［【（(〈<｛{〔﹝",
)
_DOC_ORDER = Sought(
    re.compile(
        rf"(?<={_NAME})(?:[12]\d{{3}}年?〔\d{{1,5}}〕\d{{0,4}}号?|[12]\d{{3}}年?(?:第)?\d{{1,4}}号文(?!件)|(?<=[发函])(?<!印发)(?<!下发)(?<!转发)(?<!签发)(?<!颁发)(?<!制发)(?<!核发)(?<!公发)[12]\d{{3}}年第?\d{{1,4}}号|〔[12]\d{{3}}〕\d{{1,5}}(?![\d号]))"
    ),
    "号〔",
)
#: 〔2024〕法发15号: the year before the organ.
_DOC_TURNED = Sought(
    re.compile(
        r"[〔\[［〈<【（(]\s?[12]\d{3}\s?[〕\]］〉>】）)]\s?第?(?:法(?:释|发|办|函|政|研|刑|民)?|国办?(?:发|函)|中办?发|[\u4e00-\u9fff]{1,4}(?:发|函|办|通|字))第?\d{1,5}号"
    ),
    "号",
)
#: 〔2024〕二十三号, 〔2025〕No.15.
_DOC_NUMBER = Sought(
    re.compile(
        rf"(?<={_NAME})〔[12]\d{{3}}〕\s?(?:第?[一二三四五六七八九十百零〇]{{1,6}}号|(?:No|NO|no|N0|№)[.．]?\s?\d{{1,5}}号?)"
    ),
    "〔",
)
_DOC_SWAPPED = Sought(
    re.compile(rf"(?<={_NAME})[12]\d{{3}}\s?[（(〔\[【]\d{{1,4}}[）)〕\]】]\s?号"),
    "号",
    "（(〔[【",
)
_DOC_HALF = Sought(re.compile(rf"(?<={_NAME})[12]\d{{3}}〕\d{{1,5}}号|(?<={_NAME})〔[12]\d{{3}}\d{{1,5}}号"), "〕〔")
_DOC_ORGANS = re.compile(
    r"(?:发|办|函|令|电|字|厅|政|法|通|规|告|纪|组|院|监|审|研|执|党|委|党组|会|建|财|税|人社|"
    r"卫|教|民|司|检|公|国办秘函|办发|办函|法释|法发|法〔|释)$"
)
_CASE = Sought(
    re.compile(
        r"(?P<open>[〔\[［【(（])\s?(?P<year>\d{4}|\d{2})\s?年?\s?(?P<close>[〕\]］】)）])\s?(?P<code>(?:[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋内蒙陕吉闽贵粤青藏川宁琼军兵最高法]{1,3})\d{0,4})\s?(?P<kind>[民刑行执破赔知财辖司清](?:初|"
        r"终|再|申|监|辖|保|异|复|恢|他|更|撤|特|督|催|调|确|破|减|认|救|赔|委|字|诉|前|管|保令|"
        r"民|督监)?[\u4e00-\u9fff]{0,3})\s?(?P<word>字)?\s?(?P<no>第?\s?\d{1,6})\s?(?P<end>号?)"
    ),
    "民刑行执破赔知财辖司清",
    "〔[［【（(",
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Numbers that are not written as they should be."""
    if not scan.has_digits and _CHINESE.search(scan.text) is None:
        return
    yield from _cases(scan) if scan.has_digits else ()
    timed = (*_documents(scan), *_times(scan)) if scan.has_digits else ()
    for hit in (*_years(scan), *_amounts(scan), *timed):
        if not scan.shield.touches(hit.start, hit.end, FORM):
            yield hit


def _years(scan: Scan) -> Iterator[Hit]:
    for match in _YEAR_ZERO.over(scan, scan.text):
        right = re.sub("[零0○oOＯ]", "〇", match[1])
        if right != match[1]:
            yield Hit(rule="number.zero", start=match.start(), end=match.end(), suggestion=right, fix=right)
    for match in _MIXED_DATE.over(scan, scan.text):
        yield Hit(rule="number.mixed_date", start=match.start(), end=match.end())
    for match in _SHORT_YEAR.over(scan, scan.text):
        if not re.search(r"[第近达共满约长过前后历超经用了]$|\d$", scan.before(match.start(), 1)) and not re.search(
            r"有期徒刑|合同期|期限|租期|工作|缓刑|从", scan.before(match.start(), 8)
        ):
            yield Hit(rule="number.short_year", start=match.start(), end=match.end(), level=Level.HINT)
    for match in _CUT_YEAR.over(scan, scan.letters):
        yield Hit(rule="number.short_year", start=match.start(), end=match.end())
    for match in _CENTURY.over(scan, scan.text):
        yield Hit(rule="number.mixed_date", start=match.start(), end=match.end(), level=Level.HINT)


def _amounts(scan: Scan) -> Iterator[Hit]:
    text = scan.letters
    for match in _NEIGHBOURS.over(scan, text):
        one, two = (match[1], match[2]) if match[1] else (match[3], match[4])
        values = [int(sign) if sign.isdigit() else _DIGITS[sign] for sign in (one, two)]
        if values[1] - values[0] == 1 and not re.search(r"[第（(\d]$", scan.before(match.start(), 1)):
            pair = "".join("零一二三四五六七八九"[value] for value in values)
            yield Hit(rule="number.neighbours", start=match.start(), end=match.end(), suggestion=pair)
    for pattern, rule in (
        (_THOUSANDS, "number.thousands"),
        (_TWO_SCRIPTS, "number.thousands"),
        (_ABOUT_SPAN, "number.about"),
        (_BORN, "number.decade"),
        (_SOME, "number.some"),
        (_PERCENT, "number.percent"),
        (_LESS, "number.times"),
        (_UNIT, "number.unit"),
        (_MEETING, "number.meeting"),
        (_TWO, "number.two"),
        (_POINTS, "number.points"),
        (_SAID_TWICE, "number.about"),
        (_HALF_SPAN, "number.span"),
        (_WIDE_COMMA, "number.commas"),
        (_DECADE, "number.decade"),
        (_TERM, "number.meeting"),
    ):
        for match in pattern.over(scan, text):
            level = Level.HINT if rule == "number.two" else None
            yield Hit(
                rule=rule,
                start=match.start(),
                end=match.end(),
                suggestion="两" if rule == "number.two" else "",
                level=level,
            )
    for match in _RANGE.over(scan, text):
        yield Hit(rule="number.range", start=match.start(), end=match.end(), suggestion=f"{match[1]}%—{match[2]}%")
    for match in _ABOUT.over(scan, text):
        if (
            (
                _TWICE.search(match[0])
                and re.match(r"约|大约|大概|近|将近|接近|超|逾", match[0])
                and not re.match(r"近(?:年|日|期|几)", match[0])
            )
            and len(match[0]) > _FEW
            and not (match[0].startswith(("超", "逾")) and not re.search("余|多|左右|上下|以上", match[0]))
        ):
            yield Hit(rule="number.about", start=match.start(), end=match.end())
    for match in _COMMAS.over(scan, text):
        first, *parts = match[0].split(",")
        if any(len(part) != _GROUP for part in parts) or len(first) > _GROUP:
            yield Hit(rule="number.commas", start=match.start(), end=match.end())


def _times(scan: Scan) -> Iterator[Hit]:
    for pattern, rule, level in (
        (_ZERO_DATE, "number.zero_date", None),
        (_DOT_DATE, "number.dot_date", None),
        (_DAY, "number.day", None),
        (_CLOCK, "number.clock", None),
    ):
        for match in pattern.over(scan, scan.letters):
            yield Hit(rule=rule, start=match.start(), end=match.end(), level=level)


_NO_BRACKETS = Sought(
    re.compile(
        r"(?<![\d〔（(\[［【])(?:20[12]\d)[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]\d{2,4}[民刑行执破赔财]\S{0,4}?\d{1,6}号"
    ),
    "号",
)


#: A number is no longer; since this year courts number by their codes (最高人民法院关于人民法院案件案号的若干规定).
_CASE_MOST, _CODES_SINCE = 30, 2016
#: 民中12号: no kind of case is called so.
_NO_KIND = Sought(
    re.compile(
        r"[（(]\d{4}[）)][\u4e00-\u9fff]\d{2,4}([民刑行执](?:中|种|钟|出|除|处|审|级|在|载|深|生|声|束|杯|宝))\d{1,6}号"
    ),
    "号",
)


def _documents(scan: Scan) -> Iterator[Hit]:
    text = scan.half
    for match in _DOC.over(scan, scan.letters):
        start = match.start()
        organ = scan.text[max(0, start - 12) : start]
        opened, closed = match["open"], match["close"]
        number = re.sub(r"\D", "", match["no"])
        is_right = (
            (opened, closed) == ("〔", "〕")
            and match["no"] == f"{number}号"
            and len(match["year"]) == _YEAR
            and not number.startswith("0")
            and "年" not in match[0]
        )
        if is_right:
            year = int(match["year"])
            if year > scan.when.year:
                yield Hit(rule="docno.year", start=match.start("year"), end=match.end("year"))
            continue
        if opened in "（(" and not _DOC_ORGANS.search(organ):
            continue
        right = f"〔{match['year']}〕{int(number)}号"
        yield Hit(
            rule="docno.form",
            start=start,
            end=match.end(),
            suggestion=right,
            fix=right if len(match["year"]) == _YEAR else None,
        )
    for match in _DOC_TURNED.over(scan, scan.letters):
        yield Hit(rule="docno.form", start=match.start(), end=match.end())
    for pattern in (_DOC_ORDER, _DOC_HALF, _DOC_SWAPPED, _DOC_NUMBER):
        for match in pattern.over(scan, text):
            if _DOC_ORGANS.search(scan.text[max(0, match.start() - 12) : match.start()]):
                yield Hit(rule="docno.form", start=match.start(), end=match.end())


def _cases(scan: Scan) -> Iterator[Hit]:
    """案号: round brackets, no 第 and 字, a 号 at the end."""
    for match in _NO_BRACKETS.over(scan, scan.text):
        yield Hit(rule="docno.case", start=match.start(), end=match.end())
    for match in _CASE.over(scan, scan.text):
        year = int(match["year"]) + (2000 if len(match["year"]) == len("26") else 0)
        if match.end() - match.start() > _CASE_MOST or scan.shield.touches(*match.span(), NO_TEXT):
            continue
        pieces = list(_wrong_pieces(match, is_old=year < _CODES_SINCE))
        number = re.sub(r"\D", "", match["no"]).lstrip("0") or "0"
        right = f"（{match['year']}）{match['code']}{match['kind'].removesuffix('字')}{number}号"
        if pieces:
            yield Hit(rule="docno.case", start=min(pieces)[0], end=max(end for _, end in pieces), suggestion=right)
        if year > scan.when.year:
            yield Hit(rule="docno.year", start=match.start("year"), end=match.end("year"))
    for match in _NO_KIND.over(scan, scan.letters):
        yield Hit(rule="docno.case", start=match.start(1), end=match.end(1))


def _wrong_pieces(match: re.Match[str], *, is_old: bool) -> Iterator[tuple[int, int]]:
    """What of a number is not as it should be, from and to."""
    head = (match.start(), match.end("close"))
    if (match["open"], match["close"]) != ("（", "）") or len(match["year"]) != len("2026") or "年" in match[0][:8]:
        yield head
    if not match["end"]:
        yield match.start("no"), match.end()
    number = re.sub(r"\D", "", match["no"])
    if number.startswith("0") or ("第" in match["no"] and not is_old):
        yield match.start("no"), match.end()
    if match["word"] and not is_old:
        yield match.start("word"), match.end("word")
    if not is_old and match["kind"].endswith(("字", "第")):
        yield match.end("kind") - 1, match.end("kind")
    if " " in match[0]:
        at = match.start() + match[0].index(" ")
        yield at, at + 1
