"""Telling what reading the inbox found, in the log of a process that stays: each thing once, for as long as it lasts."""

import logging

from xuanfa.domain.said import kept
from xuanfa.operations.intake.queued import QueueReport

log = logging.getLogger(__name__)


class Telling:
    """Remembers what the last reading of the inbox has told."""

    def __init__(self) -> None:
        self._told: frozenset[str] = frozenset()

    def tell(self, report: QueueReport) -> None:
        """Log what the last reading did not have; what is gone since is told again when it comes back."""
        for problem in report.problems:
            if kept(problem) not in self._told:
                log.error("%s", problem)
        for notice in report.notices:
            if kept(notice) not in self._told:
                log.warning("%s", notice)
        self._told = frozenset(map(kept, (*report.problems, *report.notices)))
