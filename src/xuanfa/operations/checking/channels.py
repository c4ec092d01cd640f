"""What channels themselves find in their renditions and in passages that are meant for them, as findings of the class ``channel``."""

from collections.abc import Iterable, Iterator

from xuanfa.adapters.protocol import Traits
from xuanfa.checks.limits import too_long
from xuanfa.checks.rules.channel import OF_CHECK
from xuanfa.checks.rules.table import shipped
from xuanfa.domain.checking import Found
from xuanfa.domain.finding import Finding

_RULE = "channel.limit"


def of_rendition(findings: Iterable[Finding], text: str) -> Iterator[Found]:
    """The findings of a channel's own checks; those that speak of a piece of the ``text`` stand where it stands."""
    for finding in findings:
        start = max(0, text.find(finding.about)) if finding.about else 0
        piece = finding.about if finding.about and text.startswith(finding.about, start) else ""
        yield _found(finding, text, start, start + len(piece))


def of_passage(text: str, traits: Traits, *, part: str) -> Iterator[Found]:
    """Where a passage is longer than the kind of channel takes in that part, in the kind's own unit: what is too much."""
    limit = {"title": traits.title_max, "body": traits.body_max}.get(part)
    finding = too_long(text, limit, traits.unit, code=f"{part}.too_long", place=part)
    if finding is None or limit is None:
        return
    start = (
        limit if traits.unit == "characters" else len(text.encode("utf-8", "replace")[:limit].decode("utf-8", "ignore"))
    )
    yield _found(finding, text, start, len(text))


def _found(finding: Finding, text: str, start: int, end: int) -> Found:
    rule = shipped()[_RULE]
    return Found(
        rule=_RULE,
        kind=rule.kind,
        level=OF_CHECK[finding.severity.value],
        start=start,
        end=end,
        line=text.count("\n", 0, start) + 1,
        column=start - (text.rfind("\n", 0, start) + 1) + 1,
        text=text[start:end],
        message=finding.message,
        suggestion="",
        basis=rule.basis,
    )
