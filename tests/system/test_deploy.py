"""The files of deploy/ do what they say: systemd, nginx, Caddy and cron's grammar read them."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support.proxies import stop_server
from xuanfa.domain.timetable import parse_rule
from xuanfa.settings import load

DEPLOY = Path(__file__).parents[2] / "deploy"
XUANFA = Path(sys.executable).with_name("xuanfa")
UNITS = (
    "xuanfa.service", "xuanfa-worker.service", "xuanfa-console.service", "xuanfa-publish.service", "xuanfa-publish.timer",
    "xuanfa-backup.service", "xuanfa-backup.timer",
)  # fmt: skip


def test_systemd_finds_nothing_to_say_about_the_units(tmp_path: Path) -> None:
    for name in UNITS:
        text = (DEPLOY / name).read_text(encoding="utf-8").replace("/opt/xuanfa/bin/xuanfa", sys.executable)
        (tmp_path / name).write_text(text, encoding="utf-8")
    verified = subprocess.run(
        ["systemd-analyze", "verify", *(tmp_path / name for name in UNITS)], capture_output=True, text=True, check=False
    )
    assert (verified.returncode, verified.stderr) == (0, "")


def test_the_services_are_confined_alike() -> None:
    def confinement(name: str) -> list[str]:
        text = (DEPLOY / name).read_text(encoding="utf-8")
        return text[text.index("ReadWritePaths") :].partition("[Install]")[0].split()

    alike = ("xuanfa", "xuanfa-publish", "xuanfa-worker", "xuanfa-console")
    assert len({tuple(confinement(f"{name}.service")) for name in alike}) == 1
    more, less = confinement("xuanfa-backup.service"), confinement("xuanfa.service")
    assert (more[:2], more[2:]) == ([less[0], "/srv/backup"], less[1:])
    assert "NoNewPrivileges=true" in confinement("xuanfa.service")


def test_the_lines_of_the_crontab_are_ones(tmp_path: Path) -> None:
    lines = (DEPLOY / "crontab.example").read_text(encoding="utf-8").splitlines()
    jobs = [line for line in lines if line and not line.startswith("#") and "=" not in line.split()[0]]
    rules = [parse_rule(" ".join(job.split()[:5])) for job in jobs]
    assert len(rules[0].minutes) == 60
    assert "%" not in "".join(jobs).replace(r"\%", ""), "cron takes a bare % for the end of the line"
    for job in jobs:
        shell = subprocess.run(["sh", "-n", "-c", job.split(maxsplit=5)[5]], capture_output=True, check=False)
        assert shell.returncode == 0, shell.stderr


@pytest.mark.parametrize(("code", "mailed"), [(0, (False, False)), (1, (False, True)), (2, (True, True))])
def test_cron_mails_what_needs_a_person_on_the_hour_only(tmp_path: Path, code: int, mailed: tuple[bool, bool]) -> None:
    program = tmp_path / "xuanfa"
    program.write_text(f"#!/bin/sh\necho said >&2\nexit {code}\n")
    program.chmod(0o755)
    jobs = [line for line in (DEPLOY / "crontab.example").read_text().splitlines() if "xuanfa publish -w" in line]
    outputs = [
        subprocess.run(
            ["sh", "-c", job.split(maxsplit=5)[5]],
            env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
            capture_output=True,
            check=False,
        )
        for job in jobs
    ]
    assert tuple(bool(output.stdout) for output in outputs) == mailed


@pytest.mark.parametrize("line", ["crontab.example", "xuanfa-backup.service"])
def test_the_nightly_backup_is_a_command_as_there_is_one(line: str, tmp_path: Path) -> None:
    """Run as it stands, but for the folders: it makes a backup, and the next night's is the second."""
    init = subprocess.run([XUANFA, "init", tmp_path / "srv"], check=False, capture_output=True)
    assert init.returncode == 0, init.stderr
    (tmp_path / "backup").mkdir()
    fresh = os.environ | {"XUANFA_PUBLISH__STILL_SECONDS": "0"}
    subprocess.run([XUANFA, "queue", "-w", tmp_path / "srv"], check=True, capture_output=True, env=fresh)
    found = next(
        text for text in (DEPLOY / line).read_text().splitlines() if "xuanfa backup" in text and text[0] != "#"
    )
    command = found.split(maxsplit=5)[5] if line == "crontab.example" else found.partition("=")[2]
    for before, after in {
        "/opt/xuanfa/bin/": "",
        "/srv/xuanfa": f"{tmp_path}/srv",
        "/srv/backup": f"{tmp_path}/backup",
    }.items():
        command = command.replace(before, after)
    shell = subprocess.run(
        ["sh", "-c", command],
        env=os.environ | {"PATH": f"{XUANFA.parent}:/usr/bin:/bin"},
        capture_output=True,
        check=False,
    )
    assert (shell.returncode, shell.stderr) == (0, b"")
    assert shell.stdout.startswith(b"" if line == "crontab.example" else "已备份到".encode())
    assert len(list((tmp_path / "backup").glob("xuanfa-*.zip"))) == 1


