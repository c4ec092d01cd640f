"""``[freshness]``: after how long without a post an account or a column is told of, and when it has been still for too long."""

import re
from collections.abc import Mapping
from datetime import time
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from xuanfa.domain.column import holds_notices
from xuanfa.domain.freshness import Cycle, Limits, Watched, parse_cycle
from xuanfa.settings.silent import Ids


def _written(value: Any) -> Any:
    """A number alone is days."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _cycle(text: str) -> str:
    try:
        if text:
            parse_cycle(text)
    except ValueError as error:
        raise PydanticCustomError("cycle", "no cycle") from error
    return text


def _clock(value: Any) -> Any:
    """A time of day as text, whether TOML's own or in quotation marks."""
    text = value.isoformat("minutes") if isinstance(value, time) else value
    if not isinstance(text, str) or (text and not re.fullmatch(r"([01]?\d|2[0-3])[:：][0-5]\d", text)):
        raise PydanticCustomError("clock", "no time of day")
    return text.replace("：", ":")


WrittenCycle = Annotated[str, BeforeValidator(_written), AfterValidator(_cycle)]
Clock = Annotated[str, BeforeValidator(_clock)]


def clock_of(text: str) -> time | None:
    """The time of day that is written there; ``None`` for none."""
    if not text:
        return None
    hour, minute = map(int, text.split(":"))
    return time(hour, minute)


class FreshnessTable(BaseModel):
    """The thresholds of accounts in days; how long notices may be still; which channels are accounts that are looked at."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    amber_days: Annotated[int, Field(ge=1, le=3_650)] = 7
    red_days: Annotated[int, Field(ge=1, le=3_650)] = 11
    stale_days: Annotated[int, Field(ge=1, le=3_650)] = 14
    notices_cycle: Annotated[WrittenCycle, Field(min_length=1)] = "6 months"
    channels: Ids = ()

    @property
    def is_in_order(self) -> bool:
        """Whether an account becomes amber, then red, then stale."""
        return self.amber_days < self.red_days < self.stale_days

    def watched(self, days: int, columns: Mapping[str, tuple[str, str, str]]) -> Watched:
        """As the domain knows it. ``days``: how long columns of news may be still, 0: as accounts; ``columns``: title, form and own cycle by id."""
        news = Cycle(days=days or self.stale_days)
        notices = parse_cycle(self.notices_cycle)
        return Watched(
            limits=Limits(amber=self.amber_days, red=self.red_days, stale=self.stale_days),
            cycle=news,
            cycles={
                name: parse_cycle(own) if own else notices if holds_notices(form, title) else news
                for name, (title, form, own) in columns.items()
            },
            channels=self.channels,
        )
