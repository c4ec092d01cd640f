"""The files of a report opened by LibreOffice, as whoever gets them may: each becomes pages that hold what was written."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from support.report_office import fill, house
from xuanfa.documents.pdf import require_office
from xuanfa.domain.term import month_of
from xuanfa.reports.paper import Asked
from xuanfa.reports.writing import write_report
from xuanfa.store.database import Store

MARCH = Asked(term=month_of("2026-03"))
#: What each of them shows: titles that look like formulas are words.
WORDS = {
    "xlsx": ("三抓三促", "政务网站", "=HYPERLINK(1)"),
    "html": ("一、总体情况", "二、存在问题"),
    "csv": ("标题", "=HYPERLINK(1)"),
}
_TIME_MAX = 240.0


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("opened")
    store = Store(f"sqlite:///{folder / 'xuanfa.db'}")
    store.ready()
    fill(store)
    for kind in WORDS:
        write_report(house(store), MARCH, folder / f"report.{kind}")
    store.close()
    return folder


@pytest.fixture(params=sorted(WORDS))
def opened(request: pytest.FixtureRequest, written: Path, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A kind, and the text of the pages that LibreOffice makes of such a file."""
    kind = str(request.param)
    command = [
        require_office(),
        "--headless",
        f"-env:UserInstallation=file://{tmp_path}/profile",
        "--convert-to",
        "pdf",
    ]
    if kind == "csv":  # what its window of import asks: comma, quotation mark, UTF-8
        command.append("--infilter=CSV:44,34,76")
    command += ["--outdir", str(tmp_path), str(written / f"report.{kind}")]
    done = subprocess.run(command, check=True, timeout=_TIME_MAX, capture_output=True, text=True)
    made = tmp_path / "report.pdf"
    assert made.is_file(), done.stdout + done.stderr
    document = pypdfium2.PdfDocument(made)
    yield kind, "".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()


def test_it_opens_and_shows_what_was_written(opened: tuple[str, str]) -> None:
    kind, text = opened
    together = "".join(text.split())
    for words in WORDS[kind]:
        assert words in together, (kind, words, together[:400])
    assert "#NAME?" not in together
    assert "�" not in together
