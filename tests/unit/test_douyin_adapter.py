"""Douyin: what each wire answer proves, captions and limits, uploads in parts, slideshows, and how a person signs in."""

import json
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import httpx
import pytest
from PIL import Image
from pydantic import ValidationError

from xuanfa.adapters.douyin import DouyinAdapter, DouyinConfig, slideshow, uploading
from xuanfa.adapters.douyin.slideshow import Slide, make_video
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import Absent, Accepted, Blame, Deferred, Published, Rejected, Staged, Unknown, Unsent
from xuanfa.domain.post import Override, Picture, Post
from xuanfa.domain.rendition import Rendition
from xuanfa.rehearsal.douyin import DouyinPlatform
from xuanfa.rehearsal.journal import Journal

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
POST = Post(slug="a", title="法治进校园", column="action", body="正文第一句。", summary="一堂法治课。")
SECRET, TOKEN, REFRESH = "d0123456789abcdef", "act.3.token", "rft.token"
REAL = {"adapter": "douyin", "client_key": "aw1", "client_secret": SECRET, "mode": "image_text"}
CARD = Picture(source="", sha256="ab" * 32, media_type="image/png", size=9, width=1080, height=1920)
TEXT = "法治进校园"

Handle = Callable[[httpx.Request], httpx.Response]


class Tools:
    """A memory without a clock, in which somebody has signed in."""

    def __init__(self, folder: Path, transport: httpx.BaseTransport) -> None:
        self.folder = folder
        self.http = httpx.Client(transport=transport)
        self.memory = {
            "signed in once": "1",
            "fresh": "1",
            "grant": json.dumps({"refresh_token": REFRESH, "open_id": "_000"}),
            "access": json.dumps({"access_token": TOKEN, "open_id": "_000"}),
        }
        self.lives: dict[str, timedelta | None] = {}

    def remember(self, name: str, make: Callable[[], tuple[str, timedelta | None]]) -> str:
        if name not in self.memory:
            self.memory[name], self.lives[name] = make()
        return self.memory[name]

    def recall(self, name: str) -> str | None:
        return self.memory.get(name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self.memory[name], self.lives[name] = value, life

    def forget(self, name: str, value: str) -> None:
        if self.memory.get(name) == value:
            del self.memory[name]

    def picture(self, picture: Picture) -> Path:
        return self.folder / f"{picture.sha256[:8]}.png"


Make = Callable[..., DouyinAdapter]


@pytest.fixture
def douyin(tmp_path: Path) -> Iterator[Make]:
    clients: list[httpx.Client] = []

    def make(answer: Any = "{}", status: int = 200, **settings: Any) -> DouyinAdapter:
        text = answer if isinstance(answer, str) or callable(answer) else json.dumps(answer)
        handle: Handle = answer if callable(answer) else (lambda _request: httpx.Response(status, text=text))
        tools = Tools(tmp_path, httpx.MockTransport(handle))
        clients.append(tools.http)
        return DouyinAdapter(DouyinConfig.model_validate(REAL | settings), tools)  # type: ignore[arg-type]

    yield make
    for client in clients:
        client.close()


def rendition(mode: str = "image_text", pictures: tuple[Picture, ...] = (CARD,), body: str = TEXT) -> Rendition:
    return Rendition(
        title=TEXT, body=body, media_type="text/plain", pictures=pictures, extra={"mode": mode, "cards": "1"}
    )


def order(made: Rendition | None = None, **more: Any) -> Order:
    staged = {"images": '["i1"]', "video": "v1"}
    fields = {"staged": staged, "first_sent_at": NOW, "published_at": NOW} | more
    return Order(
        delivery=1, attempt=2, key="k" * 32, post="a", revision=1, channel="dy", column="action",
        rendition=made or rendition(), **fields,
    )  # fmt: skip


CODES: list[tuple[int, type, object]] = [
    *[(code, Unknown, None) for code in (28001005, 2100004, 28001006, 99)],
    *[(code, Rejected, Blame.CONTENT) for code in (28001007, 2100005)],
    *[(code, Unsent, None) for code in (28001008, 2190008, 10008)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001012, 28001014, 28001018, 10004, 10005, 28001015, 10010, 10020)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001016, 28001019, 28001056, 2100007, 2100009, 28004020)],
    *[(code, Rejected, Blame.CHANNEL) for code in (28001045, 28001046, 28001047)],
    *[(code, Deferred, timedelta(minutes=15)) for code in (28001052, 28003018)],
    *[(code, Deferred, timedelta(hours=12)) for code in (28003017, 2190001)],
]


