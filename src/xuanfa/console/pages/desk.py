"""工作台: what waits for this person, what goes out today."""

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get


def show(visit: Visit) -> Response:
    """The desk."""
    return page(visit, "desk")


def more(visit: Visit) -> Response:
    """更多: the rest of the navigation, for phones."""
    return page(visit, "more")


WAYS = (get("/", show), get("/more", more))
