"""Numbers that lead to a person: 身份证, telephone, bank card, passport, plate, e-mail, WeChat and QQ.

Digits are read in groups, so that blanks, hyphens and full-width digits hide nothing; what is a 案号, a document's number, an amount or a
number of a thing stays quiet. Check digits decide where there are any.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NUMBERS
from xuanfa.domain.checking import Level

#: How many digits an identity card has (GB 11643), and had before; a telephone's, also with 86 or 0 before it; the shortest bank card and number
#: that is looked at as one.
_ID, _OLD_ID, _MOBILE, _WITH_COUNTRY, _WITH_ZERO, _CARD_LEAST, _LONG = 18, 15, 11, 13, 12, 16, 12
#: Nobody who is told of was born before, or will be after.
_BORN_FIRST, _BORN_LAST = 1880, 2100
#: A doubled digit that is more loses so much (ISO/IEC 7812-1, annex B), and a card has more than so many different digits.
_NINE, _SAME_MOST = 9, 2
#: Groups of so many digits are those of a year or an amount; a code has so many digits.
_GROUP_SHORT, _GROUP_LONG, _IN_CODE = 2, 3, 2

#: What people put between digits of one number.
_RUN = re.compile(
    r"(?<![\d])\d(?:[ \t\xa0\u200b\-\u2010-\u2015－_.．·•・/()（）~,，]{0,3}\d){6,}(?:[ \-]{0,2}[Xx](?![A-Za-z]))?"
)
_GROUP = re.compile(r"\d+[Xx]?|[Xx]")
_LONGEST: Final = 19
#: A number of less digits leads to nobody.
_FEWEST: Final = 7
_GROUPINGS: Final = frozenset(
    {
        (11,),
        (3, 4, 4),
        (3, 3, 5),
        (4, 4, 3),
        (4, 3, 4),
        (5, 6),
        (3, 8),
        (7, 4),
        (6, 5),
        (3, 5, 3),
        (3, 2, 6),
        (3, 3, 3, 2),
        (3, 2, 2, 2, 2),
        (3, 2, 3, 3),
        (2, 2, 2, 2, 3),
        (3, 4, 2, 2),
    }
    | {(1,) * 11, (1, 2, 2, 2, 2, 2), (2, 2, 2, 2, 2, 1), (1, 10), (2, 9), (8, 3), (9, 2), (4, 7)}
)
_OF_THINGS = re.compile(
    r"(?:编号|单号|订单|流水号?|备案号?|许可证号?|批准文号|信用代码|注册号|证书号?|ISBN|ISSN|"
    r"审图号|标识码|项目号|合同号|标段|条码|序列号|设备号|机身号|发票号码?|发票代码|票号|登记号|"
    r"文号|批号|图号|邮编|代码|版本)[A-Za-z：:为是\s]{0,6}$"
)
_AMOUNT = re.compile(r"\s?(?:元|万|亿|件|人|户|次|吨|公里|千米|平方|立方|米|%|％|斤|公斤|亩|股|美元|页|册|字|分|年)")
_OFFICIAL = re.compile(
    r"咨询|举报|监督|服务|值班|投诉|热线|报警|传真|联系电话|联系方式|办公|总机|立案庭|诉服|诉讼服务|"
    r"法院|检察院|法庭|政府|公安|派出所|执行局|纪检|信访|报名|采购|招标|中心|大厅|电话：|联系人"
)
_PRIVATE = re.compile(
    r"家中|家里|家庭|住宅|座机|本人|个人|私人|宅电|家电话|其电话|其联系|的电话|原告|被告|当事人|被害人|证人|申请人|被执行人|户主|村民|某"
)
#: What a line is called behind it: 0935-1234567（张某家中）.
_HOME = re.compile(r"[，,]?\s?[（(]?[\u4e00-\u9fff]{0,4}(?:家中|家里|住宅|家庭|私人|本人|个人|宅电|家属)")
_OWNED = re.compile(r"身份证|身份号码|证件号|公民身份|居民身份")
_CARD = re.compile(r"卡号|账号|帐号|账户|帐户|银行卡|储蓄卡|信用卡|开户|银行|汇款|转账|收款|尾号")
_PROVINCES: Final = frozenset(
    map(
        str,
        (
            *range(11, 16),
            *range(21, 24),
            *range(31, 38),
            *range(41, 47),
            *range(50, 55),
            *range(61, 66),
            71,
            81,
            82,
            83,
        ),
    )
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def detect(scan: Scan) -> Iterator[Hit]:
    """The numbers of people in a text."""
    if scan.digits >= _FEWEST:
        yield from _runs(scan)
        yield from _landlines(scan)
    if scan.has_digits:
        yield from _papers(scan)
        yield from _plates(scan)
    yield from _mails(scan)
    yield from _messengers(scan)


def _runs(scan: Scan) -> Iterator[Hit]:
    text = scan.half
    for run in _RUN.finditer(text):
        groups = [(match.start() + run.start(), match.end() + run.start()) for match in _GROUP.finditer(run[0])]
        index = 0
        while index < len(groups):
            hit, used = _at(scan, text, groups, index)
            if hit is not None and not scan.shield.touches(hit.start, hit.end, NUMBERS):
                yield hit
            index += used


def _at(scan: Scan, text: str, groups: list[tuple[int, int]], index: int) -> tuple[Hit | None, int]:
    """What begins at a group, and how many groups it takes: the longest that is something."""
    digits, lengths = "", []
    best: tuple[Hit | None, int] = (None, 1)
    start = groups[index][0]
    if index and groups[index][1] - start == 1 == groups[index - 1][1] - groups[index - 1][0]:
        return best  # digits one by one are one number from their first on
    if start and text[start - 1].isascii() and text[start - 1].isalpha():
        return best
    for count in range(1, min(_LONGEST + 2, len(groups) - index) + 1):
        begin, end = groups[index + count - 1]
        piece = text[begin:end]
        digits += piece
        if len(digits) > _LONGEST + 1:
            break
        lengths.append(len(piece))
        after = text[end : end + 1]
        if after.isascii() and after.isalpha():
            continue
        hit = _number(scan, start, end, digits, tuple(lengths))
        if hit is not None:
            best = (hit, count)
    return best


def _number(scan: Scan, start: int, end: int, digits: str, lengths: tuple[int, ...]) -> Hit | None:
    """What so many digits are, by their check digits and by what stands around them."""
    size = len(digits)
    if size < _MOBILE or _is_dotted(scan, start, end, lengths):
        return None
    before = scan.half[max(0, start - 16) : start]
    if size == _ID and (_born(digits[6:14]) and digits[:2] in _PROVINCES):
        if _checks(digits):
            return Hit(rule="privacy.id18", start=start, end=end, suggestion=masked_id(digits))
        if _OWNED.search(before):
            return Hit(rule="privacy.id18", start=start, end=end, suggestion=masked_id(digits), level=Level.SEVERE)
    if not digits.isdigit() or _OF_THINGS.search(before) or _AMOUNT.match(scan.half, end):
        return None
    is_old = size == _OLD_ID and digits[:2] in _PROVINCES and _born("19" + digits[6:12])
    if is_old and (_OWNED.search(before) or (len(lengths) == 1 and not _CARD.search(before))):
        return Hit(rule="privacy.id15", start=start, end=end, suggestion=masked_id(digits))
    if size in (11, 12, 13) and (mobile := _mobile(scan, start, end, digits, lengths)):
        return mobile
    is_card = _CARD_LEAST <= size <= _LONGEST and _luhn(digits) and (_CARD.search(before) or digits[0] in "3456")
    if is_card and (len(lengths) == 1 or set(lengths[:-1]) <= {4, 5, 6, 1}):
        return Hit(rule="privacy.bank", start=start, end=end, suggestion=masked_card(digits))
    if (
        _LONG <= size <= _LONGEST
        and (len(lengths) == 1 or set(lengths[:-1]) <= {4, 5, 6})
        and re.search(r"(?:卡号|账号|帐号|账户|帐户|银行卡|储蓄卡|信用卡)(?:号码?)?[：:为是\s]{0,3}$", before)
    ):
        return Hit(rule="privacy.bank", start=start, end=end, suggestion=masked_card(digits), level=Level.SEVERE)
    return None


def _mobile(scan: Scan, start: int, end: int, digits: str, lengths: tuple[int, ...]) -> Hit | None:
    if len(digits) == _WITH_COUNTRY and digits.startswith("86"):
        digits, lengths = digits[2:], _without(lengths, 2)
    elif len(digits) == _WITH_ZERO and digits.startswith("0"):
        digits, lengths = digits[1:], _without(lengths, 1)
    if len(digits) != _MOBILE or digits[0] != "1" or digits[1] not in "3456789" or lengths not in _GROUPINGS:
        return None
    if digits in scan.office.lines:
        return None
    official = re.search(
        r"(?:举报|监督|咨询|服务|值班|投诉)(?:手机|电话|热线|专线)[：:为是\s]{0,3}$", scan.before(start, 14)
    )
    level = Level.MINOR if official else None
    return Hit(rule="privacy.mobile", start=start, end=end, suggestion=masked_mobile(digits), level=level)


def _without(lengths: tuple[int, ...], count: int) -> tuple[int, ...]:
    first, *rest = lengths
    return tuple(rest) if first == count else (first - count, *rest)


def _is_dotted(scan: Scan, start: int, end: int, lengths: tuple[int, ...]) -> bool:
    """Whether it is a row of figures and no number: decimals, thousands, or parts joined by a comma or a slash."""
    if len(lengths) == 1:
        return False
    piece = scan.half[start:end]
    if "," in piece:
        return True
    return "." in piece and (
        bool(re.search(r"[^\d.Xx]", piece))
        or max(lengths) <= _GROUP_SHORT < len(set(lengths))
        or min(lengths) < _GROUP_LONG <= max(lengths)
    )


def _born(digits: str) -> bool:
    try:
        born = date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return _BORN_FIRST <= born.year <= _BORN_LAST


def _checks(digits: str) -> bool:
    """GB 11643: the eighteenth sign follows from the others."""
    if not digits[:17].isdigit():
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == digits[17].upper()


def _luhn(digits: str) -> bool:
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if index % 2 else 1)
        total += value - _NINE if value > _NINE else value
    return total % 10 == 0 and len(set(digits)) > _SAME_MOST


_LANDLINE = Sought(
    re.compile(
        r"(?<![\d\-])(?:\+?86[ \-]?)?[(（]?(0(?:10|2\d|[3-9]\d{2}))[)）]?[ \t\-\u2010-\u2015－_·.—]{0,3}"
        r"([2-9]\d{2,3}[ \-]{0,2}\d{4})(?!\d)(?:[ \-转]{1,3}\d{1,5}(?!\d))?"
    ),
    "0０",
)
_LOCAL = Sought(
    re.compile(r"(?:电话|座机|固话|家电|宅电)(?:号码|号)?[：:是为\s]{0,3}([2-9]\d{2,3}[ \-]?\d{4})(?![\d])"), "电座固"
)


def _landlines(scan: Scan) -> Iterator[Hit]:
    for pattern in (_LANDLINE, _LOCAL):
        for match in pattern.over(scan, scan.half):
            start, end = match.span(0 if pattern is _LANDLINE else 1)
            digits = re.sub(r"\D", "", match[0] if pattern is _LANDLINE else match[1])
            if digits in scan.office.lines or digits[-8:] in scan.office.lines or digits[-7:] in scan.office.lines:
                continue
            if scan.shield.touches(start, end, NUMBERS) or _OF_THINGS.search(scan.half[max(0, start - 16) : start]):
                continue
            before = scan.before(start, 24)
            level = None
            if _PRIVATE.search(before) or _HOME.match(scan.after(end, 12)):
                level = Level.SEVERE
            elif _OFFICIAL.search(before) or _OFFICIAL.search(scan.around(start)):
                level = Level.HINT
            yield Hit(
                rule="privacy.landline",
                start=start,
                end=end,
                suggestion=masked_landline(scan.text[start:end]),
                level=level,
            )


_PASSPORT = re.compile(
    r"(?<![A-Za-z0-9])(?:[EeGgDdSsPpKk][A-Za-z]?[ ]?\d{7,8}|[HhMmCcWwTtLl][A-Za-z]?[ ]?\d{7,10}|"
    r"\d{2}[Rr][A-Za-z]{2}\d{5}|[A-Z]{1,2}\d{6,9})(?![A-Za-z0-9])",
)
_LETTER = re.compile("[A-Za-zＡ-Ｚａ-ｚ]")
_TRAVEL = re.compile(r"护照|通行证|台胞证|回乡证|居留|旅行证|签证")


def _papers(scan: Scan) -> Iterator[Hit]:
    if _LETTER.search(scan.text) is None:
        return
    for match in _PASSPORT.finditer(scan.half):
        start, end = match.span()
        known = _TRAVEL.search(scan.before(start, 24))
        if not known and not re.fullmatch(r"[EG]\d{8}|E[A-H]\d{7}", match[0]):
            continue
        if _OF_THINGS.search(scan.half[max(0, start - 16) : start]) or scan.shield.touches(start, end, NUMBERS):
            continue
        level = None if known else Level.MINOR
        yield Hit(
            rule="privacy.passport",
            start=start,
            end=end,
            suggestion=match[0][:2] + "*" * (len(match[0]) - 4) + match[0][-2:],
            level=level,
        )


_PLATE = Sought(
    re.compile(
        r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ ]?[A-HJ-NP-Za-hj-np-z][ ]?[·•・.\-— ]?[ ]?(?=[A-Za-z]{0,5}\d)"
        r"[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
    ),
    "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼",
)


def _plates(scan: Scan) -> Iterator[Hit]:
    for match in _PLATE.over(scan, scan.letters):
        code = re.sub(r"[^A-Za-z0-9挂学警港澳]", "", match[0][1:])
        if (
            len(code) in (6, 7)
            and sum(letter.isdigit() for letter in code) >= _IN_CODE
            and not scan.shield.touches(*match.span(), NUMBERS)
        ):
            plate = match[0]
            yield Hit(
                rule="privacy.plate",
                start=match.start(),
                end=match.end(),
                suggestion=plate[0] + code[0] + "*" * (len(code) - 2) + code[-1],
            )


_AT = Sought(re.compile(r"@|＠|\[at\]|\(at\)|（at）|#at#", re.IGNORECASE), "@＠at")
_LEFT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+\-]{0,63}\s?$")
_RIGHT = re.compile(r"\s?[A-Za-z0-9\-]{1,63}(?:\s?(?:\.|．|。|\[dot\])\s?[A-Za-z0-9\-]{2,20}){1,4}")
_PUBLIC_MAIL = re.compile(r"(?:gov|court|court\.gov|org|edu)\.cn$|gov\.|court", re.IGNORECASE)
_MAIL_FOR_ALL = re.compile(r"举报|投稿|监督|咨询|报名|投诉|公共|官方|邮箱：|电子邮箱|征集|意见|反馈|采购")


def _mails(scan: Scan) -> Iterator[Hit]:
    text = scan.letters
    for at in _AT.over(scan, text):
        left = _LEFT.search(text[max(0, at.start() - 65) : at.start()])
        right = _RIGHT.match(text, at.end())
        if left is None or right is None:
            continue
        start, end = at.start() - len(left[0]), right.end()
        if _PUBLIC_MAIL.search(right[0]) or scan.shield.touches(start, end, frozenset({"tag", "key", "code"})):
            continue
        level = Level.MINOR if _MAIL_FOR_ALL.search(scan.before(start, 24)) else None
        name = left[0].strip()
        yield Hit(
            rule="privacy.email", start=start, end=end, suggestion=f"{name[:1]}***@{right[0].strip()}", level=level
        )


_MESSENGER = Sought(
    re.compile(
        r"(?:微\s?信|[Ww]e[Cc]hat|[Vv]\s?信|威信|薇信|(?<![A-Za-z])[Vv][Xx]|(?<![A-Za-z])[Ww][Xx])(?:账号|"
        r"帐号|号码|同号|同步|号|[Ii][Dd])?(?:[（(](?:同号|同手机号?|手机同号)[）)])?(?:[：:\s]{1,3}|[为是]|[（(]|，)?\s?(?P<wx>[A-Za-z][A-Za-z0-9_\-]{5,19}|"
        r"1[3-9]\d{9}|[1-9]\d{5,10})(?![A-Za-z0-9])"
        r"|(?:[Qq]{2}|扣扣|企鹅)(?:账号|帐号|群号|号码|号|群)?(?:[：:\s]{1,3}|[为是]|[（(])?\s?(?P<qq>[1-9]\d{4,10})(?!\d)"
    ),
    "微信威薇WwVvQq扣企ＷｗＶｖＱｑ",
)
_PUBLIC_ACCOUNT = re.compile(r"公众|官方|本院|法院|搜索|关注|政务|服务号|订阅号|小程序|视频号")


def _messengers(scan: Scan) -> Iterator[Hit]:
    for match in _MESSENGER.over(scan, scan.letters):
        group = "wx" if match["wx"] else "qq"
        start, end = match.span(group)
        before = scan.before(match.start(), 10)
        if scan.shield.touches(start, end, NUMBERS) or (
            _PUBLIC_ACCOUNT.search(before) and not before.endswith(("个人", "私人", "本人", "法官", "加"))
        ):
            continue
        name = match[group]
        yield Hit(
            rule="privacy.wechat" if group == "wx" else "privacy.qq",
            start=start,
            end=end,
            suggestion=name[:2] + "*" * max(3, len(name) - 4) + name[-2:],
        )


def masked_id(digits: str) -> str:
    """Two and three signs are kept."""
    return digits[:2] + "*" * (len(digits) - 5) + digits[-3:]


def masked_mobile(digits: str) -> str:
    """As 138****1234."""
    return digits[:3] + "****" + digits[-4:]


def masked_card(digits: str) -> str:
    """The first four and the last four are kept."""
    return digits[:4] + "*" * (len(digits) - 8) + digits[-4:]


def masked_landline(written: str) -> str:
    """The area's code and the last two digits are kept."""
    digits = [index for index, letter in enumerate(written) if letter.isdigit()]
    hidden = set(digits[-7:-2])
    return "".join("*" if index in hidden else letter for index, letter in enumerate(written))
