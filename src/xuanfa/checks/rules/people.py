"""Full names of people in cases: beside 原告, 被告人, 被害人 and the like, beside a 案号, and in matters of families and of those under age.

A name is a surname and one or two characters, with a boundary behind it; 张某, companies and offices are none (法释〔2016〕19号 第8、9条).
"""

from collections.abc import Iterator
from functools import cache

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.letters import is_pair
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import NO_TEXT, Span
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: A given name of two characters; a full name has more than so many.
_GIVEN, _SHORT_NAME = 2, 2

#: Who people in cases are, as a pattern.
ROLES = re.compile(
    "原告人?|被告人(?!数)|被告(?!人|席|单位|方)|反诉原告|反诉被告|上诉人|被上诉人|申请人(?!民)|被申请人(?!民)|"
    "申请执行人|被执行人|第三人|被害人|受害人|受害者|被害女童|证人|"
    "犯罪嫌疑人|嫌疑人|法定代理人|委托代理人|委托诉讼代理人|诉讼代理人|监护人|当事人|罪犯|死者|伤者|自诉人|鉴定人|举报人|"
    "报案人|再审申请人|债务人|债权人|借款人|出借人|失信被执行人|家属|遗属|户主|患者|病人|感染者|吸毒人员|投诉人|信访人|来访人|检举人|控告人|揭发人"
).pattern
_ROLE = Sought(
    re.compile(
        rf"(?P<role>{ROLES})(?:[（(][^（()）\n]{{1,12}}[）)])?(?:一|二|甲|乙|系|为|是|名叫|叫|：|:|，|、|\s){{0,2}}(?=[\u4e00-\u9fff])"
    ),
    "告人者属主童犯员",
)
_KIN = Sought(
    re.compile(
        r"(?P<role>女儿|儿子|丈夫|妻子|小孩|孩子|学生|少年|女孩|男孩|男童|女童|之子|之女|婚生子|"
        r"婚生女|长子|次子|长女|次女|幼子|幼女|母亲|父亲|祖父|祖母|爷爷|奶奶|外婆|外公|其父|其母|"
        r"养子|养女|前妻|前夫|配偶|生父|生母|继父|继母|姐姐|妹妹|哥哥|弟弟|男方|女方|未成年人|小朋友)(?:[：:，、\s]|"
        r"叫|名叫){0,2}(?=[\u4e00-\u9fff])"
    ),
    "女子夫妻孩生年童母父爷奶婆公偶姐妹哥弟方友人",
)
_STRONG = "，。、；：？！（）()《》“”,;:\\s\\d/·—"
_FOLLOWS = (
    "的与和因诉向系男女犯等及均未已经曾在于到将被以为是称说对给借欠向从把与同之自驾酒无提申签购支返还偿拒表先后伙同某名下一二三四五六七八九十甲乙离婚抚养起要请不服涉贩盗抢诈伤杀死受承认主动"
    "居住现家陈辩反代理法应需可按依据有共分取持出入来去上下当其多明确非获得领工就读患遭使用通过利并且而"
)
_END = re.compile(rf"[{_STRONG}{_FOLLOWS}]|$")
_MARKED = re.compile(r"[某××*＊XxＸ○Ｏ]")
_BETWEEN = re.compile(r"(?:与|和|诉|及|、)")
#: 徐丽娟与丈夫, 孩子由秦海波抚养: the name of whoever is married, or brings up.
_SPOUSE = Sought(
    re.compile(
        r"(?:^|[，。；：、“\n])(?P<before>[\u4e00-\u9fff]{2,4}?)(?:与|和|同|跟)(?:其)?(?:丈夫|妻子|前夫|前妻|配偶|婆婆|公公|岳父|岳母)|"
        r"(?:由|随|跟随|归)(?P<after>[\u4e00-\u9fff]{2,3})(?:抚养|直接抚养|监护|共同生活|生活)|"
        r"(?:确定|判决|判令|约定|确认|同意|[，。：、])(?P<child>[\u4e00-\u9fff]{2,3})(?=(?:由|随|归)(?:男方|女方|母亲|父亲|原告|被告|其母|其父|双方|爷爷|奶奶|外婆|祖父母)[^，。]{0,6}(?:抚养|生活|监护))",
        re.MULTILINE,
    ),
    "夫妻偶婆公岳抚监活",
)
_MATTER = Sought(re.compile(r"离婚|抚养|婚姻|收养|监护|探望|赡养|继承|彩礼|同居|扶养"), "婚养护望礼居承")
_NOT_GIVEN = frozenset(
    "的了是在有和与或及等因将被向对为以于从到者们方应可能需要会已未不无其该此之所而且并但也都又再就才只很更最"
)
_OFFICIALS = re.compile(
    r"(?:法官|院长|庭长|审判长|审判员|书记员|检察官|检察长|律师|民警|局长|书记|主任|记者|通讯员|"
    r"代表|委员|陪审员|调解员|法警|干警|助理|主席|部长|教授|供稿|编辑|审核|摄影|校对)[：:、\s]{0,2}$"
)
_CASE_GAP = 40


