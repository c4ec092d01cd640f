"""From bytes to a validated post, with every problem at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.beside import name_of
from xuanfa.content.reading.hidden import of_unseen
from xuanfa.content.reading.kinds import text_of
from xuanfa.content.text.unseen import without_unseen
from xuanfa.domain.column import Column
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
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
    #: Whether reading it once more finds the same as long as neither the file, nor ``parts``, nor the settings change.
    is_final: bool = True
    #: To whom it is open, as far as its file says so; and whether it says anything of the kind, however badly.
    access: tuple[str, ...] = ()
    is_restricted: bool = False
    #: The text of the file; empty where there is none to be had. Of a document, where each line comes from, as ``SourceText`` has it.
    text: str = ""
    places: tuple[int, ...] = ()


def read_post(
    source: bytes,
    *,
    path: Path,
    shown_as: str,
    zone: tzinfo,
    columns: Mapping[str, Column],
    media: MediaStore,
    slug: str = "",
    kinds: Mapping[str, str] | None = None,
) -> Reading:
    """The post in ``source``, the bytes of the file ``path``, which people know as ``shown_as`` (``posts/….md``).

    Naive times are in ``zone``. Its pictures are kept in ``media``. ``slug`` is the one by which the file is known already, whatever its
    name is now; ``kinds`` are the review templates that it may name, by id. Never raises for what a file holds: problems are collected.
    """
    try:
        decoded = text_of(source, path.name, shown_as)
    except ContentError as error:
        return Reading(post=None, problems=(error,), notices=())
    # The parsers are heavy, and needed only where a file really changed.
    from xuanfa.content.reading.assembly import Assembly  # noqa: PLC0415
    from xuanfa.content.reading.restricted import names_access  # noqa: PLC0415
    from xuanfa.content.text import markdown  # noqa: PLC0415

    notices = (ContentError(decoded.notice, Place(shown_as)),) if decoded.notice else ()
    text = without_unseen(decoded.text)
    hidden = () if text == decoded.text else of_unseen(decoded.text, shown_as)
    assembly = Assembly(
        path=path,
        shown_as=shown_as,
        zone=zone,
        columns=columns,
        media=media,
        slug=slug,
        kinds=kinds,
        inner=decoded.inner,
    )
    try:
        post = assembly.read(text)
    finally:
        markdown.forget()
    found = sorted(assembly.problems, key=_line)
    problems = (*decoded.questions, *(relocated(problem, decoded.places, shown_as) for problem in found))
    own = (*hidden, *sorted(assembly.notices, key=_line))
    told = (*notices, *decoded.notices, *(relocated(notice, decoded.places, shown_as) for notice in own))
    parts = tuple((name, *facts) for name, facts in sorted(assembly.parts.items()))
    return Reading(
        post=None if problems else post,
        problems=problems,
        notices=told,
        parts=parts,
        is_draft=assembly.is_empty and len(problems) == 1,
        is_final=assembly.is_final,
        access=assembly.access,
        is_restricted=bool(assembly.access) or names_access(text),
        text=text,
        places=decoded.places,
    )


def relocated(told: ContentError, places: Sequence[int], shown_as: str) -> ContentError:
    """What is said of a line of a text that was made of a document, said of the document's paragraph, or of the file beside it."""
    if not places or told.place is None:
        return told
    at = place_of(told.place.line, places)
    if at < 0:
        return ContentError(told.message, Place(name_of(shown_as), -at))
    words = say("第 {n} 段：{words}", "paragraph {n}: {words}", n=at, words=told.message) if at else told.message
    if not at and told.place.line:
        words = say("{words} {asked}", "{words} {asked}", words=words, asked=_asked_for(shown_as))
    return ContentError(words, Place(shown_as))


def place_of(line: int | None, places: Sequence[int]) -> int:
    """Where a line comes from, as ``SourceText`` has it."""
    return places[line - 1] if line and line <= len(places) else 0


def _asked_for(shown_as: str) -> str:
    """Where a document's front matter may be written."""
    return say(
        "稿头可以写在同一文件夹的 {name} 里，或写在 Word 文件开头的两列表格里。",
        "Front matter may be written into {name} beside the document, or into a table of two columns at its beginning.",
        name=name_of(shown_as).rpartition("/")[2],
    )


def _line(told: ContentError) -> int:
    return (told.place.line or 0) if told.place else 0
