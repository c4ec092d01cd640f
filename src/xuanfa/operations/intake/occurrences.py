"""Occurrences (期): of every source those that are due soon have files of their own, which are read like any other.

What stands in the database decides, so that each turn is made once: under the lock of the inbox its file is written first and its row with the
transaction, and a file that lies there with the very same bytes is the one that was written before a crash.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import sqlalchemy as sa

from xuanfa.domain.delivery import BY_FILE, NOT_OUT, UNSENT, Delivery, State
from xuanfa.domain.errors import ContentError, machine_words
from xuanfa.domain.language import say
from xuanfa.domain.planning import asked_to_stay, no_more_recurring
from xuanfa.domain.recurring import FURTHEST, Due, Known, Turn, is_on_day_off, moment_of, reconciled, slug_of, turns
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.intake.inbox import UNKNOWN, facts_of
from xuanfa.operations.intake.occurrence_files import (
    ChangedByHandError,
    SourceMovedError,
    digest_at,
    making_of,
    says_access,
    suffix_of_source,
    take_away,
    written_for,
)
from xuanfa.operations.intake.queued import QueueReport, Recurring
from xuanfa.operations.intake.series import stopped_in_words
from xuanfa.operations.intake.withheld import hold
from xuanfa.operations.reviewing.reconcile import reconcile
from xuanfa.store import access, deliveries, posts, series
from xuanfa.store.deliveries import Change
from xuanfa.store.series import Occurrence, Series


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What is to be done about one source now. ``stands`` is how its file stands: ``live``, ``gone``, ``broken``, ``ended``, or ``unread``."""

    source: Series
    stands: str
    #: Open ones, by the deliveries that they have; and all that were made.
    open: Sequence[Occurrence] = ()
    made: Sequence[Occurrence] = ()
    due: Due = field(default_factory=Due)
    #: Open ones that are of another text or time than their source now, and those whose file somebody has changed or taken away.
    follow: Sequence[Occurrence] = ()
    own: Sequence[Occurrence] = ()
    #: Somebody's own that are as they were written again, and those of whose day the rule knows nothing any more.
    back: Sequence[Occurrence] = ()
    asked: Sequence[Occurrence] = ()

    @property
    def is_nothing(self) -> bool:
        """Whether all is as it is to be."""
        moved = self.stands not in {"unread", self.source.standing}
        return not (moved or any((self.due.make, self.due.drop, self.follow, self.own, self.back, self.asked)))


def top_up(desk: Desk, report: QueueReport) -> list[str]:
    """Make what is due soon, let what was made follow its source, and take back what the rule does not have any more; the files that are to be
    read now. What is to be known of each source is told to ``report``."""
    if report.folder_trouble:
        return []
    with desk.store.read() as connection:
        steps = _all_steps(desk, connection) if series.is_any(connection) else []
    touched: list[str] = []
    changes: list[Change] = []
    if any(not each.is_nothing for each in steps):
        with desk.store.write() as connection:
            posts.lock_inbox(connection)
            for each in _all_steps(desk, connection):
                if not each.is_nothing:
                    work = _Work(desk, connection, each, report)
                    work.carry_out()
                    touched += work.touched
                    changes += work.changes
            steps = _all_steps(desk, connection)
    for change in changes:
        desk.emit(change)
    with desk.store.read() as connection:
        report.recurring = [_told(desk, connection, each) for each in steps if each.stands != "ended"]
    return touched


def _all_steps(desk: Desk, connection: sa.Connection) -> list[Steps]:
    return [steps_of(desk, connection, source) for source in series.all_series(connection)]


def steps_of(desk: Desk, connection: sa.Connection, source: Series) -> Steps:
    """What is to be done about a source."""
    rows = series.occurrences_of(connection, source.id)
    stands = _standing(desk, connection, source)
    found = {row.slug: _deliveries(connection, row) for row in rows}
    open_ = [row for row in rows if row.standing == "made" and _is_open(found[row.slug])]
    if stands in {"unread", "gone", "broken"}:
        return Steps(source=source, stands=stands, open=open_, made=rows)
    own = [row for row in open_ if _is_own(desk, connection, row)]
    open_ = [row for row in open_ if row not in own]
    known = [
        Known(slug=row.slug, period=row.period, day=row.day, is_open=row in open_)
        for row in rows
        if row.standing != "dropped" or any(each.state not in NOT_OUT for each in found[row.slug])
    ]
    theirs = [row for row in rows if row.standing == "own" and _is_open(found[row.slug])]
    back = [row for row in theirs if _is_as_written(desk, connection, row)]
    still = _still(desk, source, [*open_, *theirs]) if stands == "live" else set()
    asked = [row for row in theirs if row not in back and row.day not in still]
    steps = Steps(source=source, stands=stands, open=open_, made=rows, own=own, back=back, asked=asked)
    if stands == "ended":
        return replace(steps, due=Due(drop=tuple(row.slug for row in open_)))
    due = reconciled(wanted(desk, source), still, known)
    follow = [row for row in open_ if row.slug not in due.drop and row.making != making_of(desk, source, row.day)]
    return replace(steps, due=due, follow=follow)


