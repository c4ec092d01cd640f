"""For real: what was only rehearsed is sent for real on a person's word, as its file is now. Nothing of the rehearsal is carried over."""

from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.accounts import is_drill
from xuanfa.domain.act import Retry
from xuanfa.domain.channel import Channel
from xuanfa.domain.deciding import for_real
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.finding import blocking, in_words
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.deciding.answering import answered
from xuanfa.operations.deciding.decide import find
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import InboxFile, list_inbox
from xuanfa.operations.intake.plan import Planning, freeze
from xuanfa.operations.intake.queue import read_again
from xuanfa.operations.intake.read_file import ReadFile
from xuanfa.operations.intake.render import Rendered
from xuanfa.operations.intake.samples import require_own
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import deliveries, ledger, posts
from xuanfa.store.deliveries import Change


def send_for_real(desk: Desk, act: Retry, person: Person) -> Delivery:
    """Read the post's file, render it for the real channel, and put it into the queue.

    Raises StateError where that may not be, ContentError for a file that is bad. Then nothing has changed but that the file is read.
    """
    with desk.store.write() as connection:
        before = find(connection, act.delivery)
        slug, path = posts.name_of(connection, before.post_id)
    report, read = read_again(desk, _file(desk, path))
    if read.post is None or report.problems:
        raise ContentError("\n".join(report.problems or read.problems))
    if read.post.slug != slug:
        raise StateError(
            say(
                "文件 {path} 现在是另一篇稿件（{now}），不是 {slug}：请放回原稿，再用 {retry}。",
                "The file {path} is another post now ({now}), not {slug}: put that back, then retry.",
                path=path,
                now=read.post.slug,
                slug=slug,
                retry=Remedy("retry"),
            )
        )
    require_own(desk, read.digest)
    now = desk.clock()
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        deliveries.lock_reviewed(connection, act.delivery)
        before = find(connection, act.delivery)
        after = _as_it_is_now(desk, connection, before, read, now)
        after = answered(desk, connection, after, act=act, person=person)
        change = Change(before, after, person.why)
        ledger.drop_receipt(connection, act.delivery)  # what was rehearsed is not in the ledger of what was published
        deliveries.rewrite(connection, [change], now, person.signs(act.verb))
        more = reconcile(connection, after.post_id, now, person.signs(act.verb))
    for each in (change, *more):
        desk.emit(each)
    return next((each.after for each in reversed(more) if each.after.id == after.id), after)


def _file(desk: Desk, path: str) -> InboxFile:
    found = next((file for file in list_inbox(desk.posts_folder) if file.shown_as == path), None)
    if found is None:
        raise StateError(
            say(
                "稿件文件 {path} 不在了，正式发出要按它现在的内容重新生成：请放回，再用 {retry}。",
                "The post's file {path} is gone, and to be sent for real it is rendered anew: put it back, then retry.",
                path=path,
                retry=Remedy("retry"),
            )
        )
    return found


def _as_it_is_now(desk: Desk, connection: sa.Connection, before: Delivery, read: ReadFile, now: datetime) -> Delivery:
    """The delivery with the newest revision, as it begins, in place of all that the rehearsal has left."""
    channel, known = desk.channels[before.channel], posts.by_slug(connection, read.slug)
    if known is None or known.digest != read.digest or read.post is None:
        raise StateError(
            say(
                "稿件文件正在改动，请稍后再用 {retry}。",
                "The post's file is being changed; retry in a moment.",
                retry=Remedy("retry"),
            )
        )
    if not is_drill(before, channel):
        raise StateError(
            say(
                "投递 {id} 已有别的处理，现在是“{state}”。",
                "Delivery {id} has been decided otherwise meanwhile: it is {state}.",
                id=before.id,
                state=before.state.label,
            )
        )
    work = Planning(desk=desk, connection=connection, post=read.post, known=known, now=now)
    made = _rendered(read, channel)
    asks = before.reviewed or bool(desk.reviews.template_for(read.post.column, read.post.kind))
    wish = read.post.override(channel.id).publish_at or read.post.publish_at
    due_at = wish if isinstance(wish, datetime) and wish > now else before.due_at
    fresh = for_real(
        before, channel, now, due_at=due_at, revision=known.revision, column=read.post.column, reviewed=asks
    )
    return freeze(work, fresh, made)


def _rendered(read: ReadFile, channel: Channel) -> Rendered:
    made = read.rendered.get(channel.id)
    if made is None:
        raise StateError(
            say(
                "稿件 {slug} 不再发往渠道 {channel}：需要的话请在稿件或专栏里加上它，再用 {retry}。",
                "The post {slug} does not go to the channel {channel} any more: add it in the post or the column, then retry.",
                slug=read.slug,
                channel=channel.id,
                retry=Remedy("retry"),
            )
        )
    if not made.is_sendable:
        raise StateError(in_words(blocking(made.findings)))
    return made