@pytest.mark.parametrize(("code", "expected", "detail"), CODES)
def test_what_each_code_proves(douyin: Make, code: int, expected: type, detail: object) -> None:
    # Some interfaces tell the code in one place only.
    places = [{"data": {"error_code": code, "description": TOKEN}}, {"data": {}, "extra": {"error_code": code}}]
    for answer in (*places, {"data": {"error_code": 0}, "extra": {"error_code": code, "description": TOKEN}}):
        adapter = douyin(answer)
        outcome = adapter.publish(order())
        assert type(outcome) is expected
        assert getattr(outcome, "blame", getattr(outcome, "after", None)) == detail
        assert TOKEN not in repr(outcome)
        kept = adapter._tools.recall("access")
        assert (kept is None) is (expected is Unsent or code in {28001015, 10010, 10020})


@pytest.mark.parametrize(
    ("status", "answer", "expected"),
    [
        (200, {"data": {"error_code": 0, "item_id": "@1"}}, Accepted),
        (200, {"data": {"error_code": "0", "item_id": "@1"}, "extra": {"error_code": 0}}, Accepted),
        (200, {"data": {"error_code": 0}}, Unknown),
        (200, {"data": {"error_code": 0, "item_id": {}}}, Unknown),
        (200, {"data": {"item_id": "@1"}}, Unknown),
        (200, {"data": {"error_code": True, "item_id": "@1"}}, Unknown),
        (500, {"data": {"error_code": 0, "item_id": "@1"}}, Unknown),
        (200, "[]", Unknown),
        (200, "{", Unknown),
        (401, "", Rejected),
        (429, "", Deferred),
        (502, "", Unknown),
    ],
)
def test_only_the_code_zero_with_an_item_is_accepted(douyin: Make, status: int, answer: Any, expected: type) -> None:
    assert type(douyin(answer, status).publish(order())) is expected


@pytest.mark.parametrize(
    ("settings", "sent"),
    [
        ({}, {"image_list": ["i1"], "text": TEXT}),
        (
            {"private_status": 1, "download_type": 2},
            {"image_list": ["i1"], "text": TEXT, "private_status": 1, "download_type": 2},
        ),
    ],
)
def test_what_is_not_confirmed_is_sent_only_where_it_is_set(
    douyin: Make, settings: dict[str, Any], sent: object
) -> None:
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json={"data": {"error_code": 0, "item_id": "@1"}})

    adapter = douyin(handle, **settings)
    adapter.publish(order())
    assert json.loads(seen[0].content) == sent
    assert seen[0].headers["access-token"] == TOKEN
    assert TOKEN not in str(seen[0].url)
    adapter.publish(order(rendition("video")))
    assert seen[1].url.path.endswith("/create_video/")
    assert json.loads(seen[1].content)["video_id"] == "v1"


def test_nothing_is_posted_before_anything_is_uploaded(douyin: Make) -> None:
    assert isinstance(douyin().publish(order(staged={})), Unsent)


def _row(number: str, title: str, at: datetime) -> dict[str, Any]:
    share = f"https://www.iesdouyin.com/share/video/{number}/"
    return {"item_id": number, "title": title, "create_time": int(at.timestamp()), "share_url": share}