def wanted(desk: Desk, source: Series) -> list[Turn]:
    """The turns to come that are to have their posts now: those of the next days, and the very next one however far it is."""
    now = desk.clock()
    today = now.astimezone(desk.zone).date()

    def between(begin: date, end: date) -> list[Turn]:
        found = turns(source.first_at.astimezone(desk.zone).date(), source.repeat, desk.days(), begin, end)
        return [turn for turn in found if turn.day and moment_of(turn.day, source.first_at, desk.zone) > now]

    soon = between(today, today + desk.repeat_ahead)
    begins = max(today, source.first_at.astimezone(desk.zone).date())
    return soon or between(today, begins + FURTHEST)[:1]


def next_after(desk: Desk, source: Series, day: date) -> Turn | None:
    """The turn after a day; ``None`` where the rule has no more."""
    first = source.first_at.astimezone(desk.zone).date()
    begin = max(day + timedelta(days=1), first)
    found = turns(first, source.repeat, desk.days(), begin, begin + FURTHEST)
    return next((turn for turn in found if turn.day), None)


def _still(desk: Desk, source: Series, open_: Sequence[Occurrence]) -> set[date]:
    """The days that the rule has, as far as open occurrences lie."""
    if not open_:
        return set()
    first, days = source.first_at.astimezone(desk.zone).date(), [row.day for row in open_]
    return {turn.day for turn in turns(first, source.repeat, desk.days(), min(days), max(days)) if turn.day}


def _standing(desk: Desk, connection: sa.Connection, source: Series) -> str:
    if source.standing == "ended":
        return "ended"
    facts = facts_of(desk.folder, source.path)
    if facts is None:
        return "gone"
    seen = posts.seen_files(connection, [source.path]).get(source.path)
    if seen is None or facts == UNKNOWN or facts != (seen.size, seen.changed_ns):
        return "unread"
    if seen.problems:
        return "broken"
    return "live" if seen.digest == source.digest else "unread"


def _deliveries(connection: sa.Connection, row: Occurrence) -> list[Delivery]:
    return [] if row.post_id is None else list(deliveries.of_post(connection, row.post_id))


def _is_open(found: Sequence[Delivery]) -> bool:
    """Whether nothing of it is out or on its way, and not all of it was called off by a person or is over."""
    if any(each.state not in NOT_OUT or each.may_be_public for each in found):
        return False
    return not found or any(each.state is not State.CANCELLED or each.hold == BY_FILE for each in found)


def _is_as_written(desk: Desk, connection: sa.Connection, row: Occurrence) -> bool:
    """Whether its file was read as it was written, and has not changed since."""
    seen = posts.seen_files(connection, [row.path]).get(row.path)
    if seen is None or seen.digest != row.digest:
        return False
    return facts_of(desk.folder, row.path) == (seen.size, seen.changed_ns)


def _is_own(desk: Desk, connection: sa.Connection, row: Occurrence) -> bool:
    """Whether somebody has changed its file or taken it away. One that was never read is written anew."""
    if _is_as_written(desk, connection, row):
        return False
    found = digest_at(desk, row.path)
    return found != row.digest and not (found == "" and row.post_id is None)


