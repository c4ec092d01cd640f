"""The form on paper and back: made a PDF by LibreOffice, printed to a picture, ill-treated as copiers and faxes do, and read again."""

import io
import json
import os
import stat
import subprocess
import sys
import zlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter

from support.review_forms import DIGEST, FORM, FULL, POST, ZONE
from xuanfa.documents import pages, pdf, scan
from xuanfa.documents.code import Code
from xuanfa.documents.faces import faces_here
from xuanfa.documents.review_form import review_form
from xuanfa.domain.errors import ConfigError, ContentError

OURS = (Code.of(POST, DIGEST),)
Treatment = Callable[[Image.Image], Image.Image]


@pytest.fixture(scope="session")
def printed() -> bytes:
    """The form as PDF: LibreOffice is asked once for all tests."""
    return pdf.as_pdf(review_form(FORM, ZONE, faces_here()))


@pytest.fixture(scope="session")
def sheet(printed: bytes) -> Image.Image:
    """What a scanner of 200 dots to the inch sees."""
    document = pypdfium2.PdfDocument(printed)
    picture = document[0].render(scale=200 / 72, grayscale=True).to_pil().copy()
    document.close()
    return picture


@pytest.fixture
def page(sheet: Image.Image) -> Image.Image:
    """The same to be written to: Pillow keeps in a picture how it was saved last."""
    return sheet.copy()


def saved(picture: Image.Image, folder: Path, name: str = "scan.png") -> Path:
    path = folder / name
    picture.save(path)
    return path


def tilted(degrees: float) -> Treatment:
    return lambda picture: picture.rotate(degrees, expand=True, fillcolor=255, resample=Image.Resampling.BICUBIC)


def blurred(picture: Image.Image) -> Image.Image:
    return picture.filter(ImageFilter.GaussianBlur(2.5))


def faxed(picture: Image.Image) -> Image.Image:
    """204 × 196 dots to the inch, black or white (ITU-T T.4, fine)."""
    height = round(1728 * picture.height / picture.width)
    return picture.resize((1728, height)).point(lambda value: 255 if value > 150 else 0).convert("1")


