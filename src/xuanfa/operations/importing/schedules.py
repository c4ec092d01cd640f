"""Schedules: a list of posts and their times, read row by row; which posts, columns and channels are meant is found here."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from xuanfa.documents.spreadsheets.headings import Heading, mapped
from xuanfa.documents.spreadsheets.reading import Row, opened
from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.documents.spreadsheets.values import CellProblem
from xuanfa.domain.access import Veil
from xuanfa.domain.act_lists import ImportSchedule
from xuanfa.domain.bulk import PostMade, PostMove
from xuanfa.domain.errors import ConfigError
from xuanfa.domain.language import say
from xuanfa.domain.named import both, id_of
from xuanfa.domain.page import bare
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.shown import file_name
from xuanfa.domain.times import is_now
from xuanfa.operations.desk import Desk
from xuanfa.store import likeness
from xuanfa.store.schema import posts as table

HEADINGS: Final = (
    Heading("post", ("稿件", "稿件编号", "slug", "post")),
    Heading("at", ("发布时间", "时间", "排期", "publish_at"), required=True),
    Heading("title", ("标题", "题目", "title")),
    Heading("column", ("栏目", "专栏", "column")),
    Heading("channel", ("渠道", "发布渠道", "channels")),
)
_TEXTS: Final = ("post", "title", "column", "channel")
_PARTED: Final = re.compile(r"[、,，;；/\n]+")


@dataclass(slots=True)
class ReadSchedule:
    """What a list asks for, what is wrong with it, and what is to be told of it."""

    act: ImportSchedule
    bad: BadRows
    notes: list[str]


def read_schedule(desk: Desk, path: Path, renamed: tuple[str, ...], veil: Veil) -> ReadSchedule:
    """The moves and the posts that a list asks for. A title that ``veil`` hides is none. Reads only. Raises ContentError for a file that is none,
    or has no such headings."""
    reader = _Reader(desk, BadRows(str(path)), _Posts.of(desk, veil))
    with opened(path, mapped(HEADINGS, renamed)) as table_:
        for row in table_.rows():
            reader.take(row)
        notes = list(table_.notes)
    if not reader.moves and not reader.posts and not reader.bad.count:
        reader.bad.add(str(path), "", say("没有一行要改期或新建。", "no row moves or makes anything."))
    act = ImportSchedule(origin=file_name(path.name), moves=tuple(reader.moves), posts=tuple(reader.posts))
    return ReadSchedule(act, reader.bad, notes)


@dataclass(slots=True)
class _Posts:
    """The posts there are, by slug and by title."""

    slugs: frozenset[str]
    by_title: Mapping[str, list[str]]
    near: Sequence[str]

    @classmethod
    def of(cls, desk: Desk, veil: Veil) -> "_Posts":
        by_title: dict[str, list[str]] = {}
        with desk.store.read() as connection:
            rows = connection.execute(sa.select(table.c.id, table.c.slug, table.c.title)).all()
            near = likeness.slugs(connection)
        for row in rows:
            if row.id not in veil.hidden:
                by_title.setdefault(bare(row.title), []).append(row.slug)
        return cls(frozenset(row.slug for row in rows), by_title, near)


@dataclass(slots=True)
class _Reader:
    """Takes rows one after another."""

    desk: Desk
    bad: BadRows
    known: _Posts
    moves: list[PostMove] = field(default_factory=list)
    posts: list[PostMade] = field(default_factory=list)
    _seen: dict[tuple[str, str], str] = field(default_factory=dict)

    def take(self, row: Row) -> None:
        """One row: a move, a post, or something wrong."""
        before = self.bad.count
        headings = {each.key: row.heading(each.key) or each.name for each in HEADINGS}
        texts = {key: self._text(row, key, headings) for key in _TEXTS}
        at = self._at(row, headings)
        slug = self._post(row, texts, headings)
        if self.bad.count > before or at is None:
            return
        if slug:
            self._move(row, slug, texts, at, headings)
        else:
            self._make(row, texts, at, headings)

    def _text(self, row: Row, key: str, headings: Mapping[str, str]) -> str:
        try:
            return row.text(key)
        except CellProblem as problem:
            self.bad.add(row.where, headings[key], problem.args[0])
            return ""

    def _at(self, row: Row, headings: Mapping[str, str]) -> datetime | None:
        try:
            if is_now(row.text("at")):
                return self.desk.clock()
            when = row.when("at", self.desk.zone)
        except CellProblem as problem:
            self.bad.add(row.where, headings["at"], problem.args[0])
            return None
        if isinstance(when, datetime):
            return when
        why = (
            say("是空的。", "empty.")
            if when is None
            else say(
                "“{day}”只有日期，没有几点几分。请写成 {day} 09:00 这样。",
                "{day} is a date without a time. Write it as {day} 09:00.",
                day=when.isoformat(),
            )
        )
        self.bad.add(row.where, headings["at"], why)
        return None

    def _post(self, row: Row, texts: Mapping[str, str], headings: Mapping[str, str]) -> str:
        """The slug of the post that a row means; empty for one that is to be made, and where something is wrong."""
        named = texts["post"]
        if not named:
            if not texts["title"]:
                why = say(
                    "是空的：改期的行写稿件，新建的行写标题。",
                    "empty: a row that moves names a post, one that makes has a title.",
                )
                self.bad.add(row.where, headings["post"], why)
            return ""
        if named in self.known.slugs:
            return named
        titled = self.known.by_title.get(bare(named), [])
        if len(titled) == 1:
            return titled[0]
        if len(titled) > 1:
            why = say(
                "有 {count} 篇都叫“{title}”：{slugs}。请写其中一个编号。",
                "{count} posts are called {title!r}: {slugs}. Write one of these names.",
                count=len(titled),
                title=named,
                slugs=say("、", ", ").join(titled[:5]),
            )
            self.bad.add(row.where, headings["post"], why)
        elif not texts["title"]:
            self.bad.add(row.where, headings["post"], str(no_such_post(named, self.known.near)))
        return ""

    def _move(self, row: Row, slug: str, texts: Mapping[str, str], at: datetime, headings: Mapping[str, str]) -> None:
        for channel in self._channels(row, texts["channel"], headings) or ("",):
            if self._is_twice(row, slug, channel, headings):
                continue
            self.moves.append(PostMove(where=row.where, post=slug, at=at, channel=channel, headings=headings))

    def _is_twice(self, row: Row, slug: str, channel: str, headings: Mapping[str, str]) -> bool:
        same = {key: where for key, where in self._seen.items() if key[0] == slug}
        first = next((where for (_, other), where in same.items() if "" in {channel, other} or channel == other), "")
        self._seen.setdefault((slug, channel), row.where)
        if first:
            why = say(
                "与{first}是同一篇稿件。请只留一行。", "the same post as {first}. Leave one of them.", first=first
            )
            self.bad.add(row.where, headings["post"], why)
        return bool(first)

    def _make(self, row: Row, texts: Mapping[str, str], at: datetime, headings: Mapping[str, str]) -> None:
        column = self._column(row, texts["column"], headings)
        channels = self._channels(row, texts["channel"], headings)
        if column is None:
            return
        stray = [each for each in channels if each not in self.desk.columns[column].channels]
        if stray:
            why = say(
                "专栏 {column} 不发往 {stray}：它发往 {all}。",
                "The column {column} does not go to {stray}: it goes to {all}.",
                column=column,
                stray=say("、", ", ").join(stray),
                all=say("、", ", ").join(self.desk.columns[column].channels),
            )
            self.bad.add(row.where, headings["channel"], why)
            return
        self.posts.append(
            PostMade(
                where=row.where,
                title=texts["title"],
                at=at,
                column=column,
                channels=channels,
                name=texts["post"],
                headings=headings,
            )
        )

    def _column(self, row: Row, typed: str, headings: Mapping[str, str]) -> str | None:
        titles = {each.id: each.title for each in self.desk.columns.values()}
        try:
            found = id_of(typed, titles) if typed else (next(iter(titles)) if len(titles) == 1 else None)
        except ConfigError as error:
            self.bad.add(row.where, headings["column"], str(error))
            return None
        if found is None:
            why = (
                say(
                    "没有专栏“{typed}”：有 {all}。",
                    "There is no column {typed!r}: there are {all}.",
                    typed=typed,
                    all=both(titles),
                )
                if typed
                else say("是空的：有 {all}。", "empty: there are {all}.", all=both(titles))
            )
            self.bad.add(row.where, headings["column"], why)
        return found

    def _channels(self, row: Row, typed: str, headings: Mapping[str, str]) -> tuple[str, ...]:
        found: list[str] = []
        for part in (each.strip() for each in _PARTED.split(typed) if each.strip()):
            try:
                found.append(self.desk.known_channel(part))
            except ConfigError as error:
                self.bad.add(row.where, headings["channel"], str(error))
        return tuple(dict.fromkeys(found))
