"""Publications of before this program, or beside it, as somebody brought them in: listed and counted apart from what it has proved itself."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from urllib.parse import parse_qs, urlsplit

from xuanfa.domain.language import say
from xuanfa.domain.page import bare
from xuanfa.domain.receipt import page_of

#: How origins begin; behind them stands the name of the file, or the host.
LIST, WORDPRESS, FEED = "import", "wordpress", "feed"
#: As long an origin as the database keeps. Characters.
ORIGIN_MAX: Final = 250
#: Where readers find articles of official accounts, and what of their long addresses names one: who shared it and how comes along behind it.
_WECHAT, _NAMES_ARTICLE = "mp.weixin.qq.com", ("__biz", "mid", "idx")


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A publication as its source tells of it. Column and channel are ids, with what they were called; a column may be empty.

    ``place`` is where in the source it stands, such as the number of a row.
    """

    title: str
    address: str | None
    published_at: datetime
    column: str
    column_title: str
    channel: str
    channel_title: str
    department: str = ""
    author: str = ""
    place: str = ""
    #: What no two of them share: the page, or where there is none channel, day and title.
    key: str

    @property
    def title_key(self) -> str:
        """What posts of one title share, however it is punctuated: they count as one post."""
        return title_key(self.title)


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """What somebody brought in at once. ``digest`` is the hash of the file; empty where it came from elsewhere."""

    id: int
    origin: str
    digest: str
    entries: int
    imported_at: datetime
    actor: str
    undone_at: datetime | None = None
    undone_by: str = ""


def origin_of(kind: str, name: str) -> str:
    """The origin of rows, as programs read it: ``import:2019.xlsx``, ``feed:www.example.gov.cn``."""
    return f"{kind}:{name}"[:ORIGIN_MAX]


def origin_in_words(origin: str) -> str:
    """The same for people."""
    kind, _, name = origin.partition(":")
    words = {
        LIST: ("导入：{name}", "imported: {name}"),
        WORDPRESS: ("导入：WordPress 网站 {name}", "imported: the WordPress site {name}"),
        FEED: ("导入：网站 {name}", "imported: the website {name}"),
    }.get(kind)
    return origin if words is None else say(*words, name=name)


def page_key(address: str) -> str:
    """What is the same for every spelling of the address of one page."""
    return _hash(f"page\n{_article_of(address) or page_of(address)}")


def row_key(channel: str, day: date, title: str) -> str:
    """The same for what has no address: one title goes out on one channel once a day."""
    return _hash(f"row\n{channel}\n{day.isoformat()}\n{bare(title)}")


def title_key(title: str) -> str:
    """The hash of a title without blanks, marks, width and case."""
    return _hash(f"title\n{bare(title) or title}")[:32]


def host_of(address: str) -> str:
    """The host of an address, as it is compared."""
    return (urlsplit(address.strip()).hostname or "").lower()


def _article_of(address: str) -> str:
    """The article that a long address of an official account names; empty for any other address."""
    parts = urlsplit(address.strip())
    if parts.hostname != _WECHAT or parts.path.rstrip("/") != "/s":
        return ""
    query = parse_qs(parts.query)
    named = [query.get(name, [""])[0] for name in _NAMES_ARTICLE]
    return f"{_WECHAT}/s?" + "&".join(named) if all(named) else ""


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
