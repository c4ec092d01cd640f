"""写稿: a post's title, summary, text and front matter; the draft that the server keeps; saving it as a revision; and choosing where two people
have changed the same paragraph."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import FORM_MAX, Visit, Way, get, post
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.drafts import KEYS, TEXT, Manuscript
from xuanfa.operations.writing.places import may_write, place_of
from xuanfa.operations.writing.revisions import revisions_of
from xuanfa.operations.writing.saving import Collided, Saved, collision, save

#: What the front matter's use of AI is called.
AI: Final = ("", "none", "assisted", "generated")
#: A text that was pasted whole, with all its fields.
_DRAFT_MAX: Final = 6 * FORM_MAX


def show(visit: Visit, faults: tuple[str, ...] = (), status: int = 200) -> Response:
    """The page. Whoever may only read sees what there is of it."""
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    if place.revision and not may_write(visit.desk, place, visit.person()):
        return see_other(f"/posts/{quote(slug)}/revisions")
    manuscript = drafts.open_manuscript(visit.desk, slug, visit.person())
    return page(
        visit,
        "write",
        status=status,
        it=manuscript,
        fields=manuscript.fields,
        faults=_placed(faults, manuscript),
        columns=visit.desk.columns,
        ai=AI,
        ai_words=_ai_words(),
        revisions=revisions_of(visit.desk, slug, visit.veil()) if place.revision else [],
        saved=visit.query("saved"),
        merged=visit.query("merged"),
    )


def keep(visit: Visit) -> Response:
    """The draft, from the script; its answer is the word of the server that it is kept."""
    sequence = visit.field("sequence")
    try:
        at = drafts.keep_draft(
            visit.desk,
            visit.names["slug"],
            visit.person(),
            _fields(visit),
            mark=visit.field("base"),
            sequence=int(sequence) if sequence.isascii() and sequence.isdigit() else 0,
        )
    except StateError as error:
        return JSONResponse({"detail": str(error)}, 409, headers=headers.PAGE)
    return JSONResponse(
        {"saved_at": f"{at.astimezone(visit.desk.zone):%H:%M:%S}", "sequence": int(sequence or 0)}, headers=headers.PAGE
    )


def save_revision(visit: Visit) -> Response:
    """存为一版."""
    return saved_first(visit, "save_post", lambda saved: _write_address(visit, saved))


def saved_first(visit: Visit, verb: str, then: Callable[[Saved], str]) -> Response:
    """Keep what stands in the fields, make it a revision, and go on; where it is no post yet, the page again with what is wrong."""
    try:
        return once(visit, verb, lambda: _saved(visit, then))
    except ContentError as error:
        return show(visit, tuple(str(error).splitlines()), 422)


def _saved(visit: Visit, then: Callable[[Saved], str]) -> str:
    slug = visit.names["slug"]
    sequence = visit.field("sequence")
    drafts.keep_draft(
        visit.desk,
        slug,
        visit.person(),
        _fields(visit),
        mark=visit.field("base"),
        sequence=(int(sequence) if sequence.isascii() and sequence.isdigit() else 0) + 1,
    )
    done = save(visit.desk, slug, visit.person())
    return f"/posts/{quote(slug)}/clash" if isinstance(done, Collided) else then(done)


def _write_address(visit: Visit, saved: Saved) -> str:
    merged = "&merged=1" if saved.merged else ""
    return f"/posts/{quote(visit.names['slug'])}/write?saved={saved.revision}{merged}"


def mend(visit: Visit) -> Response:
    """改成这样, without the script: the proposal is taken into the draft."""
    return once(visit, "mend_draft", lambda: _mended(visit))


def _mended(visit: Visit) -> str:
    sequence = visit.field("sequence")
    fields = drafts.with_mend(_fields(visit), visit.raw("mend"))
    number = (int(sequence) if sequence.isascii() and sequence.isdigit() else 0) + 1
    slug = visit.names["slug"]
    drafts.keep_draft(visit.desk, slug, visit.person(), fields, mark=visit.field("base"), sequence=number)
    return f"/posts/{quote(slug)}/write#findings"


def discard(visit: Visit) -> Response:
    """What was written and not saved is not wanted any more."""
    slug = visit.names["slug"]
    return once(visit, "discard_draft", lambda: _discarded(visit, slug))


def _discarded(visit: Visit, slug: str) -> str:
    drafts.discard_draft(visit.desk, slug, visit.person())
    return f"/posts/{quote(slug)}/write" if place_of(visit.desk, slug).revision else "/posts?shelf=drafts"


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


def _fields(visit: Visit) -> dict[str, str]:
    return {name: visit.raw(name) for name in (*KEYS, TEXT) if name in visit.form}


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


def _ai_words() -> dict[str, str]:
    return {
        "": say("没有写", "not said"),
        "none": say("没有用", "none"),
        "assisted": say("辅助", "assisted"),
        "generated": say("生成", "generated"),
    }


WAYS = (
    get("/posts/{slug}/write", show),
    Way(method="PUT", path="/posts/{slug}/draft", to=keep, most=_DRAFT_MAX),
    post("/posts/{slug}/save", save_revision, most=_DRAFT_MAX),
    post("/posts/{slug}/mend", mend, most=_DRAFT_MAX),
    post("/posts/{slug}/discard", discard),
    get("/posts/{slug}/clash", show_clash),
    post("/posts/{slug}/clash", settle_clash, most=_DRAFT_MAX),
)
