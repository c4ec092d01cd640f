"""What a page says of itself: its title, when it was published, by whom, under which column.

Chinese government sites carry these in tags of their own (ArticleTitle, PubDate, ContentSource, ColumnName, Author: 国办发〔2017〕47号), others
as Open Graph has them (``og:title``, ``article:published_time``).
"""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from html.parser import HTMLParser
from typing import Final

from xuanfa.domain.moments import from_iso
from xuanfa.domain.times import TimeProblem, parse_day_or_time

#: By the name of the tag, in small letters, the first that is there counts.
_TITLES: Final = ("articletitle", "og:title")
_DATES: Final = ("pubdate", "article:published_time", "publishdate", "og:release_date")
_COLUMNS: Final = ("columnname", "article:section")
_AUTHORS: Final = ("author", "article:author")
_META_MAX: Final = 500


@dataclass(frozen=True, slots=True)
class Tags:
    """What is said; empty where nothing is. ``when`` is ``None`` for what is no article."""

    title: str
    when: date | datetime | None
    column: str
    author: str


def tags_of(page: str, zone: tzinfo) -> Tags:
    """The tags of a page of HTML."""
    reader = _Reader()
    reader.feed(page)
    said = reader.said

    def first(names: tuple[str, ...]) -> str:
        return next((said[name] for name in names if said.get(name)), "")

    return Tags(
        title=first(_TITLES) or " ".join("".join(reader.title).split()),
        when=_moment(first(_DATES), zone),
        column=first(_COLUMNS),
        author=first(_AUTHORS),
    )


def _moment(text: str, zone: tzinfo) -> date | datetime | None:
    if not text:
        return None
    try:
        return parse_day_or_time(text, zone)
    except TimeProblem:
        return from_iso(text, zone)


class _Reader(HTMLParser):
    """Gathers ``meta`` and ``title``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.said: dict[str, str] = {}
        self.title: list[str] = []
        self._takes = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "title":
            self._takes = not self.title
        elif tag == "meta" and len(self.said) < _META_MAX:
            known = {name: value or "" for name, value in attrs}
            name = (known.get("name") or known.get("property", "")).strip().lower()
            content = " ".join(known.get("content", "").split())
            if name and content:
                self.said.setdefault(name, content)

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._takes = False

    def handle_data(self, data: str) -> None:
        if self._takes:
            self.title.append(data)
