"""放一张图, without the script: on a page of its own, at the end of the text."""

from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.pages.uploads import sent_file
from xuanfa.console.pages.write_script import PICTURE_FORM
from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.drafts import TEXT
from xuanfa.operations.writing.pictures import keep_picture
from xuanfa.operations.writing.uploads import picture_too_large


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """The form."""
    manuscript = drafts.open_manuscript(visit.desk, visit.names["slug"], visit.person())
    return page(visit, "placing", status=status, fault=fault, it=manuscript)


def put(visit: Visit) -> Response:
    """The picture is the last paragraph."""
    if not visit.field("alt"):
        return show(visit, say("请写一句图片说明，再放图。", "Say what the picture shows first."), 422)
    try:
        return once(visit, "put_picture", lambda: _put(visit))
    except ContentError as error:
        return show(visit, str(error), 422)


def _put(visit: Visit) -> str:
    slug = visit.names["slug"]
    sent = sent_file(visit, "picture")
    if sent is None:
        raise ContentError(say("请选一张图。", "Choose a picture."))
    name = keep_picture(visit.desk, slug, visit.person(), *sent)
    alt, caption = (visit.field(key).replace("[", "").replace("]", "").replace('"', "”") for key in ("alt", "caption"))
    shown = f'![{alt}]({name} "{caption}")' if caption else f"![{alt}]({name})"
    it = drafts.open_manuscript(visit.desk, slug, visit.person())
    text = f"{it.fields.get(TEXT, '').rstrip()}\n\n{shown}".lstrip("\n")
    drafts.keep_draft(
        visit.desk, slug, visit.person(), it.fields | {TEXT: text}, mark=it.mark, sequence=it.sequence + 1
    )
    return f"/posts/{quote(slug)}/write#f-text"


WAYS = (
    get("/posts/{slug}/picture", show),
    post("/posts/{slug}/picture", put, most=PICTURE_FORM, too_large=picture_too_large),
)
