"""What stands in the fields of 写稿, as a form sends it."""

from typing import Final

from xuanfa.console.visit import FORM_MAX, Visit
from xuanfa.operations.writing.drafts import KEYS, TEXT
from xuanfa.operations.writing.own_channels import TO, is_own_field

#: A text that was pasted whole, with all its fields. Bytes.
FIELDS_MAX: Final = 12 * FORM_MAX


def fields_of(visit: Visit) -> dict[str, str]:
    """The fields that were sent. A box that is not ticked sends nothing, so that ``shown`` says which of them were there."""
    found = {name: visit.raw(name) for name in (*KEYS, TEXT) if name in visit.form}
    found |= {f"{TO}{channel}": "" for channel in visit.fields("shown")}
    return found | {name: visit.raw(name) for name in visit.form if is_own_field(name)}
