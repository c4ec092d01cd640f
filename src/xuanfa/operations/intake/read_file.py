"""What was read of one file, on its way into the database."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xuanfa.domain.person import Person
from xuanfa.operations.intake.inbox import InboxFile
from xuanfa.operations.intake.reading import Read
from xuanfa.store.posts import SeenFile

if TYPE_CHECKING:
    from xuanfa.domain.post import Post
    from xuanfa.operations.intake.render import Rendered


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read, on its way into the database: a post with what its channels get, or problems."""

    file: InboxFile
    digest: str
    read: Read
    seen: SeenFile | None = None
    #: How often reading these bytes has ended the process that read, this time included.
    crashes: int = 0
    #: Whether it could not be read at all, which says nothing about what is in it.
    is_out_of_reach: bool = False
    #: Whether it is read although nothing points to a change.
    is_asked_for: bool = False
    #: What made its renditions.
    making: str = ""
    #: The withdrawn post of which it is a corrected text under another name; empty where it is none.
    corrects: str = ""
    #: Who has said that they edited it.
    by: Person | None = None

    @property
    def post(self) -> "Post | None":
        """The post; ``None`` where there are problems."""
        return self.read.post

    @property
    def rendered(self) -> "dict[str, Rendered]":
        """What each channel gets, with its findings."""
        return self.read.rendered

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return self.read.problems

    @property
    def slug(self) -> str:
        """The name of the post; empty where there is none."""
        return "" if self.post is None else self.post.slug