def faxed_coarsely(picture: Image.Image) -> Image.Image:
    """The same with 98 lines to the inch."""
    fine = faxed(picture).convert("L")
    half = fine.resize((fine.width, fine.height // 2)).point(lambda value: 255 if value > 140 else 0)
    return half.resize(fine.size, Image.Resampling.NEAREST).convert("1")


def smaller(picture: Image.Image) -> Image.Image:
    return picture.resize((picture.width // 2, picture.height // 2))


def stamped(picture: Image.Image) -> Image.Image:
    """A stamp over a corner of the code, and dust."""
    copy = picture.copy()
    copy.paste(
        120, (round(copy.width * 0.80), round(copy.height * 0.10), round(copy.width * 0.83), round(copy.height * 0.12))
    )
    return copy


TREATMENTS: dict[str, Treatment] = {
    "clean": lambda picture: picture,
    "blurred": blurred,
    "tilted": tilted(7),
    "tilted the other way": tilted(-12),
    "upside down": tilted(180),
    "on its side": tilted(90),
    "faxed": faxed,
    "faxed coarsely": faxed_coarsely,
    "100 dots to the inch": smaller,
    "stamped": stamped,
    "tilted, blurred, faxed": lambda picture: faxed(tilted(3)(picture).filter(ImageFilter.GaussianBlur(1.5))),
}


def test_the_form_is_one_page_of_a4_and_its_text_is_text(printed: bytes) -> None:
    document = pypdfium2.PdfDocument(printed)
    try:
        assert len(document) == 1
        assert [round(side) for side in document[0].get_size()] == [595, 842]
        text = document[0].get_textpage().get_text_range()
    finally:
        document.close()
    for words in ("发布审核表", "金昌市中级人民法院", DIGEST[:12], "保密审查", "同意（口令）"):
        assert words in text


def test_whatever_stands_on_it_it_is_one_page() -> None:
    document = pypdfium2.PdfDocument(pdf.as_pdf(review_form(FULL, ZONE, faces_here())))
    try:
        assert len(document) == 1
    finally:
        document.close()


@pytest.mark.parametrize("treatment", TREATMENTS)
def test_the_code_is_read_back_after(treatment: str, page: Image.Image, tmp_path: Path) -> None:
    read = scan.read_scan(saved(TREATMENTS[treatment](page), tmp_path))
    assert read.codes == OURS
    assert read.count == 1


@pytest.mark.parametrize("name", ["scan.jpg", "scan.tif", "scan.webp", "scan.bmp", "scan.pdf"])
def test_it_may_be_a_picture_of_any_kind_or_a_pdf(name: str, page: Image.Image, tmp_path: Path) -> None:
    assert scan.read_scan(saved(page, tmp_path, name)).codes == OURS


def test_a_pdf_and_a_fax_of_several_pages_are_read_through(page: Image.Image, tmp_path: Path) -> None:
    for name in ("two.pdf", "two.tif"):
        blank = Image.new("L", page.size, 255)
        blank.save(tmp_path / name, save_all=True, append_images=[page.copy()])
        read = scan.read_scan(tmp_path / name)
        assert (read.count, read.codes) == (2, OURS)


def test_only_the_pictures_of_the_pages_are_kept(page: Image.Image, tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret words"  # ImageDescription
    exif[0x0112] = 6
    page.rotate(90, expand=True).save(tmp_path / "a.jpg", exif=exif, quality=90, comment=b"secret comment")
    page.save(tmp_path / "a.pdf", title="secret title", author="secret author")
    for name in ("a.jpg", "a.pdf"):
        read = scan.read_scan(tmp_path / name)
        assert read.codes == OURS
        assert b"secret" not in read.pages
        assert b"Date" not in read.pages
        document = pypdfium2.PdfDocument(read.pages)
        width, height = document[0].get_size()
        document.close()
        assert width < height  # upright, as the camera said
    assert scan.read_scan(tmp_path / "a.pdf") == scan.read_scan(tmp_path / "a.pdf")


def bomb() -> bytes:
    """A PNG of 60,000 × 60,000 black pixels in some kilobytes."""
    side = 60_000

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + name + data + zlib.crc32(name + data).to_bytes(4)

    head = side.to_bytes(4) + side.to_bytes(4) + bytes([1, 0, 0, 0, 0])
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(bytes(100_000)))
        + chunk(b"IEND", b"")
    )


def pdf_bomb() -> bytes:
    """A PDF whose page shows a picture of 40,000 × 40,000 greys (1.6 GB), packed into a megabyte."""
    side = 40_000
    press = zlib.compressobj(1)
    block = bytes(side * 100)
    data = b"".join(press.compress(block) for _ in range(side // 100)) + press.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> >>",
        b"<< /Length 30 >>\nstream\nq 595 0 0 842 0 0 cm /I Do Q \nendstream",
        b"<< /Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /FlateDecode /Length %d >>\n"
        b"stream\n%b\nendstream" % (side, side, len(data), data),
    ]
    file = b"%PDF-1.4\n"
    places = []
    for number, each in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + b"xref\n0 6\n0000000000 65535 f \n%btrailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(file),
    )


def many_pages(tmp_path: Path) -> bytes:
    sheet = Image.new("1", (20, 20), 1)
    file = io.BytesIO()
    sheet.save(file, format="PDF", save_all=True, append_images=[sheet] * pages.PAGES_MAX)
    return file.getvalue()


def test_a_bomb_in_a_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bomb.png").write_bytes(bomb())
    with pytest.raises(ContentError, match="太大"):
        scan.read_scan(tmp_path / "bomb.png")


def test_a_bomb_in_a_pdf_costs_no_more_than_its_process_may_have(tmp_path: Path) -> None:
    (tmp_path / "bomb.pdf").write_bytes(pdf_bomb())
    # In a process of its own: here, what is measured would be the largest of all that other tests have started.
    program = (
        "import pathlib, resource, sys, time\n"
        "from xuanfa.documents import scan\n"
        "begun = time.monotonic()\n"
        "codes = scan.read_scan(pathlib.Path(sys.argv[1])).codes\n"
        "print(len(codes), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024, time.monotonic() - begun)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path / "bomb.pdf")]
    codes, memory, seconds = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert int(codes) == 0  # the decoder got no memory, and left the picture out
    assert int(memory) < pages._MEMORY
    assert float(seconds) < scan._TIME_MAX


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "读不出来"),
        (b"no picture", "读不出来"),
        (b"%PDF-1.7 and nothing", "读不出来"),
        (b"\x89PNG\r\n\x1a\n", "读不出来"),
        (b"x" * (scan.SCAN_MAX + 1), "太大"),
    ],
    ids=["empty", "text", "half a pdf", "half a png", "large"],
)
def test_what_is_no_scan_is_refused_in_words(data: bytes, words: str, tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(data)
    with pytest.raises(ContentError, match=words):
        scan.read_scan(tmp_path / "a")


def test_more_pages_than_a_form_has_are_refused(tmp_path: Path) -> None:
    (tmp_path / "many.pdf").write_bytes(many_pages(tmp_path))
    with pytest.raises(ContentError, match="超过 20 页"):
        scan.read_scan(tmp_path / "many.pdf")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"nowhere\.pdf"):
        scan.read_scan(tmp_path / "nowhere.pdf")


def test_the_reader_that_falls_over_takes_nobody_along(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a fault in a decoder would end it."""
    killer = tmp_path / "python"
    killer.write_text("#!/bin/sh\nkill -SEGV $$\n")
    killer.chmod(killer.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setattr(sys, "executable", str(killer))
    (tmp_path / "a.png").write_bytes(b"anything")
    with pytest.raises(ContentError, match="太大"):
        scan.read_scan(tmp_path / "a.png")


def test_without_libreoffice_the_docx_is_what_there_is(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="没有装 LibreOffice") as caught:
        pdf.as_pdf(b"")
    assert ".docx" in str(caught.value)


@pytest.mark.parametrize(
    ("script", "words"), [("exec sleep 600", "已停止"), ("echo no such filter; exit 3", "no such filter")]
)
def test_a_libreoffice_that_hangs_or_fails_is_told_and_leaves_nothing(
    script: str, words: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    office, rooms = tmp_path / "bin" / "soffice", tmp_path / "rooms"
    office.parent.mkdir()
    rooms.mkdir()
    office.write_text(f"#!/bin/sh\n{script}\n")
    office.chmod(0o755)
    monkeypatch.setenv("PATH", f"{office.parent}:{os.environ['PATH']}")
    monkeypatch.setattr("tempfile.tempdir", str(rooms))
    with pytest.raises(ConfigError, match=words):
        pdf.as_pdf(b"x", seconds=0.2 if "sleep" in script else 60)
    assert list(rooms.iterdir()) == []


def test_the_reader_is_told_nothing_of_us_and_says_one_line(page: Image.Image, tmp_path: Path) -> None:
    given = saved(page, tmp_path)
    done = subprocess.run(
        [sys.executable, "-I", "-m", "xuanfa.documents.pages", str(given), str(tmp_path / "kept.pdf")],
        capture_output=True, check=True, env={}, text=True,
    )  # fmt: skip
    assert json.loads(done.stdout) == {"pages": 1, "codes": [[1, POST, DIGEST]]}
    assert done.stderr == ""


def test_a_form_of_another_digest_has_another_code(page: Image.Image, tmp_path: Path) -> None:
    (code,) = scan.read_scan(saved(page, tmp_path)).codes
    assert code != Code.of(POST, "0" * 64)
    assert replace(FORM.review, digest="0" * 64).short != FORM.review.short


def test_the_picture_of_the_documents_is_this_form(tmp_path: Path) -> None:
    """It is made by ``python -m tests.support.form_picture``; its own code is read from it, also after a fax."""
    picture = Path(__file__).parents[2] / "docs" / "images" / "review-form.png"
    assert scan.read_scan(picture).codes == OURS
    with Image.open(picture) as opened:
        assert scan.read_scan(saved(faxed(tilted(2)(opened.convert("L"))), tmp_path)).codes == OURS
    assert "](../images/review-form.png)" in (picture.parents[1] / "zh" / "使用.md").read_text("utf-8")