@cache
def _names() -> tuple[str, str, tuple[str, ...], frozenset[str]]:
    clear, word = "", ""
    double: list[str] = []
    words: list[str] = []
    for head, cells in rows_of("surnames"):
        if head["kind"] == "clear":
            clear += cells[0]
        elif head["kind"] == "word":
            word += cells[0]
        elif head["kind"] in ("double", "words"):
            (double if head["kind"] == "double" else words).extend(cells)
    return clear, word, tuple(double), frozenset(words)


def name_at(text: str, start: int, *, strict: bool = False) -> int:
    """Where a full name that begins there ends; 0 where none does. ``strict``: only one that ends at a sign."""
    clear, word, double, words = _names()
    head = text[start : start + 2]
    if head in double:
        return _end_of(text, start, 2, (1, 2), words, strict=strict)
    if (
        start
        and text[start - 1] not in "人告者属犯"
        and is_pair(text[start - 1 : start + 1])
        and (head[:1] in word or is_pair(text[start + 1 : start + 3]))
    ):
        return 0  # the end of a word: 及时制止, 儿童工作
    if head[:1] in clear:
        return _end_of(text, start, 1, (2, 1), words, strict=strict)
    if head[:1] in word and not is_pair(head) and text[start + 1 : start + 3] not in _not_behind_a_word():
        end = _end_of(text, start, 1, (2, 1), words, strict=True)
        is_doing = any(letter in _NEVER_GIVEN for letter in text[start + 1 : end])
        return end if end and not is_doing and _WORD_END.match(text, end) else 0
    return 0


def _end_of(text: str, start: int, surname: int, sizes: tuple[int, ...], words: frozenset[str], *, strict: bool) -> int:
    if text[start : start + 2] in words and surname == 1:
        return 0
    for size in sizes:
        end = start + surname + size
        given = text[start + surname : end]
        if len(given) < size or any(not "\u4e00" <= letter <= "\u9fff" or letter in _NOT_GIVEN for letter in given):
            continue
        if (
            text[end - 1 : end + 1] in _BEGINS
            or _MARKED.search(given)
            or given in _NO_GIVEN
            or _MARKED.match(text, end)
        ):
            continue
        boundary = _STRONG_END.match(text, end) if strict or (surname == 1 and size == 1) else _END.match(text, end)
        if boundary:
            return end
    return _without_boundary(text, start, surname, strict=strict)


def _without_boundary(text: str, start: int, surname: int, *, strict: bool) -> int:
    """A surname that is nothing else, and two characters that no office's name goes on from: a name, whatever follows."""
    end = start + surname + 2
    given = text[start + surname : end]
    if strict or surname != 1 or len(given) < _GIVEN or not all("\u4e00" <= letter <= "\u9fff" for letter in given):
        return 0
    if (
        any(letter in _NOT_GIVEN or letter in _NEVER_GIVEN for letter in given)
        or given in _NO_GIVEN
        or _MARKED.search(given)
    ):
        return 0
    if text[end - 1 : end + 1] in _BEGINS or _MARKED.match(text, end):
        return start + surname + 1 if given[0] not in _NEVER_GIVEN else 0
    return 0 if _BODY.search(text, start, end + 10) else end


#: Characters that are hardly ever in a given name, and often begin what somebody does.
_NEVER_GIVEN = frozenset(
    "提诉称辩借欠还付给请求要不没说问答系因由至被把让使到去来出入上下起收交签订约违犯罪判决案件款元钱物房车"
)
_BODY = re.compile(
    r"公司|集团|银行|中心|工厂|商店|局|法院|学校|村|合作社|企业|医院|市|县|区|省|单位|事务所|超市|酒店|协会"
)


