"""A folder of posts that is looked at several times."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.intake.queued import QueueReport

LATER = "2026-03-02 18:00"
BODY = "人民法庭把案件带到田间地头，当场调解，当场履行，群众纷纷点赞。" * 6


def states(bench: Any) -> list[State]:
    return [delivery.state for delivery in bench.all()]


def made_otherwise(bench: Any) -> QueueReport:
    """A look after a change of the template."""
    bench.scripts["web"].nasty += "改"
    return queue(bench.another(making=f"{bench.scripts['web'].nasty}"))


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel("web", account="site www.example.gov.cn public")
    return bench


@pytest.fixture
def now(office: Any) -> Any:
    """A workspace at the time that its files have, where a file is read when it has been still."""
    office.clock.now = datetime.now(UTC).replace(microsecond=0)
    return office


def saved(path: Path, office: Any, seconds_ago: float = 0) -> None:
    at = office.clock().timestamp() - seconds_ago
    os.utime(path, (at, at))


def still(office: Any) -> Any:
    return office.another(still=timedelta(seconds=5))


def to_fifo(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
