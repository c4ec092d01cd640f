"""Numbers in the wrong script: two scripts in one number, digits in set words, Chinese calendars and named days (GB/T 15835-2011, 4.1 to 5.1)."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import FORM

_N: Final = "一二三四五六七八九"
#: Half-width or not: the signs that a line has are those of its text.
_DIGITS: Final = "0123456789０１２３４５６７８９"
_COUNTED: Final = re.compile(
    "(?:名|人|个|件|次|户|份|起|家|场|天|年|元|万元|岁|亩|公里|条|篇|项|期|日|月|小时)"
).pattern
_RULES: Final = (
    (
        "number.script",
        Sought(
            re.compile(r"(?:星期|礼拜)[1-7](?!\d)|(?<![每\d一两三几近满整])周[1-6](?=[上下]午|早|晚|至|到|[，。（、])"),
            "期拜周",
        ),
    ),
    (
        "number.script",
        Sought(
            re.compile(
                rf"(?<![{_N}十百期周第月之\d])[{_N}十]{{1,3}}(?:至|到|—|－|-)\d{{1,3}}(?=[日天年月个件人名岁万])|"
                rf"(?<![\d.第年月])\d{{1,3}}(?:至|到|—|－|-)[{_N}十]{{1,3}}(?=[日天年月个件人名岁万])"
            ),
            "至到—－-",
        ),
    ),
    (
        "number.script",
        Sought(
            re.compile(
                rf"第[{_N}十百]{{1,4}}[零0〇]?\d{{1,2}}[{_N}十]{{0,2}}(?=[条次届名章款期批])|第\d{{1,3}}[十百][{_N}十]{{0,3}}(?=[条次届名章款期批])|"
                rf"十[1-9]五(?=规划|时期|[”’])|十[{_N}]5(?=规划|时期)|1[3-5]\.5规划"
            ),
            "第十1",
        ),
    ),
    (
        "number.script",
        Sought(
            re.compile(
                r"(?<!\d)[12]审(?=[法判裁程终改阶，。、均])|第1(?=时间|责任人|要务|书记|把手)|(?<![\d.第])1(?:次性|站式|方面(?!军)|视同仁|如既往|心一意|心1意|分为二|体化|把手|丝不苟|网通办|盘棋|揽子|国两制)|"
                r"(?<![\d“])1对1(?!\d)|(?:另|进|同|每)1(?=方面|步|起案|名干警|个环节)"
            ),
            "1２2",
        ),
    ),
    (
        "number.script",
        Sought(
            re.compile(
                r"(?:正月|腊月|冬月|农历\d{0,2}[一二三四五六七八九十]{0,2}月|大年)(?:初)?\d{1,2}日?|农历\d{1,2}月(?:初?[一二三四五六七八九十]{1,3})?"
            ),
            "月年",
            _DIGITS,
        ),
    ),
    ("number.decade", Sought(re.compile(rf"[{_N}]0年代"), "代")),
    ("number.meeting", Sought(re.compile(rf"(?<!\d)[12]\d届[{_N}]中全会"), "届")),
    (
        "number.zero",
        Sought(
            re.compile(rf"[两二一]千(?:零[{_N}十]{{1,3}}|九百[{_N}十]{{1,3}})年(?=[{_N}十\d年初以底末第，。])"), "千"
        ),
    ),
    (
        "number.about",
        Sought(re.compile(rf"[\d十百千万](?:多|余){_COUNTED}(?:以上|左右|上下|之多)"), "多余", "上左之"),
    ),
    (
        "number.about",
        Sought(
            re.compile(
                rf"(?:至少|最少|最低|不少于|不低于|起码)[\u4e00-\u9fff]{{0,3}}?[\d{_N}十百千万]{{1,8}}{_COUNTED}以上|"
                rf"(?:至多|最多|不超过|不多于)[\u4e00-\u9fff]{{0,3}}?[\d{_N}十百千万]{{1,8}}{_COUNTED}(?:以下|以内)"
            ),
            "少低多过码",
            "以",
        ),
    ),
    (
        "number.times",
        Sought(re.compile(r"(?:减少|降低|下降|缩短|缩小)了?(?:近|约|将近|超过?)[\d一两二三四五]{1,3}倍"), "倍"),
    ),
    (
        "number.thousands",
        Sought(re.compile(r"(?<![\d.第])\d{1,4}[百千](?:余|多)(?=[万件人名元个户份次起亩场])"), "百千", "余多"),
    ),
    (
        "number.some",
        Sought(
            re.compile(r"(?:几|(?<![人次件户总指参分票岁个计少])数)10{1,3}(?=[余多]?(?:名|人|件|起|个|次|万元|户|份))"),
            "几数",
        ),
    ),
    (
        "number.neighbours",
        Sought(
            re.compile(
                rf"[1-8](?<![\d、.第（][1-8])、(?:(?<=1、)2|(?<=2、)3|(?<=3、)4|(?<=4、)5|(?<=5、)6|(?<=6、)7|(?<=7、)8|(?<=8、)9)0{{1,3}}(?=[余多]?(?:件|名|人|个|次|元|户|岁|天))|(?<![{_N}、（第十])三、五(?=天|年|个|人|次|日|家)"
            ),
            "、",
            "0０五",
        ),
    ),
    (
        "number.span",
        Sought(
            re.compile(
                r"(?<![\d.\-/A-Za-z第〕）])\d{1,4}-\d{1,4}(?=[天日年月个件人名岁次万元小分%％])|\d[%％]-\d{1,3}(?:\.\d{1,2})?[%％]"
            ),
            "-",
        ),
    ),
    ("number.clock", Sought(re.compile(r"(?<![\d:：])\d{1,2}[:：]\d{2}[点时](?!间|长)"), "点时")),
    (
        "number.named_day",
        Sought(
            re.compile(
                r"\d(?<![\d.·]\d)\d?\.\d{1,2}[”’]?(?:国家|全国|国际|世界|中国)?(?=宪法日|宪法宣传|青年节|禁毒日|公祭日|劳动节|消防日|运动|事变|惨案|地震|普法|交通安全日|读书日)|"
                r"\d(?<![“‘\d.·]\d)\d?[·•]\d{1,2}(?=(?:国家|全国|国际|世界|中国)?(?:宪法日|宪法宣传|青年节|禁毒日|公祭日|劳动节|消防日|运动|事变|惨案|普法))|"
                r"(?:“?一二九”?运动|“?一一九”?消防|“?一二一三”?公祭)"
            ),
            ".·•一",
            "日节运变案震普宪",
        ),
    ),
    (
        "number.short_year",
        Sought(
            re.compile(
                r"(?<![\d近前后第达共满约长历超经用了过〔（(\-—.])(?:[012]\d)年(?=全年|上半年|下半年|第?[一二三四]季度|度(?![过假日]))"
            ),
            "年",
        ),
    ),
)


#: Those that a text without digits may have.
_IN_WORDS: Final = tuple(
    (rule, sought)
    for rule, sought in _RULES
    if rule in ("number.zero", "number.about", "number.times", "number.neighbours", "number.named_day")
)


def detect(scan: Scan) -> Iterator[Hit]:
    """Such numbers."""
    closed = scan.closed
    rules = _RULES if scan.has_digits else _IN_WORDS
    for rule, sought in [each for each in rules if not each[1].needs & closed]:
        for match in sought.over(scan, scan.letters):
            if not scan.shield.touches(*match.span(), FORM):
                yield Hit(rule=rule, start=match.start(), end=match.end())
