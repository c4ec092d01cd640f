"""A list that somebody brings to a page: a file, or rows pasted from a spreadsheet. Between the dry run and the import it stays on the server, so
that what was looked at is what is entered."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from xuanfa.console.pages.uploads import sent_file
from xuanfa.console.visit import Visit
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.shown import file_name
from xuanfa.operations.writing.uploads import put_whole, taken_whole, whole

#: What was pasted is called so.
_PASTED: Final = "粘贴.csv"
_NAME_MAX: Final = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The list: its file, what it is called, and by what the server is asked for it again."""

    path: Path
    name: str
    kept: str


@contextmanager
def given_list(visit: Visit) -> Iterator[Given]:
    """The list of a form (``file``, ``pasted``, or ``kept`` of a dry run before). Raises ContentError where there is none, StateError where what
    was kept is not there any more."""
    kept, name = visit.field("kept"), visit.field("kept-name")
    person = visit.person()
    if kept:
        data = whole(visit.desk, person, kept)
    else:
        name, data = _sent(visit)
        kept = put_whole(visit.desk, person, data)
    name = file_name(Path(name.replace("\\", "/")).name)[-_NAME_MAX:] or _PASTED
    with tempfile.TemporaryDirectory(prefix="xuanfa-list-") as folder:
        path = Path(folder) / name
        path.write_bytes(data)
        yield Given(path=path, name=name, kept=kept)


def give_up(visit: Visit) -> None:
    """It was entered: nothing of it stays on the server."""
    taken_whole(visit.desk, visit.person(), visit.field("kept"))


def without_path(words: str, given: Given) -> str:
    """A sentence about the file, by the name that its owner knows."""
    return words.replace(f"{given.path}: ", "").replace(str(given.path), given.name)


def _sent(visit: Visit) -> tuple[str, bytes]:
    sent = sent_file(visit, "file")
    if sent is not None:
        return sent
    pasted = visit.raw("pasted")
    if not pasted.strip():
        raise ContentError(
            say(
                "请选一个 .xlsx 或 .csv 文件，或者把表格里的行粘贴过来。",
                "Choose an .xlsx or .csv file, or paste rows from a spreadsheet.",
            )
        )
    return _PASTED, pasted.encode("utf-8", "replace")
