"""Rows to records and back: the only place that knows both names."""

from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

import sqlalchemy as sa

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition
from xuanfa.store.schema import deliveries

_FIELDS = tuple(field.name for field in fields(Delivery))
#: The columns of a delivery in the order of the record's fields.
DELIVERY = tuple(deliveries.c["column_id" if name == "column" else name] for name in _FIELDS)


def delivery(row: sa.Row[*tuple[Any, ...]]) -> Delivery:
    """A delivery from a row that begins with the columns of ``DELIVERY``."""
    values = dict(zip(_FIELDS, row, strict=False))
    values["state"] = State(values["state"])
    values["staged"] = values["staged"] or {}
    return Delivery(**values)


def delivery_values(record: Delivery) -> dict[str, Any]:
    """The columns of a delivery, without its id."""
    values = {name: getattr(record, name) for name in _FIELDS if name != "id"}
    values["column_id"] = values.pop("column")
    values["state"] = record.state.value
    return values


def rendition(row: Mapping[str, Any]) -> Rendition:
    """A rendition from its columns."""
    return Rendition(
        title=row["title"],
        summary=row["summary"],
        media_type=row["media_type"],
        body=row["body"],
        pictures=tuple(Picture(**picture) for picture in row["pictures"] or ()),
        needs=tuple(row["needs"] or ()),
        extra=row["extra"] or {},
    )


def rendition_values(record: Rendition) -> dict[str, Any]:
    """The columns of a rendition."""
    return {
        "digest": record.digest,
        "title": record.title,
        "summary": record.summary,
        "media_type": record.media_type,
        "body": record.body,
        "pictures": [asdict(picture) for picture in record.pictures],
        "needs": list(record.needs),
        "extra": dict(record.extra),
    }