@dataclass(slots=True)
class _Work:
    """One source on its way."""

    desk: Desk
    connection: sa.Connection
    steps: Steps
    report: QueueReport
    touched: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def carry_out(self) -> None:
        """All of it; what cannot be written is told, and tried again the next time."""
        source, stands = self.steps.source, self.steps.stands
        if stands in {"gone", "broken"}:
            self._stop(stands)
            return
        if stands == "live" and not source.is_live:
            self._go_on()
        for row in self.steps.own:
            self._give_up(row)
        for row in self.steps.back:
            series.put_occurrence(self.connection, replace(row, standing="made"))
        for row in self.steps.asked:
            self._ask(row)
        for row in self.steps.open:
            if row.slug in self.steps.due.drop:
                self._drop(row)
        for row in self.steps.follow:
            self._write(row.slug, row.day, row.period, row)
        made = [
            turn for turn in self.steps.due.make if self._write(self._slug(turn), turn.day or turn.meant, turn.period)
        ]
        if made:
            self.report.notice(*_made_in_words(self.desk, source, made))

    def _slug(self, turn: Turn) -> str:
        return slug_of(self.steps.source.slug, turn.day or turn.meant)

    def _stop(self, stands: str) -> None:
        """The source is gone, or no post any more: what was not sent waits for it."""
        source = self.steps.source
        why = stopped_in_words(source.path, stands)
        ids = {row.post_id: why for row in self.steps.open if row.post_id is not None}
        self.changes += hold(self.desk, self.connection, ids, self.desk.clock())
        series.put(self.connection, replace(source, standing=stands, set_at=self.desk.clock()))
        self.report.notice(_stopped_notice(source.path, why, len(ids)))

    def _go_on(self) -> None:
        """The source is there again: what it held is read once more, and goes on by that."""
        series.put(self.connection, replace(self.steps.source, standing="live", set_at=self.desk.clock()))
        paths = [row.path for row in self.steps.open]
        posts.drop_files(self.connection, paths)
        self.touched += paths

    def _give_up(self, row: Occurrence) -> None:
        series.put_occurrence(self.connection, replace(row, standing="own"))
        self.report.notice(_own_in_words(self.desk, row, self.steps.source.path))

    def _ask(self, row: Occurrence) -> None:
        """What somebody has made their own is not called off with the others: whether it is still to go, they say."""
        why = say(
            "{slug} 单独改过，底稿 {path} 已不再重复到 {day}：还要发就放行，不发就取消",
            "{slug} was changed by itself, and {path} does not recur on {day} any more: release it to publish it, or cancel it",
            slug=row.slug,
            path=self.steps.source.path,
            day=row.day.isoformat(),
        ).coded("recurring.asked")
        now, found = self.desk.clock(), _deliveries(self.connection, row)
        changes = [Change(each, asked_to_stay(each, why)) for each in found if each.is_queued]
        deliveries.rewrite(self.connection, changes, now, self.desk.node)
        series.put_occurrence(self.connection, replace(row, standing="asked"))
        self.changes += changes
        self.report.notice(say("{why}。", "{why}.", why=why))

    def _drop(self, row: Occurrence) -> None:
        """The rule does not have its day any more."""
        source = self.steps.source
        why = say(
            "{path} 不再重复到 {day}（repeat、repeat_until、起始日期或节假日安排改了），已取消；改回去会自动恢复",
            "{path} does not recur on {day} any more (its rule, its end, its first day or the days off have changed), and this was called off; it "
            "comes back when that is changed back",
            path=source.path,
            day=row.day.isoformat(),
        ).coded("recurring.dropped")
        try:
            take_away(self.desk, row)
        except OSError as error:
            self.report.refuse([_not_written(row.path, machine_words(error))])
            return
        except ChangedByHandError:
            self._give_up(row)
            return
        now, node = self.desk.clock(), self.desk.node
        old = [each for each in _deliveries(self.connection, row) if each.state in UNSENT]
        changes = [Change(each, no_more_recurring(each, why)) for each in old]
        deliveries.rewrite(self.connection, changes, now, node)
        posts.drop_files(self.connection, [row.path])
        if row.post_id is not None:
            posts.free_slot(self.connection, row.post_id)
            self.changes += [*changes, *reconcile(self.connection, row.post_id, now, node)]
        series.put_occurrence(self.connection, replace(row, standing="dropped"))
        self.report.notice(say("{slug}：{why}。", "{slug}: {why}.", slug=row.slug, why=why))

    def _write(self, slug: str, day: date, period: str, row: Occurrence | None = None) -> bool:
        """Write the file of an occurrence as its source makes it now, and note that; whether it could be."""
        source, known = self.steps.source, row or series.occurrence(self.connection, slug)
        path = known.path if known else _path_of(source, slug)
        try:
            digest = written_for(self.desk, source, slug, day, path, before=row.digest if row else "")
        except OSError as error:
            self.report.refuse([_not_written(path, machine_words(error))])
            return False
        except ChangedByHandError:
            self.report.refuse([_in_the_way(path, slug)])
            return False
        except SourceMovedError:
            return False  # the next look reads it, and this follows
        except ContentError as error:
            self.report.refuse([str(error)])
            return False
        made = Occurrence(
            slug=slug,
            series_id=source.id,
            period=period,
            day=day,
            path=path,
            digest=digest,
            making=making_of(self.desk, source, day),
            standing="made",
            made_at=known.made_at if known else self.desk.clock(),
        )
        series.put_occurrence(self.connection, made)
        posts.drop_files(self.connection, [path])
        self.touched.append(path)
        return True


def _path_of(source: Series, slug: str) -> str:
    folder = source.path.rpartition("/")[0]
    return f"{folder}/{slug}{suffix_of_source(source)}"


