"""What is wrong with a rendition, for every kind of channel alike: one list of checks.

Whoever renders and whoever sends goes through the same list, so that what is sent is what was checked. A check that is added to ``CHECKS``
holds in both places.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from xuanfa.adapters.protocol import Adapter
from xuanfa.checks.addresses import check_addresses
from xuanfa.checks.limits import empty_body, too_long
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition, Unit


@dataclass(frozen=True, kw_only=True)
class Subject:
    """What a check looks at: a rendition, as it was made or with its late-bound marks filled in, and the adapter that it is for. In a
    ``rehearsal`` the addresses of practice platforms are right."""

    rendition: Rendition
    adapter: Adapter
    rehearsal: bool = False

    @cached_property
    def own(self) -> Sequence[Finding]:
        """What the kind itself finds."""
        return self.adapter.check(self.rendition)


#: A check: pure, without network or clock. What it raises is the adapter's or its own mistake, and stops the rendition.
Check = Callable[[Subject], Iterable[Finding]]


def checked(adapter: Adapter, rendition: Rendition, *, rehearsal: bool = False) -> tuple[Finding, ...]:
    """The findings of all checks, in the order of the list."""
    subject = Subject(rendition=rendition, adapter=adapter, rehearsal=rehearsal)
    return tuple(finding for check in CHECKS for finding in check(subject))


def _limits(subject: Subject) -> Iterable[Finding]:
    traits = subject.adapter.traits
    return check_limits(subject.rendition, title_max=traits.title_max, body_max=traits.body_max, unit=traits.unit)


def _own(subject: Subject) -> Iterable[Finding]:
    return subject.own


def _addresses(subject: Subject) -> Iterable[Finding]:
    """Every address inside it. One that the kind speaks of already is not told twice."""
    own_pages = subject.adapter.traits.own_pages
    for each in check_addresses(subject.rendition, own_pages=own_pages, rehearsal=subject.rehearsal):
        if not (each.about and any(each.about in one.message for one in subject.own)):
            yield each


#: In the order in which their findings are told.
CHECKS: tuple[Check, ...] = (_limits, _own, _addresses)


def check_limits(
    rendition: Rendition, *, title_max: int | None, body_max: int | None, unit: Unit
) -> tuple[Finding, ...]:
    """Empty parts and over-long ones. Limits are in ``unit``; ``None`` is no limit."""
    findings = (
        _empty_title(rendition.title),
        too_long(rendition.title, title_max, unit, code="title.too_long", place="title"),
        empty_body(rendition.body),
        too_long(rendition.body, body_max, unit, code="body.too_long", place="body"),
    )
    return tuple(finding for finding in findings if finding is not None)


def _empty_title(title: str) -> Finding | None:
    if title.strip():
        return None
    message = say("标题是空的，请在稿头写上 title。", "The title is empty: write one in the front matter.")
    return Finding(code="title.empty", message=message, place="title")
