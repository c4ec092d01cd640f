"""Files of posts that somebody looks at before, or besides, what the queue knows of them: what each says of its readers counts, too."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from xuanfa.domain.access import Veil
from xuanfa.domain.errors import StateError
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import require_may_read_file
from xuanfa.store import access


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Who looks: what is hidden from them, and what they may open with their reason once it is found to be closed."""

    veil: Veil
    #: Opens a post with the reason that was given: whether it is open then.
    open: Callable[[str], bool] = lambda _slug: False


class SaysReaders(Protocol):
    """What was read of a file, as far as it says who may read it."""

    @property
    def post(self) -> Post | None:
        """The post; ``None`` where something is wrong with it."""

    @property
    def access(self) -> tuple[str, ...]:
        """The list, as far as it could be read."""

    @property
    def is_restricted(self) -> bool:
        """Whether it says anything of the kind."""


def require_open(desk: Desk, shown_as: str, stem: str, reading: SaysReaders, look: Look) -> bool:
    """Whether the post of a file is restricted, by the file or by what is known of it. Raises StateError where it is hidden."""
    with desk.store.read() as connection:
        known = access.of_path(connection, shown_as)
        slug = known.slug if known else reading.post.slug if reading.post else stem
        known = known or access.of_slug(connection, slug)
        was_out = known is None and reading.post is not None and access.is_out_by_slug(connection, slug)
    if was_out or not (known or reading.is_restricted):
        return False
    try:
        require_may_read_file(look.veil, slug, reading.access, is_restricted=reading.is_restricted)
    except StateError:
        if not look.open(slug):
            raise
    return True
