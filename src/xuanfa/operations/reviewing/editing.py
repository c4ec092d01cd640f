"""Editing: under which word somebody stands who says to have edited a post. Whoever edits it is one of its authors, and decides nothing about it;
but who corrects it at their own step, which allows that, does what the step is for."""

import sqlalchemy as sa

from xuanfa.domain.person import Person, Signature
from xuanfa.domain.review_turn import may_decide
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.docket import docket
from xuanfa.store import posts
from xuanfa.store.reviews import EDITED

#: What whoever corrects the post at their step signs.
PROOFREAD = "proofread"


def signed_edit(desk: Desk, connection: sa.Connection, slug: str, person: Person) -> Signature:
    """The signature under a new revision of the post. Inside the caller's transaction."""
    found = docket(desk, connection, slug) if posts.by_slug(connection, slug) is not None else None
    open_ = None if found is None else found.table.stands.open_step
    if found is not None and open_ is not None and open_.step.may_edit and may_decide(found.table, open_, person.name):
        return person.signs(PROOFREAD)
    return person.signs(EDITED)
