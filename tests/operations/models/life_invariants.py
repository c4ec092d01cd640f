"""What must hold of every delivery after each step."""

import sqlalchemy as sa
from hypothesis.stateful import invariant

from tests.operations.models.life_story import Played
from xuanfa.domain.delivery import MOVES, State
from xuanfa.store.schema import attempts, events, receipts


class Agreeing(Played):
    """Compares the database with the truth."""

    @invariant()
    def the_database_agrees(self) -> None:
        self.nothing_is_public_twice()
        self.every_delivery_is_there_once_and_says_the_truth()
        self.attempts_are_numbered_and_open_while_their_delivery_is_under_way()
        self.the_ledger_holds_what_is_published()
        self.history_moves_by_the_table()

    def nothing_is_public_twice(self) -> None:
        assert self.truth.twice == []

    def every_delivery_is_there_once_and_says_the_truth(self) -> None:
        now = {delivery.id: delivery for delivery in self.bench.all()}
        assert now.keys() >= self.known.keys()
        assert len({(delivery.channel, delivery.post_id) for delivery in now.values()}) == len(now)
        for delivery in now.values():
            shown = self.truth.shown[self.place(delivery), delivery.id] > 0
            elsewhere = [
                each for each in self.truth.live
                if each.delivery == delivery.id and each.place != self.place(delivery) and not each.place.rehearsal
            ]  # fmt: skip
            assert elsewhere == [], f"{delivery.channel}: public where nobody looks for it any more"
            if delivery.state in {State.PUBLISHED, State.RETRACTED}:
                assert shown, f"{delivery.channel}: said to be published, and never was"
            elif shown and not (delivery.rehearsal and delivery.state in {State.HELD, State.SCHEDULED}):
                admitted = delivery.state in {State.PUBLISHING, State.ACCEPTED, State.UNKNOWN, State.RETRACTING}
                assert admitted or delivery.may_be_public, (
                    f"{delivery.channel}: public, and said to be {delivery.state}"
                )
            before = self.known.get(delivery.id)
            assert before is None or before.attempt <= delivery.attempt
        self.known = now

    def attempts_are_numbered_and_open_while_their_delivery_is_under_way(self) -> None:
        c = attempts.c
        with self.bench.desk.store.read() as connection:
            rows = list(
                connection.execute(sa.select(c.delivery_id, c.number, c.ended_at).order_by(c.delivery_id, c.number))
            )
        for delivery in self.known.values():
            mine = [row for row in rows if row.delivery_id == delivery.id]
            assert [row.number for row in mine] == list(range(1, delivery.attempt + 1))
            unended = [row.number for row in mine if row.ended_at is None]
            assert unended == ([delivery.attempt] if delivery.state is State.PUBLISHING else [])

    def the_ledger_holds_what_is_published(self) -> None:
        c = receipts.c
        with self.bench.desk.store.read() as connection:
            rows = {
                row.delivery_id: row.retracted_at
                for row in connection.execute(sa.select(c.delivery_id, c.retracted_at))
            }
        entered = {State.PUBLISHED, State.RETRACTING, State.RETRACTED}
        assert set(rows) == {delivery.id for delivery in self.known.values() if delivery.state in entered}
        gone = {number for number, retracted_at in rows.items() if retracted_at is not None}
        assert gone == {delivery.id for delivery in self.known.values() if delivery.state is State.RETRACTED}

    def history_moves_by_the_table(self) -> None:
        c = events.c
        with self.bench.desk.store.read() as connection:
            query = sa.select(c.delivery_id, c.before, c.after).where(c.before.is_not(None)).order_by(c.id)
            rows = [(row.delivery_id, State(row.before), State(row.after)) for row in connection.execute(query)]
        for number, before, after in rows:
            # A changed post makes its unsent deliveries anew: that is no move of the table.
            fresh = {before, after} <= {State.SCHEDULED, State.HELD, State.REJECTED, State.FAILED, State.CANCELLED}
            assert after in MOVES[before] or fresh, (number, before, after)
