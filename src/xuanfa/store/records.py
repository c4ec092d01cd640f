"""Rows to records and back: the only place that knows both names."""

from collections.abc import Sequence
from dataclasses import asdict, fields
from operator import attrgetter
from typing import Any

from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition
from xuanfa.domain.said import kept
from xuanfa.store.schema import deliveries, renditions

_FIELDS = tuple(field.name for field in fields(Delivery))
_STATES = {state.value: state for state in State}
#: The columns of a delivery in the order of the record's fields.
DELIVERY = tuple(deliveries.c["column_id" if name == "column" else name] for name in _FIELDS)


#: What a rendition is made of, in the order of ``rendition``.
RENDITION = tuple(
    renditions.c[name] for name in ("title", "body", "media_type", "summary", "pictures", "needs", "extra")
)
#: What changes only with a revision (``deliveries.rewrite``). Every other field a move may change.
BY_REVISION = frozenset({"id", "post_id", "revision", "column", "channel", "kind", "rendition_id", "digest", "key"})
_MOVED = tuple(name for name in _FIELDS if name not in BY_REVISION)
_MOVABLE = attrgetter(*_MOVED)


def delivery(row: Sequence[Any]) -> Delivery:
    """A delivery from a row that begins with the columns of ``DELIVERY``."""
    values = dict(zip(_FIELDS, row, strict=False))
    values["state"] = _STATES[values["state"]]
    values["staged"] = values["staged"] if _are_texts(values["staged"]) else {}
    return Delivery(**values)


def delivery_values(record: Delivery) -> dict[str, Any]:
    """The columns of a delivery, without its id."""
    values = {name: getattr(record, name) for name in _FIELDS if name != "id"}
    values["column_id"] = values.pop("column")
    values["state"] = record.state.value
    return values


def differing_values(before: Delivery, after: Delivery) -> dict[str, Any]:
    """The columns that a move has changed: fewer to write, and fewer indexes."""
    pairs = zip(_MOVED, _MOVABLE(before), _MOVABLE(after), strict=True)
    values = {name: now_is for name, was, now_is in pairs if was is not now_is and was != now_is}
    if before.reason is not after.reason and kept(before.reason) != kept(after.reason):
        values["reason"] = after.reason  # the same words of an older program hold less
    if "state" in values:
        values["state"] = after.state.value
    return values


def rendition(row: Sequence[Any]) -> Rendition:
    """A rendition from a row of the columns of ``RENDITION``. One of another shape than we write was changed by hand: its digest is none."""
    title, body, media_type, summary, pictures, needs, extra = row
    if not (are_pictures(pictures or []) and isinstance(needs or [], list) and _are_texts(extra or {})):
        pictures, needs, extra = None, None, _NOT_OURS
    return Rendition(
        title=title,
        body=body,
        media_type=media_type,
        summary=summary,
        pictures=tuple(Picture(**picture) for picture in pictures or ()),
        needs=tuple(needs or ()),
        extra=extra or {},
    )


#: No adapter gives a text such a name.
_NOT_OURS = {"\ufffd": "\ufffd"}
_PICTURE = {field.name for field in fields(Picture)}


def are_pictures(value: Any) -> bool:
    """Whether it is what we write of a rendition's pictures, if there are any."""
    return isinstance(value, list) and all(isinstance(each, dict) and each.keys() == _PICTURE for each in value)


def _are_texts(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str) for text in value.values())


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
