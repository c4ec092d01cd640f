"""Memory: see that the database is this workspace's, and that it still knows what has been done; note outside of it what is done.

What is noted has been committed, and what may leave is noted before it leaves. So a database is never behind its marks unless something
was taken from it, and then everything is held, as after a restore (``operations/keeping/lost``).
"""

import logging
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import zip_longest

import sqlalchemy as sa

from xuanfa.domain.attempt import Action
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import StoreError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.mark import Knowledge, Mark, Sent, forgotten, never_did_anything, unaccounted
from xuanfa.domain.outcome import Unsent
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.operations.keeping.lost import hold, said_by_channels
from xuanfa.operations.sending.perform import Done, Job
from xuanfa.store import attempts, history, identity, recollections, restores
from xuanfa.store.deliveries import Change
from xuanfa.store.identity import Identity
from xuanfa.store.marks import BESIDE, Marks
from xuanfa.store.recollections import Pair, Recollection

log = logging.getLogger(__name__)

#: How long a look at the marks is relied on. Seconds.
_SEEN = 0.5
#: Tries in one mark at most, so that its line is short enough to be found at the end of a file.
_TOGETHER = 50


def belong(desk: Desk, *, taking: bool = True) -> None:
    """See that the database is this workspace's; a new one becomes its, if ``taking``. Raises StoreError for one that belongs to another."""
    marks = desk.marks
    if not marks.folder:
        return
    with desk.store.read() as connection:
        me = identity.get(connection)
    beside = marks.owner()
    name = beside or marks.name_for(me.salt)
    if not me.workspace and taking:
        with desk.store.write() as connection:
            me = identity.take(connection, name, desk.clock(), desk.node)
    if me.workspace not in {"", name} and not marks.is_unreadable():
        raise _another_workspaces(desk, me)
    marks.salt = me.salt
    marks.use(me.workspace or name, me.database, named=beside is not None)
    if beside is None and taking:
        marks.write(marks.mark(desk.clock()))


def see(desk: Desk) -> None:
    """See that the database knows what its marks say; where it does not, hold everything and say so. Cheap, and asked at each pass.

    Raises StoreError for one whose identity was altered: it would not know the accounts again to which it has sent.
    """
    see_marks(desk)
    require_identity(desk)


def require_identity(desk: Desk) -> None:
    """Raise StoreError where the identity is not the one that the history vouches for."""
    trouble = identity_trouble(desk)
    if trouble:
        raise StoreError(trouble)


def identity_trouble(desk: Desk) -> str:
    """What is said where it is not; empty where it is."""
    with desk.store.read() as connection:
        if identity.is_as_told(connection):
            return ""
    return say(
        "数据库的身份记录（表 identity）与历史不符，有人绕过程序改过：程序将认不出发过的账号，可能重发，所以什么也不发。请用 {verify} 查看，"
        "从最近一份通得过 {verify} 的备份恢复（{restore}）。",
        "The identity of the database (table identity) is not the one that its history vouches for: somebody has changed it past the "
        "program. Accounts would not be known again, and posts might go out twice, so nothing is sent. Run {verify}, and restore the "
        "latest backup that verifies ({restore}).",
        verify=Remedy("verify"),
        restore=Remedy("restore"),
    )


def see_marks(desk: Desk) -> None:
    """The same of the marks alone, for whoever only looks."""
    marks = desk.marks
    if not marks.folder:
        return
    if desk.store.is_replaced():
        is_there = desk.store.file is not None and desk.store.file.exists()
        words = (
            ("数据库文件 {file} 被换过，重新打开。", "the file of the database {file} was replaced; opening it anew.")
            if is_there
            else (
                "数据库文件 {file} 不见了（删除、移走，或磁盘没有挂载），重新建立。",
                "the file of the database {file} is gone (deleted, moved, or its disk is not mounted); making a new one.",
            )
        )
        log.warning("%s", say(*words, file=desk.store.file))
        desk.store.close()
        desk.store.ready(marks.salt)  # by which this process names accounts
        belong(desk)
    elif time.monotonic() - marks.seen_at < _SEEN:
        return
    ahead = look(desk)
    if ahead is not None:
        hold(desk, ahead)
    else:
        _leave_behind(desk)
    marks.seen_at = time.monotonic()


