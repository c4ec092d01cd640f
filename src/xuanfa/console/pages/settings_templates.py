"""设置 · 版式: templates with the newest posts beside them, tried in a process with bounds before anything is written."""

import threading
from typing import Final
from urllib.parse import quote

from starlette.responses import HTMLResponse, Response

from xuanfa.console.again import require_again
from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.act_settings import ChangeTemplate
from xuanfa.domain.errors import MachineError, StoreError, XuanfaError
from xuanfa.domain.language import say
from xuanfa.operations.configuring.templates import (
    Shown,
    TemplateText,
    Trial,
    VoidsReviewsError,
    template_of,
    templates_of,
    try_template,
)
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.practising.frozen import rendition_page
from xuanfa.reports.people import list_users

_AT_ONCE: Final = threading.BoundedSemaphore(1)
_LIST: Final = "/settings/templates"


def show(visit: Visit) -> Response:
    """All templates of the kinds that there are channels of."""
    titles = {channel.kind: _kind_title(visit, channel.kind) for channel in visit.desk.channels.values()}
    entries = templates_of(visit.desk)
    return page(
        visit,
        "settings_templates",
        kinds=[(title, [each for each in entries if each.kind == kind]) for kind, title in titles.items()],
        done=visit.query("done"),
    )


def show_one(visit: Visit) -> Response:
    """One template, and what it makes of the newest posts."""
    known = template_of(visit.desk, visit.names["name"])
    # Whoever has just written it has seen it.
    trial = Trial() if visit.query("done") else _tried(visit, known.name, known.text)
    return _page(visit, known, known.text, trial)


def change(visit: Visit) -> Response:
    """What was typed is seen first, written, or thrown away for what the program ships."""
    known = template_of(visit.desk, visit.names["name"])
    text = visit.raw("text").removeprefix("\n")
    if visit.field("do") == "try":
        return _page(visit, known, text, _tried(visit, known.name, text))
    try:
        require_again(visit)
        act = ChangeTemplate(
            template=known.name,
            text=None if visit.field("do") == "restore" else text,
            base=visit.field("base"),
            accepted=frozenset(visit.fields("accepted")),
        )
        return once(visit, act.verb, lambda: _done(visit, act))
    except VoidsReviewsError as error:
        trial = Trial(again=error.posts)
        return _page(visit, template_of(visit.desk, known.name), text, trial, fault=str(error), status=409)
    except XuanfaError as error:
        status = 503 if isinstance(error, MachineError | StoreError) else 422
        return _page(visit, template_of(visit.desk, known.name), text, Trial(), fault=str(error), status=status)


def show_frame(visit: Visit) -> Response:
    """A post as it was drawn a moment ago."""
    number = visit.names["number"]
    found = visit.house.drawn.take(visit.me.user.name, visit.names["mark"], int(number) if number.isdecimal() else -1)
    blank = say("这一页已经不在了，请再预览一次。", "This is not kept any more; look once more.")
    return HTMLResponse(found or f"<!doctype html><meta charset=utf-8><p>{blank}</p>", headers=headers.FRAME)


def _done(visit: Visit, act: ChangeTemplate) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"{_LIST}/{quote(act.template)}?done={'restored' if act.text is None else 'changed'}"


def _tried(visit: Visit, name: str, text: str) -> Trial:
    """One at a time in this process: each is a process of its own. What cannot be tried is said in a sentence."""
    with _AT_ONCE:
        try:
            return try_template(visit.desk, name, text, visit.veil())
        except XuanfaError as error:
            return Trial(trouble=str(error))


def _page(
    visit: Visit, known: TemplateText, text: str, trial: Trial, *, fault: str = "", status: int = 200
) -> Response:
    drawn = [each for each in trial.shown if each.rendition is not None and each.post is not None]
    mark = visit.house.drawn.put(visit.me.user.name, [_drawn(visit, each) for each in drawn]) if drawn else ""
    return page(
        visit,
        "settings_template",
        status=status,
        it=known,
        text=text,
        trial=trial,
        drawn=drawn,
        mark=mark,
        channels={each.id: each.title for each in visit.desk.channels.values()},
        people={user.name: user.display for user in list_users(visit.desk.store)},
        fault=fault,
        done=visit.query("done"),
    )


def _drawn(visit: Visit, shown: Shown) -> str:
    """The page of one, for a frame; a sentence where it cannot be drawn."""
    if shown.post is None or shown.rendition is None:
        return ""
    pictures = f"/posts/{quote(shown.slug)}/preview-pictures/"
    at = visit.now.astimezone(visit.desk.zone)
    try:
        return rendition_page(
            visit.desk,
            shown.post,
            (shown.channel, shown.rendition),
            at,
            lambda each: f"{pictures}{each.sha256}{each.suffix}",
        )
    except XuanfaError as error:
        return f"<!doctype html><meta charset=utf-8><p>{error}</p>"


def _kind_title(visit: Visit, kind: str) -> str:
    configured = visit.desk.configured
    found = next((each.title for each in configured.kinds() if each.name == kind), kind) if configured else kind
    return f"{found}"


WAYS = (
    get(_LIST, show, ADMINISTRATORS),
    get("/settings/template-pages/{mark}/{number}", show_frame, ADMINISTRATORS),
    get(_LIST + "/{name:path}", show_one, ADMINISTRATORS),
    post(_LIST + "/{name:path}", change, ADMINISTRATORS),
)
