"""Examined: what an examination says of one thing; and what has become of the queue where the settings are others than they were."""

from collections.abc import Iterator
from dataclasses import dataclass

from xuanfa.domain.accounts import named
from xuanfa.domain.channel import Channel
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.deciding.bound import Former, former_accounts
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.slots import kept_slots
from xuanfa.operations.sending.orphans import vanished_channels, vanished_columns
from xuanfa.operations.watching.zones import zone_changes
from xuanfa.store import solemn


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """One thing that was looked at. ``trouble`` is empty where it is well; ``fatal`` where nothing will work until it is mended.

    ``note`` is what is good to know where all is well: how long an authorisation lasts, how much of a quota is left. ``waits``: a person has
    to decide about it, so that not all is in order, though everything works.
    """

    what: str
    trouble: str = ""
    note: str = ""
    fatal: bool = True
    waits: bool = False


def examine_settings(desk: Desk) -> Iterator[Examined]:
    """Times, timetables, channels, columns and accounts that the queue knows and the settings do not, and silent periods."""
    for change in zone_changes(desk):
        yield Examined(what=change.what, trouble=change.meaning, fatal=False)
    for kept in kept_slots(desk):
        yield Examined(what=kept.what, trouble=kept.meaning, fatal=False)
    yield from _vanished(desk)
    yield from _silences(desk)
    yield from _solemn(desk)
    yield from _former_accounts(desk)


def _vanished(desk: Desk) -> Iterator[Examined]:
    """Channels and columns that something waits for, and that the settings no longer have."""
    named = [(say("渠道 {id}", "channel {id}", id=each.name), each) for each in vanished_channels(desk)]
    named += [(say("专栏 {id}", "column {id}", id=each.name), each) for each in vanished_columns(desk)]
    for what, each in named:
        yield Examined(
            what=what,
            trouble=say(
                "已不在设置里（改名或删除），{n} 条投递等着它，首条见 {show}：改回原名；或取消它们，要发的在新名称下放行",
                "no longer in the settings (renamed or removed), and {n} deliveries wait for it, first {show}: give it its name back; or cancel "
                "them, and release under the new name what is to go out",
                n=each.count,
                show=Remedy("show", each.first),
            ),
            fatal=True,
        )


def _silences(desk: Desk) -> Iterator[Examined]:
    """Silent periods that are under way or to come; the one under way is worth a word."""
    now = desk.clock()
    for silence in desk.silences:
        if now < silence.ends:
            holding = say(
                "正在静默，到期的投递会暂缓，等人放行", "under way: what becomes due is held until a person releases it"
            )
            yield Examined(
                what=say("静默期 {when}", "silent period {when}", when=silence.in_words(desk.zone)),
                trouble=holding if silence.holds(now) else "",
                fatal=False,
            )


def _solemn(desk: Desk) -> Iterator[Examined]:
    """Solemn periods that are under way or to come, and who has set them."""
    now = desk.clock()
    with desk.store.read() as connection:
        periods = solemn.standing(connection, now)
    for period in periods:
        keeping = say(
            "正在肃穆期，没有写 solemn_ok 的、带表情符号的到期会暂缓，等人放行",
            "under way: what does not say solemn_ok, or shows an emoji, is held until a person releases it",
        )
        yield Examined(
            what=say("肃穆期 {when}", "solemn period {when}", when=period.in_words(desk.zone)),
            trouble=keeping if period.holds(now) else "",
            fatal=False,
        )


def _remedy(former: Former, channels: list[Channel]) -> str:
    """How what hangs on a former account is reached again."""
    if any(former.account in channel.accounts and channel.rehearsal is not former.rehearsal for channel in channels):
        return say(
            "账号没有变，变的是演练与正式：要处理它们，把渠道的 rehearsal 改回当时的样子",
            "the account is the same, and the channel's rehearsal has changed: set that back to see to them",
        )
    return say(
        "只是换了名称或地址的同一账号，把“{account}”写进该渠道的 formerly",
        "if it is the same account under another name or address, write “{account}” into the channel's formerly",
        account=former.account,
    )


def _former_accounts(desk: Desk) -> Iterator[Examined]:
    """What was sent to accounts that no channel leads to any more: nothing looks for it, links to it or withdraws it."""
    for former in former_accounts(desk):
        now = [channel for channel in former.channels if channel in desk.channels]
        leads = say("、", ", ").join(
            named(desk.channels[id_].account or id_, rehearsal=desk.channels[id_].rehearsal) for id_ in now
        )
        yield Examined(
            what=say(
                "以前的账号 {account}",
                "former account {account}",
                account=named(former.account, rehearsal=former.rehearsal),
            ),
            trouble=say(
                "设置里已经没有它（渠道 {channels}{now}），还有 {n} 条投递挂在上面，首条是 {first}：不再查询、链接或撤稿。请用 {show} 查看；{remedy}",
                "no longer in the settings (channel {channels}{now}); {n} deliveries hang on it, the first is {first}: nothing looks for them, "
                "links to them or withdraws them. See {show}; {remedy}",
                channels=say("、", ", ").join(former.channels),
                now=say("，现在是 {leads}", ", {leads} now", leads=leads) if leads else "",
                n=former.count,
                first=former.first,
                remedy=_remedy(former, [desk.channels[id_] for id_ in now]),
                show=Remedy("show", former.first),
            ),
            fatal=False,
            waits=True,
        )
