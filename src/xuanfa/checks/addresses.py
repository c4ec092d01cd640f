"""Every address inside a rendition: whether readers can follow it from where they stand.

A rendition may be a page, a message in JSON or Markdown, or plain text; what is looked at is what would be followed there: links and pictures
of HTML, links of Markdown, addresses in plain text, and the same in every text of a JSON message.
"""

import ipaddress
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from html import unescape
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from xuanfa.domain.attachment import attached
from xuanfa.domain.finding import Finding, Severity
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition, without_marks
from xuanfa.domain.shown import clipped

_TAG = re.compile(r"<(?P<name>[a-zA-Z][a-zA-Z0-9]*)\b(?P<rest>[^<>]*)>")
_STYLE = re.compile(r"url\(\s{0,9}['\"]?([^'\"()]{1,2000})['\"]?\s{0,9}\)")
_VALUE = re.compile(
    r"(?<![\w-])(?P<name>href|src|srcset|poster|action|cite|background)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\s\"'>]+))",
    re.IGNORECASE,
)
_MARKDOWN = re.compile(r"(?P<mark>!?)\[[^\[\]]*\]\((?P<target><[^<>]*>|[^()\s]+)(?:\s[^()]*)?\)")
_PLAIN = re.compile(r"(?<![\w@])(?:https?|ftp|file)://[^\s<>\"'（）()，。；、！？《》“”\[\]{}|\\^`]*", re.IGNORECASE)
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
#: An adapter's own mark for a picture that is uploaded before the rendition leaves.
_TO_COME = re.compile(r"https://[\w.-]+\.invalid/")
#: How an address on a drive of Windows begins.
_DRIVE = re.compile(r"[a-zA-Z]:[\\/]")
_HTML = re.compile(r"<[a-zA-Z/!]")
#: What a reader's device can follow; the other known ones lead nowhere, or do something.
_FOLLOWED: Final = frozenset({"http", "https", "mailto", "tel", "sms", "ftp"})
_HARMFUL: Final = frozenset({"javascript", "vbscript", "file", "data", "blob"})
_SOURCES: Final = frozenset({"src", "srcset", "poster", "background"})
_TEMPLATE = re.compile(r"\{\{|\{%|\}\}|%7B%7B", re.IGNORECASE)
_BRACE = re.compile(r"[{}]|%7B|%7D|\$\w|<[^>]*>", re.IGNORECASE)
_NEAR: Final = ("localhost", "local", "lan", "internal", "intranet", "home.arpa", "localdomain")
#: So many findings of one rendition are told.
_TOLD_MAX: Final = 20
#: So many addresses of a closed network are named in one of them.
_SHOWN_MAX: Final = 5
#: The code of the finding about those.
_NEAR_CODE: Final = "body.private_address"


@dataclass(frozen=True, slots=True)
class Address:
    """An address as it stands in a rendition; ``is_picture`` is shown in place, anything else is followed."""

    text: str
    is_picture: bool = False


def check_addresses(rendition: Rendition, *, own_pages: bool = False, rehearsal: bool = False) -> tuple[Finding, ...]:
    """A finding for each address that leads nowhere. ``own_pages``: readers get it as pages of a folder, in which relative addresses lead
    somewhere. In a ``rehearsal`` practice addresses are right. What must not leave blocks; the rest is told and passes."""
    names = {picture.filename for picture in rendition.pictures} | {picture.source for picture in rendition.pictures}
    names |= {each.filename for each in attached(rendition.extra)}
    found: dict[str, Finding] = {}
    for address in addresses_in(rendition):
        if address.text in found:
            continue
        wrong = _judge(address, own_pages=own_pages, rehearsal=rehearsal, names=names)
        if wrong is not None:
            found[address.text] = wrong
    return tuple(_together(list(found.values())))[:_TOLD_MAX]


