"""What people have seen and decided, by the acts of the story alone: what may leave is told from that, not from the program's tables.

Each approval is kept with what its person had before the eyes: the very text for each channel, and its time. An approval counts for what
leaves where it was given for exactly that, and nothing has happened since that takes it back: another text or another time there, a return, or,
for what the last step or an emergency has let go, a recall.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa

from tests.support.reviewed_office import PEOPLE
from xuanfa.domain.review import Template
from xuanfa.domain.user import Role
from xuanfa.operations.desk import Desk


class Shown(NamedTuple):
    """What would be sent to one channel, as a reader of the review sees it."""

    title: str
    body: str
    due_at: datetime


#: By channel.
Seen = dict[str, Shown]
_SHOWN = sa.text(
    "SELECT p.slug, d.channel, d.state, d.reviewed, n.title, n.body, d.due_at FROM deliveries d JOIN posts p ON p.id = d.post_id "
    "JOIN renditions n ON n.id = d.rendition_id WHERE d.state NOT IN ('cancelled', 'retracted')"
)
#: What is to be changed of what is out, and what is to be done where that cannot be changed; the newest of each delivery counts.
_CORRECTING = sa.text(
    "SELECT p.slug, c.channel, c.state, c.wish, n.title, n.body, c.due_at FROM corrections c JOIN posts p ON p.id = c.post_id "
    "JOIN deliveries d ON d.id = c.delivery_id LEFT JOIN renditions n ON n.post_id = c.post_id AND n.revision = c.revision "
    "AND n.channel = c.channel AND n.digest = c.digest WHERE c.reviewed AND d.state NOT IN ('cancelled', 'retracted') "
    "AND c.id = (SELECT max(o.id) FROM corrections o WHERE o.delivery_id = c.delivery_id)"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_UNSENT = {"awaiting_review", "scheduled", "held", "failed"}


def shown(desk: Desk) -> tuple[dict[str, Seen], set[tuple[str, str]]]:
    """What there is to see of every post, and which of it needs a review and has not left."""
    found: dict[str, Seen] = {}
    asked = set()
    with desk.store.read() as connection:
        for row in connection.execute(_SHOWN):
            found.setdefault(row.slug, {})[row.channel] = Shown(
                row.title, row.body, _EPOCH + timedelta(microseconds=row.due_at)
            )
            if row.reviewed and row.state in _UNSENT:
                asked.add((row.slug, row.channel))
        for row in connection.execute(_CORRECTING):
            if row.state in {"done", "replaced"}:
                continue  # it is what is out by now, or nothing is made of it
            due_at = _EPOCH + timedelta(microseconds=row.due_at)
            asked.add((row.slug, row.channel))
            if row.title is not None:
                found[row.slug][row.channel] = Shown(row.title, row.body, due_at)
            if row.wish:
                found[row.slug][chosen_for(row.channel)] = Shown(row.wish, "", due_at)
    return found, asked


def chosen_for(channel: str) -> str:
    """Under which name a person sees what is to become of a channel that cannot change what is out."""
    return f"{channel} otherwise"


class Given(NamedTuple):
    """An approval, or an order to let go first; ``holder`` is in whose name."""

    turn: int
    step: int
    person: str
    holder: str
    seen: Seen


class StandIn(NamedTuple):
    """A delegation."""

    principal: str
    deputy: str
    begins: datetime
    ends: datetime


@dataclass
class Truth:
    """Everything that a story has done so far. A copy of it belongs to each copy of the database."""

    turn: int = 0
    given: dict[str, list[Given]] = field(default_factory=dict)
    let_go: dict[str, list[Given]] = field(default_factory=dict)
    #: When what is sent to a channel last became another text, or got another time, by post and channel.
    changed: dict[tuple[str, str], int] = field(default_factory=dict)
    moved: dict[tuple[str, str], int] = field(default_factory=dict)
    returned: dict[str, int] = field(default_factory=dict)
    #: When what let a post leave was last taken back, so that it has to be given anew.
    recalled: dict[str, int] = field(default_factory=dict)
    submitters: dict[str, set[str]] = field(default_factory=dict)
    #: The template of the day on which a post's review was opened.
    templates: dict[str, Template] = field(default_factory=dict)
    #: What needs a review, whatever the settings say since.
    asked: set[tuple[str, str]] = field(default_factory=set)
    stand_ins: list[StandIn] = field(default_factory=list)

    def compare(self, before: dict[str, Seen], now: dict[str, Seen]) -> None:
        """Note what an act has made of what would be sent."""
        for post, seen in now.items():
            for channel, each in seen.items():
                old = before.get(post, {}).get(channel)
                if old is None or old[:2] != each[:2]:
                    self.changed[post, channel] = self.turn
                elif old.due_at != each.due_at:
                    self.moved[post, channel] = self.turn

    def opened(self, post: str, template: Template | None) -> None:
        """A review goes by the template of its first day."""
        if template is not None:
            self.templates.setdefault(post, template)

    def opened_anew(self, post: str, template: Template, submitter: str) -> None:
        """Another review of the same post, of a correction: it begins at its first step, and the authors stay authors."""
        self.templates[post] = template
        self.returned[post] = self.turn
        self.submitters.setdefault(post, set()).add(submitter)

    def approve(self, post: str, decision: Any, seen: Seen, now: datetime) -> None:
        """An approval that the program has taken: whether its person might give it is judged at once."""
        given = Given(self.turn, decision.step, decision.by, decision.principal or decision.by, seen)
        assert given.person not in self.submitters.get(post, set()), f"{given.person} approved their own {post}"
        assert given.person != "hired", "somebody outsourced has approved"
        role = self.templates[post].steps[given.step - 1].role
        assert role in PEOPLE[given.holder], f"{given.holder} is no {role}"
        if given.holder != given.person:
            held = StandIn(given.holder, given.person, now, now)
            assert any(each[:2] == held[:2] and each.begins <= now < each.ends for each in self.stand_ins), (
                f"{given.person} stands in for nobody"
            )
        self.given.setdefault(post, []).append(given)

    def emergency(self, post: str, person: str, seen: Seen) -> None:
        """It goes out before its review."""
        assert "approver" in PEOPLE[person], f"{person} has let {post} go"
        self.let_go.setdefault(post, []).append(Given(self.turn, 0, person, person, seen))

    def recall(self, post: str, person: str) -> None:
        """What let it leave is taken back: by whoever gave it, in whose name that was, or an administrator; nobody outsourced is one."""
        given = [*self.given.get(post, ()), *self.let_go.get(post, ())]
        its_own = any(person in {each.person, each.holder} for each in given)
        assert person != "hired", "somebody outsourced has taken an approval back"
        assert its_own or Role.ADMIN in PEOPLE[person], f"{person} has taken back what others gave to {post}"
        self.recalled[post] = self.turn

    def objections(self, post: str, channel: str, leaving: Shown) -> Iterator[str]:
        """Why this must not leave by this channel now; nothing where it may."""
        if any(self._stands(each, post, channel, leaving, to_the_minute=True) for each in self.let_go.get(post, ())):
            return
        if post not in self.templates:
            yield f"{post} was never submitted"
            return
        steps = len(self.templates[post].steps)
        holders: dict[str, int] = {}
        for step in range(1, steps + 1):
            counted = [
                each
                for each in self.given.get(post, ())
                if each.step == step and self._stands(each, post, channel, leaving, to_the_minute=step == steps)
            ]
            if not counted:
                yield f"step {step} was never decided about exactly this"
                continue
            person = counted[-1].person
            if person in holders:
                yield f"{person} holds steps {holders[person]} and {step}"
            holders[person] = step
        own = holders.keys() & self.submitters.get(post, set())
        if own:
            yield f"{sorted(own)} submitted it, and hold steps of it"

    def _stands(self, given: Given, post: str, channel: str, leaving: Shown, *, to_the_minute: bool) -> bool:
        since = max(self.changed.get((post, channel), -1), self.returned.get(post, -1))
        same = channel in given.seen and given.seen[channel][:2] == leaving[:2]
        if to_the_minute:
            since = max(since, self.moved.get((post, channel), -1), self.recalled.get(post, -1))
            same = same and given.seen[channel].due_at == leaving.due_at
        return same and given.turn > since
