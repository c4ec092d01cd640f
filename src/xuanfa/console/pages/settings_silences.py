"""设置 · 静默期: dates in which nothing goes out by itself, each with its end and its reason."""

from starlette.responses import Response

from xuanfa.console.setting_fields import Group, changes
from xuanfa.console.settings_form import Changes, Sheet, area_name, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.setting import Edit, SettingField, Written

_AREA = "silences"
_LIST = "/settings/columns"


def show_new(visit: Visit) -> Response:
    """The form for a new one."""
    written = written_of(visit)
    return settings_page(visit, _sheet(written, _number(written)), written)


def add(visit: Visit) -> Response:
    """A new period."""
    written = written_of(visit)
    sheet = _sheet(written, _number(written))
    return save_settings(visit, sheet, written, typed=lambda: _new(visit, sheet, written), then=_LIST)


def show_one(visit: Visit) -> Response:
    """One period."""
    written = written_of(visit)
    return settings_page(visit, _known(visit, written), written)


def save_one(visit: Visit) -> Response:
    """Write it."""
    written = written_of(visit)
    return save_settings(visit, _known(visit, written), written, then=_LIST)


def remove(visit: Visit) -> Response:
    """It is no silent period any more."""
    written = written_of(visit)
    sheet = _known(visit, written)
    gone = [Edit(key=("silent", visit.names["number"]))]
    return save_settings(visit, sheet, written, typed=lambda: (gone, []), then=_LIST)


def _new(visit: Visit, sheet: Sheet, written: Written) -> Changes:
    """One table with all that was typed."""
    edits, _ = changes(written, sheet.groups, visit)
    table = {edit.key[-1]: edit.value for edit in edits}
    before = written.at(("silent",))
    new = Edit(key=("silent", str(len(before))), value=table) if before else Edit(key=("silent",), value=[table])
    return [new], []


def _number(written: Written) -> int:
    return len(written.at(("silent",), ()))


def _known(visit: Visit, written: Written) -> Sheet:
    number = visit.names["number"]
    if not (number.isascii() and number.isdecimal() and int(number) < _number(written)):
        raise StateError(say("没有这个静默期。", "There is no such period."))
    return _sheet(written, int(number))


def _sheet(written: Written, number: int) -> Sheet:
    is_new = number >= _number(written)
    return Sheet(
        title=say("加一个静默期", "Add a silent period") if is_new else area_name(_AREA),
        area=_AREA,
        address="/settings/silences/new" if is_new else f"/settings/silences/{number}",
        groups=[_group(written, number)],
        back=(_LIST, say("回到专栏和时段", "Back to Columns")),
        lead=say(
            "这些日子里到期的稿件一律暂缓，等人放行，过后也不会自己补发。",
            "What is due in it is held for a person, and does not go out by itself afterwards.",
        ),
        deed=say("加上", "Add") if is_new else "",
        more={"deletable": not is_new},
    )


def _group(written: Written, number: int) -> Group:
    channels = {each: str(written.at(("channels", each, "title")) or each) for each in written.at(("channels",), {})}
    columns = {each: str(written.at(("columns", each, "title")) or each) for each in written.at(("columns",), {})}
    moment = say("如 2026-12-13，或 2026-12-13 10:00。", "Such as 2026-12-13, or 2026-12-13 10:00.")
    return Group(
        title=area_name(_AREA),
        table=("silent", str(number)),
        fields=[
            SettingField(name="from", label=say("从", "From"), help=moment, is_required=True),
            SettingField(
                name="until",
                label=say("到", "Until"),
                help=say("只写日期时，那一整天都算。", "A date without a time includes that whole day."),
                is_required=True,
            ),
            SettingField(name="reason", label=say("原因", "Why"), is_required=True),
            SettingField(
                name="channels",
                sort="picks",
                label=say("只对这些渠道（都不勾就是全部）", "Only these channels; none: all"),
                default=(),
                choices=tuple(channels),
                names=channels,
            ),
            SettingField(
                name="columns",
                sort="picks",
                label=say("只对这些专栏（都不勾就是全部）", "Only these columns; none: all"),
                default=(),
                choices=tuple(columns),
                names=columns,
            ),
        ],
    )


WAYS = (
    get("/settings/silences/new", show_new, ADMINISTRATORS),
    post("/settings/silences/new", add, ADMINISTRATORS),
    get("/settings/silences/{number}", show_one, ADMINISTRATORS),
    post("/settings/silences/{number}", save_one, ADMINISTRATORS),
    post("/settings/silences/{number}/remove", remove, ADMINISTRATORS),
)