def test_every_variable_of_the_example_is_a_setting(tmp_path: Path) -> None:
    example = (DEPLOY / "env.example").read_text(encoding="utf-8")
    named = [line.removeprefix("# ") for line in example.splitlines() if line.startswith("# XUANFA_")]
    (tmp_path / "xuanfa.toml").write_text('[channels.wecom]\nadapter = "wecom"\n')
    settings = load(tmp_path, dict(line.split("=", 1) for line in named))
    assert settings.model_fields_set >= {"late_after_minutes", "publish", "channels"}


@pytest.fixture
def public() -> Iterator[Path]:
    """A small site, in a folder whose name is short enough for a socket beside it."""
    root = Path(tempfile.mkdtemp(prefix="xf"))
    for name, text in {
        "index.html": "<p>home",
        "404.html": "<p>nothing here",
        "action/a.html": "<p>article",
        "action/撤回.html": "<p>see the correction",
        ".gone/action/撤回.html": "",
        "action/page/1.html": "<p>older",
        "action/feed.xml": "<rss/>",
        "assets/site.css": "p{}" * 600,
        "assets/pictures/0.png": "png",
        "assets/attachments/ab-表.docx": "attached",
        "assets/attachments/cd-旧表.docx": "withdrawn, and not deleted yet",
        ".gone/assets/attachments/cd-旧表.docx": "",
        ".gone/assets/attachments/ef-删掉的表.docx": "",
        ".xuanfa/catalogue.db": "private",
        "action/.hidden": "private",
    }.items():
        path = root / "public" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    yield root / "public"
    shutil.rmtree(root)


