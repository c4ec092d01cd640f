"""What could not be rendered for the machine's or a setting's sake is rendered by itself once that is mended; the post is not touched."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.support.decisions import cancel, release, retry
from xuanfa.bootstrap import open_desk
from xuanfa.bootstrap.rehearsal import HandClock, rehearsal_desk
from xuanfa.content.pictures import fonts
from xuanfa.domain.delivery import State
from xuanfa.domain.errors import ConfigError, StateError
from xuanfa.domain.finding import Finding
from xuanfa.domain.life import Policy
from xuanfa.domain.person import Person
from xuanfa.operations.intake.look import AGAIN_FOR
from xuanfa.operations.intake.queue import queue
from xuanfa.operations.watching.alarms import standing
from xuanfa.operations.watching.examine import examine
from xuanfa.reports.listing import list_deliveries

ANNA = Person(name="安娜")
SETTINGS = """
[columns.action]
title = "我们在行动"
channels = ["douyin", "feishu"]

[channels.douyin]
adapter = "douyin"
mode = "image_text"
rehearsal = true

[channels.feishu]
adapter = "feishu"
rehearsal = true
"""


@pytest.fixture
def fontless(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A machine without any typeface; the empty folder in which one may be put."""
    folder = tmp_path / "fonts"
    folder.mkdir()
    forget()
    source = Path(fonts._file("sans", "")[0])
    monkeypatch.delenv(fonts.VARIABLE, raising=False)
    monkeypatch.setattr(fonts, "_FOLDERS", (str(folder),))
    forget()
    assert source.is_file()
    (tmp_path / "font").symlink_to(source)
    yield folder
    forget()


def forget() -> None:
    for cached in (fonts.font, fonts._file, fonts._found, fonts._has):
        cached.cache_clear()


def install(fontless: Path) -> None:
    """As a package manager does, while the program runs."""
    source = (fontless.parent / "font").resolve()
    shutil.copy(source, fontless / source.name)


def written(folder: Path) -> Path:
    (folder / "posts").mkdir(parents=True)
    (folder / "xuanfa.toml").write_text(SETTINGS, encoding="utf-8")
    post = folder / "posts" / "one.md"
    post.write_text("---\ntitle: 巡回审判\ncolumn: action\npublish_at: now\n---\n\n法官下乡。\n", encoding="utf-8")
    return folder


def states(desk: Any) -> dict[str, tuple[State, str]]:
    return {row.channel: (row.state, row.reason) for row in list_deliveries(desk.store)}


def test_without_typefaces_the_operator_is_told_and_the_next_pass_after_installing_renders(
    fontless: Path, tmp_path: Path, clock: Any
) -> None:
    with rehearsal_desk(written(tmp_path / "work"), tmp_path / "var", HandClock(clock.now)) as practice:
        report = queue(practice.desk)
        state, reason = states(practice.desk)["douyin"]
        assert state is State.HELD
        assert "fonts-noto-cjk" in reason
        assert "日志" not in reason
        assert states(practice.desk)["feishu"][0] is State.SCHEDULED
        (notice,) = [notice for notice in report.notices if "fonts-noto-cjk" in notice]
        assert reason.startswith(notice.rstrip("。"))
        assert "修好后自动恢复" in reason

        again = queue(practice.desk)  # nothing mended, nothing changed, and it is said again
        assert (again.unchanged, again.revised, again.notices) == (1, [], [notice])
        assert states(practice.desk)["douyin"] == (state, reason)

        install(fontless)
        assert queue(practice.desk).notices == []
        assert states(practice.desk)["douyin"] == (State.SCHEDULED, "")


def test_doctor_says_what_to_install_where_a_channel_draws(fontless: Path, tmp_path: Path) -> None:
    with open_desk(written(tmp_path / "work")) as desk:
        (found,) = [item for item in examine(desk) if "字体" in item.what]
        assert "douyin" in found.what
        assert "feishu" not in found.what
        assert "fonts-noto-cjk" in found.trouble
        install(fontless)
        (found,) = [item for item in examine(desk) if "字体" in item.what]
        assert found.trouble == ""


def test_doctor_asks_for_no_typeface_where_nothing_is_drawn(fontless: Path, tmp_path: Path) -> None:
    folder = written(tmp_path / "work")
    plain = SETTINGS.replace('"douyin", ', "").partition("[channels.douyin]")
    settings = plain[0] + '[channels.feishu]\nadapter = "feishu"\nrehearsal = true\n'
    (folder / "xuanfa.toml").write_text(settings, encoding="utf-8")
    with open_desk(folder) as desk:
        assert not [item for item in examine(desk) if "字体" in item.what]


