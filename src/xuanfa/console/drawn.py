"""What was drawn for somebody a moment ago, for the frames of the page that shows it: kept in this process, for few, and for that person alone."""

import secrets
from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Final

#: So many of them are kept.
_MOST: Final = 40


class Drawn:
    """Pages by a mark that only whoever they were drawn for knows."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[str, tuple[str, ...]]] = OrderedDict()
        self._guard = Lock()

    def put(self, name: str, pages: Sequence[str]) -> str:
        """Keep pages for a person; the mark by which they are asked for."""
        mark = secrets.token_urlsafe(12)
        with self._guard:
            self._kept[mark] = name, tuple(pages)
            while len(self._kept) > _MOST:
                self._kept.popitem(last=False)
        return mark

    def take(self, name: str, mark: str, number: int) -> str | None:
        """A page that was drawn for this person; ``None`` where there is none any more."""
        with self._guard:
            whose, pages = self._kept.get(mark, ("", ()))
        return pages[number] if whose == name and 0 <= number < len(pages) else None
