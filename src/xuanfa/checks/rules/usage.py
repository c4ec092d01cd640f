"""Wording that a table cannot hold: regions listed as countries, labels of where people come from, 的 for 地, office's own name."""

from collections.abc import Iterator
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.shield import WORDS
from xuanfa.domain.checking import Level

#: What is longer than this is told by the name within it. Characters.
_LONG_PIECE: Final = 14
#: So many slips of one sort are told, not more.
_TOLD_MOST: Final = 5

_COUNTRY = re.compile(
    r"(?:美国|英国|法国|德国|日本|韩国|俄罗斯|加拿大|澳大利亚|新加坡|马来西亚|泰国|越南|印度|"
    r"意大利|西班牙|巴西|印度尼西亚|印尼|菲律宾|缅甸|老挝|柬埔寨|蒙古|哈萨克斯坦|新西兰|荷兰|"
    r"瑞士|瑞典|中国)"
).pattern
_REGION = re.compile(r"(?:中国)?(?:香港|澳门|台湾|港澳台|港澳)(?:地区|特别行政区|特区)?").pattern
_LISTED = re.compile(
    rf"(?:(?:{_COUNTRY}|{_REGION})(?:、|和|及|与|以及)){{1,12}}(?:{_COUNTRY}|{_REGION})(?P<end>等?(?:\d+|"
    rf"[一二三四五六七八九十几多数]+)?(?:多)?个?(?:国家|国)(?!和地区|与地区|及地区|、地区|或地区|"
    rf"家和地区|（地区|家（地区))"
)
_NAMED = re.compile("(?:中国)?(?:港澳台|港澳|台湾|香港|澳门)")
_ABROAD = re.compile(
    rf"(?:出国|国外|境外国家|外国|海外国家)(?:包括|如|（|\(|，如)?(?:含)?(?:{_REGION})|(?:{_REGION})(?:和|及|与|、|等)(?:其他|其它|别的)(?:外国|国家)"
)
_PLACES = re.compile(
    r"(?:河南|东北|安徽|新疆|湖北|四川|福建|广西|江西|湖南|山东|河北|贵州|甘肃|陕西|广东|浙江|"
    r"温州|潮汕|莆田|上海|北京|天津|云南|海南|黑龙江|吉林|辽宁|内蒙古|宁夏|青海|西藏|山西|江苏|"
    r"外地|农村|维族|藏族|回族|蒙古族|彝族|苗族|维吾尔族)"
).pattern
_LABEL = Sought(
    re.compile(
        rf"{_PLACES}(?:人都是|籍|人)?(?:小偷|骗子|扒手|黑社会|窃贼|毒贩|盗窃团伙|诈骗团伙|流氓|无赖|混混|老赖|劳改犯|打手|人贩子|帮匪|黑帮|黑恶势力团伙|刁民|佬|盲流)"
    ),
    "偷骗扒社贼毒团氓赖混犯手贩匪民佬流帮",
)
_ADVERB = Sought(
    re.compile(
        r"(?:认真|积极|深入|充分|不断|及时|有效|扎实|切实|大力|努力|耐心|主动|热情|严肃|迅速|顺利|"
        r"圆满|深刻|准确|仔细|反复|坚决|自觉|妥善|公正|高效|有序|稳步|广泛|细致|真诚)的(?=开展|推进|"
        r"学习|落实|完成|履行|做好|贯彻|讲解|解答|倾听|参与|执行|化解|处理|审理|调解|维护|保障|宣传|"
        r"听取|配合|提升|提高|开庭|办理|核对|查看|询问|记录|解决|参加|推动|遵守|接受|投入)"
    ),
    "的",
)
_WAY = Sought(
    re.compile(
        r"(?:做|办|干|讲|学|写|管|抓|执行|完成|处理|进展|落实|表现|准备|回答)的(?=很|非常|十分|更|不够|好不好|怎么样|比较)"
    ),
    "的",
)


def detect(scan: Scan) -> Iterator[Hit]:
    """The wordings above."""
    for hit in (*_regions(scan), *_labels(scan), *_particles(scan), *_own_name(scan)):
        if not scan.shield.touches(hit.start, hit.end, WORDS):
            yield hit


def _regions(scan: Scan) -> Iterator[Hit]:
    if not any(name in scan.text for name in ("台湾", "香港", "澳门", "港澳")):
        return
    for match in _LISTED.finditer(scan.text):
        if re.search("香港|澳门|台湾|港澳", match[0]):
            named = next(_NAMED.finditer(match[0]))
            start = match.start() + named.start() if match.end() - match.start() > _LONG_PIECE else match.start()
            yield Hit(rule="hmt.list", start=start, end=match.end(), suggestion="等国家和地区")
    for match in _ABROAD.finditer(scan.text):
        yield Hit(rule="hmt.list", start=match.start(), end=match.end(), suggestion="港澳台地区")


def _labels(scan: Scan) -> Iterator[Hit]:
    for match in _LABEL.over(scan, scan.text):
        yield Hit(rule="outdated.origin", start=match.start(), end=match.end())


def _particles(scan: Scan) -> Iterator[Hit]:
    for pattern, right in ((_ADVERB, "地"), (_WAY, "得")):
        for match in pattern.over(scan, scan.text):
            yield Hit(rule="typo.particle", start=match.start(), end=match.end(), suggestion=match[0][:-1] + right)


def _own_name(scan: Scan) -> Iterator[Hit]:
    """The office's own name without 市, 区 or 县, or without 人民."""
    name = scan.office.name
    for wrong in dict.fromkeys(name.replace(part, "", 1) for part in ("市", "区", "县", "人民") if part in name[1:]):
        if len(wrong) >= _TOLD_MOST:
            at = scan.text.find(wrong)
            while at >= 0:
                yield Hit(rule="office.title", start=at, end=at + len(wrong), suggestion=name, level=Level.MINOR)
                at = scan.text.find(wrong, at + 1)
