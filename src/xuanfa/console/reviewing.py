"""One post before whoever reviews it: its chain of steps, what is to leave, what this person has seen of it, and the next right thing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from xuanfa.console.open_to import require_open
from xuanfa.console.visit import Visit
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.review import Deed, ReviewState, StepKind
from xuanfa.domain.review_record import ReviewRecord, StepRecord
from xuanfa.operations.restricting.rule import require_may_read
from xuanfa.operations.reviewing.reading import Reading, readings
from xuanfa.operations.reviewing.seen import seen_by
from xuanfa.operations.writing.places import may_correct, place_of
from xuanfa.reports.findings import NotedFindings, noted_findings
from xuanfa.reports.people import list_users
from xuanfa.reports.review_queue import Moved
from xuanfa.reports.reviews import Seen, Waiting, review_record, seen_before, waiting_reviews

#: The one face of a rendition that there is a mark for: the page itself.
FACE: Final = "page"
#: How much of a digest stands in the sheet before the last step. Characters.
_DIGEST_SHOWN: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """What one channel is to get, and whether its end was on this person's screen."""

    reading: Reading
    kind: str
    seen: bool

    @property
    def late_bound(self) -> tuple[str, ...]:
        """What is filled in when it leaves, each once: how a time is written is of no concern here."""
        return tuple(dict.fromkeys(words.partition("（")[0].partition(" (")[0] for words in self.reading.late_bound))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """Everything that the page of a post shows to one person."""

    slug: str
    title: str
    record: ReviewRecord
    leaves: tuple[Leaf, ...]
    changed: Seen
    found: NotedFindings
    waiting: Waiting | None
    #: Whether the open step is this person's to decide.
    mine: bool
    authors: Sequence[str]
    #: Printed names by login name.
    people: Mapping[str, str]
    template_name: str
    #: Whether this person may correct the post at the open step.
    may_edit: bool = False

    @property
    def state_words(self) -> str:
        """Where it stands."""
        return ReviewState(self.record.state).label

    @property
    def checks(self) -> tuple[Finding, ...]:
        """What the channels themselves have to say of it, each once."""
        every = (finding for leaf in self.leaves for finding in leaf.reading.findings)
        rules = {each.note.rule for each in self.found.noted}
        return tuple({each.message: each for each in every if each.code not in rules}.values())

    def shown(self, name: str) -> str:
        """A person, as printed."""
        return self.people.get(name, name)

    @property
    def open_step(self) -> StepRecord | None:
        """The step that is asked now."""
        return next((step for step in self.record.steps if step.state == "open"), None)

    @property
    def is_last(self) -> bool:
        """Whether the open step is the one after which it leaves."""
        open_ = self.open_step
        return open_ is not None and open_.number == len(self.record.steps)

    @property
    def next_step(self) -> StepRecord | None:
        """The one after the open one."""
        open_ = self.open_step
        return None if open_ is None or self.is_last else self.record.steps[open_.number]

    @property
    def is_proof(self) -> bool:
        """Whether it is proofreading, which shows what has changed; every other step shows all that leaves."""
        open_ = self.open_step
        return open_ is not None and open_.kind == StepKind.PROOF.value

    @property
    def unseen(self) -> tuple[Leaf, ...]:
        """What this person has still to look at before the step can be decided."""
        return () if self.is_proof else tuple(leaf for leaf in self.leaves if not leaf.seen)

    @property
    def due_at(self) -> datetime | None:
        """When the first channel gets it; nothing of what is for the shelf."""
        return min((leaf.reading.due_at for leaf in self.leaves if leaf.reading.due_at is not None), default=None)

    @property
    def is_for_shelf(self) -> bool:
        """Whether it lies on the shelf, so that whoever releases it says when it goes out."""
        return bool(self.leaves) and self.due_at is None

    @property
    def digests(self) -> tuple[str, ...]:
        """What a decision is about."""
        return (self.record.digest, *dict.fromkeys(leaf.reading.digest for leaf in self.leaves))

    @property
    def short(self) -> str:
        """What people read of the digest: a3f9 71c2."""
        head = self.record.digest[:_DIGEST_SHOWN]
        return f"{head[:4]} {head[4:]}"

    @property
    def names(self) -> str:
        """The channels, for people."""
        return say("、", ", ").join(leaf.reading.shown for leaf in self.leaves)

    def leaf(self, channel: str) -> Leaf | None:
        """The one that is asked for, else the first that was not seen, else the first."""
        wanted = next((leaf for leaf in self.leaves if leaf.reading.channel == channel), None)
        return wanted or next((leaf for leaf in self.leaves if not leaf.seen), None) or next(iter(self.leaves), None)


