"""提交审校: what is in the fields becomes a revision first; then the question with its consequence, and the person's word."""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.once import is_answered, once
from xuanfa.console.pages.fields import FIELDS_MAX
from xuanfa.console.pages.write import saved_first
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.act import SubmitReview
from xuanfa.domain.checking import Level
from xuanfa.domain.user import Role
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.writing.places import PostPlace, place_of, require_may_write
from xuanfa.operations.writing.revisions import text_now
from xuanfa.operations.writing.sketch import Remark, Sketch, sketch_text
from xuanfa.reports.post_pages import times_of
from xuanfa.reports.review_way import way_to_go


def save_first(visit: Visit) -> Response:
    """What is in the fields becomes a revision."""
    address = f"/posts/{quote(visit.names['slug'])}/submit"
    return saved_first(visit, "save_to_submit", lambda _: address)


def show(visit: Visit, *, vetoes: Sequence[Remark] = (), status: int = 200) -> Response:
    """把这一版交去审？ With ``vetoes`` that are in the way, where it was pressed and nothing was done."""
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    require_may_write(visit.desk, place, visit.person())
    if place.recurs:  # its occurrences are reviewed, each by itself
        return see_other(f"/posts/{quote(slug)}/write?saved=0")
    desk = visit.desk
    way = way_to_go(desk.store, desk.reviews, slug, visit.me.user.name, visit.now)
    veil = visit.veil()
    return page(
        visit,
        "submit",
        status=status,
        place=place,
        it=_sketched(visit, place),
        times=times_of(desk.store, slug),
        way=way,
        hidden=[each.slug for each in way.twins if veil.hides(each.slug)] if way is not None else [],
        title_of={name: channel.title for name, channel in desk.channels.items()},
        role_of={role.value: role.label for role in Role},
        vetoes=vetoes,
        pages=visit.house.open_to,
    )


def _sketched(visit: Visit, place: PostPlace) -> Sketch:
    return sketch_text(visit.desk, place, text_now(visit.desk, place.slug, visit.veil()))


def submit(visit: Visit) -> Response:
    """It is to be reviewed as it is; not with a veto in it, which nobody could let pass."""
    slug = visit.names["slug"]
    if not is_answered(visit):
        found = _sketched(visit, place_of(visit.desk, slug))
        vetoes = [each for each in found.remarks if each.label == Level.VETO.label]
        if vetoes:
            return show(visit, vetoes=vetoes, status=409)
    return once(visit, "submit_review", lambda: _submitted(visit, slug))


def _submitted(visit: Visit, slug: str) -> str:
    carry_out(visit.desk, SubmitReview(post=slug, note=visit.field("note")), visit.person())
    return f"/reviews/{quote(slug)}?done=submitted"


WAYS = (
    post("/posts/{slug}/submitting", save_first, most=FIELDS_MAX),
    get("/posts/{slug}/submit", show),
    post("/posts/{slug}/submit", submit),
)