@pytest.mark.parametrize(
    ("ticket", "rows", "more", "expected"),
    [
        ("@1", [("@1", "改过的", -60)], False, Published),
        ("@1", [("@2", TEXT, 1)], False, Accepted),
        (None, [("@2", f" {TEXT}\n", 1)], False, Published),
        (None, [("@2", TEXT, -60)], False, Unknown),
        (None, [("@2", "别的", 1)], False, Unknown),
        (None, [], False, Unknown),
    ],
)
def test_the_list_is_read_by_id_else_by_text_and_time(
    douyin: Make, ticket: str | None, rows: list[tuple[str, str, int]], more: bool, expected: type
) -> None:  # fmt: skip
    listed = [_row(number, title, NOW + timedelta(minutes=minutes)) for number, title, minutes in rows]
    adapter = douyin({"data": {"error_code": 0, "list": listed, "has_more": more, "cursor": 0}})
    assert type(adapter.confirm(order(), ticket)) is expected


def test_absence_needs_a_whole_list_that_shows_what_is_pending(douyin: Make) -> None:
    whole = {"data": {"error_code": 0, "list": [], "has_more": False, "cursor": 0}}
    endless = {"data": {"error_code": 0, "list": [_row("@9", "别的", NOW)], "has_more": True, "cursor": 1}}
    assert isinstance(douyin(whole, list_shows_pending=True).confirm(order(), None), Absent)
    assert isinstance(douyin(endless, list_shows_pending=True).confirm(order(), None), Unknown)


def test_a_look_that_is_not_allowed_leaves_the_doubt_and_the_channel_alone(douyin: Make) -> None:
    assert isinstance(douyin({"data": {"error_code": 28001018}}).confirm(order(), "@1"), Unknown)
    refused = douyin({"data": {"error_code": 10010}}).confirm(order(), "@1")
    assert isinstance(refused, Rejected)
    assert "xuanfa channels login dy" in refused.findings[0].message


def test_looks_grow_apart_while_the_review_lasts(douyin: Make) -> None:
    adapter = douyin({"data": {"error_code": 0, "list": []}})
    waits = [
        getattr(adapter.confirm(order(published_at=NOW + timedelta(minutes=passed)), "@1"), "look_after", None)
        for passed in (1, 30, 6000)
    ]
    assert waits == [timedelta(minutes=10), timedelta(minutes=30), timedelta(hours=6)]


@pytest.mark.parametrize(
    ("length", "severities"), [(55, []), (56, ["warn"]), (1000, ["warn"]), (1001, ["block"])]
)  # fmt: skip
def test_a_caption_over_55_warns_and_over_1000_stops(douyin: Make, length: int, severities: list[str]) -> None:
    found = douyin().check(rendition(body="法" * length))
    assert [finding.severity.value for finding in found] == severities


def test_how_long_a_caption_may_be_is_a_setting_because_no_figure_is_confirmed(douyin: Make) -> None:
    adapter = douyin(caption_max=200)
    assert adapter.traits.body_max == 200
    (finding,) = adapter.check(rendition(body="法" * 201))
    assert finding.severity.value == "block"
    assert "最多 200 字" in finding.message
    assert douyin(caption_max=2000).check(rendition(body="法" * 1500))[0].severity.value == "warn"


def test_too_many_pictures_or_too_long_a_video_is_stopped(douyin: Make) -> None:
    many = rendition(pictures=(CARD,) * 31)
    assert [finding.code for finding in douyin().check(many)] == ["douyin.too_many_pictures"]
    assert list(douyin().check(replace(many, extra={"mode": "video", "cards": "1"}))) == []
    long = rendition("video", pictures=(CARD,) * 226)
    assert [finding.code for finding in douyin().check(long)] == ["douyin.video_too_long"]


