"""渠道: how each stands; asked now how it is, paused, resumed, signed in to, and what was made ready to be fetched. Nothing secret is shown."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from xuanfa.console.again import require_again
from xuanfa.console.guard import headers
from xuanfa.console.once import once
from xuanfa.console.render import page
from xuanfa.console.setting_fields import secret_setters
from xuanfa.console.settings_form import written_of
from xuanfa.console.visit import ADMINISTRATORS, EDITORS, SENDERS, Visit, get, post
from xuanfa.domain.act import Pause, Resume, SignIn
from xuanfa.domain.channel import Channel
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.setting import KIND
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.deciding.sign_in import SigningIn, begin_sign_in, pasted_code, signing_adapter
from xuanfa.operations.watching.engine import endings
from xuanfa.operations.watching.examine import examine_channel, rates
from xuanfa.operations.watching.packs import packs_of
from xuanfa.reports.freshness import last_on
from xuanfa.reports.listing import everything_paused, paused_channels

#: Administrators keep channels; whoever writes or sends sees how they stand.
_READERS = EDITORS | ADMINISTRATORS


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A channel and how it stands: why it is paused, empty where it is not; what is left of its rates."""

    channel: Channel
    paused: str
    rates: tuple[str, ...]
    columns: tuple[str, ...]
    #: When the last post came; that its authorisation is near its end, in words.
    last: datetime | None
    ending: str


def show(visit: Visit) -> Response:
    """All of them."""
    rows = _rows(visit, visit.desk.channels.values())
    return page(visit, "channels", rows=rows, stopped=everything_paused(visit.desk.store))


def show_one(visit: Visit, **more: object) -> Response:
    """One of them."""
    channel = visit.desk.channels[visit.desk.known_channel(visit.names["id"])]
    values = {"fault": "", "signing": None, "examined": None, "done": visit.query("done"), "status": 200} | more
    status = values.pop("status")
    return page(
        visit,
        "channel",
        status=status if isinstance(status, int) else 200,
        row=_rows(visit, [channel])[0],
        packs=packs_of(visit.desk, channel.id, visit.veil().slugs) if visit.may(SENDERS) else [],
        signs_in=visit.may(ADMINISTRATORS) and _signs_in(visit, channel.id),
        senders=visit.may(SENDERS),
        keeps=visit.may(ADMINISTRATORS),
        stopped=everything_paused(visit.desk.store),
        secrets=_secrets(visit, channel.id),
        **values,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A secret of a channel, without itself: whether it is set, by whom and when; nobody where that was not done in the console."""

    label: str
    is_set: bool
    by: str = ""
    at: datetime | None = None


def _secrets(visit: Visit, channel: str) -> list[Secret]:
    """Nothing where the settings cannot be read from here: then nobody changes them here either."""
    if visit.desk.configured is None:
        return []
    written = written_of(visit)
    name = str(written.at(("channels", channel, KIND), ""))
    kind = next((each for each in visit.desk.configured.kinds() if each.name == name), None)
    fields = [each for each in kind.fields if each.is_secret] if kind is not None else []
    keys = [("channels", channel, each.name) for each in fields]
    setters = secret_setters(visit, keys)
    return [
        Secret(label=each.label, is_set=bool(written.secrets.get(key)), by=by, at=at)
        for each, key in zip(fields, keys, strict=True)
        for by, at in [setters.get(key, ("", None))]
    ]


def check(visit: Visit) -> Response:
    """Asked now how it is: the answer stands on its page, and nothing is changed."""
    channel = visit.desk.known_channel(visit.names["id"])
    return show_one(visit, examined=list(examine_channel(visit.desk, channel)))


def pause(visit: Visit) -> Response:
    """Nothing is sent to it."""
    channel = visit.desk.known_channel(visit.names["id"])
    if not visit.field("why"):
        return show_one(visit, fault=say("请写明停发的原因。", "Say why it is stopped."), status=422)
    return once(visit, "pause", lambda: _carried(visit, Pause(channel=channel), "paused"))


def resume(visit: Visit) -> Response:
    """It is sent to again."""
    channel = visit.desk.known_channel(visit.names["id"])
    return once(visit, "resume", lambda: _carried(visit, Resume(channel=channel), "resumed"))


def begin(visit: Visit) -> Response:
    """The address at which the platform asks its account, and the field for what comes back."""
    return show_one(visit, signing=begin_sign_in(visit.desk, visit.names["id"]))


def finish(visit: Visit) -> Response:
    """What came back is traded for an authorisation."""
    channel = visit.desk.known_channel(visit.names["id"])
    adapter = signing_adapter(visit.desk, channel)
    state = visit.field("state")
    signing = SigningIn(
        channel=channel,
        address=adapter.authorise_address(state),
        redirect_uri=adapter.redirect_uri,
        state=state,
    )
    try:
        require_again(visit)
        code = pasted_code(signing, visit.field("back"))
        return once(visit, "sign_in", lambda: _signed_in(visit, channel, code))
    except (StateError, ConfigError) as error:
        return show_one(visit, signing=signing, fault=str(error), status=422)


def fetch(visit: Visit) -> Response:
    """取发布包."""
    channel = visit.desk.known_channel(visit.names["id"])
    every = packs_of(visit.desk, channel, visit.veil().slugs)
    pack = next((each for each in every if each.name == visit.names["name"]), None)
    if pack is None:
        raise StateError(
            say("没有这个发布包，或者您不能看这篇稿件。", "There is no such pack, or the post is closed to you.")
        )
    return FileResponse(pack.path, media_type="application/zip", filename=pack.name, headers=headers.UPLOAD)


def _rows(visit: Visit, channels: Iterable[Channel]) -> list[Row]:
    """What is asked of the database once is asked once for all."""
    desk, shown = visit.desk, list(channels)
    paused, ending = paused_channels(desk.store), endings(desk)
    last = last_on(desk.store, [each.id for each in shown])
    return [
        Row(
            channel=each,
            paused=paused.get(each.id, ""),
            rates=tuple(rates(desk, each)),
            columns=tuple(column.title for column in desk.columns.values() if each.id in column.channels),
            last=last.get(each.id),
            ending=ending.get(each.id, ""),
        )
        for each in shown
    ]


def _signs_in(visit: Visit, channel: str) -> bool:
    try:
        signing_adapter(visit.desk, channel)
    except ConfigError:
        return False
    return True


def _carried(visit: Visit, act: Pause | Resume, done: str) -> str:
    carry_out(visit.desk, act, visit.person(visit.field("why")))
    return f"/channels/{quote(act.channel or '')}?done={done}"


def _signed_in(visit: Visit, channel: str, code: str) -> str:
    ended = carry_out(visit.desk, SignIn(channel=channel, code=code), visit.person())
    if not ended.is_well:
        raise StateError(say("；", "; ").join(finding.message for finding in ended.findings))
    return f"/channels/{quote(channel)}?done=signed_in"


WAYS = (
    get("/channels", show, _READERS),
    get("/channels/{id}", show_one, _READERS),
    post("/channels/{id}/check", check, SENDERS),
    post("/channels/{id}/pause", pause, SENDERS),
    post("/channels/{id}/resume", resume, SENDERS),
    post("/channels/{id}/sign-in", begin, ADMINISTRATORS),
    post("/channels/{id}/signed-in", finish, ADMINISTRATORS),
    get("/channels/{id}/packs/{name}", fetch, SENDERS),
)
