"""Posts on the office's own accounts that this program did not send: each account is looked at once a night, and what is found is told once.

What an account showed before the program first looked at it is its past, which ``ledger import`` brings in; only what appears from then on is a
stranger. What is being sent, or is in doubt, is told by its words, so that nobody is alarmed about a post that will be settled in a minute.
"""

import json
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa

from xuanfa.domain.channel import Channel
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Deferred, Rejected, Unknown, Unsent
from xuanfa.domain.pacing import longest, room
from xuanfa.domain.past import ListsOut, PastItem, PastPage
from xuanfa.domain.said import heard, kept
from xuanfa.domain.stranger import moment_of, strangers_among
from xuanfa.operations.desk import Desk
from xuanfa.store import channels, strangers

log = logging.getLogger(__name__)

#: So many pages of an account's list are read in one night, and so long is waited between two. Seconds.
_PAGES: Final = 3
_GAP: Final = 0.5
#: Whoever has begun with an account and was killed has it for so long; an account that could not be read is tried again so much later.
_TAKEN, _BREATH = timedelta(minutes=15), timedelta(hours=2)
#: A platform's clock and ours may differ, and lists may tell of whole minutes.
_SLACK: Final = timedelta(minutes=10)
#: What was published so long before the first look may still be listed with a newer time, after a correction.
_BEFORE: Final = timedelta(days=7)
_SCOPE: Final = "strangers"
#: An account that could not be read for so long is told of.
PATIENCE: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How looking at an account stands: since when it is looked at, when that was done last, and since when it fails and why."""

    channel: str
    first: datetime | None = None
    looked: datetime | None = None
    failing: datetime | None = None
    words: str = ""
    refused: bool = False


def listing(desk: Desk) -> dict[str, Channel]:
    """The channels whose accounts can be looked at, one for each account."""
    found: dict[str, Channel] = {}
    for channel in desk.channels.values():
        if channel.lists_out and channel.account and not channel.rehearsal:
            found.setdefault(channel.account, channel)
    return found


def look_for_strangers(desk: Desk, is_stopping: Callable[[], bool] = lambda: False, *, gap: float = _GAP) -> int:
    """Look at the accounts whose night has come; how many strangers are new. Raises StoreError where the database is away."""
    if not desk.looking.on or desk.looking.nightly is None or desk.store.read_only or desk.lacks_secrets:
        return 0
    count = 0
    for account, channel in listing(desk).items():
        if is_stopping():
            break
        if _is_due(desk, account, channel) and _take(desk, account):
            count += look_at(desk, account, channel, gap=gap)
    return count


def look_at(desk: Desk, account: str, channel: Channel, *, gap: float = _GAP) -> int:
    """Look at an account now; how many strangers are new."""
    before = standing_of(desk, account, channel)
    now = desk.clock()
    found = _listed(desk, channel, before.first, gap)
    if isinstance(found, str):
        _note(desk, account, before, now, why=found, refused=False)
        return 0
    if isinstance(found, Rejected):
        _note(desk, account, before, now, why=found.findings[0].message, refused=True)
        return 0
    new = 0
    if before.first is not None:
        appeared = [item for item in found if moment_of(item) >= before.first - _SLACK]
        with desk.store.write() as connection:
            left = _left(connection, channel, appeared, before.first)
            new = strangers.add(connection, channel.id, account, left, now)
            _explain(connection, desk, account, channel, before.first)
    _note(desk, account, before, now)
    return new


def _left(connection: sa.Connection, channel: Channel, items: Sequence[PastItem], first: datetime) -> list[PastItem]:
    """What nothing of ours, nor of what was imported, is; every receipt is read only where something is left."""
    ours = strangers.ours_since(connection, channel.accounts, first - _BEFORE)
    left = strangers_among(items, ours, strangers.imported_pages(connection, items))
    if not left:
        return []
    named = strangers.ours_named(connection, channel.accounts, left)
    return strangers_among(left, named, ())


def _explain(connection: sa.Connection, desk: Desk, account: str, channel: Channel, first: datetime) -> None:
    """What turned out to be ours, or was brought into the ledger since, needs nobody's word."""
    open_ = strangers.open_of(connection, account)
    items = {each.id: PastItem(title="", address=each.address, at=each.at) for each in open_ if each.address}
    left = _left(connection, channel, list(items.values()), first)
    for each in open_:
        if each.id in items and items[each.id] not in left:
            why = say("后来登记为本程序发布的，或已导入台账", "it was entered as a publication since, or imported")
            strangers.settle(connection, each.id, by=desk.node, why=why, now=desk.clock())


