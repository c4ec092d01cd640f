"""The delivery that an address names, as far as it is open to whoever looks."""

from dataclasses import dataclass
from typing import Final

from xuanfa.console.visit import Visit
from xuanfa.domain.errors import StateError
from xuanfa.operations.deciding.possible import Standing, standing_of
from xuanfa.operations.restricting.own import is_own, not_yours
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.reports.listing import DeliveryRow, list_deliveries
from xuanfa.reports.moved import Point, point_of

_NUMBER_MAX: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """The delivery of the address."""

    row: DeliveryRow
    standing: Standing
    #: How far the page looks.
    point: Point

    @property
    def may(self) -> frozenset[str]:
        """The verbs that are open to whoever looks."""
        return self.standing.may


def named(visit: Visit) -> Named | None:
    """The delivery of the address, open to whoever looks; ``None`` where there is none. Raises StateError where it is restricted."""
    number = number_of(visit.names["id"])
    point = point_of(visit.desk.store, [] if number is None else [number])
    standing = None if number is None else standing_of(visit.desk, number, visit.person())
    if standing is None:
        return None
    veil = visit.veil()
    require_may_read(veil, standing.slug)
    if not is_own(visit.desk, visit.own(), standing.slug):
        raise StateError(not_yours())
    row = list_deliveries(visit.desk.store, ids=[standing.delivery.id], veil=veil)[0]
    return Named(row=row, standing=standing, point=point)


def number_of(text: str) -> int | None:
    """The number that a person or an address gives; ``None`` for what is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _NUMBER_MAX else None