def _together(found: list[Finding]) -> Iterator[Finding]:
    """One finding for all addresses of a closed network, in the place of the first: they are mended in one go."""
    near = [finding for finding in found if finding.code == _NEAR_CODE]
    for finding in found:
        if finding.code != _NEAR_CODE or len(near) == 1:
            yield finding
        elif finding is near[0]:
            shown = [clipped(each.about, 120) for each in near[:_SHOWN_MAX]]
            more = say(" 等 {n} 个", " and others ({n} in all)", n=len(near)) if len(near) > _SHOWN_MAX else ""
            yield replace(
                finding,
                message=say(
                    "“{addresses}”{more}是内部网络的地址，外面的读者打不开。请换成公开的网址。",
                    "{addresses}{more} are addresses of a closed network, which readers outside cannot open. Use public ones.",
                    addresses=say("”“", ", ").join(shown),
                    more=more,
                ),
            )


def addresses_in(rendition: Rendition) -> Iterator[Address]:
    """What would be followed or shown, in order; our own marks, which are filled in when it leaves, are none."""
    if rendition.media_type == "application/json":
        try:
            yield from _in_data(json.loads(without_marks(rendition.body)))
        except (ValueError, RecursionError):
            yield from _in_text(without_marks(rendition.body))  # that it is no JSON is another check's
    else:
        yield from _in_text(
            without_marks(rendition.body), is_html=rendition.media_type in {"text/html", "application/xml"}
        )
    for text in (rendition.summary, *rendition.extra.values()):
        yield from _in_text(without_marks(text))


def _in_data(data: Any) -> Iterator[Address]:
    if isinstance(data, dict):
        for value in data.values():
            yield from _in_data(value)
    elif isinstance(data, list):
        for value in data:
            yield from _in_data(value)
    elif isinstance(data, str):
        yield from _in_text(data)


def _in_text(text: str, *, is_html: bool = False) -> Iterator[Address]:
    if is_html or _HTML.search(text):
        yield from _in_html(text)
        text = re.sub(r"<[^<>]*>", " ", text)
    # To look for the few characters that each pattern needs costs a hundredth of the pattern, and most texts have none of them.
    if not is_html and "](" in text:
        for link in _MARKDOWN.finditer(text):
            yield Address(link["target"].strip("<>"), is_picture=bool(link["mark"]))
        text = _MARKDOWN.sub(" ", text)
    text = unescape(text) if is_html else text
    if "://" in text:
        for plain in _PLAIN.finditer(text):
            yield Address(plain[0].rstrip(".,;:!?"))


def _in_html(html: str) -> Iterator[Address]:
    if "url(" in html:
        for style in _STYLE.finditer(html):
            yield Address(unescape(style[1]).strip(), is_picture=True)
    for tag in _TAG.finditer(html):
        for value in _VALUE.finditer(tag["rest"]):
            name, text = value["name"].lower(), unescape(value["double"] or value["single"] or value["bare"] or "")
            if name == "srcset":
                yield from (Address(part.split()[0], is_picture=True) for part in text.split(",") if part.split())
            elif name in _SOURCES or tag["name"].lower() != "form":
                yield Address(text.strip(), is_picture=name in _SOURCES)


def _judge(address: Address, *, own_pages: bool, rehearsal: bool, names: set[str]) -> Finding | None:
    text = address.text
    if text in names or (text.startswith("#") and len(text) > 1):
        return None
    if text.rpartition("/")[2] in names and _TO_COME.match(text):
        return None
    if _TEMPLATE.search(text):
        return _finding("placeholder", address, _PLACEHOLDER)
    scheme = None if _DRIVE.match(text) else _SCHEME.match(text)
    if scheme is None and not text.startswith("//"):
        return _relative(address, own_pages=own_pages, names=names)
    kind = scheme[1].lower() if scheme else "https"
    if kind in _HARMFUL and not (kind == "data" and text.lower().startswith("data:image/")):
        return _finding("address_harmful", address, _HARM)
    if kind not in _FOLLOWED:
        return (
            None
            if kind in {"data", "cid", "weixin", "dingtalk", "geo"}
            else _finding("dead_address", address, _DEAD, Severity.WARN)
        )
    if kind in {"mailto", "tel", "sms"}:
        is_empty = scheme is not None and not text[scheme.end() :].strip("/ ")
        return _finding("dead_address", address, _DEAD, Severity.WARN) if is_empty else None
    return _of_host(address, rehearsal=rehearsal)


