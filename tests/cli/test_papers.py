"""Form, scan and archive at the command line: what is printed, and how it ends."""

import io
import zipfile
from pathlib import Path
from typing import Any

import docx
import pytest

from support.signed_paper import signed_page


@pytest.fixture
def queued(xuanfa: Any, write_post: Any) -> Any:
    write_post("a", more="source: 人民法院报\neditor: 周静\n")
    assert xuanfa("queue").code == 0
    return xuanfa


def test_from_the_form_to_the_package_and_its_check(queued: Any, tmp_path: Path) -> None:
    made = queued("review", "form", "a", "-o", "form.docx", "--json").json
    assert made.keys() == {"post", "file", "digest", "revision"}
    (table,) = docx.Document(str(queued.folder / "form.docx")).tables
    texts = [cell.text for row in table.rows for cell in row.cells]
    assert {"法治进校园", "人民法院报", "周静", "宣传科", "我们在行动"} <= set(texts)
    assert any(made["digest"][:12] in text for text in texts)
    taken = queued("review", "scan", "a", signed_page(tmp_path, "a", made["digest"]), "--json").json
    assert taken["digest"] == made["digest"]
    kept = queued("archive", "a", "-o", "a.zip", "--json").json
    assert kept["number"] == 1
    ran = queued("archive", "--check", "a.zip")
    assert (ran.code, "在归档链上" in ran.out) == (0, True)
    with zipfile.ZipFile(queued.folder / "a.zip") as pack:
        assert f"scans/{taken['sha256']}.pdf" in pack.namelist()
    assert queued("archive", "index", "2026", "-o", "i.xlsx", "--json").json["items"] == 0


def test_a_backup_holds_the_scans_and_gives_them_back(queued: Any, tmp_path: Path) -> None:
    digest = queued("review", "form", "a", "-o", "form.docx", "--json").json["digest"]
    taken = queued("review", "scan", "a", signed_page(tmp_path, "a", digest), "--json").json
    assert queued("backup", tmp_path / "b.zip").code == 0
    with zipfile.ZipFile(tmp_path / "b.zip") as pack:
        inside = pack.namelist()
        [scans] = [io.BytesIO(pack.read(name)).read() for name in inside if name == "database/scans.jsonl"]
    assert f"workspace/var/media/{taken['sha256'][:2]}/{taken['sha256']}.pdf" in inside
    assert taken["sha256"].encode() in scans
    elsewhere = tmp_path / "elsewhere"
    ran = queued("restore", tmp_path / "b.zip", "-w", elsewhere, "--with-settings")
    assert ran.code == 0, ran.out + ran.err
    assert queued("verify", "-w", elsewhere).code == 0
    assert (elsewhere / "var" / "media" / taken["sha256"][:2] / f"{taken['sha256']}.pdf").is_file()


@pytest.mark.parametrize(
    ("typed", "code", "words"),
    [
        (["review", "form", "a"], 2, "-o"),
        (["review", "form", "nobody", "-o", "x.docx"], 1, "没有名为“nobody”的稿件"),
        (["review", "form", "a", "-o", "x.odt"], 1, ".docx 或 .pdf"),
        (["review", "form", "a", "-o", "posts/a.md.docx/x.docx"], 1, "写不了"),
        (["review", "scan", "a", "nowhere.pdf"], 1, "读不了扫描件"),
        (["archive"], 2, "请写稿件和 -o 文件"),
        (["archive", "a"], 2, "请写稿件和 -o 文件"),
        (["archive", "a", "2026", "-o", "x.zip"], 2, "年份只和 index 一起用"),
        (["archive", "--check", "x.zip", "-o", "y.zip"], 2, "--check 单独使用"),
        (["archive", "--check", "xuanfa.toml"], 1, "不是归档包"),
        (["archive", "nobody", "-o", "x.zip"], 1, "没有名为“nobody”的稿件"),
    ],
)
def test_wrong_use_is_told_with_the_next_step(queued: Any, typed: list[str], code: int, words: str) -> None:
    ran = queued(*typed)
    assert (ran.code, words in ran.err) == (code, True), ran.err


def test_a_touched_package_ends_with_1(queued: Any) -> None:
    queued("archive", "a", "-o", "a.zip")
    data = (queued.folder / "a.zip").read_bytes()
    with zipfile.ZipFile(queued.folder / "a.zip", "a") as pack:
        pack.writestr("more.txt", "x")
    assert (queued.folder / "a.zip").read_bytes() != data
    ran = queued("archive", "--check", "a.zip")
    assert (ran.code, "多出 more.txt" in ran.out) == (1, True)
    assert queued("archive", "--check", "a.zip", "--json").json["ok"] is False


def test_a_post_may_be_called_index(queued: Any, write_post: Any) -> None:
    write_post("index", title="目录")
    queued("queue")
    assert queued("archive", "index", "-o", "index.zip", "--json").json["post"] == "index"
