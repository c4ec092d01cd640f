"""写稿: a post's title, summary, text and front matter; the draft that the server keeps; saving it as a revision; and choosing where two people
have changed the same paragraph."""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.pages.fields import FIELDS_MAX, fields_of
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import UPLOAD_MAX, Visit, Way, get, post
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.drafts import Manuscript
from xuanfa.operations.writing.pictures import keep_picture
from xuanfa.operations.writing.places import may_write, place_of
from xuanfa.operations.writing.revisions import revisions_of
from xuanfa.operations.writing.saving import Collided, Saved, collision, save
from xuanfa.operations.writing.sketch import sketch_text

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
    see = visit.query("see")
    return page(
        visit,
        "write",
        sketch=sketch,
        see=see if see in named else next(iter(named), ""),
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
        tools=_tools(),
        asks_review=_asks_review(visit, manuscript),
        script_words=_script_words(),
    )


def _asks_review(visit: Visit, manuscript: Manuscript) -> bool:
    """Whether a post of this column needs a review, as far as its fields say."""
    return bool(visit.desk.reviews.template_for(manuscript.fields.get("column", ""), manuscript.kind))


def keep(visit: Visit) -> Response:
    """The draft, from the script; its answer is the word of the server that it is kept."""
    sequence = visit.field("sequence")
    try:
        at = drafts.keep_draft(
            visit.desk,
            visit.names["slug"],
            visit.person(),
            fields_of(visit),
            mark=visit.field("base"),
            sequence=int(sequence) if sequence.isascii() and sequence.isdigit() else 0,
        )
    except StateError as error:
        return JSONResponse({"detail": str(error)}, 409, headers=headers.PAGE)
    return JSONResponse(
        {"saved_at": f"{at.astimezone(visit.desk.zone):%H:%M:%S}", "sequence": int(sequence or 0)}, headers=headers.PAGE
    )


def add_picture(visit: Visit) -> Response:
    """A picture of the post, for the script; its answer is the name by which the text has it."""
    files = visit.files("picture")
    if not files:
        return JSONResponse({"detail": say("没有收到图片。", "No picture has come.")}, 422, headers=headers.PAGE)
    try:
        kept = keep_picture(
            visit.desk, visit.names["slug"], visit.person(), files[0].filename or "", files[0].file.read()
        )
    except (ContentError, StateError) as error:
        return JSONResponse({"detail": str(error)}, 422, headers=headers.PAGE)
    return JSONResponse({"name": kept}, headers=headers.PAGE)


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
        fields_of(visit),
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
    fields = drafts.with_mend(fields_of(visit), visit.raw("mend"))
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


def _tools() -> list[tuple[str, str, str, str]]:
    """Command, picture, words and key of each tool; an empty one parts them."""
    return [
        ("heading", "i-h", say("小标题", "Heading"), "Ctrl+2"),
        ("bold", "i-b", say("加粗", "Bold"), "Ctrl+B"),
        ("", "", "", ""),
        ("list", "i-ul", say("列表", "List"), "Ctrl+Shift+8"),
        ("number", "i-ol", say("编号", "Numbers"), "Ctrl+Shift+7"),
        ("quote", "i-quote", say("引用", "Quote"), ""),
        ("link", "i-link", say("链接", "Link"), "Ctrl+K"),
        ("", "", "", ""),
        ("picture", "i-image", say("图片", "Picture"), ""),
        ("table", "i-table", say("表格", "Table"), ""),
        ("", "", "", ""),
        ("undo", "i-undo", say("撤销", "Undo"), "Ctrl+Z"),
        ("redo", "i-redo", say("重做", "Redo"), "Ctrl+Y"),
    ]


def _script_words() -> dict[str, str]:
    return {
        "mend": say("改成这样", "Change it so"),
        "saving": say("正在存…", "Saving…"),
        "saved": say("已存好", "Saved"),
        "away": say("没连上，先存在这台电脑上（{when}）", "Not connected: kept in this browser ({when})"),
        "ended": say("登录过期了，先存在这台电脑上", "The sign-in has expired: kept in this browser"),
        "full": say("这台电脑上存不下了，请马上存为一版", "This browser has no room left: save it as a revision now"),
        "returning": say(
            "这台电脑上有 {when} 没送到的 {n} 个字", "This browser holds {n} characters of {when} that did not arrive"
        ),
        "title": say("标题 {n} 字", "title {n}"),
        "cell": say("第 {r} 行第 {c} 列", "row {r}, column {c}"),
        "picture": say("请选一张图，并写一句图片说明。", "Choose a picture, and say what it shows."),
        "refused": say(
            "这张图 {n} MB，没有收：一张最多 20 MB。", "This picture has {n} MB and was not taken: 20 MB is the most."
        ),
        "heic": say(
            "这是苹果手机的 HEIC 图，请先在手机上存成 JPG。", "This is HEIC: save it as JPG on the phone first."
        ),
        "docx": say(
            "Word 文件请拖到“稿件”那一页，会成为一篇新稿。", "Drop Word files on the list of posts: each is a new one."
        ),
        "doc": say(
            "这里只收图片；Word 文件请另存为 .docx，拖到“稿件”那一页。",
            "Only pictures here; Word files as .docx on the list.",
        ),
    }


WAYS = (
    get("/posts/{slug}/write", show),
    Way(method="PUT", path="/posts/{slug}/draft", to=keep, most=FIELDS_MAX),
    post("/posts/{slug}/pictures", add_picture, most=UPLOAD_MAX),
    post("/posts/{slug}/save", save_revision, most=FIELDS_MAX),
    post("/posts/{slug}/mend", mend, most=FIELDS_MAX),
    post("/posts/{slug}/discard", discard),
    get("/posts/{slug}/clash", show_clash),
    post("/posts/{slug}/clash", settle_clash, most=FIELDS_MAX),
)
