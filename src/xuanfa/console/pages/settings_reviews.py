"""设置 · 审核流程: how strictly duties are parted, and the templates of reviews with their steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from starlette.responses import Response

from xuanfa.console.pages.settings_columns import NEW, require_new_id
from xuanfa.console.pages.settings_office import back
from xuanfa.console.setting_fields import Asked, Group
from xuanfa.console.settings_form import Changes, Sheet, area_name, save_settings, settings_page, written_of
from xuanfa.console.visit import ADMINISTRATORS, Visit, get, post
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.review import Level, StepKind, Template
from xuanfa.domain.review_policy import NO_REVIEW
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.setting import Counts, Edit, SettingField, Written
from xuanfa.domain.user import Role

_AREA: Final = "reviews"
_TEMPLATES: Final = ("review", "templates")
#: So many empty steps stand below those that there are.
_MORE: Final = 1
_STEPS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """A step as the form asks for it: its place, and its fields; ``is_new`` where nothing stands there yet."""

    number: int
    place: str
    fields: tuple[Asked, ...]
    is_new: bool


def show(visit: Visit) -> Response:
    """How reviews go, and the templates."""
    return settings_page(visit, _policy(visit), written_of(visit))


def save(visit: Visit) -> Response:
    """Write it."""
    return save_settings(visit, _policy(visit), written_of(visit))


def show_template(visit: Visit) -> Response:
    """One template with its steps."""
    written = written_of(visit)
    return settings_page(visit, _sheet(visit, written), written)


def save_template(visit: Visit) -> Response:
    """Write its steps; one that the program ships becomes the office's own under the same id."""
    written = written_of(visit)
    name = visit.names["id"]
    id_ = visit.field("id") if name == NEW else name
    sheet = _sheet(visit, written, typed=True)
    then = f"/settings/reviews/{quote(id_)}" if id_ else "/settings/reviews"
    return save_settings(visit, sheet, written, typed=lambda: _typed(visit, written, name, id_), then=then)


def remove_template(visit: Visit) -> Response:
    """Take the office's own away; one of the same id that the program ships stands there again."""
    written = written_of(visit)
    sheet = _sheet(visit, written)
    gone = [Edit(key=(*_TEMPLATES, visit.names["id"]))]
    return save_settings(visit, sheet, written, typed=lambda: (gone, []), then="/settings/reviews")


def _typed(visit: Visit, written: Written, name: str, id_: str) -> Changes:
    own = written.at(_TEMPLATES, {})
    if name == NEW:
        require_new_id(id_, {**own, **visit.desk.reviews.templates})
    steps = _steps_typed(visit)
    title = visit.field("name")
    key = (*_TEMPLATES, id_)
    if id_ not in own:
        return [Edit(key=key, value={"name": title, "steps": steps} if title else {"steps": steps})], []
    before = list(own[id_].get("steps", ()))
    edits = [Edit(key=(*key, "name"), value=title)] if title != own[id_].get("name", "") else []
    edits += [
        Edit(key=(*key, "steps", str(number)), value=_beside(before, number, step))
        for number, step in enumerate(steps)
        if number >= len(before) or _beside(before, number, step) != before[number]
    ]
    edits += [Edit(key=(*key, "steps", str(number))) for number in reversed(range(len(steps), len(before)))]
    return edits, []


def _beside(before: Sequence[Mapping[str, Any]], number: int, step: dict[str, Any]) -> dict[str, Any]:
    """The step, with what the file says of it though it is usual."""
    if number >= len(before):
        return step
    usual = {"checks": [], "hours": 0, "may_edit": False}
    return {name: value for name, value in {**usual, **step}.items() if name in step or name in before[number]}


