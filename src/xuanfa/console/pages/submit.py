"""提交审校: what is in the fields becomes a revision first; then the question with its consequence, and the person's word."""

from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.pages.fields import FIELDS_MAX
from xuanfa.console.pages.write import saved_first
from xuanfa.console.render import page, see_other
from xuanfa.console.visit import Visit, get, post
from xuanfa.domain.act import SubmitReview
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.writing.places import place_of, require_may_write
from xuanfa.operations.writing.revisions import text_now
from xuanfa.operations.writing.sketch import sketch_text
from xuanfa.reports.post_pages import times_of


def save_first(visit: Visit) -> Response:
    """What is in the fields becomes a revision."""
    address = f"/posts/{quote(visit.names['slug'])}/submit"
    return saved_first(visit, "save_to_submit", lambda _: address)


def show(visit: Visit) -> Response:
    """把这一版交去审？"""
    slug = visit.names["slug"]
    place = place_of(visit.desk, slug)
    require_may_write(visit.desk, place, visit.person())
    if place.recurs:  # its occurrences are reviewed, each by itself
        return see_other(f"/posts/{quote(slug)}/write?saved=0")
    found = sketch_text(visit.desk, place, text_now(visit.desk, slug, visit.veil()))
    times = times_of(visit.desk.store, slug)
    return page(visit, "submit", place=place, it=found, times=times)


def submit(visit: Visit) -> Response:
    """It is to be reviewed as it is."""
    slug = visit.names["slug"]
    return once(visit, "submit_review", lambda: _submitted(visit, slug))


def _submitted(visit: Visit, slug: str) -> str:
    carry_out(visit.desk, SubmitReview(post=slug, note=visit.field("note")), visit.person())
    return f"/reviews/{quote(slug)}"


WAYS = (
    post("/posts/{slug}/submitting", save_first, most=FIELDS_MAX),
    get("/posts/{slug}/submit", show),
    post("/posts/{slug}/submit", submit),
)