_STRONG_END = re.compile(
    rf"[{_STRONG}]|$|[的与和诉因系向男女犯在于到随述称将被以为未已曾经均应持驾酒借欠盗抢提申自辩拒之等及对给从把即才则所又再还也现原仍同由遭年证每经身当受死伤居婚]|涉嫌|分别|出庭|到庭|不服|要求|请求|变更|当庭|"
    r"名下|依法|离婚|支付|返还|赔偿|起诉|抚养|伤害|死亡|受伤|签订|就读|居住|出生|违法|认罪|承认|供述|陈述|主动|多次|先后|伙同|无证|醉酒|一案|二人|三人|两人|购买|使用|通过|利用|来到|领到|领取|表示|没有|不履行"
)
#: What ends a name whose surname is an everyday word: 原告向本院提出 is none.
_WORD_END = re.compile(
    rf"[{_STRONG}]|$|[与和诉犯男女系因]|已|不服|拒不|当庭|主动|辩称|诉称|到庭|出庭|名下|起诉|申请|表示|自愿"
)


@cache
def _not_behind_a_word() -> frozenset[str]:
    return frozenset(cell for head, cells in rows_of("surnames") if head["kind"] == "behind" for cell in cells)


#: Words that begin with what might be the last character of a name: 赵刚离婚 is 赵刚.
_BEGINS = frozenset(cell for head, cells in rows_of("surnames") if head["kind"] == "begins" for cell in cells)
_NO_GIVEN = frozenset(
    [
        "公司",
        "法院",
        "单位",
        "集团",
        "银行",
        "村委",
        "政府",
        "代理",
        "律师",
        "双方",
        "一方",
        "家属",
        "权利",
        "义务",
        "财产",
        "席位",
        "意见",
        "申请",
        "诉讼",
        "诉求",
        "请求",
        "主张",
        "证言",
        "证据",
        "人数",
        "信息",
        "利益",
        "责任",
        "行为",
        "身份",
        "资格",
        "地位",
        "人员",
        "名单",
        "姓名",
        "们的",
        "方面",
        "合法",
        "诉称",
        "辩称",
        "女士",
        "先生",
        "同志",
        "法官",
        "老师",
        "大爷",
        "大妈",
        "大姐",
        "大哥",
        "阿姨",
        "叔叔",
        "师傅",
        "老汉",
        "奶奶",
        "爷爷",
        "老板",
        "经理",
        "夫妇",
        "夫妻",
        "兄弟",
        "姐妹",
        "父子",
        "母女",
        "一家",
    ]
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Names of people in cases."""
    found: set[tuple[int, int]] = set()
    for hit in (*_beside_roles(scan), *_of_families(scan), *_beside_cases(scan)):
        if (hit.start, hit.end) not in found and not scan.shield.touches(hit.start, hit.end, _KEPT):
            found.add((hit.start, hit.end))
            yield hit


_KEPT = NO_TEXT | {"case", "document"}


def _beside_roles(scan: Scan) -> Iterator[Hit]:
    for match in _ROLE.over(scan, scan.text):
        at = match.end()
        role = match["role"]
        # 当事人, 家属 and the like stand before many words; only what ends at a sign is a name there.
        strict = role in {
            "当事人",
            "家属",
            "第三人",
            "监护人",
            "委托代理人",
            "委托诉讼代理人",
            "诉讼代理人",
            "患者",
            "病人",
        }
        for start, end in _row(scan.text, at, strict=strict):
            yield _named(scan, start, end, role)


def _row(text: str, at: int, *, strict: bool) -> Iterator[tuple[int, int]]:
    """The names that follow one another, joined by 、 or 和."""
    for _ in range(12):
        end = name_at(text, at, strict=strict)
        if not end:
            return
        yield at, end
        joined = re.compile(r"(?:、|和|与|及|，)").match(text, end)
        if joined is None:
            return
        at, strict = joined.end(), True


def _named(scan: Scan, start: int, end: int, role: str) -> Hit:
    guarded = (
        role
        in {
            "被害人",
            "受害人",
            "受害者",
            "被害女童",
            "证人",
            "举报人",
            "报案人",
            "法定代理人",
            "鉴定人",
            "患者",
            "病人",
            "感染者",
        }
        or scan.is_family
    )
    name = scan.text[start:end]
    return Hit(
        rule="privacy.party",
        start=start,
        end=end,
        suggestion=masked_name(name),
        level=Level.VETO if guarded else None,
        values={"role": role},
    )


def _of_families(scan: Scan) -> Iterator[Hit]:
    if not scan.is_family:
        return
    for match in _KIN.over(scan, scan.text):
        end = name_at(scan.text, match.end(), strict=True)
        if (end and match["role"] not in {"学生", "小朋友"}) or (end and scan.of_minors):
            yield Hit(
                rule="privacy.family",
                start=match.end(),
                end=end,
                suggestion=masked_name(scan.text[match.end() : end]),
                values={"role": match["role"]},
            )
    for match in _SPOUSE.over(scan, scan.text):
        start, end = match.span(match.lastgroup or 0)
        if name_at(scan.text, start) == end or name_at(scan.text[start:end], 0) == end - start:
            yield Hit(
                rule="privacy.family",
                start=start,
                end=end,
                suggestion=masked_name(scan.text[start:end]),
                values={"role": "当事人"},
            )
    for match in _MATTER.over(scan, scan.text):
        begin, stop = scan.sentence(match.start(), match.end())
        yield from _pairs(scan, max(begin, match.start() - 60), min(stop, match.end() + 60))
        yield from _beginning(scan, max(begin - 1, match.start() - 60, 0), match.end())


#: 许国强起诉要求离婚: whoever a clause begins with, and what they do in such a matter.
_CLAUSE = re.compile(r"(?:^|[，。；：“（\n])(?=[\u4e00-\u9fff])")
_DOES = re.compile(
    r"起诉|诉至|诉称|向[^，。；]{0,10}法院|要求|请求|与|和|因|同|不服|认为|婚后|离婚|再婚|提出|遂|的(?:妻子|丈夫|儿子|女儿|父亲|母亲|前妻|前夫)|多次|长期|常年|自愿|同意|放弃|每月|随"
)


def _beginning(scan: Scan, begin: int, stop: int) -> Iterator[Hit]:
    for match in _CLAUSE.finditer(scan.text, begin, stop):
        start = match.end()
        end = name_at(scan.text, start, strict=True) if scan.text[start] in _names()[0] else 0
        if end and end - start > _SHORT_NAME and _DOES.match(scan.text, end):
            yield Hit(
                rule="privacy.family",
                start=start,
                end=end,
                suggestion=masked_name(scan.text[start:end]),
                values={"role": "当事人"},
            )


def _pairs(scan: Scan, begin: int, stop: int) -> Iterator[Hit]:
    """X与X, X诉X: two names joined."""
    for joint in _BETWEEN.finditer(scan.text, begin, stop):
        after = name_at(scan.text, joint.end())
        if not after:
            continue
        for size in (3, 2, 4):
            start = joint.start() - size
            if start >= 0 and name_at(scan.text[start : joint.start()], 0) == size:
                if _OFFICIALS.search(scan.before(start, 8)):
                    break
                for one, two in ((start, joint.start()), (joint.end(), after)):
                    yield Hit(
                        rule="privacy.family",
                        start=one,
                        end=two,
                        suggestion=masked_name(scan.text[one:two]),
                        values={"role": "当事人"},
                    )
                break


def _beside_cases(scan: Scan) -> Iterator[Hit]:
    """A name in front of or behind a 案号: whoever has both finds the file."""
    for span in scan.shield.of("case"):
        yield from _near_case(scan, span)


def _near_case(scan: Scan, span: Span) -> Iterator[Hit]:
    begin, stop = scan.sentence(span.start, span.end)
    for at in range(max(begin, span.start - _CASE_GAP), span.start):
        before = scan.text[at - 1 : at]
        if (
            (at == begin or before in "，。、；：（(“ \n　诉与和")
            and (end := name_at(scan.text, at, strict=True))
            and end <= span.start
        ) and not _OFFICIALS.search(scan.before(at, 8)):
            yield Hit(rule="privacy.case", start=at, end=end, suggestion=masked_name(scan.text[at:end]))
    for at in range(span.end, min(stop, span.end + _CASE_GAP)):
        if (
            scan.text[at - 1 : at] in "号，：（(、“诉与和"
            and (end := name_at(scan.text, at))
            and not _OFFICIALS.search(scan.before(at, 8))
        ):
            yield Hit(rule="privacy.case", start=at, end=end, suggestion=masked_name(scan.text[at:end]))


def masked_name(name: str) -> str:
    """The surname and 某 (法释〔2016〕19号 第9条)."""
    _, _, double, _ = _names()
    return name[: 2 if name[:2] in double else 1] + "某"
