"""A real WordPress of Debian's packages, with a database and a PHP server of the test's own on the loopback."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.mail_server import free_port

WORDPRESS = Path("/usr/share/wordpress")

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


@contextmanager
def wordpress(folder: Path) -> Iterator[Site]:
    """A site that is there for as long as the context is open."""
    database = free_port()
    running = [_start_database(folder, database)]
    try:
        root = _lay_out(folder, database)
        port = free_port()
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
    install = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal",
               "--skip-test-db", *owner]  # fmt: skip
    # With nothing of this process but where programs are: other tests have left it with masks and languages of their own. On a busy machine
    # the server that fills its tables has been seen to give up, so that it may begin anew.
    for _ in range(3):
        made = subprocess.run(
            install, check=False, capture_output=True, text=True, env={"PATH": os.environ["PATH"]}, umask=0o022
        )
        if made.returncode == 0:
            break
        shutil.rmtree(data, ignore_errors=True)
    assert made.returncode == 0, made.stdout + made.stderr
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
