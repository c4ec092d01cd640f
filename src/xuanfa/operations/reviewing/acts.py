"""Acts of review: how what people decide about a post is carried out, each in one transaction that has the post to itself."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.access import readers_of
from xuanfa.domain.act import (
    ApproveReview,
    ConfirmReview,
    DelegateReview,
    Emergency,
    OfReview,
    PhoneReview,
    ReturnReview,
    SubmitReview,
)
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.likeness import body_of
from xuanfa.domain.person import Person
from xuanfa.domain.planning import taken_back, under_review_again
from xuanfa.domain.recalling import recall, what_is_left
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import Decision, Deed, Review, ReviewState, Template, digest_of
from xuanfa.domain.review_leaving import is_any_left
from xuanfa.domain.review_people import authors_of, nobody_in_words, nobodys_steps
from xuanfa.domain.review_reading import require_digests
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.reviewing import (
    Delegation,
    Member,
    Saying,
    approve,
    by_phone,
    confirm,
    let_go_first,
    require_delegation,
    send_back,
)
from xuanfa.domain.user import login_name
from xuanfa.operations import solemnity
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import closed_in_words, require_may_read, veil_in
from xuanfa.operations.reviewing.answering import answer
from xuanfa.operations.reviewing.docket import (
    Decided,
    Docket,
    docket,
    known_post,
    lock_post,
    member,
    members_of,
)
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import access, corrections, deliveries, posts, reviews, withdrawals
from xuanfa.store.deliveries import Change


def submit_review(desk: Desk, act: SubmitReview, person: Person) -> Decided:
    """The post is to be reviewed as it is. Raises StateError where it needs no review, has nothing to be sent, or is under review already."""
    with desk.store.write() as connection:
        found, changes = _current(desk, connection, act, person, opens=True)
        who = member(found.table.members, person)
        _require_reader(connection, found, {who.name}, authors_too=True)
        if who.disabled:
            raise StateError(say("{who}的账号已停用。", "The account of {who} is disabled.", who=who.display))
        _require_submittable(found)
        _require_no_holder(found, who)
        decision = submission(found, who, person, note=act.note)
        remarks = nobodys(connection, found, who)
        reviews.add(connection, found.review, decision, person.signs(act.verb))
        again = [Change(each, under_review_again(each)) for each in found.sending]
        again = [change for change in again if change.after != change.before]
        deliveries.write(connection, again, found.table.now, person.signs(act.verb))
        remarks += solemnity.remarks(desk, connection, deliveries.of_post(connection, found.post.id), desk.clock())
    return _told(desk, found.post.slug, decision, [*changes, *again], remarks)


def submission(found: Docket, who: Member, person: Person, *, note: str = "") -> Decision:
    """The line of a post's being submitted as it is now."""
    return Decision(
        number=found.table.next_number,
        deed=Deed.SUBMITTED,
        at=found.table.now,
        by=who.name,
        how=person.how,
        note=note,
        why=person.why,
        digest=digest_of(found.current),
        snapshot=found.current,
    )


def nobodys(connection: sa.Connection, found: Docket, who: Member) -> list[str]:
    """Steps that nobody can hold where this person has submitted it; of a restricted post, nobody who may read it."""
    steps, authors = found.review.template.steps, found.table.authors | {who.name}
    may_read = readers_of(access.of_post(connection, found.post.id), found.table.members)
    empty = nobodys_steps(steps, found.review.level, may_read, authors)
    return [nobody_in_words(number, steps[number - 1].name) for number in empty]


def _require_submittable(found: Docket) -> None:
    stands, last = found.table.stands, found.decisions[-1].deed if found.decisions else None
    if not (stands.is_owed or found.is_correcting or any(each.is_queued or each.hold for each in found.sending)):
        raise StateError(
            say(
                "本稿没有等待发出的成稿，不用送审：用 {show} 查看。",
                "Nothing of the post waits to be sent, so that there is nothing to review: see {show}.",
                show=Remedy("show", found.post.slug),
            )
        )
    if stands.state is ReviewState.APPROVED:
        raise StateError(say("本稿已经审核通过，不用再送审。", "The post is approved; it need not be submitted again."))
    if stands.state is ReviewState.OPEN and last not in {Deed.CHANGED, Deed.MOVED}:
        raise StateError(
            say(
                "本稿已经送审，正在审核，不用再送。",
                "The post has been submitted and is under review; it need not be submitted again.",
            )
        )


def _require_no_holder(found: Docket, who: Member) -> None:
    """Whoever submits is an author, and nobody holds a step of a post of their own."""
    held = [n for n, decision in found.table.stands.holders.items() if who.name in {decision.by, decision.principal}]
    if held:
        raise StateError(
            say(
                "{who}已审过本稿第 {n} 步，不能再送审：送审人是作者，不审自己的稿件。请由作者送审。",
                "{who} holds step {n} of the post, and whoever submits it is an author: have its author submit it.",
                who=who.display,
                n=held[0],
            )
        )


