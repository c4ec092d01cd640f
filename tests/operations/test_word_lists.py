"""Lists of words: imported from a file, kept encrypted, and refused in a sentence."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from xuanfa.checks.rules.engine import Engine
from xuanfa.domain.checking import Level
from xuanfa.domain.errors import ConfigError, ContentError
from xuanfa.operations.checking import lists
from xuanfa.operations.checking.lists import ListStore, import_list

WHEN = date(2026, 11, 29)


@pytest.fixture
def store(tmp_path: Path) -> ListStore:
    return ListStore(folder=tmp_path / "var" / "lists", key_file=tmp_path / "state" / "lists.key")


def test_a_list_finds_its_words_and_is_not_readable_on_the_disk(store: ListStore, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("# 说明\n甲乙丙丁\t戊己\n子丑寅卯\n", encoding="utf-8")
    done = import_list(store, tmp_path / "a.txt", name="shangji", level=Level.MINOR)
    assert (done.words, done.left_out) == (2, 0)
    (found,) = Engine(lists=store.read()).check("一句甲乙丙丁。", when=WHEN)
    assert (found.rule, found.level, found.suggestion) == ("term.shangji", Level.MINOR, "戊己")
    (kept,) = store.folder.iterdir()
    assert "甲乙丙丁".encode() not in kept.read_bytes()
    assert store.key_file is not None
    assert store.key_file.stat().st_mode & 0o777 == 0o600


def test_another_key_or_a_changed_file_is_told(store: ListStore, tmp_path: Path) -> None:
    store.keep("a", Level.MINOR, [("甲乙", "")])
    with pytest.raises(ConfigError, match="密钥"):
        ListStore(folder=store.folder, key_file=tmp_path / "elsewhere").read()
    path = store.folder / "a.list"
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    with pytest.raises(ConfigError, match="改动"):
        store.read()


def test_a_workbook_is_read_and_no_formula_is_carried_out(store: ListStore, tmp_path: Path) -> None:
    book = Workbook()
    assert book.active is not None
    for row in (["甲乙丙", "丁"], ['=WEBSERVICE("http://example.com")', ""], ["戊己庚", '=HYPERLINK("x")']):
        book.active.append(row)
    book.save(tmp_path / "b.xlsx")
    done = import_list(store, tmp_path / "b.xlsx", name="", level=Level.SEVERE)
    assert (done.name, done.words, done.left_out) == ("b", 2, 2)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.xlsx", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "加了密码"),
        ("a.xlsx", b"PK nonsense", "不是可用的"),
        ("a.docx", b"x", "只导入"),
        ("a.txt", b"\n\n", "没有可用的词"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(
    store: ListStore, tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(ContentError, match=words):
        import_list(store, tmp_path / name, name="", level=Level.MINOR)


def test_a_bomb_and_a_list_that_is_too_long_are_refused(
    store: ListStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"\0" * 60_000_000)
    (tmp_path / "bomb.xlsx").write_bytes(packed.getvalue())
    with pytest.raises(ContentError, match="太大"):
        import_list(store, tmp_path / "bomb.xlsx", name="", level=Level.MINOR)
    monkeypatch.setattr(lists, "MOST_ROWS", 3)
    (tmp_path / "long.csv").write_text("甲乙\n" * 4, encoding="utf-8")
    with pytest.raises(ContentError, match="超过 3 行"):
        import_list(store, tmp_path / "long.csv", name="", level=Level.MINOR)
