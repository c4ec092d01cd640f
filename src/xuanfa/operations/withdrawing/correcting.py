"""Correcting: what is out is changed in its place to what the post's file says now. The order is one transaction; each channel is then asked
as often as it takes, by whichever process comes next, and a page stays as it is until its channel has changed it."""

from dataclasses import replace
from itertools import groupby

import sqlalchemy as sa

from xuanfa.domain.accounts import is_same
from xuanfa.domain.act import Correct
from xuanfa.domain.attempt import Action
from xuanfa.domain.correction import AGAIN, TRIES, Correction, Progress
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.evidence import evidence_of
from xuanfa.domain.language import say
from xuanfa.domain.outcome import Blame, Published, Rejected
from xuanfa.domain.person import Person
from xuanfa.domain.post import Post
from xuanfa.domain.refusals import no_such_post
from xuanfa.operations import links
from xuanfa.operations.deciding.answering import answered_for
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.corrected import Correcting, with_note
from xuanfa.operations.intake.inbox import InboxFile, list_inbox
from xuanfa.operations.intake.queue import read_again
from xuanfa.operations.intake.read_file import ReadFile
from xuanfa.operations.reviewing.correcting import is_as_decided, require_no_other, submit_correction
from xuanfa.operations.sending.perform import Done, Job, order_for, perform
from xuanfa.operations.withdrawing.elsewhere import carry_elsewhere
from xuanfa.operations.withdrawing.permitted import may_be_made, needs_review
from xuanfa.store import attempts, corrections, deliveries, ledger, likeness, posts, reviews, withdrawals
from xuanfa.store.corrections import Ordered
from xuanfa.store.deliveries import Change
from xuanfa.store.posts import KnownPost


def correct(desk: Desk, act: Correct, person: Person) -> list[Correction]:
    """Read the post's file, and change what is out to it, once that is approved where the post is reviewed; what is not out yet follows its
    file in any case.

    Raises StateError where nothing is out, the file says what is out already, something stands in the way, or nobody would review it and the
    person may not send, and ContentError for a file that is bad. Then nothing has changed but that the file is read.
    """
    read = _read(desk, act.post)
    assert read.post is not None  # noqa: S101 - ``_read`` has refused what is none
    rendered = with_note(desk, replace(read.post, author=read.read.byline), read.rendered, read.read.source)
    now, changes = desk.clock(), list[Change]()
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        known = _as_read(connection, read)
        work = Correcting(desk=desk, connection=connection, known=known, post=read.post)
        asked = _is_reviewed(desk, connection, read.post, known)
        if asked:
            require_no_other(desk, connection, known, act.others)
        else:
            _require_right(desk, act, person)
        drafts, earlier = work.drafts(rendered), corrections.newest(connection, known.id)
        corrections.replace_open(connection, known.id, say("有了新的更正", "there is a newer correction"))
        work.write(drafts, Ordered(known, person, now), act.others, reviewed=asked)
        if not asked:
            for each in drafts:
                if each.rendition is not None:
                    changed = replace(each.delivery, digest=each.rendition.digest)
                    answered_for(desk, connection, changed, verdict=each.verdict, verb=act.verb, person=person)
        if asked:
            is_as_before = is_as_decided(earlier, corrections.newest(connection, known.id))
            changes = submit_correction(desk, connection, Ordered(known, person, now), is_as_before=is_as_before)
    for change in changes:
        desk.emit(change)
    carry_on_corrections(desk)
    with desk.store.read() as connection:
        return [each for each in corrections.of_post(connection, known.id) if each.ordered_at == now]


def carry_on_corrections(desk: Desk) -> None:
    """Make the corrections whose turn it is: in their places first, then by the posts that follow."""
    with desk.store.read() as connection:
        found = corrections.waiting(connection, desk.clock())
    for it in found:
        job = _begin(desk, it) if it.is_in_place else None
        if job is not None:
            _end(desk, it, perform(desk.adapters, job, desk.clock))
    elsewhere = [it for it in found if not it.is_in_place]
    for _, some in groupby(elsewhere, key=lambda it: (it.post_id, it.ordered_at)):
        carry_elsewhere(desk, list(some))


def _require_right(desk: Desk, act: Correct, person: Person) -> None:
    """Where nobody reviews it, whoever orders a correction changes what readers see. Raises StateError."""
    objection = desk.may(person, replace(act, at_once=True))
    if objection:
        raise StateError(objection)


def _is_reviewed(desk: Desk, connection: sa.Connection, post: Post, known: KnownPost) -> bool:
    """Whether the correction needs a review; by which template its column or its kind asks for it now is noted."""
    template = desk.reviews.template_for(post.column, post.kind)
    if template:
        reviews.note_kind(connection, known.id, post.kind, template)
    return needs_review(desk, connection, known.id, post.column, post.kind)


