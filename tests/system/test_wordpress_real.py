"""The WordPress channel against a real WordPress: Debian's packages, with a database and a PHP server of the test's own on the loopback."""

import os
import re
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import httpx
import pytest
from PIL import Image

from xuanfa.adapters.wordpress import WordpressAdapter
from xuanfa.adapters.wordpress.config import WordpressConfig
from xuanfa.bootstrap import open_desk
from xuanfa.content.kit import PostKit
from xuanfa.content.media import MediaStore
from xuanfa.content.templates import Templates
from xuanfa.domain.attempt import Order, delivery_key
from xuanfa.domain.column import Column, Organisation
from xuanfa.domain.delivery import State
from xuanfa.domain.finding import blocking
from xuanfa.domain.outcome import (
    Absent,
    Accepted,
    Blame,
    Published,
    Rejected,
    Retracted,
    Staged,
    Unknown,
    Unsent,
)
from xuanfa.domain.post import Post
from xuanfa.domain.receipt import Receipt
from xuanfa.engine.once import one_pass
from xuanfa.operations.decide import Person
from xuanfa.operations.retract import retract
from xuanfa.reports.listing import list_deliveries

# One server for the whole file: all of it runs in one worker.
pytestmark = pytest.mark.xdist_group("wordpress")

WORDPRESS = Path("/usr/share/wordpress")
TEMPLATES = Templates([Path(__file__).parents[2] / "templates"])
ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
BODY = """把法庭搬到**田间地头**，当庭调解一起土地承包纠纷。

![庭审](images/court.png "庭审现场")

| 项目 | 数量 |
|---|--:|
| 巡回审判 | 12 |

第一行
第二行带反斜杠 C:\\\\temp 与 <、&。
"""
POST = Post(
    slug="tianjian",
    title="巡回审判到田间 & “家门口”",
    column="action",
    body=BODY,
    summary="把法庭搬到田间地头。",
    department="民一庭",
    keywords=("巡回审判", "营商 & 环境"),
)

_CONFIG = """<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'root'); define('DB_PASSWORD', ''); define('DB_HOST', '127.0.0.1:{port}');
define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
define('WP_ENVIRONMENT_TYPE', 'local'); define('DISABLE_WP_CRON', true); define('WP_HTTP_BLOCK_EXTERNAL', true);
define('WP_CONTENT_DIR', '{root}/wp-content'); define('WP_DEFAULT_THEME', 'plain'); define('AUTH_KEY', 'test');
$table_prefix = 'wp_';
require_once ABSPATH . 'wp-settings.php';
"""
#: A theme that shows what a visitor of any theme is shown; the packages bring none.
_THEME = """<!DOCTYPE html><html lang="zh-CN"><head><title><?php wp_title(); ?></title><?php wp_head(); ?></head><body>
<?php while (have_posts()) { the_post(); ?><article><h1><?php the_title(); ?></h1><?php the_post_thumbnail(); ?>
<div class="entry"><?php the_content(); ?></div><p class="filed"><?php the_category(', '); the_tags(); ?></p></article><?php } ?>
</body></html>
"""
_PASSWORDS = """<?php
require $argv[1] . '/wp-load.php';
foreach (['editor', 'author', 'contributor'] as $role) {
    $id = $role === 'editor' ? 1 : wp_insert_user(['user_login' => $role, 'user_pass' => wp_generate_password(), 'role' => $role]);
    if ($role === 'editor') { (new WP_User($id))->set_role('editor'); }
    echo $role, ' ', WP_Application_Passwords::create_new_application_password($id, ['name' => 'xuanfa'])[0], "\\n";
}
"""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until something listens; a process that has ended says why."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text(errors="replace")[-2000:]
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)  # a process elsewhere has no signal to wait for
    pytest.fail(f"nothing listens on {port}: {log.read_text(errors='replace')[-2000:]}")


