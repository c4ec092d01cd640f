"""Form: the review form of a post as a file to be printed and signed."""

from collections.abc import Callable
from pathlib import Path
from typing import IO

from xuanfa.documents.faces import Faces, faces_here
from xuanfa.documents.pdf import as_pdf
from xuanfa.documents.placing import placed, refuse_existing
from xuanfa.documents.review_form import review_form
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.review_form import ReviewForm
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.facts import form_of, papers_of

__all__ = ["put", "put_by", "refuse_existing", "write_form"]


def write_form(desk: Desk, slug: str, target: Path, veil: Veil | None = None) -> ReviewForm:
    """Write the form of a post to ``target``, which ends in ``.docx`` or ``.pdf`` and is not there yet; what stands on it.

    Raises ConfigError for another ending, a file that is there, or a machine without LibreOffice; StateError where there is no such post.
    """
    ending = target.suffix.lower()
    if ending not in {".docx", ".pdf"}:
        raise ConfigError(
            say(
                "文件名 {path} 要以 .docx 或 .pdf 结尾。",
                "The name {path} has to end in .docx or .pdf.",
                path=target,
            )
        )
    refuse_existing(target)
    with desk.store.read() as connection:
        found = papers_of(desk, connection, slug, veil)
    form = form_of(desk, found)
    is_pdf = ending == ".pdf"
    page = review_form(form, desk.zone, faces_here() if is_pdf else Faces())
    put(target, as_pdf(page) if is_pdf else page, private=found.is_restricted)
    return form


def put(target: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, and never over another one; ``private``: for this account alone. Raises ConfigError."""
    with placed(target, private=private) as file:
        file.write(data)


def put_by(target: Path, write: Callable[[IO[bytes]], None], *, private: bool = False) -> None:
    """The same of a file that is written piece by piece."""
    with placed(target, private=private) as file:
        write(file)
