"""设置 · 渠道设置: what each channel is, by the keys of its kind. Secrets are written and never shown."""

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.pages.settings_columns import NEW, id_group, require_new_id
from xuanfa.console.render import page
from xuanfa.console.setting_fields import Group, changes
from xuanfa.console.settings_form import Changes, Refused, Sheet, after_change, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.setting import KIND, Counts, Edit, KindOfChannel, SecretEdit, SettingField, Written
from xuanfa.operations.configuring.acts import configured_of
from xuanfa.reports.listing import channels_ever

_AREA = "channels"
#: What few offices ever change stands in a group of its own.
_SELDOM = frozenset({"pace", "in_flight", "ca_file", "proxy", "formerly", "rehearsal_fault", "base_url"})


def show(visit: Visit) -> Response:
    """All channels, and the kinds that one may be added of."""
    written = written_of(visit)
    kinds = {each.name: each.title for each in configured_of(visit.desk).kinds()}
    rows = [(id_, table, kinds.get(str(table.get(KIND)), "")) for id_, table in written.at((_AREA,), {}).items()]
    return page(
        visit,
        "settings_channels",
        rows=rows,
        kinds=kinds,
        trouble=written.trouble,
        **after_change(visit),
        paces=[(id_, table) for id_, table in written.at(("pace",), {}).items() if isinstance(table, Mapping)],
        titles={each.id: each.title for each in visit.desk.channels.values()},
    )


def show_new(visit: Visit) -> Response:
    """The form for a new one of a kind."""
    written = written_of(visit)
    return settings_page(visit, _new(visit, visit.query("kind")), written)


def add(visit: Visit) -> Response:
    """A new channel."""
    written = written_of(visit)
    sheet = _new(visit, visit.field("kind"))
    id_ = visit.field("id")
    then = f"/settings/channels/{quote(id_)}"
    return save_settings(visit, sheet, written, typed=lambda: _typed(visit, sheet, written, id_), then=then)


def show_one(visit: Visit) -> Response:
    """One channel."""
    written = written_of(visit)
    return settings_page(visit, _one(visit, written), written)


def save_one(visit: Visit) -> Response:
    """Write it."""
    written = written_of(visit)
    return save_settings(visit, _one(visit, written), written)


def remove(visit: Visit) -> Response:
    """Take away a channel to which nothing was ever to go, and its secrets."""
    written = written_of(visit)
    sheet = _one(visit, written)
    if not sheet.more["deletable"]:
        words = say(
            "这个渠道有过投递，不能删去。不再用它，就从各专栏里去掉它的勾。",
            "There are deliveries of this channel; it stays. Take it out of the columns in place of that.",
        )
        return settings_page(visit, sheet, written, Refused(words=words, status=409))
    id_ = visit.names["id"]
    gone = [SecretEdit(key=key, value="") for key in written.secrets if key[:2] == (_AREA, id_)]
    typed: Changes = ([Edit(key=(_AREA, id_))], gone)
    return save_settings(visit, sheet, written, typed=lambda: typed, then="/settings/channels")


def _typed(visit: Visit, sheet: Sheet, written: Written, id_: str) -> Changes:
    """What makes a new table. Raises FaultySettingsError for a name that is none or is taken."""
    require_new_id(id_, written.at((_AREA,), {}))
    edits, secrets = changes(written, sheet.groups[1:], visit)
    return [Edit(key=(_AREA, id_, KIND), value=visit.field("kind")), *edits], secrets


def _kind(visit: Visit, name: str) -> KindOfChannel:
    found = next((each for each in configured_of(visit.desk).kinds() if each.name == name), None)
    if found is None:
        raise StateError(say("没有这种渠道。", "There is no such kind."))
    return found


def _new(visit: Visit, name: str) -> Sheet:
    kind = _kind(visit, name)
    permanent = say(
        "小写英文字母、数字和下划线，如 wecom_2；以后不能改。",
        "Lower-case letters, digits and underscores, such as wecom_2; it never changes.",
    )
    return Sheet(
        title=say("加一个渠道：{kind}", "Add a channel: {kind}", kind=kind.title),
        area=_AREA,
        address="/settings/channels/new",
        groups=[
            id_group(permanent),
            *(replace(each, called=(_AREA, NEW)) for each in _groups(visit.field("id"), kind)),
        ],
        back=("/settings/channels", say("回到渠道设置", "Back to Channels")),
        lead=say(
            "建议先勾演练，在练习平台上试过再改为正式。",
            "Tick rehearsal first; make it real when it was tried on the practice platform.",
        ),
        deed=say("加上", "Add"),
        more={"kind": kind.name},
    )


def _one(visit: Visit, written: Written) -> Sheet:
    id_ = visit.names["id"]
    if written.at((_AREA, id_)) is None:
        raise StateError(say("没有这个渠道。", "There is no such channel."))
    kind = _kind(visit, str(written.at((_AREA, id_, KIND), "")))
    named = [each for each in written.at(("columns",), {}) if id_ in written.at(("columns", each, "channels"), ())]
    return Sheet(
        title=str(written.at((_AREA, id_, "title")) or kind.title),
        area=_AREA,
        of=f"{_AREA}.{id_}",
        address=f"/settings/channels/{quote(id_)}",
        groups=_groups(id_, kind),
        back=("/settings/channels", say("回到渠道设置", "Back to Channels")),
        lead=say("{kind}，英文名 {id}", "{kind}, id {id}", kind=kind.title, id=id_),
        more={"deletable": not named and id_ not in channels_ever(visit.desk.store), "channel": id_},
    )


def _groups(id_: str, kind: KindOfChannel) -> list[Group]:
    table = (_AREA, id_)
    parts: tuple[tuple[str, list[SettingField]], ...] = (
        (say("渠道", "Channel"), [each for each in kind.fields if each.name not in _SELDOM and not each.is_secret]),
        (say("密钥", "Secrets"), [each for each in kind.fields if each.is_secret and each.name not in _SELDOM]),
        (say("不常改的", "Seldom changed"), [each for each in kind.fields if each.name in _SELDOM]),
    )
    groups = [
        Group(title=title, table=table, fields=fields, counts=Counts.NEXT_REQUEST) for title, fields in parts if fields
    ]
    return [*groups[:-1], replace(groups[-1], is_folded=True)]


WAYS = (
    get("/settings/channels", show, ADMINISTRATORS),
    get("/settings/channels/new", show_new, ADMINISTRATORS),
    post("/settings/channels/new", add, ADMINISTRATORS),
    get("/settings/channels/{id}", show_one, ADMINISTRATORS),
    post("/settings/channels/{id}", save_one, ADMINISTRATORS),
    post("/settings/channels/{id}/remove", remove, ADMINISTRATORS),
)
