"""写稿: a post's title, summary, text and front matter; the draft that the server keeps; saving it as a revision; and choosing where two people
have changed the same paragraph."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.pages.fields import FIELDS_MAX, fields_of
from xuanfa.console.pages.preview import told_of
from xuanfa.console.pages.write_script import sequence_of
from xuanfa.console.pages.write_words import ai_words, script_words, tools
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.review import ReviewState
from xuanfa.domain.review_record import StepRecord
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.drafts import Manuscript
from xuanfa.operations.writing.own_channels import own_channels, own_field
from xuanfa.operations.writing.places import may_correct, may_write, place_of
from xuanfa.operations.writing.revisions import revisions_of
from xuanfa.operations.writing.saving import Collided, Saved, collision, save
from xuanfa.operations.writing.sketch import sketch_text
from xuanfa.reports.recurring import occurrences_among, source_of
from xuanfa.reports.reviews import review_record

#: What the front matter's use of AI is called.
AI: Final = ("", "none", "assisted", "generated")


def show(visit: Visit, faults: tuple[str, ...] = (), status: int = 200) -> Response:
    """The page. Whoever may only read sees what there is of it."""
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    if place.revision and not may_write(visit.desk, place, visit.person()):
        return see_other(f"/posts/{quote(slug)}/revisions")
    manuscript = drafts.open_manuscript(visit.desk, slug, visit.person())
    sketch = sketch_text(visit.desk, place, manuscript.text)
    named = [each.channel for each in sketch.channels]
    see = visit.query("see") if visit.query("see") in named else next(iter(named), "")
    return page(
        visit,
        "write",
        sketch=sketch,
        told=told_of(sketch, see),
        see=see,
        status=status,
        it=manuscript,
        fields=manuscript.fields,
        faults=_placed(faults, manuscript),
        columns=visit.desk.columns,
        own=own_channels(visit.desk, manuscript.text),
        own_field=own_field,
        ai=AI,
        ai_words=ai_words(),
        revisions=revisions_of(visit.desk, slug, visit.veil()) if place.revision else [],
        saved=visit.query("saved"),
        merged=visit.query("merged"),
        tools=tools(),
        source=source_of(visit.desk.store, slug, visit.desk.zone, visit.veil()),
        occurrence=occurrences_among(visit.desk.store, [slug]).get(slug),
        asks_review=_asks_review(visit, manuscript),
        turn=_turn(visit, manuscript),
        then=visit.way_back() if visit.query("then") or visit.field("then") else "",
        script_words=script_words(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where the review of the post stands, as far as whoever writes in it has to know. ``open``: the step that it is at; ``mine``: whether that
    step is this person's, who may correct it there; ``returned``: who has sent it back, when, and why."""

    open: StepRecord | None = None
    mine: bool = False
    returned: StepRecord | None = None
    approved: bool = False


def _turn(visit: Visit, manuscript: Manuscript) -> Turn:
    record = (
        review_record(visit.desk.store, visit.desk.reviews, visit.names["slug"]) if manuscript.place.revision else None
    )
    if record is None:
        return Turn()
    open_ = next((step for step in record.steps if step.state == "open"), None)
    return Turn(
        open=open_,
        mine=open_ is not None and may_correct(visit.desk, manuscript.place, visit.person()),
        returned=next((step for step in record.steps if step.state == "returned"), None),
        approved=record.state == ReviewState.APPROVED,
    )


def _asks_review(visit: Visit, manuscript: Manuscript) -> bool:
    """Whether a post of this column needs a review, as far as its fields say."""
    return bool(visit.desk.reviews.template_for(manuscript.fields.get("column", ""), manuscript.kind))


def save_revision(visit: Visit) -> Response:
    """存为一版."""
    return saved_first(visit, "save_post", lambda saved: _after(visit, saved))


def saved_first(visit: Visit, verb: str, then: Callable[[Saved], str]) -> Response:
    """Keep what stands in the fields, make it a revision, and go on; where it is no post yet, the page again with what is wrong."""
    try:
        return once(visit, verb, lambda: _saved(visit, then))
    except ContentError as error:
        return show(visit, tuple(str(error).splitlines()), 422)


def _saved(visit: Visit, then: Callable[[Saved], str]) -> str:
    slug = visit.names["slug"]
    _keep(visit, fields_of(visit))
    done = save(visit.desk, slug, visit.person())
    return f"/posts/{quote(slug)}/clash" if isinstance(done, Collided) else then(done)


def _keep(visit: Visit, fields: dict[str, str]) -> None:
    drafts.keep_draft(
        visit.desk,
        visit.names["slug"],
        visit.person(),
        fields,
        mark=visit.field("base"),
        sequence=sequence_of(visit) + 1,
    )


def _after(visit: Visit, saved: Saved) -> str:
    """Back to the review from which one came to correct it; else on with writing."""
    return f"{visit.way_back()}?done=edited" if visit.field("then") else _write_address(visit, saved)


