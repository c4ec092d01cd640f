"""Where each file of the site stands, and under which address readers find it."""

from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import quote, urlsplit

from xuanfa.adapters.shared.public import FOLDER

HOME = "index.html"
#: The one folder name that a column cannot have.
ASSETS = FOLDER.partition("/")[0]
#: What readers take away; a withdrawn one is gone at once, so that no browser keeps it as pictures are kept.
ATTACHMENTS = f"{ASSETS}/attachments"
#: How much of the hash begins the name of a picture or an attachment. Characters.
_HASH = 16
RSS, ATOM, JSON_FEED = "feed.xml", "atom.xml", "feed.json"
SITEMAP, SITEMAP_COLUMNS = "sitemap.xml", "sitemap-columns.xml"
NOT_FOUND, MAP, ROBOTS = "404.html", "map.html", "robots.txt"
#: Copied as they are (after the templates' own marks are filled in).
STYLE = "site.css"
FIXED_ASSETS = (STYLE, "site.js", "icon.svg")
#: A file name has at most 255 bytes on Linux; ``.html`` is added to a slug.
NAME_BYTES_MAX = 240


def article_path(column: str, slug: str) -> str:
    """The file of an article, from the site's folder."""
    return f"{column}/{slug}.html"


def column_path(column: str) -> str:
    """The file of a column's newest articles."""
    return f"{column}/index.html"


def archive_path(column: str, number: int) -> str:
    """The file of one page of older articles: a folder of its own, so that no slug can clash with it."""
    return f"{column}/page/{number}.html"


def picture_path(filename: str) -> str:
    """The file of a picture, or of an attachment; shared by all articles that show it."""
    return f"{ATTACHMENTS if is_attachment(filename) else FOLDER}/{filename}"


def is_attachment(filename: str) -> bool:
    """Whether this is the name of an attachment's file: words follow the hash."""
    return filename[_HASH : _HASH + 1] == "-"


def gone_path(path: str) -> str:
    """The marker of a retracted page: an empty file whose presence tells a web server to answer 410. No server shows dotted names."""
    return f".gone/{path}"


def sitemap_path(chunk: int) -> str:
    """The file of one part of the sitemap, counted from one."""
    return f"sitemap-{chunk}.xml"


def root_of(path: str) -> str:
    """The way from a file up to the site's folder, so that the site works under any path and from a disk: ``../``."""
    return "../" * path.count("/")


def encoded(path: str) -> str:
    """The path as it is written in a link: Chinese percent-encoded."""
    return quote(path)


def is_usable_name(name: str) -> bool:
    """Whether a slug or column id can be a file name on any machine and an address for any reader."""
    return (
        bool(name)
        and not name.startswith(".")
        and not any(c in '/\\:*?"<>|' or ord(c) < 32 or ord(c) == 127 for c in name)  # noqa: PLR2004 - control characters
        and len(name.encode()) <= NAME_BYTES_MAX
    )


def feed_id(base: str, day: date, name: str) -> str:
    """A name for the feeds that stays when the address changes: a tag URI (RFC 4151) of the host under which it first appeared, and the day.

    A host that is a number of IPv6 has no place in such a name; it is written as the name server has it.
    """
    host = urlsplit(base).hostname or ""
    authority = ip_address(host).reverse_pointer if ":" in host else host.encode("idna").decode()
    return f"tag:{authority},{day:%Y-%m-%d}:{encoded(name)}"


@dataclass(frozen=True, slots=True)
class Addresses:
    """Absolute addresses under ``base``, which has no slash at its end."""

    base: str

    def of(self, path: str) -> str:
        """The public address of a file; an ``index.html`` is called by its folder."""
        path = path.removesuffix("index.html") if path.rpartition("/")[2] == "index.html" else path
        return f"{self.base}/{encoded(path)}"

    @property
    def root(self) -> str:
        """The path of the site on its host with a slash at its end: for the 404 page, which is served at any depth."""
        return f"{urlsplit(self.base).path}/"
