"""统计: the sentence that is copied into a report, the figures beside it, and what each of them means. Every figure leads to its rows in 台账."""

import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from markupsafe import Markup, escape
from starlette.responses import Response

from xuanfa.console.asked import Asked, asked_of
from xuanfa.console.guard import headers
from xuanfa.console.render import page
from xuanfa.console.visit import Visit, get
from xuanfa.domain.counting import (
    Count,
    approximately,
    definition,
    definition_of,
    distinct,
    exactly,
    items_of,
    sentence,
    withdrawn,
)
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.term import Term, month_of, quarter_of, range_of, year_of
from xuanfa.reports import paper as report_asked
from xuanfa.reports.called import departments_counted
from xuanfa.reports.counts import count
from xuanfa.reports.figures import figures
from xuanfa.reports.freshness import last_on
from xuanfa.reports.house import House
from xuanfa.reports.listing import outstanding
from xuanfa.reports.shares import Share, shares
from xuanfa.reports.writing import write_report

_REPORTS: Final = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
#: So many months are drawn: more would be too narrow to read on a phone.
_MONTHS: Final = 12
#: How wide the drawing is on a screen and on a phone, in its own units, and how high its columns may be.
_WIDE, _NARROW, _HIGH = 558, 351, 170
#: Where the bars of channels begin, and what is kept for the figure behind them; how far one lies below the other.
_LABEL, _FIGURE, _ROW = 92, 50, 39


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A column or a bar: where it stands, how long it is, what it says and where it leads."""

    at: float
    length: float
    thick: float
    words: str
    figure: int
    href: str
    unfinished: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """The same marks for one width; ``name`` is the class of the styles that shows it there."""

    name: str
    width: int
    height: int
    marks: tuple[Mark, ...]


def show(visit: Visit) -> Response:
    """The figures of what the address asks for."""
    asked = asked_of(visit)
    known = departments_counted(visit.desk.store)
    if asked.fault:
        return page(visit, "counts", asked=asked, known=known, found=None)
    desk, period = visit.desk, asked.period
    by_channel = count(desk.store, period, "channel")
    by_month = count(desk.store, period, "month").by
    by_department = shares(desk.store, period, "department")
    authors = shares(desk.store, period, "author") if desk.organisation.authors else []
    titles = asked.channels
    named = {titles.get(name, name): items for name, items in by_channel.by.items()}
    return page(
        visit,
        "counts",
        asked=asked,
        known=known,
        found=by_channel,
        last=max(last_on(desk.store, desk.channels).values(), default=None) if visit.sees_all else None,
        figures=figures(desk.store, period),
        reports=[] if _term(asked) is None or not visit.sees_all else list(_REPORTS),
        text=_linked(asked, by_channel, titles, sentence(replace(by_channel, by=named), asked.column_title)),
        may_report=visit.sees_all,
        months=_columns(asked, list(by_month.items())[-_MONTHS:]),
        more_months=max(0, len(by_month) - _MONTHS),
        channels=_bars(asked, [(titles.get(name, name), name, items) for name, items in by_channel.by.items()]),
        departments=by_department,
        largest=max((each.items for each in by_department), default=0),
        silent=_silent(visit, asked, by_department, desk.organisation.departments),
        authors=authors,
        largest_of_authors=max((each.items for each in authors), default=0),
        silent_authors=_silent(visit, asked, authors, desk.organisation.authors),
        doubts=outstanding(desk.store).get(State.UNKNOWN, 0) if visit.sees_all else 0,
        definitions=(
            definition(),
            *map(definition_of, ("channel", "month", "department", *(("author",) if authors else ()))),
        ),
    )


def _linked(asked: Asked, found: Count, titles: Mapping[str, str], text: str) -> Markup:
    """The sentence with each of its figures leading to exactly those rows; copied, it is the sentence alone."""
    every = asked.ledger()
    phrases = [(approximately(found.items), every), (exactly(found.items), every), (distinct(found.posts), every)]
    phrases += [
        (items_of(titles.get(name, name), items), asked.ledger(channel=name)) for name, items in found.by.items()
    ]
    phrases.append((withdrawn(found.retracted), asked.ledger(which="apart")))
    parts, at = [escape(asked.when + asked.narrowed)], 0
    for words, href in phrases:
        begins = text.find(words, at)
        if begins >= 0:
            parts += [escape(text[at:begins]), Markup('<a href="{}">{}</a>').format(href, words)]
            at = begins + len(words)
    return Markup("").join([*parts, escape(text[at:])])


def _silent(visit: Visit, asked: Asked, found: Iterable[Share], listed: Iterable[str]) -> list[str]:
    """Departments, or authors, of the office's list of which there is nothing (零报送)."""
    if asked.period.department is not None or asked.period.own is not None:
        return []
    there = {each.name for each in found if each.items}
    return [name for name in listed if name not in there]