def test_the_authors_own_words_are_the_caption_and_cards_come_first(douyin: Make, tmp_path: Path) -> None:
    file = tmp_path / "class.jpg"
    Image.new("RGB", (320, 240), "#246").save(file)
    media = MediaStore(tmp_path / "media")
    picture = media.keep(file, "class.jpg")

    def made(post: Post) -> Rendition:
        kit = PostKit(
            post=post, organisation=Organisation(), column=Column(id="action", title="我们 在行动"), channel="dy", kind="douyin",
            zone=UTC, templates=Templates([Path(__file__).parents[2] / "templates"]), media=media, channels=frozenset({"dy"}),
        )  # fmt: skip
        return douyin().render(kit.post, kit)

    own = made(replace(POST, cover=picture, pictures=(picture,), channels={"dy": Override(text="来听课！")}))
    assert own.body == "法治进校园\n来听课！\n\n#我们在行动"
    cards = int(own.extra["cards"])
    assert cards >= 1
    assert len(own.pictures) == cards + 1
    assert all((card.width, card.height) == (1080, 1920) for card in own.pictures[:cards])
    assert made(replace(POST, summary="法" * 60)).body == "法治进校园\n\n#我们在行动"


def _stage(tmp_path: Path, platform: DouyinPlatform, made: Rendition, **settings: Any) -> tuple[Any, Tools]:
    tools = Tools(tmp_path, platform)
    config = DouyinConfig.model_validate(REAL | {"rehearsal": True} | settings)
    tools.memory = {}
    with tools.http:
        return DouyinAdapter(config, tools).stage(order(made, staged={})), tools  # type: ignore[arg-type]


@pytest.fixture
def platform(tmp_path: Path) -> DouyinPlatform:
    return DouyinPlatform(Journal(tmp_path / "douyin.db"), lambda: NOW.astimezone(UTC))


@pytest.fixture
def card(tmp_path: Path) -> Picture:
    Image.new("RGB", (108, 192), "#135").save(tmp_path / "abababab.png")
    Image.new("RGB", (300, 200), "#a42").save(tmp_path / "cdcdcdcd.png")
    return CARD


def test_a_slideshow_is_made_uploaded_and_remembered(tmp_path: Path, platform: DouyinPlatform, card: Picture) -> None:
    photo = replace(card, sha256="cd" * 32, caption="课堂上的“小法官”: 100%{提问}，很长的说明也要换行显示完整")
    made = rendition("video", (card, photo))
    staged, tools = _stage(tmp_path, platform, made, mode="video", seconds=1)
    assert isinstance(staged, Staged), staged
    assert staged.memory["video"].startswith("video-")
    (handle,) = [name for name in tools.memory if name.startswith("media:")]
    assert tools.lives[handle] == timedelta(hours=12)


@pytest.mark.parametrize("first", [0, 1])
def test_a_large_video_goes_in_parts_none_of_them_too_small(
    tmp_path: Path, platform: DouyinPlatform, card: Picture, monkeypatch: pytest.MonkeyPatch, first: int
) -> None:
    monkeypatch.setattr(uploading, "WHOLE_MAX", 1000)
    monkeypatch.setattr(uploading, "PART", 4000)
    monkeypatch.setattr(uploading, "PART_MIN", 1000)
    slides = rendition("video", (card,) * 2)
    staged, _ = _stage(tmp_path, platform, slides, mode="video", seconds=1, first_part=first)
    assert isinstance(staged, Staged), staged
    calls = [one.path.split("/video/")[1].split("/")[0] for one in platform.journal.received()]
    assert calls[0] == "init_video_part_upload"
    assert calls[-1] == "complete_video_part_upload"
    assert set(calls[1:-1]) == {"upload_video_part"}
    assert f"part_number={first}" in platform.journal.received()[1].path


