"""Permitted: whether a correction may be made, asked anew in the transaction that claims it. Nothing of what its own row says is taken on trust."""

import sqlalchemy as sa

from xuanfa.domain.correction import Correction
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.language import say
from xuanfa.domain.remedy import Remedy
from xuanfa.domain.review import Sending
from xuanfa.operations.desk import Desk
from xuanfa.operations.reviewing.correcting import has_right
from xuanfa.store import corrections, deliveries, reviews, rights


def needs_review(desk: Desk, connection: sa.Connection, post_id: int, column: str, kind: str) -> bool:
    """Whether a correction of the post needs a review: the post was reviewed, or its column or kind asks for it by now."""
    if desk.reviews.template_for(column, kind) or reviews.latest(connection, post_id) is not None:
        return True
    return any(each.reviewed for each in deliveries.of_post(connection, post_id))


def may_be_made(desk: Desk, connection: sa.Connection, it: Correction, before: Delivery) -> bool:
    """Whether it may leave now. What may not waits for its review again, or is over, and a person has to look; that is written here."""
    if (before.post_id, before.channel) != (it.post_id, it.channel):
        corrections.fail(connection, it, _of_another(it))
        return False
    if it.reviewed:
        is_right = _is_exactly_right(connection, it, before) if it.is_in_place else has_right(desk, connection, it.post)
        if not is_right:
            corrections.take_back(connection, it.post_id)
        return is_right
    kind = reviews.kinds_of(connection, {it.post_id})[it.post_id]
    if needs_review(desk, connection, it.post_id, before.column, kind):
        corrections.fail(connection, it, _never_reviewed(it))
        return False
    return True


def _is_exactly_right(connection: sa.Connection, it: Correction, before: Delivery) -> bool:
    granted = rights.still_granted(connection, [] if it.approval is None else [it.approval])
    return it.approval is not None and granted.get(it.approval) == (before.channel, Sending(it.digest, before.due_at))


def _never_reviewed(it: Correction) -> str:
    return say(
        "本稿要审核，这项更正没有经过审核，不改。请再提出一次（{correct}），由审核人审过再改",
        "the post needs a review, and this correction has had none: nothing was changed. Order it again ({correct}), so that it is reviewed",
        correct=Remedy("correct", it.post),
    )


def _of_another(it: Correction) -> str:
    return say(
        "这项更正写的稿件或渠道和它要改的投递对不上，不改。请再提出一次（{correct}），并查是谁改的数据库（{verify}）",
        "this correction names another post or channel than the delivery has that it would change: nothing was changed. Order it again ({correct}), "
        "and find out who changed the database ({verify})",
        correct=Remedy("correct", it.post),
        verify=Remedy("verify"),
    )
