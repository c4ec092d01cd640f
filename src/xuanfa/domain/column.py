"""A column (专栏): an editorial series with its channels and its timetable."""

from dataclasses import dataclass, field
from typing import Final, Literal

from xuanfa.domain.post import Post
from xuanfa.domain.timetable import Timetable

#: What a column of notices is called, where the settings do not say what it is.
_NOTICES: Final = ("公告", "公示", "通知", "通告", "公报", "名单")


def holds_notices(form: str, title: str) -> bool:
    """Whether a column holds notices: as it is set, else as its title says."""
    return form == "notices" or (not form and any(word in title for word in _NOTICES))


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """The office that publishes. The site's three values are those of 国办发〔2017〕47号, annex 网页设计规范."""

    name: str = ""
    site_name: str = ""
    site_domain: str = ""
    site_id_code: str = ""
    #: Those who are to send something in: whoever has sent nothing is named (零报送).
    departments: tuple[str, ...] = ()
    #: The people who are to send posts in, as they are named in ``author``.
    authors: tuple[str, ...] = ()

    def wrote(self, post: Post) -> bool:
        """Whether a post is the office's own (原创): it names no source (转载), or the office itself as its source."""
        return post.source is None or (bool(self.name) and post.source.name.strip() == self.name.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column as it is configured. ``channels`` are ids in the order in which they are shown."""

    id: str
    title: str
    campaign: str = ""
    description: str = ""
    #: How lists of its posts look; empty leaves it to the title (公告, 通知 and the like are notices).
    form: Literal["", "stories", "notices"] = ""
    channels: tuple[str, ...] = ()
    timetable: Timetable = field(default_factory=Timetable)
    #: The id of the review template for its posts, or ``none``; empty: what ``[review]`` says.
    review: str = ""