def _steps_typed(visit: Visit) -> list[dict[str, Any]]:
    """The steps in the order of their places; those that were ticked to go, and empty ones, are none."""
    found = []
    for number in range(_STEPS_MAX + _MORE):
        at = f"steps.{number}"
        if not visit.field(f"{at}.name") or visit.field(f"{at}.gone"):
            continue
        place = visit.field(f"{at}.place")
        step: dict[str, Any] = {name: visit.field(f"{at}.{name}") for name in ("name", "kind", "role")}
        checks = [line.strip() for line in visit.raw(f"{at}.checks").splitlines() if line.strip()]
        hours = visit.field(f"{at}.hours")
        step |= {"checks": checks} if checks else {}
        step |= (
            {"hours": int(hours) if hours.isascii() and hours.isdecimal() else hours} if hours not in {"", "0"} else {}
        )
        step |= {"may_edit": True} if visit.field(f"{at}.may_edit") else {}
        found.append((int(place) if place.isascii() and place.isdecimal() else number + 1, number, step))
    return [step for _, _, step in sorted(found, key=lambda each: each[:2])]


def _sheet(visit: Visit, written: Written, *, typed: bool = False) -> Sheet:
    name = visit.names["id"]
    own = written.at((*_TEMPLATES, name))
    known = visit.desk.reviews.templates.get(name)
    if name != NEW and own is None and known is None:
        raise StateError(say("没有这个审核模板。", "There is no such review template."))
    title = (
        say("加一个审核模板", "Add a review template")
        if name == NEW
        else str((own or {}).get("name") or (known.name if known else name))
    )
    basis = SHIPPED[name].basis if name in SHIPPED else ""
    return Sheet(
        title=title,
        area=_AREA,
        address=f"/settings/reviews/{quote(name)}",
        groups=[],
        back=("/settings/reviews", say("回到审核流程", "Back to Reviews")),
        lead=say("依据：{basis}", "Basis: {basis}", basis=basis) if basis else "",
        template="settings_review",
        more={
            "steps": _rows(visit, own, known, typed=typed),
            "name": visit.field("name") if typed else str((own or {}).get("name") or ""),
            "id": visit.field("id"),
            "is_new": name == NEW,
            "is_own": own is not None,
            "is_shipped": name in SHIPPED,
            "deletable": own is not None,
        },
    )


def _rows(visit: Visit, own: Mapping[str, Any] | None, known: Template | None, *, typed: bool) -> list[StepRow]:
    if own is not None:
        there: list[Mapping[str, Any]] = list(own.get("steps", ()))
    else:
        there = [_plain(step) for step in known.steps] if known else []
    count = _STEPS_MAX + _MORE if typed else min(len(there) + _MORE, _STEPS_MAX)
    rows = []
    for number in range(count):
        at = f"steps.{number}"
        if typed and at + ".name" not in visit.form:
            continue
        values = there[number] if number < len(there) else {}
        fields = tuple(_asked(visit, f"{at}.{each.name}", each, values, typed=typed) for each in _step_fields())
        place = visit.field(f"{at}.place") if typed else str(number + 1)
        rows.append(StepRow(number=number, place=place, fields=fields, is_new=number >= len(there)))
    return rows


def _plain(step: Any) -> dict[str, Any]:
    values = {"name": step.name, "kind": step.kind.value, "role": step.role}
    return values | {"checks": list(step.checks), "hours": step.hours, "may_edit": step.may_edit}


def _asked(visit: Visit, name: str, field: SettingField, values: Mapping[str, Any], *, typed: bool) -> Asked:
    value = values.get(field.name, field.default)
    if typed:
        text = visit.raw(name)
    elif field.sort == "lines":
        text = "\n".join(map(str, value))
    else:
        text = ("1" if value else "") if field.sort == "yes_no" else str(value)
    return Asked(name=name, field=field, text=text)


def _step_fields() -> tuple[SettingField, ...]:
    return (
        SettingField(name="name", label=say("这一步叫什么", "Name")),
        SettingField(name="kind", sort="choice", label=say("种类", "Kind"), default="审", choices=tuple(each.value for each in StepKind)),
        SettingField(
            name="role",
            sort="choice",
            label=say("由谁审", "Who holds it"),
            default=Role.EDITOR.value,
            choices=tuple(role.value for role in Role),
            names={role.value: role.label for role in Role},
        ),
        SettingField(name="checks", sort="lines", label=say("逐项确认什么", "Gates"), default=(), help=say("一行一项，如 政治关。", "One a line.")),
        SettingField(name="hours", sort="whole", label=say("限几个工作小时（0 为不限）", "Working hours; 0: no bound"), default=0),
        SettingField(name="may_edit", sort="yes_no", label=say("可以改稿", "May edit"), default=False),
    )  # fmt: skip