@dataclass
class Site:
    """A running WordPress."""

    address: str
    passwords: dict[str, str] = field(default_factory=dict)

    def all(self, path: str, **params: str) -> Any:
        """What the site's own interface says, as its editor."""
        query = {"rest_route": f"/wp/v2/{path}", "context": "edit", "per_page": "100", **params}
        answer = httpx.get(f"{self.address}/", params=query, auth=("admin", self.passwords["editor"]), trust_env=False)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("wordpress")
    database = _free_port()
    running = [_start_database(folder, database)]
    try:
        root = _lay_out(folder, database)
        port = _free_port()
        log = folder / "php.log"
        php = ["php", "-d", f"auto_prepend_file={folder / 'prepend.php'}", "-d", "upload_max_filesize=2M"]
        with log.open("wb") as out:
            running.append(
                subprocess.Popen(
                    [*php, "-S", f"127.0.0.1:{port}", "-t", str(root)],
                    stdout=out,
                    stderr=out,
                    env={**os.environ, "PHP_CLI_SERVER_WORKERS": "3"},
                    start_new_session=True,
                )
            )
        _wait_for(port, running[-1], log)
        site = Site(f"http://127.0.0.1:{port}")
        _install(site.address)
        (folder / "passwords.php").write_text(_PASSWORDS)
        env = {**os.environ, "HTTP_HOST": f"127.0.0.1:{port}"}
        made = subprocess.run(
            [*php, folder / "passwords.php", root], check=True, capture_output=True, text=True, env=env
        ).stdout
        site.passwords = dict(line.split(" ", 1) for line in made.strip().splitlines())
        yield site
    finally:
        for process in reversed(running):
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def _start_database(folder: Path, port: int) -> subprocess.Popen[bytes]:
    data, log = folder / "data", folder / "database.log"
    owner = ["--user=root"] if os.geteuid() == 0 else []
    subprocess.run(
        ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
         "--skip-test-db", *owner],
        check=True, capture_output=True,
    )  # fmt: skip
    with log.open("wb") as out:
        process = subprocess.Popen(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--port={port}", "--bind-address=127.0.0.1",
             f"--socket={folder / 's'}", f"--pid-file={folder / 'pid'}", "--skip-log-bin", "--skip-name-resolve",
             "--innodb-flush-log-at-trx-commit=0", "--innodb-buffer-pool-size=32M", *owner],
            stdout=out, stderr=out, start_new_session=True,
        )  # fmt: skip
    _wait_for(port, process, log)
    subprocess.run(
        ["mariadb", "--no-defaults", f"--socket={folder / 's'}", "-uroot", "-e", "CREATE DATABASE wordpress"],
        check=True, capture_output=True,
    )  # fmt: skip
    return process


def _lay_out(folder: Path, database: int) -> Path:
    """The program by links, and its own configuration, theme and uploads."""
    root = folder / "root"
    (root / "wp-content" / "themes" / "plain").mkdir(parents=True)
    (root / "wp-content" / "uploads").mkdir()
    for entry in WORDPRESS.iterdir():
        if entry.name not in {"wp-config.php", "wp-content"}:
            (root / entry.name).symlink_to(entry)
    (root / "wp-config.php").write_text(_CONFIG.format(port=database, root=root))
    theme = root / "wp-content" / "themes" / "plain"
    (theme / "style.css").write_text("/*\nTheme Name: plain\n*/")
    (theme / "functions.php").write_text("<?php add_theme_support('post-thumbnails');")
    (theme / "index.php").write_text(_THEME)
    # The linked files find the program beside themselves; this tells them where the site is.
    (folder / "prepend.php").write_text(f"<?php define('ABSPATH', '{root}/');")
    return root


def _install(address: str) -> None:
    answer = httpx.post(
        f"{address}/wp-admin/install.php?step=2",
        data={
            "weblog_title": "某院", "user_name": "admin", "admin_password": "correct-horse-battery-7",
            "admin_password2": "correct-horse-battery-7", "pw_weak": "1", "admin_email": "a@example.gov.cn",
            "blog_public": "0", "language": "",
        },
        timeout=60,
        trust_env=False,
    )  # fmt: skip
    assert "Success" in answer.text, answer.text[-2000:]


class Memory(dict[str, str]):
    """Tools of a channel: pictures, and what is remembered."""

    def __init__(self, http: httpx.Client, media: MediaStore) -> None:
        super().__init__()
        self.http = http
        self.folder = Path()
        self.picture = media.path

    def recall(self, name: str) -> str | None:
        return self.get(name)

    def keep(self, name: str, value: str, life: timedelta | None) -> None:
        self[name] = value


