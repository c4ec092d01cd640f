"""The sample of a new workspace never goes out for real, whatever its channels say, until somebody has made it their own."""

from pathlib import Path
from typing import Any

import pytest

SAMPLE = "shili-xunhui-shenpan.md"


@pytest.fixture
def office(xuanfa: Any, tmp_path: Path, sink: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new workspace whose channels are real."""
    made = tmp_path / "new"
    assert xuanfa("init", made).code == 0
    file = made / "xuanfa.toml"
    text = file.read_text(encoding="utf-8").replace("rehearsal = true", "rehearsal = false")
    text = text.replace(
        'url = "https://cms.example.gov.cn/api/articles"', f'url = "{sink.url}"\nallow_private = true\nremote_id = "id"'
    )
    text = text.replace('channels = ["site", "wecom", "cms"]', 'channels = ["site", "cms"]')
    file.write_text(text, encoding="utf-8")
    monkeypatch.chdir(made)
    return made


def rows(xuanfa: Any) -> list[tuple[str, str, bool]]:
    return [(r["channel"], r["state"], r["rehearsal"]) for r in xuanfa("deliveries", "--json").json]


def test_the_sample_is_rehearsed_on_channels_that_are_real(xuanfa: Any, office: Path, sink: Any) -> None:
    ran = xuanfa("publish")
    assert ran.code == 0, ran.err
    assert "示例稿件，只演练" in ran.err
    assert sorted(rows(xuanfa)) == [("cms", "published", True), ("site", "published", True)]
    assert sink.received == []
    assert not list((office / "public").rglob("*.html"))
    assert list((office / "public.rehearsal").rglob("*shili*.html"))
    assert xuanfa("count", "--json").json["items"] == 0
    again = xuanfa("publish")
    assert (again.code, len(rows(xuanfa)), "示例" in again.err) == (0, 2, False)
    assert xuanfa("doctor").code in (0, 1)
    assert "practice" not in xuanfa("doctor").out + xuanfa("channels").out + xuanfa("deliveries").out


def test_a_new_workspace_as_it_is_rehearses_its_sample_on_all_channels(
    xuanfa: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = tmp_path / "fresh"
    assert xuanfa("init", made).code == 0
    monkeypatch.chdir(made)
    ran = xuanfa("publish")
    assert ran.code == 0, ran.err
    assert {(state, rehearsal) for _, state, rehearsal in rows(xuanfa)} == {("published", True)}
    assert len(rows(xuanfa)) == 3
    assert not list((made / "public").rglob("*.html"))


def test_a_copy_and_a_renamed_sample_are_samples_still(xuanfa: Any, office: Path, sink: Any) -> None:
    (office / "posts" / "2026").mkdir()
    source = office / "posts" / SAMPLE
    (office / "posts" / "images").rename(office / "posts" / "2026" / "images")
    source.rename(office / "posts" / "2026" / "xunhui.md")
    assert xuanfa("publish").code == 0
    assert {(state, rehearsal) for _, state, rehearsal in rows(xuanfa)} == {("published", True)}
    assert sink.received == []


def test_a_person_cannot_send_it_for_real_either(xuanfa: Any, office: Path, sink: Any) -> None:
    file = office / "xuanfa.toml"
    xuanfa("publish")
    for row in xuanfa("deliveries", "--json").json:
        assert xuanfa("retry", row["id"]).code == 1
    file.write_text(file.read_text(encoding="utf-8") + "\n# anything\n", encoding="utf-8")
    assert xuanfa("publish").code == 0
    assert sink.received == []


def test_what_somebody_has_made_of_it_is_a_post_as_any_other(xuanfa: Any, office: Path, sink: Any) -> None:
    xuanfa("publish")
    source = office / "posts" / SAMPLE
    text = source.read_text(encoding="utf-8").replace(
        "title: 巡回法庭到村口：把纠纷化解在家门前", "title: 法庭开到了柳树村"
    )
    source.write_text(text, encoding="utf-8")
    ran = xuanfa("publish")
    assert ran.code == 0, ran.err
    assert sorted(rows(xuanfa)) == [
        ("cms", "published", False),
        ("cms", "published", True),
        ("site", "published", False),
        ("site", "published", True),
    ]
    assert len(sink.received) == 1
    assert "没有送到" not in ran.err


def test_the_sample_is_rehearsed_on_phones_as_any_other_post(xuanfa: Any, office: Path) -> None:
    ran = xuanfa("rehearse", "shili-xunhui-shenpan")
    assert ran.code == 0, ran.err
    assert "演练完成：2 个渠道能发" in ran.out
    assert (office / "var" / "rehearse" / "shili-xunhui-shenpan" / "cms.html").is_file()
