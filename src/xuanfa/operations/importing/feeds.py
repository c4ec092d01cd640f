"""Feeds and maps of sites: RSS (0.9x, 1.0, 2.0), Atom (RFC 4287), sitemaps and their indexes (sitemaps.org), with Google's tags for news.

A map has addresses and no titles: of these, each page is asked for its own tags (``tags``), and what is no article is left out.
"""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import Final
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

from xuanfa.documents.office.markup import MarkupError, pieces
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_iso, from_mail
from xuanfa.domain.page import shown_text
from xuanfa.domain.receipt import is_address
from xuanfa.domain.times import TimeProblem, parse_day_or_time
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.found import Found, Span
from xuanfa.operations.importing.patience import Patient
from xuanfa.operations.importing.tags import tags_of

#: So many maps, and pages of one feed, are followed; so much of one is read. Bytes.
_FOLLOWED_MAX: Final = 2_000
_TEXT_MAX: Final = 60_000_000
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?(rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_DECLARED: Final = re.compile(r"^\s*<\?xml[^>]*\?>")
#: How deep the entries lie below each root.
_DEPTHS: Final = {"rss": 2, "rdf": 1, "feed": 1, "urlset": 1, "sitemapindex": 1}
_ENTRIES: Final = {"rss": "item", "rdf": "item", "feed": "entry", "urlset": "url", "sitemapindex": "sitemap"}
#: So often whoever waits hears how far it is.
_TOLD_EVERY: Final = 100


@dataclass(slots=True)
class _Read:
    """One document: its entries, and where it goes on."""

    root: str
    entries: list[Element] = field(default_factory=list)
    further: list[str] = field(default_factory=list)


def in_feed(desk: Desk, patient: Patient, address: str, span: Span, notes: list[str]) -> Iterator[Found]:
    """Every publication that a feed or a map of a site tells of. Raises ContentError for what is none."""
    waiting, seen, pages = [address], {address}, 0
    skipped = 0
    while waiting:
        place = waiting.pop(0)
        read = _read(place, patient.page(place).text)
        for further in read.further:
            if further not in seen and len(seen) < _FOLLOWED_MAX:
                seen.add(further)
                waiting.append(further)
        for entry in read.entries:
            found = _from_map(entry, desk.zone) if read.root == "urlset" else _from_feed(entry, place, desk.zone)
            if found.title or not found.address:
                yield found
                continue
            if found.when is not None and not span.has(desk, found.when):
                skipped += 1  # changed last before these days: published before them, too
                continue
            pages += 1
            if pages > span.most:
                raise _too_many_pages(place, span.most)
            article = _from_page(patient, found.address, desk.zone)
            if article is None:
                skipped += 1
                continue
            yield article
            if pages % _TOLD_EVERY == 0:
                patient.tell(say("已读 {count} 页。", "{count} pages read.", count=pages))
    if skipped:
        notes.append(
            say(
                "{count} 个网址已打不开、不像文章（没有发布日期的标记），或不在这段日子里，没有算。",
                "{count} addresses are gone, no articles (no tag says when they were published), or outside of these days, and were left out.",
                count=skipped,
            )
        )


def _read(address: str, text: str) -> _Read:
    root = _ROOT.search(text[:5_000])
    if root is None:
        raise ContentError(
            say(
                "{address} 不是 RSS、Atom 或站点地图。请核对网址（常见的是 /feed/、/rss.xml、/sitemap.xml）。",
                "{address} is no RSS, Atom or sitemap. Check the address (often /feed/, /rss.xml or /sitemap.xml).",
                address=address,
            )
        )
    read = _Read(root[1].lower())
    plain = io.BytesIO(_DECLARED.sub("", text, count=1).encode("utf-8", "replace"))
    try:
        for piece in pieces(plain, _TEXT_MAX, _DEPTHS[read.root]):
            if piece.tag == _ENTRIES[read.root]:
                _take(read, piece, address)
            elif piece.tag == "link" and piece.get("rel") == "next" and piece.get("href"):
                read.further.append(urljoin(address, piece.get("href", "")))
    except MarkupError as error:
        raise ContentError(
            say(
                "{address} 的内容坏了，读不下去，没有导入。",
                "{address} is damaged and cannot be read; nothing was imported.",
                address=address,
            )
        ) from error
    return read


def _take(read: _Read, piece: Element, address: str) -> None:
    if read.root == "sitemapindex":
        place = urljoin(address, _text(piece, "loc"))
        if is_address(place):
            read.further.append(place)
        return
    read.entries.append(piece)


def _from_feed(entry: Element, address: str, zone: tzinfo) -> Found:
    when, why = _when(entry, ("pubDate", "published", "date", "issued", "updated", "modified"), zone)
    author = entry.find("author")
    name = author.find("name") if author is not None else None
    creator = _text(entry, "creator") or (name.text if name is not None else _text(entry, "author")) or ""
    sorts = [(each.get("term") or each.text or "").strip() for each in entry.findall("category")]
    return Found(
        title=_plain(_text(entry, "title")),
        address=urljoin(address, _link(entry)),
        when=when,
        why=why,
        sorts=tuple(_plain(each) for each in sorts if each),
        author=_plain(creator),
    )


def _link(entry: Element) -> str:
    links = entry.findall("link")
    for each in links:
        if each.get("href") and each.get("rel", "alternate") == "alternate":
            return each.get("href", "").strip()
    written = next((each.text.strip() for each in links if each.text and each.text.strip()), "")
    guid = entry.find("guid")
    if not written and guid is not None and guid.get("isPermaLink", "true") != "false":
        return (guid.text or "").strip()
    return written


def _from_map(entry: Element, zone: tzinfo) -> Found:
    news = entry.find("news")
    if news is not None and _text(news, "title"):
        when, why = _when(news, ("publication_date",), zone)
        return Found(title=_plain(_text(news, "title")), address=_text(entry, "loc"), when=when, why=why)
    when, _ = _when(entry, ("lastmod",), zone)
    return Found(title="", address=_text(entry, "loc"), when=when)


def _from_page(patient: Patient, address: str, zone: tzinfo) -> Found | None:
    """The article at an address; ``None`` where the page does not say when it was published."""
    if not is_address(address):
        return None
    page = patient.get(address)
    if not 200 <= page.status < 300:  # noqa: PLR2004 - RFC 9110
        return None  # maps name pages that are gone
    tags = tags_of(page.text, zone)
    if tags.when is None or not tags.title:
        return None
    sorts = (tags.column,) if tags.column else ()
    return Found(title=tags.title, address=address, when=tags.when, sorts=sorts, author=tags.author, department="")


def _when(entry: Element, names: tuple[str, ...], zone: tzinfo) -> tuple[date | datetime | None, str]:
    """The time by the first of these names that is there; and why it cannot be read."""
    text = next((found for name in names if (found := _text(entry, name))), "")
    if not text:
        return None, ""
    moment = from_mail(text) or (from_iso(text, zone) if len(text) > _DAY else None)
    if moment is not None:
        return moment, ""
    try:
        return parse_day_or_time(text, zone), ""
    except TimeProblem as problem:
        return None, problem.args[0]


#: 2024-05-06, which is a day and no moment. Characters.
_DAY: Final = 10


def _text(entry: Element, name: str) -> str:
    found = entry.find(name)
    return "" if found is None else "".join(found.itertext()).strip()


def _plain(text: str) -> str:
    return " ".join(shown_text(text).split())


def _too_many_pages(address: str, most: int) -> ContentError:
    return ContentError(
        say(
            "{address} 要逐页打开的超过 {most} 页，没有导入。请按起止日期分段导入，或放宽条数上限。",
            "More than {most} pages of {address} would have to be opened, and nothing was imported. Part it by days, or allow "
            "more.",
            address=address,
            most=most,
        )
    )