def _write_address(visit: Visit, saved: Saved) -> str:
    merged = "&merged=1" if saved.merged else ""
    return f"/posts/{quote(visit.names['slug'])}/write?saved={saved.revision}{merged}"


def mend(visit: Visit) -> Response:
    """改成这样, without the script: the proposal is taken into the draft."""
    return once(visit, "mend_draft", lambda: _mended(visit))


def _mended(visit: Visit) -> str:
    _keep(visit, drafts.with_mend(fields_of(visit), visit.raw("mend")))
    return f"{_here(visit)}#findings"


def _here(visit: Visit) -> str:
    then = f"?then={quote(visit.way_back(), safe='/')}" if visit.field("then") else ""
    return f"/posts/{quote(visit.names['slug'])}/write{then}"


def keep_to_place(visit: Visit) -> Response:
    """Before a picture is put, without the script: what was typed is kept, so that a file that is too large costs no word of it."""
    return once(visit, "keep_draft", lambda: _kept_first(visit))


def _kept_first(visit: Visit) -> str:
    _keep(visit, fields_of(visit))
    return f"/posts/{quote(visit.names['slug'])}/picture"


def discard(visit: Visit) -> Response:
    """What was written and not saved is not wanted any more."""
    slug = visit.names["slug"]
    return once(visit, "discard_draft", lambda: _discarded(visit, slug))


def _discarded(visit: Visit, slug: str) -> str:
    drafts.discard_draft(visit.desk, slug, visit.person())
    return f"/posts/{quote(slug)}/write" if place_of(visit.desk, slug).revision else "/posts?tab=drafts"


def show_clash(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """两个人都改了: side by side, choose or write."""
    slug = visit.names["slug"]
    found = collision(visit.desk, slug, visit.person())
    if found is None:
        return see_other(f"/posts/{quote(slug)}/write")
    newest = next(iter(revisions_of(visit.desk, slug, visit.veil())), None)
    manuscript = drafts.open_manuscript(visit.desk, slug, visit.person())
    return page(
        visit,
        "clash",
        status=status,
        it=found,
        manuscript=manuscript,
        newest=newest,
        fault=fault,
        picked=_picked(visit),
    )


def settle_clash(visit: Visit) -> Response:
    """What was chosen becomes the revision; what has changed meanwhile is shown first."""
    slug = visit.names["slug"]
    found = collision(visit.desk, slug, visit.person())
    if found is not None:
        answers = [_answer(visit, number, clash) for number, clash in enumerate(found.clashes)]
        left = sum(answer is None for answer in answers)
        if left:
            words = say("还有 {n} 处没选。", "{n} are not chosen yet.", n=left)
            return show_clash(visit, words, 422)
    return once(visit, "settle_clash", lambda: _settled(visit, slug))


def _settled(visit: Visit, slug: str) -> str:
    found = collision(visit.desk, slug, visit.person())
    answers = [_answer(visit, n, clash) or "" for n, clash in enumerate(found.clashes)] if found is not None else None
    done = save(visit.desk, slug, visit.person(), answers=answers, theirs=visit.field("theirs"))
    return f"/posts/{quote(slug)}/clash" if isinstance(done, Collided) else _write_address(visit, done)


def _answer(visit: Visit, number: int, clash: Any) -> str | None:
    match visit.field(f"c{number}"):
        case "mine":
            return str(clash.mine)
        case "theirs":
            return str(clash.theirs)
        case "own":
            return visit.raw(f"o{number}")
        case _:
            return None


def _picked(visit: Visit) -> dict[str, str]:
    return {
        name: value for name, value in visit.form.multi_items() if isinstance(value, str) and name[:1] in {"c", "o"}
    }


def _placed(faults: tuple[str, ...], manuscript: Manuscript) -> list[str]:
    """What is wrong, in the lines of the field where it stands in the text, and without the name of a file."""
    found = []
    for fault in faults:
        words = fault.removeprefix(f"{manuscript.place.shown_as}:")
        number, colon, rest = words.partition(": ")
        if colon and number.isdigit() and words != fault:
            line = int(number) - manuscript.body_line + 1
            words = say("第 {n} 行：{words}", "line {n}: {words}", n=line, words=rest) if line > 0 else rest
        found.append(words)
    return found


WAYS = (
    get("/posts/{slug}/write", show),
    post("/posts/{slug}/save", save_revision, most=FIELDS_MAX),
    post("/posts/{slug}/mend", mend, most=FIELDS_MAX),
    post("/posts/{slug}/placing", keep_to_place, most=FIELDS_MAX),
    post("/posts/{slug}/discard", discard),
    get("/posts/{slug}/clash", show_clash),
    post("/posts/{slug}/clash", settle_clash, most=FIELDS_MAX),
)
