"""Form: the review form of a post as a file to be printed and signed."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

from xuanfa.documents.faces import Faces, faces_here
from xuanfa.documents.pdf import as_pdf
from xuanfa.documents.review_form import review_form
from xuanfa.domain.access import Veil
from xuanfa.domain.errors import ConfigError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.refusals import is_there_already
from xuanfa.domain.review_form import ReviewForm
from xuanfa.operations.desk import Desk
from xuanfa.operations.papers.facts import form_of, papers_of


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


def refuse_existing(target: Path) -> None:
    """Raise ConfigError where something is there already."""
    if target.exists() or target.is_symlink():
        raise is_there_already(target)


def put(target: Path, data: bytes, *, private: bool = False) -> None:
    """Write a file whole or not at all, and never over another one; ``private``: for this account alone. Raises ConfigError."""

    def write(file: IO[bytes]) -> None:
        file.write(data)

    put_by(target, write, private=private)


def put_by(target: Path, write: Callable[[IO[bytes]], None], *, private: bool = False) -> None:
    """The same of a file that is written piece by piece."""
    try:
        number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
        try:
            with os.fdopen(number, "w+b") as file:
                write(file)
                file.flush()
                os.fsync(file.fileno())
                os.fchmod(file.fileno(), 0o600 if private else 0o640)
            os.link(name, target)
        finally:
            Path(name).unlink(missing_ok=True)
    except FileExistsError:
        refuse_existing(target)
        raise
    except OSError as error:
        raise ConfigError(
            say(
                "写不了 {path}：{why}。没有留下半个文件；请检查文件夹、权限和磁盘空间。",
                "Cannot write {path}: {why}. Nothing half-made is left; check the folder, its permissions and the space.",
                path=target,
                why=machine_words(error),
            )
        ) from error
