"""Queue: read ``posts/`` idempotently. The same path and the same bytes change nothing; changed bytes make a new revision."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

import sqlalchemy as sa

from xuanfa.domain.errors import ContentError, Place, StateError, machine_words
from xuanfa.domain.finding import Severity
from xuanfa.domain.language import say
from xuanfa.operations.desk import Desk
from xuanfa.operations.inbox import InboxFile, changed, digest_of, list_inbox, unchanged_of
from xuanfa.store import deliveries, posts
from xuanfa.store.deliveries import Change

if TYPE_CHECKING:
    from xuanfa.domain.post import Post
    from xuanfa.operations.render import Rendered

#: Posts whose revisions are committed together: few enough that others get their turn, many enough that a thousand posts are quick.
BATCH = 50
#: So long after its time a post that could not be rendered is tried again by itself: a pass must not cost all that was ever given up.
AGAIN_FOR = timedelta(days=30)


@dataclass(slots=True, kw_only=True)
class QueueReport:
    """What reading the inbox did. ``problems`` and ``notices`` are sentences with file and line."""

    new: list[str] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)
    unchanged: int = 0
    problems: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFile:
    """A file that was read: a post with what its channels get, or problems."""

    file: InboxFile
    digest: str
    source: str = ""
    post: "Post | None" = None
    rendered: "dict[str, Rendered]" = field(default_factory=dict)
    problems: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def slug(self) -> str:
        """The name of the post; empty where there is none."""
        return "" if self.post is None else self.post.slug


def queue(desk: Desk, progress: Callable[[int, int], None] = lambda _done, _all: None) -> QueueReport:
    """Read what has changed in ``posts/``. A bad file is reported and the others go on; files that are gone leave their posts alone.

    A file that has not changed is read again too while a channel of its post has no rendition: what stood in the way (a typeface, a
    template, a setting) may be mended meanwhile.
    ``progress`` is told how many of how many changed files are done. After a crash, what was not committed is read again.
    """
    inbox = list_inbox(desk.posts_folder)
    with desk.store.read() as connection:
        seen = posts.seen_files(connection)
        unrendered = deliveries.unrendered(connection, desk.clock() - AGAIN_FOR)
    again = {file: unrendered[seen[file.shown_as].post_id or 0] for file in unchanged_of(inbox, seen, unrendered)}
    todo = [*changed(inbox, seen), *again]
    report = QueueReport(unchanged=len(inbox) - len(todo))
    gone = seen.keys() - {file.shown_as for file in inbox}
    if gone:
        with desk.store.write() as connection:
            posts.drop_files(connection, sorted(gone))
    done = 0
    for some in _batches(todo):
        _take(desk, [_read(desk, file, again.get(file)) for file in some], report)
        done += len(some)
        progress(done, len(todo))
    return report


def queue_file(desk: Desk, file: InboxFile) -> tuple[QueueReport, "dict[str, Rendered]"]:
    """Read one file and no other, as ``queue`` does: what that did, and what each channel gets, with its findings."""
    report, read = read_again(desk, file)
    return report, read.rendered


def read_again(desk: Desk, file: InboxFile) -> tuple[QueueReport, ReadFile]:
    """The same, with all that was read."""
    report, read = QueueReport(), _read(desk, file)
    _take(desk, [read], report)
    return report, read


def _batches(files: Sequence[InboxFile]) -> list[Sequence[InboxFile]]:
    return [files[start : start + BATCH] for start in range(0, len(files), BATCH)]


def _read(desk: Desk, file: InboxFile, only: Collection[str] | None = None) -> ReadFile:
    """Everything that needs no transaction: bytes, post, renditions (for ``only`` these channels)."""
    # Heavy libraries (Markdown, sanitiser, pictures) are needed only where a file has really changed.
    from xuanfa.content.reading import read_post  # noqa: PLC0415
    from xuanfa.content.sources import decode  # noqa: PLC0415
    from xuanfa.operations.render import OPERATOR, render_post  # noqa: PLC0415

    try:
        source = file.path.read_bytes()
    except OSError as error:
        text = say("读不了这个文件（{why}）", "cannot read this file ({why})", why=machine_words(error))
        return ReadFile(file=file, digest="", problems=(str(ContentError(text, Place(file.shown_as))),))
    reading = read_post(
        source, path=file.path, shown_as=file.shown_as, zone=desk.zone, columns=desk.columns, media=desk.media
    )
    digest = digest_of(source)
    notices = tuple(str(notice) for notice in reading.notices)
    if reading.post is None:
        problems = tuple(str(problem) for problem in reading.problems)
        return ReadFile(file=file, digest=digest, problems=problems, notices=notices)
    rendered = render_post(desk, reading.post, only)
    warnings = (
        # What the operator must mend is one thing for many posts, and is said once.
        finding.message if finding.code == OPERATOR else f"{file.shown_as}: {finding.message}"
        for made in rendered.values()
        for finding in made.findings
        if finding.severity is Severity.WARN or finding.code == OPERATOR
    )
    return ReadFile(
        file=file,
        digest=digest,
        source=decode(source, file.shown_as).text,
        post=reading.post,
        rendered=rendered,
        notices=(*notices, *dict.fromkeys(warnings)),
    )


def _take(desk: Desk, reads: Sequence[ReadFile], report: QueueReport) -> None:
    """Commit what was read, all of it together."""
    changes: list[Change] = []
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        for read in reads:
            changes += _take_one(desk, connection, read, report)
    for change in changes:
        desk.emit(change)


def _take_one(desk: Desk, connection: sa.Connection, read: ReadFile, report: QueueReport) -> list[Change]:
    from xuanfa.operations.plan import Planning, plan, plan_again  # noqa: PLC0415 - see _read

    now, path, post = desk.clock(), read.file.shown_as, read.post
    if read.file.has_changed():
        return []  # it will be read again: what was read may be older than what another process has taken meanwhile
    report.notices.extend(notice for notice in read.notices if notice not in report.notices)
    if post is None:
        return _refuse(connection, read, read.problems, report, desk)
    known = posts.by_slug(connection, post.slug)
    if known is not None and known.path != read.file.shown_as and (desk.folder / known.path).exists():
        text = say(
            "slug “{slug}” 已被 {other} 使用：请给其中一篇改名，或写不同的 slug。",
            "the slug {slug!r} is taken by {other}: rename one of the files or give it another slug.",
            slug=post.slug,
            other=known.path,
        )
        return _refuse(connection, read, (str(ContentError(text, Place(read.file.shown_as))),), report, desk)
    if known is not None and known.digest == read.digest:
        posts.note_file(connection, read.file.seen(read.digest, known.id), now)
        posts.move(connection, known.id, path)
        report.unchanged += 1
        return plan_again(Planning(desk=desk, connection=connection, post=post, known=known, now=now), read.rendered)
    before = posts.other_slug_of(connection, path, post.slug)
    if before is not None:
        report.notices.append(_renamed_notice(path, before, post.slug))
    values = {
        "slug": post.slug,
        "path": read.file.shown_as,
        "title": post.title,
        "column_id": post.column,
        "department": post.department,
        "queued_at": now,
        "zone": str(desk.zone),
    }
    try:
        with connection.begin_nested():
            facts = {"source": read.source, "digest": read.digest, "author": post.author}
            taken = posts.add_revision(connection, known, values, actor=desk.node, **facts)
            work = Planning(
                desk=desk, connection=connection, post=post, known=taken, now=now, dated=read.file.changed_at
            )
            planned = plan(work, read.rendered)
            posts.note_file(connection, read.file.seen(read.digest, taken.id), now)
    except StateError as error:
        return _refuse(connection, read, (str(ContentError(str(error), Place(read.file.shown_as))),), report, desk)
    (report.new if known is None else report.revised).append(post.slug)
    report.notices.extend(f"{path}: {question}" for question in planned.questions)
    if planned.fixed:
        report.notices.append(_fixed_notice(path, planned.fixed))
    if planned.cancelled:
        report.notices.append(_cancelled_notice(path, planned.cancelled))
    if planned.rescheduled:
        report.notices.append(_rescheduled_notice(path, planned.rescheduled))
    return planned.changes


def _refuse(
    connection: sa.Connection, read: ReadFile, problems: tuple[str, ...], report: QueueReport, desk: Desk
) -> list[Change]:
    posts.note_file(connection, read.file.seen(read.digest, problems=problems), desk.clock())
    report.problems.extend(problems)
    return []


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
