"""Videos for Douyin: made of pictures by ffmpeg, uploaded whole or in parts, and what is said where that cannot be done."""

import json
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from tests.unit.douyin.conftest import CARD, NOW, REAL, Account, Make, order, rendition
from xuanfa.adapters.douyin import DouyinAdapter, DouyinConfig, slideshow, uploading
from xuanfa.adapters.douyin.slideshow import Slide, make_video
from xuanfa.domain.outcome import Blame, Rejected, Staged, Unsent
from xuanfa.domain.post import Picture
from xuanfa.domain.rendition import Rendition
from xuanfa.rehearsal.douyin import DouyinPlatform
from xuanfa.rehearsal.journal import Journal


def _stage(tmp_path: Path, platform: DouyinPlatform, made: Rendition, **settings: Any) -> tuple[Any, Account]:
    tools = Account(folder=tmp_path, http=httpx.Client(transport=platform), memory={})
    config = DouyinConfig.model_validate(REAL | {"rehearsal": True} | settings)
    with tools.http:
        return DouyinAdapter(config, tools).stage(order(made, staged={})), tools


@pytest.fixture
def platform(tmp_path: Path) -> DouyinPlatform:
    return DouyinPlatform(Journal(tmp_path / "douyin.db"), lambda: NOW)


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


def test_a_picture_that_ffmpeg_cannot_read_is_told_and_nothing_is_sent(
    tmp_path: Path, platform: DouyinPlatform
) -> None:
    (tmp_path / "abababab.png").write_bytes(b"no picture")
    refused, _ = _stage(tmp_path, platform, rendition("video"), mode="video")
    assert isinstance(refused, Unsent)
    assert "ffmpeg" in refused.evidence
    assert platform.journal.received() == []
