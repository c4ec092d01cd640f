"""Lost: what is done where the database has forgotten something that marks or channels remember: everything is held, as after a restore,
and what is remembered is kept, so that a post that is read later is held, too."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.adapters.protocol import Remembers
from xuanfa.domain.errors import XuanfaError
from xuanfa.domain.language import say
from xuanfa.domain.mark import Mark
from xuanfa.domain.person import Actor
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.restoring import since_forgotten
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.holding import Hold, hold_everything
from xuanfa.store import history, identity, locks, recollections, restores
from xuanfa.store.identity import Identity
from xuanfa.store.marks import Marks, is_mark
from xuanfa.store.recollections import Pair, Recollection

log = logging.getLogger(__name__)


def hold(desk: Desk, ahead: Mark) -> None:
    """Hold everything, because the database does not know ``ahead``; and call it something else, where it is its own mark of a later day.

    While a restore, or an earlier find of this kind, stands, everything is held already, and only what is remembered is added.
    """
    now, marks = desk.clock(), desk.marks
    told = recollect(desk)
    newest = marks.newest()
    changes = []
    with desk.store.write() as connection:
        locks.hold(connection, "memory")
        me = identity.get(connection)
        if me.database != marks.database:
            return  # another process has seen to it, and it is looked at anew
        new = recollections.keep(connection, told)
        identity.account_for(connection, newest, now, desk.node)
        own = ahead.database == me.database
        if own:
            identity.rename(connection, now, desk.node)
        # The marks of another machine, seen after everything here was held and decided, may say nothing new.
        is_news = own or new or restores.latest(connection) is None
        words = ""
        if is_news and restores.standing(connection) is None:
            known_to = history.newest_at(connection)
            words = _words(desk, ahead.at, known_to)
            held = Hold(
                backup=restores.FORGOTTEN,
                taken_at=known_to or now,
                now=now,
                actor=desk.node,
                since=since_forgotten(in_words(now, desk.zone)),
                why=words,
            )
            changes = hold_everything(connection, held)
            restores.finish(connection, now)
        me, far = identity.get(connection), history.far(connection)
    note_held(marks, me, far, now)
    if words:
        log.error("%s", words)
    for change in changes:
        if change.before.state is not change.after.state:
            desk.emit(change)


def recollect(desk: Desk) -> dict[Pair, Recollection]:
    """What the marks, and the channels that can tell, remember to have been sent."""
    return recollections.merge(said_by_marks(desk.marks), said_by_channels(desk))


def said_by_marks(marks: Marks) -> Iterator[Recollection]:
    """What marks say was sent. What a later line says did not leave after all was not."""
    told = list(marks.all())
    kept = {(mark.database, sent) for _, mark in told for sent in mark.kept}
    for place, mark in told:
        left = (sent for sent in mark.sent if (mark.database, sent) not in kept)
        for sent in dict.fromkeys((*left, *mark.out)):
            yield Recollection(post=sent.post, channel=sent.channel, at=mark.at, source=(place,))


def said_by_channels(desk: Desk) -> Iterator[Recollection]:
    """What channels that can tell have had published. One that fails to say says nothing, and that is logged."""
    for channel in desk.channels.values():
        adapter = desk.adapters.bound(channel.id)
        if channel.rehearsal or not isinstance(adapter, Remembers):
            continue
        try:
            for each in adapter.remembered(channel.id):
                yield Recollection(post=each.post, channel=channel.id, at=each.at, source=(channel.id,))
        except XuanfaError as error:
            log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it


def source_in_words(source: Sequence[str]) -> str:
    """Who remembers something, for people: the marks, whichever of their files, and channels by their ids."""
    named = dict.fromkeys(say("程序外的记号", "the marks") if is_mark(each) else each for each in source)
    return say("、", ", ").join(named)


def begin_anew(connection: sa.Connection, marks: Marks, now: datetime, actor: Actor) -> None:
    """Have a database into which a backup has just been put be another one, of this workspace, to which the marks of before are no news;
    what they say of the time since is kept."""
    identity.ensure(connection)  # a backup of long ago has none
    me = identity.get(connection)
    name = marks.owner() or marks.name_for(me.salt)
    marks.use(me.workspace or name, me.database, named=bool(me.workspace))
    recollections.keep(connection, recollections.merge(said_by_marks(marks)))
    identity.account_for(connection, marks.newest(), now, actor)
    identity.rename(connection, now, actor)
    identity.adopt(connection, name, now, actor)
    if identity.is_vouched_for(connection):
        identity.vouch(connection, now, actor)  # whoever restores an altered one has said so


def note_held(marks: Marks, me: Identity, far: int, now: datetime) -> None:
    """Note which database is this workspace's now, while everything in it is held."""
    marks.use(me.workspace, me.database, named=marks.named)
    marks.write(replace(marks.mark(now), far=far, held=True))
    marks.sync()
    marks.far = far


def _words(desk: Desk, remembered: datetime, known_to: datetime | None) -> str:
    own = say("只记到 {at}", "knows things up to {at}", at=in_words(known_to, desk.zone)) if known_to else ""
    return say(
        "数据库不记得已经做过的事：程序外的记号和渠道记到 {at}，数据库{own}。为免重发，已全部暂停、逐条暂缓。"
        "有备份请用 {restore}；没有就用 {recover} 查看，"
        "逐条核对后用 {resume}",
        "the database has forgotten what was done: marks outside it and channels remember things up to {at}, the database {own}. So that "
        "nothing goes out twice, everything is paused and held. If you have a backup, run {restore}; if not, look with {recover}, settle "
        "each, then run {resume}",
        at=in_words(remembered, desk.zone),
        own=own or say("是空的", "is empty"),
        restore=Remedy("restore"),
        recover=Remedy("recover"),
        resume=Remedy("resume"),
    )
