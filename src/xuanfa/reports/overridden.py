"""What people have answered for of the rules' severe findings and vetoes in a term: a report names each, with who and why (domain.md 1.1)."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

import sqlalchemy as sa

from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import Level
from xuanfa.domain.report import Grid, Head
from xuanfa.domain.term import Term
from xuanfa.domain.verdict import Waiver
from xuanfa.reports.house import House
from xuanfa.reports.people import names_of
from xuanfa.store import verdicts
from xuanfa.store.schema import posts

#: So many are named.
_MOST: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Overridden:
    """A finding that somebody has answered for. ``level`` is that of the rule, ``None`` for one that is not known any more."""

    level: Level | None
    title: str
    waiver: Waiver
    who: str


def overridden(house: House, term: Term) -> list[Overridden]:
    """Severe findings and vetoes that were accepted or ignored in the term, in order. A rule that nobody knows any more is among them: what it was
    cannot be told, and nothing is left out for that."""
    desk = house.desk
    since = datetime.combine(term.since, time(0), desk.zone)
    until = datetime.combine(term.until + timedelta(days=1), time(0), desk.zone)
    rules = shipped()
    with desk.store.read() as connection:
        given = verdicts.given_between(connection, since, until)
        named = sa.select(posts.c.slug, posts.c.title).where(
            posts.c.slug.in_({each.post for each in given if each.post})
        )
        titles = {row.slug: row.title for row in connection.execute(named)}
    people = names_of(desk.store)
    found = []
    for each in given:
        rule = rules.get(each.rule)
        level = rule.level if rule is not None else None
        if level is None or level.weight >= Level.SEVERE.weight:
            hidden = house.veil is not None and bool(each.post) and house.veil.hides(each.post)
            title = "（限阅）" if hidden else titles.get(each.post, each.post) if each.post else "（全部稿件）"
            found.append(Overridden(level=level, title=title, waiver=each, who=people.get(each.actor, each.actor)))
    return found


def as_grid(house: House, found: list[Overridden]) -> Grid:
    """The table of a report."""
    zone = house.desk.zone
    heads = (
        Head("日期", 6, "center"),
        Head("稿件", 14),
        Head("问题", 14),
        Head("处理", 5, "center"),
        Head("谁", 5),
        Head("理由", 14),
    )
    rows = [
        (
            f"{each.waiver.at.astimezone(zone):%m-%d}",
            each.title,
            "（限阅）" if each.title == "（限阅）" else f"{_level(each.level)}：{each.waiver.shown}",
            "忽略" if each.waiver.ignores else "承担",
            each.who,
            "（限阅）" if each.title == "（限阅）" else each.waiver.why,
        )
        for each in found[:_MOST]
    ]
    more = f"共{len(found)}条，这里列出前{_MOST}条。" if len(found) > _MOST else ""
    return Grid(title="承担或忽略的严重问题", heads=heads, rows=rows, note=more)


def _level(level: Level | None) -> str:
    return "已停用的规则" if level is None else {Level.VETO: "否决级", Level.SEVERE: "严重"}.get(level, "")
