"""Queue: read ``posts/`` idempotently. The same path and the same bytes change nothing; changed bytes make a new revision."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from xuanfa import __version__
from xuanfa.domain.errors import ContentError, Place, StateError
from xuanfa.domain.language import say
from xuanfa.operations import aside
from xuanfa.operations.desk import Desk
from xuanfa.operations.inbox import InboxFile, digest_of, source_of
from xuanfa.operations.look import Look, Todo, broken_in_words, hold, look, lost_post
from xuanfa.operations.queued import QueueReport
from xuanfa.operations.reading import Crashed, HereReader, Read, Reader
from xuanfa.store import posts, waiting
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost, SeenFile

if TYPE_CHECKING:
    from xuanfa.domain.post import Post
    from xuanfa.operations.plan import Planned
    from xuanfa.operations.render import Rendered

__all__ = ["Onlooker", "QueueReport", "queue", "queue_file"]

#: Posts whose revisions are committed together: few enough that others get their turn, many enough that a thousand posts are quick.
BATCH = 50
#: After so long what has been read is committed, however little it is: it may be due. Seconds.
BATCH_SECONDS = 1.0
#: So long what is due waits for its own file, which has changed and is to be read; then it goes out as it was last read.
PATIENCE = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onlooker:
    """Who is told how reading the inbox gets on. Whoever sends meanwhile waits for ``looked``."""

    #: So many of so many files are read.
    progress: Callable[[int, int], None] = lambda _done, _all: None
    #: The folder has been looked through, and what its changed files belong to waits for them.
    looked: Callable[[], None] = lambda: None
    #: Something has been committed, which may be due.
    taken: Callable[[], None] = lambda: None
    #: Whether to end soon.
    is_stopping: Callable[[], bool] = lambda: False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read, on its way into the database: a post with what its channels get, or problems."""

    file: InboxFile
    digest: str
    read: Read
    seen: SeenFile | None = None
    #: How often reading these bytes has ended the process that read, this time included.
    crashes: int = 0

    @property
    def post(self) -> "Post | None":
        """The post; ``None`` where there are problems."""
        return self.read.post

    @property
    def rendered(self) -> "dict[str, Rendered]":
        """What each channel gets, with its findings."""
        return self.read.rendered

    @property
    def problems(self) -> tuple[str, ...]:
        """What is wrong with it."""
        return self.read.problems

    @property
    def slug(self) -> str:
        """The name of the post; empty where there is none."""
        return "" if self.post is None else self.post.slug


def queue(
    desk: Desk, progress: Callable[[int, int], None] | None = None, onlooker: Onlooker | None = None
) -> QueueReport:
    """Read what has changed in ``posts/``. A bad file is reported and the others go on; what has not been sent of a post
    whose file is gone or broken is held.

    A file that has not changed is read again too while a channel of its post has no rendition: what stood in the way (a typeface, a
    template, a setting) may be mended meanwhile. ``progress`` is told how many of how many changed files are done. After a crash, what was
    not committed is read again; a file whose reading has crashed twice is set aside (``operations.aside``).
    """
    watching = onlooker or Onlooker(progress=progress or Onlooker().progress)
    report, until = QueueReport(), desk.clock() + PATIENCE
    with (desk.reader or HereReader)(desk, watching.is_stopping) as reader:
        aside.count_remnants(desk, reader.remnants())
        found = look(desk, report, until)
        watching.looked()
        for some in _batches(_readings(reader, found, watching)):
            _take(desk, some, report, until)
            watching.taken()
    report.end()
    return report


def queue_file(desk: Desk, file: InboxFile) -> tuple[QueueReport, "dict[str, Rendered]"]:
    """Read one file and no other, as ``queue`` does: what that did, and what each channel gets, with its findings."""
    report, read = read_again(desk, file)
    return report, read.rendered


def read_again(desk: Desk, file: InboxFile) -> tuple[QueueReport, ReadFile]:
    """The same, with all that was read."""
    report, reader = QueueReport(), HereReader(desk, lambda: False)
    read = _reading(reader, Todo(file=file))
    assert read is not None  # noqa: S101 - nobody has told it to stop
    _take(desk, [read], report, desk.clock())
    report.end()
    return report, read


