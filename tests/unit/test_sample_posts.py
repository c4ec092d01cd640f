"""The repository's own posts: what a newcomer's first command publishes must be read without a word of complaint."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from xuanfa.content.pictures.media import MediaStore
from xuanfa.content.reading.posts import Reading, read_post
from xuanfa.content.text.markdown import to_html
from xuanfa.domain.column import Column
from xuanfa.domain.post import Due, Post

ROOT = Path(__file__).parents[2]
FILES = sorted((ROOT / "posts").rglob("*.md"))
COLUMN = Column(id="action", title="我们在行动", campaign="三抓三促", channels=("site", "wecom", "cms"))


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Reading]:
    media = MediaStore(tmp_path_factory.mktemp("media"))
    return {
        path: read_post(
            path.read_bytes(),
            path=path,
            shown_as=path.relative_to(ROOT).as_posix(),
            zone=ZoneInfo("Asia/Shanghai"),
            columns={COLUMN.id: COLUMN},
            media=media,
        )
        for path in FILES
    }


@pytest.fixture
def posts(readings: dict[Path, Reading]) -> list[Post]:
    return [reading.post for reading in readings.values() if reading.post]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_post_is_read_without_problems_or_notices(path: Path, readings: dict[Path, Reading]) -> None:
    reading = readings[path]
    assert (reading.problems, reading.notices) == ((), ())
    assert reading.post is not None
    assert reading.post.slug == path.stem


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_post_says_that_it_is_made_up_and_readers_do_not_see_the_remark(
    path: Path, readings: dict[Path, Reading]
) -> None:
    post = readings[path].post
    assert post is not None
    assert post.body.lstrip().startswith("<!-- 示例")
    assert "示例：" not in to_html(post.body)


def test_there_are_at_least_eight_sample_posts_with_slugs_of_their_own(posts: list[Post]) -> None:
    assert len({post.slug for post in posts}) == len(posts) >= 8


@pytest.mark.parametrize("mark", ["<table", "<ol", "<ul", "<blockquote", 'class="footnotes"', "<figcaption"])
def test_together_the_sample_posts_show_what_markdown_can_do(mark: str, posts: list[Post]) -> None:
    assert any(mark in to_html(post.body) for post in posts)


def test_one_sample_post_gives_a_channel_a_title_and_a_text_of_its_own_and_still_goes_to_all(posts: list[Post]) -> None:
    (post,) = [post for post in posts if post.override("wecom").text]
    assert post.override("wecom").title
    assert set(post.channels or ()) == set(COLUMN.channels)


def test_the_sample_posts_show_all_three_ways_to_be_due(posts: list[Post]) -> None:
    due = [post.publish_at for post in posts]
    assert due.count(Due.NOW) >= 5
    assert None in due
    assert datetime(2027, 3, 15, 1, tzinfo=UTC) in due


def test_a_repost_among_the_sample_posts_names_its_source_and_address(posts: list[Post]) -> None:
    (source,) = [post.source for post in posts if post.source]
    assert source.name
    assert source.url.startswith("https://www.example.org/")


def test_every_picture_of_the_sample_posts_is_described_and_light(posts: list[Post]) -> None:
    shown = [picture for post in posts for picture in post.pictures]
    assert len({picture.sha256 for picture in shown}) >= 5
    for picture in shown:
        assert picture.alt, picture.source
        assert picture.caption.endswith("（示意图）"), picture.source
        assert picture.width >= 1080, picture.source
        assert picture.size < 150_000, picture.source


def test_most_sample_posts_have_a_cover(posts: list[Post]) -> None:
    assert sum(post.cover is not None for post in posts) >= 5


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_sample_post_sets_full_width_punctuation_beside_chinese_characters(
    path: Path, readings: dict[Path, Reading]
) -> None:
    post = readings[path].post
    assert post is not None
    texts = [
        post.title,
        post.summary,
        *(override.text or "" for override in (post.channels or {}).values()),
    ]
    shown = re.sub(r"<[^>]+>", "", to_html(post.body)) + "\n".join(texts)
    assert (
        re.findall(r"[\u4e00-\u9fff”》）][,;:!?()]|[,;:!?(][\u4e00-\u9fff“《（]|》、《|[\[［]\d{4}[\]］]", shown) == []
    )
