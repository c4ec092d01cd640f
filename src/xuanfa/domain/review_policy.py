"""The policy of reviews: what the settings say of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from xuanfa.domain.review import Level, Template
from xuanfa.domain.review_templates import SHIPPED
from xuanfa.domain.user import Role
from xuanfa.domain.working_hours import WorkingHours

#: In place of a template: no review.
NO_REVIEW: Final = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewPolicy:
    """``columns`` are the ids of columns with a word of their own, and what it is. The default asks for no review at all."""

    default: str = NO_REVIEW
    columns: Mapping[str, str] = field(default_factory=dict)
    level: Level = Level.STANDARD
    templates: Mapping[str, Template] = field(default_factory=lambda: SHIPPED)
    phone_confirm: timedelta = timedelta(hours=24)
    #: Within which an emergency has to have its review.
    emergency_review: timedelta = timedelta(hours=24)
    emergency_role: Role = Role.APPROVER
    #: After how long without a decision a review expires; nought: never.
    expire: timedelta = timedelta(days=30)
    #: Whether people are told that it is their turn.
    reminds: bool = True
    #: Whether a returned post goes on at the proofreading before.
    resumes_at_proof: bool = True
    hours: WorkingHours = field(default_factory=WorkingHours)
    #: Whether nobody is asked, whatever a post says: for a rehearsal, from which nothing leaves.
    is_waived: bool = False

    def template_for(self, column: str, kind: str) -> str:
        """The id of the template for a post of this column and kind (empty: of none); empty where it needs no review. No kind says that: a file
        cannot, and who has written it past the program is not heard."""
        chosen = ("" if kind == NO_REVIEW else kind) or self.columns.get(column) or self.default
        return "" if chosen == NO_REVIEW or self.is_waived else chosen

    @property
    def asks(self) -> bool:
        """Whether posts of any column need a review."""
        return not self.is_waived and any(each != NO_REVIEW for each in (self.default, *self.columns.values()))

    @property
    def names(self) -> Mapping[str, str]:
        """The templates for people, by id."""
        return {id_: template.name for id_, template in self.templates.items()}
