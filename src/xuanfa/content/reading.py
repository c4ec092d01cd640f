"""From bytes to a validated post, with every problem at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from xuanfa.content.media import MediaStore
from xuanfa.content.sources import decode
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.post import Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What was read. ``post`` is ``None`` where there are problems; ``notices`` are shown and stop nothing. All have file and line."""

    post: Post | None
    problems: tuple[ContentError, ...]
    notices: tuple[ContentError, ...]
    #: The pictures that it is made of, as they were before they were read: name from the post's folder, size in bytes, time of change in
    #: nanoseconds.
    parts: tuple[tuple[str, int, int], ...] = ()
    #: Whether nothing is wrong but that there is no text yet.
    is_draft: bool = False


def read_post(
    source: bytes,
    *,
    path: Path,
    shown_as: str,
    zone: tzinfo,
    columns: Mapping[str, Column],
    media: MediaStore,
    slug: str = "",
) -> Reading:
    """The post in ``source``, the bytes of the file ``path``, which people know as ``shown_as`` (``posts/….md``).

    Naive times are in ``zone``. Its pictures are kept in ``media``. ``slug`` is the one by which the file is known already, whatever its
    name is now. Never raises for what a file holds: problems are collected.
    """
    try:
        decoded = decode(source, shown_as)
    except ContentError as error:
        return Reading(post=None, problems=(error,), notices=())
    # The parsers are heavy, and needed only where a file really changed.
    from xuanfa.content import markdown  # noqa: PLC0415
    from xuanfa.content.assembly import Assembly  # noqa: PLC0415

    notices = (ContentError(decoded.notice, Place(shown_as)),) if decoded.notice else ()
    assembly = Assembly(path=path, shown_as=shown_as, zone=zone, columns=columns, media=media, slug=slug)
    try:
        post = assembly.read(decoded.text)
    finally:
        markdown.forget()
    problems = tuple(sorted(assembly.problems, key=_line))
    told = (*notices, *sorted(assembly.notices, key=_line))
    parts = tuple((name, *facts) for name, facts in sorted(assembly.parts.items()))
    return Reading(
        post=None if problems else post,
        problems=problems,
        notices=told,
        parts=parts,
        is_draft=assembly.is_empty and len(problems) == 1,
    )


def _line(told: ContentError) -> int:
    return (told.place.line or 0) if told.place else 0