def _listed(desk: Desk, channel: Channel, since: datetime | None, gap: float) -> list[PastItem] | Rejected | str:
    """What the account shows, back to ``since`` or as far as some pages go; or why that cannot be told."""
    items: list[PastItem] = []
    for number in range(_PAGES):
        if not _spend(desk, channel):
            return say("账号的调用次数用完了", "the account's calls are used up")
        page = _page(desk, channel, number)
        match page:
            case PastPage():
                items += page.items
            case Rejected():
                return page
            case Deferred(reason=text) | Unsent(evidence=text) | Unknown(evidence=text):
                return text
        if page.is_last or since is None or (page.items and min(map(moment_of, page.items)) < since - _SLACK):
            break
        time.sleep(gap)
    return items


def _page(desk: Desk, channel: Channel, number: int) -> PastPage | Deferred | Rejected | Unknown | Unsent:
    try:
        adapter = desk.adapters.bound(channel.id)
        if isinstance(adapter, ListsOut):
            return adapter.past(number)
        return Unsent(evidence=say("这种渠道没有发布列表", "this kind of channel has no list"))
    except XuanfaError as error:
        return Unsent(evidence=str(error))
    except Exception as error:
        log.exception("looking at the account of %s failed", channel.id)
        return Unsent(evidence=say("渠道程序出错（{kind}）", "the adapter failed ({kind})", kind=type(error).__name__))


def _spend(desk: Desk, channel: Channel) -> bool:
    """Spend one of the account's calls, where they are counted; whether there was one."""
    if not channel.limits:
        return True
    now = desk.clock()
    with desk.store.write() as connection:
        if not channels.lock_budget(connection, channel.budget):
            return False
        if not room(channel.limits, channels.spent(connection, channel.budget, now - longest(channel.limits)), now):
            return False
        channels.spend(connection, channel.budget, 1, now)
    return True


def _is_due(desk: Desk, account: str, channel: Channel) -> bool:
    """The first look is made at once; every other one in its night."""
    known, now = standing_of(desk, account, channel), desk.clock()
    if known.looked is None:
        return True
    assert desk.looking.nightly is not None  # noqa: S101 - asked before
    local = now.astimezone(desk.zone)
    night = datetime.combine(local.date(), desk.looking.nightly, desk.zone)
    return now >= night > known.looked


def _take(desk: Desk, account: str) -> bool:
    now = desk.clock()
    with desk.store.write() as connection:
        return channels.take(connection, _SCOPE, f"taken {account}", "1", now=now, expires_at=now + _TAKEN)


def standing_of(desk: Desk, account: str, channel: Channel) -> Standing:
    """How looking at an account stands."""
    with desk.store.read() as connection:
        value = channels.recall(connection, _SCOPE, account, desk.clock())
    facts: dict[str, Any] = json.loads(value) if value else {}
    moments = {name: datetime.fromisoformat(facts[name]) for name in ("first", "looked", "failing") if facts.get(name)}
    return Standing(
        channel=channel.id, **moments, words=heard(facts.get("words", "")), refused=bool(facts.get("refused"))
    )


def _note(desk: Desk, account: str, before: Standing, now: datetime, *, why: str = "", refused: bool = False) -> None:
    first = before.first if why else before.first or now
    looked = before.looked if why and not refused else now
    failing = (before.failing or now) if why else None
    moments = {"first": first, "looked": looked, "failing": failing}
    facts = {name: at.isoformat() for name, at in moments.items() if at is not None}
    facts |= {"words": kept(why), "refused": "yes" if refused else ""}
    with desk.store.write() as connection:
        channels.keep(connection, _SCOPE, account, json.dumps(facts, ensure_ascii=False), None)
        if why and not refused:  # again after a while, by whoever comes then
            channels.keep(connection, _SCOPE, f"taken {account}", "1", now + _BREATH)
        else:
            channels.forget(connection, _SCOPE, f"taken {account}")


def standings(desk: Desk) -> Iterator[Standing]:
    """How looking at each account stands."""
    for account, channel in listing(desk).items():
        yield standing_of(desk, account, channel)
