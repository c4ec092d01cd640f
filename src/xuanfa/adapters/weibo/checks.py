"""What is wrong with a rendition for Weibo before anyone sees it."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from xuanfa.adapters.weibo.compose import PICTURE
from xuanfa.adapters.weibo.text import TEXT_MAX, addresses, counted
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.length import Length
from xuanfa.domain.rendition import Rendition

#: Headline articles (platforms.md, Weibo headline articles). Characters.
TITLE_MAX, CONTENT_MAX, ARTICLE_TEXT_MAX = 32, 90_000, 1_900


def lengths_of_short_post(rendition: Rendition) -> Sequence[Length]:
    """How long it counts."""
    return [Length(what="", n=counted(rendition.body), most=TEXT_MAX)]


def lengths_of_article(rendition: Rendition) -> Sequence[Length]:
    """How long its title counts, its content, and the text before it."""
    before = counted(rendition.extra.get("text", ""))
    return [
        Length(what=say("文章标题", "article title"), n=len(rendition.title), most=TITLE_MAX),
        Length(what=say("文章", "article"), n=len(rendition.body), most=CONTENT_MAX),
        Length(what="", n=before, most=ARTICLE_TEXT_MAX),
    ]


def check_short_post(rendition: Rendition, safe_domain: str) -> Sequence[Finding]:
    """140 characters, an address of the bound domain, a picture that fits."""
    if not rendition.title.strip() or not rendition.body.strip():
        return [_empty()]
    length = counted(rendition.body)
    findings = [_too_long("body", length, TEXT_MAX)] if length > TEXT_MAX else []
    findings += _check_address(rendition, safe_domain)
    for picture in rendition.pictures:
        if picture.media_type not in PICTURE.media_types or picture.size > (PICTURE.bytes_max or 0):
            text = say(
                "微博的图片要是 jpeg、png 或 gif，且小于 5 MB。请给稿件换一张封面。",
                "A picture for Weibo must be jpeg, png or gif and below 5 MB. Give the post another cover.",
            )
            findings.append(Finding(code="weibo.picture", message=text, place=picture.source))
    return findings


def check_article(rendition: Rendition, safe_domain: str) -> Sequence[Finding]:
    """Title, content, the text before it, and a public cover."""
    if not rendition.title.strip() or not rendition.body.strip():
        return [_empty()]
    text = rendition.extra.get("text", "")
    sizes = (
        ("title", len(rendition.title), TITLE_MAX),
        ("body", len(rendition.body), CONTENT_MAX),
        ("text", counted(text), ARTICLE_TEXT_MAX),
    )
    findings = [_too_long(place, size, most) for place, size, most in sizes if size > most]
    if not rendition.extra.get("cover"):
        message = say(
            "头条文章要有公开的封面图：请给稿件加封面并在渠道设置里写 pictures（网站图片的公开地址），或写 cover（默认封面的地址）。",
            "A headline article needs a public cover: give the post one and set pictures (where the site shows its pictures), "
            "or set cover (the address of a default one).",
        )
        findings.append(Finding(code="weibo.no_cover", message=message, place="cover"))
    if "<img" not in rendition.body and "<figure" in rendition.body:
        message = say(
            "正文的图片没有公开地址，文章里不会有图。请在渠道设置里写 pictures。",
            "The pictures of the text have no public address and are left out. Set pictures in the channel's settings.",
        )
        findings.append(Finding(code="weibo.no_pictures", message=message, place="body", severity=Severity.WARN))
    return findings


def _check_address(rendition: Rendition, safe_domain: str) -> list[Finding]:
    """The platform refuses a text without an address of the bound domain. One that is late-bound is the operator's affair: see below."""
    found = addresses(rendition.body)
    if rendition.extra.get("link") in found:
        return []
    if any(of_domain(address, safe_domain) for address in found):
        return []
    message = say(
        "微博正文必须有{domain}的网址，这篇没有。请让稿件也发往网站渠道，或在本渠道的 text 里写上该网址。",
        "A Weibo text must hold an address of {domain}, and this one does not. Send the post to the site too, or write the address into "
        "this channel's text.",
        domain=safe_domain or say("应用所绑定安全域名", "the domain bound to the application"),
    )
    return [Finding(code="weibo.no_address", message=message, place="body")]


def outside_domain(rendition: Rendition, safe_domain: str) -> Finding | None:
    """The site's own address is not of the bound domain: no post could be sent, so the settings are wrong and not the post."""
    link = rendition.extra.get("link", "")
    if not link or of_domain(link, safe_domain):
        return None
    message = say(
        "网站地址 {host} 不在微博应用绑定的安全域名 {domain} 之下，微博会拒收。"
        "请核对网站渠道的 base_url、本渠道的 safe_domain 和 open.weibo.com 上的绑定，再恢复渠道。",
        "The site's address {host} is not under {domain}, which is bound to the application, so Weibo would refuse it. Check the site's "
        "base_url, this channel's safe_domain and the binding on open.weibo.com, then resume the channel.",
        host=urlsplit(link).hostname or link,
        domain=safe_domain,
    )
    return Finding(code="weibo.outside_domain", message=message)


def of_domain(address: str, domain: str) -> bool:
    """Whether the address is of the domain or below it; every address is, where none is named."""
    host = urlsplit(address).hostname or ""
    return not domain or host == domain or host.endswith(f".{domain}")


def _empty() -> Finding:
    text = say("微博没有标题或正文。请给稿件写上。", "The post has no title or no text. Write them.")
    return Finding(code="weibo.empty", message=text, place="body")


def _too_long(place: str, size: int, most: int) -> Finding:
    message = say(
        "微博的{place}有 {size} 字，最多 {most} 字（网址按 11 字计），请删去 {over} 字；可在稿件 channels 下为本渠道另写。",
        "The {place} for Weibo has {size} characters, at most {most} are allowed (an address counts 11): cut {over}, or write a shorter "
        "one for this channel under channels.",
        place={"title": say("标题", "title"), "text": say("导语", "lead")}.get(place, say("正文", "text")),
        size=size,
        most=most,
        over=size - most,
    )
    return Finding(code=f"weibo.{place}_too_long", message=message, place=place)