def test_a_mended_template_renders_the_post_that_it_kept_back(workspace: Any, clock: Any) -> None:
    template = workspace.folder / "templates" / "webhook" / "plain.json"
    good = template.read_text("utf-8")
    template.write_text("{{ no_such_name }}", encoding="utf-8")
    workspace.post("one", publish_at="2026-03-02 10:00")
    desk = workspace.desk(clock)
    queue(desk)
    (row,) = list_deliveries(desk.store)
    assert row.state is State.HELD
    assert "no_such_name" in row.reason
    template.write_text(good, encoding="utf-8")
    clock.advance(minutes=5)
    queue(desk)
    (mended,) = list_deliveries(desk.store)
    assert mended.state is State.SCHEDULED
    assert mended.due_at == row.due_at


def test_a_refusal_that_became_another_one_says_the_new_reason(bench: Any) -> None:
    script = bench.channel()
    script.findings.append(Finding(code="x", message="太长"))
    bench.queue("one")
    script.findings[:] = [Finding(code="y", message="没有图片")]
    queue(bench.desk)
    assert (bench.get().state, bench.get().reason) == (State.REJECTED, "没有图片")
    assert bench.history() == ["rejected"]


def test_only_the_channel_without_a_rendition_is_rendered_again(bench: Any) -> None:
    bench.channel("a")
    refused = bench.channel("b")
    refused.findings.append(Finding(code="x", message="太长"))
    bench.queue("one")
    before = bench.get(1)
    refused.findings.clear()
    queue(bench.desk)
    assert bench.get(1) == before
    assert bench.get(2).state is State.SCHEDULED
    assert bench.history(2) == ["rejected", "scheduled", "frozen"]
    bench.run()
    assert (len(bench.scripts["a"].sent), len(refused.sent)) == (1, 1)


def test_what_has_become_too_late_meanwhile_is_held_and_not_sent(bench: Any) -> None:
    bench.policy = Policy(late_after=timedelta(minutes=120))
    script = bench.channel()
    script.findings.append(Finding(code="x", message="太长"))
    bench.queue("one")
    script.findings.clear()
    bench.clock.advance(hours=3)
    queue(bench.desk)
    bench.run()
    assert bench.get().state is State.HELD
    assert script.sent == []


def test_what_was_called_off_or_given_up_long_ago_stays_as_it_is(bench: Any) -> None:
    script = bench.channel()
    script.findings.append(Finding(code="x", message="太长"))
    bench.queue("one", "two")
    cancel(bench.desk, 1, ANNA)
    script.findings.clear()
    bench.clock.now += AGAIN_FOR + timedelta(minutes=1)
    queue(bench.desk)
    assert [delivery.state for delivery in bench.all()] == [State.CANCELLED, State.REJECTED]
    with pytest.raises(StateError, match="没有成稿"):
        retry(bench.desk, 1, ANNA)


def test_a_setting_that_is_wrong_is_told_in_its_own_words(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise ConfigError("请在设置里写 rip")

    bench.channel()
    with monkeypatch.context() as patch:
        patch.setattr(type(bench.bound("a")), "render", refuse)
        bench.queue("one")
    assert bench.get().reason.startswith("请在设置里写 rip")
    queue(bench.desk)
    assert bench.get().state is State.SCHEDULED


@pytest.mark.parametrize("broken", ["{{ no_such_name }}", "{% if %}", "{{ nope"])
def test_a_template_broken_after_queueing_holds_what_was_rendered_and_mended_lets_it_go_on(
    workspace: Any, clock: Any, broken: str
) -> None:
    template = workspace.folder / "templates" / "webhook" / "plain.json"
    good = template.read_text("utf-8")
    workspace.post("one", publish_at="2026-03-02 10:00")
    desk = workspace.desk(clock)
    queue(desk)
    (before,) = list_deliveries(desk.store)
    assert before.state is State.SCHEDULED
    template.write_text(broken, encoding="utf-8")
    clock.advance(minutes=1)
    assert [notice for notice in queue(desk).notices if "plain.json" in notice]
    (row,) = list_deliveries(desk.store)
    assert row.state is State.HELD
    assert "plain.json" in row.reason
    with pytest.raises(StateError, match="没有成稿"):  # the older rendition is not what the settings say now
        release(desk, row.id, ANNA)
    template.write_text(good, encoding="utf-8")
    clock.advance(minutes=1)
    queue(desk)
    (mended,) = list_deliveries(desk.store)
    assert (mended.state, mended.reason, mended.due_at) == (State.SCHEDULED, "", before.due_at)


def test_trouble_of_the_machine_is_one_alarm_however_many_deliveries_wait_for_it(workspace: Any, clock: Any) -> None:
    template = workspace.folder / "templates" / "webhook" / "plain.json"
    good = template.read_text("utf-8")
    template.write_text("{{ no_such_name }}", encoding="utf-8")
    for name in ("one", "two", "three"):
        workspace.post(name, publish_at="2026-03-02 10:00")
    desk = workspace.desk(clock)
    queue(desk)
    (found,) = standing(desk)
    assert "plain.json" in found.cause.words
    assert "3" in found.cause.words
    template.write_text(good, encoding="utf-8")
    clock.advance(minutes=1)
    queue(desk)
    assert standing(desk) == []
