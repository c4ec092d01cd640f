"""领导链接: made beside a review, and what whoever holds one sees: renditions, larger letters, and nothing to press."""

from datetime import timedelta
from typing import Final

from starlette.responses import FileResponse, HTMLResponse, Response

from xuanfa.console.again import require_again
from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.reviewing import sight_of
from xuanfa.console.visit import EDITORS, EVERYBODY, Visit, get, post
from xuanfa.domain.act_outward import MakeLink, OfLinks, RevokeLink
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.practising.frozen import frozen_page, frozen_picture
from xuanfa.operations.restricting import links
from xuanfa.operations.restricting.links import LeaderLink
from xuanfa.operations.reviewing.reading import readings
from xuanfa.reports.people import list_users
from xuanfa.reports.reviews import review_record

#: Neither found by search engines nor told to whoever is linked to.
_UNTOLD: Final = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}
_DIGITS: Final = 10
_HOURS: Final = {"4": 4, "24": 24, "72": 72, "168": 168}


def show(visit: Visit, fault: str = "", status: int = 200) -> Response:
    """The links of a post, and a form for another."""
    sight = sight_of(visit, visit.names["slug"])
    rows = [(link, links.signed(visit.desk, link)) for link in links.links_of(visit.desk, sight.slug)]
    base = str(visit.request.base_url).rstrip("/")
    return page(
        visit,
        "links",
        status=status,
        fault=fault,
        sight=sight,
        rows=rows,
        base=base,
        chosen=visit.field("hours") or "24",
    )


def make(visit: Visit) -> Response:
    """A new one."""
    slug = sight_of(visit, visit.names["slug"]).slug
    lasts = timedelta(hours=_HOURS.get(visit.field("hours"), 24))
    try:
        require_again(visit)
        return once(visit, "make_link", lambda: _carried(visit, MakeLink(post=slug, lasts=lasts)))
    except StateError as error:
        return show(visit, str(error), 409)


def revoke(visit: Visit) -> Response:
    """It shows nothing any more."""
    slug, number = sight_of(visit, visit.names["slug"]).slug, visit.names["number"]
    known = number.isascii() and number.isdigit() and len(number) < _DIGITS
    act = RevokeLink(post=slug, link=int(number) if known else 0)
    try:
        require_again(visit)
        return once(visit, "revoke_link", lambda: _carried(visit, act))
    except StateError as error:
        return show(visit, str(error), 409)


def open_link(visit: Visit) -> Response:
    """What a leader sees, without an account."""
    link = links.opened_link(visit.desk, visit.names["signed"])
    record = None if link is None else review_record(visit.desk.store, visit.desk.reviews, link.slug)
    is_current = link is not None and record is not None and record.revision == link.revision
    if link is None or not is_current:
        answer = page(visit, "link_over", status=404 if link is None else 410, changed=link is not None)
        answer.headers.update(_UNTOLD)
        return answer
    links.note_opened(visit.desk, link, visit.request.client.host if visit.request.client else "")
    every = readings(visit.desk, link.slug)
    wanted = visit.query("channel")
    answer = page(
        visit,
        "link",
        link=link,
        signed=visit.names["signed"],
        readings=every,
        reading=next((each for each in every if each.channel == wanted), next(iter(every), None)),
        large=visit.query("large") == "1",
        maker=_shown(visit, link),
    )
    answer.headers.update(_UNTOLD)
    return answer


def show_leaf(visit: Visit) -> Response:
    """The rendition of one channel, for the frame of a link."""
    link = links.opened_link(visit.desk, visit.names["signed"])
    under = f"/l/{visit.names['signed']}/pictures/"
    large = visit.query("large") == "1"
    text = None if link is None else frozen_page(visit.desk, link.slug, visit.names["channel"], under, large=large)
    answer = HTMLResponse(
        text or say("链接已经失效。", "The link is over."), 200 if text else 404, headers=headers.FRAME
    )
    answer.headers.update(_UNTOLD)
    return answer


def show_picture(visit: Visit) -> Response:
    """A picture of it."""
    link = links.opened_link(visit.desk, visit.names["signed"])
    found = None if link is None else frozen_picture(visit.desk, link.slug, visit.names["name"])
    if found is None or not found.path.is_file():
        return Response(status_code=404, headers=headers.UPLOAD)
    return FileResponse(found.path, media_type=found.media_type, headers={**headers.UPLOAD, **_UNTOLD})


def _carried(visit: Visit, act: OfLinks) -> str:
    carry_out(visit.desk, act, visit.person())
    return f"/reviews/{act.post}/links"


def _shown(visit: Visit, link: LeaderLink) -> str:
    return next((user.display for user in list_users(visit.desk.store) if user.name == link.maker), link.maker)


WAYS = (
    get("/reviews/{slug}/links", show, EDITORS),
    post("/reviews/{slug}/links/new", make, EDITORS),
    post("/reviews/{slug}/links/{number}/revoke", revoke, EDITORS),
    get("/l/{signed}", open_link, EVERYBODY),
    get("/l/{signed}/leaving/{channel}", show_leaf, EVERYBODY),
    get("/l/{signed}/pictures/{name}", show_picture, EVERYBODY),
)