@dataclass
class Bench:
    """A channel to the site, and posts for it."""

    site: Site
    media: MediaStore
    http: httpx.Client
    court: Path

    def bind(self, role: str = "editor", **settings: Any) -> WordpressAdapter:
        given = {
            "adapter": "wordpress", "base_url": self.site.address, "username": "admin" if role == "editor" else role,
            "application_password": self.site.passwords[role], "categories": ["专栏 & 行动"],
        } | settings  # fmt: skip
        return WordpressAdapter(WordpressConfig.model_validate(given), Memory(self.http, self.media))  # type: ignore[arg-type]

    def post(self, slug: str, **changes: Any) -> Post:
        picture = self.media.keep(self.court, "images/court.png", alt="庭审", caption="庭审现场")
        return replace(POST, slug=slug, pictures=(picture,), **changes)

    def order(self, adapter: WordpressAdapter, post: Post, **changes: Any) -> Order:
        kit = PostKit(
            post=post,
            organisation=Organisation(name="某院"),
            column=Column(id="action", title="我们在行动"),
            channel="blog",
            kind="wordpress",
            zone=ZONE,
            templates=TEMPLATES,
            media=self.media,
            channels=frozenset({"blog"}),
        )
        rendition = adapter.render(kit.post, kit)
        assert not blocking(adapter.check(rendition))
        order = Order(
            delivery=1, attempt=1, key=delivery_key(post.slug, "blog", rendition.digest), post=post.slug, revision=1,
            channel="blog", column="action", rendition=rendition, published_at=NOW,
        )  # fmt: skip
        return replace(order, **changes)

    def staged(self, adapter: WordpressAdapter, order: Order) -> Order:
        staging = adapter.stage(order)
        assert isinstance(staging, Staged), staging
        return replace(order, staged=staging.memory)

    def publish(self, adapter: WordpressAdapter, post: Post) -> tuple[Order, Published]:
        order = self.staged(adapter, self.order(adapter, post))
        outcome = adapter.publish(order)
        assert isinstance(outcome, Published), outcome
        return order, outcome

    def visit(self, address: str | None) -> str:
        """What somebody sees who is not signed in."""
        assert address is not None
        return httpx.get(address, trust_env=False, follow_redirects=True).text


@pytest.fixture
def bench(site: Site, tmp_path: Path) -> Iterator[Bench]:
    court = tmp_path / "court.png"
    Image.new("RGB", (800, 450), "#0b57a8").save(court)
    with httpx.Client(trust_env=False, timeout=30) as client:
        yield Bench(site, MediaStore(tmp_path / "media"), client, court)


def test_a_post_is_published_with_its_picture_category_and_tags_as_visitors_see_it(bench: Bench) -> None:
    order, published = bench.publish(bench.bind(), bench.post("tianjian", cover=bench.post("x").pictures[0]))
    assert "注意" not in published.receipt.evidence
    page = bench.visit(published.receipt.address)
    assert "<h1>巡回审判到田间 & “家门口”</h1>" in unescape(page)
    assert "<strong>田间地头</strong>" in page
    assert unescape(page).count("专栏 & 行动") == 1
    assert "巡回审判</a>" in page
    assert "C:\\temp 与 &lt;、&amp;" in page
    assert '<td style="text-align:right">12</td>' in page
    assert "xuanfa" not in page
    [source] = set(re.findall(r'<img [^>]*src="([^"]+)"', page.partition('class="entry"')[2]))
    picture = httpx.get(source, trust_env=False)
    assert picture.content == bench.media.path(order.rendition.pictures[0]).read_bytes()
    [kept] = bench.site.all("posts", slug="tianjian")
    assert kept["excerpt"]["raw"] == "把法庭搬到田间地头。"
    assert kept["comment_status"] == "closed"
    assert bench.site.all(f"media/{kept['featured_media']}")["alt_text"] == "庭审"
    assert published.receipt.remote_id == str(kept["id"])
    assert published.receipt.published_at is not None
    assert abs(published.receipt.published_at - datetime.now(UTC)) < timedelta(minutes=5)


