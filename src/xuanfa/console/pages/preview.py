"""看: what each channel would get of what stands in the fields, live; the frame of one; all of them beside each other."""

import threading
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import HTMLResponse, JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.open_to import require_open
from xuanfa.console.pages.fields import FIELDS_MAX, fields_of
from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.drafts import open_manuscript, written
from xuanfa.operations.writing.places import may_write, place_of
from xuanfa.operations.writing.revisions import text_now
from xuanfa.operations.writing.sketch import ChannelSketch, Sketch, kept_picture, sketch_page, sketch_text

#: So many are drawn at once in this process: publishing goes first.
_AT_ONCE: Final = threading.BoundedSemaphore(2)


def sketch(visit: Visit) -> Response:
    """What the fields would become, for the script: each channel by its digest, the page of the one that is looked at, and all remarks."""
    slug, desk = visit.names["slug"], visit.desk
    place = place_of(desk, slug)
    try:
        base, before = drafts.base_of(desk, place, visit.person(), visit.field("base"))
    except (
        StateError
    ):  # saved a moment ago, by another request of the same page: there is nothing to show of it any more
        return JSONResponse({"channels": None}, headers=headers.PAGE)
    if not may_write(desk, place, visit.person()):
        return JSONResponse({"detail": ""}, 403, headers=headers.PAGE)
    with _AT_ONCE:
        found = sketch_text(desk, place, written(desk, base, before, fields_of(visit)))
        seen = next((each for each in found.channels if each.channel == visit.field("see")), None)
        shown = _page_of(visit, found, seen) if seen is not None and seen.digest != visit.field("digest") else ""
    return JSONResponse(told_of(found, visit.field("see")) | {"page": shown}, headers=headers.PAGE)


def told_of(found: Sketch, see: str) -> dict[str, Any]:
    """A sketch for the script: each channel by its digest with how long it counts, and all remarks; ``see`` is the one that is looked at."""
    seen = next((each for each in found.channels if each.channel == see), None)
    return {
        "channels": [
            {"id": each.channel, "mark": each.mark, "digest": each.digest, "lengths": _lengths(each)}
            for each in found.channels
        ],
        "digest": seen.digest if seen is not None else "",
        "remarks": [_remark(each) for each in found.remarks],
    }


def show_frame(visit: Visit) -> Response:
    """The page of one channel, for a frame: of the person's draft, or of what stands in the file."""
    with _AT_ONCE:
        found = _sketched(visit)
        seen = next((each for each in found.channels if each.channel == visit.names["channel"]), None)
        text = _page_of(visit, found, seen) if seen is not None else ""
    blank = say(
        "写上标题和正文，这里就是这个渠道的样子；还没有的原因在“问题”里。",
        "With title and text this channel is seen here; why there is none yet, the findings say.",
    )
    return HTMLResponse(text or f"<!doctype html><meta charset=utf-8><p>{blank}</p>", headers=headers.FRAME)


def show_all(visit: Visit) -> Response:
    """全部并排."""
    slug = visit.names["slug"]
    with _AT_ONCE:
        found = _sketched(visit)
    place = place_of(visit.desk, slug)
    return page(visit, "preview", slug=slug, it=found, may_write=may_write(visit.desk, place, visit.person()))


def show_picture(visit: Visit) -> Response:
    """A picture of a page of the preview."""
    found = kept_picture(visit.desk, visit.names["name"])
    if found is None:
        return Response(status_code=404, headers=headers.UPLOAD)
    return Response(found.path.read_bytes(), media_type=found.media_type, headers=headers.UPLOAD)


def _sketched(visit: Visit) -> Sketch:
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    if may_write(visit.desk, place, visit.person()):
        text = open_manuscript(visit.desk, slug, visit.person()).text
    else:
        require_open(visit, slug)
        text = text_now(visit.desk, slug, visit.veil())
    return sketch_text(visit.desk, place, text)


def _page_of(visit: Visit, found: Sketch, seen: ChannelSketch) -> str:
    if found.post is None or seen.rendition is None:
        return ""
    pictures = f"/posts/{quote(visit.names['slug'])}/preview-pictures/"
    return sketch_page(visit.desk, found.post, seen, pictures)


def _lengths(each: ChannelSketch) -> list[dict[str, str]]:
    return [
        {"words": length.words(each.title), "own": length.words("").strip(), "mark": length.mark}
        for length in each.lengths
    ]


def _remark(each: Any) -> dict[str, Any]:
    names = ("level", "label", "message", "where", "text", "suggestion", "basis", "at", "length", "mend")
    return {name: getattr(each, name) for name in names}


WAYS = (
    post("/posts/{slug}/sketch", sketch, most=FIELDS_MAX),
    get("/posts/{slug}/preview", show_all),
    get("/posts/{slug}/preview/{channel}", show_frame),
    get("/posts/{slug}/preview-pictures/{name}", show_picture),
)
