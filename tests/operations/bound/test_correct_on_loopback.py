"""A correction through real adapters and real sockets: the website's page, the post of WordPress and the webhook's receiver have the corrected
text, and nothing is there twice. What people do by hand is numbered for every kind."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.operations.bound.conftest import WEBHOOK, WORDPRESS, Office
from tests.support.decisions import ANNA, correct, withdraw
from tests.support.served_platform import ServedPlatform
from xuanfa.domain.delivery import State
from xuanfa.domain.withdrawal_order import HAND
from xuanfa.engine.once import one_pass
from xuanfa.reports.withdrawals import steps_of, withdrawal_of

SITE = 'adapter = "site"\ndirectory = "public"\nbase_url = "https://court.example"\n'
NOTE = "本文内容有更正。"
KINDS = {
    "site": SITE,
    "wechat": 'adapter = "wechat"\nmode = "publish"\n',
    "weibo": 'adapter = "weibo"\n',
    "douyin": 'adapter = "douyin"\nmode = "image_text"\n',
    "wordpress": 'adapter = "wordpress"\n',
    "wecom": 'adapter = "wecom"\n',
    "dingtalk": 'adapter = "dingtalk"\n',
    "feishu": 'adapter = "feishu"\n',
    "webhook": 'adapter = "webhook"\n',
    "email": 'adapter = "email"\n',
    "manual": 'adapter = "manual"\naddress_domain = "gov.example.cn"\n',
}


def page(office: Office) -> str:
    (file,) = (office.folder / "public").glob("action/one*")
    return (file / "index.html" if file.is_dir() else file).read_text(encoding="utf-8")


def test_all_three_that_can_change_what_is_out_do(
    office: Office, serve: Callable[..., ServedPlatform], sink: Any, clock: Any
) -> None:
    wordpress = serve("wordpress")
    office.set(
        site=SITE,
        wordpress=f'{WORDPRESS}base_url = "{wordpress.url}"\n',
        webhook=f'{WEBHOOK}url = "{sink.url}/hook"\n',
    )
    file = office.folder / "xuanfa.toml"
    file.write_text(f"{file.read_text(encoding='utf-8')}\n[publish]\ncorrection_note = '{NOTE}'\n", encoding="utf-8")
    office.post(body="三十人旁听。")
    office.run()
    assert [office.get(number).state for number in (1, 2, 3)] == [State.PUBLISHED] * 3
    assert "三十人旁听。" in page(office)
    clock.advance(hours=2)
    office.post(body="二十人旁听。")
    made = correct(office.desk(), "one", ANNA)
    assert {each.channel: (each.state.value, each.reason) for each in made} == dict.fromkeys(
        ("site", "wordpress", "webhook"), ("done", "")
    )
    assert "二十人旁听。" in page(office)
    assert "三十人旁听。" not in page(office)
    assert NOTE in page(office)
    assert '<meta itemprop="dateModified" content="2026-03-02T11:00:00+08:00">' in page(office)
    first, second = (json.loads(seen.body) for seen in sink.seen)
    assert (first["type"], second["type"]) == ("article.published", "article.corrected")
    assert "二十人旁听。" in second["data"]["html"]
    (kept,) = httpx.get(
        f"{wordpress.url}/wp-json/wp/v2/posts?slug=one&status=publish", auth=("xuanfa", "abcd efgh"), trust_env=False
    ).json()
    assert "二十人旁听。" in kept["content"]["raw"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_people_do_is_numbered_for_every_kind(office: Office, clock: Any) -> None:
    office.set(**{name: f"{text}rehearsal = true\n" for name, text in KINDS.items()})
    office.post(body="三十人旁听。" * 20, summary="摘要。")
    desk = office.run(3, minutes=10)
    withdraw(desk, "one", ANNA)
    for _ in range(8):
        clock.advance(minutes=5)
        one_pass(desk)
    found = withdrawal_of(desk.store, "one", desk.channels, steps_of(desk.adapters, desk.channels))
    assert found is not None
    rows = {row.channel: row for row in found.channels}
    assert rows.keys() == KINDS.keys()
    by_hand = {name for name, row in rows.items() if row.how == HAND}
    assert by_hand >= {"douyin", "wecom", "dingtalk", "feishu", "webhook", "email", "manual"}
    for name, row in rows.items():
        if name in by_hand:
            assert [step.split(" ")[0] for step in row.steps] == [f"{n}." for n in range(1, len(row.steps) + 1)], name
            assert f"retract {row.delivery} --done" in row.steps[-1]
            assert row.state is not State.RETRACTED
        else:
            assert (row.steps, row.state) == ((), State.RETRACTED), name