def _policy(visit: Visit) -> Sheet:
    templates = {each.id: each.name for each in visit.desk.reviews.templates.values()}
    names = templates | {NO_REVIEW: say("不审核", "no review")}
    levels = {
        Level.STRICT.value: say(
            "严：一人一步，代审的那步也算本人的", "strict: a deputy’s step counts as the principal’s"
        ),
        Level.STANDARD.value: say("一般：一人一步", "standard: one person, one step"),
        Level.SMALL.value: say("小单位：一人可兼几步校对", "small: one person may hold several proofreadings"),
    }
    flow = Group(
        title=say("怎么审", "How reviews go"),
        table=("review",),
        fields=[
            SettingField(
                name="default",
                sort="choice",
                counts=Counts.NEXT_REVIEW,
                label=say("没有指定的专栏用", "Columns that name none"),
                default=NO_REVIEW,
                choices=(NO_REVIEW, *templates),
                names=names,
            ),
            SettingField(
                name="level",
                sort="choice",
                label=say("分工", "Duties"),
                default=Level.STANDARD.value,
                choices=tuple(levels),
                names=levels,
            ),
            _yes("resume_at_proof", say("退回后从前面最近的校对接着审", "Go on at the proofreading before")),
            _yes("remind", say("轮到谁就提醒谁", "Remind whose turn it is")),
            _whole("expire_days", say("多少天没人审就过期（0 为不过期）", "Days until it expires; 0: never"), 30),
            _whole("phone_confirm_hours", say("电话同意几小时内本人确认", "Hours to confirm a consent"), 24),
            _whole("emergency_review_hours", say("先发后审几小时内补审", "Hours to review an emergency"), 24),
            SettingField(
                name="emergency_role",
                sort="choice",
                label=say("谁可以先发后审", "Who may let out before a review"),
                default=Role.APPROVER.value,
                choices=tuple(role.value for role in Role),
                names={role.value: role.label for role in Role},
            ),
        ],
    )
    rows = [(each, each.id in SHIPPED) for each in visit.desk.reviews.templates.values()]
    return Sheet(
        title=area_name(_AREA),
        area=_AREA,
        address="/settings/reviews",
        groups=[flow, _working_hours()],
        back=back(),
        lead=say(
            "正在审的稿件按开审时的流程审完。", "What is under review goes on by the template that it began with."
        ),
        template="settings_reviews",
        more={"templates": rows},
    )


def _working_hours() -> Group:
    return Group(
        title=say("工作时间", "Working hours"),
        table=("review",),
        fields=[
            SettingField(
                name="working_hours",
                label=say("每天", "Each day"),
                default="08:30-12:00 14:00-18:00",
                help=say("如 08:30-12:00 14:00-18:00。", "Such as 08:30-12:00 14:00-18:00."),
            ),
            SettingField(name="days_off", sort="lines", label=say("另外放假的日子", "Further days off"), default=()),
            SettingField(
                name="days_worked", sort="lines", label=say("另外上班的日子", "Further days worked"), default=()
            ),
        ],
    )


def _whole(name: str, label: str, default: int) -> SettingField:
    return SettingField(name=name, sort="whole", label=label, default=default)


def _yes(name: str, label: str) -> SettingField:
    return SettingField(name=name, sort="yes_no", label=label, default=True)


WAYS = (
    get("/settings/reviews", show, ADMINISTRATORS),
    post("/settings/reviews", save, ADMINISTRATORS),
    get("/settings/reviews/{id}", show_template, ADMINISTRATORS),
    post("/settings/reviews/{id}", save_template, ADMINISTRATORS),
    post("/settings/reviews/{id}/remove", remove_template, ADMINISTRATORS),
)
