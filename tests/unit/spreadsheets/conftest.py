"""Lists as offices have them, written by the programs that write them."""

import io
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from xuanfa.documents.spreadsheets.headings import Heading

HEADINGS = (
    Heading("title", ("标题", "题目"), required=True),
    Heading("column", ("栏目",)),
    Heading("date", ("发布日期", "发布时间"), required=True),
    Heading("url", ("网址", "链接")),
)


@pytest.fixture
def book_of(tmp_path: Path) -> Callable[..., Path]:
    """A workbook of one sheet with these rows, changed by ``dress`` before it is saved."""

    def made(rows: Iterable[Sequence[Any]], dress: Callable[[Workbook], None] | None = None) -> Path:
        book = Workbook()
        assert book.active is not None
        for row in rows:
            book.active.append(list(row))
        if dress is not None:
            dress(book)
        path = tmp_path / "list.xlsx"
        book.save(path)
        return path

    return made


@pytest.fixture
def rewritten() -> Callable[[Path, Mapping[str, Callable[[bytes], bytes]]], Path]:
    """The same workbook with parts changed, or left out where nothing is left of them."""

    def made(path: Path, changes: Mapping[str, Callable[[bytes], bytes]]) -> Path:
        packed = io.BytesIO()
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                content = changes.get(name, lambda same: same)(old.read(name))
                if content:
                    new.writestr(name, content)
        path.write_bytes(packed.getvalue())
        return path

    return made
