"""What all visits share in one process: templates, statics, the access log, how often somebody may ask."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xuanfa.console.drawn import Drawn
from xuanfa.console.fetching import Fetches
from xuanfa.console.guard.access_log import AccessLog
from xuanfa.console.guard.limits import Rate
from xuanfa.console.render import Pages
from xuanfa.console.statics import Statics
from xuanfa.domain.user import Role
from xuanfa.operations.desk import Desk


@dataclass(frozen=True, kw_only=True)
class House:
    """Made once for an application."""

    #: As it was when the console began.
    opened: Desk
    statics: Statics
    pages: Pages
    log: AccessLog
    #: The pages there are, by their path, and who may see them: nothing leads anywhere else.
    open_to: Mapping[str, frozenset[Role] | None]
    #: How many reviews wait for somebody, by login name, and of when that is.
    counted: dict[str, tuple[object, int]] = field(default_factory=dict)
    #: What is read of other sites for the ledger, by who reads it.
    fetches: Fetches = field(default_factory=Fetches)
    drawn: Drawn = field(default_factory=Drawn)
    #: Tries to sign in, by address.
    doors: Rate = field(default_factory=lambda: Rate(10, 60))
    #: Passwords and digits that are asked for again, by person.
    again: Rate = field(default_factory=lambda: Rate(10, 60))
    #: What programs ask for, by person; and tokens that were none, by address.
    programs: Rate = field(default_factory=lambda: Rate(1200, 60))
    wrong_tokens: Rate = field(default_factory=lambda: Rate(20, 60))

    @property
    def desk(self) -> Desk:
        """The desk by the settings as they are now."""
        return self.opened.newest()


def make_house(desk: Desk, open_to: Mapping[str, frozenset[Role] | None]) -> House:
    """For one desk."""
    statics = Statics()
    return House(opened=desk, statics=statics, pages=Pages(statics), log=AccessLog(desk), open_to=open_to)
