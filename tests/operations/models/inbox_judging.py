"""What must hold of all that the inbox sends, plans and says."""

import json
from typing import Any

from tests.operations.models.inbox_office import Arrived, Office, Row
from tests.support.staffed_folder import PATIENCE, Sheet, is_alike
from xuanfa.domain.delivery import WAITS_FOR_PERSON, State
from xuanfa.engine.once import one_pass
from xuanfa.operations.watching.alarms import standing

#: What is told anew in each pass while it lasts, because it is over in a moment.
PASSING = "刚刚还在变化"


class Judging(Office):
    """Compares what arrived and what is planned with what files and people said."""

    def judge(self, before: int, said: Any = None, *, scheduled: bool = True) -> None:
        """What has arrived since, and what is scheduled."""
        said = [*(said or []), *self.said()]
        rows = {row.key: row for row in self.rows() if row.key}
        for seen in self.sink.seen[before:]:
            arrived = self.read_back(seen)
            row = rows.get(arrived.key)
            assert row is not None, f"nothing is known of {arrived}"
            self.was_said(arrived, row, said)
            self.is_the_first(arrived, row)
            self.arrived.append(arrived)
        if scheduled and not self.folder.is_away:
            for row in rows.values():
                if row.state is State.SCHEDULED:
                    self.is_as_its_file_says(row)
        for name, sheet, colours in said:
            self.read[name] = sheet, colours
            self.folder.unsettled.pop(name, None)

    def is_like(self, arrived: Arrived, sheet: Sheet, colours: tuple[str, str]) -> bool:
        return (arrived.title, arrived.text, arrived.colours) == (sheet.title, sheet.text, colours)

    def was_said(self, arrived: Arrived, row: Row, said: Any) -> None:
        """By a file, now; by a person, since then; or by what could be read last."""
        now = self.clock()
        for name, sheet, colours in said:
            leads = [self.channels[channel] for channel in self.columns[sheet.column]]
            is_due = sheet.due is None or sheet.due <= now or row.id in self.moved
            if self.is_like(arrived, sheet, colours) and arrived.place in leads and is_due:
                assert (arrived.office, arrived.template) == (self.office, self.template), (
                    f"made in the old way: {name}"
                )
                return
        if self.has_word(row):
            return
        known = self.read.get(row.name)
        since = self.folder.unsettled.get(row.name)
        as_last_read = self.folder.is_away or (since is not None and now - since >= PATIENCE)
        assert as_last_read, f"nobody says this: {arrived} {row} {said}"
        assert known, f"nobody has ever said this: {arrived} {row}"
        assert self.is_like(arrived, *known), f"not as it was last read: {arrived} {row} {known}"

    def has_word(self, row: Row) -> bool:
        return self.words.get(row.key) == self.folder.versions.get(row.name, 0)

    def is_the_first(self, arrived: Arrived, row: Row) -> None:
        for other in self.arrived:
            assert other.key != arrived.key, f"twice: {arrived}"
            if other.place == arrived.place and other.title == arrived.title and is_alike(other.text, arrived.text):
                assert row.id in self.twice, f"the same content twice, and nobody was asked: {arrived}"

    def is_as_its_file_says(self, row: Row) -> None:
        if self.has_word(row) or not row.body:
            return
        sheet = self.folder.sheets.get(row.name)
        assert sheet is not None, f"scheduled without a file: {row}"
        assert self.folder.is_listed(row.name), f"scheduled, and taken back: {row}"
        if not self.folder.is_settled(row.name, self.clock()):
            return
        assert self.folder.is_good(row.name, self.columns), f"scheduled, and its file is bad: {row} {sheet}"
        made = self.arrived_as("", row.key, json.loads(row.body))
        assert self.is_like(made, sheet, self.folder.colours(sheet)), f"scheduled in an old version: {made} {sheet}"
        assert (made.office, made.template) == (self.office, self.template), f"scheduled as made in the old way: {row}"
        assert row.channel in self.columns[sheet.column], f"scheduled where it does not go: {row} {sheet}"
        if sheet.due is not None and row.id not in self.moved:
            assert row.due_at == sheet.due, f"scheduled for another time: {row} {sheet}"

    def nothing_new(self) -> None:
        """A second look finds nothing to do and nothing to say."""
        with self.desk() as desk:
            alarms = {each.cause for each in standing(desk)}
            report = one_pass(desk)
            assert report.states == {}, report
            notices = [notice for notice in report.queued.notices if PASSING not in notice]
            assert notices == [], notices
            assert {each.cause for each in standing(desk)} == alarms

    def is_out_or_told(self, name: str, sheet: Sheet, rows: list[Row], causes: list[str]) -> None:
        as_it_is = sheet, self.folder.colours(sheet)
        is_told = any(
            f"posts/{name}" in message and there.get(name) == as_it_is and PASSING not in message
            for message, there in self.told
        ) or any(f"posts/{name}" in cause for cause in causes)
        if is_told:
            return
        assert self.folder.is_good(name, self.columns), f"bad, and nobody is told: {name} {sheet}"
        colours = self.folder.colours(sheet)
        for channel in self.columns[sheet.column]:
            mine = [row for row in rows if (row.name, row.channel) == (name, channel)]
            is_out = any(
                each.place == self.channels[channel] and self.is_like(each, sheet, colours) for each in self.arrived
            )
            is_decided = any(row.id in self.called_off or row.state in WAITS_FOR_PERSON for row in mine)
            assert is_out or is_decided or self.waits(mine), (
                f"not out, and nobody is told why: {name} {channel} {sheet} {mine}"
            )

    def waits(self, mine: list[Row]) -> bool:
        return any(row.state is State.SCHEDULED and row.due_at > self.clock() for row in mine)
