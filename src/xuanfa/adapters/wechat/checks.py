"""What is wrong with an article before anyone sees it: size, forbidden parts, pictures that WeChat would drop."""

import re
from collections.abc import Iterator

from xuanfa.adapters.wechat.article import PICTURE, counted
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.rendition import Rendition

#: Characters of the finished HTML: refused from 20,000; inline styles triple a text quickly, hence the warning.
#: Source: platforms.md, WeChat drafts and WeChat articles.
CHARACTERS_MAX, CHARACTERS_WARN, BYTES_MAX = 20_000, 16_000, 1_000_000
AUTHOR_MAX, DIGEST_MAX, SOURCE_MAX, PICTURES_MAX = 16, 120, 1024, 20
_ELEMENT = re.compile(r'<(?P<tag>[a-zA-Z][\w-]*)(?P<values>(?:\s+[^\s=>]+(?:="[^"]*")?)*)\s*/?>')
_NAME = re.compile(r'\s([^\s=>]+)(?:="([^"]*)")?')
TAGS = frozenset(
    {
        *("section", "p", "span", "strong", "em", "blockquote", "ul", "ol", "li", "br", "hr", "img", "a"),
        *("h1", "h2", "h3", "h4", "table", "thead", "tbody", "tfoot", "tr", "th", "td"),
    }
)
ATTRIBUTES = frozenset({"style", "src", "alt", "href", "colspan", "rowspan", "start"})
#: Colours that dark mode loses, and layout that WeChat drops.
_LOST = re.compile(r"rgba?\(|hsla?\(|position:|display:\s*(?:grid|flex)|url\(|@media|var\(", re.IGNORECASE)


def lengths_of(rendition: Rendition, title_max: int) -> list[Length]:
    """Its title, its summary, and the text with its markup, which is what WeChat counts."""
    return [
        Length(what=say("标题", "title"), n=len(rendition.title), most=title_max),
        Length(what=say("摘要", "summary"), n=len(rendition.summary), most=DIGEST_MAX),
        Length(what=say("排版", "markup"), n=len(counted(rendition.body)), most=CHARACTERS_MAX - 1),
    ]


def check_message(rendition: Rendition) -> list[Finding]:
    """All that can be told before sending."""
    if not rendition.title.strip():
        return [
            Finding(
                code="wechat.no_title",
                place="title",
                message=say("没有标题。请写上标题（title）。", "There is no title. Write `title`."),
            )
        ]
    is_newspic = rendition.extra.get("type") == "newspic"
    if not rendition.body.strip():
        text = say("没有正文。请写上文字。", "There is no text. Write some.")
        return [Finding(code="wechat.empty", place="body", message=text)]
    return [*_sizes(rendition), *([] if is_newspic else _parts(rendition.body)), *_mark(rendition)]


def _sizes(rendition: Rendition) -> Iterator[Finding]:
    html = counted(rendition.body)
    if len(html) >= CHARACTERS_MAX or len(html.encode()) >= BYTES_MAX:
        yield Finding(
            code="wechat.body_too_long",
            place="body",
            message=say(
                "排版后的正文有 {n} 个字符，微信要求少于 {most}。请删减约 {over} 个字符，或把文章分成两篇。",
                "The finished text has {n} characters; WeChat takes fewer than {most}. Cut about {over}, or make it two posts.",
                n=len(html),
                most=CHARACTERS_MAX,
                over=max(len(html) - CHARACTERS_MAX + 1, 1),
            ),
        )
    elif len(html) >= CHARACTERS_WARN:
        yield Finding(
            code="wechat.body_long",
            place="body",
            severity=Severity.WARN,
            message=say(
                "排版后的正文有 {n} 个字符，接近微信 {most} 的上限。建议删减表格和代码。",
                "The finished text has {n} characters, near WeChat's limit of {most}. Consider shorter tables and code.",
                n=len(html),
                most=CHARACTERS_MAX,
            ),
        )
    for place, text, most in (
        ("author", rendition.extra.get("author", ""), AUTHOR_MAX),
        ("summary", rendition.summary, DIGEST_MAX),
    ):
        if len(text) > most:
            yield Finding(
                code=f"wechat.{place}_too_long",
                place=place,
                message=say(
                    "{what}有 {n} 个字，微信最多 {most} 个，请缩短。",
                    "The {what} has {n} characters, WeChat takes {most}: shorten it.",
                    what=say("作者", "author") if place == "author" else say("摘要", "summary"),
                    n=len(text),
                    most=most,
                ),
            )
    if rendition.extra.get("type") == "newspic" and len(rendition.pictures) > PICTURES_MAX:
        yield Finding(
            code="wechat.too_many_pictures",
            place="body",
            message=say(
                "图片消息最多 {most} 张图片，这里有 {n} 张。请删去一些，或把渠道的 newspic 设为 never。",
                "A picture message takes {most} pictures, here are {n}. Remove some, or set newspic = never.",
                most=PICTURES_MAX,
                n=len(rendition.pictures),
            ),
        )


def _parts(html: str) -> Iterator[Finding]:
    forbidden: dict[str, None] = {}
    for element in _ELEMENT.finditer(html):
        tag = element["tag"]
        if tag not in TAGS:
            forbidden[f"<{tag}>"] = None
        for name, value in _NAME.findall(element["values"]):
            if name not in ATTRIBUTES:
                forbidden[name] = None
            elif name == "style" and (lost := _LOST.search(value)):
                forbidden[lost[0].rstrip("(:")] = None
            elif name == "src" and not value.startswith(PICTURE):
                yield _outside(value)
    if forbidden:
        message = say(
            "排版里有微信会删掉的内容：{what}。请改 templates/wechat/ 里的模板或样式。",
            "The layout holds what WeChat removes: {what}. Change the templates or styles in templates/wechat/.",
            what=say("、", ", ").join(forbidden),
        )
        yield Finding(code="wechat.not_kept", place="body", message=message)


def _outside(address: str) -> Finding:
    message = say(
        "图片“{address}”不是本稿上传的图片，微信会把它删掉。请把图片存到稿件旁边再引用。",
        "The picture {address!r} is none of the post's own, and WeChat would drop it. Save it beside the post.",
        address=address[:120],
    )
    return Finding(code="wechat.outside_picture", place="body", message=message)


def _mark(rendition: Rendition) -> Iterator[Finding]:
    address = rendition.extra.get("source", "")
    if len(address.encode()) > SOURCE_MAX - 20:
        message = say("“阅读原文”的地址过长。请缩短网站地址。", "The address of the original is too long. Shorten it.")
        yield Finding(code="wechat.source_too_long", place="body", message=message)
    if not address:
        message = say(
            "稿件不发往网站，也没有设置 mark_address：万一发布结果不明，只能人工到公众平台核对。",
            "The post does not go to the site and mark_address is not set: if an answer is lost, only a person can look it up.",
        )
        yield Finding(code="wechat.no_mark", place="body", message=message, severity=Severity.WARN)
