"""Holding: what is done to everything when nobody here knows what was sent since some moment: after a restore, and when the database is found
to have forgotten. Inside the caller's transaction."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from xuanfa.domain.channel import EVERYTHING
from xuanfa.domain.delivery import State
from xuanfa.domain.language import say
from xuanfa.domain.person import Actor
from xuanfa.domain.restoring import brought_back
from xuanfa.operations.reviewing.reconcile import ask_again
from xuanfa.store import attempts, channels, deliveries, outbox, restores, reviews
from xuanfa.store.deliveries import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Why everything is held. ``since`` says it in a delivery's reason, ``why`` in that of the pause.

    ``backup`` names the backup, or is ``restores.FORGOTTEN``; ``taken_at`` is up to when the database knows everything.
    """

    backup: str
    taken_at: datetime
    now: datetime
    actor: Actor
    since: str
    why: str


def hold_everything(connection: sa.Connection, hold: Hold) -> list[Change]:
    """Pause everything, and put in doubt or hold whatever may have been sent since then; the moves, for whoever is told of them."""
    now, actor, why = hold.now, hold.actor, hold.why
    restores.record(connection, backup=hold.backup, taken_at=hold.taken_at, now=now, actor=actor)
    channels.pause(connection, EVERYTHING, now, why, over=True)
    changes = [
        Change(before, brought_back(before, hold.taken_at, now, hold.since))
        for before in deliveries.unfinished(connection)
    ]
    interrupted = [(c.before.id, c.before.attempt) for c in changes if c.before.state is State.PUBLISHING]
    attempts.end(connection, [attempts.End(*attempt, "lost", changes[0].after.reason) for attempt in interrupted], now)
    deliveries.write(connection, changes, now, actor)
    said = why + f" ({hold.backup})" if hold.backup else why
    deliveries.record_event(connection, now=now, after="restored", actor=actor, why=said)
    deliveries.record_event(connection, now=now, after="paused", actor=actor, why=why, channel=EVERYTHING)
    for change in changes:
        if change.before.state is change.after.state:
            deliveries.record_event(
                connection,
                now=now,
                after="restored",
                actor=actor,
                why=change.after.reason,
                delivery_id=change.after.id,
                channel=change.after.channel,
            )
    words = say(
        "{since}：其后可能退回过或改过主意，最后一步要重新审",
        "{since}: it may have been sent back since, or somebody thought better of it, and the last step is asked again",
        since=hold.since,
    )
    for post_id in reviews.with_right(connection):
        changes += ask_again(connection, post_id, words, now, actor)
    outbox.give_up(
        connection,
        now,
        say(
            "{since}：可能已经送过，没有再送",
            "{since}: it may have been brought since, and is not sent again",
            since=hold.since,
        ),
        before=now,
    )
    return changes
