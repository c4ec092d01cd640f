"""An address that was asked for once, and what came of it: an answer, or why there is none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Visited:
    """An answer that arrived whole. ``address`` is where it came from, redirects followed; ``headers`` by small names."""

    address: str
    status: int
    text: str = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    #: How long the server asks to be left alone.
    retry_after: timedelta | None = None


class UnvisitedError(Exception):
    """There is no answer. ``words`` is a sentence without a full stop; ``passes``: it may be over soon by itself."""

    def __init__(self, words: str, *, passes: bool) -> None:
        super().__init__(words)
        self.words, self.passes = words, passes


#: Asks for an address once. Raises UnvisitedError.
Visit = Callable[[str], Visited]
