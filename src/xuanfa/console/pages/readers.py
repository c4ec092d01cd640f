"""阅读数据 at a delivery: entered by hand. What is not known stays empty, and is not 0."""

from typing import Final

from starlette.responses import Response

from xuanfa.console.named import named
from xuanfa.console.once import once
from xuanfa.console.pages import errors
from xuanfa.console.pages.delivery import show
from xuanfa.console.pages.proof import moment_of
from xuanfa.console.visit import ANY_ROLE, Visit, post
from xuanfa.domain.act_public import SetReaders
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.readers import NAMES, Figures
from xuanfa.operations.deciding.door import carry_out

#: As many digits as any figure has.
_DIGITS: Final = 12


def enter(visit: Visit) -> Response:
    """Figures of one time."""
    it = named(visit)
    if it is None:
        return errors.nothing(visit, 404)
    values = {name: _whole(visit.field(name)) for name in NAMES if visit.field(name)}
    wrong = [name for name, value in values.items() if value is None]
    if wrong:
        words = say(
            "请写整数，如 1234；不知道的不填。", "Write a whole number, such as 1234; leave out what is not known."
        )
        return show(visit, status=422, faults=dict.fromkeys(wrong, words))
    try:
        at = moment_of(visit) or visit.now
        act = SetReaders(delivery=it.row.id, figures=Figures(delivery=it.row.id, at=at, **values))
        return once(visit, SetReaders.verb, lambda: _entered(visit, act))
    except StateError as error:
        return show(visit, status=422, faults={"readers": str(error)})


def _whole(text: str) -> int | None:
    """A figure as people type it: 1234, 1,234 and the same in full width; ``None`` for what is none."""
    digits = text.translate(_PLAIN)
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) <= _DIGITS else None


_PLAIN: Final = str.maketrans("０１２３４５６７８９", "0123456789", ",， ")


def _entered(visit: Visit, act: SetReaders) -> str:
    added = carry_out(visit.desk, act, visit.person())
    return f"/deliveries/{act.delivery}?readers={'entered' if added else 'same'}#readers"


WAYS = (post("/deliveries/{id}/readers", enter, ANY_ROLE),)
