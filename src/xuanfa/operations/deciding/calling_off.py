"""Calling off (不发了) a whole post: each of its deliveries that has not left, by the act of one. What is out, or may be,
stays as it is, and is named."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuanfa.domain.act import Cancel
from xuanfa.domain.channel import base_of
from xuanfa.domain.delivery import UNSENT, Delivery, State
from xuanfa.domain.errors import StateError
from xuanfa.domain.language import say
from xuanfa.domain.person import Person
from xuanfa.domain.refusals import no_such_post
from xuanfa.domain.remedy import Remedy
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.desk import Desk
from xuanfa.operations.restricting.rule import require_may_read, veil_in
from xuanfa.store import deliveries, likeness, posts


@dataclass(frozen=True, slots=True, kw_only=True)
class ToCallOff:
    """Of one post: what waits and can be called off, and what is not touched."""

    going: Sequence[Delivery]
    staying: Sequence[Delivery]

    def in_words(self, desk: Desk, *, done: bool = False) -> str:
        """What becomes of it, for the person who asks; ``done``: what has become of it."""
        names = _channels(desk, self.going)
        said = (
            say("取消了 {n} 条：{channels}。", "{n} called off: {channels}.", n=len(self.going), channels=names)
            if done
            else say(
                "取消 {n} 条：{channels}。", "{n} to be called off: {channels}.", n=len(self.going), channels=names
            )
        )
        return said + (say("{left}，不动。", " {left}: left as it is.", left=self._left(desk)) if self.staying else "")

    def _left(self, desk: Desk) -> str:
        found: dict[str, list[Delivery]] = {}
        for each in self.staying:
            found.setdefault(str(_standing(each)), []).append(each)
        return say("；", "; ").join(f"{_channels(desk, some)}{how}" for how, some in found.items())

    def require_some(self, desk: Desk) -> None:
        """Raise StateError where there is nothing to call off; it says why."""
        if self.going:
            return
        if not self.staying:
            raise StateError(say("已经取消了，没有还要发的。", "It is called off already: nothing of it is to go out."))
        raise StateError(
            say(
                "没有可以取消的：{left}。发出去的要撤下，请用 {withdraw}；不知道发没发出去的，请用 {resolve}。",
                "There is nothing to call off: {left}. Take what is out down with {withdraw}; settle what is in doubt with {resolve}.",
                left=self._left(desk),
                withdraw=Remedy("withdraw"),
                resolve=Remedy("resolve"),
            )
        )


def to_call_off(desk: Desk, slug: str, person: Person) -> ToCallOff:
    """What calling off this post would do. Raises StateError where there is no such post, the person may not see it or may not decide that,
    or nothing of it waits."""
    with desk.store.read() as connection:
        require_may_read(veil_in(connection, person), slug)
        known = posts.by_slug(connection, slug)
        if known is None:
            raise no_such_post(slug, likeness.slugs(connection))
        every = [each for each in deliveries.of_post(connection, known.id) if each.state is not State.CANCELLED]
    going = [each for each in every if each.state in UNSENT and not each.may_be_public]
    found = ToCallOff(going=going, staying=[each for each in every if each not in going])
    found.require_some(desk)
    objection = desk.may(person, Cancel(delivery=going[0].id))
    if objection:
        raise StateError(objection)
    return found


def call_off(desk: Desk, slug: str, person: Person) -> str:
    """Do it, one delivery after the other, and say what became of the post. Raises StateError where nothing could be called off."""
    before = to_call_off(desk, slug, person)
    gone: list[Delivery] = []
    faults: list[str] = []
    for each in before.going:
        try:
            carry_out(desk, Cancel(delivery=each.id), person)
            gone.append(each)
        except StateError as error:  # it has left at this very moment: the others are called off all the same
            faults.append(say("{channel}：{why}", "{channel}: {why}", channel=_title(desk, each), why=error))
    if not gone:
        raise StateError(say("；", "; ").join(faults))
    done = ToCallOff(going=gone, staying=before.staying)
    return done.in_words(desk, done=True) + "".join(faults)


def _channels(desk: Desk, which: Sequence[Delivery]) -> str:
    return say("、", ", ").join(_title(desk, each) for each in which)


def _title(desk: Desk, delivery: Delivery) -> str:
    known = desk.channels.get(base_of(delivery.channel))
    return known.title if known is not None else delivery.channel


def _standing(delivery: Delivery) -> str:
    if delivery.may_be_public:
        return say("可能已经发出，正在重发", " may be out and is being repeated")
    return say("{state}", " is {state}", state=delivery.state.label)
