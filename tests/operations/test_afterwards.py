"""What became of a post once it was out is kept: its package and every backup hold withdrawals, corrections, and what was there before."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.operations.conftest import Whole
from tests.operations.test_correct import Changes
from tests.operations.test_papers import archive, members
from tests.support.decisions import approve_withdrawal, correct, withdraw
from tests.support.reviewed_office import POLICY, approve_all, by, staff, submit
from xuanfa.domain.errors import AlteredError
from xuanfa.domain.outcome import Retracted
from xuanfa.domain.page import Page
from xuanfa.operations.keeping.backup import backup
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.papers.check import check_package
from xuanfa.operations.withdrawing.carry_on import carry_on


class Both(Changes, Whole):
    """One that can change what is out, and take it back."""


@pytest.fixture
def office(bench: Any) -> Any:
    """A reviewed post that was published, corrected, and is taken down."""
    bench.channel("a", corrects=True, retracts=True)
    bench.bound = lambda channel: Both(bench.scripts[channel])
    bench._desk = bench.another(reviews=POLICY, pages=lambda _c, address: Page(200, f"<h1>{address}</h1>"))
    staff(bench.desk)
    bench.write("one", "三十人旁听。")
    bench.queue()
    submit(bench.desk)
    approve_all(bench.desk)
    bench.run()
    bench.clock.advance(hours=1)
    bench.write("one", "二十人旁听。")
    correct(bench.desk, "one", by("boss2", "人数写错了"))
    approve_all(bench.desk)
    carry_on(bench.desk)
    bench.scripts["a"].retract.append(Retracted(evidence="gone"))
    bench.clock.advance(hours=1)
    return bench


def taken_down(office: Any) -> str:
    snapshot = withdraw(office.desk, "one", by("boss", "当事人信息未隐去")).snapshot
    office.clock.advance(minutes=7)
    approve_withdrawal(office.desk, "one", by("boss2", "同意"))
    return snapshot


def test_a_package_holds_corrections_with_their_review_and_what_was_out_before(office: Any) -> None:
    archive(office, "a.zip")
    inside = members(office.folder / "a.zip")
    (made,) = json.loads(inside["corrections.json"])
    assert (made["state"], made["actor"], made["why"]) == ("done", "boss2", "人数写错了")
    first, second = json.loads(inside["reviews.json"])
    assert [(each["correction"], len(each["decisions"])) for each in (first, second)] == [(False, 4), (True, 4)]
    assert json.loads(inside["decisions.json"]) == second["decisions"]
    assert inside["renditions/a.txt"].decode().strip() == "二十人旁听。"
    (earlier,) = [data.decode().strip() for name, data in inside.items() if name.startswith("renditions/earlier/a-")]
    assert earlier == "三十人旁听。"
    assert [receipt["evidence"] for receipt in json.loads(inside["receipts.json"])] == ["changed"]
    assert json.loads(inside["withdrawals.json"]) == []
    assert check_package(office.desk, office.folder / "a.zip").troubles == ()


def test_a_package_holds_withdrawals_with_what_readers_could_see(office: Any) -> None:
    snapshot = taken_down(office)
    archive(office, "a.zip")
    inside = members(office.folder / "a.zip")
    (order,) = json.loads(inside["withdrawals.json"])
    assert (order["by"], order["why"], order["minutes"]) == ("boss", "当事人信息未隐去", 0.0)
    assert order["approved_by"] == "boss2"
    assert [(each["channel"], each["state"]) for each in order["channels"]] == [("a", "retracted")]
    assert (
        json.loads(inside[f"snapshots/{snapshot}.json"])["deliveries"][0]["rendition"]["body"].strip() == "二十人旁听。"
    )


def test_a_snapshot_that_was_altered_is_found_and_put_into_no_package(office: Any) -> None:
    file: Path = office.desk.withdrawn(taken_down(office))
    assert all(not check.trouble for check in verify(office.desk) if "撤稿前" in check.what)
    file.write_bytes(file.read_bytes() + b" ")
    assert [file.stem in check.trouble for check in verify(office.desk) if "撤稿前" in check.what] == [True]
    with pytest.raises(AlteredError, match="从备份取回"):
        archive(office, "a.zip")


def test_a_backup_holds_what_readers_could_see_and_says_where_it_is_gone(office: Any) -> None:
    snapshot = taken_down(office)
    done = backup(office.desk, office.folder / "b.zip")
    assert done.missing == ()
    assert f"workspace/var/withdrawn/{snapshot}.json" in members(office.folder / "b.zip")
    office.desk.withdrawn(snapshot).unlink()
    assert backup(replace(office.desk), office.folder / "c.zip").missing == (snapshot,)
