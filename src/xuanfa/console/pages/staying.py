"""How long the sign-in lasts, for the strip that says it two minutes before; asking without ``X-Part`` is a sign that somebody is there."""

from starlette.responses import JSONResponse, Response

from xuanfa.console.guard import headers
from xuanfa.console.visit import Visit, Way


def left(visit: Visit) -> Response:
    """Seconds until it ends, and whether that is the end in any case; by spans, since a browser's clock may be wrong."""
    session = visit.me
    return JSONResponse(
        {
            "left": max(0, int((session.ends_at - visit.now).total_seconds())),
            "last": session.ends_at >= session.over_at,
            "at": f"{session.ends_at.astimezone(visit.desk.zone):%H:%M}",
        },
        headers=headers.PAGE,
    )


WAYS = (Way(method="GET", path="/session", to=left, beat=True),)
