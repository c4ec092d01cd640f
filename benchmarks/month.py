"""A month rehearsed: 120 posts on every kind of channel, on a clock that jumps to what is due next, and what of it takes the time."""

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from benchmarks.corpus import body
from benchmarks.table import Row
from xuanfa.bootstrap.rehearsal import HandClock, rehearsal_desk
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.practising.practice import Practice
from xuanfa.operations.practising.rehearse import play
from xuanfa.store.schema import deliveries

POSTS, DAYS, BURST = 120, 30, 45
#: The first of a month, at eight in the morning in Beijing.
BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
CHANNELS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://www.example.gov.cn"',
    "wechat": 'adapter = "wechat"\nmode = "publish"',
    "weibo": 'adapter = "weibo"',
    "douyin": 'adapter = "douyin"\nmode = "image_text"',
    "wecom": 'adapter = "wecom"',
    "dingtalk": 'adapter = "dingtalk"',
    "feishu": 'adapter = "feishu"',
    "webhook": 'adapter = "webhook"\nurl = "https://cms.example.gov.cn/api"',
    "email": 'adapter = "email"',
}
_PICTURES = Path(__file__).parents[1] / "posts" / "2026" / "images"


def measure(*, quick: bool) -> list[Row]:
    """Seconds for the whole month: read and render, then publish, look and count."""
    posts = 20 if quick else POSTS
    with tempfile.TemporaryDirectory() as name:
        folder = make_month(Path(name), posts)
        begun = time.perf_counter()
        with rehearsal_desk(folder, folder / "var" / "month", HandClock(BEGIN)) as practice:
            queue(practice.desk)
            queued = time.perf_counter()
            passes = play(practice, passes_max=100_000)
            ended = time.perf_counter()
            ours = _counted(practice)
            theirs = {channel: _accepted(practice, channel) for channel in CHANNELS}
    assert ours == theirs, (ours, theirs)
    assert all(count == posts for count in ours.values()), ours
    items = sum(ours.values())
    return [
        Row(
            f"a month: {posts} posts on {len(CHANNELS)} channels, {items} items", f"{ended - begun:.1f} s", "", "< 20 s"
        ),
        Row("of it reading, rendering and drawing", f"{queued - begun:.1f} s"),
        Row(
            f"of it publishing in {passes} passes", f"{ended - queued:.1f} s", f"{items / (ended - queued):.0f} items/s"
        ),
    ]


def make_month(folder: Path, posts: int = POSTS) -> Path:
    """A workspace whose posts are spread over a month, many of them due at one minute; every other one has a picture."""
    lines = ["[columns.action]", 'title = "我们在行动"', f"channels = {list(CHANNELS)!r}"]
    for id_, text in CHANNELS.items():
        lines += [f"[channels.{id_}]", text, "rehearsal = true"]
    (folder / "posts").mkdir(parents=True)
    (folder / "xuanfa.toml").write_text("\n".join(lines), encoding="utf-8")
    shutil.copytree(_PICTURES, folder / "posts" / "images")
    names = sorted(path.name for path in _PICTURES.glob("*.jpg"))
    for number, due_at in enumerate(_times(posts)):
        picture = f"\n![现场](images/{names[number % len(names)]})\n" if number % 2 else ""
        text = (
            f"---\ntitle: 我们在行动第 {number} 期\ncolumn: action\nsummary: 第 {number} 期，巡回审判进乡村。\n"
            f"publish_at: {due_at:%Y-%m-%d %H:%M} +00:00\n---\n\n{body(number)}{picture}"
        )
        (folder / "posts" / f"p{number:03}.md").write_text(text, encoding="utf-8")
    return folder


def _times(posts: int) -> Iterator[datetime]:
    burst = posts * BURST // POSTS
    for number in range(posts):
        if number < burst:
            yield BEGIN + timedelta(days=10, hours=1)
        else:
            minutes = (number - burst) * DAYS * 24 * 60 // (posts - burst)
            yield BEGIN + timedelta(hours=1, minutes=minutes)


def _counted(practice: Practice) -> dict[str, int]:
    """Published, or with a person, by channel, as our database has it."""
    c = deliveries.c
    done = c.state.in_([State.PUBLISHED.value, State.ACCEPTED.value])
    with practice.desk.store.read() as connection:
        query = sa.select(c.channel, sa.func.count()).where(done).group_by(c.channel)
        found = {row[0]: row[1] for row in connection.execute(query)}
    return {channel: found.get(channel, 0) for channel in CHANNELS}


def _accepted(practice: Practice, channel: str) -> int:
    """What the other side has: different messages that a platform took, pages of the website, packs."""
    folder = practice.received.written(channel)
    if channel == "site" and folder:
        return len(list(folder.glob("action/p*.html")))
    if folder:
        return len(list(folder.glob("*/index.html")))
    accepted = [arrival.body for arrival in practice.received.arrivals(channel) if arrival.accepted]
    assert len(set(accepted)) == len(accepted), f"{channel} got something twice"
    return len(accepted)


if __name__ == "__main__":
    for row in measure(quick="--quick" in sys.argv):
        print(row.what, row.value, row.ratio, row.aim)
