"""Once: one account gets one content once, whatever channel or post brings it. A second delivery is held with a question.

A delivery is judged when it is planned, under the lock of the inbox, and its right to go stands in its row (``Delivery.twin``). It is
judged once more, under the same lock, when it is claimed after anything that may have changed the answer: a person's decision that put it
back into the queue, a channel that leads to another account. Of two that are judged one sees the other, so that one of them is held.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from xuanfa.domain.accounts import is_same_place
from xuanfa.domain.channel import Channel
from xuanfa.domain.delivery import Delivery
from xuanfa.domain.language import say
from xuanfa.domain.life import second
from xuanfa.domain.likeness import Sketch, body_of, comparable
from xuanfa.domain.likeness import is_same as is_same_text
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.desk import Desk
from xuanfa.store import likeness, series
from xuanfa.store.likeness import Candidate


def is_judged(delivery: Delivery, channel: Channel) -> bool:
    """Whether it is known to be the first of its content for the account that its channel leads to, or a person has let it go."""
    return not channel.accounts or (delivery.twin is not None and _is_bound_to(delivery, channel))


@dataclass(slots=True)
class Judge:
    """Judges the deliveries of one transaction that holds the lock of the inbox."""

    desk: Desk
    connection: sa.Connection
    #: What is compared of revisions, by post and number; ``None`` where no other post has the same title and about the same length.
    _contents: dict[tuple[int, int], likeness.Content | None] = field(default_factory=dict)
    _bodies: dict[tuple[int, int], str] = field(default_factory=dict)

    def judged(self, delivery: Delivery, siblings: Iterable[Candidate]) -> Delivery:
        """The delivery as it may go, or held with a question; ``siblings`` are those of its own post that count."""
        channel = self.desk.channels[delivery.channel]
        if not channel.accounts:
            return delivery
        twin = self._same_post(delivery, channel, siblings) or self._same_content(delivery, channel)
        if twin is None:
            return replace(delivery, twin=0)
        return second(delivery, twin.delivery.id, self._question(delivery, channel, twin))

    def _same_post(self, delivery: Delivery, channel: Channel, siblings: Iterable[Candidate]) -> Candidate | None:
        others = (each for each in siblings if each.delivery.channel != delivery.channel)
        return next((each for each in others if self._goes_first(each.delivery, delivery, channel)), None)

    def _same_content(self, delivery: Delivery, channel: Channel) -> Candidate | None:
        wanted = self._wanted(delivery)
        if wanted is None:
            return None
        found = likeness.alike(self.connection, wanted, but=delivery.post_id, accounts=channel.accounts)
        siblings = series.siblings(self.connection, delivery.post_id) if found else frozenset()
        for each in found:
            if each.delivery.post_id in siblings:
                continue  # several turns of a recurring post have the same text, as its author has said
            if (
                self._goes_first(each.delivery, delivery, channel)
                and wanted.sketch.may_be(Sketch.read(each.sketch))
                and is_same_text(self._body(delivery), self._body(each.delivery))
            ):
                return each
        return None

    def _wanted(self, delivery: Delivery) -> likeness.Content | None:
        """The content to look for: asked once for all channels of a post, and for nearly all posts that is all."""
        which = delivery.post_id, delivery.revision
        if which not in self._contents:
            content = likeness.content(self.connection, *which)
            self._contents[which] = (
                content if likeness.has_rivals(self.connection, content, but=delivery.post_id) else None
            )
        return self._contents[which]

    def _body(self, delivery: Delivery) -> str:
        known = delivery.post_id, delivery.revision
        if known not in self._bodies:
            self._bodies[known] = comparable(body_of(likeness.content(self.connection, *known).source))
        return self._bodies[known]

    def _goes_first(self, other: Delivery, delivery: Delivery, channel: Channel) -> bool:
        """Whether the other one goes to this account, and before this one: it is out, or may be, or has been found to be the first."""
        if not other.is_queued or other.may_be_public:
            return bool(other.account) and _is_bound_to(other, channel)
        its = self.desk.channels.get(other.channel)
        if its is None or its.rehearsal is not channel.rehearsal or not set(its.accounts) & set(channel.accounts):
            return False
        if other.post_id != delivery.post_id and delivery.id and is_judged(other, its):
            return True
        return self._place(other) < self._place(delivery)

    def _place(self, delivery: Delivery) -> tuple[int, int]:
        """Its place in the row: posts in the order in which they came, and the channels of one as its column has them."""
        column = self.desk.columns.get(delivery.column)
        order = column.channels if column else ()
        at = order.index(delivery.channel) if delivery.channel in order else len(order)
        return delivery.post_id, at

    def _question(self, delivery: Delivery, channel: Channel, twin: Candidate) -> str:
        which = (
            say("本稿", "this post")
            if twin.delivery.post_id == delivery.post_id
            else say("内容相同的稿件 {post} ", "the post {post}, which has the same content,", post=twin.post)
        )
        return say(
            "{which}先由投递 {id}（渠道 {channel}）发往同一账号 {account}：确要再发一遍就放行（{release}），"
            "不发就取消（{cancel}）",
            "{which} goes to the same account ({account}) by delivery {id} ({channel}) first: release this one if it is to be sent once "
            "more, else cancel it",
            which=which,
            id=twin.delivery.id,
            channel=twin.delivery.channel,
            account=channel.account,
            release=Remedy("release"),
            cancel=Remedy("cancel"),
        )


def _is_bound_to(delivery: Delivery, channel: Channel) -> bool:
    """Whether its account is one of the channel's, known to be or only feared: of two doubts the one that holds more."""
    return is_same_place(delivery.rehearsal, delivery.account, channel)
