"""Ignoring (忽略): somebody says that what the rules found is none, in one post or for ever, and why. Whatever only that held goes on."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from xuanfa.domain.act import IgnoreFinding, IgnoreForEver
from xuanfa.domain.checking import Level
from xuanfa.domain.delivery import BY_CHECK, Delivery
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.planning import withheld
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.verdict import Note, Waiver
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.bylines import signed_file
from xuanfa.operations.intake.gate import Gate
from xuanfa.operations.intake.inbox import InboxFile, facts_of, list_inbox, source_of
from xuanfa.operations.intake.reading import read_source_of
from xuanfa.operations.intake.withheld import gone_in_words
from xuanfa.operations.restricting.rule import require_may_read, require_may_read_file, veil_in
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import deliveries, posts, verdicts
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignored:
    """What is ignored from now on, and the deliveries that go on by that."""

    waiver: Waiver
    going_on: tuple[Delivery, ...] = ()


def ignore(desk: Desk, act: IgnoreFinding | IgnoreForEver, person: Person) -> Ignored:
    """Write down that a finding is none. Raises StateError without a reason, for a finding that there is not, and for a veto by whoever may
    not ignore it for ever either."""
    if not person.why.strip():
        raise StateError(
            say(
                "忽略要写明理由{by}。它会记入历史。",
                "Ignoring needs a reason{by}. It is kept in the history.",
                by=option("--why"),
            )
        )
    slug, note = _found(desk, act, person)
    if note.level is Level.VETO and isinstance(act, IgnoreFinding):
        objection = desk.may(person, IgnoreForEver(post=slug, rule=act.rule, text=act.text))
        if objection:
            raise StateError(
                say("否决级问题只有管理员能忽略：{why}", "Only an administrator ignores a veto: {why}", why=objection)
            )
    now = desk.clock()
    waiver = Waiver(
        rule=note.rule,
        text=note.text,
        post="" if isinstance(act, IgnoreForEver) else slug,
        actor=person.name,
        why=person.why,
        at=now,
    )
    with desk.store.write() as connection:
        posts.lock_inbox(connection)
        known = posts.by_slug(connection, slug)
        verdicts.waive(connection, [waiver], person.signs(act.verb), **({} if known is None else {"post_id": known.id}))
        verdicts.settle(connection, waiver.post)
        changes = list(_going_on(desk, connection, waiver))
        deliveries.write(connection, changes, now, person.signs(act.verb))
        for post_id in sorted({each.after.post_id for each in changes if each.after.reviewed}):
            changes += reconcile(connection, post_id, now, person.signs(act.verb))
    for change in changes:
        desk.emit(change)
    return Ignored(waiver=waiver, going_on=tuple(each.after for each in changes))


def _going_on(desk: Desk, connection: sa.Connection, waiver: Waiver) -> Iterator[Change]:
    """What the rules held and do not hold any more, or for other findings now. What has no file waits for that."""
    for before, slug, path in verdicts.held(connection, BY_CHECK):
        if waiver.post and slug != waiver.post:
            continue
        after = Gate(desk=desk, connection=connection, slug=slug, path=path).passed(before)
        if after.is_queued and facts_of(desk.folder, path) is None:
            after = withheld(after, gone_in_words(desk.folder, path))
        if after != before:
            yield Change(before, after)


def _found(desk: Desk, act: IgnoreFinding | IgnoreForEver, person: Person) -> tuple[str, Note]:
    """The slug of the post and the finding, as it was kept, or else as the file is now."""
    with desk.store.read() as connection:
        veil = veil_in(connection, person)
        known = posts.by_slug(connection, act.post) or _of_path(connection, act.post)
        if known is not None:
            require_may_read(veil, known.slug)
            kept = verdicts.of_post(connection, known.id)
            for each in kept:
                for note in each.verdict.notes:
                    if _is_meant(act, note):
                        return known.slug, note
    file = _file(desk, known.path if known else act.post)
    if file is not None:
        source = source_of(file)
        read = read_source_of(desk, signed_file(desk, file, source), source)
        slug = read.post.slug if read.post else file.path.stem
        words = read.post.access if read.post and read.post.access else ()
        require_may_read_file(veil, slug, words, is_restricted=read.is_restricted)
        for made in read.rendered.values():
            for note in made.verdict.notes if made.verdict else ():
                if _is_meant(act, note):
                    return slug, note
        if read.unruled:
            raise ContentError(read.unruled)
    if file is None and known is None:
        raise StateError(
            say(
                "没有名为“{slug}”的稿件：用 {posts} 查看。",
                "There is no post {slug!r}: see {posts}.",
                slug=act.post,
                posts=Remedy("posts"),
            )
        )
    raise StateError(
        say(
            "稿件 {post} 里没有这一处：规则 {rule}、文字“{text}”。请照检查打印的写（{check}）。",
            "There is no such finding in {post}: rule {rule}, text {text!r}. Copy both from what is printed ({check}).",
            post=act.post,
            rule=act.rule,
            text=act.text,
            check=Remedy("check", known.path if known else act.post),
        )
    )


def _is_meant(act: IgnoreFinding | IgnoreForEver, note: Note) -> bool:
    return note.mark == (act.rule, act.text[: len(note.text)] if len(act.text) > len(note.text) >= _CUT else act.text)


#: Of a longer text only so much is kept. Characters.
_CUT = 200


def _of_path(connection: sa.Connection, name: str) -> posts.KnownPost | None:
    slug = posts.slugs_of(connection, [name]).get(name)
    return None if slug is None else posts.by_slug(connection, slug)


def _file(desk: Desk, name: str) -> InboxFile | None:
    return next((file for file in list_inbox(desk.posts_folder) if name in (file.shown_as, file.path.stem)), None)