def _readings(reader: Reader, found: Look, watching: Onlooker) -> Iterator[ReadFile]:
    for number, each in enumerate(found.todo, start=1):
        taking = None if watching.is_stopping() else _reading(reader, each)
        if taking is not None and taking.post is not None and not each.file.slug:
            # A new name for a post whose file has gone, edited besides: it is read once more, as that post.
            known = lost_post(found.lost, taking.post)
            if known is not None:
                taking = _reading(reader, replace(each, file=replace(each.file, slug=known.slug)))
        if taking is None:
            return
        yield taking
        watching.progress(number, len(found.todo))


def _batches(takings: Iterator[ReadFile]) -> Iterator[list[ReadFile]]:
    some: list[ReadFile] = []
    begun = time.monotonic()
    for taking in takings:
        some.append(taking)
        if len(some) == BATCH or time.monotonic() - begun >= BATCH_SECONDS:
            yield some
            some, begun = [], time.monotonic()
    if some:
        yield some


def _reading(reader: Reader, todo: Todo) -> ReadFile | None:
    """Everything that needs no transaction: bytes, post, renditions; ``None`` where there is to be no more of it."""
    file, seen = todo.file, todo.seen
    try:
        source = source_of(file)
    except ContentError as error:
        return ReadFile(file=file, digest="", read=Read(problems=(str(error),)), seen=seen)
    digest = digest_of(source)
    known = aside.crashes(seen, digest)
    if known >= aside.CRASHES_MAX:
        return ReadFile(
            file=file, digest=digest, read=Read(problems=seen.problems if seen else ()), seen=seen, crashes=known
        )
    read = reader.read(file, source, todo.only)
    if isinstance(read, Crashed):
        problem = aside.in_words(file.shown_as, known + 1, read.how)
        return ReadFile(file=file, digest=digest, read=Read(problems=(problem,)), seen=seen, crashes=known + 1)
    return None if read is None else ReadFile(file=file, digest=digest, read=read, seen=seen)


def _take(desk: Desk, takings: Sequence[ReadFile], report: QueueReport, until: datetime) -> None:
    """Commit what was read, all of it together; what has waited for it ``until`` then waits no longer."""
    # What has changed meanwhile is read again: it may be older than what another process has taken since.
    takings = [taking for taking in takings if not taking.file.has_changed()]
    changes: list[Change] = []
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        for taking in takings:
            changes += _take_one(desk, connection, taking, report)
        read = posts.of_paths(connection, [taking.file.shown_as for taking in takings])
        waiting.await_file_no_longer(connection, read, until, desk.clock())
    for change in changes:
        desk.emit(change)


def _take_one(desk: Desk, connection: sa.Connection, taking: ReadFile, report: QueueReport) -> list[Change]:
    from xuanfa.operations.plan import Planning, plan, plan_again  # noqa: PLC0415 - heavy, and needed only where a file has changed

    now, path, read = desk.clock(), taking.file.shown_as, taking.read
    post = read.post
    note = replace(taking.file.seen(taking.digest), parts=read.parts, making=desk.making)
    report.notice(*read.notices)
    if post is None and read.is_draft and not taking.file.slug:
        posts.note_file(connection, note, now)
        report.notice(_draft_notice(path))
        return []
    if post is None:
        return _refuse(desk, connection, taking, read.problems, report)
    known = posts.by_slug(connection, post.slug)
    if known is not None and known.path != path and (desk.folder / known.path).exists():
        text = say(
            "slug “{slug}” 已被 {other} 使用：请给其中一篇改名，或写不同的 slug。",
            "the slug {slug!r} is taken by {other}: rename one of the files or give it another slug.",
            slug=post.slug,
            other=known.path,
        )
        return _refuse(desk, connection, taking, (str(ContentError(text, Place(path))),), report)
    if known is not None and known.digest == taking.digest:
        posts.note_file(connection, replace(note, post_id=known.id), now)
        posts.move(connection, known.id, path)
        again = plan_again(Planning(desk=desk, connection=connection, post=post, known=known, now=now), read.rendered)
        if again.remade:
            report.revised.append(post.slug)
            report.notice(_remade_notice(path, again.remade))
        else:
            report.unchanged += 1
        if again.fixed:
            report.notice(_fixed_notice(path, again.fixed))
        return again.changes
    before = posts.other_slug_of(connection, path, post.slug)
    if before is not None:
        report.notice(_renamed_notice(path, before, post.slug))
    try:
        with connection.begin_nested():
            taken = _add_revision(desk, connection, taking, post, known)
            work = Planning(
                desk=desk, connection=connection, post=post, known=taken, now=now, dated=taking.file.changed_at
            )
            planned = plan(work, read.rendered)
            posts.note_file(connection, replace(note, post_id=taken.id), now)
    except StateError as error:
        return _refuse(desk, connection, taking, (str(ContentError(str(error), Place(path))),), report)
    (report.new if known is None else report.revised).append(post.slug)
    report.notice(*_told_of(planned, path))
    return planned.changes


