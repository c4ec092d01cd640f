"""What stands in the fields of 写稿, as a form sends it."""

from typing import Final

from xuanfa.console.visit import FORM_MAX, Visit
from xuanfa.operations.writing.drafts import KEYS, TEXT

#: A text that was pasted whole, with all its fields. Bytes.
FIELDS_MAX: Final = 12 * FORM_MAX


def fields_of(visit: Visit) -> dict[str, str]:
    """The fields that were sent."""
    return {name: visit.raw(name) for name in (*KEYS, TEXT) if name in visit.form}