def _read(desk: Desk, slug: str) -> ReadFile:
    with desk.store.read() as connection:
        known = posts.by_slug(connection, slug)
        if known is None:
            raise no_such_post(slug, likeness.slugs(connection))
    report, read = read_again(desk, _file(desk, known.path))
    if read.post is None or report.problems:
        raise ContentError("\n".join(report.problems or read.problems))
    if read.post.slug != slug:
        raise StateError(
            say(
                "文件 {path} 现在是另一篇稿件（{now}），不是 {slug}：请放回原稿。",
                "The file {path} is another post now ({now}), not {slug}: put that back.",
                path=known.path,
                now=read.post.slug,
                slug=slug,
            )
        )
    return read


def _file(desk: Desk, path: str) -> InboxFile:
    found = next((file for file in list_inbox(desk.posts_folder) if file.shown_as == path), None)
    if found is None:
        raise StateError(
            say(
                "稿件文件 {path} 不在了，更正要按它现在的内容：请放回。",
                "The post's file {path} is gone, and a correction goes by what it says: put it back.",
                path=path,
            )
        )
    return found


def _as_read(connection: sa.Connection, read: ReadFile) -> KnownPost:
    known = posts.by_slug(connection, read.slug)
    if known is None or known.digest != read.digest:
        raise StateError(
            say("稿件文件正在改动，请稍后再试。", "The post's file is being changed; try again in a moment.")
        )
    if known.id in withdrawals.stops(connection):
        raise StateError(say("本稿正在撤稿，不能更正。", "The post is being taken down and cannot be corrected."))
    return known


def _begin(desk: Desk, it: Correction) -> Job | None:
    """The try as it is recorded; ``None`` where it is not its turn, or what it was about has changed."""
    now = desk.clock()
    with desk.store.write() as connection:
        before = deliveries.get(connection, [it.delivery_id])[it.delivery_id]
        channel = desk.channels.get(before.channel)
        if attempts.count_open(connection, before.id):
            return None
        if before.state is not State.PUBLISHED or channel is None or not is_same(before, channel):
            why = say("已不在原来的账号上公开", "it is not public any more where it was")
            corrections.note(connection, it, Progress.FAILED, why, now)
            return None
        if not may_be_made(desk, connection, it, before):
            return None
        assert it.rendition_id is not None  # noqa: S101 - only channels that cannot have none
        rendition = corrections.rendition(connection, it.rendition_id)
        addresses = links.of_post(desk, connection, it.post_id, before.channel) if rendition.needs else {}
        if any(need not in addresses for need in rendition.needs):
            return None  # its link is to be there first
        if not corrections.take_try(connection, it, now + max(desk.lease, AGAIN)):
            return None
        taken = replace(before, attempt=before.attempt + 1)
        leaving = it.made_of(taken)
        deliveries.write(connection, [deliveries.Change(before, taken)], now, desk.node)
        attempts.begin(
            connection,
            [leaving],
            Action.CORRECT,
            node=desk.node,
            process=desk.process,
            now=now,
            lease_until=now + desk.lease,
        )
        kept = posts.kept(connection, {(it.post_id, it.revision)}).get((it.post_id, it.revision))
        receipt = ledger.receipt(connection, before.id)
    proof = rendition.proof(it.digest, post=it.post, channel=it.channel, column=before.column, revision=it.revision)
    return Job(
        action=Action.CORRECT,
        delivery=leaving,
        order=order_for(leaving, it.post, rendition, now.astimezone(desk.zone)),
        proof=proof,
        is_as_read=kept.is_as_read if kept is not None else lambda: False,
        addresses=addresses,
        receipt=receipt,
        lease=desk.lease_from(now),
    )


def _end(desk: Desk, it: Correction, done: Done) -> None:
    """Write what became of a try, fenced by its number: what was withdrawn meanwhile stays withdrawn."""
    now, number, said = desk.clock(), done.job.order.attempt, evidence_of(done.ending)
    by = it.person.signs(Correct.verb)
    with desk.store.write() as connection:
        before = deliveries.get(connection, [it.delivery_id])[it.delivery_id]
        end = attempts.End(before.id, number, type(done.ending).__name__.lower(), said, done.sent, done.total)
        attempts.end(connection, [end], now)
        if isinstance(done.ending, Published) and before.attempt == number and before.state is State.PUBLISHED:
            said = done.ending.receipt.evidence
            corrections.apply(connection, before, it.made_of(before), said, now=now, actor=by, why=it.why)
            corrections.note(connection, it, Progress.DONE, "", now)
            return
        corrections.note_unmade(connection, before, number, now=now, actor=desk.node, why=said)
        is_over = it.tries + 1 >= TRIES or (isinstance(done.ending, Rejected) and done.ending.blame is Blame.CONTENT)
        corrections.note(connection, it, Progress.FAILED if is_over else Progress.OPEN, said, now)
