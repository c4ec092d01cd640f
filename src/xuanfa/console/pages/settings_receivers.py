"""设置 · 回调 · 接收方: each program that is told, what of, and its secret, which is written and shown once, by the answer that made it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.responses import Response

from xuanfa.console.once import once
from xuanfa.console.pages.settings_columns import NEW, id_group, require_new_id
from xuanfa.console.render import page
from xuanfa.console.setting_fields import Group, changes
from xuanfa.console.settings_form import Changes, Refused, Sheet, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.act_outward import TryReceiver
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Edit, SecretEdit, SettingField, Written
from xuanfa.domain.webhook import new_secret
from xuanfa.domain.webhook_names import choices, event_name
from xuanfa.operations.announcing.acts import last_try
from xuanfa.operations.deciding.door import carry_out

_AREA: Final = "webhooks"
_LIST: Final = "/settings/webhooks"


def show_new(visit: Visit) -> Response:
    """The form for a new one."""
    written = written_of(visit)
    return settings_page(visit, _new(visit, written), written)


def add(visit: Visit) -> Response:
    """A new receiver; the answer shows its secret this once, where none was typed."""
    written = written_of(visit)
    sheet, id_, made = _new(visit, written), visit.field("id"), new_secret()
    is_own = bool(visit.field(sheet.groups[1].name_of(_secret())))

    def typed() -> Changes:
        require_new_id(id_, {**written.at((_AREA,), {}), **visit.desk.webhooks.endpoints})
        edits, secrets = changes(written, sheet.groups[1:], visit)
        if not is_own:
            secrets.append(SecretEdit(key=(_AREA, id_, "secret"), value=made))
        return edits, secrets

    return _written(visit, sheet, typed, "" if is_own else made, id_)


def show_one(visit: Visit) -> Response:
    """One receiver."""
    written = written_of(visit)
    return settings_page(visit, _one(visit, written), written)


def save_one(visit: Visit) -> Response:
    """Write it."""
    written = written_of(visit)
    return save_settings(visit, _one(visit, written), written)


def exchange(visit: Visit) -> Response:
    """Another secret: the one of before goes along until it is taken away, so that nothing is lost meanwhile."""
    written = written_of(visit)
    sheet, id_, made = _one(visit, written), visit.names["id"], new_secret()
    known = visit.desk.webhooks.endpoints.get(id_)

    def typed() -> Changes:
        old = known.secrets[:1] if known is not None else ()
        secrets = [SecretEdit(key=(_AREA, id_, "secret"), value=made)]
        return [], [*secrets, *(SecretEdit(key=(_AREA, id_, "old_secret"), value=each) for each in old)]

    return _written(visit, sheet, typed, made, id_)


def remove(visit: Visit) -> Response:
    """It is told nothing any more. What could not be brought to it stays to be let be."""
    written = written_of(visit)
    sheet, id_ = _one(visit, written), visit.names["id"]
    is_last = len(written.at((_AREA,), {})) == 1
    edits = [Edit(key=(_AREA,) if is_last else (_AREA, id_))] if id_ in written.at((_AREA,), {}) else []
    gone = [SecretEdit(key=key, value="") for key in written.secrets if key[:2] == (_AREA, id_)]
    return save_settings(visit, sheet, written, typed=lambda: (edits, gone), then=_LIST)


def try_one(visit: Visit) -> Response:
    """A message that means nothing is sent now; the page says what came of it."""
    written = written_of(visit)
    sheet, act = _one(visit, written), TryReceiver(receiver=visit.names["id"])

    def do() -> str:
        carry_out(visit.desk, act, visit.person())
        return f"{sheet.address}#tried"

    try:
        return once(visit, act.verb, do)
    except StateError as error:
        return settings_page(visit, sheet, written, Refused(words=str(error), status=409))


def _written(visit: Visit, sheet: Sheet, typed: Callable[[], Changes], secret: str, id_: str) -> Response:
    """Save it, and show the secret that was made by this very press."""
    done: list[bool] = []
    then = f"/settings/receivers/{quote(id_)}"
    answer = save_settings(
        visit, sheet, written_of(visit), typed=typed, then=then, written_now=lambda: done.append(True)
    )
    return page(visit, "secret_made", secret=secret, receiver=id_, then=then) if done and secret else answer


def _new(visit: Visit, written: Written) -> Sheet:
    called = say(
        "小写英文字母、数字和下划线，如 oa；以后不能改。",
        "Lower-case letters, digits and underscores, such as oa; it never changes.",
    )
    group = _group(written, visit.field("id"), [_secret()])
    return Sheet(
        title=say("加一个接收方", "Add a receiver"),
        area=_AREA,
        address="/settings/receivers/new",
        groups=[id_group(called), replace(group, called=(_AREA, NEW))],
        back=(_LIST, say("回到回调", "Back to Webhooks")),
        lead=say(
            "稿件和投递每变一次状态，就用 HTTPS 告诉这个系统。",
            "This program is told of each transition by HTTPS.",
        ),
        deed=say("加上", "Add"),
    )


def _one(visit: Visit, written: Written) -> Sheet:
    id_ = visit.names["id"]
    known = visit.desk.webhooks.endpoints.get(id_)
    if known is None and written.at((_AREA, id_)) is None:
        raise StateError(say("没有这个接收方。", "There is no such receiver."))
    host = urlsplit(known.url).netloc if known is not None else ""
    key = (_AREA, id_, "old_secret")
    is_exchanging = key in written.secrets or ".".join(key) in visit.query("changed").split(",")
    old = SettingField(
        name="old_secret",
        label=say("换下来的密钥", "The secret of before"),
        is_secret=True,
        help=say(
            "对方换好以前，两个密钥的签名都带着；换好以后勾上删去。",
            "Messages bear both signatures until the receiver has the new one; take it away then.",
        ),
    )
    return Sheet(
        title=say("接收方 {id}", "Receiver {id}", id=id_),
        area=_AREA,
        address=f"/settings/receivers/{quote(id_)}",
        groups=[_group(written, id_, [old] if is_exchanging else [])],
        back=(_LIST, say("回到回调", "Back to Webhooks")),
        lead=say("现在送到 {host}。", "It is at {host}.", host=host) if host else "",
        template="settings_receiver",
        more={"deletable": True, "tried": last_try(visit.desk, id_), "is_known": known is not None},
    )


def _group(written: Written, id_: str, secrets: Sequence[SettingField]) -> Group:
    told = written.at((_AREA, id_, "events"), ())
    patterns = (told,) if isinstance(told, str) else tuple(map(str, told))
    every = tuple(dict.fromkeys((*choices(), *patterns)))
    return Group(
        title=say("接收方", "Receiver"),
        table=(_AREA, id_),
        fields=[
            SettingField(
                name="url",
                label=say("网址", "Address"),
                is_secret=True,
                is_required=True,
                help=say(
                    "完整的 https 网址，由对方给。里面可能有口令，所以存进 .env，以后只显示主机名。",
                    "The whole address with https, as the receiver gives it. It may hold a token: it goes to .env, and only its host is shown.",
                ),
            ),
            SettingField(
                name="events",
                sort="picks",
                label=say("告诉它什么（都不勾就是全部）", "What it is told; none: everything"),
                default=(),
                choices=every,
                names={each: event_name(each) for each in every},
                shows_written=True,
            ),
            SettingField(
                name="allow_private",
                sort="yes_no",
                label=say("在本单位内网（可以不用 https）", "In the office’s own network (https is not needed)"),
                default=False,
            ),
            *secrets,
        ],
    )


def _secret() -> SettingField:
    return SettingField(
        name="secret",
        label=say("密钥", "Secret"),
        is_secret=True,
        help=say(
            "对方靠它辨认真假。空着就生成一个，只显示一次；对方已给的（whsec_ 开头）填在这里。",
            "By it the receiver tells what is real. Empty: one is made and shown once; what the receiver has given (whsec_…) goes here.",
        ),
    )


WAYS = (
    get("/settings/receivers/new", show_new, ADMINISTRATORS),
    post("/settings/receivers/new", add, ADMINISTRATORS),
    get("/settings/receivers/{id}", show_one, ADMINISTRATORS),
    post("/settings/receivers/{id}", save_one, ADMINISTRATORS),
    post("/settings/receivers/{id}/secret", exchange, ADMINISTRATORS),
    post("/settings/receivers/{id}/remove", remove, ADMINISTRATORS),
    post("/settings/receivers/{id}/try", try_one, ADMINISTRATORS),
)
