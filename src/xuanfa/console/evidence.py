"""What is known of a delivery that is or was out for real: its public page as it was seen, and how often it was read."""

from collections.abc import Sequence
from dataclasses import dataclass

from xuanfa.console.visit import Visit
from xuanfa.domain.comparing import Difference
from xuanfa.domain.language import say
from xuanfa.domain.page_proof import PageState
from xuanfa.domain.readers import Snapshot
from xuanfa.operations.proving.look import unfetched_words
from xuanfa.operations.proving.shown import differing
from xuanfa.reports.proofs import ProofReport, proof_of
from xuanfa.reports.readers import readers_of

_LOOKS = {
    PageState.SAME: "published",
    PageState.CHANGED: "failed",
    PageState.GONE: "failed",
    PageState.SIGN_IN: "failed",
    PageState.UNREACHED: "held",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """``why_none`` says why nothing was fetched, where that is so; ``snapshots`` are readers' figures, the newest first."""

    report: ProofReport
    differences: Sequence[Difference]
    why_none: str
    snapshots: Sequence[Snapshot]

    @property
    def is_accepted(self) -> bool:
        """Whether a person has taken what differs for right, as it is now."""
        it = self.report.it
        return bool(it.mark) and it.accepted == it.mark

    def look_of(self, state: PageState | None) -> str:
        """The class of a state, which names its picture."""
        return _LOOKS.get(state, "draft") if state is not None else "draft"


def evidence_of(visit: Visit, number: int) -> Evidence | None:
    """``None`` for what was never out for real."""
    desk = visit.desk
    report, readers = proof_of(desk.store, desk.media, number, visit.veil()), readers_of(desk.store, number)
    if report is None or readers is None or report.restricted:
        return None
    newest = report.newest
    is_wrong = newest is not None and newest.state is PageState.CHANGED
    fetched = any(each.origin == "fetched" and each.sha256 for each in report.proofs)
    return Evidence(
        report=report,
        differences=differing(desk, number, report.text) if is_wrong else (),
        why_none="" if fetched else unfetched_words(desk, report.it) or say("还没有去看过公开页", "not looked at yet"),
        snapshots=readers[1][::-1],
    )