def _leave_behind(desk: Desk) -> None:
    """Where another database stood here before of which nothing has left and in which nobody has decided anything: say so, once."""
    marks = desk.marks
    with desk.store.read() as connection:
        me = identity.get(connection)
    found = [
        mark for some in marks.recent() for mark in unaccounted(some, me.accounted) if mark.database != me.database
    ]
    if not found or me.database != marks.database:
        return
    with desk.store.write() as connection:
        identity.account_for(connection, [mark.digest for mark in found], desk.clock(), desk.node)
    log.warning(
        "%s",
        say(
            "数据库是新的。以前的那个不见了，但它什么也没有发出过，也没有人在其中作过决定，所以照常继续。",
            "The database is new. The one before is gone, but nothing of it ever left and nobody had decided anything in it, so all goes on.",
        ),
    )


def look(desk: Desk) -> Mark | None:
    """The newest mark that the database does not know and that has not been accounted for; ``None`` where it knows everything.

    Where no mark says anything yet, the channels that can tell are asked in their place, once. Both are asked before the database is: what
    they say had been committed by then.
    """
    marks = desk.marks
    recent = marks.recent()
    emptied = _emptied(marks, recent)
    says_nothing = not any(
        (mark.counts or mark.held) and mark.database not in emptied for found in recent for mark in found
    )
    told = recollections.merge(said_by_channels(desk)) if says_nothing and not marks.asked else {}
    marks.asked = True
    with desk.store.read() as connection:
        me = identity.get(connection)
        ahead = _ahead(connection, me, marks, recent, emptied) or _unknown(connection, marks, told)
    if me.database == marks.database:
        return ahead
    marks.use(
        me.workspace or marks.workspace, me.database, named=marks.named
    )  # another process has called it something else
    return look(desk)


def _emptied(marks: Marks, recent: Sequence[Sequence[Mark]]) -> set[str]:
    """Other databases of which every mark says that nothing of them has left, and that nobody had decided anything in them. All their marks
    are read only where the newest says so."""
    newest = {found[0].database: found[0] for found in recent if found}
    maybe = {name for name, mark in newest.items() if name != marks.database and (mark.blank or mark.kept)}
    if not maybe:
        return set()
    of = {name: [mark for _, mark in marks.all() if mark.database == name] for name in maybe}
    return {name for name, its in of.items() if never_did_anything(its)}


def _ahead(
    connection: sa.Connection, me: Identity, marks: Marks, recent: Sequence[Sequence[Mark]], emptied: Collection[str]
) -> Mark | None:
    newer = [
        mark
        for found in recent
        for mark in unaccounted(found, me.accounted)
        if mark.database not in emptied or mark.database == me.database
    ]
    mine = [mark for mark in newer if mark.database == me.database]
    marks.far = max((mark.far for found in recent for mark in found if mark.database == me.database), default=0)
    known = attempts.newest_of(connection, {sent.delivery for mark in mine for sent in (*mark.sent, *mark.out)})
    return forgotten(newer, Knowledge(database=me.database, far=history.far(connection), attempts=known))


def _unknown(connection: sa.Connection, marks: Marks, told: Mapping[Pair, Recollection]) -> Mark | None:
    """What channels remember and the database does not, as a mark of its own."""
    known = recollections.here(connection, {slug for slug, _ in told})
    unknown = [each.at for pair, each in told.items() if pair not in known or not known[pair].attempt]
    return Mark(workspace="", database="", folder=marks.folder, at=max(unknown)) if unknown else None


def note_turn(
    desk: Desk, now: datetime, jobs: Sequence[Job], results: Sequence[Done], changes: Sequence[Change]
) -> None:
    """Note what is about to leave for real, what was found to be public, and what has not left after all. After the commit, and before
    anything leaves: where a process dies in between, a mark says more than was done, and never less."""
    marks = desk.marks
    if not marks.folder:
        return
    sent = [_sent(job) for job in jobs if job.action is Action.PUBLISH and not job.delivery.rehearsal]
    public = {c.after.id for c in changes if c.after.state is State.PUBLISHED and not c.after.rehearsal}
    out = [_sent(done.job) for done in results if done.job.order.delivery in public]
    kept = [_sent(done.job) for done in results if _has_not_left(done)]
    if sent or out or kept:
        bare = marks.mark(now)
        pieces = zip_longest(_pieces(sent), _pieces(out), _pieces(kept), fillvalue=())
        _write(desk, [replace(bare, sent=some, out=others, kept=rest) for some, others, rest in pieces])


