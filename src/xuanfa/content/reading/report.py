"""The problems of one post, and what its author should know, each put where it is found."""

from xuanfa.content.reading.frontmatter import FrontMatter
from xuanfa.domain.errors import ContentError, Place


class Report:
    """Collects problems of the file ``shown_as``."""

    def __init__(self, shown_as: str) -> None:
        self.problems: list[ContentError] = []
        self.notices: list[ContentError] = []
        self.matter = FrontMatter()
        self.shown_as = shown_as

    def add(self, message: str, *keys: str) -> None:
        """A problem of the key at ``keys`` of the front matter."""
        self.at(self.matter.line(keys), message)

    def at(self, line: int, message: str) -> None:
        """A problem in a line, counted from one in the whole file."""
        self.problems.append(ContentError(message, Place(self.shown_as, line)))

    def tell(self, line: int, message: str) -> None:
        """Something that stops nothing and that the author should know, in a line counted from one in the whole file."""
        self.notices.append(ContentError(message, Place(self.shown_as, line)))