@pytest.mark.parametrize(("size", "sizes"), [(20, [20]), (24, [24]), (25, [20, 5]), (44, [20, 24]), (45, [20, 20, 5])])
def test_a_rest_that_would_be_too_small_goes_with_the_part_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, sizes: list[int]
) -> None:
    monkeypatch.setattr(uploading, "PART", 20)
    monkeypatch.setattr(uploading, "PART_MIN", 5)
    file = tmp_path / "v"
    file.write_bytes(bytes(size))
    assert [len(part) for part in uploading.parts(file)] == sizes


def test_the_video_is_upright_has_sound_and_lasts_as_long_as_its_pictures(tmp_path: Path, card: Picture) -> None:
    target = tmp_path / "v.mp4"
    slides = [Slide(tmp_path / "abababab.png"), Slide(tmp_path / "cdcdcdcd.png", "课堂:'提问' %{n} \\n")]
    assert make_video(slides, 1.0, target) == ""
    shown = subprocess.run(
        [
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "stream=codec_name,width,height:format=duration",
            "-of",
            "json",
            target,
        ],
        check=True,
        capture_output=True,
    )
    found = json.loads(shown.stdout)
    assert [stream["codec_name"] for stream in found["streams"]] == ["h264", "aac"]
    assert (found["streams"][0]["width"], found["streams"][0]["height"]) == (1080, 1920)
    assert abs(float(found["format"]["duration"]) - 2) < 0.2


def test_without_ffmpeg_doctor_and_the_channel_say_what_to_install(
    tmp_path: Path, platform: DouyinPlatform, card: Picture, douyin: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slideshow.shutil, "which", lambda _name: None)
    refused, _ = _stage(tmp_path, platform, rendition("video", (card,)), mode="video")
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CHANNEL
    assert "apt install ffmpeg" in refused.findings[0].message
    examined = douyin({"data": {"error_code": 0, "list": []}}, mode="video", rehearsal=True).diagnose()
    assert [finding.code for finding in examined] == ["douyin.no_ffmpeg"]
    assert platform.journal.received() == []


@pytest.mark.parametrize(
    ("code", "found", "words"),
    [
        (0, [], ""),
        (28001018, [("douyin.no_list", "warn")], "要人核实"),
        (28001015, [("douyin.sign_in", "block")], "xuanfa channels login"),
        # Refreshed by itself when something is posted.
        (28001008, [], ""),
        (28001005, [("douyin.unreachable", "block")], "繁忙"),
        (99, [("douyin.unreachable", "block")], "99"),
    ],
)
def test_doctor_asks_for_the_list_and_tells_what_that_shows(
    douyin: Make, code: int, found: list[tuple[str, str]], words: str
) -> None:
    adapter = douyin({"data": {"error_code": code, "list": []}}, rehearsal=True)
    findings = adapter.diagnose()
    assert [(finding.code, finding.severity.value) for finding in findings] == found
    assert all(words in finding.message for finding in findings)


def test_a_picture_that_ffmpeg_cannot_read_is_told_and_nothing_is_sent(
    tmp_path: Path, platform: DouyinPlatform
) -> None:
    (tmp_path / "abababab.png").write_bytes(b"no picture")
    refused, _ = _stage(tmp_path, platform, rendition("video"), mode="video")
    assert isinstance(refused, Unsent)
    assert "ffmpeg" in refused.evidence
    assert platform.journal.received() == []


def test_signing_in_keeps_both_tokens_for_their_lives(douyin: Make) -> None:
    answer = {
        "data": {
            "error_code": 0, "access_token": "act.new", "refresh_token": "rft.new", "open_id": "_001",
            "expires_in": 1296000, "refresh_expires_in": 2592000,
        }
    }  # fmt: skip
    seen: list[httpx.Request] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=answer)

    adapter = douyin(handle)
    address = httpx.URL(adapter.authorise_address("st4te"))
    assert dict(address.params)["state"] == "st4te"
    assert SECRET not in str(address)
    (finding,) = adapter.sign_in("c0de")
    assert finding.code == "douyin.signed_in"
    tools: Any = adapter._tools
    assert json.loads(tools.memory["grant"]) == {"refresh_token": "rft.new", "open_id": "_001"}
    assert json.loads(tools.memory["access"]) == {"access_token": "act.new", "open_id": "_001"}
    assert (tools.lives["grant"], tools.lives["fresh"]) == (timedelta(days=30), timedelta(days=20))
    assert tools.lives["access"] == timedelta(days=15) - timedelta(hours=1)
    assert parse_qs(seen[0].content.decode())["grant_type"] == ["authorization_code"]


