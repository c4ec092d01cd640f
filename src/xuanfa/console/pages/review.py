"""审校 · 一篇: what will leave, as it will leave; and what this person says to it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from starlette.responses import FileResponse, HTMLResponse, Response

from xuanfa.console.again import require_again
from xuanfa.console.guard import headers
from xuanfa.console.once import is_answered, once
from xuanfa.console.open_to import require_open
from xuanfa.console.pages.reviews import REVIEWERS
from xuanfa.console.render import page, see_other
from xuanfa.console.reviewing import FACE, Sight, gate_count, gate_words, level_class, moved_words, sight_of
from xuanfa.console.visit import ANY_ROLE, EDITORS, Visit, get, post
from xuanfa.domain.act import ApproveReview, ConfirmReview, PhoneReview, ReturnReview
from xuanfa.domain.act_outward import RecallReview
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.practising.frozen import frozen_page, frozen_picture
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.operations.reviewing.seen import mark_seen
from xuanfa.operations.solemnity import remarks_of
from xuanfa.reports.people import list_users
from xuanfa.reports.recalls import recallable
from xuanfa.reports.review_queue import Moved, consents_of, moved_since, principals_of

_CLASH: Final = 409
_WRONG: Final = 422


def show(visit: Visit) -> Response:
    """One post."""
    return _shown(visit, sight_of(visit, visit.names["slug"]))


def show_leaf(visit: Visit) -> Response:
    """The rendition of one channel, for a frame."""
    slug, channel = visit.names["slug"], visit.names["channel"]
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    text = frozen_page(visit.desk, slug, channel, f"/reviews/{slug}/pictures/", large=visit.query("large") == "1")
    if text is None:
        return HTMLResponse(say("这个渠道没有成稿。", "This channel gets nothing."), 404, headers=headers.FRAME)
    return HTMLResponse(text, headers=headers.FRAME)


def show_picture(visit: Visit) -> Response:
    """A picture of it."""
    slug = visit.names["slug"]
    require_may_read(visit.veil(), slug)
    require_open(visit, slug)
    found = frozen_picture(visit.desk, slug, visit.names["name"])
    if found is None or not found.path.is_file():
        return Response(status_code=404, headers=headers.UPLOAD)
    return FileResponse(found.path, media_type=found.media_type, headers=headers.UPLOAD)


def see(visit: Visit) -> Response:
    """看过: the end of a rendition was on the screen."""
    sight = sight_of(visit, visit.names["slug"])
    digest = visit.field("digest")
    if digest not in {leaf.reading.digest for leaf in sight.leaves}:
        return _shown(visit, sight, status=_CLASH, moved=moved_since(visit.desk.store, sight.slug, visit.field("was")))
    mark_seen(visit.desk, visit.me.user.name, digest, FACE)
    if visit.part():
        return Response(status_code=204, headers=headers.PAGE)
    return see_other(f"/reviews/{sight.slug}")


def ask_to_sign(visit: Visit) -> Response:
    """The sheet before the last step: what exactly is agreed to, and what follows. Nothing is decided."""
    sight = sight_of(visit, visit.names["slug"])
    return _not_yet(visit, sight) or _shown(visit, sight, sheet="sign")


def approve(visit: Visit) -> Response:
    """同意: the open step is approved, all of it seen and every gate ticked."""
    sight = sight_of(visit, visit.names["slug"])
    refused = None if is_answered(visit) else _not_yet(visit, sight)
    if refused is not None:
        return refused
    act = ApproveReview(
        post=sight.slug,
        step=_number(visit.field("step")),
        checks=tuple(visit.fields("gate")),
        digests=tuple(visit.fields("digests")),
        principal=visit.field("principal"),
        note=visit.field("note"),
    )
    try:
        if sight.is_last:
            require_again(visit)
        return once(visit, "approve_review", lambda: _approved(visit, act, "signed" if sight.is_last else "passed"))
    except StateError as error:
        return _refused(visit, sight.slug, str(error), sheet="sign" if sight.is_last else "")


def ask_to_return(visit: Visit) -> Response:
    """退回给谁, and what is to be mended."""
    return _shown(visit, sight_of(visit, visit.names["slug"]), sheet="return")


def send_back(visit: Visit) -> Response:
    """退回修改: it goes back to its author, with what is to be mended."""
    sight = sight_of(visit, visit.names["slug"])
    if not is_answered(visit) and not _is_current(visit, sight):
        return _stale(visit, sight)
    if not visit.field("why"):
        return _shown(
            visit, sight, status=_WRONG, sheet="return", fault=say("请写明哪里要改。", "Say what is to be mended.")
        )
    act = ReturnReview(
        post=sight.slug,
        step=_number(visit.field("step")),
        digests=tuple(visit.fields("digests")),
        principal=visit.field("principal"),
        places=((visit.field("place"), visit.field("why")),) if visit.field("place") else (),
    )
    try:
        return once(visit, "return_review", lambda: _returned(visit, act))
    except StateError as error:
        return _refused(visit, sight.slug, str(error), sheet="return")


def ask_for_consent(visit: Visit) -> Response:
    """电话同意: who has agreed, when, and by which number."""
    return _shown(visit, sight_of(visit, visit.names["slug"]), sheet="phone")


def enter_consent(visit: Visit) -> Response:
    """A leader has agreed by telephone to exactly this; he says so himself later."""
    sight = sight_of(visit, visit.names["slug"])
    if not is_answered(visit) and not _is_current(visit, sight):
        return _stale(visit, sight)
    try:
        act = PhoneReview(
            post=sight.slug,
            leader=visit.field("leader"),
            at=_called_at(visit),
            number=visit.field("number"),
            step=_number(visit.field("step")),
            checks=tuple(visit.fields("gate")),
            digests=tuple(visit.fields("digests")),
            note=visit.field("note"),
        )
        return once(visit, "phone_review", lambda: _carried(visit, act, "phone"))
    except StateError as error:
        return _refused(visit, sight.slug, str(error), sheet="phone")


def confirm(visit: Visit) -> Response:
    """补确认: the leader says himself that he has agreed. It is a word like any other, and asks again who it is."""
    slug = sight_of(visit, visit.names["slug"]).slug
    try:
        require_again(visit)
        return once(visit, "confirm_review", lambda: _carried(visit, ConfirmReview(post=slug), "confirmed"))
    except StateError as error:
        return _refused(visit, slug, str(error), sheet="")


def take_back(visit: Visit) -> Response:
    """收回签发: what has not left does not leave, and the last step is asked again. What stays is told by the page that answers."""
    slug = sight_of(visit, visit.names["slug"]).slug
    if not visit.field("why"):
        return _refused(
            visit, slug, say("收回签发要写明原因，没有收回。", "Say why; nothing was taken back."), sheet=""
        )
    try:
        return once(visit, "recall_review", lambda: _carried(visit, RecallReview(post=slug), "recalled"))
    except StateError as error:
        return _refused(visit, slug, str(error), sheet="")


def _carried(visit: Visit, act: PhoneReview | ConfirmReview | RecallReview, done: str) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/reviews/{act.post}?done={done}"


def _called_at(visit: Visit) -> datetime:
    """When the call was, by the clock of the workspace. Raises StateError."""
    try:
        day = datetime.fromisoformat(f"{visit.field('day')}T{visit.field('time')}")
    except ValueError as error:
        raise StateError(say("请填通话的日期和时间。", "Give day and time of the call.")) from error
    return day.replace(tzinfo=visit.desk.zone)


def _approved(visit: Visit, act: ApproveReview, done: str) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/reviews/{act.post}?done={done}"


def _returned(visit: Visit, act: ReturnReview) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/reviews/{act.post}?done=returned"


def _is_current(visit: Visit, sight: Sight) -> bool:
    """Whether the page that was pressed on showed what stands now."""
    open_ = sight.open_step
    step = str(open_.number) if open_ else ""
    return (visit.field("was"), visit.field("step")) == (sight.record.digest, step)


def _not_yet(visit: Visit, sight: Sight) -> Response | None:
    """Why the step cannot be approved by what was pressed; ``None`` where it can."""
    if not _is_current(visit, sight):
        return _stale(visit, sight)
    if sight.unseen:
        words = say(
            "还有 {n} 个渠道没有看到底：{names}。没有登记。",
            "{n} channels were not seen to their end: {names}. Nothing was recorded.",
            n=len(sight.unseen),
            names=say("、", ", ").join(leaf.reading.shown for leaf in sight.unseen),
        )
        return _shown(visit, sight, status=_WRONG, fault=words)
    left = [gate for gate in (sight.open_step.checks if sight.open_step else ()) if gate not in visit.fields("gate")]
    if left:
        words = say(
            "还有 {n} 项没有勾：{names}。没有登记。",
            "{n} gates are not ticked: {names}. Nothing was recorded.",
            n=len(left),
            names=say("、", ", ").join(left),
        )
        return _shown(visit, sight, status=_WRONG, gates_fault=words)
    return None


def _stale(visit: Visit, sight: Sight) -> Response:
    """It has changed meanwhile: the difference first, no gate ticked."""
    moved = moved_since(visit.desk.store, sight.slug, visit.field("was"))
    return _shown(visit, sight, status=_CLASH, moved=moved)


def _refused(visit: Visit, slug: str, words: str, *, sheet: str) -> Response:
    """An operation has said no; where something moved in the same instant, that is said instead."""
    sight = sight_of(visit, slug)
    if visit.field("was") and not _is_current(visit, sight):
        return _stale(visit, sight)
    return _shown(visit, sight, status=_CLASH, sheet=sheet, fault=words)


def _shown(visit: Visit, sight: Sight, *, status: int = 200, moved: Moved | None = None, **values: Any) -> Response:
    view = visit.query("view")
    defaults: dict[str, Any] = {
        "view": view if view in {"changes", "large"} else ("changes" if moved else "page"),
        "leaf": sight.leaf(visit.query("channel")),
        "sheet": "",
        "fault": "",
        "gates_fault": "",
        "ticked": () if moved else tuple(visit.fields("gate")),
        "note": visit.field("note"),
        "why": visit.field("why"),
        "place": visit.field("place"),
        "done": visit.query("done"),
        "principals": principals(visit),
        "of_time": [] if sight.open_step is None else remarks_of(visit.desk, sight.slug),
        "owed": any(row.post == sight.slug for row in consents_of(visit.desk.store, visit.me.user.name)),
        "recall": recallable(visit.desk.store, sight.slug, visit.me.user),
        "today": visit.now.astimezone(visit.desk.zone),
        "may_review": visit.may(REVIEWERS),
        "may_link": visit.may(EDITORS),
        "levels": list(Level),
        "level_class": level_class,
        "gate_words": gate_words,
        "gate_count": gate_count,
        "moved_words": moved_words,
    }
    return page(visit, "review", status=status, sight=sight, moved=moved, **(defaults | values))


def principals(visit: Visit) -> Sequence[tuple[str, str]]:
    """In whose names this person may decide: login names, with the names as printed."""
    names = principals_of(visit.desk.store, visit.me.user.name, visit.now)
    if not names:
        return ()
    shown = {user.name: user.display for user in list_users(visit.desk.store)}
    return [(name, shown.get(name, name)) for name in names]


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < _DIGITS else None


#: No review has so many steps that their number had so many digits.
_DIGITS: Final = 6

WAYS = (
    get("/reviews/{slug}", show, ANY_ROLE),
    get("/reviews/{slug}/leaving/{channel}", show_leaf, ANY_ROLE),
    get("/reviews/{slug}/pictures/{name}", show_picture, ANY_ROLE),
    post("/reviews/{slug}/seen", see, ANY_ROLE),
    post("/reviews/{slug}/sign", ask_to_sign, REVIEWERS),
    post("/reviews/{slug}/approve", approve, REVIEWERS),
    get("/reviews/{slug}/return", ask_to_return, REVIEWERS),
    post("/reviews/{slug}/return", send_back, REVIEWERS),
    get("/reviews/{slug}/phone", ask_for_consent, REVIEWERS),
    post("/reviews/{slug}/phone", enter_consent, REVIEWERS),
    post("/reviews/{slug}/confirm", confirm, REVIEWERS),
    post("/reviews/{slug}/recall", take_back, ANY_ROLE),
)
