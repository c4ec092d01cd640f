"""What the style of a table says of the sides on which its cells stand (ECMA-376, 17.7.6): of the whole table and of its parts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree.ElementTree import Element

from xuanfa.content.reading.word.styles import Style, Styles, value

#: Which parts a table takes of its style, by their bits (ECMA-376, 17.4.56). The last two turn bands off.
_BITS: Final = {
    "firstRow": 0x20,
    "lastRow": 0x40,
    "firstColumn": 0x80,
    "lastColumn": 0x100,
    "noHBand": 0x200,
    "noVBand": 0x400,
}
_ON: Final = frozenset({"1", "true", "on"})


@dataclass(frozen=True, slots=True)
class Regions:
    """The style of one table."""

    styles: Sequence[Style]
    taken: frozenset[str]
    rows: int

    def properties(self, row: int, column: int, across: int, columns: int) -> list[Element | None]:
        """What the style says of the paragraphs of a cell, the nearest first. Rows and columns are counted from nought."""
        parts = list(self._parts(row, column, column + across >= columns))
        named = [style.parts.get(part) for part in parts for style in self.styles]
        return [*named, *(style.paragraph for style in self.styles)]

    def _parts(self, row: int, column: int, is_last_column: bool) -> Iterator[str]:
        """The parts to which a cell belongs, the nearest first: corners, columns, rows, bands."""
        first_row, last_row = row == 0 and "firstRow" in self.taken, row == self.rows - 1 and "lastRow" in self.taken
        first = column == 0 and "firstColumn" in self.taken
        last = is_last_column and "lastColumn" in self.taken
        for is_up, is_down, is_left, is_right, name in (
            (first_row, False, first, False, "nwCell"),
            (first_row, False, False, last, "neCell"),
            (False, last_row, first, False, "swCell"),
            (False, last_row, False, last, "seCell"),
        ):
            if (is_up or is_down) and (is_left or is_right):
                yield name
        yield from (name for name, is_in in (("firstCol", first), ("lastCol", last)) if is_in)
        yield from (name for name, is_in in (("firstRow", first_row), ("lastRow", last_row)) if is_in)
        if "noHBand" not in self.taken and not (first_row or last_row):
            yield f"band{1 + (row - ('firstRow' in self.taken)) % 2}Horz"
        if "noVBand" not in self.taken and not (first or last):
            yield f"band{1 + (column - ('firstColumn' in self.taken)) % 2}Vert"


def regions_of(properties: Element | None, styles: Styles, rows: int) -> Regions:
    """The style that a table names, with what it takes of it."""
    look = None if properties is None else properties.find("tblLook")
    return Regions(tuple(styles.chain(value(properties, "tblStyle"))), frozenset(_taken(look)), rows)


def _taken(look: Element | None) -> Iterator[str]:
    """Newer documents say it by attributes, older ones by a number."""
    if look is None:
        return
    given = look.get("val", "")
    try:
        bits = int(given, 16)
    except ValueError:
        bits = 0
    for name, bit in _BITS.items():
        said = look.get(name)
        if (said.lower() in _ON) if said is not None else bool(bits & bit):
            yield name
