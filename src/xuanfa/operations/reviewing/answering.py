"""Answering (承担): whoever brings a review to its end answers for what the rules found severe in what it lets leave, with a reason. A veto is
passed by nobody."""

from collections.abc import Iterator

import sqlalchemy as sa

from xuanfa.domain.checking import Level
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.noted import listed
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy, option
from xuanfa.domain.review import Decision, Deed, ReviewState, standing
from xuanfa.domain.verdict import Note, Waiver, several, unanswered
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import Docket
from xuanfa.store import posts, verdicts


def answer(
    desk: Desk, connection: sa.Connection, found: Docket, decision: Decision, *, verb: str, person: Person
) -> None:
    """Keep for what somebody answers with this decision, where it is the last. Raises StateError where there is a veto, or something severe and
    no reason."""
    if desk.rules is None or not _ends(found, decision):
        return
    slug, path = posts.name_of(connection, found.post.id)
    left = list(_left(connection, found, slug))
    notes = several(note for _, note in left)
    vetoes = [note for note in notes if note.level is Level.VETO]
    if vetoes:
        raise StateError(
            say(
                "稿件 {post} 有否决级问题，审核也不能放行：{what}。请退回作者修改；确是误报，由管理员写明理由忽略（{ignore}）",
                "What was found in {post} may not go out, and no review passes that: {what}. Send it back to its author; if it is none, an "
                "administrator ignores it with a reason ({ignore})",
                post=slug,
                what=listed(vetoes, path, _CHANNELS),
                ignore=Remedy("ignore_finding", slug),
            ).coded("check.review_veto")
        )
    if notes and not person.why.strip():
        raise StateError(
            say(
                "稿件 {post} 有严重问题，末步通过要写明理由{by}：{what}",
                "Something severe was found in {post}; whoever approves the last step says why it may go out{by}: {what}",
                by=option("--why"),
                post=slug,
                what=listed(notes, path, _CHANNELS),
            ).coded("check.review_reason")
        )
    given = [
        Waiver(
            rule=note.rule,
            text=note.text,
            post=slug,
            digest=digest,
            actor=person.name,
            why=person.why,
            at=found.table.now,
        )
        for digest, note in {(digest, note.mark): (digest, note) for digest, note in left}.values()
    ]
    if given:
        verdicts.waive(connection, given, person.signs(verb), post_id=found.post.id)
        verdicts.settle(connection, slug)


#: What stands for the channels where a finding is of what they get and not of the file.
_CHANNELS = "…"


def _ends(found: Docket, decision: Decision) -> bool:
    """Whether something may leave by this decision."""
    if decision.deed is Deed.EMERGENCY:
        return True
    if decision.deed is not Deed.APPROVED:
        return False
    return standing(found.review, [*found.decisions, decision]).state is ReviewState.APPROVED


def _left(connection: sa.Connection, found: Docket, slug: str) -> Iterator[tuple[str, Note]]:
    """For what nobody answers yet in what would leave, with the digest of its rendition."""
    waived = verdicts.about(connection, slug)
    for digest, kept in verdicts.of_digests(
        connection, found.post.id, {each.digest for each in found.current.values()}
    ):
        for note in unanswered(kept.verdict.notes, waived, post=slug, digest=digest):
            yield digest, note
