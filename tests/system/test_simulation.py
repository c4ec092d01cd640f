"""Some days of a small province, simulated: every zero is one, the same seed gives the same ledger, and what is not even is seen."""

from pathlib import Path
from random import Random

import pytest

from benchmarks.simulation.__main__ import main
from benchmarks.simulation.balance import Balance
from benchmarks.simulation.reviewers import FATES, Reviewers
from benchmarks.simulation.shard import BEGIN, Plan, simulate
from benchmarks.simulation.wire import PLATFORMS, Fault, Forgetful, Network
from xuanfa.bootstrap.rehearsal import HandClock

#: Far more faults than in the year, so that few days meet all of them.
PLAN = Plan(seed=2, courts=("c000", "c001", "c002"), days=8, fault_rate=0.2)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Balance:
    return simulate(PLAN, tmp_path_factory.mktemp("simulated") / "week")


def test_nothing_is_seen_twice_lost_or_pretended(week: Balance) -> None:
    assert week.wrong.total() == 0, week.wrong
    assert week.deliveries == 3 * 8 * 3 * 4
    assert set(week.states) <= {"published", "cancelled"}


def test_the_faults_were_there_and_were_settled(week: Balance) -> None:
    assert set(week.faults) >= {fault.value for fault in (Fault.SILENCE_AFTER, Fault.HALF_AFTER, Fault.THROTTLED)}
    assert week.kills > 0
    assert week.sent_again > 0
    assert week.doubts == week.by_person + week.by_evidence
    assert min(week.by_person, week.by_evidence) > 0


def test_evidence_removes_the_doubt_of_what_was_cut_in_the_middle(week: Balance) -> None:
    """Each cut of what makes a post public, and nothing else: what only looks or prepares is no doubt."""
    assert 0 < week.removed <= week.faults[Fault.CUT.value]


def test_reviews_had_every_fate_and_readers_saw_what_was_approved(week: Balance) -> None:
    assert set(week.reviews) == set(FATES)
    assert week.edits == week.reviews["returned"] + sum(week.reviews[each] for each in FATES if "edited" in each)
    assert week.decisions > 3 * 48
    assert week.wrong["seen and not approved"] == 0


def test_what_nobody_has_approved_as_it_is_would_be_seen() -> None:
    chance = Random(1)  # noqa: S311 - not a secret
    network = Network(chance, HandClock(BEGIN), 0.0)
    reviewers = Reviewers(network, chance, lambda _marks: None)
    network.shown |= {("cms", "c000-1-1", 1), ("cms", "c000-1-2", 2), ("cms", "c000-1-3", 1), ("cms", "c001-1-1", 1)}
    reviewers.book = {("c000-1-1", 1): {1, 2}, ("c000-1-2", 1): {1, 2}, ("c000-1-2", 2): {2}, ("c000-1-3", 1): {1, 2}}
    reviewers.edited_away = {("cms", "c000-1-3", 1)}
    assert reviewers.unapproved(lambda mark: mark.startswith("c000")) == ["c000-1-2 v2 on cms", "c000-1-3 v1 on cms"]


def test_the_same_seed_gives_the_same_ledger_and_another_one_another(week: Balance, tmp_path: Path) -> None:
    assert simulate(PLAN, tmp_path / "again") == week
    other = Plan(seed=6, courts=PLAN.courts, days=2, fault_rate=0.2)
    assert simulate(other, tmp_path / "other").digest != week.digest


def test_a_receiver_that_does_not_keep_its_promise_is_seen(tmp_path: Path) -> None:
    broken = Plan(seed=1, courts=("c000",), days=6, fault_rate=0.5, platforms=PLATFORMS | {"cms": Forgetful})
    assert simulate(broken, tmp_path / "broken").wrong["seen twice"] > 0


def test_the_command_prints_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--courts", "1", "--days", "1", "--seed", "7", "--processes", "1", "--folder", str(tmp_path)]
    assert main(arguments) == 0
    printed = capsys.readouterr().out
    assert "seed 7" in printed
    assert "must be 0: seen twice" in printed
    assert "doubts removed by evidence" in printed
    assert list(tmp_path.iterdir()) == []
