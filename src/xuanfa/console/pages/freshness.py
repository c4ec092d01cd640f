"""多久没更新: each account and column, how long it has been still, and the day on which that is too long; and what lies on the shelf for such a
day."""

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get
from xuanfa.domain.freshness import Fresh
from xuanfa.operations.restricting.own import own_among
from xuanfa.reports.freshness import freshness
from xuanfa.reports.shelf import posts_on_shelf


def fresh_of(visit: Visit) -> list[Fresh]:
    """All that is watched, the worst first."""
    desk = visit.desk
    titles = {name: column.title for name, column in desk.columns.items()}
    titles |= {f"#{name}": channel.title for name, channel in desk.channels.items()}
    return freshness(desk.store, visit.now, desk.zone, desk.columns, desk.channels, watched=desk.watched, titles=titles)


def ready_on_shelf(visit: Visit) -> int:
    """How many posts of the shelf may be released now."""
    lying = posts_on_shelf(visit.desk.store, visit.veil(), visit.now, visit.desk.zone)
    ready = [each.slug for each in lying if each.is_ready]
    return len(own_among(visit.desk, visit.own(), ready))


def show(visit: Visit) -> Response:
    """The page."""
    found = fresh_of(visit)
    return page(
        visit,
        "freshness",
        found=found,
        stale=[each for each in found if each.is_stale],
        empty=[each for each in found if each.last is None],
        limits=visit.desk.watched.limits,
        ready=ready_on_shelf(visit),
        today=visit.now.astimezone(visit.desk.zone).date(),
        pages=visit.house.open_to,
    )


WAYS = (get("/counts/freshness", show),)
