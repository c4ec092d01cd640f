"""Queue: read ``posts/`` idempotently. The same path and the same bytes change nothing; changed bytes make a new revision."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from xuanfa import __version__
from xuanfa.content.reading.sources import OutOfReachError
from xuanfa.domain.channel import base_of
from xuanfa.domain.errors import ConfigError, ContentError, Place, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor, Person
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake import aside, whose
from xuanfa.operations.intake.bylines import signed_file
from xuanfa.operations.intake.corrected import noted
from xuanfa.operations.intake.folder import note_trouble
from xuanfa.operations.intake.inbox import InboxFile, changed, digest_of, list_inbox, source_of
from xuanfa.operations.intake.look import Look, Todo, is_moving, look, lost_post, moving_notice
from xuanfa.operations.intake.notices import (
    copy_in_words,
    correction_notice,
    draft_notice,
    remade_notice,
    taken_over_notice,
    told_of,
)
from xuanfa.operations.intake.occurrences import dated as occurrence_dated
from xuanfa.operations.intake.occurrences import top_up
from xuanfa.operations.intake.onlooker import Onlooker
from xuanfa.operations.intake.queued import QueueReport
from xuanfa.operations.intake.read_file import ReadFile
from xuanfa.operations.intake.reading import Crashed, HereReader, Read, Reader, discreetly
from xuanfa.operations.intake.rereading import read_again_by_rules
from xuanfa.operations.intake.samples import practised
from xuanfa.operations.intake.series import claimed_by_another, end_series, take_series
from xuanfa.operations.intake.slots import news_of_slots
from xuanfa.operations.intake.withheld import broken_in_words, held_besides, hold
from xuanfa.operations.restricting.taking import Taken, take_access, unknown_people
from xuanfa.operations.reviewing.editing import signed_edit
from xuanfa.store import access, posts, series, unreached, waiting
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost, SeenFile

if TYPE_CHECKING:
    from xuanfa.domain.post import Post
    from xuanfa.operations.intake.gate import Gate
    from xuanfa.operations.intake.plan import Planned, Planning
    from xuanfa.operations.intake.render import Rendered

__all__ = ["Onlooker", "QueueReport", "queue", "queue_file"]

#: Posts whose revisions are committed together: few enough that others get their turn, many enough that a thousand posts are quick.
BATCH = 50
#: After so long what has been read is committed, however little it is: it may be due. Seconds.
BATCH_SECONDS = 1.0
#: So long what is due waits for its own file, which has changed and is to be read; then it goes out as it was last read.
PATIENCE = timedelta(seconds=10)


def queue(
    desk: Desk,
    progress: Callable[[int, int], None] | None = None,
    onlooker: Onlooker | None = None,
    by: Person | None = None,
) -> QueueReport:
    """Read what has changed in ``posts/``, which ``by`` says to have edited; files do not tell who has. A bad file is reported and the others
    go on; what has not been sent of a post whose file is gone or broken is held.

    A file that has not changed is read again too while a channel of its post has no rendition: what stood in the way (a typeface, a
    template, a setting) may be mended meanwhile. ``progress`` is told how many of how many changed files are done. After a crash, what was
    not committed is read again; a file whose reading has crashed twice is set aside (``operations.aside``).
    """
    watching = onlooker or Onlooker(progress=progress or Onlooker().progress)
    report = QueueReport()
    try:
        _queue(desk, report, watching, by)
    except ConfigError as error:
        note_trouble(desk, str(error))
        raise
    note_trouble(desk, report.folder_trouble)
    report.notice(*news_of_slots(desk))
    report.end()
    return report


def check(desk: Desk, progress: Callable[[int, int], None] | None = None) -> QueueReport:
    """What ``queue`` would say of the files that have changed, for an account that may only look: nothing is taken."""
    report, watching = QueueReport(), Onlooker(progress=progress or Onlooker().progress)
    inbox = list_inbox(desk.posts_folder)
    with desk.store.read() as connection:
        seen = posts.seen_files(connection)
        slugs = posts.slugs_of(connection, [file.shown_as for file in inbox])
    new = [replace(file, slug=slugs.get(file.shown_as, "")) for file in changed(inbox, seen)]
    report.unchanged = len(inbox) - len(new)
    with HereReader(desk, watching.is_stopping) as reader:
        for number, file in enumerate(new, start=1):
            taking = _reading(desk, reader, Todo(file=file, seen=seen.get(file.shown_as)))
            assert taking is not None  # noqa: S101 - nobody has told it to stop
            report.notice(*taking.read.notices)
            if taking.post is not None:
                (report.revised if file.slug else report.new).append(taking.slug)
            elif not taking.read.is_draft:
                report.refuse(taking.problems, taking.read.trouble)
            watching.progress(number, len(new))
    report.notice(
        say(
            "这个账号只能看：稿件检查过了，没有排入；常驻服务或定时任务会自动读入。",
            "This account may only look: the files were checked and not queued; the service or the timer takes them by itself.",
        )
    )
    report.end()
    return report


def _queue(desk: Desk, report: QueueReport, watching: Onlooker, by: Person | None) -> None:
    until = desk.clock() + PATIENCE
    with (desk.reader or HereReader)(desk, watching.is_stopping) as reader:
        aside.count_remnants(desk, reader.remnants())
        found = look(desk, report, until)
        watching.looked()
        for some in _batches(replace(each, by=by) for each in _readings(desk, reader, found, watching)):
            _take(desk, some, report, until)
            watching.taken()
        if not watching.is_stopping() and (made := top_up(desk, report)):
            _read_occurrences(desk, reader, set(made), report, watching)
        if not watching.is_stopping() and read_again_by_rules(desk, reader, report):
            watching.taken()


def _read_occurrences(desk: Desk, reader: Reader, paths: set[str], report: QueueReport, watching: Onlooker) -> None:
    """Read the files that were made just now, with this look: nobody has to look twice until a recurring post is queued."""
    until, scratch = desk.clock() + PATIENCE, QueueReport()
    found = look(desk, scratch, until)
    found = replace(found, todo=[each for each in found.todo if each.file.shown_as in paths])
    for some in _batches(_readings(desk, reader, found, watching)):
        _take(desk, some, report, until)
        watching.taken()


def queue_file(desk: Desk, file: InboxFile) -> tuple[QueueReport, "dict[str, Rendered]"]:
    """Read one file and no other, as ``queue`` does: what that did, and what each channel gets, with its findings. A post that recurs is read as one
    that does not."""
    report, read = read_again(desk, file, is_alone=True)
    return report, read.rendered


def read_again(
    desk: Desk, file: InboxFile, by: Person | None = None, *, is_alone: bool = False
) -> tuple[QueueReport, ReadFile]:
    """The same, with all that was read; ``by`` says to have edited it. ``is_alone``: whether it recurs does not matter."""
    report, reader = QueueReport(), HereReader(desk, lambda: False)
    making = desk.made_by()
    read = _reading(desk, reader, Todo(file=file))
    assert read is not None  # noqa: S101 - nobody has told it to stop
    read = replace(read, is_asked_for=True, making=making, by=by)
    if is_alone and read.post is not None:
        read = replace(read, read=replace(read.read, post=replace(read.post, repeat=None)))
    _take(desk, [read], report, desk.clock())
    report.end()
    return report, read


def _readings(desk: Desk, reader: Reader, found: Look, watching: Onlooker) -> Iterator[ReadFile]:
    for number, each in enumerate(found.todo, start=1):
        taking = None if watching.is_stopping() else _reading(desk, reader, each)
        is_new = not each.file.slug and each.file.shown_as not in found.copies
        if taking is not None and taking.post is not None and is_new:
            # A new name for a post whose file has gone, edited besides: it is read once more, as that post.
            known = None if _is_occurrence(desk, taking.slug) else lost_post(found.lost, taking.post)
            if known is not None and known.id in found.withdrawn:
                taking = replace(taking, corrects=known.slug)
            elif known is not None:
                taking = _reading(desk, reader, replace(each, file=replace(each.file, slug=known.slug)))
        if taking is None:
            return
        yield replace(taking, making=found.making)
        watching.progress(number, len(found.todo))


def _is_occurrence(desk: Desk, slug: str) -> bool:
    """Whether it is one of several turns of the same text, none of which is another one under a new name."""
    with desk.store.read() as connection:
        return series.occurrence(connection, slug) is not None


def _batches(takings: Iterator[ReadFile]) -> Iterator[list[ReadFile]]:
    some: list[ReadFile] = []
    begun = 0.0
    for taking in takings:
        begun = begun if some else time.monotonic()  # what it took to begin keeps nothing back that has been read
        some.append(taking)
        if len(some) == BATCH or time.monotonic() - begun >= BATCH_SECONDS:
            yield some
            some = []
    if some:
        yield some


def _reading(desk: Desk, reader: Reader, todo: Todo) -> ReadFile | None:
    """Everything that needs no transaction: bytes, post, renditions; ``None`` where there is to be no more of it."""
    file, seen = todo.file, todo.seen
    try:
        source = source_of(file)
    except ContentError as error:
        out_of_reach = isinstance(error, OutOfReachError)
        return ReadFile(
            file=file, digest="", read=Read(problems=(str(error),)), seen=seen, is_out_of_reach=out_of_reach
        )
    digest = digest_of(source)
    known = aside.crashes(seen, digest)
    if known >= aside.CRASHES_MAX:
        return ReadFile(
            file=file, digest=digest, read=Read(problems=seen.problems if seen else ()), seen=seen, crashes=known
        )
    read = reader.read(
        signed_file(desk, file, source), source, None if todo.only is None else frozenset(map(base_of, todo.only))
    )
    if isinstance(read, Crashed):
        problem = aside.in_words(file.shown_as, known + 1, read.how)
        return ReadFile(file=file, digest=digest, read=Read(problems=(problem,)), seen=seen, crashes=known + 1)
    if read is not None and not desk.tells_all and _is_restricted(desk, file.shown_as):
        read = discreetly(read, file.shown_as)
    return None if read is None else ReadFile(file=file, digest=digest, read=read, seen=seen)


def _is_restricted(desk: Desk, path: str) -> bool:
    with desk.store.read() as connection:
        return access.of_path(connection, path) is not None


def _take(desk: Desk, takings: Sequence[ReadFile], report: QueueReport, until: datetime) -> None:
    """Commit what was read, all of it together; what has waited for it ``until`` then waits no longer."""
    # What has changed meanwhile is read again: it may be older than what another process has taken since.
    takings = [taking for taking in takings if not taking.file.has_changed()]
    moving = [
        taking for taking in takings if not taking.is_asked_for and is_moving(taking.file, taking.read.parts, desk)
    ]
    report.notice(*(moving_notice(taking.file.shown_as) for taking in moving))
    takings = [taking for taking in takings if taking not in moving]
    corrected = noted(desk, takings)
    changes: list[Change] = []
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        there = posts.seen_files(connection, [taking.file.shown_as for taking in takings])
        # Whoever names a time has its slot before those that take the next one.
        for taking in sorted(takings, key=_names_no_time):
            # What another process has taken since this one looked may be newer, and a person may have answered it.
            if taking.is_asked_for or there.get(taking.file.shown_as) == taking.seen:
                if taking.read.unruled and taking.read.unruled not in report.problems:
                    report.refuse([taking.read.unruled])
                changes += _take_one(desk, connection, taking, report, corrected.get(taking.slug))
        read = posts.of_paths(connection, [taking.file.shown_as for taking in takings])
        waiting.await_file_no_longer(connection, read, until, desk.clock())
    for change in changes:
        desk.emit(change)


def _names_no_time(taking: ReadFile) -> bool:
    return taking.post is None or taking.post.publish_at is None


def _take_one(
    desk: Desk,
    connection: sa.Connection,
    taking: ReadFile,
    report: QueueReport,
    corrected: "Mapping[str, Rendered] | None" = None,
) -> list[Change]:
    from xuanfa.operations.intake.plan import Planning  # noqa: PLC0415 - heavy, and needed only where a file has changed

    now, path, read = desk.clock(), taking.file.shown_as, taking.read
    post = read.post
    note = replace(taking.file.seen(taking.digest), parts=read.parts, making=taking.making)
    if post is None and read.is_draft and not taking.file.slug:
        posts.note_file(connection, note, now)
        report.notice(*read.notices, draft_notice(path))
        return []
    if post is None:
        return _refuse(desk, connection, taking, read.problems, report)
    if post.repeat is not None:
        return _take_source(desk, connection, taking, note, report)
    was = series.by_path(connection, path)
    if was is not None:
        end_series(connection, was, now)
    known = posts.by_slug(connection, post.slug)
    wrong = whose.taken(desk, connection, known, path) or unknown_people(desk, connection, post.access)
    if wrong:
        return _refuse(desk, connection, taking, (str(ContentError(wrong, Place(path))),), report)
    left = whose.leave_other_post(desk, connection, post.slug, path, report)
    claim = whose.claim(connection, known, post)
    dated = taking.file.changed_at
    if isinstance(post.publish_at, datetime):
        dated = occurrence_dated(desk, connection, post.slug, post.publish_at, dated)
    planning = partial(
        Planning,
        desk=desk,
        connection=connection,
        post=post,
        now=now,
        dated=dated,
        corrected=corrected,
        unruled=read.unruled,
        claim=claim,
    )
    if known is not None and known.digest == taking.digest:
        posts.note_file(connection, replace(note, post_id=known.id), now)
        posts.move(connection, known.id, path)
        return [*left, *_take_again(planning(known=known), taking, report)]
    try:
        with connection.begin_nested():
            planned, restricted, gate, post_id = _take_revision(desk, connection, taking, known, planning)
    except StateError as error:
        return _refuse(desk, connection, taking, (str(ContentError(str(error), Place(path))),), report)
    (report.new if known is None else report.revised).append(post.slug)
    report.notice(*read.notices, *told_of(planned, path), *_of_access(restricted, path))
    gate.tell(report, post_id)
    if claim.taken_from:
        report.notice(taken_over_notice(path, claim.taken_from, post.slug))
    if taking.corrects and known is None:
        report.notice(correction_notice(path, taking.corrects, post.slug))
    return [*left, *planned.changes]


def _take_source(
    desk: Desk, connection: sa.Connection, taking: ReadFile, note: SeenFile, report: QueueReport
) -> list[Change]:
    """A file whose post recurs: nothing of it is planned, but of the occurrences that are made of it."""
    post, path = taking.post, taking.file.shown_as
    assert post is not None  # noqa: S101 - the caller has looked
    wrong = claimed_by_another(desk, connection, post) or unknown_people(desk, connection, post.access)
    if wrong:
        return _refuse(desk, connection, taking, (str(ContentError(wrong, Place(path))),), report)
    posts.note_file(connection, note, desk.clock())
    report.notice(*taking.read.notices)
    return take_series(desk, connection, post, taking.digest, report)


def _take_again(work: "Planning", taking: ReadFile, report: QueueReport) -> list[Change]:
    """Plan an unchanged post anew, and tell what that did."""
    from xuanfa.operations.intake.plan import plan_again  # noqa: PLC0415 - heavy, and needed only where a file has changed

    path = taking.file.shown_as
    report.notice(*taking.read.notices)
    again = plan_again(work, practised(work.desk, taking.digest, taking.read.rendered))
    unreached.note(work.connection, work.known.id, again.differs)
    if again.remade:
        report.revised.append(work.known.slug)
        report.notice(remade_notice(path, again.remade))
    else:
        report.unchanged += 1
    report.notice(*told_of(again, path))
    work.gate.tell(report, work.known.id, moved=None if again.remade else again.changes)
    return again.changes


def _take_revision(
    desk: Desk,
    connection: sa.Connection,
    taking: ReadFile,
    known: KnownPost | None,
    planning: "Callable[..., Planning]",
) -> "tuple[Planned, Taken, Gate, int]":
    """Add the revision, with who may read it, and plan its deliveries."""
    from xuanfa.operations.intake.plan import plan  # noqa: PLC0415 - heavy, and needed only where a file has changed

    now, read, post = desk.clock(), taking.read, taking.post
    assert post is not None  # noqa: S101 - the caller has looked
    taken = _add_revision(desk, connection, taking, post, known)
    restricted = take_access(desk, connection, taken, post.access, post.author)
    work = planning(known=taken)
    planned = plan(work, practised(desk, taking.digest, read.rendered))
    unreached.note(connection, taken.id, planned.differs)
    note = replace(taking.file.seen(taking.digest), parts=read.parts, making=taking.making, post_id=taken.id)
    posts.note_file(connection, note, now)
    return planned, restricted, work.gate, taken.id


def _of_access(restricted: Taken, path: str) -> list[str]:
    return [say("{path}：{words}", "{path}: {words}", path=path, words=restricted.notice)] if restricted.notice else []


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
    is_told = not post.access and (known is None or not access.is_known(connection, known.id))
    facts: dict[str, Any] = {"source": taking.read.source, "digest": taking.digest, "author": post.author}
    facts |= {"kind": desk.reviews.template_for(post.column, post.kind), "original": desk.organisation.wrote(post)}
    facts["byline"] = "" if taking.read.byline == post.author else taking.read.byline
    facts["why"] = post.title if is_told else ""
    actor: Actor = desk.node if taking.by is None else signed_edit(desk, connection, post.slug, taking.by)
    return posts.add_revision(connection, known, values, actor=actor, **facts)


def _refuse(
    desk: Desk, connection: sa.Connection, taking: ReadFile, problems: tuple[str, ...], report: QueueReport
) -> list[Change]:
    """Note what is wrong. A post whose file was changed into something that is none is held; one whose file the machine does not let
    us read goes out as it was last read."""
    now, path = desk.clock(), taking.file.shown_as
    note = replace(taking.file.seen(taking.digest, problems=problems), parts=taking.read.parts)
    if taking.crashes:
        note = replace(note, crashes=taking.crashes, program=__version__)
    held: list[Change] = []
    twin = posts.with_digest(connection, taking.digest, but=path) if taking.digest and taking.post is None else None
    if twin is not None:
        problems = (*problems, copy_in_words(path, twin))
        note = replace(note, problems=problems)
    if taking.read.is_final and problems == taking.read.problems:
        note = replace(note, making=taking.making)
    if note != taking.seen:
        posts.note_file(connection, note, now)
        report.notice(*taking.read.notices)
        unread = taking.is_out_of_reach or taking.crashes
        concerned = [] if unread else posts.of_paths(connection, [path])
        report.notice(*held_besides(connection, dict.fromkeys(concerned, path)))
        held = hold(
            desk, connection, dict.fromkeys(concerned, broken_in_words(path, problems[0] if problems else "")), now
        )
    report.refuse(problems, taking.read.trouble)
    return held
