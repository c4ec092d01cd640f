"""WordPress behind real servers and plugins: what they put in between is neither the post's fault nor doubt, and keywords stop nothing."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from PIL import Image

from xuanfa.adapters.shared.http import Answer
from xuanfa.adapters.wordpress.answers import is_refused_term, without_noise
from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import Delivery, State
from xuanfa.domain.finding import Severity
from xuanfa.engine.once import one_pass
from xuanfa.operations.desk import Desk
from xuanfa.rehearsal import Platform, journal_of
from xuanfa.store import channels, deliveries, ledger

#: What stands between: the request, and how the site itself would answer it.
Between = Callable[[httpx.Request, Callable[[], httpx.Response]], httpx.Response]
NOISE = b"<br />\n<b>Warning</b>:  Undefined array key [0] in <b>/www/a.php</b> on line <b>3</b><br />\n"
SERVER = "<html>\r\n<head><title>{0}</title></head>\r\n<body><center><h1>{0}</h1></center></body></html>"


@pytest.fixture
def office(tmp_path: Path) -> Path:
    (tmp_path / "posts" / "images").mkdir(parents=True)
    Image.effect_noise((900, 500), 90).save(tmp_path / "posts" / "images" / "court.png")
    write(tmp_path, "开放日", "法治")
    (tmp_path / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "我们在行动"\nchannels = ["blog"]\n\n[channels.blog]\nadapter = "wordpress"\n'
        'rehearsal = true\ncategories = ["行动"]\n',
        encoding="utf-8",
    )
    return tmp_path


def write(office: Path, title: str, *keywords: str) -> None:
    head = f"title: {title}\ncolumn: action\npublish_at: now\nkeywords: {json.dumps(keywords, ensure_ascii=False)}"
    text = f"---\n{head}\n---\n\n{title}的正文。\n\n![庭审](images/court.png)\n"
    (office / "posts" / f"{title}.md").write_text(text, encoding="utf-8")


@pytest.fixture
def between(monkeypatch: pytest.MonkeyPatch) -> Callable[[Between], None]:
    own = Platform.handle_request

    def put(machine: Between) -> None:
        monkeypatch.setattr(
            Platform, "handle_request", lambda site, request: machine(request, lambda: own(site, request))
        )

    return put


def route(request: httpx.Request) -> str:
    return str(request.url.params.get("rest_route", "") or request.url.path)


def sent(desk: Desk, number: int = 1) -> tuple[Delivery, str]:
    one_pass(desk)
    with desk.store.read() as connection:
        standing = channels.standings(connection).get("blog")
        return deliveries.get(connection, [number])[number], standing.reason if standing and standing.paused_at else ""


def received(office: Path, method: str, path: str) -> int:
    return sum(
        r.method == method and r.path == path for r in journal_of(office / "var" / "rehearsal", "blog").received()
    )


def refused(status: int, code: str) -> Answer:
    return Answer(status, httpx.Headers(), json.dumps({"code": code, "message": "x", "data": {}}).encode())


def test_warnings_before_the_json_are_passed_over(office: Path, clock: Any, between: Any) -> None:
    def noisy(request: httpx.Request, site: Callable[[], httpx.Response]) -> httpx.Response:
        return httpx.Response((said := site()).status_code, content=NOISE + said.read())

    between(noisy)
    with open_desk(office, clock) as desk:
        assert sent(desk)[0].state is State.PUBLISHED
    assert received(office, "POST", "/wp/v2/posts") == 1


@pytest.mark.parametrize(
    ("body", "data", "noise"),
    [
        (b'{"id": 1}', {"id": 1}, ""),
        (NOISE + b"[]", [], "Warning : Undefined array key [0] in /www/a.php on line 3"),
        ("PHP 警告\n".encode("gbk") + '{"标题": "好"}'.encode("gbk"), {"标题": "好"}, "PHP 警告"),
        (b"\xef\xbb\xbf" + b'{"id": 2}', {"id": 2}, ""),
        (NOISE + b'{"id": 1', None, ""),
        (b"<html>{}</html>", None, ""),
        (b"", None, ""),
    ],
)
def test_only_whole_json_at_the_end_counts(body: bytes, data: Any, noise: str) -> None:
    answer, found = without_noise(Answer(200, httpx.Headers({"content-type": "application/json"}), body))
    assert (answer.data, found) == (data, noise)


def test_an_upload_that_the_server_does_not_take_names_the_setting(office: Path, clock: Any, between: Any) -> None:
    def small(request: httpx.Request, site: Callable[[], httpx.Response]) -> httpx.Response:
        if route(request).endswith("/media") and request.method == "POST":
            return httpx.Response(413, text=SERVER.format("413 Request Entity Too Large"))
        return site()

    between(small)
    with open_desk(office, clock) as desk:
        delivery, paused = sent(desk)
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
    assert "picture_kb_max" in paused
    assert "<" not in paused


@pytest.mark.parametrize("rest", ["auto", "pretty"])
def test_a_missing_rewrite_rule_is_gone_round_or_named(office: Path, clock: Any, between: Any, rest: str) -> None:
    def without_rule(request: httpx.Request, site: Callable[[], httpx.Response]) -> httpx.Response:
        if request.url.path.startswith("/wp-json"):
            return httpx.Response(404, text=SERVER.format("404 Not Found"))
        if "rest_route" not in request.url.params:
            link = '<https://rehearsal.invalid/wp-json/>; rel="https://api.w.org/"'
            return httpx.Response(200, text="<html>首页 <a>登录</a></html>", headers={"link": link})
        return site()

    between(without_rule)
    settings = office / "xuanfa.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + f'rest = "{rest}"\n', encoding="utf-8")
    with open_desk(office, clock) as desk:
        delivery, paused = sent(desk)
    if rest == "auto":
        assert delivery.state is State.PUBLISHED
    else:
        assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
        assert 'rest = "plain"' in paused
        assert "<" not in paused


@pytest.mark.parametrize(
    "page", ["<html><title>网站维护中</title></html>", "<!DOCTYPE html><p>您的请求带有危险内容</p>"]
)
@pytest.mark.parametrize("status", [200, 403, 405])
def test_a_page_in_place_of_an_answer_is_quoted_by_its_words(
    office: Path, clock: Any, between: Any, page: str, status: int
) -> None:
    between(lambda request, site: httpx.Response(status, content=page.encode("gbk")))
    with open_desk(office, clock) as desk:
        delivery, paused = sent(desk)
    assert (delivery.state, delivery.tries) == (State.SCHEDULED, 0)
    assert any(words in paused for words in ("网站维护中", "您的请求带有危险内容"))
    assert "<" not in paused


def test_a_keyword_that_the_site_refuses_is_left_out_and_told(
    office: Path, clock: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    write(office, "开放日", "法治", "<k>", "营商")
    write(office, "第二篇", "<k>")
    with open_desk(office, clock) as desk:
        assert sent(desk)[0].state is State.PUBLISHED
        assert sent(desk, 2)[0].state is State.PUBLISHED
        with desk.store.read() as connection:
            receipts = [ledger.receipt(connection, number) for number in (1, 2)]
    assert all(receipt is not None and "<k>" in receipt.evidence and "略去" in receipt.evidence for receipt in receipts)
    assert "<k>" in capsys.readouterr().err
    # Two that are taken, and one request for the one that is not.
    assert received(office, "POST", "/wp/v2/tags") == 3


def test_a_keyword_of_marks_alone_is_told_before_it_leaves(office: Path, clock: Any) -> None:
    write(office, "开放日", "<k>")
    with open_desk(office, clock) as desk:
        adapter = desk.adapters.bound("blog")
        from xuanfa.domain.rendition import Rendition  # noqa: PLC0415 - only here

        rendition = Rendition(
            title="开放日", body="<p>正文</p>", media_type="text/html", extra={"tags": '["<k>", "法治"]'}
        )
        (finding,) = adapter.check(rendition)
    assert (finding.code, finding.severity) == ("wordpress.keyword", Severity.WARN)


@pytest.mark.parametrize(
    ("answer", "is_refused"),
    [
        (refused(500, "empty_term_name"), True),
        (refused(400, "rest_invalid_param"), True),
        (refused(403, "rest_cannot_create"), True),
        (refused(500, "db_insert_error"), True),
        (refused(400, "some_plugins_own_code"), True),
        (refused(401, "rest_not_logged_in"), False),
        (refused(503, "wp_die"), False),
        (refused(429, "slow_down"), False),
        (Answer(500, httpx.Headers(), b"<html>"), False),
        (Answer(201, httpx.Headers(), b'{"id": 7}'), False),
    ],
)
def test_what_refuses_a_keyword_and_what_is_trouble(answer: Answer, is_refused: bool) -> None:
    assert is_refused_term(answer) is is_refused


def test_two_posts_at_once_make_one_category_and_one_tag_of_a_name(office: Path, clock: Any, between: Any) -> None:
    """While one makes it, the other has every chance to ask; it waits and takes what the first has made."""
    asked: dict[str, int] = {}
    other, guard = threading.Event(), threading.Lock()

    def slow(request: httpx.Request, site: Callable[[], httpx.Response]) -> httpx.Response:
        kind = route(request).rpartition("/")[2]
        if kind in {"categories", "tags"}:
            with guard:
                name = f"{request.method} {kind}"
                asked[name] = asked.get(name, 0) + 1
                if asked.get(f"GET {kind}", 0) > 1:
                    other.set()
            if request.method == "POST":
                other.wait(0.5)
        return site()

    between(slow)
    with open_desk(office, clock) as desk, ThreadPoolExecutor(2) as pool:

        def prepare(_number: int) -> tuple[Any, Any]:
            library = desk.adapters.bound("blog")._library
            return library.categories(["行动"], create=True), library.tags(["法治", "Open day"], create=True)

        first, second = pool.map(prepare, (1, 2))
    assert first == second
    assert asked["POST categories"] == 1
    assert asked["POST tags"] == 2


def test_doctor_says_what_stands_before_the_json_and_what_is_none(office: Path, clock: Any, between: Any) -> None:
    from xuanfa.adapters.wordpress.api import Api  # noqa: PLC0415 - only here
    from xuanfa.adapters.wordpress.config import WordpressConfig  # noqa: PLC0415 - as above
    from xuanfa.adapters.wordpress.doctor import _noisy, _unread  # noqa: PLC0415 - as above

    def noisy(request: httpx.Request, site: Callable[[], httpx.Response]) -> httpx.Response:
        return httpx.Response(200, content=NOISE + site().read())

    between(noisy)
    with open_desk(office, clock) as desk:
        api = Api(WordpressConfig(adapter="wordpress", rehearsal=True), desk.adapters.bound("blog")._tools)
        api.step("GET", "users/me")
        (noise,) = _noisy(api.noise)
    assert "Undefined array key" in noise.message
    assert noise.severity is Severity.WARN
    (none,) = _unread(Answer(200, httpx.Headers(), "<html>网站维护中</html>".encode("gbk")))
    assert "不是 JSON：网站维护中" in none.message
