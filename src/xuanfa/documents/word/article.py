"""A Word document of the article, in the form of official documents: title centred in 2号, text in 三号仿宋, lines of 28 points."""

from pathlib import Path

from xuanfa.documents.word.package import Properties, packed
from xuanfa.documents.word.styles import STYLES
from xuanfa.documents.word.tracked import Changes
from xuanfa.documents.word.writer import Writer

__all__ = ["Properties", "document"]


def document(
    title: str,
    byline: str,
    body: str,
    folder: Path,
    properties: Properties,
    *,
    changes: Changes | None = None,
    heading: str = "",
) -> bytes:
    """The .docx of sanitised HTML. Pictures that ``body`` names are read from ``folder``; those that Word does not show are left out.

    With ``changes``, what stands between the marks of ``tracked`` is a tracked change; ``heading`` is the title with such marks.
    """
    writer = Writer(folder, changes)
    if heading:
        writer.feed(f'<div class="title">{heading}</div>')
    else:
        writer.line("Title", title)
    if byline:
        writer.line("Byline", byline)
    writer.feed(body)
    writer.close()
    main = writer.document()  # first: it completes what the others list
    return packed(main, STYLES, title=title, properties=properties, media=writer.media, links=writer.links)
