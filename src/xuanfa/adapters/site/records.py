"""What the catalogue keeps: columns, articles, and the chores that are still to be done."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

#: Articles in one part of the sitemap: small, because the newest part is rewritten with every article.
CHUNK = 200


class Work(IntEnum):
    """What there is to do after a change, in the order in which it is done: what others refer to comes first.

    The numbers are kept in the catalogue: a new kind gets a new one.
    """

    FIXED = 1  #: stylesheet, script, icon, 404, map of the site, robots
    PLACE = 2  #: a staged file (subject) into its place (detail); pictures are named so that they come before the page
    GONE = (
        3  #: the plain page of an address without its article, and the marker by which servers know it: section, slug
    )
    ARCHIVE = 4  #: one page of older articles: section, number
    COLUMN = 5  #: the newest articles of a section
    HOME = 6
    FEEDS = 7
    SITEMAP = 8  #: one part: number
    SITEMAPS = 9  #: the index of the parts
    DISCARD = 10  #: a picture's file that no article may show any more
    FRAME = 11  #: what stands around an article: its slug


@dataclass(frozen=True, slots=True, order=True)
class Chore:
    """One thing to do; doing it twice changes nothing."""

    kind: Work
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A column as the list pages show it. ``last_seq`` is the number of its newest article, counted from one."""

    id: str
    title: str
    description: str
    campaign: str
    #: ``stories`` or ``notices``; empty leaves it to the title.
    form: str = ""
    last_seq: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article as the lists and feeds need it. ``html`` has absolute addresses; ``keywords`` are joined by commas.

    ``page_digest`` is of the page without its frame.
    """

    section: str
    slug: str
    key: str
    page_digest: str
    title: str
    summary: str
    html: str
    author: str
    department: str
    source: str
    keywords: str
    cover: str
    cover_alt: str
    published_at: datetime
    updated_at: datetime
    #: Names it in the feeds, whatever becomes of its address.
    feed_id: str = ""
    #: Small files of the cover, for the rows of lists and for the first article of the home page; empty in sites of before.
    thumbnail: str = ""
    lead: str = ""
    #: The slug of the article that this one corrects.
    corrects: str = ""
    id: int = 0
    seq: int = 0
    retracted: bool = False

    @property
    def chunk(self) -> int:
        """The part of the sitemap that lists it."""
        return (self.id - 1) // CHUNK + 1
