"""A remedy (办法): what a person does next, as data in a sentence. Where it is shown decides how it reads: as a command to type, or as a
button of a page."""

from collections.abc import Mapping
from typing import Any, Final

from xuanfa.domain.reader import reader

#: What an option holds: nothing more (``True``), a value, several, or what only the person knows (``None``).
Option = bool | str | tuple[str, ...] | None
#: No verb: see ``option``.
OPTION: Final = "option"


class Remedy:
    """A verb of the program's, what it is done to (a number or a name; ``None``: whatever the sentence is about), and with which options."""

    __slots__ = ("options", "subject", "verb")

    def __init__(self, verb: str, subject: int | str | None = None, /, **options: Option) -> None:
        self.verb = verb
        self.subject = subject
        self.options: Mapping[str, Option] = options

    def __str__(self) -> str:
        """As the reader of this place does it."""
        return reader().wording(self)

    def __repr__(self) -> str:
        """For whoever debugs."""
        return f"Remedy({self.verb!r}, {self.subject!r}, {dict(self.options)!r})"

    def __eq__(self, other: object) -> bool:
        """Compared by what it holds."""
        return isinstance(other, Remedy) and self.data() == other.data()

    def __hash__(self) -> int:
        """As it is compared."""
        return hash((self.verb, self.subject, tuple(self.options.items())))

    def data(self) -> dict[str, Any]:
        """As it is kept: JSON values."""
        found: dict[str, Any] = {"do": self.verb}
        if self.subject is not None:
            found["to"] = self.subject
        if self.options:
            found["with"] = {name: list(it) if isinstance(it, tuple) else it for name, it in self.options.items()}
        return found


def remedy_of(data: Mapping[str, Any]) -> Remedy:
    """The remedy of such data. Raises TypeError where it is none."""
    verb, subject, options = data.get("do"), data.get("to"), data.get("with", {})
    if not (isinstance(verb, str) and isinstance(subject, int | str | None) and isinstance(options, dict)):
        raise TypeError("no remedy")
    if not all(isinstance(it, bool | str | list | None) for it in options.values()):
        raise TypeError("no options of a remedy")
    return Remedy(
        verb, subject, **{name: tuple(map(str, it)) if isinstance(it, list) else it for name, it in options.items()}
    )


def option(name: str) -> Remedy:
    """By which option of a command, or line of front matter, something is said, such as ``--why``: in brackets behind what it is for. Pages have a
    field for it, and say nothing."""
    return Remedy(OPTION, name)
