"""设置 · 专栏和时段: each column with its channels and timetable; a column that nothing was ever written for may go."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.render import page
from xuanfa.console.setting_fields import Group, changes
from xuanfa.console.settings_form import Changes, Refused, Sheet, after_change, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.review_policy import NO_REVIEW
from xuanfa.domain.setting import Counts, Edit, Fault, FaultySettingsError, SettingField, Written
from xuanfa.reports.listing import columns_ever

#: What an id may be; the settings check it again.
_ID: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
_AREA: Final = "columns"
#: By which forms call a table that has no name yet: no id.
NEW: Final = "+"


def show(visit: Visit) -> Response:
    """All columns, and the silent periods."""
    written = written_of(visit)
    columns = [(id_, table) for id_, table in written.at((_AREA,), {}).items() if isinstance(table, Mapping)]
    return page(
        visit,
        "settings_columns",
        columns=columns,
        slots={id_: _next_slots(visit, id_) for id_, _ in columns},
        channels={each.id: each.title for each in visit.desk.channels.values()},
        silences=list(enumerate(written.at(("silent",), ()))),
        trouble=written.trouble,
        **after_change(visit),
    )


def show_new(visit: Visit) -> Response:
    """The form for a new one."""
    written = written_of(visit)
    return settings_page(visit, _new(visit, written), written)


def add(visit: Visit) -> Response:
    """A new column."""
    written = written_of(visit)
    sheet = _new(visit, written)
    id_ = visit.field("id")
    then = f"/settings/columns/{quote(id_)}" if _ID.fullmatch(id_) else ""
    return save_settings(visit, sheet, written, typed=lambda: _typed(visit, sheet, written, id_), then=then)


def show_one(visit: Visit) -> Response:
    """One column."""
    written = written_of(visit)
    return settings_page(visit, _one(visit, written, visit.names["id"]), written)


def save_one(visit: Visit) -> Response:
    """Write it."""
    written = written_of(visit)
    return save_settings(visit, _one(visit, written, visit.names["id"]), written)


def remove(visit: Visit) -> Response:
    """Take away a column for which nothing was ever written."""
    written = written_of(visit)
    id_ = visit.names["id"]
    sheet = _one(visit, written, id_)
    if not sheet.more["deletable"]:
        words = say("这个专栏有过稿件，不能删去。", "There are posts of this column; it stays.")
        return settings_page(visit, sheet, written, Refused(words=words, status=409))
    return save_settings(visit, sheet, written, typed=lambda: ([Edit(key=(_AREA, id_))], []), then="/settings/columns")


def _typed(visit: Visit, sheet: Sheet, written: Written, id_: str) -> Changes:
    """What makes a new table. Raises FaultySettingsError for a name that is none or is taken."""
    require_new_id(id_, written.at((sheet.area,), {}))
    return changes(written, sheet.groups[1:], visit)


def require_new_id(id_: str, known: Mapping[str, Any]) -> None:
    """Raise FaultySettingsError for a name of a table that is none, or is taken."""
    if not _ID.fullmatch(id_):
        words = say(
            "只用小写英文字母、数字和下划线，以字母开头，最多 60 个。",
            "Lower-case letters, digits and underscores, 60 at most, a letter first.",
        )
        raise FaultySettingsError([Fault(("id",), words)])
    if id_ in known:
        raise FaultySettingsError([Fault(("id",), say("已经有了，请换一个。", "There is one; take another."))])


def id_group(help_: str) -> Group:
    """The field for the name of a new table."""
    field = SettingField(name="id", label=say("英文名", "Id"), help=help_, is_required=True)
    return Group(title=say("叫什么", "Called"), table=(), fields=[field])


def _new(visit: Visit, written: Written) -> Sheet:
    permanent = say(
        "小写英文字母、数字和下划线，会出现在网址里，以后不能改。",
        "Lower-case letters, digits and underscores; it stands in addresses, and never changes.",
    )
    return Sheet(
        title=say("加一个专栏", "Add a column"),
        area=_AREA,
        address="/settings/columns/new",
        groups=[id_group(permanent), replace(_group(visit, written, visit.field("id")), called=(_AREA, NEW))],
        back=("/settings/columns", say("回到专栏", "Back to Columns")),
        deed=say("加上", "Add"),
    )


def _one(visit: Visit, written: Written, id_: str) -> Sheet:
    if written.at((_AREA, id_)) is None:
        raise StateError(say("没有这个专栏。", "There is no such column."))
    slots = _next_slots(visit, id_)
    return Sheet(
        title=str(written.at((_AREA, id_, "title"), id_)),
        area=_AREA,
        address=f"/settings/columns/{quote(id_)}",
        groups=[_group(visit, written, id_)],
        back=("/settings/columns", say("回到专栏", "Back to Columns")),
        lead=say("下面几个时段：{slots}", "The next slots: {slots}", slots=say("，", ", ").join(slots))
        if slots
        else "",
        more={"deletable": id_ not in columns_ever(visit.desk.store)},
    )


def _group(visit: Visit, written: Written, id_: str) -> Group:
    channels = {each: str(written.at(("channels", each, "title")) or each) for each in written.at(("channels",), {})}
    reviews = {each.id: each.name for each in visit.desk.reviews.templates.values()} | {
        NO_REVIEW: say("不审核", "no review"),
        "": say("按缺省的", "the default"),
    }
    return Group(
        title=say("专栏 {id}", "Column {id}", id=id_),
        table=(_AREA, id_),
        fields=[
            SettingField(name="title", label=say("名称", "Name"), is_required=True),
            SettingField(name="campaign", label=say("所属活动", "Campaign")),
            SettingField(name="description", label=say("一句话介绍", "One sentence about it")),
            SettingField(
                name="channels",
                sort="picks",
                label=say("发到哪些渠道", "Channels"),
                default=(),
                choices=tuple(channels),
                names=channels,
            ),
            SettingField(
                name="timetable",
                counts=Counts.NEXT_PLAN,
                sort="lines",
                label=say("时段", "Timetable"),
                default=(),
                help=say(
                    "一行一条，如“周一，周三 9:00”；没写时间的稿件依次占用。不写就一通过马上发。",
                    "One a line, such as Mon,Wed 09:00; posts without a time take the next free one. None: at once.",
                ),
            ),
            SettingField(
                name="form",
                sort="choice",
                label=say("网站列表样式", "On the website"),
                choices=("", "stories", "notices"),
                names={
                    "": say("按名称定", "by its title"),
                    "stories": say("图文", "with pictures"),
                    "notices": say("公告式", "dense rows"),
                },
            ),
            SettingField(
                name="review",
                counts=Counts.NEXT_REVIEW,
                sort="choice",
                label=say("审核流程", "Review"),
                choices=("", NO_REVIEW, *visit.desk.reviews.templates),
                names=reviews,
            ),
        ],
    )


def _next_slots(visit: Visit, id_: str) -> list[str]:
    column = visit.desk.columns.get(id_)
    if column is None:
        return []
    slots = column.timetable.next_slots(visit.now, visit.desk.zone, 3)
    return [f"{each.astimezone(visit.desk.zone):%m-%d %H:%M}" for each in slots]


WAYS = (
    get("/settings/columns", show, ADMINISTRATORS),
    get("/settings/columns/new", show_new, ADMINISTRATORS),
    post("/settings/columns/new", add, ADMINISTRATORS),
    get("/settings/columns/{id}", show_one, ADMINISTRATORS),
    post("/settings/columns/{id}", save_one, ADMINISTRATORS),
    post("/settings/columns/{id}/remove", remove, ADMINISTRATORS),
)
