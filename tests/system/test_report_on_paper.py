"""A report as LibreOffice prints it: made from the real files, on pages of the right size, with nothing that runs out of them."""

from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest

from support.report_office import fill, house
from xuanfa.domain.term import month_of
from xuanfa.reports.paper import Asked
from xuanfa.reports.writing import write_report
from xuanfa.store.database import Store

MARCH = Asked(term=month_of("2026-03"))


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[pypdfium2.PdfDocument]:
    folder = tmp_path_factory.mktemp("report")
    store = Store(f"sqlite:///{folder / 'xuanfa.db'}")
    store.ready()
    fill(store)
    write_report(house(store), MARCH, folder / "a.pdf")
    store.close()
    document = pypdfium2.PdfDocument(folder / "a.pdf")
    yield document
    document.close()


def text_of(document: pypdfium2.PdfDocument) -> str:
    return "".join(page.get_textpage().get_text_bounded() for page in document).replace("\r\n", "")


def test_it_is_printed_on_a4_with_the_outline_and_numbered_pages(printed: pypdfium2.PdfDocument) -> None:
    assert len(printed) >= 3
    assert {tuple(round(side / 72 * 25.4) for side in page.get_size()) for page in printed} == {(210, 297)}
    text = text_of(printed).replace(" ", "")
    for words in ("一、总体情况", "二、存在问题", "三、下一步工作", "各渠道发布情况", "统计口径", "—1—", "—2—"):
        assert words in text, words


def test_its_charts_are_drawn(printed: pypdfium2.PdfDocument) -> None:
    """Bars of the colour of our charts."""
    coloured = 0
    for page in printed:
        picture = page.render(scale=0.5).to_pil().convert("RGB")
        coloured += sum(count for count, colour in picture.getcolors(1 << 24) if colour == (31, 59, 109))
    assert coloured > 500


def test_nothing_is_drawn_in_the_margins(printed: pypdfium2.PdfDocument) -> None:
    for page in printed:
        picture = page.render(scale=1, grayscale=True).to_pil().point(lambda value: 255 if value < 200 else 0)
        box = picture.getbbox()
        assert box is not None
        # The edge of a table lies in the margin by what its cells keep from their text.
        left, right = 28 / 25.4 * 72 - 6, (210 - 26) / 25.4 * 72 + 6
        assert left <= box[0]
        assert box[2] <= right


def test_a_file_name_of_another_case_is_known(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'xuanfa.db'}")
    store.ready()
    write_report(house(store), MARCH, tmp_path / "A.PDF")
    store.close()
    assert (tmp_path / "A.PDF").read_bytes().startswith(b"%PDF")