def test_pictures_and_terms_are_uploaded_and_made_once(bench: Bench) -> None:
    """Each channel remembers nothing: it finds what is there, whichever way the interface is reached."""
    for rest in ("auto", "plain", "pretty"):
        bench.publish(bench.bind(rest=rest), bench.post(f"once-{rest}"))
    stem = bench.post("x").pictures[0].sha256[:16]
    assert len(bench.site.all("media", search=stem)) == 1
    assert [term["name"] for term in bench.site.all("categories", search="专栏")] == ["专栏 &amp; 行动"]
    assert len(bench.site.all("tags", search="营商")) == 1


def test_a_picture_that_staff_deleted_is_uploaded_again(bench: Bench) -> None:
    adapter = bench.bind()
    bench.publish(adapter, bench.post("deleted-a", title="甲"))
    [media] = bench.site.all("media", search=bench.post("x").pictures[0].sha256[:16])
    bench.http.request(
        "DELETE", f"{bench.site.address}/", params={"rest_route": f"/wp/v2/media/{media['id']}", "force": "true"},
        auth=("admin", bench.site.passwords["editor"]),
    )  # fmt: skip
    _, published = bench.publish(adapter, bench.post("deleted-b"))
    [source] = re.findall(r'<img [^>]*src="([^"]+)"', bench.visit(published.receipt.address))
    assert httpx.get(source, trust_env=False).status_code == 200


def test_a_changed_text_updates_the_same_post_and_the_same_text_changes_nothing(bench: Bench) -> None:
    adapter = bench.bind()
    _, first = bench.publish(adapter, bench.post("revised"))
    _, second = bench.publish(adapter, bench.post("revised", body="改过的正文。"))
    _, third = bench.publish(adapter, bench.post("revised", body="改过的正文。"))
    assert first.receipt.remote_id == second.receipt.remote_id == third.receipt.remote_id
    assert "改过的正文。" in bench.visit(second.receipt.address)
    assert len(bench.site.all("posts", slug="revised,revised-2", status="publish,draft,pending,private,future")) == 1


def test_somebody_elses_post_of_that_name_is_never_touched(bench: Bench) -> None:
    auth = ("admin", bench.site.passwords["editor"])
    theirs = {"title": "别人的", "content": "原文", "slug": "theirs", "status": "draft"}
    bench.http.post(
        f"{bench.site.address}/", params={"rest_route": "/wp/v2/posts"}, json=theirs, auth=auth
    ).raise_for_status()
    adapter = bench.bind()
    order = bench.order(adapter, bench.post("theirs"))
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected)
    assert (staging.blame, staging.findings[0].code) == (Blame.CONTENT, "wordpress.slug_taken")
    assert isinstance(adapter.confirm(order, None), Unknown)
    [kept] = bench.site.all("posts", slug="theirs", status="draft")
    assert kept["content"]["raw"] == "原文"


def test_a_name_that_the_site_changes_is_told_in_the_receipt(bench: Bench) -> None:
    """Two programs at once: both looked, both found the name free."""
    adapter = bench.bind()
    order = bench.staged(adapter, bench.order(adapter, bench.post("raced")))
    assert isinstance(adapter.publish(order), Published)
    second = adapter.publish(order)
    assert isinstance(second, Published)
    assert "raced-2" in second.receipt.evidence
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected)
    assert staging.findings[0].code == "wordpress.twice"


def test_withdrawing_puts_the_post_into_the_trash_once_and_leaves_its_name_free(bench: Bench) -> None:
    adapter = bench.bind()
    order, published = bench.publish(adapter, bench.post("withdrawn"))
    assert isinstance(adapter.retract(order, published.receipt), Retracted)
    assert isinstance(adapter.retract(order, published.receipt), Retracted)
    assert "巡回审判到田间" not in bench.visit(published.receipt.address)
    [kept] = bench.site.all("posts", status="trash", slug="withdrawn__trashed")
    assert str(kept["id"]) == published.receipt.remote_id
    assert isinstance(adapter.confirm(order, None), Unknown)
    _, again = bench.publish(adapter, bench.post("withdrawn"))
    assert again.receipt.remote_id != published.receipt.remote_id
    assert isinstance(adapter.retract(order, Receipt(evidence="settled by hand")), Retracted)
    assert isinstance(adapter.retract(order, Receipt(remote_id="999999")), Retracted)


