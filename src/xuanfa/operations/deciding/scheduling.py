"""Scheduling (批量排期): many moves, and files of posts to be written, in one transaction: all of them, or none.

A move is what ``reschedule`` does, so that reviews are asked again as there. What stands in the way is found by doing it, and told for every row
at once; a trial does the same, and takes it back.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.domain.access import restricted_mark
from xuanfa.domain.act import Reschedule
from xuanfa.domain.act_lists import ImportSchedule
from xuanfa.domain.bulk import Made, Moved, PostMade, PostMove, Scheduled
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.decide import Settled, reschedule_within, waits_for
from xuanfa.operations.deciding.free import moves, require_free, require_no_silence, require_to_come
from xuanfa.operations.deciding.shelf import standing
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.new import NewFile, new_file
from xuanfa.operations.intake.slots import take_named
from xuanfa.operations.restricting.rule import veil_in
from xuanfa.store import deliveries, planned, posts

T = TypeVar("T")
#: The line of history of a bulk schedule; each move has one of its own.
SCHEDULED = "bulk_scheduled"


def import_schedule(desk: Desk, act: ImportSchedule, person: Person) -> Scheduled:
    """Carry out a bulk schedule. Raises BadRowsError, with every row that stands in the way, where nothing was done."""
    work = _Work(desk, act, person)
    try:
        with desk.store.write() as connection:
            done = work.carry_out(connection)
            work.bad.require_none()
            work.write_files()
            deliveries.record_event(
                connection,
                now=desk.clock(),
                after=SCHEDULED,
                actor=person.signs(act.verb),
                why=_summed_up(act, done, person),
            )
    except BaseException:
        work.take_files_back()
        raise
    for settled in work.settled:
        for change in settled.changes:
            desk.emit(change)
    return done


def try_schedule(desk: Desk, act: ImportSchedule, person: Person) -> tuple[Scheduled, BadRows]:
    """What a bulk schedule would do, and every row that stands in its way. Nothing stays of it."""
    work = _Work(desk, act, person)
    with desk.store.write() as connection:
        trial = connection.begin_nested()
        done = work.carry_out(connection)
        trial.rollback()
    return done, work.bad


@dataclass(slots=True)
class _Work:
    """One bulk schedule on its way."""

    desk: Desk
    act: ImportSchedule
    person: Person
    bad: BadRows = field(init=False)
    settled: list[Settled] = field(default_factory=list)
    files: dict[Path, NewFile] = field(default_factory=dict)
    written: list[Path] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bad = BadRows(self.act.origin)

    def carry_out(self, connection: sa.Connection) -> Scheduled:
        """All rows; what is wrong is gathered. A slot may pass from one post of the list to another, so that all are given back first."""
        moving = [(move, self._waiting(connection, move)) for move in self.act.moves]
        post_ids = {each.post_id: each.column for _, waiting in moving for each in waiting}
        for post_id in post_ids:
            posts.free_slot(connection, post_id)
        moved = [each for move, waiting in moving for each in self._move(connection, move, waiting)]
        self._take_slots(connection, moved)
        made = [each for post in self.act.posts for each in self._make(connection, post)]
        return Scheduled(moved=tuple(moved), made=tuple(made))

    def write_files(self) -> None:
        """The files of posts to be written: last of all, since no database takes them back."""
        for path, file in self.files.items():
            new_folder = not path.parent.exists()
            file.write()
            self.written += [path, path.parent] if new_folder else [path]

    def take_files_back(self) -> None:
        """Nothing came of it: no file of it stays, nor the folder of a year that was made for it."""
        for path in sorted(self.written, key=lambda each: each.is_dir()):
            if path.is_dir():
                with suppress(OSError):
                    path.rmdir()
            else:
                path.unlink(missing_ok=True)

    def _waiting(self, connection: sa.Connection, move: PostMove) -> list[Delivery]:
        known = posts.by_slug(connection, move.post)
        every = deliveries.of_post(connection, known.id) if known else []
        waiting = [each for each in every if moves(each) and move.channel in {"", each.channel}]
        if not waiting:
            states = say("、", ", ").join(standing(each) for each in every)
            self._bad(
                move,
                "post",
                say(
                    "没有在等发布的投递，不能改时间（{states}）。",
                    "nothing of it waits to be published, and there is nothing to be moved ({states}).",
                    states=states or "-",
                ),
            )
        return sorted(waiting, key=lambda each: (each.due_at, each.id))

    def _move(self, connection: sa.Connection, move: PostMove, waiting: Sequence[Delivery]) -> list[Moved]:
        moved: list[Moved] = []
        for each in waiting:
            at = each.due_at + (move.at - waiting[0].due_at)
            settled = self._tried(move, connection, lambda each=each, at=at: self._settle(connection, each, at))  # type: ignore[misc]
            if settled is None:
                break  # one sentence for a row is enough
            self.settled.append(settled)
            moved.append(Moved(where=move.where, post=move.post, before=settled.before, after=settled.after))
        return moved

    def _settle(self, connection: sa.Connection, delivery: Delivery, at: datetime) -> Settled:
        require_free(self.desk, delivery, at)
        return reschedule_within(self.desk, connection, Reschedule(delivery=delivery.id, at=at), self.person)

    def _take_slots(self, connection: sa.Connection, moved: Iterable[Moved]) -> None:
        rows = {move.post: move for move in self.act.moves}
        for post_id, each in {each.after.post_id: each for each in moved}.items():
            other = take_named(self.desk, connection, each.after.column, post_id, waits_for(connection, post_id))
            if other:
                self._bad(rows[each.post], "at", self._slot_taken(connection, other))

    def _make(self, connection: sa.Connection, post: PostMade) -> list[Made]:
        made = self._tried(post, connection, lambda: self._file(connection, post))
        return [] if made is None else [made]

    def _file(self, connection: sa.Connection, post: PostMade) -> Made:
        desk, column = self.desk, self.desk.columns[post.column]
        require_to_come(desk, post.at)
        for channel in post.channels or column.channels:
            require_no_silence(desk, channel, post.column, post.at)
        self._require_slot(connection, post)
        today = desk.clock().astimezone(desk.zone).date()
        file = new_file(
            desk, post.title, column=column, today=today, name=post.name, publish_at=post.at, channels=post.channels
        )
        if file.path in self.files:
            raise ConfigError(
                say(
                    "与另一行同名（{path}）。请换个标题。",
                    "another row makes the same file ({path}). Choose another title.",
                    path=file.path.name,
                )
            )
        self.files[file.path] = file
        return Made(where=post.where, title=post.title, at=post.at, path=str(file.path.relative_to(desk.folder)))

    def _require_slot(self, connection: sa.Connection, post: PostMade) -> None:
        """Raise StateError where the time is a slot of its column that another post has, or gets by another row of the list."""
        if not self.desk.columns[post.column].timetable.holds(post.at, self.desk.zone):
            return
        other = planned.in_slot(connection, post.column, post.at)
        twin = next((each for each in self.act.posts if (each.column, each.at) == (post.column, post.at)), post)
        if other or twin is not post:
            raise StateError(self._slot_taken(connection, other or twin.title))

    def _slot_taken(self, connection: sa.Connection, other: str) -> str:
        hidden = veil_in(connection, self.person).hides(other)
        return say(
            "这个档期已是“{other}”的，不能两篇同占。请换一个时间。",
            "the slot belongs to {other!r}, and is for one post. Choose another time.",
            other=restricted_mark() if hidden else other,
        )

    def _tried(self, row: PostMove | PostMade, connection: sa.Connection, what: Callable[[], T]) -> T | None:
        try:
            with connection.begin_nested():
                return what()
        except StateError as error:
            self._bad(row, "at", str(error))
        except ConfigError as error:  # the file is there, or its name cannot be
            self._bad(row, "post" if isinstance(row, PostMade) and row.name else "title", str(error))
        return None

    def _bad(self, row: PostMove | PostMade, field_: str, why: str) -> None:
        self.bad.add(row.where, row.headings.get(field_, ""), why)


def _summed_up(act: ImportSchedule, done: Scheduled, person: Person) -> str:
    words = say(
        "{origin}：改期 {moved} 条，新建 {made} 篇",
        "{origin}: {moved} moved, {made} made",
        origin=act.origin,
        moved=len(done.moved),
        made=len(done.made),
    )
    return say("{words}：{why}", "{words}: {why}", words=words, why=person.why) if person.why else words
