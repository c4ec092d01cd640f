"""Widths and scripts: full-width letters and digits, blanks between Chinese characters, and traditional characters where simplified is set."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import HALF, Scan, Sought
from xuanfa.checks.rules.shield import FORM
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

#: A line with more blanks is set apart by them.
_BLANKS_MOST: Final = 2

_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ]+(?:[．，：][０-９]+)*[％]?")
_HALF_KATAKANA = re.compile(r"[\uff61-\uff9f]+")
_BLANK = Sought(re.compile(r"(?<=[\u4e00-\u9fff])[ \u3000\xa0]{1,2}(?=[\u4e00-\u9fff])"), " \u3000\xa0")
#: A headline's two halves, and a slogan's in quotation marks, are parted by a blank.
_HEADLINE = re.compile(r"[^。；，,;]{4,40}")
_SLOGAN = re.compile(r"[“《][^”》\n]{2,24}[ \u3000][^”》\n]{2,24}[”》]")
_QUOTED = frozenset({"quote", "title"})
#: Official copy has no blanks around figures. Markdown's marks of lists and dates in front matter are none.
_BESIDE = Sought(
    re.compile(
        r"(?<=[\u4e00-\u9fff])([ \xa0]{1,2})\d{1,12}(?:[.,:]\d{1,12})?%?[ \xa0]{0,2}(?=[\u4e00-\u9fff，。、；])|"
        r"(?<=\d)([ \xa0]{1,2})(?=[件年月日人名号个次条万亿元热%][\u4e00-\u9fff，。、；\d])"
    ),
    " \xa0",
    "0123456789",
)
_SIGNS = re.compile(r"[＠＃＄＆＊＋＝／＼｜＜＞］［｛｝＿]+|％")
#: A name of two characters is set as wide as one of three; lists and signatures are laid out by blanks.
_NAME_BLANK = re.compile(r"(?:^|[\s：、，（])[\u4e00-\u9fff][ \u3000]{1,2}[\u4e00-\u9fff](?:$|[\s、，。）])")
#: In headlines one blank is the customary pause between two halves: 清晨六点出发 集中执行兑现民生权益.
_HALF = re.compile(r"[\u4e00-\u9fff“”《》、，]{4}")
_TITLE_KEY = ("title:", "subtitle:")
#: 王磊 摄, and the like.
_CREDIT = re.compile(r"(?:摄|文|图|供图|摄影|整理|通讯员|记者|编辑)(?=[\s，。、）/]|$)")
#: Lines of the front matter whose blanks are their author's: titles are set, and a time is written 5日 下午3点.
_HEAD_LINES = ("title:", "subtitle:", "publish_at:", "expires_at:", "retract_at:", "review_on:")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]+")


def detect(scan: Scan) -> Iterator[Hit]:
    """What has another width or script than the text around it."""
    for hit in (*_wide(scan), *_blanks(scan), *_traditional(scan)):
        if not scan.shield.touches(hit.start, hit.end, FORM):
            yield hit


def _wide(scan: Scan) -> Iterator[Hit]:
    for match in _WIDE.finditer(scan.text):
        half = match[0].translate(HALF)
        yield Hit(rule="width.letters", start=match.start(), end=match.end(), suggestion=half, fix=half)
    for pattern in (_HALF_KATAKANA, _SIGNS):
        for match in pattern.finditer(scan.text):
            if not _WIDE.match(scan.text, max(0, match.start() - 1)):
                yield Hit(
                    rule="width.signs",
                    start=match.start(),
                    end=match.end(),
                    suggestion=match[0].translate(HALF),
                    level=Level.HINT,
                )
    for match in _INVISIBLE.finditer(scan.text):
        yield Hit(rule="width.invisible", start=match.start(), end=match.end(), fix="")


def _blanks(scan: Scan) -> Iterator[Hit]:
    for match in _BLANK.over(scan, scan.text):
        if _CREDIT.match(scan.text, match.end()):
            continue
        line = scan.before(match.start(), 40) + match[0] + scan.after(match.end(), 40)
        is_title = scan.part == "title" or line.lstrip().startswith(_TITLE_KEY)
        if is_title and len(match[0]) == 1 and _is_pause(scan, match):
            continue
        is_laid_out = (
            is_title
            or scan.part in ("author", "caption")
            or line.lstrip().startswith(_HEAD_LINES)
            or len(re.findall(r"[ \u3000]", line)) > _BLANKS_MOST
            or _NAME_BLANK.search(scan.text[max(0, match.start() - 2) : match.end() + 2])
            or _HEADLINE.fullmatch(line.strip(" \t\u3000#*“”"))
            or scan.shield.touches(match.start() - 1, match.end() + 1, _QUOTED)
            or _SLOGAN.search(line, 0, len(scan.before(match.start(), 40)) + 30)
        )
        yield Hit(rule="width.blank", start=match.start(), end=match.end(), level=Level.HINT if is_laid_out else None)
    for match in _BESIDE.over(scan, scan.text):
        start, end = match.span(match.lastindex or 0)
        yield Hit(rule="width.blank", start=start, end=end, level=Level.HINT)


def _is_pause(scan: Scan, match: re.Match[str]) -> bool:
    """Whether a blank parts two halves of a headline, each of some words."""
    before = scan.text[max(0, match.start() - 4) : match.start()]
    return _HALF.fullmatch(before) is not None and _HALF.match(scan.text, match.end()) is not None


@cache
def _table() -> tuple[re.Pattern[str], dict[str, str]]:
    pairs: dict[str, str] = {}
    for _, cells in rows_of("traditional"):
        traditional, simplified = cells[0], cells[1]
        pairs.update(zip(traditional, simplified, strict=True))
    return re.compile(f"[{''.join(pairs)}]"), pairs


def _traditional(scan: Scan) -> Iterator[Hit]:
    pattern, pairs = _table()
    for match in pattern.finditer(scan.text):
        yield Hit(rule="width.traditional", start=match.start(), end=match.end(), suggestion=pairs[match[0]])
