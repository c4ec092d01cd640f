"""What may leave of a post, and by which decision. Pure."""

from collections.abc import Mapping, Sequence

from xuanfa.domain.delivery import BY_FILE, BY_MACHINE, BY_REVIEW, BY_TIME, UNSENT, Delivery, State
from xuanfa.domain.review import NO_ENDS, Decision, Ends, ReviewState, Sending, Snapshot, Standing

#: Holds that go by themselves, so that what they hold is still to be sent.
_PASSING = frozenset({BY_FILE, BY_REVIEW, BY_TIME})
#: What readers may see.
OUT = frozenset({State.PUBLISHED, State.ACCEPTED})
#: By the number of a delivery, the digest of what it is to be changed to.
Corrected = Mapping[int, str]


def snapshot_of(
    sending: Sequence[Delivery], before: Snapshot, ends: Ends = NO_ENDS, corrected: Corrected | None = None
) -> Snapshot:
    """What is to be sent of a post, and what of it is to be changed. What is out stays what was decided about, but for its end; what a
    person holds with a question belongs to it only where it has been decided about before."""
    found: dict[str, Sending] = {}
    for each in sending:
        made = (corrected or {}).get(each.id)
        if made is not None:
            found[each.channel] = Sending(made, each.due_at, None, ends)
        elif each.state not in UNSENT or each.may_be_public:
            if each.channel in before and each.state is not State.CANCELLED:
                was = before[each.channel]
                found[each.channel] = was._replace(ends=ends) if each.state in OUT else was
        elif each.hold == BY_MACHINE and each.channel in before:
            found[each.channel] = before[each.channel]  # what it makes is not known before the machine is mended
        elif each.rendition_id is not None and (each.channel in before or each.is_queued or each.hold in _PASSING):
            # Of what lies on the shelf, or was released from it, whoever released it says the time.
            due_at = None if each.shelf else each.due_at
            found[each.channel] = Sending(each.digest, due_at, each.expires_at, ends)
    return found


def is_any_left(
    sending: Sequence[Delivery], before: Snapshot, current: Snapshot, corrected: Corrected | None = None
) -> bool:
    """Whether anything of it is still to be sent or changed, or the end of what is out is to be another one."""
    if corrected:
        return True
    for each in sending:
        if each.channel not in current:
            continue
        if each.state in UNSENT and not each.may_be_public:
            return True
        if each.state in OUT and each.channel in before and before[each.channel].ends != current[each.channel].ends:
            return True
    return False


def is_as_decided(delivery: Delivery, decided: Sending) -> bool:
    """Whether a delivery is what was decided about: this rendition, at this time where one was named."""
    return delivery.digest == decided.digest and decided.due_at in {None, delivery.due_at}


def right_to_leave(stands: Standing) -> Decision | None:
    """The decision by which what stands in the snapshot may leave: the last approval, or an emergency; ``None`` as long as there is none."""
    if stands.state is ReviewState.APPROVED:
        return max(stands.holders.values(), key=lambda decision: decision.number)
    return stands.emergency if stands.is_let_go else None
