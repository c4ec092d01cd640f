"""``[[silent]]``: dates in which nothing goes out by itself, as they may be written and as the domain knows them."""

from datetime import UTC, date, tzinfo
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from xuanfa.domain.silence import Silence, begin_of, end_of


def _written(value: Any) -> str:
    """A date or time as text, whether TOML's own or in quotation marks."""
    text = value.isoformat() if isinstance(value, date) else value
    try:
        begin_of(text, UTC)
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("moment", "no date or time") from error
    return str(text)


def _no_duplicates(names: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(names)) < len(names):
        raise PydanticCustomError("duplicates", "named twice")
    return names


def _comma_separated(value: Any) -> Any:
    return tuple(part.strip() for part in value.split(",")) if isinstance(value, str) else value


Moment = Annotated[str, BeforeValidator(_written)]
Ids = Annotated[tuple[str, ...], BeforeValidator(_comma_separated), AfterValidator(_no_duplicates)]


class SilentTable(BaseModel):
    """One period. It always has an end, and a reason that people read beside what was held."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    begins: Annotated[Moment, Field(alias="from")]
    until: Moment
    reason: Annotated[str, Field(min_length=1)]
    channels: Ids = ()
    columns: Ids = ()

    def silence(self, zone: tzinfo) -> Silence:
        """As the domain knows it. Raises ValueError, in words, for an hour that ``zone`` skips, or an end that is not after the beginning."""
        begins, ends = begin_of(self.begins, zone), end_of(self.until, zone)
        if ends <= begins:
            raise PydanticCustomError("ends_first", "ends before it begins")
        return Silence(
            begins=begins,
            ends=ends,
            reason=self.reason,
            channels=frozenset(self.channels),
            columns=frozenset(self.columns),
        )
