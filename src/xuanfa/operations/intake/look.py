"""Look through ``posts/``: what is to be read, what only has another name now, and what is gone.

A post is its content under a slug that stays, never a file's name: a file that was renamed is still its post, and one that was taken away
takes along what has not been sent.
"""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import groupby

import sqlalchemy as sa

from xuanfa.content.reading.files import ABSENT
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.likeness import body_of, comparable, is_same, title_key
from xuanfa.domain.post import Post
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.copies import is_copy, originals_of
from xuanfa.operations.intake.inbox import InboxFile, changed, digest_of, is_bare, list_inbox, source_of, unchanged_of
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.withheld import gone_in_words, gone_notice, held_besides, hold
from xuanfa.store import channels, deliveries, posts, waiting
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import Named, SeenFile

#: So long after its time a post that could not be rendered is tried again by itself: a pass must not cost all that was ever given up.
AGAIN_FOR = timedelta(days=30)
#: So many files that are gone at once, and none is left: a folder that is not connected, and no deletion.
EMPTIED = 2
#: Under what is kept since when a file has been seen to change, and for how long: after that it is waited for once more.
_MOVING, _MOVING_FOR = "moving", timedelta(hours=1)
#: A picture of a post: name from the post's folder, size, time of change in nanoseconds.
Part = tuple[str, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Todo:
    """A file to be read: as it was read before, if it was, and for which channels, if not for all."""

    file: InboxFile
    seen: SeenFile | None = None
    only: Collection[str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be read, in order, and the posts whose files have gone without a trace. ``making`` is what makes renditions now."""

    todo: Sequence[Todo] = ()
    #: By what their titles have in common with the same title written otherwise; empty where nothing new lies there that could be one of them.
    lost: Mapping[str, Sequence[Named]] = field(default_factory=dict)
    #: Those of them of which everything was withdrawn: a corrected text is another post.
    withdrawn: Collection[int] = ()
    making: str = ""
    #: The names of files that seem to be copies of what lies beside them: none of them is a lost post under another name.
    copies: Collection[str] = ()


def look(desk: Desk, report: QueueReport, until: datetime) -> Look:
    """Look once. Posts whose own file has changed wait for it ``until`` then; those whose file is gone are held.

    Raises ConfigError where the folder cannot be read; one that is suddenly empty is trouble too, and no deletion.
    """
    # What was read is asked for first: a file that another process takes in between would look as if it were gone.
    with desk.store.read() as connection:
        seen = posts.seen_files(connection)
        unrendered = deliveries.unrendered(connection, desk.clock() - AGAIN_FOR)
    inbox, making = list_inbox(desk.posts_folder), desk.made_by()
    if not inbox and _is_suddenly_empty(desk, seen):
        report.folder_trouble = _emptied(len(seen))
        report.refuse([report.folder_trouble])
        return Look(making=making)
    found = _find(desk, inbox, seen, unrendered, making)
    for file in found.bad:
        report.refuse(seen[file.shown_as].problems)
    report.unchanged = len(inbox) - sum(map(len, (found.bad, found.new, found.again, found.remade, found.moving)))
    report.notice(*(moving_notice(file.shown_as) for file in found.moving))
    written = _write(desk, report, until, found)
    todo = [Todo(file=written.known(file), seen=seen.get(file.shown_as)) for file in (*found.new, *found.remade)]
    todo += [Todo(file=written.known(file), seen=seen[file.shown_as], only=only) for file, only in found.again.items()]
    todo += [
        Todo(file=written.known(file), seen=_under(file, known))
        for file, known in found.renamed.items()
        if file not in found.moving and (file in found.otherwise or known.post_id in written.held)
    ]
    # What has ended a process before comes last: the others are in by then. So do copies: what they were made of goes first.
    return Look(
        todo=sorted(
            todo, key=lambda each: (each.seen.crashes if each.seen else 0, bool(originals_of(each.file.shown_as)))
        ),
        lost=_by_title(written.lost),
        withdrawn=written.withdrawn,
        making=making,
        copies={each.file.shown_as for each in todo if is_copy(each.file.shown_as, set(_names(inbox)))},
    )


def lost_post(lost: Mapping[str, Sequence[Named]], post: Post) -> Named | None:
    """The post whose file is gone and which this file is under another name, edited a little or not at all."""
    body, same_title = comparable(post.body), lost.get(title_key(post.title), ())
    return next((each for each in same_title if is_same(comparable(body_of(each.source)), body)), None)


def _by_title(lost: Iterable[Named]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = {}
    for each in lost:
        found.setdefault(title_key(each.title), []).append(each)
    return found


def is_moving(file: InboxFile, parts: Iterable[Part], desk: Desk) -> bool:
    """Whether a file, or a picture that it is made of, has changed so lately that it may be half written. One dated to come tells nothing."""
    if file.trouble or not desk.still:
        return False
    now_ns, times = int(desk.clock().timestamp() * 1e9), [file.changed_ns]
    for name, _, _ in parts:
        with suppress(OSError):
            times.append((file.path.parent / name).stat().st_mtime_ns)
    return any(0 <= now_ns - changed_ns < desk.still.total_seconds() * 1e9 for changed_ns in times)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """What a look has found: files to be read because they are ``new`` or changed, are to be ``remade``, or because channels are without
    a rendition (``again``, with those channels); those that are ``moving`` are not. ``otherwise`` are the ``renamed`` ones that are to be
    remade; of the ``stale`` nothing is. ``gone`` are names that were seen."""

    inbox: Sequence[InboxFile]
    seen: Mapping[str, SeenFile]
    making: str
    #: What is wrong with them is known, and nothing has changed that it came from.
    bad: Sequence[InboxFile]
    new: Sequence[InboxFile]
    remade: Sequence[InboxFile]
    again: Mapping[InboxFile, Collection[str]]
    stale: Sequence[InboxFile]
    moving: Sequence[InboxFile]
    gone: Mapping[str, SeenFile]
    renamed: Mapping[InboxFile, SeenFile]
    otherwise: Sequence[InboxFile]

    @property
    def changing(self) -> list[str]:
        """The names of what is about to be read, and is not as it was."""
        new = (file for file in self.new if not file.is_as(self.seen.get(file.shown_as)))
        return _names([*new, *self.remade, *self.otherwise])

    @property
    def forgotten(self) -> list[str]:
        """What need not be remembered any more. A new file that is still being copied may be one of those that are gone: they are followed
        when it is whole."""
        is_coming = any(file.shown_as not in self.seen and file not in self.renamed for file in self.moving)
        return [] if is_coming else list(self.gone)

    @property
    def is_nothing(self) -> bool:
        """Whether nothing is to be written down."""
        return not (self.new or self.remade or self.moving or self.gone or self.stale)


def _find(
    desk: Desk,
    inbox: Sequence[InboxFile],
    seen: Mapping[str, SeenFile],
    unrendered: Mapping[int, Collection[str]],
    making: str,
) -> _Found:
    """Part what lies there by what is to be done about it."""
    bad = [file for file in inbox if _is_bad_as_before(file, seen.get(file.shown_as), making)]
    new = [file for file in changed(list(inbox), seen) if file not in bad]
    remade, stale = _made_otherwise(desk, [file for file in inbox if file not in new], seen, making)
    again = {
        file: unrendered[seen[file.shown_as].post_id or 0]
        for file in unchanged_of(list(inbox), seen, unrendered)
        if file not in remade
    }
    moving = [file for file in new if not file.is_as(seen.get(file.shown_as)) and is_moving(file, (), desk)]
    moving += [file for file in remade if is_moving(file, seen[file.shown_as].parts, desk)]
    gone = _gone(inbox, seen)
    there = {file.shown_as for file in inbox}
    unknown = [
        file for file in new if file.shown_as not in seen and file not in moving and not is_copy(file.shown_as, there)
    ]
    # Of several with the same bytes, the one whose name is not a copy's.
    renamed = _renamed(gone, sorted(unknown, key=lambda file: bool(originals_of(file.shown_as))))
    # Its pictures may have been replaced or left behind as well.
    otherwise = [file for file, known in renamed.items() if known.making != making or _parts_differ(file, known)]
    moving += [file for file in otherwise if is_moving(file, renamed[file].parts, desk)]
    return _Found(
        inbox=inbox,
        seen=seen,
        making=making,
        bad=bad,
        new=[file for file in new if file not in moving and file not in renamed],
        remade=[file for file in remade if file not in moving],
        again=again,
        stale=[file for file in stale if file not in again],
        moving=moving,
        gone=gone,
        renamed=renamed,
        otherwise=[file for file in otherwise if file not in moving],
    )


def _names(files: Iterable[InboxFile]) -> list[str]:
    return [file.shown_as for file in files]


def _is_suddenly_empty(desk: Desk, seen: Mapping[str, SeenFile]) -> bool:
    """Whether nothing at all is left of several files of which something is still to be sent. Where something lies there, files were taken
    out of it, or back by their names."""
    if len(seen) < EMPTIED or not is_bare(desk.posts_folder):
        return False
    with desk.store.read() as connection:
        return bool(waiting.unsent_of(connection, [known.post_id for known in seen.values() if known.post_id]))


def _made_otherwise(
    desk: Desk, inbox: Sequence[InboxFile], seen: Mapping[str, SeenFile], making: str
) -> tuple[list[InboxFile], list[InboxFile]]:
    """Files whose pictures have been replaced, or whose posts would look otherwise by today's templates and settings; and those that the
    latter does not concern any more, because nothing of their posts waits to be sent."""
    taken = {
        file: known for file in inbox if (known := seen.get(file.shown_as)) and known.post_id and file.is_as(known)
    }
    replaced = [file for file, known in taken.items() if known.parts and _parts_differ(file, known)]
    older = {file: known for file, known in taken.items() if known.making != making and file not in replaced}
    if not older:
        return replaced, []
    with desk.store.read() as connection:
        unsent = waiting.unsent_of(connection, [known.post_id for known in older.values() if known.post_id])
    concerned = [file for file, known in older.items() if known.post_id in unsent]
    return replaced + concerned, [file for file in older if file not in concerned]


def _is_bad_as_before(file: InboxFile, known: SeenFile | None, making: str) -> bool:
    """Whether nothing has changed of what its problems came from, so that it need not be read to tell them again. Where they may have come
    from elsewhere (another file's slug, a full disk), no ``making`` is noted."""
    if known is None or not known.problems or not known.making or known.crashes:
        return False
    return file.is_as(known) and known.making == making and not _parts_differ(file, known)


def _parts_differ(file: InboxFile, known: SeenFile) -> bool:
    for name, size, changed_ns in known.parts:
        try:
            facts = (file.path.parent / name).stat()
            found = facts.st_size, facts.st_mtime_ns
        except (OSError, ValueError):
            found = ABSENT
        if found != (size, changed_ns):
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Written:
    """What came of it: posts that are ``lost``, posts that only their files hold, and the slugs of files."""

    lost: Sequence[Named] = ()
    withdrawn: Collection[int] = ()
    held: Collection[int] = ()
    slugs: Mapping[str, str] = field(default_factory=dict)

    def known(self, file: InboxFile) -> InboxFile:
        return replace(file, slug=self.slugs.get(file.shown_as, ""))


def _write(desk: Desk, report: QueueReport, until: datetime, found: _Found) -> _Written:
    """Write down what a look has found."""
    names = _names([*found.new, *found.remade, *found.again, *found.moving, *found.renamed])
    if found.is_nothing:
        with desk.store.read() as connection:
            return _Written(slugs=posts.slugs_of(connection, names))
    now = desk.clock()
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        there = posts.seen_files(connection) if found.gone else {}
        # What another process has read or followed meanwhile is not ours to tell of.
        gone = {path: known for path, known in found.gone.items() if there.get(path) == known}
        for file, known in found.renamed.items():
            if known.path in gone:
                posts.move(connection, known.post_id or 0, file.shown_as)
                posts.note_file(connection, _under(file, known), now)
                posts.drop_files(connection, [known.path])
                report.notice(_renamed_notice(known.path, file.shown_as))
        posts.drop_files(connection, [path for path in found.forgotten if path in gone])
        posts.note_making(connection, _names(found.stale), found.making)
        _await(desk, connection, report, until, found)
        slugs = posts.slugs_of(connection, names)
        paths = posts.paths_of(connection, list(gone))
        held = hold(desk, connection, {id_: gone_in_words(desk.folder, path) for id_, path in paths.items()}, now)
        forgotten = set(found.forgotten)
        report.notice(*held_besides(connection, {id_: path for id_, path in paths.items() if path in forgotten}))
        by_file = waiting.held_by_file(connection)
        lost, withdrawn = dict[int, Named](), set[int]()
        if slugs.keys() < set(names):
            # Those that earlier looks have missed are looked for, too: a file may come back under another name.
            lying = set(_names(found.inbox))
            named = posts.named(connection, [*paths, *by_file])
            lost = {id_: each for id_, each in named.items() if id_ in paths or each.path not in lying}
            withdrawn = waiting.withdrawn_of(connection, list(lost))
    for change in held:
        desk.emit(change)
    for post_id, some in groupby(sorted(held, key=_post_of), key=_post_of):
        report.notice(gone_notice(desk.folder, paths[post_id], [change.after.id for change in some]))
    return _Written(lost=tuple(lost.values()), withdrawn=withdrawn, held=set(by_file), slugs=slugs)


def _post_of(change: Change) -> int:
    return change.after.post_id


def _await(desk: Desk, connection: sa.Connection, report: QueueReport, until: datetime, found: _Found) -> None:
    """What is due waits for its own file, but not for ever: where that is being written for longer, it goes out as it was last read."""
    now = desk.clock()
    waiting.await_file(connection, posts.of_paths(connection, found.changing), until)
    for path in _names(found.moving):
        concerned, end = posts.of_paths(connection, [path]), _moving_since(connection, path, now) + (until - now)
        if now < end:
            waiting.await_file(connection, concerned, end)
        elif any(each.ready_at <= now for each in waiting.scheduled_of(connection, concerned)):
            report.notice(_unread_notice(path))
    for path in (*found.changing, *_names(found.new)):
        channels.forget(connection, _MOVING, _key(path))


def _moving_since(connection: sa.Connection, path: str, now: datetime) -> datetime:
    """Since when looks have found a file moving."""
    if channels.take(connection, _MOVING, _key(path), now.isoformat(), now=now, expires_at=now + _MOVING_FOR):
        return now
    return datetime.fromisoformat(channels.recall(connection, _MOVING, _key(path), now) or now.isoformat())


def _key(path: str) -> str:
    return hashlib.sha256(path.encode()).hexdigest()


def _under(file: InboxFile, known: SeenFile) -> SeenFile:
    """What is known of a file, under its new name."""
    return replace(known, path=file.shown_as, changed_ns=file.changed_ns)


def _emptied(count: int) -> str:
    return say(
        "posts/ 突然空了（上次有 {n} 个文件），没有当作删除，已排入的照常发布。请检查文件夹是否已挂载、是否被移走。",
        "posts/ is suddenly empty ({n} files were there). That is not taken for a deletion, and what is queued goes out: see whether the folder "
        "is mounted or was moved away.",
        n=count,
    )


def moving_notice(path: str) -> str:
    return say(
        "{path}：刚刚还在变化，可能没有拷完，下一遍再读。",
        "{path}: it has just changed and may be half copied; it is read in the next pass.",
        path=path,
    )


def _unread_notice(path: str) -> str:
    return say(
        "{path}：一直在变化，等了 10 秒还没有读到；到时间的投递按上一次读到的内容发出。",
        "{path}: it has kept changing and could not be read for 10 s; what is due goes out as it was last read.",
        path=path,
    )


def _renamed_notice(before: str, path: str) -> str:
    return say(
        "{path}：由 {before} 改名而来，还是同一篇稿件，不会重新发布。",
        "{path}: it was {before} and is the same post; nothing is published anew.",
        path=path,
        before=before,
    )
