"""From a template to an answer: a whole page, or the one block of it that a script asks for. Two languages as everywhere, by ``say``."""

import gzip
from collections.abc import Mapping
from datetime import datetime, tzinfo
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from xuanfa.console import cookies, dates, words
from xuanfa.console.guard import csrf, headers
from xuanfa.console.statics import Statics
from xuanfa.console.visit import Visit
from xuanfa.domain.language import language
from xuanfa.domain.language import words as say

#: What is shorter is sent as it is. Bytes.
_WORTH: Final = 1_000
#: Higher ones save a thousandth of a page.
_LEVEL: Final = 6
FOLDER: Final = Path(__file__).parent / "templates"
#: So many of the icons, with their names, stay made: a page shows the same few hundreds of times.
_ICONS: Final = 500


class Pages:
    """The templates, compiled when they are first asked for."""

    def __init__(self, statics: Statics) -> None:
        self._environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.globals.update(
            say=say,
            language=language,
            static=statics.href,
            icon=_icon_of(statics),
            account_words=words.account_words,
            state_class=words.state_class,
            state_words=words.state_words,
        )

    def text(self, name: str, values: Mapping[str, Any], part: str = "") -> str:
        """A page, or one block of it. Raises KeyError for a block that there is not."""
        template = self._environment.get_template(f"pages/{name}.html")
        if not part:
            return template.render(values)
        return "".join(template.blocks[part](template.new_context(dict(values))))


def page(visit: Visit, name: str, /, *, status: int = 200, **values: Any) -> Response:
    """The answer with a page. Its template has ``frame`` besides, for whoever is signed in; ``csrf`` and ``intent()`` for forms."""
    from xuanfa.console.frame import frame_of  # noqa: PLC0415 - it asks what is shown here
    from xuanfa.console.stale import kept_of  # noqa: PLC0415 - as above

    secret = visit.session.token if visit.session else str(visit.request.state.visitor)
    more: dict[str, Any] = {
        "visit": visit,
        "me": visit.session,
        "now": visit.now,
        "csrf": csrf.token_for(secret),
        "intent": lambda: csrf.new_intent(secret),
        "date": Dates(visit.desk.zone, visit.now),
        "kept": lambda verb, name: kept_of(visit, verb, name),
    }
    part = visit.part()
    if visit.session is not None and not visit.session.half and part in {"", "around"}:
        more["frame"] = frame_of(visit)
    try:
        text = visit.house.pages.text(name, more | values, part)
    except KeyError:
        if not part:
            raise
        return Response(status_code=404)
    more_headers = headers.TLS if cookies.is_tls(visit.request) else {}
    return _packed(visit.request, text, status, {**headers.PAGE, **more_headers})


def _packed(request: Request, text: str, status: int, told: Mapping[str, str]) -> Response:
    """A page as the browser takes it: gzipped where it may be and where that is worth it. What is answered to a form may show a secret beside what
    was typed, and is not."""
    whole, told = text.encode(), {**told, "Vary": "Accept-Encoding"}
    if request.method == "GET" and len(whole) > _WORTH and "gzip" in request.headers.get("accept-encoding", ""):
        return HTMLResponse(gzip.compress(whole, _LEVEL, mtime=0), status, headers={**told, "Content-Encoding": "gzip"})
    return HTMLResponse(whole, status, headers=told)


def see_other(path: str) -> Response:
    """A change was made: its answer stands there."""
    return RedirectResponse(path, 303, headers=headers.PAGE)


class Dates:
    """Times as pages show them: in the workspace's zone, absolute, with the weekday."""

    def __init__(self, zone: tzinfo, now: datetime) -> None:
        self._zone, self._now = zone, now

    def day(self, moment: datetime) -> str:
        """12月7日（周一）; 今天, 昨天 and 明天 where it is."""
        return dates.day_in_words(moment.astimezone(self._zone), self._now.astimezone(self._zone))

    def today(self) -> str:
        """12月7日 星期一, for the head of the desk."""
        return dates.today_in_words(self._now.astimezone(self._zone))

    def time(self, moment: datetime) -> str:
        """09:00."""
        return f"{moment.astimezone(self._zone):%H:%M}"

    def short(self, moment: datetime) -> str:
        """The time alone today; else the day with it, in figures: for a column of them."""
        there, here = moment.astimezone(self._zone), self._now.astimezone(self._zone)
        return f"{there:%H:%M:%S}" if there.date() == here.date() else f"{there.month}-{there.day} {there:%H:%M}"

    def hour(self) -> int:
        """What hour it is."""
        return self._now.astimezone(self._zone).hour

    def whole(self, moment: datetime) -> str:
        """今天 09:00; 12月7日（周一）09:00."""
        return self.day(moment) + " " * (not self.day(moment).endswith("）")) + self.time(moment)

    def iso(self, moment: datetime) -> str:
        """For programs and ``<time datetime>``."""
        return moment.astimezone(self._zone).isoformat(timespec="minutes")

    def seconds(self, moment: datetime) -> int:
        """How many seconds are left until then; 0 for what is past."""
        return max(0, int((moment - self._now).total_seconds()))

    def left(self, moment: datetime) -> str:
        """还有 48 分钟; 过了 3 小时."""
        return dates.left_in_words(moment - self._now)


def _icon_of(statics: Statics) -> Any:
    address = statics.href("icons.svg")

    @lru_cache(_ICONS)
    def icon(name: str, small: bool = False, label: str = "") -> Markup:
        """A picture beside a word, or with a name of its own where it stands alone."""
        named = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
        return Markup('<svg class="i{}" {}><use href="{}#{}"/></svg>').format(
            Markup(" s") if small else "", named, address, name
        )

    return icon
