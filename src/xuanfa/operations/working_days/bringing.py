"""Bringing in a plan of days off: a list with 日期 and 类型 (休, 班), as offices make it of the State Council's notice; and the act that keeps it."""

from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Final

from xuanfa.documents.spreadsheets.headings import Heading
from xuanfa.documents.spreadsheets.reading import Row, opened
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import CellProblem
from xuanfa.domain.act_lists import ImportWorkdays
from xuanfa.domain.errors import ContentError, Place
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.shown import file_name
from xuanfa.domain.working_days import DayKind, Marked, Plan
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, working_days

HEADINGS: Final = (
    Heading("date", ("日期", "日子", "day"), required=True),
    Heading("kind", ("类型", "休班", "休/班", "种类", "type"), required=True),
    Heading("name", ("名称", "节日", "节假日", "说明", "备注")),
)
#: What may be written for each kind, without regard to case; the last is "nothing is to be said of this day any more".
_OFF: Final = frozenset({"休", "休息", "放假", "假", "假期", "节假日", "off", "holiday"})
_WORKED: Final = frozenset({"班", "上班", "补班", "调休上班", "工作", "worked", "work"})
_PLAIN: Final = frozenset({"正常", "照常", "清除", "normal"})
_YEARS: Final = range(2000, 2101)
#: As many days as ten years have.
_MOST: Final = 3_660
_NAME_MAX: Final = 40


def read_plan(path: Path, zone: tzinfo) -> Plan:
    """What a list says. Raises ContentError for a file that is none or has no such headings, and BadRowsError with all that is wrong with its
    rows."""
    origin, bad = file_name(path.name), BadRows(str(path))
    said: dict[date, tuple[Row, DayKind | None, str]] = {}
    with opened(path, HEADINGS, most=_MOST) as table:
        for row in table.rows():
            _take(row, zone, said, bad)
        notes = tuple(table.notes)
    bad.require_none()
    if not said:
        raise ContentError(
            say("表里一天也没有。请每行写一天。", "There is no day in it. Write one in each row."), Place(str(path))
        )
    return Plan(
        origin=origin,
        days=tuple(
            Marked(day=day, kind=kind, name=name, origin=origin)
            for day, (_, kind, name) in sorted(said.items())
            if kind is not None
        ),
        cleared=tuple(day for day, (_, kind, _) in sorted(said.items()) if kind is None),
        notes=notes,
    )


def _take(row: Row, zone: tzinfo, said: dict[date, tuple[Row, DayKind | None, str]], bad: BadRows) -> None:
    day = _day(row, zone, bad)
    try:
        kind, name = _kind(row.text("kind")), row.text("name")[:_NAME_MAX]
    except CellProblem as problem:
        bad.add(row.where, row.heading("kind"), problem.args[0])
        return
    if day is None:
        return
    before = said.get(day)
    if before is not None and before[1] is not kind:
        why = say(
            "和{before}写的不一样，同一天只能有一种。",
            "is another kind than {before} says of the same day.",
            before=before[0].where,
        )
        bad.add(row.where, row.heading("kind"), why)
        return
    said[day] = before or (row, kind, name)


def _day(row: Row, zone: tzinfo, bad: BadRows) -> date | None:
    try:
        found = row.when("date", zone)
    except CellProblem as problem:
        bad.add(row.where, row.heading("date"), problem.args[0])
        return None
    if found is None:
        bad.add(row.where, row.heading("date"), say("没有写日期。", "There is no date."))
        return None
    day = found.astimezone(zone).date() if isinstance(found, datetime) else found
    if day.year not in _YEARS:
        why = say("{day} 的年份写错了吧？", "{day}: is the year right?", day=day.isoformat())
        bad.add(row.where, row.heading("date"), why)
        return None
    return day


def _kind(text: str) -> DayKind | None:
    """What is said of the day; ``None``: nothing any more. Raises CellProblem."""
    plain = text.strip().casefold()
    for kind, words in ((DayKind.OFF, _OFF), (DayKind.WORKED, _WORKED), (None, _PLAIN)):
        if plain in words:
            return kind
    if not plain:
        raise CellProblem(say("没有写类型，请写休或班。", "There is no kind: write 休 (off) or 班 (worked)."))
    raise CellProblem(
        say(
            "“{text}”看不懂，请写休或班。",
            "Cannot read {text!r}: write 休 (off) or 班 (worked).",
            text=text[:_NAME_MAX],
        )
    )


def bring_in_days(desk: Desk, act: ImportWorkdays, person: Person) -> Plan:
    """Keep what a list says of its days, all of it, in place of what was said of them; with one line of history."""
    with desk.store.write() as connection:
        now = desk.clock()
        working_days.take_away(connection, act.cleared)
        working_days.put(connection, act.days, now)
        plan = Plan(origin=act.origin, days=act.days, cleared=act.cleared)
        words = plan.in_words()
        why = say("{words}：{why}", "{words}: {why}", words=words, why=person.why) if person.why else words
        deliveries.record_event(connection, now=now, after="workdays_imported", actor=person.signs(act.verb), why=why)
    desk.days_changed()
    return plan