def approve_review(desk: Desk, act: ApproveReview, person: Person) -> Decided:
    """The open step is approved; with the last one, the post is in the queue."""

    def decide(found: Docket) -> Decision:
        require_digests(found.table, act.post, act.digests)
        return approve(found.table, _saying(found, act, person))

    return _decide(desk, act, person, decide)


def return_review(desk: Desk, act: ReturnReview, person: Person) -> Decided:
    """The open step sends the post back to its author."""
    with desk.store.read() as connection:
        post = known_post(connection, act.post)
        require_may_read(veil_in(connection, person), act.post)
        source = posts.named(connection, [post.id])[post.id].source
    for place, _ in act.places:
        if not place.strip() or (place not in body_of(source) and place not in source):
            raise StateError(
                say(
                    "稿件里没有“{place}”这段文字，意见没有登记：请照原文抄几个字。",
                    "The text does not hold {place!r}, and nothing was recorded: copy some words of it as they stand.",
                    place=place[:_SHOWN],
                )
            )

    def decide(found: Docket) -> Decision:
        require_digests(found.table, act.post, act.digests)
        return send_back(found.table, _saying(found, act, person))

    return _decide(desk, act, person, decide)


#: So much of what was typed is repeated. Characters.
_SHOWN = 40


def phone_review(desk: Desk, act: PhoneReview, person: Person) -> Decided:
    """A leader has agreed by telephone, and says so himself later."""

    def decide(found: Docket) -> Decision:
        require_digests(found.table, act.post, act.digests)
        return by_phone(found.table, _saying(found, act, person), login_name(act.leader), act.at, act.number)

    return _decide(desk, act, person, decide)


def confirm_review(desk: Desk, act: ConfirmReview, person: Person) -> Decided:
    """The leader says himself that he has agreed."""
    return _decide(desk, act, person, lambda found: confirm(found.table, _saying(found, act, person)))


def emergency(desk: Desk, act: Emergency, person: Person) -> Decided:
    """It goes out before its review (先发后审)."""
    return _decide(
        desk,
        act,
        person,
        lambda found: let_go_first(found.table, _saying(found, act, person), desk.reviews.emergency_role),
        opens=True,
    )


def recall_review(desk: Desk, act: RecallReview, person: Person) -> Decided:
    """What was approved is not to leave after all (收回签发): what is queued awaits its last step again; what is under way or out stays, and is
    told with the way on."""
    told: list[str] = []

    def decide(found: Docket) -> Decision:
        left = what_is_left(found.sending, is_correcting=found.is_correcting, post=act.post)
        told.extend(left.remarks)
        return recall(found.table, _saying(found, act, person), left)

    return replace(_decide(desk, act, person, decide), remarks=tuple(told))


def delegate_review(desk: Desk, act: DelegateReview, person: Person) -> Delegation:
    """Somebody else decides in this person's name for a time."""
    with desk.store.write() as connection:
        members = members_of(connection)
        principal, deputy = member(members, person), members.get(login_name(act.to))
        if deputy is None:
            raise StateError(say("没有用户“{name}”。", "There is no user {name!r}.", name=act.to))
        require_delegation(principal, deputy, act.begins, act.ends, person.why)
        if act.ends <= desk.clock():
            raise StateError(
                say(
                    "委托的结束时间已经过去，没有登记：是不是写错了？",
                    "The delegation would be over already, and was not entered: is its end written as meant?",
                )
            )
        found = Delegation(
            principal=principal.name, deputy=deputy.name, begins=act.begins, ends=act.ends, why=person.why
        )
        reviews.delegate(connection, found, person.signs(act.verb), desk.clock())
    return found


def _decide(
    desk: Desk, act: OfReview, person: Person, decide: Callable[[Docket], Decision], *, opens: bool = False
) -> Decided:
    """Measure a decision by what is true now, write it, and let leave what it lets leave."""
    with desk.store.write() as connection:
        found, changes = _current(desk, connection, act, person, opens=opens)
        _require_anything_to_correct(found)
        decision = decide(found)
        _require_reader(connection, found, {person.name, decision.by})
        answer(desk, connection, found, decision, verb=act.verb, person=person)
        if opens and not found.decisions:
            decision = replace(decision, snapshot=found.current, digest=digest_of(found.current))
        reviews.add(connection, found.review, decision, person.signs(act.verb))
        if decision.deed in {Deed.RETURNED, Deed.RECALLED}:
            back = [Change(each, taken_back(each, decision.why)) for each in lock_post(connection, found.post.id)]
            back = [each for each in back if each.after != each.before]
            deliveries.write(connection, back, found.table.now, person.signs(act.verb))
            corrections.take_back(connection, found.post.id)
            if decision.deed is Deed.RECALLED:
                withdrawals.let_end(connection, found.post.id, approved=False)
            changes = [*changes, *back]
        changes = [
            *changes,
            *reconcile(connection, found.post.id, found.table.now, person.signs(act.verb)),
        ]
        remarks = _of_time(desk, connection, found.post.id, decision)
    return _told(desk, found.post.slug, decision, changes, remarks)