def _relative(address: Address, *, own_pages: bool, names: set[str]) -> Finding | None:
    """An address without a host: of a file beside the post, or of nothing. A document that goes with the page is there."""
    if own_pages and unquote(address.text.rpartition("/")[2]) in names:
        return None
    path = address.text.partition("#")[0].partition("?")[0].lower()
    if own_pages and path and not path.endswith((".md", ".markdown", ".docx")) and "\\" not in path:
        return None
    return _finding("dead_address", address, _HOLE if address.is_picture else _DEAD, Severity.WARN)


def _of_host(address: Address, *, rehearsal: bool) -> Finding | None:
    try:
        parts = urlsplit(address.text)
        host, _ = (parts.hostname or "").rstrip(".").lower(), parts.port
    except ValueError:
        host = ""
    if not host or _BRACE.search(host):
        return _finding("dead_address", address, _DEAD, Severity.WARN)
    if host == "late.invalid" or host.endswith(".late.invalid"):
        return _finding("placeholder", address, _PLACEHOLDER)
    if host == "invalid" or host.endswith(".invalid"):
        return None if rehearsal else _finding("practice_address", address, _PRACTICE)
    if _is_near(host):
        return _finding("private_address", address, _PRIVATE, Severity.WARN)
    if _BRACE.search(address.text):
        return _finding("placeholder", address, _PLACEHOLDER, Severity.WARN)
    return None


def _is_near(host: str) -> bool:
    """Whether only machines of a closed network find the host."""
    try:
        return not ipaddress.ip_address(host.partition("%")[0]).is_global
    except ValueError:
        return "." not in host or any(host.endswith(f".{name}") for name in _NEAR)


_PLACEHOLDER = (
    "“{address}”是没有填上的占位，读者打不开。请写成真正的网址，模板里的请改模板。",
    "{address!r} is a placeholder that was not filled in. Write the real address; where a template has it, mend that.",
)
_HARM = (
    "“{address}”不是网页地址，只在作者自己的电脑上有用，或会在读者那里执行代码，不能发布。请换成 https:// 开头的网址，或删去。",
    "{address!r} is no page: it is a file of the author's own machine, or runs code at the reader's. Use an https:// address, or remove it.",
)
_DEAD = (
    "链接“{address}”读者打不开。请写成 https:// 开头的完整网址，或去掉链接。",
    "The link {address!r} leads nowhere for readers. Write the whole address, beginning with https://, or remove it.",
)
_HOLE = (
    "图片“{address}”在这个渠道上没有，读者看不到。请换成 https:// 地址，或去掉它。",
    "The picture {address!r} is not there on this channel, and readers do not see it. Use an https:// address, or remove it.",
)
_PRACTICE = (
    "“{address}”是演练用的地址，正式渠道的读者打不开。请把它所指的渠道转为正式，或去掉这个链接。",
    "{address!r} is an address of a rehearsal, and nobody can open it. Make the channel that it leads to a real one, or remove the link.",
)
_PRIVATE = (
    "“{address}”是内部网络的地址，外面的读者打不开。请换成公开的网址。",
    "{address!r} is an address of a closed network, which readers outside cannot open. Use a public one.",
)


def _finding(code: str, address: Address, words: tuple[str, str], severity: Severity = Severity.BLOCK) -> Finding:
    shown = clipped(address.text, 120)
    return Finding(
        code=f"body.{code}",
        message=say(*words, address=shown) if address.text else say(*_EMPTY),
        place="body",
        severity=severity,
        about=address.text,
    )


_EMPTY = (
    "有链接或图片没有写地址，读者打不开。请补上，或去掉。",
    "A link or a picture has no address. Write it, or remove it.",
)
