"""Posts on accounts that this program did not send: a cause of alarm each until somebody has explained it; and accounts that cannot be looked at."""

from collections.abc import Iterator, Sequence
from typing import Final

import sqlalchemy as sa

from xuanfa.domain.alarm import Cause, where_to_look
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.stranger import Stranger
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.members import listed
from xuanfa.operations.proving.strangers import PATIENCE, standings
from xuanfa.operations.watching.examined import Examined
from xuanfa.store import strangers

#: More of them on one channel are one cause: an account in other hands, or a folder that somebody else writes into, is one thing to see to.
_TOGETHER: Final = 5
_MOST: Final = 500


def of_strangers(desk: Desk, connection: sa.Connection) -> Iterator[Cause]:
    """Each that is open, or all of a channel where they are many; and accounts that could not be looked at for days."""
    found: dict[str, list[Stranger]] = {}
    for each in strangers.all_of(connection, settled=False, most=_MOST):
        found.setdefault(each.channel, []).append(each)
    for channel, some in found.items():
        yield from [_of_many(desk, channel, some)] if len(some) > _TOGETHER else (_of_one(desk, each) for each in some)
    for account in standings(desk) if desk.looking.on else ():
        if account.failing is not None and not account.refused and desk.clock() - account.failing > PATIENCE:
            words = say(
                "渠道“{title}”从 {since} 起看不了账号上有没有不是本程序发出的稿件：{why}",
                "since {since} the account of the channel “{title}” could not be looked at for posts of others: {why}",
                title=_title(desk, account.channel),
                since=in_words(account.failing, desk.zone),
                why=account.words,
            )
            yield Cause(name=f"unlisted:{account.channel}", words=words, look=where_to_look(Remedy("strangers")))


def _of_one(desk: Desk, each: Stranger) -> Cause:
    words = say(
        "渠道“{title}”的账号上有一条不是本程序发出的：《{what}》（{at}）。请查明是谁发的：是自己人发的，写明来历（{explain}）；"
        "不是，就到平台删除，改密码、收回授权",
        "the account of the channel “{title}” shows something that this program did not send: “{what}” ({at}). Find out who did: if it was one of "
        "you, say so ({explain}); if not, delete it there, change the password and withdraw authorisations",
        title=_title(desk, each.channel),
        what=each.title or "-",
        at=in_words(each.at, desk.zone),
        explain=Remedy("explain_stranger", each.id, why=None),
    )
    look = where_to_look(Remedy("strangers"), *([each.address] if each.address else []))
    return Cause(name=f"stranger:{each.id}", words=words, look=look)


def _of_many(desk: Desk, channel: str, some: Sequence[Stranger]) -> Cause:
    words = say(
        "渠道“{title}”的账号上有 {n} 条不是本程序发出的（编号 {ids}）：先看账号是否被别人使用，再逐条说明或删除",
        "the account of the channel “{title}” shows {n} things that this program did not send (numbers {ids}): see whether somebody else uses it, "
        "then explain or delete each",
        title=_title(desk, channel),
        n=len(some),
        ids=listed([str(each.id) for each in some]),
    )
    return Cause(name=f"strangers:{channel}", words=words, look=where_to_look(Remedy("strangers")))


def _title(desk: Desk, channel: str) -> str:
    known = desk.channels.get(channel)
    return known.title if known is not None and known.title else channel


def examine_strangers(desk: Desk) -> Iterator[Examined]:
    """Accounts that cannot be looked at."""
    for each in standings(desk) if desk.looking.on else ():
        if each.failing is not None and (each.refused or desk.clock() - each.failing > PATIENCE):
            yield Examined(
                what=say("渠道 {id} 账号上的稿件", "what the account of {id} shows", id=each.channel),
                trouble=say("看不了有没有别人发的：{why}", "posts of others cannot be seen: {why}", why=each.words),
                fatal=False,
            )
