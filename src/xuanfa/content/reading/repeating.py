"""What the front matter says of repeating: the rule, and what stands in its way."""

from datetime import date, datetime, tzinfo

from xuanfa.content.reading.fields import Fields
from xuanfa.content.reading.report import Report
from xuanfa.content.reading.slugs import SLUG_BYTES, SLUG_MAX
from xuanfa.domain.language import say
from xuanfa.domain.post import Due
from xuanfa.domain.recurring import Every, OnHoliday, Repeat, slug_of
from xuanfa.domain.times import TimeProblem, parse_day


def repeat_of(
    report: Report, fields: Fields, publish_at: datetime | Due | None, slug: str, zone: tzinfo
) -> Repeat | None:
    """The rule by which a post recurs; ``None`` for most. What is wrong is told to ``report``."""
    until = _until(report, fields)
    if fields.repeat is None:
        _require_rule(report, fields)
        return None
    if fields.shelf:
        report.add(
            say(
                "保底稿（shelf）不能重复发布（repeat）。请删去其中一项。",
                "A post on the shelf (`shelf`) does not recur (`repeat`). Remove one of them.",
            ),
            "repeat",
        )
    elif not isinstance(publish_at, datetime):
        report.add(
            say(
                "重复发布（repeat）要写第一期的日期和钟点，如 publish_at: 2026-12-07 09:00。",
                "A post that recurs (`repeat`) names the day and time of its first turn, as in publish_at: 2026-12-07 09:00.",
            ),
            "publish_at" if fields.publish_at.strip() else "repeat",
        )
    elif until is not None and until < publish_at.astimezone(zone).date():
        report.add(
            say(
                "重复到 {until} 为止，早于第一期 {first}，一期也没有。请改正其中一个。",
                "It recurs until {until}, which is before its first turn ({first}), so that there is none. Change one of them.",
                until=until.isoformat(),
                first=publish_at.astimezone(zone).date().isoformat(),
            ),
            "repeat_until",
        )
    name = slug_of(slug, date(2000, 1, 1))
    if len(name) > SLUG_MAX or len(name.encode()) > SLUG_BYTES:
        report.add(
            say(
                "各期的编号是“稿件编号-年月日”，稿件编号 {slug} 太长，放不下。请写一个短些的 slug。",
                "Each occurrence is called by the slug and its day, and the slug {slug!r} leaves no room for that. Give it a shorter one.",
                slug=slug,
            ),
            "slug",
        )
    if fields.repeat is Every.LAST_WORKDAY and fields.on_holiday is not None:
        report.tell(
            report.matter.line(("on_holiday",)),
            say(
                "每月最后一个工作日（last-workday）不会落在休息日，on_holiday 不起作用。",
                "The last working day of a month is no day off, so that on_holiday changes nothing.",
            ),
        )
    return Repeat(every=fields.repeat, until=until, on_holiday=fields.on_holiday or OnHoliday.KEEP)


def _require_rule(report: Report, fields: Fields) -> None:
    """What only a rule gives a meaning to."""
    for key in ("repeat_until", "on_holiday"):
        if getattr(fields, key):
            report.tell(
                report.matter.line((key,)),
                say("没有写 repeat，{key} 不起作用。", "There is no `repeat`, so that {key} changes nothing.", key=key),
            )


def _until(report: Report, fields: Fields) -> date | None:
    if not fields.repeat_until.strip():
        return None
    try:
        return parse_day(fields.repeat_until)
    except TimeProblem as problem:
        report.add(str(problem), "repeat_until")
        return None