def _columns(asked: Asked, months: Sequence[tuple[str, int]]) -> list[Drawing]:
    """A column for each month, drawn for both widths: a drawing that is scaled down has letters nobody can read."""
    most = max((items for _, items in months), default=0)
    return [
        Drawing(
            name=name,
            width=width,
            height=220,
            marks=tuple(
                _column(asked, month, items, at, (width / len(months), most))
                for at, (month, items) in enumerate(months)
            ),
        )
        for name, width in (("desk-only", _WIDE), ("phone-only", _NARROW))
        if months
    ]


def _column(asked: Asked, month: str, items: int, at: int, measure: tuple[float, int]) -> Mark:
    step, most = measure
    thick = min(36.0, step * 0.62)
    return Mark(
        at=round(step * at + (step - thick) / 2, 1),
        length=round(_HIGH * items / most, 1),
        thick=round(thick, 1),
        words=month,
        figure=items,
        href=asked.ledger_of_month(month),
        unfinished=month == asked.this_month,
    )


def _bars(asked: Asked, channels: Sequence[tuple[str, str, int]]) -> list[Drawing]:
    """A bar for each channel."""
    most = max((items for _, _, items in channels), default=0)
    return [
        Drawing(
            name=name,
            width=width,
            height=len(channels) * _ROW + 2,
            marks=tuple(
                Mark(
                    at=at * _ROW + 10,
                    length=round((width - _LABEL - _FIGURE) * items / most, 1),
                    thick=18,
                    words=title,
                    figure=items,
                    href=asked.ledger(channel=channel),
                )
                for at, (title, channel, items) in enumerate(channels)
            ),
        )
        for name, width in (("desk-only", _WIDE), ("phone-only", _NARROW))
        if channels
    ]


def report(visit: Visit) -> Response:
    """The report of what is asked for, as offices circulate it."""
    asked, kind = asked_of(visit), visit.names["kind"]
    term = None if asked.fault else _term(asked)
    if term is None or kind not in _REPORTS or not visit.sees_all:
        raise ConfigError(
            say(
                "这段时间没有报表可下载：请选有起止日期的时间。",
                "There is no report of this: choose a time with both ends.",
            )
        )
    house = House(desk=visit.desk, now=visit.now, veil=visit.veil())
    column = asked.period.column
    wanted = report_asked.Asked(term=term, column=column, column_title=asked.column_title if column else "")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"report.{kind}"
        write_report(house, wanted, path)
        content = path.read_bytes()
    name = f"report-{term.key.replace('..', '-')}.{kind}"
    told = {**headers.UPLOAD, "Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=_REPORTS[kind], headers=told)


def _term(asked: Asked) -> Term | None:
    """The time as a report has it: whole months, quarters and years where one is asked for by its name."""
    since, until = asked.period.since, asked.period.until
    if since is None or until is None or asked.period.channel or asked.period.department is not None:
        return None
    named = {"month": month_of, "last-month": month_of, "quarter": quarter_of, "year": year_of, "last-year": year_of}
    if asked.span not in named:
        return range_of(since, until)
    text = {
        "month": f"{since:%Y-%m}",
        "last-month": f"{since:%Y-%m}",
        "quarter": f"{since.year}-Q{(since.month + 2) // 3}",
    }
    return named[asked.span](text.get(asked.span, f"{since.year}"))


WAYS = (get("/counts", show), get("/counts/report/{kind}", report))
