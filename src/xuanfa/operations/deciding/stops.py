"""What is not sent for a while: pauses and solemn periods, begun and ended."""

from typing import assert_never

from xuanfa.domain.act import Pause, Resume
from xuanfa.domain.person import Person
from xuanfa.domain.solemn import EndSolemn, OfSolemn, SetSolemn, Solemn
from xuanfa.operations.deciding import decide
from xuanfa.operations.deciding.solemnly import end_solemn, set_solemn
from xuanfa.operations.desk import Desk


def of_stops(desk: Desk, act: Pause | Resume | OfSolemn, person: Person) -> str | Solemn | None:
    """Carry out an act about what is not sent."""
    match act:
        case SetSolemn():
            return set_solemn(desk, act, person)
        case EndSolemn():
            return end_solemn(desk, act, person)
        case Pause():
            return decide.pause(desk, act, person)
        case Resume():
            decide.resume(desk, act, person)
            return None
        case _:
            assert_never(act)
