"""What is wrong with a rendition before anyone sees it, for every kind of channel alike."""

from xuanfa.checks.limits import Unit, empty_body, too_long
from xuanfa.domain.finding import Finding
from xuanfa.domain.language import say
from xuanfa.domain.rendition import Rendition


def check_rendition(
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
