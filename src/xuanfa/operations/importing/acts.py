"""Acts about what is imported: it is entered as a whole, and taken back as a whole."""

from collections.abc import Sequence

import sqlalchemy as sa

from xuanfa.domain.act_lists import ImportLedger, UndoImport
from xuanfa.domain.errors import StateError
from xuanfa.domain.imported import Import, Past, host_of
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import deliveries, imported, names


def import_ledger(desk: Desk, act: ImportLedger, person: Person) -> Import:
    """Enter publications in the ledger, all or none. What stands there already, imported or proved by this program, is left out, whoever has
    entered it a moment ago. Raises StateError where nothing is left."""
    hosts = {host_of(past.address) for past in act.rows if past.address}
    with desk.store.read() as connection:
        line = imported.newest_line(connection)
        known = set(imported.own_pages(connection, hosts))
    with desk.store.write() as connection:
        now = desk.clock()
        known |= imported.own_pages(connection, hosts, since=line).keys()
        known |= imported.known_keys(connection, [past.key for past in act.rows]).keys()
        rows = [past for past in act.rows if past.key not in known]
        if not rows:
            raise StateError(
                say(
                    "没有新的条目，台账没有变：{origin} 的每一条都已在台账里。",
                    "There is nothing new, and the ledger stays as it is: all of {origin} stands in it.",
                    origin=act.origin,
                )
            )
        _note_names(desk, connection, rows)
        made, proof = imported.add(connection, rows, origin=act.origin, digest=act.digest, actor=person.name, now=now)
        words = say("{origin}：{count} 条", "{origin}: {count} entries", origin=act.origin, count=made.entries)
        deliveries.record_event(
            connection,
            now=now,
            after=imported.IMPORTED,
            actor=person.signs(act.verb),
            why=_with_reason(words, person),
            revision=made.id,
            proof=proof,
        )
    return made


def _note_names(desk: Desk, connection: sa.Connection, rows: Sequence[Past]) -> None:
    """What columns and channels of before were called, that no settings tell of: the first name counts for all the time before it."""
    known = names.all_names(connection)
    called: dict[tuple[names.What, str], str] = {}
    for past in rows:
        called["column", past.column] = past.column_title
        called["channel", past.channel] = past.channel_title
    theirs = {("column", id_) for id_ in desk.columns} | {("channel", id_) for id_ in desk.channels}
    new = {key: title for key, title in called.items() if key[1] and key not in theirs and known.newest(*key) is None}
    names.note(connection, new, desk.clock())


def undo_import(desk: Desk, act: UndoImport, person: Person) -> Import:
    """Take an import back: its rows stay on record and count no more. Raises StateError where there is none, or it was taken back before."""
    with desk.store.write() as connection:
        found = _standing(connection, act.number)
        now = desk.clock()
        imported.undo(connection, found.id, actor=person.name, now=now)
        words = say("{origin}：{count} 条", "{origin}: {count} entries", origin=found.origin, count=found.entries)
        deliveries.record_event(
            connection,
            now=now,
            after=imported.UNDONE,
            actor=person.signs(act.verb),
            why=_with_reason(words, person),
            revision=found.id,
        )
        after = imported.find(connection, found.id)
    assert after is not None  # noqa: S101 - it was there under the same lock
    return after


def _standing(connection: sa.Connection, number: int) -> Import:
    found = imported.find(connection, number)
    if found is None:
        raise StateError(
            say(
                "没有编号为 {number} 的导入：用 {imports} 查看。",
                "There is no import {number}: see {imports}.",
                number=number,
                imports=Remedy("list_imports"),
            )
        )
    if found.undone_at is not None:
        raise StateError(
            say(
                "导入 {number}（{origin}）已经撤销过。",
                "The import {number} ({origin}) was undone before.",
                number=number,
                origin=found.origin,
            )
        )
    return found


def _with_reason(words: str, person: Person) -> str:
    return say("{words}：{why}", "{words}: {why}", words=words, why=person.why) if person.why else words