def _made_in_words(desk: Desk, source: Series, made: Sequence[Turn]) -> Iterator[str]:
    yield say(
        "{path}：排入 {n} 期：{days}。",
        "{path}: {n} occurrences were made: {days}.",
        path=source.path,
        n=len(made),
        days=say("、", ", ").join(
            in_words(moment_of(turn.day, source.first_at, desk.zone), desk.zone) for turn in made if turn.day
        ),
    )
    days, first = desk.days(), source.first_at.astimezone(desk.zone).date()
    for turn in made:
        if turn.day != turn.meant:
            yield say(
                "{path}：{meant} 休息，这一期改在 {day}。",
                "{path}: {meant} is a day off, and its turn is on {day}.",
                path=source.path,
                meant=turn.meant.isoformat(),
                day=turn.day.isoformat() if turn.day else "",
            )
        elif is_on_day_off(turn, first, source.repeat, days):
            yield say(
                "{path}：{day} 是休息日，这一期照发；要跳过、提前或顺延，在稿头写 on_holiday。",
                "{path}: {day} is a day off, and its turn goes out all the same; on_holiday skips or moves such turns.",
                path=source.path,
                day=turn.meant.isoformat(),
            )


def title_of(desk: Desk, connection: sa.Connection, steps: Steps) -> str:
    """What a source is called where anybody may look: its name alone where an occurrence is restricted, or would be."""
    known = [row.post_id for row in steps.made if row.post_id is not None]
    is_closed = (
        any(access.of_post(connection, number) for number in known) if known else says_access(desk, steps.source)
    )
    return steps.source.slug if is_closed else steps.source.title


def _told(desk: Desk, connection: sa.Connection, steps: Steps) -> Recurring:
    """How a source stands, for whoever reads the inbox."""
    source = steps.source
    to_come = [row for row in steps.open if row.standing == "made" and row.slug not in steps.due.drop]
    last = max((row.day for row in steps.made if row.standing != "dropped"), default=None)
    after = next_after(desk, source, max(filter(None, [last, desk.clock().astimezone(desk.zone).date()])))
    return Recurring(
        slug=source.slug,
        path=source.path,
        rule=source.repeat.in_words(source.first_at, desk.zone),
        standing=steps.stands,
        made=tuple(row.slug for row in to_come),
        days=tuple(row.day for row in to_come),
        title=title_of(desk, connection, steps),
        next_day=after.day if after is not None else None,
        made_on=None if after is None or after.day is None else after.day - desk.repeat_ahead,
    )


def _stopped_notice(path: str, why: str, held: int) -> str:
    if not held:
        return say("{path}：不再排入新的一期：{why}。", "{path}: no more are made: {why}.", path=path, why=why)
    return say(
        "{path}：还没发的 {n} 期已暂缓：{why}。列表：{deliveries}",
        "{path}: {n} occurrences that were not sent are held: {why}. See {deliveries}",
        path=path,
        n=held,
        why=why,
        deliveries=Remedy("deliveries", state="held"),
    )


def _own_in_words(desk: Desk, row: Occurrence, source: str) -> str:
    if facts_of(desk.folder, row.path) is None:
        return say(
            "{path}：这一期的文件已删去或移走，不会再排入；还没发的已暂缓，不发就取消。",
            "{path}: the file of this occurrence is gone, and it is not made again; what was not sent is held: cancel it if it is not to go.",
            path=row.path,
        )
    return say(
        "{path}：这一期单独改过，以后不再跟着 {source} 变；要跟着变，就删去这一期自己的改动。",
        "{path}: this occurrence was changed by itself and does not follow {source} any more.",
        path=row.path,
        source=source,
    )


def _not_written(path: str, why: str) -> str:
    return say(
        "{path}：这一期的文件写不了：{why}。请检查 posts/ 的权限和磁盘，下一遍会再试。",
        "{path}: the file of this occurrence cannot be written: {why}. See to the permissions of posts/ and the disk; it is tried again.",
        path=path,
        why=why,
    )


def _in_the_way(path: str, slug: str) -> str:
    return say(
        "{path}：已有这个文件，不是自动排入的，{slug} 这一期没有排入。请给它改名，下一遍会排入。",
        "{path}: this file is there and was not made of the source, so that {slug} was not made. Rename it, and it is made next time.",
        path=path,
        slug=slug,
    )


def dated(desk: Desk, connection: sa.Connection, slug: str, at: datetime, changed: datetime) -> datetime:
    """How old an occurrence is at least: it may have been made as soon as its time came near, whatever its file says; of other posts when their
    file was ``changed``."""
    row = series.occurrence(connection, slug)
    return changed if row is None else min(row.made_at, at - desk.repeat_ahead)
