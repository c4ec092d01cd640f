"""``[review]``: whether posts need a review, by which steps, and how strictly duties are parted."""

from datetime import date, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from xuanfa.domain.review import Level, Step, StepKind, Template
from xuanfa.domain.review_policy import ReviewPolicy
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.user import Role
from xuanfa.domain.working_hours import WorkingHours, spans_of


def _one_or_many(value: Any) -> Any:
    return (value,) if isinstance(value, str) else value


def _spans(text: str) -> str:
    try:
        spans_of(text)
    except ValueError as error:
        raise PydanticCustomError("working_hours", "no spans of a day") from error
    return text


def _days(days: Any) -> Any:
    """Dates as text, whether TOML's own or in quotation marks."""
    try:
        return tuple(day.isoformat() if isinstance(day, date) else date.fromisoformat(day).isoformat() for day in days)
    except (TypeError, ValueError) as error:
        raise PydanticCustomError("days", "no dates") from error


def _named_once(steps: "tuple[StepTable, ...]") -> "tuple[StepTable, ...]":
    if len({step.name for step in steps}) < len(steps):
        raise PydanticCustomError("steps_twice", "two steps of one name")
    return steps


def _chosen(words: dict[str, str]) -> BeforeValidator:
    """One of these, also by its other name; pydantic says the rest."""
    return BeforeValidator(lambda value: words.get(value, value) if isinstance(value, str) else value)


Days = Annotated[tuple[str, ...], BeforeValidator(_days)]
_KINDS = {"review": "审", "proof": "校", "proofreading": "校", "secrecy": "保密", "保密审查": "保密"}


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class StepTable(_Table):
    """``[[review.templates.ID.steps]]``."""

    name: Annotated[str, Field(min_length=1, max_length=40)]
    kind: Annotated[StepKind, _chosen(_KINDS)]
    role: Role
    checks: Annotated[
        tuple[Annotated[str, Field(min_length=1, max_length=40)], ...], BeforeValidator(_one_or_many)
    ] = ()
    hours: Annotated[int, Field(ge=0, le=1_000)] = 0
    may_edit: bool = False

    @property
    def step(self) -> Step:
        """As the domain knows it."""
        return Step(**dict(self))


class TemplateTable(_Table):
    """``[review.templates.ID]``."""

    name: str = ""
    steps: Annotated[tuple[StepTable, ...], Field(min_length=1, max_length=20), AfterValidator(_named_once)]


class ReviewTable(_Table):
    """``[review]``."""

    default: str = "none"
    level: Level = Level.STANDARD
    phone_confirm_hours: Annotated[int, Field(ge=0, le=720)] = 24
    emergency_role: Role = Role.APPROVER
    emergency_review_hours: Annotated[int, Field(ge=1, le=720)] = 24
    expire_days: Annotated[int, Field(ge=0, le=3_650)] = 30
    remind: bool = True
    resume_at_proof: bool = True
    working_hours: Annotated[str, AfterValidator(_spans)] = "08:30-12:00 14:00-18:00"
    days_off: Days = ()
    days_worked: Days = ()
    templates: dict[Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")], TemplateTable] = {}

    @property
    def all_templates(self) -> dict[str, Template]:
        """The shipped ones, and the office's own, which may take their places."""
        return SHIPPED | {
            id_: Template(
                id=id_,
                name=table.name or (SHIPPED[id_].name if id_ in SHIPPED else id_),
                steps=tuple(each.step for each in table.steps),
            )
            for id_, table in self.templates.items()
        }

    def policy(self, columns: dict[str, str]) -> ReviewPolicy:
        """As the domain knows it; ``columns`` are those with a template of their own."""
        return ReviewPolicy(
            default=self.default,
            columns=columns,
            level=self.level,
            templates=self.all_templates,
            phone_confirm=timedelta(hours=self.phone_confirm_hours),
            emergency_role=self.emergency_role,
            emergency_review=timedelta(hours=self.emergency_review_hours),
            expire=timedelta(days=self.expire_days),
            reminds=self.remind,
            resumes_at_proof=self.resume_at_proof,
            hours=WorkingHours(
                spans=spans_of(self.working_hours),
                days_off=frozenset(map(date.fromisoformat, self.days_off)),
                days_worked=frozenset(map(date.fromisoformat, self.days_worked)),
            ),
        )