def sight_of(visit: Visit, slug: str) -> Sight:
    """What this person sees of a post. Raises StateError where there is none, or it is hidden."""
    desk, me = visit.desk, visit.me.user.name
    record = review_record(desk.store, desk.reviews, desk.known_post(slug))
    if record is None:
        raise StateError(say("没有这篇稿件。", "There is no such post."))
    veil = visit.veil()
    require_may_read(veil, slug)
    require_open(visit, slug)
    every = [
        each for each in readings(desk, slug) if not record.renditions or each.digest in record.renditions.values()
    ]
    marks = seen_by(desk, me, [each.digest for each in every])
    waiting = waiting_reviews(desk.store, desk.reviews, desk.zone, visit.now, veil=veil)
    turn = next((each for each in waiting if each.post == slug), None)
    return Sight(
        slug=slug,
        title=title_of(every, slug, turn),
        record=record,
        leaves=tuple(
            Leaf(reading=each, kind=_kind(visit, each.channel), seen=(each.digest, FACE) in marks) for each in every
        ),
        changed=seen_before(desk.store, slug, me),
        found=noted_findings(desk.store, slug, [each.digest for each in every]),
        waiting=turn,
        mine=turn is not None and me in turn.who,
        authors=record.author_shown,
        people={user.name: user.display for user in list_users(desk.store)},
        template_name=_template_name(visit, record),
        may_edit=turn is not None and me in turn.who and _may_edit(visit, slug),
    )


def _may_edit(visit: Visit, slug: str) -> bool:
    """Whether the open step allows it, and the post is no Word file."""
    place = place_of(visit.desk, slug)
    return not place.is_document and may_correct(visit.desk, place, visit.person())


def title_of(every: Sequence[Reading], slug: str, turn: Waiting | None) -> str:
    """The title of a post as it is to be read."""
    return turn.title if turn else next((each.title for each in every if each.title), slug)


def _template_name(visit: Visit, record: ReviewRecord) -> str:
    known = visit.desk.reviews.templates.get(record.template)
    return known.name if known else record.template


def _kind(visit: Visit, channel: str) -> str:
    known = visit.desk.channels.get(channel)
    return known.kind if known else ""


#: What each gate of the shipped templates is about.
_GATES: Final = {
    "政治关": ("提法、称谓、排序准确", "wording, titles and order of names are right"),
    "法律关": ("法律用语、案件阶段、程序没有错", "legal terms, stage of the case and procedure are right"),
    "保密关": ("没有案内信息、个人信息和内部信息", "nothing from the file, personal or internal"),
    "文字关": ("标题、数字、图注、标点没有错", "title, figures, captions and punctuation are right"),
    "事实关": ("时间、地点、人物、数字都核实过", "times, places, people and figures were verified"),
}
_NUMBERS: Final = "零一两三四五六七八九十"
_CLASSES: Final = {Level.VETO: "veto", Level.SEVERE: "grave", Level.MINOR: "plain", Level.HINT: "hint"}


def gate_words(gate: str) -> str:
    """What a gate is about; empty for an office's own."""
    words = _GATES.get(gate)
    return say(*words) if words else ""


def gate_count(number: int) -> str:
    """四道关."""
    return say(f"{_NUMBERS[number] if number < len(_NUMBERS) else number}道关", f"{number} gates")


def level_class(level: Level) -> str:
    """How the level of a finding looks."""
    return _CLASSES[level]


def moved_words(moved: Moved) -> str:
    """What the newest line of a review tells, where it gives no reason."""
    words = {
        Deed.SUBMITTED: say("重新提交了这篇", "submitted it again"),
        Deed.APPROVED: say("通过了一步", "approved a step"),
        Deed.RETURNED: say("退回了这篇", "sent it back"),
        Deed.CONFIRMED: say("确认了电话同意", "confirmed a consent by telephone"),
        Deed.EMERGENCY: say("先发后审", "let it go before its review"),
        Deed.RECALLED: say("收回了签发", "took the approval back"),
        Deed.CHANGED: say("成稿改了", "what leaves has changed"),
        Deed.MOVED: say("时间改了", "the time has changed"),
        Deed.EXPIRED: say("审核过期了", "the review has expired"),
    }
    return words[moved.deed]
