"""The posts of a WordPress site, by its public interface (``wp/v2``), which asks for no account.

Facts: WordPress's REST API handbook (posts, categories and users; ``X-WP-TotalPages``; at most 100 a page).
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from urllib.parse import urlencode

from xuanfa.domain.errors import ContentError
from xuanfa.domain.language import say
from xuanfa.domain.moments import from_iso
from xuanfa.domain.page import shown_text
from xuanfa.domain.remedy import option
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.found import Found, Span
from xuanfa.operations.importing.patience import Patient, json_of

_A_PAGE: Final = 50
_PAGES_MAX: Final = 2_000
_CLOSED: Final = frozenset({401, 403})
_OK, _OVER = 200, 400


def in_wordpress(desk: Desk, patient: Patient, address: str, span: Span, notes: list[str]) -> Iterator[Found]:
    """Every public post of a site, the oldest first. Raises ContentError where the site has no such interface, or lets nobody use it."""
    interface = _Interface(patient, address.rstrip("/"))
    sorts = interface.named("categories")
    authors = interface.named("users")
    if sorts is None:
        notes.append(
            say(
                "这个网站不给看分类，都算选定的专栏{by}。",
                "The site does not show its categories; all count for the column that was chosen{by}.",
                by=option("--column"),
            )
        )
    if authors is None:
        notes.append(say("这个网站不给看作者，作者留空。", "The site does not show its authors; they stay empty."))
    begins, ends = span.moments(desk)
    asked = {"orderby": "date", "order": "asc", "_fields": "id,date,date_gmt,link,title,categories,author"}
    # The interface compares with the clock of the site, which may be of another zone: what lies a day outside is asked for, and left out here.
    if begins is not None:
        asked["after"] = _clock(begins, -1)
    if ends is not None:
        asked["before"] = _clock(ends, 1)
    for row in interface.rows("posts", asked):
        yield _found(desk, row, sorts or {}, authors or {})


class _Interface:
    """The interface of one site, in whichever of its two forms it answers."""

    def __init__(self, patient: Patient, root: str) -> None:
        """Raises ContentError where there is none that answers."""
        self._patient, self._root = patient, root
        self._is_plain = False
        status = self._tried()
        if status != _OK and status not in _CLOSED:
            self._is_plain = True  # the server may have no rewrite rules: this form needs none
            status = self._tried()
        if status != _OK:
            raise _no_interface(self._root, status)

    def _tried(self) -> int:
        """The status of the smallest question; 404 for an answer that is no interface's."""
        found = self._patient.get(self._address("posts", {"per_page": "1", "_fields": "id"}))
        return found.status if found.status != _OK or isinstance(json_of(found), list) else 404

    def rows(self, what: str, asked: Mapping[str, str]) -> Iterator[dict[str, Any]]:
        """All objects of a sort. Raises ContentError."""
        for page in range(1, _PAGES_MAX + 1):
            found = self._patient.get(self._address(what, {**asked, "per_page": str(_A_PAGE), "page": str(page)}))
            data = json_of(found)
            if found.status == _OVER and page > 1:
                return  # behind the last page
            if found.status != _OK or not isinstance(data, list):
                raise _no_interface(self._root, found.status)
            yield from (row for row in data if isinstance(row, dict))
            total = found.headers.get("x-wp-totalpages", "")
            if not data or (total.isdigit() and page >= int(total)):
                return

    def named(self, what: str) -> dict[int, str] | None:
        """Names by number; ``None`` where the site does not show them."""
        try:
            return {
                row["id"]: shown_text(str(row.get("name", ""))).strip()
                for row in self.rows(what, {"_fields": "id,name"})
                if isinstance(row.get("id"), int)
            }
        except ContentError:
            return None

    def _address(self, what: str, query: Mapping[str, str]) -> str:
        if self._is_plain:
            return f"{self._root}/?{urlencode({'rest_route': f'/wp/v2/{what}', **query})}"
        return f"{self._root}/wp-json/wp/v2/{what}?{urlencode(query)}"


def _found(desk: Desk, row: Mapping[str, Any], sorts: Mapping[int, str], authors: Mapping[int, str]) -> Found:
    title = row.get("title")
    rendered = title.get("rendered", "") if isinstance(title, dict) else title
    numbers = row.get("categories")
    gmt, local = from_iso(row.get("date_gmt"), UTC), from_iso(row.get("date"), desk.zone)
    author = row.get("author")
    return Found(
        title=" ".join(shown_text(str(rendered or "")).split()),
        address=str(row.get("link") or ""),
        when=gmt or local,
        sorts=tuple(sorts[n] for n in numbers if n in sorts) if isinstance(numbers, list) else (),
        author=authors.get(author, "") if isinstance(author, int) else "",
    )


def _clock(moment: datetime, days: int) -> str:
    day: date = moment.date()
    return datetime.fromordinal(day.toordinal() + days).isoformat()


def _no_interface(root: str, status: int) -> ContentError:
    if status in _CLOSED:
        return ContentError(
            say(
                "{root} 的 WordPress 接口不对外开放（{status}）。请改读订阅 {root}/feed/ 或站点地图{by}，或请网站管理员放开。",
                "The interface of WordPress at {root} is closed ({status}). Read the feed {root}/feed/ or its sitemap{by}, or have it opened.",
                by=option("--feed"),
                root=root,
                status=status,
            )
        )
    return ContentError(
        say(
            "{root} 没有 WordPress 接口的回答（{status}）。请核对网址；不是 WordPress 的网站请读订阅或站点地图{by}。",
            "{root} does not answer as WordPress ({status}). Check the address; of other sites read the feed or sitemap{by}.",
            by=option("--feed"),
            root=root,
            status=status,
        )
    )