def test_a_draft_waits_for_the_sites_staff_and_is_found_when_they_publish_it(bench: Bench) -> None:
    adapter = bench.bind(status="draft")
    order = bench.staged(adapter, bench.order(adapter, bench.post("drafted")))
    outcome = adapter.publish(order)
    assert isinstance(outcome, Accepted)
    assert isinstance(adapter.confirm(order, outcome.ticket), Accepted)
    changed = {"slug": "another-name", "status": "publish"}
    auth = ("admin", bench.site.passwords["editor"])
    route = {"rest_route": f"/wp/v2/posts/{outcome.ticket}"}
    bench.http.post(f"{bench.site.address}/", params=route, json=changed, auth=auth).raise_for_status()
    assert isinstance(adapter.confirm(order, outcome.ticket), Published)
    bench.http.delete(f"{bench.site.address}/", params=route, auth=auth).raise_for_status()
    assert isinstance(adapter.confirm(order, outcome.ticket), Unknown)
    assert isinstance(adapter.confirm(order, "999999"), Unknown)


@pytest.mark.parametrize("rest", ["plain", "pretty"])
@pytest.mark.parametrize("settings", [{"application_password": "AAAA BBBB CCCC DDDD"}, {"username": "nobody"}])
def test_a_wrong_sign_in_is_the_operators_with_the_remedy(bench: Bench, settings: dict[str, Any], rest: str) -> None:
    adapter = bench.bind(rest=rest, **settings)
    order = bench.order(adapter, bench.post("locked"))
    staging = adapter.stage(order)
    assert isinstance(staging, Rejected), staging
    assert (staging.blame, staging.findings[0].code) == (Blame.CHANNEL, "wordpress.rest_not_logged_in")
    assert "应用程序密码" in staging.findings[0].message
    assert "BBBB" not in repr(staging)
    refused = adapter.publish(replace(order, rendition=replace(order.rendition, body="正文。", pictures=())))
    assert isinstance(refused, Rejected)
    assert refused.blame is Blame.CHANNEL
    assert isinstance(adapter.confirm(order, None), Unknown)
    assert [finding.code for finding in blocking(adapter.diagnose())] == ["wordpress.rest_not_logged_in"]


def test_an_author_publishes_and_what_the_site_filtered_is_told(bench: Bench) -> None:
    """Authors lack unfiltered_html; what our own HTML has passes the site's filter unchanged."""
    adapter = bench.bind("author", categories=[1])
    assert blocking(adapter.diagnose()) == ()
    _, published = bench.publish(adapter, bench.post("by-author"))
    assert "注意" not in published.receipt.evidence
    order = bench.staged(adapter, bench.order(adapter, bench.post("filtered")))
    odd = replace(
        order, rendition=replace(order.rendition, body='<p onclick="x()">正文<script>x()</script></p>', pictures=())
    )
    outcome = adapter.publish(odd)
    assert isinstance(outcome, Published)
    assert "过滤" in outcome.receipt.evidence


def test_a_contributor_is_told_what_is_missing(bench: Bench) -> None:
    adapter = bench.bind("contributor", categories=[1], tags=False)
    assert [finding.code for finding in blocking(adapter.diagnose())] == ["wordpress.rights"]
    order = bench.order(adapter, replace(POST, slug="by-contributor", body="正文。"))
    outcome = adapter.publish(bench.staged(adapter, order))
    assert isinstance(outcome, Rejected)
    assert outcome.blame is Blame.CHANNEL
    Image.new("RGB", (80, 45), "#c00").save(bench.court)  # one that the site does not have yet
    upload = adapter.stage(bench.order(adapter, bench.post("by-contributor")))
    assert isinstance(upload, Rejected)
    assert upload.blame is Blame.CHANNEL