def _add_revision(
    desk: Desk, connection: sa.Connection, taking: ReadFile, post: "Post", known: KnownPost | None
) -> KnownPost:
    values = {
        "slug": post.slug,
        "path": taking.file.shown_as,
        "title": post.title,
        "column_id": post.column,
        "department": post.department,
        "queued_at": desk.clock(),
        "zone": str(desk.zone),
    }
    facts = {"source": taking.read.source, "digest": taking.digest, "author": post.author}
    return posts.add_revision(connection, known, values, actor=desk.node, **facts)


def _told_of(planned: "Planned", path: str) -> Iterator[str]:
    """What planning a post did that its author should know."""
    yield from (f"{path}: {question}" for question in planned.questions)
    if planned.fixed:
        yield _fixed_notice(path, planned.fixed)
    if planned.cancelled:
        yield _cancelled_notice(path, planned.cancelled)
    if planned.rescheduled:
        yield _rescheduled_notice(path, planned.rescheduled)


def _refuse(
    desk: Desk, connection: sa.Connection, taking: ReadFile, problems: tuple[str, ...], report: QueueReport
) -> list[Change]:
    """Note what is wrong. A post whose file was changed into something that is none is held; one whose file the machine does not let
    us read goes out as it was last read."""
    now, path = desk.clock(), taking.file.shown_as
    note = taking.file.seen(taking.digest, problems=problems)
    if taking.crashes:
        note = replace(note, crashes=taking.crashes, program=__version__)
    held: list[Change] = []
    if note != taking.seen:
        posts.note_file(connection, note, now)
        concerned = posts.of_paths(connection, [path]) if taking.digest and not taking.crashes else []
        held = hold(
            desk, connection, dict.fromkeys(concerned, broken_in_words(path, problems[0] if problems else "")), now
        )
    report.refuse(problems, taking.read.trouble)
    return held


def _draft_notice(path: str) -> str:
    return say(
        "{path}：还没有正文，先不排队；写好保存后会自动读入。",
        "{path}: it has no text yet and is not queued; it is read when it is saved with one.",
        path=path,
    )


def _remade_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：图片、模板或设置变了，{channels} 的成稿已重新生成。",
        "{path}: pictures, templates or settings have changed; what {channels} will get was made anew.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _fixed_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：修改没有送到 {channels}，那里已经发出或正在处理；需要更正请撤稿（xuanfa retract），再把改好的稿件另存为新文件发布。",
        "{path}: the change does not reach {channels}, where it is out already or under way; to correct it, retract it and publish the "
        "corrected text as a new file.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _cancelled_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：发往 {channels} 的投递已取消，修改已收下但不会发布；要发布请运行 xuanfa retry。",
        "{path}: the delivery to {channels} is cancelled; the change is kept but not published. To publish it, run xuanfa retry.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _rescheduled_notice(path: str, channels: Sequence[str]) -> str:
    return say(
        "{path}：修改已收下；{channels} 的发布时间人工改过期，仍按改期后的时间，要再改请运行 xuanfa reschedule。",
        "{path}: the change is taken; on {channels} the time was set by a person and stays. To change it, run xuanfa reschedule.",
        path=path,
        channels=say("、", ", ").join(channels),
    )


def _renamed_notice(path: str, before: str, now: str) -> str:
    return say(
        "{path}：slug 由“{before}”改成了“{now}”，成了另一篇稿件；原稿件“{before}”仍在，不需要的话请取消它的投递（xuanfa cancel）。",
        "{path}: the slug was {before!r} and is {now!r} now, which makes it another post; {before!r} is still there: cancel its deliveries "
        "(xuanfa cancel) if it is not wanted.",
        path=path,
        before=before,
        now=now,
    )
