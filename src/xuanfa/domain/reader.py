"""The reader (读者): in which language sentences are read here, and how what a person does next is worded.

Whoever shows something says for whom: a process once, at its entry, for all its threads; a page for the time of one request. Nothing
below asks the environment.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from xuanfa.domain.remedy import Remedy

Language = Literal["zh", "en"]
#: How a remedy reads where a sentence names it.
Wording = Callable[["Remedy"], str]


def _bare(remedy: "Remedy") -> str:
    """Without a wording of the place where it is shown: the verb and what it is done to."""
    return remedy.verb if remedy.subject is None else f"{remedy.verb} {remedy.subject}"


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom sentences are made."""

    language: Language = "zh"
    wording: Wording = _bare


_HERE: ContextVar[Reader | None] = ContextVar("reader", default=None)
#: The reader of the whole process: a thread that is started has a context of its own, which knows nothing of where it was started.
_process = Reader()


def reader() -> Reader:
    """Whoever reads what is said here."""
    return _HERE.get() or _process


def language() -> Language:
    """The language of messages."""
    return reader().language


def language_of(environ: Mapping[str, str]) -> Language:
    """The language that an environment asks for: Chinese, unless ``XUANFA_LANG`` begins with ``en``."""
    return "en" if environ.get("XUANFA_LANG", "").lower().startswith("en") else "zh"


@contextmanager
def read_by(one: Reader) -> Iterator[None]:
    """For the time of it, here and in what is called from here, sentences are made for this reader."""
    token = _HERE.set(one)
    try:
        yield
    finally:
        _HERE.reset(token)


@contextmanager
def process_read_by(one: Reader) -> Iterator[None]:
    """The same for the whole process, its other threads too, as far as no place has a reader of its own."""
    global _process  # noqa: PLW0603 - one process, one entry
    before, _process = _process, one
    try:
        yield
    finally:
        _process = before