def _has_not_left(done: Done) -> bool:
    """Whether an attempt that a mark says was about to leave is proved to have sent nothing: not a byte, where that was measured."""
    is_marked = done.job.action is Action.PUBLISH and not done.job.delivery.rehearsal
    return is_marked and isinstance(done.ending, Unsent) and not done.sent


def note_end(desk: Desk) -> None:
    """Note how far the history has come, at the end of a pass or of a command, and see the marks safe on the disk. Trouble with the
    database is logged: it undoes nothing of what was done."""
    marks = desk.marks
    if not marks.folder:
        return
    try:
        with desk.store.read() as connection:
            me, far, standing = identity.find(connection), history.far(connection), restores.standing(connection)
            blank = far > marks.far and history.is_blank(connection, far)
    except StoreError as error:
        log.error("%s", error)  # noqa: TRY400 - the message says what to do; a trace would bury it
        return
    if me is not None and me.database == marks.database and far > marks.far:
        _write(desk, [replace(marks.mark(desk.clock()), far=far, held=standing is not None, blank=blank)])
        marks.far = far
    marks.sync()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where marks are kept; ``trouble`` says why they are not, empty where they are."""

    name: str
    trouble: str = ""


def places(desk: Desk) -> list[Place]:
    """Both places in which marks are kept, with what is wrong with them. One that works is enough to notice a lost database."""
    marks = desk.marks
    found = [Place(name=str(path), trouble=_trouble(marks.trouble(path))) for path in marks.places]
    if marks.folder and marks.state is None:
        homeless = say(
            "这个账户没有主目录：请设置 HOME 或 XDG_STATE_HOME", "this account has no home: set HOME or XDG_STATE_HOME"
        )
        found.append(Place(name=say("账户的状态文件夹", "the account's state folder"), trouble=homeless))
    return found


def _trouble(error: OSError | None) -> str:
    if error is None:
        return ""
    return say(
        "读写不了（{why}）：数据库若丢失，这里的记号无从发现。请检查属主和权限",
        "cannot be read or written ({why}), so that it could not tell of a lost database: check its owner and mode",
        why=machine_words(error),
    )


def _write(desk: Desk, lines: Sequence[Mark]) -> None:
    marks = desk.marks
    if marks.write(*lines) or marks.complained:
        return
    marks.complained = True
    text = say(
        "程序外的记号一处也写不下：数据库若丢失，程序将无从发现。请看 {doctor}",
        "no mark outside the database could be written: if the database were lost, nothing would notice. See {doctor}",
        doctor=Remedy("doctor"),
    )
    log.error("%s", text)


def _pieces(tries: Sequence[Sent]) -> Iterator[tuple[Sent, ...]]:
    return (tuple(tries[at : at + _TOGETHER]) for at in range(0, len(tries), _TOGETHER))


def _sent(job: Job) -> Sent:
    order = job.order
    return Sent(order.delivery, order.attempt, order.post, order.channel)


def _another_workspaces(desk: Desk, me: Identity) -> StoreError:
    where = desk.marks.folder_of(me.workspace)
    return StoreError(
        say(
            "这个数据库属于另一个工作区{where}，"
            "没有改动：两个工作区共用一个数据库会互相打乱。请在 database_url 里写本工作区自己的数据库；若它就是本工作区的（搬动时漏了 {file}），"
            "请用 {adopt}，"
            "原来的文件夹此后不能再用它。",
            "This database belongs to another workspace{where}, and nothing was changed: two of them on one database upset each other. Set "
            "database_url to a database of this workspace's own; if this one is its own (it was moved without {file}), run {adopt}, after "
            "which the former folder cannot use it any more.",
            where=say("（{folder}）", " ({folder})", folder=where) if where else "",
            file=BESIDE,
            adopt=Remedy("adopt"),
        )
    )
