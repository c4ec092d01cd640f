"""A review form as an office would have it, for the tests of paper."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from xuanfa.domain.review_form import Answers, ChannelLine, Corrected, ReviewForm
from xuanfa.domain.review_record import ReviewRecord, StepRecord, review_digest

ZONE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 29, 4, tzinfo=UTC)
POST = "20261123-巡回法庭进乡村"
DIGEST = review_digest([("site", "a" * 64, NOON), ("wechat", "b" * 64, NOON)])


def step(number: int, name: str, state: str = "waiting", **more: Any) -> StepRecord:
    """A step of three reviews and three readings."""
    return StepRecord(number=number, name=name, kind=name[-1], role="editor", state=state, **more)


STEPS = (
    step(
        1,
        "一校",
        "approved",
        by="zhao",
        by_shown="赵敏",
        at=NOON,
        how="password",
        corrections={"错别字": 3, "标点": 2},
    ),
    step(2, "一审", "approved", by="qian", by_shown="钱进", at=NOON, how="token", note="数字已与立案庭核对"),
    step(
        3,
        "二校",
        "approved",
        by="sun",
        by_shown="孙丽",
        at=NOON,
        how="password",
        on_behalf_of="li",
        on_behalf_of_shown="李强",
    ),
    step(4, "二审", "approved", by="li", by_shown="李强", at=NOON, how="phone"),
    step(5, "三校", "open"),
    step(6, "三审"),
    step(7, "保密审查"),
)
FORM = ReviewForm(
    review=ReviewRecord(post=POST, revision=3, template="regular", digest=DIGEST, state="open", steps=STEPS),
    office="金昌市中级人民法院",
    number="2026-0147",
    title="巡回法庭进乡村　家门口解纠纷：金川区法院宁远堡法庭开展“我们在行动”普法活动",
    column="我们在行动",
    department="宁远堡人民法庭",
    author="王敏",
    editor="周静",
    channels=tuple(
        ChannelLine(channel=channel, title=title, due_at=NOON + timedelta(days=1))
        for channel, title in (
            ("site", "金昌法院网"),
            ("wechat", "微信公众号（头条）"),
            ("weibo", "微博"),
            ("douyin", "抖音"),
        )
    ),
    answers=Answers(case=False, ai="none"),
    pictures=("巡回法庭现场", "法官讲解民法典"),
    findings={"warn": 1},
    printed_at=NOON,
)
#: Everything that can be long is longer than its box.
FULL = replace(
    FORM,
    title="长标题" * 60,
    subtitle="副标题" * 60,
    column="很长的专栏名称" * 10,
    department="部门" * 40,
    author="作者" * 40,
    source="来源" * 60,
    source_address="https://www.example.gov.cn/" + "a" * 400,
    channels=tuple(
        replace(
            FORM.channels[0],
            title=f"渠道{at}" * 20,
            published_at=NOON,
            address="https://www.example.gov.cn/" + "b" * 300,
            retracted_at=NOON,
        )
        for at in range(30)
    ),
    expires_at=NOON,
    retract_at=NOON,
    review_on=NOON,
    corrects=Corrected(title="旧标题" * 60, slug="长" * 200, published_at=NOON, why="原因" * 100, by="提出人" * 30),
    pictures=("图片说明" * 20,) * 40,
    notes=("说明" * 100,) * 5,
    review=replace(
        FORM.review,
        post="长" * 200,
        steps=tuple(
            step(at, f"第{at}步" * 5, "approved", by="x" * 60, at=NOON, how="password", note="意见" * 200)
            for at in range(1, 11)
        ),
    ),
)
