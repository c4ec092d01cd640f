"""Recover: what marks, the site and other channels remember to have been sent, beside what the database knows of it. Changes nothing."""

from dataclasses import dataclass

from xuanfa.domain.delivery import UNSENT, UNSETTLED, State
from xuanfa.domain.mark import Mark
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.lost import recollect
from xuanfa.operations.keeping.memory import look
from xuanfa.store import recollections, restores
from xuanfa.store.recollections import Here, Recollection
from xuanfa.store.restores import Restore

#: States in which a delivery that is remembered elsewhere may still be sent, or may be out.
_UNDECIDED = UNSENT | UNSETTLED | {State.PUBLISHING}


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    """Something that somebody remembers, and how it stands here; ``open`` while a person has to settle it."""

    remembered: Recollection
    here: Here | None
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """What is remembered. ``ahead`` is a mark that the database does not know and that nothing has been held for yet; ``standing`` is the
    restore, or the find that something was forgotten, after which nobody has resumed."""

    ahead: Mark | None
    standing: Restore | None
    items: tuple[Recovered, ...]
    #: How many deliveries wait for a person because of either, whether anybody remembers them or not.
    undecided: int

    @property
    def is_open(self) -> bool:
        """Whether a person has something to do."""
        return bool(self.ahead or self.standing or self.undecided or any(item.open for item in self.items))


def recover(desk: Desk, *, everything: bool = False) -> Recovery:
    """What is remembered elsewhere and not known here as public, the oldest first; all that is remembered, if ``everything``."""
    ahead, told = look(desk), recollect(desk)
    with desk.store.read() as connection:
        standing = restores.standing(connection)
        kept = {each.pair: each for each in recollections.all_of(connection)}
        told = recollections.merge(kept.values(), told.values())
        known = recollections.here(connection, {slug for slug, _ in told})
        undecided = restores.undecided(connection)
    lost = ahead is not None or standing is not None
    items = []
    for pair, remembered in sorted(told.items(), key=lambda item: (item[1].at, item[0])):
        here = known.get(pair)
        is_open = lost if here is None else here.restored or (ahead is not None and here.state in _UNDECIDED)
        is_plain = here is not None and not is_open and pair not in kept
        if everything or not is_plain:
            items.append(Recovered(remembered=remembered, here=here, open=is_open))
    return Recovery(ahead=ahead, standing=standing, items=tuple(items), undecided=undecided)
