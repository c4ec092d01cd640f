"""What a channel or its supervisors ask of a post besides its words: links, pictures, maps, use of AI, reposts, and titles that end in the air.

Some of it only a post's source tells (front matter, Markdown); that is looked at as a whole. Limits of lengths are the channel's own
(``checks/limits``), and come as findings of the same class.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlsplit

from xuanfa.checks.rules import regex as re
from xuanfa.checks.rules.model import Hit
from xuanfa.checks.rules.scan import Scan, Sought
from xuanfa.checks.rules.table import rows_of
from xuanfa.domain.checking import Level

_ADDRESS = Sought(
    re.compile(r"(?:https?://|www\.)[A-Za-z0-9\-._~:/?#\[\]@!$&'*+,;=%]{1,2000}", re.IGNORECASE), "/wW", ":."
)
_BARE = Sought(
    re.compile(
        r"(?<![A-Za-z0-9@./\-])(?:[A-Za-z0-9\-]{1,40}\.){1,3}(?:com|cn|net|me|ly|im|co|so|ru|tk|top|vip)/[A-Za-z0-9]{2,40}"
    ),
    ".",
    "/",
)
_COMMAND = re.compile(
    r"[￥$€₤¥][A-Za-z0-9]{8,14}[￥$€₤¥]|复制(?:这段|此|本)?(?:口令|淘口令)|打开(?:淘宝|手机淘宝|拼多多|京东)(?:即可|APP)?(?:购买|下单|领券)?"
)
_PICTURE = re.compile(
    r"!\[(?P<alt>[^\[\]\n]{0,500})\]\((?P<target><[^<>\n]{0,500}>|[^()\s\n]{0,500})(?:[ \t]+[^()\n]{0,500})?\)"
)
_CREDIT = re.compile(
    r"摄影?[：:）)]|摄$|[/／\s]摄|供图|图源|图片来源|图片由|制图|绘图|版权|资料图|图[：:/／]|摄于", re.MULTILINE
)
_MAP = re.compile(r"地图|区划图|政区图|版图|国界|疆域图|区位示意图|\bmap\b", re.IGNORECASE)
_MAP_NUMBER = re.compile(r"审图号[：:]?\s?[A-Za-z\u4e00-\u9fff]{0,6}\s?[（(]\d{4}[）)]\s?\d{1,6}号")
_GENERATED = re.compile(
    r"(?:AI|ＡＩ|人工智能|大模型|豆包|文心一言|通义千问|DeepSeek|ChatGPT|Kimi|即梦|可灵|Midjourney|Stable Diffusion)[^，。；\n]{0,8}"
    r"(?:生成|绘制|创作|制作|撰写|写作|合成|配音)|(?:作为|我是)一?个?(?:AI|人工智能)(?:语言)?(?:模型|助手)|以下是(?:为您|为你|根据您的要求)[^，。；\n]{0,12}(?:生成|撰写|整理)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:本文|内容|图片|配图|视频|音频|封面|以上)?[^，。；\n]{0,6}(?:由)?(?:AI|人工智能)(?:辅助)?(?:生成|合成)",
    re.IGNORECASE,
)
#: Texts about the matter, which are no use of it.
_ABOUT_AI = re.compile(r"办法|规定|诈骗|换脸|案件|法院认为|判决|警惕|防范|谣言|标识|著作权|侵权|治理|纠纷|原告|被告")
_REPOSTED = re.compile(
    r"(?:转自|转载自|转载于|文章来源|稿件来源|来源)[：:]\s?(?P<name>[^\s，。；|/）)]{2,30})|(?:转自|转载自)(?P<plain>[\u4e00-\u9fff]{2,20})"
)
_KEY = re.compile(r"^(?P<inner>[ \t]+)?(?P<key>[\w\u4e00-\u9fff]{1,30}):[ \t]*(?P<value>[^\n]*)$", re.MULTILINE)
#: Keys of front matter that people may write in Chinese.
_NAMES: Final = {"标题": "title", "来源": "source", "转载来源": "source", "使用AI": "ai", "人工智能": "ai"}


@dataclass(frozen=True, slots=True)
class _Value:
    text: str
    start: int
    end: int


def detect(scan: Scan) -> Iterator[Hit]:
    """Links that an office does not publish."""
    shops, short = _hosts()
    for sought in (_ADDRESS, _BARE):
        for match in sought.over(scan, scan.text):
            host = _host(match[0])
            rule = (
                "channel.shop" if _is_of(host, shops)
                else "channel.short" if _is_of(host, short)
                else "channel.host" if _is_of(host, scan.office.hosts)
                else ""
            )  # fmt: skip
            if rule:
                yield Hit(rule=rule, start=match.start(), end=match.end(), values={"host": host})
    for match in _COMMAND.finditer(scan.text):
        yield Hit(rule="channel.shop", start=match.start(), end=match.end(), values={"host": match[0]})


@cache
def _hosts() -> tuple[frozenset[str], frozenset[str]]:
    found: dict[str, set[str]] = {"shop": set(), "short": set()}
    for head, cells in rows_of("hosts"):
        found[head["kind"]].update(cells)
    return frozenset(found["shop"]), frozenset(found["short"])


def _host(address: str) -> str:
    try:
        return (urlsplit(address if "//" in address else f"//{address}").hostname or "").lower()
    except ValueError:
        return ""


def _is_of(host: str, hosts: frozenset[str]) -> bool:
    """Whether a host is one of these, or lies below one."""
    parts = host.split(".")
    return any(".".join(parts[index:]) in hosts for index in range(len(parts) - 1))


def of_post(scan: Scan) -> Iterator[Hit]:
    """What the source of a post says and leaves out, looked at as a whole."""
    end = scan.text.find("\n---", 3) if scan.text.startswith("---") else -1
    keys = _keys(scan.text[:end]) if end > 0 else {}
    start = end + 4 if end > 0 else 0
    yield from _pictures(scan, keys, start)
    yield from _use_of_ai(scan, keys, start)
    yield from _repost(scan, keys, start)


def _keys(head: str) -> dict[str, _Value]:
    """The keys of front matter, those that stand within one as ``source.url``."""
    found: dict[str, _Value] = {}
    outer = ""
    for match in _KEY.finditer(head):
        name = _NAMES.get(match["key"], match["key"])
        outer, name = (outer, f"{outer}.{name}") if match["inner"] else (name, name)
        text = match["value"].strip().strip("\"'")
        found[name] = _Value(text, match.start("key"), match.end())
        for inner, value in re.findall(r"(\w{1,20}):\s*([^,{}]{1,300})", text) if text.startswith("{") else ():
            found[f"{name}.{inner}"] = _Value(value.strip().strip("\"'"), match.start("key"), match.end())
    return found


def _pictures(scan: Scan, keys: Mapping[str, _Value], start: int) -> Iterator[Hit]:
    text = scan.text
    decoration = keys["decoration"].text if "decoration" in keys else ""
    pictures = list(_PICTURE.finditer(text, start))
    is_numbered = "map_number" in keys or _MAP_NUMBER.search(text, start) is not None
    for match in pictures:
        name = match["target"].strip("<>")
        if not match["alt"].strip() and name.rpartition("/")[2] not in decoration:
            yield Hit(rule="channel.alt", start=match.start(), end=match.end(), values={"name": name})
        if not is_numbered and (_MAP.search(match["alt"]) or _MAP.search(name)):
            yield Hit(rule="channel.map", start=match.start(), end=match.end(), values={"name": name})
    if pictures and not keys.get("licence", _Value("", 0, 0)).text and not _CREDIT.search(text, start):
        first = pictures[0]
        start, end = first.span("target")  # another piece than that of a picture without words
        yield Hit(rule="channel.licence", start=start, end=end, values={"name": first["target"]})


def _use_of_ai(scan: Scan, keys: Mapping[str, _Value], start: int) -> Iterator[Hit]:
    told = keys.get("ai")
    if told is not None and told.text.lower() in ("generated", "生成"):
        if not _LABEL.search(scan.text, start):
            # Text and pictures are labelled where they are rendered; what is left for people is the declaration.
            yield Hit(rule="channel.ai_label", start=told.start, end=told.end)
        return
    if told is not None and told.text.lower() in ("assisted", "辅助"):
        return
    for match in _GENERATED.finditer(scan.text, start):
        if not _ABOUT_AI.search(scan.around(*match.span())):
            yield Hit(rule="channel.ai", start=match.start(), end=match.end())


def _repost(scan: Scan, keys: Mapping[str, _Value], start: int) -> Iterator[Hit]:
    source, title = keys.get("source"), keys.get("title")
    if source is None:
        for match in _REPOSTED.finditer(scan.text, start):
            yield Hit(rule="channel.repost", start=match.start(), end=match.end(), values={"missing": "source"})
        return
    missing = [
        name
        for name, there in (
            ("name", "source.name" in keys or (source.text and not source.text.startswith("{"))),
            ("url", "source.url" in keys),
            ("title", "source.title" in keys),
        )
        if not there
    ]
    if missing:
        yield Hit(rule="channel.repost", start=source.start, end=source.end, values={"missing": "、".join(missing)})
    original = keys.get("source.title")
    if original is not None and title is not None and original.text != title.text and "title_change" not in keys:
        yield Hit(rule="channel.title_change", start=title.start, end=title.end, suggestion=original.text)


#: How heavy a finding of a channel's own check weighs here: what stops the channel is grave.
OF_CHECK: Final = {"block": Level.SEVERE, "warn": Level.MINOR, "note": Level.HINT}
