"""The front matter of a Word document: a file beside it, its first table, its properties, and its title."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading import frontmatter
from xuanfa.content.reading.fields import Fields
from xuanfa.content.reading.keys import MEANT
from xuanfa.content.reading.word.tables import Table
from xuanfa.domain.errors import ContentError, Place

#: A table of this many keys that are known, one of them the title or the column, is front matter.
_KEYS_MIN: Final = 2
_PAIR: Final = 2
#: Which property of the document stands for which key. Its author is the name of an account, and is not taken.
_CORE: Final = {"title": "title", "keywords": "keywords", "category": "column"}


@dataclass(slots=True)
class Head:
    """Keys with their values, where each was found (a paragraph's number; 0 is the document's properties), and the file beside."""

    beside: str = ""
    keys: frozenset[str] = frozenset()
    values: dict[str, tuple[str, int]] = field(default_factory=dict)

    def offer(self, key: str, value: str, number: int) -> None:
        """Take a value for a key that has none."""
        value = value.strip()
        if value and key not in self.keys and key not in self.values:
            self.values[key] = (value, number)

    @property
    def title(self) -> str:
        """The title so far, as it would be read; empty where there is none, or the file beside has it."""
        return self.values.get("title", ("", 0))[0]

    @property
    def has_title(self) -> bool:
        """Whether there is one."""
        return "title" in self.keys or bool(self.title)

    def lines(self) -> Iterator[tuple[str, int]]:
        """The front matter, with the place of each line: a paragraph's number, or the line of the file beside, as a negative number."""
        yield "---", 0
        for number, line in enumerate(self.beside.split("\n") if self.beside else (), start=1):
            yield line, -number
        for key, (value, place) in self.values.items():
            yield f"{key}: {json.dumps(value, ensure_ascii=False)}", place
        yield "---", 0


def beside(text: str, shown_as: str) -> Head:
    """The head that a file beside the document begins. Raises ContentError with its line."""
    lines = text.rstrip().split("\n")
    lines = ["" if line.strip() == "---" and at in {0, len(lines) - 1} else line for at, line in enumerate(lines)]
    text = "\n".join(lines)
    try:
        matter = frontmatter.parse(f"---\n{text}\n---\n", shown_as)
    except ContentError as error:
        line = error.place.line if error.place else None
        raise ContentError(error.message, Place(shown_as, max((line or 2) - 1, 1))) from error
    return Head(beside=text, keys=frozenset(matter.data))


def key_of(written: str) -> str:
    """The key that a label stands for; empty where it stands for none."""
    name = re.sub(r"[\s:：*＊]+", "", written)
    return MEANT.get(name, name if name in Fields.model_fields else "")


def from_table(table: Table) -> tuple[dict[str, tuple[str, int]], list[str]] | None:
    """The values of a table that is front matter, and the labels in it that mean nothing here; ``None`` where it is another table."""
    pairs: list[tuple[str, str, int]] = []
    for row in table.rows:
        cells = [cell for cell in row if not cell.goes_on]
        if len(cells) % _PAIR:
            return None
        for label, value in zip(cells[::2], cells[1::2], strict=True):
            pairs.append((label.words, value.words, label.paragraphs[0].number if label.paragraphs else 0))
    known = {key_of(label): (value, number) for label, value, number in pairs if key_of(label)}
    if len(known) < _KEYS_MIN or not known.keys() & {"title", "column"}:
        return None
    return known, [label for label, value, _ in pairs if value and not key_of(label)]


def from_properties(core: Element | None, custom: Element | None) -> Mapping[str, str]:
    """What the properties of the document say. Those that somebody has added by the name of a key go before the usual ones."""
    found: dict[str, str] = {}
    for each in custom if custom is not None else ():
        key = key_of(each.get("name", ""))
        if key:
            found[key] = "".join(each.itertext()).strip()
    for each in core if core is not None else ():
        if each.tag in _CORE and (each.text or "").strip():
            found.setdefault(_CORE[each.tag], (each.text or "").strip())
    return found
