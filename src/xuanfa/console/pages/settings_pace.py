"""设置 · 共用频控: what several channels share of requests, such as one application with several accounts."""

from dataclasses import replace
from typing import Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.pages.settings_columns import NEW, id_group, require_new_id
from xuanfa.console.setting_fields import Group, changes
from xuanfa.console.settings_form import Changes, Sheet, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Counts, Edit, SettingField, Written

_TABLE: Final = "pace"
_LIST: Final = "/settings/channels"


def show_new(visit: Visit) -> Response:
    """The form for a new one."""
    written = written_of(visit)
    return settings_page(visit, _new(visit, written), written)


def add(visit: Visit) -> Response:
    """A new one."""
    written = written_of(visit)
    sheet, id_ = _new(visit, written), visit.field("id")
    return save_settings(visit, sheet, written, typed=lambda: _typed(visit, sheet, written, id_), then=_LIST)


def show_one(visit: Visit) -> Response:
    """One of them."""
    written = written_of(visit)
    return settings_page(visit, _one(visit, written), written)


def save_one(visit: Visit) -> Response:
    """Write it."""
    written = written_of(visit)
    return save_settings(visit, _one(visit, written), written)


def remove(visit: Visit) -> Response:
    """Its channels share nothing any more."""
    written = written_of(visit)
    sheet, is_last = _one(visit, written), len(written.at((_TABLE,), {})) == 1
    gone = Edit(key=(_TABLE,)) if is_last else Edit(key=(_TABLE, visit.names["id"]))
    return save_settings(visit, sheet, written, typed=lambda: ([gone], []), then=_LIST)


def _typed(visit: Visit, sheet: Sheet, written: Written, id_: str) -> Changes:
    require_new_id(id_, written.at((_TABLE,), {}))
    return changes(written, sheet.groups[1:], visit)


def _new(visit: Visit, written: Written) -> Sheet:
    called = say("小写英文字母、数字和下划线，如 app。", "Lower-case letters, digits and underscores, such as app.")
    group = replace(_group(written, visit.field("id")), called=(_TABLE, NEW))
    return Sheet(
        title=say("加一个共用频控", "Add a shared pace"),
        area="channels",
        address="/settings/pace/new",
        groups=[id_group(called), group],
        back=(_LIST, say("回到渠道设置", "Back to Channels")),
        lead=_lead(),
        deed=say("加上", "Add"),
    )


def _one(visit: Visit, written: Written) -> Sheet:
    id_ = visit.names["id"]
    if written.at((_TABLE, id_)) is None:
        raise StateError(say("没有这个共用频控。", "There is no such pace."))
    return Sheet(
        title=say("共用频控 {id}", "Shared pace {id}", id=id_),
        area="channels",
        address=f"/settings/pace/{quote(id_)}",
        groups=[_group(written, id_)],
        back=(_LIST, say("回到渠道设置", "Back to Channels")),
        lead=_lead(),
        more={"deletable": True},
    )


def _lead() -> str:
    return say(
        "几个渠道共用一个应用的额度时写在这里：每发一次，各渠道自己的和这里的都算。",
        "For channels that share one application: a request counts for its channel and here.",
    )


def _group(written: Written, id_: str) -> Group:
    channels = {each: str(written.at(("channels", each, "title")) or each) for each in written.at(("channels",), {})}
    return Group(
        title=say("额度", "Limits"),
        table=(_TABLE, id_),
        counts=Counts.NEXT_REQUEST,
        fields=[
            SettingField(
                name="limits",
                sort="lines",
                label=say("最多多少次", "Limits"),
                default=(),
                help=say("一行一条，如 1000/小时、15000/天。", "One a line, such as 1000/hour."),
            ),
            SettingField(name="in_flight", sort="whole", label=say("同时进行的请求", "Requests at once"), default=None),
            SettingField(
                name="channels",
                sort="picks",
                label=say("哪些渠道共用", "Channels that share it"),
                default=(),
                choices=tuple(channels),
                names=channels,
            ),
        ],
    )


WAYS = (
    get("/settings/pace/new", show_new, ADMINISTRATORS),
    post("/settings/pace/new", add, ADMINISTRATORS),
    get("/settings/pace/{id}", show_one, ADMINISTRATORS),
    post("/settings/pace/{id}", save_one, ADMINISTRATORS),
    post("/settings/pace/{id}/remove", remove, ADMINISTRATORS),
)
