"""Whatever a channel says of a restricted post, and however it ends: alarms, the log, the pause of a channel and ``doctor`` hold no word of it."""

import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.operations.test_restricted import SECRET, causes, office, restrict, shown
from tests.support.reviewed_office import by
from xuanfa.domain.finding import Finding
from xuanfa.domain.outcome import Accepted, Blame, Deferred, Outcome, Rejected, Unknown, Unsent
from xuanfa.events import log_change
from xuanfa.operations.restricting.rule import is_restricted
from xuanfa.operations.watching.examine import examine

__all__ = ["office"]
SAID = (Finding(code="x", message=f"不收{SECRET}", about=SECRET),)


@pytest.mark.parametrize(
    "outcome",
    [
        Rejected(findings=SAID, blame=Blame.CONTENT),
        Rejected(findings=SAID, blame=Blame.CHANNEL),
        Unknown(evidence=f"对方说{SECRET}"),
        Unsent(evidence=f"对方说{SECRET}"),
        Deferred(after=timedelta(minutes=5), reason=f"稍后再发{SECRET}"),
        Accepted(ticket=SECRET),
        RuntimeError(SECRET),
    ],
    ids=lambda it: f"{type(it).__name__} {getattr(it, 'blame', '')}".strip(),
)
def test_nothing_that_a_channel_says_of_it_goes_to_everybody(
    office: Any, outcome: Outcome | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    closed = office.desk
    office._desk = replace(
        closed, emit=lambda it: log_change(it, is_restricted=lambda post: is_restricted(closed, post))
    )
    office.scripts["a"].publish += [outcome] * 9
    office.scripts["a"].confirm += [Rejected(findings=SAID, blame=Blame.CONTENT)] * 9
    restrict(office)
    with caplog.at_level(logging.INFO):
        for _ in range(6):
            office.run()
            office.clock.advance(minutes=40)
    told = repr(causes(office)) + caplog.text
    assert SECRET not in told
    assert SECRET not in repr(list(examine(office.desk)))
    assert SECRET not in shown(office, by("ed")) + shown(office, None)
