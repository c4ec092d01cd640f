"""``[scoring.ID]``: a level at which posts are taken up, and what a post gets for it. Without one nothing is scored."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from xuanfa.domain.scoring import Level
from xuanfa.settings.silent import Ids


class ScoringTable(BaseModel):
    """A level."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    title: Annotated[str, Field(min_length=1)]
    points: Annotated[int, Field(ge=0, le=1_000_000)]
    channels: Annotated[Ids, Field(min_length=1)]

    def level(self, id_: str) -> Level:
        """As the domain knows it."""
        return Level(id=id_, title=self.title, points=self.points, channels=self.channels)
