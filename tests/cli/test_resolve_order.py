"""``resolve --absent``: what may still be sending a delivery is named first, whatever else is lacking."""

import os
import platform
from typing import Any

import pytest
import sqlalchemy as sa

from tests.cli.conftest import Run, WritePost
from xuanfa.operations.processes import own_process
from xuanfa.store.database import Store


def left_open(xuanfa: Run, *, node: str, process: str) -> None:
    """The first delivery in doubt, by an attempt that has no end of its own."""
    store = Store(f"sqlite:///{xuanfa.folder / 'var' / 'xuanfa.db'}")
    ended = (
        "UPDATE attempts SET outcome = 'lost', evidence = '', node = :node, process = :process "
        "WHERE delivery_id = 1 AND action = 'publish'"
    )
    with store.write() as connection:
        connection.execute(sa.text(ended), {"node": node, "process": process})
    store.close()


@pytest.fixture
def doubt(xuanfa: Run, write_post: WritePost, sink: Any) -> Run:
    sink.answers.append(0)
    write_post("one", more="channels: [cms]\n")
    xuanfa("publish")
    assert xuanfa("deliveries", "--json").json[0]["state"] == "unknown"
    return xuanfa


@pytest.mark.parametrize("why", [(), ("--why", "后台没有")])
@pytest.mark.parametrize("gone", [(), ("--node-is-gone",)])
def test_the_process_is_named_first(doubt: Run, why: tuple[str, ...], gone: tuple[str, ...]) -> None:
    left_open(doubt, node=f"{platform.node()}:{os.getpid()}:abcdef", process=own_process())
    ran = doubt("resolve", 1, "--absent", *gone, *why)
    assert (ran.code, ran.out) == (1, "")
    assert f"进程 {os.getpid()} 还在本机运行" in ran.err
    assert f"kill {os.getpid()}" in ran.err
    assert doubt("deliveries", "--json").json[0]["state"] == "unknown"


@pytest.mark.parametrize("process", ["another 4026532999/4026531834 1 77", ""])
def test_one_in_another_container_of_this_name_is_no_number_of_ours(doubt: Run, process: str) -> None:
    machine, boot, *_ = own_process().split(" ")
    whole = process and f"{machine} {boot} {process.removeprefix('another ')}"
    left_open(doubt, node=f"{platform.node()}:1:abcdef", process=whole)
    for why in ((), ("--why", "后台没有")):
        ran = doubt("resolve", 1, "--absent", *why)
        assert (ran.code, "另一容器里的进程" in ran.err, "kill" in ran.err) == (1, True, False)
        assert "--node-is-gone" in ran.err
    assert "另一容器里的进程" in doubt("deliveries", "--state", "unknown").out
    assert doubt("resolve", 1, "--absent", "--node-is-gone").code == 2
    assert doubt("resolve", 1, "--absent", "--node-is-gone", "--why", "容器已停").code == 0


def test_without_a_reason_it_is_wrong_use_once_nothing_sends_any_more(doubt: Run) -> None:
    ran = doubt("resolve", 1, "--absent")
    assert (ran.code, "请用 --why 写明依据" in ran.err) == (2, True)
