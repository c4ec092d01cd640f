"""What the front matter says of times and of channels."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo

from xuanfa.content.reading.fields import Fields, OverrideFields, nearest
from xuanfa.content.reading.report import Report
from xuanfa.content.text.bounds import TITLE_MAX, WRITTEN_SUMMARY_MAX
from xuanfa.domain.column import Column
from xuanfa.domain.language import say
from xuanfa.domain.post import Due, Override
from xuanfa.domain.times import TimeProblem, parse_day, parse_due, parse_time


class Reach:
    """When and where a post goes; what is wrong with either is told to ``report``."""

    def __init__(self, report: Report, zone: tzinfo, columns: Mapping[str, Column]) -> None:
        self._report = report
        self.zone = zone
        self._columns = columns

    def times(self, fields: Fields) -> tuple[datetime | Due | None, datetime | None]:
        """When the post is to be published, and from when on no longer."""
        publish_at = self._due(fields.publish_at, "publish_at")
        expires_at = self._moment(fields.expires_at, "expires_at")
        self._require_later(expires_at, publish_at, "expires_at")
        return publish_at, expires_at

    def ending(self, fields: Fields, publish_at: datetime | Due | None) -> tuple[datetime | None, date | None]:
        """When the post is taken down again, and the day on which its department is asked whether it still holds."""
        retract_at, review_on = self._moment(fields.retract_at, "retract_at"), self._day(fields.review_on)
        if retract_at is not None and isinstance(publish_at, datetime) and retract_at <= publish_at:
            self._report.add(
                say(
                    "撤下时间（retract_at）不晚于发布时间（publish_at），一发就要撤。请改正其中一个。",
                    "retract_at is not later than publish_at, so the post would be taken down at once. Change one of them.",
                ),
                "retract_at",
            )
        return retract_at, review_on

    def require_no_time(self, fields: Fields) -> None:
        """What lies on the shelf has no time: whoever releases it says when."""
        named: list[tuple[str, ...]] = [("publish_at",)] if fields.publish_at.strip() else []
        named += [
            ("channels", channel, "publish_at")
            for channel, override in (fields.channels or {}).items()
            if (override.publish_at or "").strip()
        ]
        for keys in named if fields.shelf else ():
            self._report.add(
                say(
                    "保底稿（shelf）不写发布时间，要发的时候由人放行。请删去 publish_at；要按时间发就删去 shelf。",
                    "A post on the shelf (`shelf`) has no time: a person releases it. Remove publish_at, or remove shelf to have it published then.",
                ),
                *keys,
            )

    def _moment(self, text: str, key: str) -> datetime | None:
        if not text.strip():
            return None
        try:
            return parse_time(text, self.zone)
        except TimeProblem as problem:
            self._report.add(str(problem), key)
            return None

    def _day(self, text: str) -> date | None:
        if not text.strip():
            return None
        try:
            return parse_day(text)
        except TimeProblem as problem:
            self._report.add(str(problem), "review_on")
            return None

    def channels(
        self, fields: Fields, column: Column | None, expires_at: datetime | None
    ) -> Mapping[str, Override] | None:
        """The channels with what they get instead; ``None`` is all of the column's."""
        if fields.channels is None:
            return None
        if not fields.channels:
            self._report.add(
                say(
                    "channels 是空的，稿件没有地方可发。请写上渠道，或删去这一项（发往专栏的全部渠道）。",
                    "`channels` is empty, so the post goes nowhere. "
                    "Name channels, or remove the key for all of the column's.",
                ),
                "channels",
            )
        for index, name in enumerate(fields.channels):
            if column is not None and name not in column.channels:
                self._report.at(self._line(name, index), self._not_here(name, column))
        return {name: self._override(name, override, expires_at) for name, override in fields.channels.items()}

    def _line(self, name: str, index: int) -> int:
        matter = self._report.matter
        listed = isinstance(matter.data.get("channels"), list)
        return matter.line(("channels", index if listed else name))

    def _not_here(self, name: str, column: Column) -> str:
        """The channel is unknown, or known and another column's."""
        known = say("、", ", ").join(column.channels)
        if any(name in other.channels for other in self._columns.values()):
            return say(
                "渠道“{name}”不属于专栏“{column}”。可选：{known}。",
                "The channel {name!r} does not belong to the column {column!r}. Possible: {known}.",
                name=name,
                column=column.title,
                known=known,
            )
        guess = nearest(name, column.channels)
        return say(
            "专栏 {column} 没有渠道“{name}”。{hint}可选：{known}。",
            "The column {column!r} has no channel {name!r}. {hint}Possible: {known}.",
            column=column.id,
            name=name,
            hint=say("是不是想写 {guess}？", "Did you mean {guess}? ", guess=guess) if guess else "",
            known=known,
        )

    def _override(self, channel: str, fields: OverrideFields, expires_at: datetime | None) -> Override:
        keys = ("channels", channel)
        publish_at = self._due(fields.publish_at or "", *keys, "publish_at")
        self._require_later(expires_at, publish_at, *keys, "publish_at")
        require_short(self._report, fields.summary or "", WRITTEN_SUMMARY_MAX, *keys, "summary")
        return Override(
            title=None if fields.title is None else require_title(self._report, fields.title, *keys, "title"),
            summary=None if fields.summary is None else one_line(fields.summary),
            text=None if fields.text is None else fields.text.strip("\n"),
            publish_at=publish_at,
        )

    def _due(self, text: str, *keys: str) -> datetime | Due | None:
        if not text.strip():
            return None
        try:
            return parse_due(text, self.zone)
        except TimeProblem as problem:
            self._report.add(str(problem), *keys)
            return None

    def _require_later(self, expires_at: datetime | None, publish_at: datetime | Due | None, *keys: str) -> None:
        if isinstance(publish_at, datetime) and expires_at is not None and expires_at <= publish_at:
            self._report.add(
                say(
                    "失效时间（expires_at）不晚于发布时间（publish_at），这样永远发不出去。请改正其中一个。",
                    "expires_at is not later than publish_at, so the post could never be published. Change one of them.",
                ),
                *keys,
            )


def require_title(report: Report, title: str, *keys: str) -> str:
    """The title in one line; an empty one, a broken one and one too long are problems."""
    if not title.strip():
        report.add(say("没有标题。请写上标题（title）。", "There is no title. Write `title`."), *keys)
    elif "\n" in title.strip():
        report.add(say("标题只能有一行。请去掉换行。", "A title has one line. Remove the line break."), *keys)
    require_short(report, title.strip(), TITLE_MAX, *keys)
    return title.strip()


def require_short(report: Report, text: str, most: int, *keys: str) -> None:
    """A problem where the value at ``keys`` is longer than ``most`` characters."""
    if len(text) > most:
        message = say(
            "“{key}”有 {n} 个字，最多 {most} 个。请缩短。",
            "{key!r} has {n} characters, {most} at most. Shorten it.",
            key=keys[-1],
            n=len(text),
            most=most,
        )
        report.add(message, *keys)


def one_line(text: str) -> str:
    """The text with every run of spaces and line breaks as one space."""
    return " ".join(text.split())
