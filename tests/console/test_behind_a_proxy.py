"""The shipped nginx and Caddy sites before the console: TLS outside, cookies for TLS only, and nobody but the proxy says who asks."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.conftest import Clock
from tests.support.browsing import Somebody
from tests.support.certified import certificate
from tests.support.proxies import free_port, stop_server
from xuanfa.operations.desk import Desk
from xuanfa.operations.people.sessions import open_sessions

DEPLOY = Path(__file__).parents[2] / "deploy"
NAME = "xuanfa.example.gov.cn"


def nginx(root: Path, console: str, port: int) -> Path:
    """nginx with our site over TLS on a port, before the console; the file of its process id."""
    site = (DEPLOY / "console.nginx.conf").read_text(encoding="utf-8")
    site = site[site.index("server {", site.index("server {") + 1) :]
    site = site.replace("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;").replace("listen [::]:443 ssl;", "")
    site = site.replace("/etc/ssl/xuanfa.pem", str(root / "cert.pem")).replace(
        "/etc/ssl/xuanfa.key", str(root / "key.pem")
    )
    (root / "site.conf").write_text(site.replace("http://127.0.0.1:8000", console), encoding="utf-8")
    user = "user root;\n" if os.geteuid() == 0 else ""
    paths = "".join(f"{name}_temp_path {root};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (root / "nginx.conf").write_text(
        f"{user}pid {root}/pid;\nerror_log {root}/error.log;\nevents {{}}\nhttp {{ access_log off; {paths} include {root}/site.conf; }}\n"
    )
    subprocess.run(["/usr/sbin/nginx", "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")], check=True)
    return root / "pid"


def caddy(root: Path, console: str, port: int) -> Path:
    """The same of Caddy."""
    site = (
        (DEPLOY / "console.Caddyfile")
        .read_text(encoding="utf-8")
        .replace("127.0.0.1:8000", console.removeprefix("http://"))
    )
    site = site.replace(
        f"{NAME} {{", f"https://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {root}/cert.pem {root}/key.pem", 1
    )
    (root / "Caddyfile").write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + site, encoding="utf-8")
    command = ["caddy", "start", "--config", str(root / "Caddyfile"), "--pidfile", str(root / "pid")]
    environment = os.environ | {"HOME": str(root), "XDG_DATA_HOME": str(root), "XDG_CONFIG_HOME": str(root)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return root / "pid"


@pytest.fixture(params=[nginx, caddy])
def outside(request: pytest.FixtureRequest, address: str, short_folder: Path) -> Iterator[Somebody]:
    """Somebody whose browser speaks TLS to the proxy."""
    certificate(short_folder, "DNS:localhost")
    port = free_port()
    pid = request.param(short_folder, address, port)
    one = Somebody(f"https://localhost:{port}")
    one.client.close()
    one.client = httpx.Client(
        verify=False,  # noqa: S501 - its certificate vouches for itself
        base_url=one.address,
        headers={"Origin": one.address, "X-Forwarded-For": "6.6.6.6", "X-Forwarded-Proto": "http"},
        follow_redirects=True,
    )
    with one:
        yield one
    stop_server(int(pid.read_text()))


def test_people_sign_in_over_tls_and_nobody_says_who_they_are_but_the_proxy(
    outside: Somebody, desk: Desk, clock: Clock
) -> None:
    outside.sign_in("zhou")
    assert outside.page.headers["strict-transport-security"]
    assert {cookie.name for cookie in outside.client.cookies.jar} == {"__Host-xuanfa", "__Host-xuanfa_visitor"}
    assert all(cookie.secure for cookie in outside.client.cookies.jar)
    assert "6.6.6.6" not in [each.place for each in open_sessions(desk, "zhou")]
    outside.go("/stop")
    outside.press("停发全部", why="试一试")
    assert "全部停发中" in outside.go("/")


@pytest.mark.parametrize("name", ["console.Caddyfile"])
def test_the_caddyfile_is_valid_as_it_stands(name: str, tmp_path: Path) -> None:
    command = ["caddy", "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / name)]
    validated = subprocess.run(
        command, env=os.environ | {"HOME": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert validated.returncode == 0, validated.stderr
