"""Look through ``posts/``: what is to be read, what only has another name now, and what is gone.

A post is its content under a slug that stays, never a file's name: a file that was renamed is still its post, and one that was taken away
takes along what has not been sent.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.delivery import BY_FILE, Delivery, State
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.life import move
from xuanfa.domain.likeness import body_of, comparable, is_same, title_key
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.inbox import InboxFile, changed, digest_of, list_inbox, source_of, unchanged_of
from xuanfa.operations.queued import QueueReport
from xuanfa.store import deliveries, posts, waiting
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import Named, SeenFile

#: So long after its time a post that could not be rendered is tried again by itself: a pass must not cost all that was ever given up.
AGAIN_FOR = timedelta(days=30)
#: So many files that are gone at once, and none is left: a folder that is not connected, and no deletion.
EMPTIED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A file to be read: as it was read before, if it was, and for which channels, if not for all."""

    file: InboxFile
    seen: SeenFile | None = None
    only: Collection[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be read, in order, and the posts whose files have gone without a trace."""

    todo: Sequence[Todo] = ()
    lost: Sequence[Named] = ()


def look(desk: Desk, report: QueueReport, until: datetime) -> Look:
    """Look once. Posts whose own file has changed wait for it ``until`` then; those whose file is gone are held.

    Raises ConfigError where the folder cannot be read; one that is suddenly empty is trouble too, and no deletion.
    """
    inbox = list_inbox(desk.posts_folder)
    with desk.store.read() as connection:
        seen = posts.seen_files(connection)
        unrendered = deliveries.unrendered(connection, desk.clock() - AGAIN_FOR)
    if not inbox and len(seen) >= EMPTIED:
        report.refuse([_emptied(len(seen))])
        return Look()
    again = {file: unrendered[seen[file.shown_as].post_id or 0] for file in unchanged_of(inbox, seen, unrendered)}
    new = changed(inbox, seen)
    moving = [file for file in new if not file.is_as(seen.get(file.shown_as)) and _moves(file, desk)]
    new = [file for file in new if file not in moving]
    remade, stale = _made_otherwise(desk, [file for file in inbox if file not in new and file not in moving], seen)
    gone = _gone(inbox, seen)
    renamed = _renamed(gone, [file for file in new if file.shown_as not in seen])
    new = [file for file in new if file not in renamed]
    report.unchanged = len(inbox) - len(new) - len(again) - len(remade) - len(moving)
    report.notice(*(_moving_notice(file.shown_as) for file in moving))
    changing = [file.shown_as for file in (*(f for f in new if not f.is_as(seen.get(f.shown_as))), *moving, *remade)]
    lost, slugs = _write(
        desk, report, until, _Changes(gone, renamed, stale, changing, [f.shown_as for f in new + remade])
    )
    todo = [Todo(file=_known(file, slugs), seen=seen.get(file.shown_as)) for file in (*new, *remade)]
    todo += [Todo(file=_known(file, slugs), seen=seen[file.shown_as], only=only) for file, only in again.items()]
    # What has ended a process before comes last: the others are in by then.
    return Look(todo=sorted(todo, key=lambda each: each.seen.crashes if each.seen else 0), lost=lost)


def lost_post(lost: Iterable[Named], post: Post) -> Named | None:
    """Of posts whose files are gone, the one that this is under another name, edited a little or not at all."""
    body = comparable(post.body)
    same_title = (each for each in lost if title_key(each.title) == title_key(post.title))
    return next((each for each in same_title if is_same(comparable(body_of(each.source)), body)), None)


def hold(desk: Desk, connection: sa.Connection, reasons: Mapping[int, str], now: datetime) -> list[Change]:
    """Hold what is scheduled of these posts, by id, each with its reason: their own files stand in the way."""
    changes = [
        Change(delivery, _held(delivery, reasons[delivery.post_id]))
        for delivery in waiting.scheduled_of(connection, list(reasons))
        if not delivery.may_be_public
    ]
    deliveries.write(connection, changes, now, desk.node)
    return changes


def _held(delivery: Delivery, reason: str) -> Delivery:
    return move(delivery, State.HELD, reason, hold=BY_FILE)


def gone_in_words(path: str) -> str:
    """Why what has not been sent of a post is held whose file is gone."""
    return say(
        "稿件文件 {path} 不见了（删除、改名或移走），没有发出。不发了就取消；要发就把文件放回原处，会自动恢复；确要照上一版发就放行",
        "its file {path} is gone (deleted, renamed or moved), and it was not sent. Cancel it, or put the file back, and it goes on by itself; "
        "to publish it as it was last read, release it",
        path=path,
    )


def broken_in_words(path: str, problem: str) -> str:
    """The same for a file that cannot be read as a post any more."""
    return say(
        "稿件文件 {path} 改过之后有问题，没有发出：{problem} 改好保存会自动恢复；确要照上一版发就放行",
        "its file {path} has changed and has a problem, and it was not sent: {problem} Mend it, and it goes on by itself; to publish it as "
        "it was last read, release it",
        path=path,
        problem=problem,
    )


def _moves(file: InboxFile, desk: Desk) -> bool:
    """Whether a file has changed so lately that it may be half written. One dated to come tells nothing."""
    if file.trouble or not desk.still:
        return False
    return timedelta(0) <= desk.clock() - file.changed_at < desk.still


def _made_otherwise(
    desk: Desk, inbox: Sequence[InboxFile], seen: Mapping[str, SeenFile]
) -> tuple[list[InboxFile], list[str]]:
    """Files whose pictures have been replaced, or whose posts would look otherwise by today's templates and settings; and the names of
    files that the latter does not concern any more, because nothing of their posts waits to be sent."""
    taken = {
        file: known for file in inbox if (known := seen.get(file.shown_as)) and known.post_id and file.is_as(known)
    }
    replaced = [file for file, known in taken.items() if known.parts and _parts_differ(file, known)]
    older = {file: known for file, known in taken.items() if known.making != desk.making and file not in replaced}
    if not older:
        return replaced, []
    with desk.store.read() as connection:
        unsent = waiting.unsent_of(connection, [known.post_id for known in older.values() if known.post_id])
    concerned = [file for file, known in older.items() if known.post_id in unsent]
    return replaced + concerned, [file.shown_as for file in older if file not in concerned]


def _parts_differ(file: InboxFile, known: SeenFile) -> bool:
    for name, size, changed_ns in known.parts:
        try:
            facts = (file.path.parent / name).stat()
        except OSError:
            return True
        if (facts.st_size, facts.st_mtime_ns) != (size, changed_ns):
            return True
    return False


def _gone(inbox: Sequence[InboxFile], seen: Mapping[str, SeenFile]) -> dict[str, SeenFile]:
    """Files that were read and are not there any more; of a folder that cannot be looked into nobody knows."""
    there = {file.shown_as for file in inbox}
    hidden = tuple(f"{file.shown_as}/" for file in inbox if file.trouble)
    return {path: known for path, known in seen.items() if path not in there and not path.startswith(hidden)}


def _renamed(gone: Mapping[str, SeenFile], new: Sequence[InboxFile]) -> dict[InboxFile, SeenFile]:
    """New files with the very bytes of one that is gone, each with what is known of it. Each that is gone is followed once."""
    left = {(known.size, known.digest): known for known in gone.values() if known.post_id}
    sizes = {size for size, _ in left}
    found: dict[InboxFile, SeenFile] = {}
    for file in new:
        if file.size in sizes and not file.trouble:
            try:
                known = left.pop((file.size, digest_of(source_of(file))), None)
            except ContentError:
                continue  # what is wrong with it is told when it is read
            if known is not None:
                found[file] = known
    return found


@dataclass(frozen=True, slots=True)
class _Changes:
    """What a look writes down."""

    gone: Mapping[str, SeenFile]
    renamed: Mapping[InboxFile, SeenFile]
    stale: Sequence[str]
    changing: Sequence[str]
    to_read: Sequence[str]


def _write(
    desk: Desk, report: QueueReport, until: datetime, found: _Changes
) -> tuple[tuple[Named, ...], dict[str, str]]:
    """Write down what a look has found; the posts that are lost, and the slugs of files that are to be read, by name."""
    lost, held = dict[int, Named](), list[Change]()
    with desk.store.read() as connection:
        slugs = posts.slugs_of(connection, found.to_read)
    if not (found.gone or found.renamed or found.stale or found.changing):
        return (), slugs
    now = desk.clock()
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        for file, known in found.renamed.items():
            posts.move(connection, known.post_id or 0, file.shown_as)
            posts.note_file(connection, replace(known, path=file.shown_as, changed_ns=file.changed_ns), now)
            report.notice(_renamed_notice(known.path, file.shown_as))
        posts.drop_files(connection, list(found.gone))
        posts.note_making(connection, found.stale, desk.making)
        waiting.await_file(connection, posts.of_paths(connection, found.changing), until)
        lost = posts.named(connection, posts.of_paths(connection, list(found.gone)))
        held = hold(desk, connection, {id_: gone_in_words(each.path) for id_, each in lost.items()}, now)
    for change in held:
        desk.emit(change)
    told = {change.after.post_id for change in held}
    report.notice(*(f"{each.path}: {gone_in_words(each.path)}" for id_, each in lost.items() if id_ in told))
    return tuple(lost.values()), slugs


def _known(file: InboxFile, slugs: Mapping[str, str]) -> InboxFile:
    return replace(file, slug=slugs.get(file.shown_as, ""))


def _emptied(count: int) -> str:
    return say(
        "posts/ 突然空了（上次有 {n} 个文件），没有当作删除，已排入的照常发布。请检查文件夹是否已挂载、是否被移走。",
        "posts/ is suddenly empty ({n} files were there). That is not taken for a deletion, and what is queued goes out: see whether the folder "
        "is mounted or was moved away.",
        n=count,
    )


def _moving_notice(path: str) -> str:
    return say(
        "{path}：刚刚还在变化，可能没有拷完，下一遍再读。",
        "{path}: it has just changed and may be half copied; it is read in the next pass.",
        path=path,
    )


def _renamed_notice(before: str, path: str) -> str:
    return say(
        "{path}：由 {before} 改名而来，还是同一篇稿件，不会重新发布。",
        "{path}: it was {before} and is the same post; nothing is published anew.",
        path=path,
        before=before,
    )
