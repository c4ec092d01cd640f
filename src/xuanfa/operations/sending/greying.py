"""Greying (置灰): in a solemn period the websites that this program writes are grey, from one pass after its beginning to one after its end.

No rendition and no approved page changes for that; each kind sees to how. What could not be done is tried again, and stands in an alarm meanwhile.
"""

import logging
from datetime import timedelta
from typing import Final

from xuanfa.adapters.protocol import TurnsGrey
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, solemn

log = logging.getLogger(__name__)

#: What was done last for a channel, and why that could not be done, among what is remembered of it.
STANDS: Final = "grey"
TROUBLE: Final = "grey.trouble"
_GREY, _PLAIN, _WAITS = "grey", "plain", "waits"
#: What failed is tried again so much later.
_RETRY: Final = timedelta(minutes=5)


def grey_sites(desk: Desk) -> None:
    """Turn websites grey where a solemn period is on, and back where none is."""
    if desk.store.read_only:
        return
    now = desk.clock()
    with desk.store.read() as connection:
        is_on = any(each.holds(now) for each in solemn.standing(connection, now))
        names = [each.id for each in desk.channels.values() if not each.rehearsal]
        stands = {name: channels.recall(connection, STANDS, name, now) for name in names}
        # Where no period ever was, there is nothing to do, and nothing to remember.
        was_any = is_on or any(stands.values()) or bool(solemn.every(connection))
    wanted = _GREY if is_on else _PLAIN
    for name in names if was_any else []:
        if stands[name] not in {wanted, _WAITS}:
            _turn(desk, name, wanted)


def _turn(desk: Desk, channel: str, wanted: str) -> None:
    try:
        adapter = desk.adapters.bound(channel)
        trouble = adapter.turn_grey(on=wanted == _GREY) if isinstance(adapter, TurnsGrey) else ""
    except Exception as error:
        log.exception("turning %s %s failed", channel, wanted)
        trouble = say("没有办成：{what}", "it failed: {what}", what=type(error).__name__)
    now = desk.clock()
    with desk.store.write() as connection:
        if trouble:
            log.error("%s: %s", channel, trouble)
            channels.keep(connection, STANDS, channel, _WAITS, now + _RETRY)
            channels.keep(connection, TROUBLE, channel, str(trouble), None)
        else:
            channels.keep(connection, STANDS, channel, wanted, None)
            channels.forget(connection, TROUBLE, channel)
