"""Two days of a month rehearsed through the whole core: every post is on every platform once, and what we count is what they took."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from xuanfa.bootstrap.rehearsal import HandClock, rehearsal_desk
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.practising.practice import Practice
from xuanfa.operations.practising.rehearse import play
from xuanfa.store.schema import deliveries

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
#: Due at one minute, more than a robot takes in a minute and Weibo in an hour; the others follow every six hours.
BURST, OTHERS = 33, 6
POSTS = BURST + OTHERS
#: Quick to render: those that draw are measured by ``benchmarks/month.py``, which plays the whole month on every kind.
CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://www.example.gov.cn"',
    "weibo": 'adapter = "weibo"',
    "wecom": 'adapter = "wecom"',
    "dingtalk": 'adapter = "dingtalk"',
    "feishu": 'adapter = "feishu"',
    "webhook": 'adapter = "webhook"\nurl = "https://cms.example.gov.cn/api"',
    "email": 'adapter = "email"',
}


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Practice]:
    """Played to its end."""
    folder = tmp_path_factory.mktemp("month")
    lines = ["[columns.action]", 'title = "我们在行动"', f"channels = {list(CHANNELS)!r}"]
    lines += [f"[channels.{id_}]\n{text}" for id_, text in CHANNELS.items()]
    text = "\n".join(lines).replace('adapter = "w', 'rehearsal = true\nadapter = "w')
    for kind in ("dingtalk", "feishu", "email"):
        text = text.replace(f'adapter = "{kind}"', f'rehearsal = true\nadapter = "{kind}"')
    (folder / "xuanfa.toml").write_text(text, encoding="utf-8")
    (folder / "posts").mkdir()
    for number in range(POSTS):
        due_at = BEGIN + timedelta(hours=1 + 6 * max(0, number - BURST + 1))
        post = f"---\ntitle: 第 {number} 期\ncolumn: action\npublish_at: {due_at.isoformat()}\n---\n\n第 {number} 期的正文。\n"
        (folder / "posts" / f"p{number:02}.md").write_text(post, encoding="utf-8")
    with rehearsal_desk(folder, folder / "var" / "month", HandClock(BEGIN)) as practice:
        assert queue(practice.desk).problems == []
        play(practice, passes_max=1000)
        yield practice


def accepted_at(practice: Practice, channel: str) -> list[datetime]:
    return [arrival.at for arrival in practice.received.arrivals(channel) if arrival.accepted]


def most_within(times: Sequence[datetime], window: timedelta) -> int:
    """The most that came within any window."""
    return max(sum(begin <= at < begin + window for at in times) for begin in times)


def test_everything_is_published_and_nothing_is_in_doubt(month: Practice) -> None:
    c = deliveries.c
    with month.desk.store.read() as connection:
        rows = connection.execute(sa.select(c.channel, c.state, sa.func.count()).group_by(c.channel, c.state))
        found = {(row[0], row[1]): row[2] for row in rows}
    assert found == {(channel, State.PUBLISHED.value): POSTS for channel in CHANNELS}


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "site"])
def test_each_platform_took_every_post_once(month: Practice, channel: str) -> None:
    bodies = [arrival.body for arrival in month.received.arrivals(channel) if arrival.accepted]
    assert len(bodies) == POSTS
    for number in range(POSTS):
        assert sum(f"第 {number} 期" in body for body in bodies) == 1, number


def test_the_website_has_a_page_for_each_post(month: Practice) -> None:
    folder = month.received.written("site")
    assert folder is not None
    assert Counter(path.stem for path in folder.glob("action/p*.html")) == Counter(f"p{n:02}" for n in range(POSTS))


@pytest.mark.parametrize(
    ("channel", "most", "window"),
    [
        ("weibo", 30, timedelta(hours=1)),
        ("weibo", 100, timedelta(days=1)),
        ("wecom", 20, timedelta(minutes=1)),
        ("dingtalk", 20, timedelta(minutes=1)),
        ("feishu", 5, timedelta(seconds=1)),
    ],
)
def test_no_platform_is_asked_more_often_than_it_allows(
    month: Practice, channel: str, most: int, window: timedelta
) -> None:
    assert 1 < most_within(accepted_at(month, channel), window) <= most
    refusals = ("error_code", '"errcode":4', '"code":1')
    assert not [a.answer for a in month.received.arrivals(channel) if any(word in a.answer for word in refusals)]


def test_what_did_not_fit_into_the_hour_follows_in_the_next(month: Practice) -> None:
    times = accepted_at(month, "weibo")
    assert sum(at < times[0] + timedelta(hours=1) for at in times) == 30
    assert sum(times[0] + timedelta(hours=1) <= at < times[0] + timedelta(hours=2) for at in times) == BURST - 30