def test_a_category_that_may_not_be_made_is_asked_for(bench: Bench) -> None:
    adapter = bench.bind(categories=["没有的分类"], create_terms=False)
    staging = adapter.stage(bench.order(adapter, bench.post("uncategorised")))
    assert isinstance(staging, Rejected)
    assert (staging.blame, staging.findings[0].code) == (Blame.CHANNEL, "wordpress.no_category")


def test_a_post_named_in_chinese_gets_a_name_of_its_own_and_is_found_by_it(bench: Bench) -> None:
    adapter = bench.bind()
    order, published = bench.publish(adapter, bench.post("巡回审判"))
    confirmed = adapter.confirm(order, None)
    assert isinstance(confirmed, Published)
    assert confirmed.receipt.remote_id == published.receipt.remote_id
    other = bench.order(adapter, bench.post("巡回审判-二"))
    assert isinstance(adapter.confirm(other, None), Absent)


class Middle(ThreadingHTTPServer):
    """Stands before the site and passes everything on. While ``swallow`` it lets posts through and drops the answers."""

    daemon_threads = True

    def __init__(self, target: str) -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target = target
        self.swallow = False
        self.created = 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()


class _Passing(BaseHTTPRequestHandler):
    server: Middle

    def handle_any(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        dropped = {"host", "connection", "accept-encoding"}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in dropped}
        answer = httpx.request(
            self.command, self.server.target + self.path, content=body, headers=headers, trust_env=False, timeout=30
        )
        if self.command == "POST" and "/wp/v2/posts" in unquote(self.path):
            self.server.created += 1
            if self.server.swallow:
                self.close_connection = True
                return
        self.send_response(answer.status_code)
        self.send_header("Content-Type", answer.headers["content-type"])
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = do_DELETE = handle_any  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Silent."""


@pytest.fixture
def middle(site: Site) -> Iterator[Middle]:
    server = Middle(site.address)
    yield server
    server.shutdown()
    server.server_close()


def test_silence_after_acceptance_never_leads_to_a_second_post(
    bench: Bench, middle: Middle, tmp_path: Path, clock: Any
) -> None:
    office = tmp_path / "office"
    (office / "posts" / "images").mkdir(parents=True)
    shutil.copy(bench.court, office / "posts" / "images" / "court.png")
    head = "title: 巡回审判\ncolumn: action\npublish_at: now\nkeywords: [法治]"
    (office / "posts" / "silent.md").write_text(f"---\n{head}\n---\n\n{BODY}", encoding="utf-8")
    (office / "xuanfa.toml").write_text(
        '[columns.action]\ntitle = "我们在行动"\nchannels = ["blog"]\n\n[channels.blog]\nadapter = "wordpress"\nrest = "plain"\n'
        f'base_url = "http://127.0.0.1:{middle.server_port}"\nusername = "admin"\n'
        f'application_password = "{bench.site.passwords["editor"]}"\n',
        encoding="utf-8",
    )
    with open_desk(office, clock) as desk:

        def state() -> tuple[State, str | None]:
            [row] = list_deliveries(desk.store)
            return row.state, row.address

        middle.swallow = True
        one_pass(desk)
        assert (state()[0], middle.created) == (State.UNKNOWN, 1)
        middle.swallow = False
        for _ in range(3):
            clock.advance(minutes=2)
            one_pass(desk)
        assert (state()[0], middle.created) == (State.PUBLISHED, 1)
        assert "<h1>巡回审判</h1>" in bench.visit(state()[1])
        everywhere = "publish,future,draft,pending,private"
        assert len(bench.site.all("posts", search="巡回审判", slug="silent,silent-2", status=everywhere)) == 1
        ended = retract(desk, 1, Person(name="王", why="重复"))
        assert ended.delivery.state is State.RETRACTED
        assert "<h1>巡回审判</h1>" not in bench.visit(list_deliveries(desk.store)[0].address)


def test_a_site_that_is_down_gets_nothing(bench: Bench) -> None:
    adapter = bench.bind(base_url=f"http://127.0.0.1:{_free_port()}")
    assert isinstance(adapter.stage(bench.order(adapter, bench.post("down"))), Unsent)
    assert [finding.code for finding in adapter.diagnose()] == ["http.connect"]
