"""The problems of one post, each put where its author finds it."""

from xuanfa.content.frontmatter import FrontMatter
from xuanfa.domain.errors import ContentError, Place


class Report:
    """Collects problems of the file ``shown_as``."""

    def __init__(self, shown_as: str) -> None:
        self.problems: list[ContentError] = []
        self.matter = FrontMatter()
        self.shown_as = shown_as

    def add(self, message: str, *keys: str) -> None:
        """A problem of the key at ``keys`` of the front matter."""
        self.at(self.matter.line(keys), message)

    def at(self, line: int, message: str) -> None:
        """A problem in a line, counted from one in the whole file."""
        self.problems.append(ContentError(message, Place(self.shown_as, line)))