def _of_time(desk: Desk, connection: sa.Connection, post_id: int, decision: Decision) -> list[str]:
    """What whoever lets a post go should know of its time."""
    if decision.deed not in {Deed.APPROVED, Deed.EMERGENCY}:
        return []
    found = solemnity.remarks(desk, connection, deliveries.of_post(connection, post_id), desk.clock())
    return [say("{what}。", "{what}.", what=words) for words in found]


def _require_anything_to_correct(found: Docket) -> None:
    """A correction that is off cannot be decided about: its file says again what is out, or it was withdrawn. Raises StateError."""
    stands = found.table.stands
    is_off = found.review.correction and not found.is_correcting and not stands.is_owed
    if is_off and stands.open_step is not None and not is_any_left(found.sending, stands.snapshot, found.current):
        raise StateError(
            say(
                "稿件 {slug} 的更正已经取消（稿件改回了公开的样子，或已撤稿），没有要审的；要更正就改好稿件再提出：{correct}",
                "The correction of {slug} is off (its file says what is out again, or it was withdrawn), so that there is nothing to decide; to "
                "correct it, change the file and order that again: {correct}",
                slug=found.post.slug,
                correct=Remedy("correct", found.post.slug),
            )
        )


def _require_reader(
    connection: sa.Connection, found: Docket, names: Collection[str], *, authors_too: bool = False
) -> None:
    """Only who may read a restricted post decides about it, by himself or by telephone; who has written it may submit it. Raises StateError."""
    closed = access.of_post(connection, found.post.id)
    if closed is None:
        return
    may = readers_of(closed, found.table.members).keys() | (found.table.authors if authors_too else set())
    if set(names) - may:
        raise StateError(closed_in_words(found.post.slug))


def _current(
    desk: Desk, connection: sa.Connection, act: OfReview, person: Person, *, opens: bool
) -> tuple[Docket, Sequence[Change]]:
    """The docket, after whatever has changed since the last decision; opened where the act opens one. Raises StateError."""
    post = known_post(connection, act.post)
    lock_post(connection, post.id)
    changes = reconcile(connection, post.id, desk.clock(), desk.node)
    found = docket(desk, connection, act.post)
    if found is None and opens:
        member(members_of(connection), person)
        found = docket(desk, connection, act.post, opened(desk, connection, act.post))
    if found is None:
        raise StateError(
            say(
                "稿件 {slug} 还没有送审：先提交（{submit}）。",
                "The post {slug} has not been submitted: do that first ({submit}).",
                slug=post.slug,
                submit=Remedy("submit_review", post.slug),
            )
        )
    member(found.table.members, person)
    return found, changes


def opened(desk: Desk, connection: sa.Connection, slug: str, correction: datetime | None = None) -> Review:
    """A new review of the post, by the template that its column or its kind asks for; of the ``correction`` that was ordered then, where that
    is meant."""
    post = known_post(connection, slug)
    if not lock_post(connection, post.id):
        raise StateError(
            say(
                "稿件 {slug} 不需要审核：它的专栏没有设审核模板。",
                "The post {slug} needs no review: its column has no template.",
                slug=slug,
            )
        )
    template = _template(desk, reviews.template_of(connection, post.id))
    named = reviews.authors_named(connection, post.id)
    review = Review(
        id=0,
        post_id=post.id,
        revision=post.revision,
        template=template,
        level=desk.reviews.level,
        authors=authors_of(named, members_of(connection)) | reviews.submitters(connection, post.id),
        opened_at=correction or desk.clock(),
        resumes_at_proof=desk.reviews.resumes_at_proof,
        correction=correction is not None,
    )
    return replace(review, id=reviews.open_review(connection, review))


def _template(desk: Desk, id_: str) -> Template:
    found = desk.reviews.templates.get(id_) or SHIPPED.get(id_)
    if found is None:
        raise StateError(
            say(
                "设置里没有审核模板 {id}：请补上 [review.templates.{id}]，或给稿件另选 kind。",
                "The settings have no review template {id}: add [review.templates.{id}], or choose another kind for the post.",
                id=id_,
            )
        )
    return found


def _saying(found: Docket, act: OfReview, person: Person) -> Saying:
    return Saying(
        who=member(found.table.members, person),
        how=person.how,
        step=getattr(act, "step", None),
        principal=login_name(getattr(act, "principal", "")),
        checks=tuple(getattr(act, "checks", ())),
        digests=tuple(getattr(act, "digests", ())),
        note=getattr(act, "note", ""),
        why=person.why,
        places=tuple(getattr(act, "places", ())),
    )


def _told(desk: Desk, slug: str, decision: Decision, changes: Sequence[Change], remarks: Sequence[str] = ()) -> Decided:
    for change in changes:
        desk.emit(change)
    return Decided(slug=slug, decision=decision, changes=changes, remarks=remarks)
