"""设置 · 回调 · 接收方: other programs are added, changed, tried and taken away from the browser; their secrets are written and shown once."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from tests.conftest import Clock, Workspace
from tests.support.browsing import PASSWORD, Somebody
from xuanfa.domain.webhook import EVENTS, TEST, Answer, Endpoint, key_of, new_secret
from xuanfa.domain.webhook_names import choices, event_name
from xuanfa.operations.desk import Desk
from xuanfa.reports.audit import audited
from xuanfa.settings import load

Sit = Callable[[str], Somebody]
SCHEMA = Path(__file__).parents[2] / "docs" / "webhook.schema.json"
URL = "https://oa.example.gov.cn/hooks/T0KEN"


def receiver(workspace: Workspace) -> Endpoint:
    return load(workspace.folder).endpoints["oa"]


def added(one: Somebody, **typed: str) -> str:
    one.go("/settings/receivers/new")
    form = one.form("加上")
    form.fields.append(("webhooks.+.events", "post.*"))
    kept = next(name for name, _ in form.fields if name.endswith("webhooks.+.url"))
    return one.send(form, **{"id": "oa", kept: URL, **typed})


def shown(text: str) -> str:
    return text.partition('id="secret">')[2].partition("<")[0]


def test_a_receiver_is_added_with_a_secret_that_is_shown_once(somebody: Sit, desk: Desk, workspace: Workspace) -> None:
    lina = somebody("lina")
    text = added(lina)
    secret = shown(text)
    assert key_of(secret), text
    assert (receiver(workspace).url, receiver(workspace).secrets) == (URL, (secret,))
    assert receiver(workspace).events == ("post.*",)
    assert desk.newest().webhooks.endpoints["oa"].secrets == (secret,), "it counts at once"
    toml = (workspace.folder / "xuanfa.toml").read_text(encoding="utf-8")
    assert "T0KEN" not in toml
    assert secret not in toml
    assert (workspace.folder / ".env").stat().st_mode & 0o777 == 0o600
    for path in ("/settings/receivers/oa", "/settings/webhooks", "/settings/audit"):
        text = lina.go(path)
        assert lina.page.status_code == 200
        assert "T0KEN" not in text
        assert secret not in text
    assert "oa.example.gov.cn" in lina.go("/settings/receivers/oa")


def test_pressed_again_it_leads_on_and_shows_no_other_secret(somebody: Sit, workspace: Workspace) -> None:
    lina = somebody("lina")
    lina.go("/settings/receivers/new")
    form = lina.form("加上")
    kept = next(name for name, _ in form.fields if name.endswith("webhooks.+.url"))
    secret = shown(lina.send(form, **{"id": "oa", kept: URL}))
    text = lina.send(form, **{"id": "oa", kept: URL})
    assert lina.page.url.path == "/settings/receivers/oa"
    assert not shown(text)
    assert receiver(workspace).secrets == (secret,)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"id": "办公"}, "只用小写英文字母"),
        ({"url": "http://oa.example.gov.cn/x"}, "https"),
        ({"url": "oa"}, "完整的网址"),
        ({"secret": "whsec_short"}, "whsec_"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_written(
    somebody: Sit, workspace: Workspace, typed: Mapping[str, str], words: str
) -> None:
    lina = somebody("lina")
    lina.go("/settings/receivers/new")
    form = lina.form("加上")
    names = {name.rpartition(".")[2]: name for name, _ in form.fields}
    before = (workspace.folder / "xuanfa.toml").read_bytes()
    told = {names[each]: value for each, value in {"id": "oa", "url": URL, **typed}.items()}
    text = lina.send(form, **told)
    assert lina.page.status_code == 422
    assert words in text
    assert "T0KEN" not in text
    assert (workspace.folder / "xuanfa.toml").read_bytes() == before


def test_another_secret_goes_beside_the_old_one_until_that_is_taken_away(somebody: Sit, workspace: Workspace) -> None:
    lina = somebody("lina")
    old = shown(added(lina))
    lina.go("/settings/receivers/oa")
    new = shown(lina.press("换一个密钥"))
    assert receiver(workspace).secrets == (new, old)
    lina.go("/settings/receivers/oa")
    form = lina.form("写进设置")
    gone = next(name for name, _ in form.fields if name.endswith("old_secret")) + ".gone"
    assert "刚改过：几秒内按新的走" in lina.send(form, **{gone: "1"})
    assert receiver(workspace).secrets == (new,)


def test_it_is_taken_away_with_its_secrets_by_whoever_shows_again_who_they_are(
    somebody: Sit, workspace: Workspace, clock: Clock
) -> None:
    lina = somebody("lina")
    added(lina)
    clock.advance(minutes=6)
    lina.go("/settings/receivers/oa")
    assert "请填密码" in lina.press("从设置里删去")
    assert receiver(workspace).url == URL
    lina.press("从设置里删去", again=PASSWORD)
    assert "改好了" in lina.page.text
    assert not load(workspace.folder).endpoints
    assert "WEBHOOKS" not in (workspace.folder / ".env").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("answer", "words"),
    [(Answer(status=204), "oa：收下了（204）"), (Answer(why="没有回音（连接被拒绝）"), "oa：没有收下：没有回音")],
)
def test_a_message_is_sent_to_try_it_and_what_came_of_it_stands_there(
    desk: Desk, somebody: Sit, monkeypatch: pytest.MonkeyPatch, answer: Answer, words: str
) -> None:
    got: list[tuple[bytes, Mapping[str, str]]] = []

    def post(_endpoint: Endpoint, body: bytes, headers: Mapping[str, str], _within: float) -> Answer:
        got.append((body, headers))
        return answer

    lina = somebody("lina")
    secret = shown(added(lina))
    monkeypatch.setattr("xuanfa.bootstrap.posting.posting", lambda _adapters: post)
    oa = Endpoint(id="oa", url=URL, events=("*",), secrets=(secret,))
    newest = desk.newest()
    told = replace(newest.webhooks, endpoints={"oa": oa}, post=post)
    monkeypatch.setattr(desk.renewal, "_newest", replace(newest, webhooks=told))
    lina.go("/settings/receivers/oa")
    form = lina.form("试送一条")
    assert words in lina.send(form)
    lina.send(form)
    ((body, headers),) = got
    jsonschema.validate(json.loads(body), json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert json.loads(body)["type"] == TEST
    assert headers["webhook-signature"].startswith("v1,")
    lines = [
        each for each in audited(desk.store, since=None, until=None, who=None, post=None) if each.act == "try_receiver"
    ]
    assert [(line.who, words in line.why) for line in lines] == [("lina", True)]


def test_it_is_for_administrators(somebody: Sit) -> None:
    zhou = somebody("zhou")
    for path in ("/settings/receivers/new", "/settings/receivers/oa"):
        zhou.go(path)
        assert zhou.page.status_code == 403


def test_every_event_has_a_name_of_its_own_in_words() -> None:
    assert set(EVENTS) <= set(choices())
    names = [event_name(each) for each in choices()]
    assert len(set(names)) == len(names)
    assert not [each for each in names if each.isascii()]
    assert event_name("delivery.no*") == "delivery.no*"
    assert key_of(new_secret())