def nginx(public: Path, socket: Path) -> Path:
    """Start nginx with our site on a socket; it listens when the command returns. Returns the file of its process id."""
    root, pid = public.parent, public.parent / "pid"
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = site.replace("listen 80;", f"listen unix:{socket};").replace("listen [::]:80;", "")
    (root / "site.conf").write_text(site.replace("/srv/xuanfa/public", str(public)), encoding="utf-8")
    user = "user root;\n" if os.geteuid() == 0 else ""
    paths = "".join(f"{name}_temp_path {root};\n" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    (root / "nginx.conf").write_text(
        f"{user}pid {pid};\nerror_log {root}/error.log;\nevents {{}}\n"
        f"http {{ include /etc/nginx/mime.types; access_log off; {paths} include {root}/site.conf; }}\n"
    )
    command = ["/usr/sbin/nginx", "-e", str(root / "error.log"), "-c", str(root / "nginx.conf")]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    assert "warn" not in tested.stderr
    subprocess.run(command, check=True)
    return pid


def caddy(public: Path, socket: Path) -> Path:
    """Start Caddy with our site on a socket; the command returns when it serves. Returns the file of its process id."""
    root, pid = public.parent, public.parent / "pid"
    site = (DEPLOY / "Caddyfile").read_text(encoding="utf-8").replace("/srv/xuanfa/public", str(public))
    site = site.replace("jinchang.example.gov.cn {", f"http:// {{\n\tbind unix/{socket}", 1)
    (root / "Caddyfile").write_text("{\n\tadmin off\n}\n" + site, encoding="utf-8")
    command = ["caddy", "start", "--config", str(root / "Caddyfile"), "--pidfile", str(pid)]
    environment = os.environ | {"HOME": str(root), "XDG_DATA_HOME": str(root), "XDG_CONFIG_HOME": str(root)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return pid


@pytest.fixture(params=[nginx, caddy])
def reader(request: pytest.FixtureRequest, public: Path) -> Iterator[httpx.Client]:
    """A reader of the site behind each of the two servers."""
    socket = public.parent / "s"
    pid = request.param(public, socket)
    try:
        with httpx.Client(
            transport=httpx.HTTPTransport(uds=str(socket)), base_url="http://jinchang.example.gov.cn"
        ) as client:
            yield client
    finally:
        stop_server(int(pid.read_text()))


@pytest.mark.parametrize("path", ["/.xuanfa/catalogue.db", "/.xuanfa/", "/action/.hidden", "/%2exuanfa/catalogue.db"])
def test_what_is_private_is_not_served(reader: httpx.Client, path: str) -> None:
    answer = reader.get(path)
    assert (answer.status_code, answer.text) == (404, "<p>nothing here")


def test_pages_are_served_guarded_and_fresh(reader: httpx.Client) -> None:
    for path, text in {"/": "<p>home", "/action/a.html": "<p>article", "/action/feed.xml": "<rss/>"}.items():
        answer = reader.get(path)
        assert (answer.status_code, answer.text) == (200, text)
        assert answer.headers["content-security-policy"].startswith("default-src 'self'; object-src 'none'")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        assert answer.headers["cache-control"] == "no-cache"
    assert reader.get("/", headers={"If-None-Match": reader.get("/").headers["etag"]}).status_code == 304


def test_pictures_are_kept_long_and_styles_briefly_and_zipped(reader: httpx.Client) -> None:
    assert "max-age=2592000" in reader.get("/assets/pictures/0.png").headers["cache-control"]
    style = reader.get("/assets/site.css")
    assert "max-age=3600" in style.headers["cache-control"]
    assert style.headers["content-encoding"] == "gzip"
    assert style.headers["content-security-policy"]


def test_a_page_that_is_not_there_gets_the_sites_own_answer(reader: httpx.Client) -> None:
    for path in (
        "/nowhere.html",
        "/assets/nowhere.css",
        "/action/nowhere/",
        "/action/page/",
        "/assets/",
        "/.gone/action/",
    ):
        answer = reader.get(path)
        assert (answer.status_code, answer.text) == (404, "<p>nothing here")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("reader", [nginx], indirect=True)
def test_an_address_that_was_cut_within_a_character_gets_the_sites_own_answer_too(reader: httpx.Client) -> None:
    for target, status in ((b"/action/%E6%9", 400), (b"/" + b"a" * 9000, 414)):
        answer = reader.get("/", extensions={"target": target})
        assert (answer.status_code, answer.text) == (status, "<p>nothing here")


def test_what_was_retracted_is_gone_and_its_page_says_where_to_look(reader: httpx.Client) -> None:
    answer = reader.get("/action/撤回.html")
    assert (answer.status_code, answer.text) == (410, "<p>see the correction")
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert reader.head("/action/撤回.html").status_code == 410
    assert reader.get("/.gone/action/撤回.html").status_code == 404


def test_an_attachment_goes_with_its_post(reader: httpx.Client) -> None:
    there = reader.get("/assets/attachments/ab-表.docx")
    assert (there.status_code, there.text) == (200, "attached")
    assert there.headers["cache-control"] == "no-cache"
    for name in ("cd-旧表.docx", "ef-删掉的表.docx"):
        gone = reader.get(f"/assets/attachments/{name}")
        assert gone.status_code == 410
        assert "withdrawn" not in gone.text
    for path in (
        "/assets/attachments/",
        "/assets/attachments/99-未发布.docx",
        "/.gone/assets/attachments/cd-旧表.docx",
    ):
        assert reader.get(path).status_code == 404


def test_the_caddyfile_is_valid_as_it_stands(tmp_path: Path) -> None:
    validated = subprocess.run(
        ["caddy", "validate", "--adapter", "caddyfile", "--config", DEPLOY / "Caddyfile"],
        env=os.environ | {"HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert validated.returncode == 0, validated.stderr


def stubbed(folder: Path, *, has_type: bool, installs: bool) -> subprocess.CompletedProcess[str]:
    """``make fonts`` with an interpreter that finds a typeface or none, and an installer that works or does not."""
    (folder / "deploy").mkdir()
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name, code in ((".venv/bin/python", int(not has_type)), ("deploy/packages.sh", int(not installs))):
        (folder / name).write_text(f"#!/bin/sh\necho {name} ran with $1\nexit {code}\n")
        (folder / name).chmod(0o755)
    for name in ("pyproject.toml", "requirements/pip.txt", "requirements/base.txt", ".venv/.pip", ".venv/.base"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).touch()
    makefile = DEPLOY.parent / "Makefile"
    return subprocess.run(
        ["make", "-f", makefile, "fonts"], cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )


def test_a_machine_with_a_chinese_typeface_gets_no_package(tmp_path: Path) -> None:
    made = stubbed(tmp_path, has_type=True, installs=False)
    assert (made.returncode, made.stderr) == (0, "")
    assert "packages.sh" not in made.stdout


def test_a_machine_without_one_gets_the_package(tmp_path: Path) -> None:
    made = stubbed(tmp_path, has_type=False, installs=True)
    assert (made.returncode, made.stderr) == (0, "")
    assert "packages.sh ran with fonts-noto-cjk" in made.stdout


def test_where_no_typeface_can_be_installed_it_is_said_and_publishing_goes_on(tmp_path: Path) -> None:
    made = stubbed(tmp_path, has_type=False, installs=False)
    assert made.returncode == 0
    assert "fonts-noto-cjk" in made.stderr
    assert "make publish" in made.stderr


@pytest.mark.parametrize("has_apt", [True, False])
def test_the_installer_says_what_to_install_where_it_cannot(tmp_path: Path, has_apt: bool) -> None:
    for name in ("bash", "grep"):
        (tmp_path / name).symlink_to(shutil.which(name) or name)
    (tmp_path / "id").write_text("#!/bin/sh\necho 1000\n")  # not the administrator, and no sudo
    (tmp_path / "id").chmod(0o755)
    if has_apt:
        (tmp_path / "apt-get").symlink_to("/bin/true")
    script = subprocess.run(
        ["bash", DEPLOY / "packages.sh", "fonts-noto-cjk"],
        env={"PATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert script.returncode == 1
    assert "fonts-noto-cjk" in script.stderr.splitlines()[-1]
