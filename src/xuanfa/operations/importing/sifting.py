"""Sifting: what a source tells of becomes rows for the ledger; what is wrong with it is gathered, and what stands there already is told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Final

from xuanfa.documents.spreadsheets.troubles import BadRows
from xuanfa.domain.imported import Past, host_of, page_key, row_key
from xuanfa.domain.language import say
from xuanfa.domain.receipt import is_address
from xuanfa.domain.times import in_words
from xuanfa.operations.desk import Desk
from xuanfa.operations.importing.names import Names
from xuanfa.store import imported

#: So many notes of one sort are told; how many more there are is said.
TOLD_MAX: Final = 20
#: The longest title and the longest name that are believed. Characters.
_TITLE_MAX, _NAME_MAX = 500, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A publication as a source has it. ``where`` is its place in words, ``place`` the same as it is kept; ``headings`` what the source calls
    each field, for whoever has to mend it. ``broken`` says why a field could not be read."""

    where: str
    place: str
    title: str
    column: str
    channel: str
    when: date | datetime | None
    address: str
    department: str = ""
    author: str = ""
    headings: Mapping[str, str] = field(default_factory=dict)
    broken: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Sifted:
    """What would come into the ledger, and what is to be told of the rest."""

    origin: str
    digest: str
    bad: BadRows
    rows: list[Past] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    #: How many stand in the ledger already, or twice in the source.
    repeated: int = 0

    @property
    def without_address(self) -> int:
        """How many have no address."""
        return sum(past.address is None for past in self.rows)


@dataclass(slots=True)
class Sieve:
    """Takes candidates one after another."""

    desk: Desk
    columns: Names
    channels: Names
    sifted: Sifted
    _first: dict[str, tuple[str, str]] = field(default_factory=dict)
    _kept: dict[str, str] = field(default_factory=dict)

    def take(self, each: Candidate) -> None:
        """One of them: a row for the ledger, or something wrong."""
        before = self.sifted.bad.count
        for name, why in each.broken.items():
            self._bad(each, name, why)
        column, channel = self._column(each), self._channel(each)
        moment, address = self._moment(each), self._address(each)
        self._texts(each)
        if self.sifted.bad.count > before or channel is None or column is None or moment is None:
            return
        day = moment.astimezone(self.desk.zone).date()
        key = page_key(address) if address else row_key(channel, day, each.title)
        if key in self._first:
            self._repeated(each, key)
            return
        self._first[key] = (each.where, each.title)
        self.sifted.rows.append(
            Past(
                title=each.title,
                address=address or None,
                published_at=moment,
                column=self._once(column),
                column_title=self._once(self.columns.titles.get(column, "")),
                channel=self._once(channel),
                channel_title=self._once(self.channels.titles.get(channel, "")),
                department=self._once(each.department),
                author=self._once(each.author),
                place=each.place,
                key=key,
            )
        )

    def leave_out_known(self) -> None:
        """Once all were taken: what stands in the ledger already stays as it stands there, and is told."""
        rows = self.sifted.rows
        hosts = {host_of(past.address) for past in rows if past.address}
        with self.desk.store.read() as connection:
            own = imported.own_pages(connection, hosts)
            brought = imported.known_keys(connection, [past.key for past in rows])
        told: list[str] = []
        for past in rows:
            where = self._first[past.key][0]
            if past.key in own:
                told.append(
                    say(
                        "{where}：本系统已有这个网址的发布（投递 {id}），不再计入。",
                        "{where}: published by this program already (delivery {id}), and not counted again.",
                        where=where,
                        id=own[past.key],
                    )
                )
            elif past.key in brought:
                told.append(
                    say(
                        "{where}：台账里已有（{origin}），不再计入。",
                        "{where}: it stands in the ledger already ({origin}) and is not counted again.",
                        where=where,
                        origin=brought[past.key],
                    )
                )
        self.sifted.repeated += len(told)
        self.sifted.rows = [past for past in rows if past.key not in own and past.key not in brought]
        self._note(told)

    def _column(self, each: Candidate) -> str | None:
        if not each.column:
            return ""
        found = self.columns.id_of(each.column)
        if found is None:
            self._bad(each, "column", self.columns.why(each.column))
        return found

    def _channel(self, each: Candidate) -> str | None:
        if not each.channel:
            self._missing(each, "channel")
            return None
        found = self.channels.id_of(each.channel)
        if found is None:
            self._bad(each, "channel", self.channels.why(each.channel))
        return found

    def _moment(self, each: Candidate) -> datetime | None:
        if each.when is None:
            self._missing(each, "date")
            return None
        zone, now = self.desk.zone, self.desk.clock()
        has_time = isinstance(each.when, datetime)
        moment = each.when if isinstance(each.when, datetime) else datetime.combine(each.when, time(), zone)
        if moment > now:
            shown = in_words(moment, zone) if has_time else f"{moment:%Y-%m-%d}"
            self._bad(each, "date", say("{when} 还没有到。", "{when} is still to come.", when=shown))
            return None
        return moment

    def _address(self, each: Candidate) -> str:
        if each.address and not is_address(each.address):
            self._bad(
                each,
                "address",
                say(
                    "“{address}”不是网址。请写完整，以 http:// 或 https:// 开头。",
                    "{address!r} is no address. Write it whole, beginning with http:// or https://.",
                    address=each.address,
                ),
            )
        return each.address

    def _texts(self, each: Candidate) -> None:
        if not each.title:
            self._missing(each, "title")
        for name, text, most in (
            ("title", each.title, _TITLE_MAX),
            ("department", each.department, _NAME_MAX),
            ("author", each.author, _NAME_MAX),
        ):
            if len(text) > most:
                self._bad(each, name, say("超过 {most} 字。", "longer than {most} characters.", most=most))

    def _missing(self, each: Candidate, name: str) -> None:
        if name not in each.broken:
            self._bad(each, name, say("是空的。", "empty."))

    def _bad(self, each: Candidate, name: str, why: str) -> None:
        self.sifted.bad.add(each.where, each.headings.get(name, name), why)

    def _repeated(self, each: Candidate, key: str) -> None:
        self.sifted.repeated += 1
        where, title = self._first[key]
        words = say(
            "{where}“{heading}”与{first}相同，只算一条",
            "{where}, {heading!r}: the same as {first}, and counted once",
            where=each.where,
            heading=each.headings.get("address" if each.address else "title", ""),
            first=where,
        )
        if each.title != title:
            words = say(
                "{words}；标题不同，用的是“{title}”，没有用“{other}”",
                "{words}; the titles differ: {title!r} was taken, {other!r} was not",
                words=words,
                title=title,
                other=each.title,
            )
        self._note([say("{words}。", "{words}.", words=words)])

    def _note(self, told: Iterable[str]) -> None:
        self.sifted.notes.extend(told)

    def _once(self, text: str) -> str:
        """One copy of a text that stands in many rows."""
        return self._kept.setdefault(text, text)


def bounded(notes: list[str]) -> list[str]:
    """The first notes, and how many more there are."""
    if len(notes) <= TOLD_MAX:
        return notes
    more = say("另有 {count} 条提示没有列出。", "{count} more notes are not listed.", count=len(notes) - TOLD_MAX)
    return [*notes[:TOLD_MAX], more]
