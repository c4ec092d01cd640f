"""What the script of 写稿 asks for: keeping the draft, a revision after a rest, how a text differs from what the server has, and pictures."""

import re
from typing import Final

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.pages.fields import FIELDS_MAX, fields_of
from xuanfa.console.pages.uploads import sent_file
from xuanfa.console.render import page
from xuanfa.console.visit import FORM_MAX, Visit, Way, post
from xuanfa.domain.differences import Difference, differences
from xuanfa.domain.errors import ContentError, StateError
from xuanfa.domain.language import say
from xuanfa.operations.writing import drafts
from xuanfa.operations.writing.pictures import keep_picture
from xuanfa.operations.writing.resting import rest
from xuanfa.operations.writing.uploads import PICTURE, picture_too_large

#: A picture and what stands around it in a form. Bytes.
PICTURE_FORM: Final = PICTURE + FORM_MAX


def keep(visit: Visit) -> Response:
    """The draft; its answer is the word of the server that it is kept."""
    number = sequence_of(visit)
    try:
        at = drafts.keep_draft(
            visit.desk,
            visit.names["slug"],
            visit.person(),
            fields_of(visit),
            mark=visit.field("base"),
            sequence=number,
        )
    except StateError as error:
        return JSONResponse({"detail": str(error)}, 409, headers=headers.PAGE)
    return JSONResponse(
        {"saved_at": f"{at.astimezone(visit.desk.zone):%H:%M:%S}", "sequence": number}, headers=headers.PAGE
    )


def sequence_of(visit: Visit) -> int:
    """How often the page has sent its words."""
    sequence = visit.field("sequence")
    return int(sequence) if sequence.isascii() and sequence.isdigit() and len(sequence) < 10 else 0  # noqa: PLR2004 - no page lives so long


def rest_now(visit: Visit) -> Response:
    """Ten minutes without a key: what was kept becomes a revision where that costs nothing; why not, where it does."""
    done = rest(visit.desk, visit.names["slug"], visit.person())
    it = done.manuscript
    return JSONResponse(
        {
            "why": done.why,
            "revision": it.place.revision if done.is_new else 0,
            "base": it.mark,
            "sequence": it.sequence,
        },
        headers=headers.PAGE,
    )


def differ(visit: Visit) -> Response:
    """看看差在哪: from what the server has to what this browser holds, field by field."""
    manuscript = drafts.open_manuscript(visit.desk, visit.names["slug"], visit.person())
    found = [
        (label, each)
        for name, label in (("title", say("标题", "Title")), ("summary", say("摘要", "Summary")), ("text", ""))
        for each in _differences(manuscript.fields.get(name, ""), visit.raw(name))
    ]
    return page(visit, "differing", found=found[:_SHOWN], more=max(0, len(found) - _SHOWN))


#: So many differences are shown.
_SHOWN: Final = 60


def _differences(before: str, after: str) -> list[Difference]:
    return [each for each in differences(_bare(before), _bare(after)) if each.before.strip() or each.after.strip()]


def _bare(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text, flags=re.MULTILINE).strip("\n")


def add_picture(visit: Visit) -> Response:
    """A picture of the post; its answer is the name by which the text has it."""
    try:
        sent = sent_file(visit, "picture")
        if sent is None:
            return JSONResponse({"detail": say("没有收到图片。", "No picture has come.")}, 422, headers=headers.PAGE)
        kept = keep_picture(visit.desk, visit.names["slug"], visit.person(), *sent)
    except (ContentError, StateError) as error:
        return JSONResponse({"detail": str(error)}, 422, headers=headers.PAGE)
    return JSONResponse({"name": kept}, headers=headers.PAGE)


WAYS = (
    Way(method="PUT", path="/posts/{slug}/draft", to=keep, most=FIELDS_MAX),
    post("/posts/{slug}/rest", rest_now),
    post("/posts/{slug}/differing", differ, most=FIELDS_MAX),
    post("/posts/{slug}/pictures", add_picture, most=PICTURE_FORM, too_large=picture_too_large),
)