@pytest.mark.parametrize(
    "answer",
    [
        {"data": {"error_code": 10002, "description": f"c0de {SECRET}"}},
        {"data": {"error_code": 0, "access_token": "act.new", "open_id": "_001"}},
        {"data": {"access_token": "act.new", "refresh_token": "rft.new", "open_id": "_001"}},
        "<html>",
    ],
)
def test_a_sign_in_that_fails_changes_nothing_and_shows_no_secret(douyin: Make, answer: Any) -> None:
    adapter = douyin(answer)
    tools: Any = adapter._tools
    before = dict(tools.memory)
    findings = adapter.sign_in("c0de")
    assert blocking(findings)
    assert tools.memory == before
    assert not any(secret in repr(findings) for secret in (SECRET, "c0de", "act.new", "rft.new"))


def test_a_channel_stays_with_the_user_who_signed_in_first(douyin: Make) -> None:
    answers = [
        {"data": {"error_code": 0, "access_token": "a", "refresh_token": "r", "open_id": name}}
        for name in ("_001", "_001", "_002")
    ]
    adapter = douyin(lambda _request: httpx.Response(200, json=answers.pop(0)))
    assert [bool(blocking(adapter.sign_in("c0de"))) for _ in range(3)] == [False, False, True]


def test_another_account_than_the_one_in_the_settings_is_refused(douyin: Make) -> None:
    answer = {"data": {"error_code": 0, "access_token": "a", "refresh_token": "r", "open_id": "_001"}}
    assert blocking(douyin(answer, account="_002").sign_in("c0de"))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"data": {"error_code": 10010}}, Rejected),
        ({"data": {"error_code": 10004}}, Rejected),
        ({"data": {"error_code": 28001005}}, Unsent),
        ("<html>", Unsent),
    ],
)
def test_a_refresh_that_fails_sends_nothing(douyin: Make, answer: Any, expected: type) -> None:
    adapter = douyin(answer)
    tools: Any = adapter._tools
    del tools.memory["access"]
    outcome = adapter.publish(order())
    assert type(outcome) is expected
    assert REFRESH not in repr(outcome)
    if isinstance(outcome, Rejected):
        assert outcome.blame is Blame.CHANNEL
        assert "xuanfa channels login dy" in outcome.findings[0].message


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"client_key": ""}, "client_key"),
        ({"client_secret": "", "mode": "video"}, "client_secret"),
        ({"base_url": "open.douyin.com"}, "https://"),
        ({"mode": "film"}, "manual"),
        ({"video": "film"}, "slideshow"),
        ({"seconds": 0}, "1"),
    ],
)
def test_a_setting_that_cannot_work_is_refused(settings: dict[str, Any], told: str) -> None:
    with pytest.raises(ValidationError, match=told) as caught:
        DouyinConfig.model_validate(REAL | settings)
    assert SECRET not in str(caught.value)
    assert DouyinConfig.model_validate({"adapter": "douyin"}).mode == "manual"


def test_only_addresses_of_douyin_are_taken_for_posts(douyin: Make) -> None:
    for address in (
        "https://www.douyin.com/note/1",
        "https://v.douyin.com/x/",
        "https://www.iesdouyin.com/share/video/1/",
    ):
        assert douyin().address_problem(address) == ""
    assert "douyin.com" in douyin().address_problem("https://douyin.com.evil.example/1")
