"""What was imported into the ledger: as rows of it, and what was brought in when."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import sqlalchemy as sa

from xuanfa.domain.delivery import State
from xuanfa.domain.imported import Import
from xuanfa.reports.period import Period
from xuanfa.store import imported as store_of_imported
from xuanfa.store.database import Store
from xuanfa.store.imported_schema import counted, imported, imports

if TYPE_CHECKING:
    from xuanfa.reports.ledger import Reading

_I, _M = imported.c, imports.c
#: Imported rows are numbered from here on for programs: no delivery has such a number.
FROM: Final = 1_000_000_000


def imports_made(store: Store) -> list[Import]:
    """Everything that was ever imported, the newest first, also what was taken back."""
    with store.read() as connection:
        return store_of_imported.all_imports(connection)


def conditions(period: Period) -> list[sa.ColumnElement[bool]]:
    """A period as conditions on what was imported and counts."""
    found: list[sa.ColumnElement[bool]] = [counted]
    if period.begins is not None:
        found.append(_I.published_at >= period.begins)
    if period.ends is not None:
        found.append(_I.published_at < period.ends)
    for column, asked in (
        (_I.column_id, period.column),
        (_I.channel, period.channel),
        (_I.department, period.department),
    ):
        if asked is not None:
            found.append(column == asked)
    if period.own is not None:
        found.append(_I.author.in_(sorted(period.own.bylines)))
    return found


def imported_rows(reading: "Reading") -> Iterator[dict[str, Any]]:
    """What the ledger says of each publication that was imported, by time."""
    query = (
        sa.select(
            _I.id,
            _I.title,
            _I.column_id.label("column"),
            _I.column_title,
            _I.channel,
            _I.channel_title,
            _I.department,
            _I.author,
            _I.published_at,
            _I.address,
            _M.origin,
            _M.imported_at,
        )
        .join(imports, _M.id == _I.import_id)
        .where(*conditions(reading.period))
    )
    query = reading.laid_out(query, _I.published_at, _I.id, least=FROM)
    unknown = {"post": "", "kind": "", "due_at": None, "minutes": None, "remote_id": None}
    for row in reading.connection.execute(query.execution_options(yield_per=reading.together)):
        facts = row._asdict()
        yield facts | unknown | {"id": FROM + row.id, "state": State.PUBLISHED.value}
