"""Papers: a scan belongs to exactly what was signed, packages make a chain, and whoever changes one of them is found out."""

import io
import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa

from support.signed_paper import page_with, signed_page
from tests.operations.test_races import at_once
from tests.support.reviewed_office import POLICY, approve, approve_all, staff, stands, submit
from xuanfa.documents.code import Code
from xuanfa.documents.workbook import workbook
from xuanfa.domain.act import ArchivePost, AttachScan, Cancel, Reschedule
from xuanfa.domain.errors import AlteredError, ConfigError, ContentError, StateError, StoreError
from xuanfa.domain.person import Person
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.keeping.verify import verify
from xuanfa.operations.papers.check import check_package
from xuanfa.operations.papers.facts import form_of, papers_of
from xuanfa.operations.papers.form import put, write_form
from xuanfa.operations.papers.index import write_index
from xuanfa.store import papers
from xuanfa.store.schema import events, packages, revisions, scans

ANNA = Person(name="安娜", how="token", place="anna@desk")


def digest_of(bench: Any, slug: str = "one") -> str:
    with bench.desk.store.read() as connection:
        return papers_of(bench.desk, connection, slug).review.digest


def lines(bench: Any) -> list[Any]:
    with bench.desk.store.read() as connection:
        return list(connection.execute(sa.select(events).where(events.c.act.is_not(None)).order_by(events.c.id)))


def rows(bench: Any, table: sa.Table) -> list[Any]:
    with bench.desk.store.read() as connection:
        return list(connection.execute(sa.select(table)))


def attach(bench: Any, file: Path, slug: str = "one") -> papers.KeptScan:
    return carry_out(bench.desk, AttachScan(post=slug, file=file), ANNA)


def archive(bench: Any, name: str, slug: str = "one") -> papers.Package:
    return carry_out(bench.desk, ArchivePost(post=slug, target=bench.folder / name), ANNA)


@pytest.fixture
def office(bench: Any) -> Any:
    bench.channel()
    bench.queue("one")
    return bench


def test_a_scan_is_attached_to_the_digest_that_was_signed_and_is_a_line_of_history(office: Any, tmp_path: Path) -> None:
    kept = attach(office, signed_page(tmp_path, "one", digest_of(office)))
    assert kept.digest == digest_of(office)
    assert office.desk.media.document(kept.sha256, ".pdf").startswith(b"%PDF-")
    [row] = rows(office, scans)
    assert (row.sha256, row.pages, row.actor) == (kept.sha256, 1, "安娜")
    [line] = lines(office)
    assert (line.after, line.act, line.actor, line.how, line.proof) == (
        "scanned",
        "attach_scan",
        "安娜",
        "token",
        kept.sha256,
    )
    assert kept.digest[:12] in line.why


def test_the_same_scan_again_changes_nothing(office: Any, tmp_path: Path) -> None:
    file = signed_page(tmp_path, "one", digest_of(office))
    first = attach(office, file)
    office.clock.advance(hours=1)
    assert attach(office, file) == first
    assert len(rows(office, scans)) == len(lines(office)) == 1


@pytest.mark.parametrize(
    "case", ["another post", "another digest", "no code", "two codes", "not there", "a time changed", "no such post"]
)
def test_any_other_scan_is_refused_in_one_sentence_and_nothing_changes(office: Any, tmp_path: Path, case: str) -> None:
    digest, slug, words = digest_of(office), "one", "另一版"
    file = signed_page(tmp_path, "one", digest)
    match case:
        case "another post":
            file, words = signed_page(tmp_path, "two", digest), "另一篇稿件（two）"
        case "another digest":
            file = signed_page(tmp_path, "one", "0" * 64)
        case "no code":
            file, words = page_with(tmp_path, []), "没有找到审核表的二维码"
        case "two codes":
            file = page_with(tmp_path, [Code.of("one", digest), Code.of("one", "0" * 64)])
        case "not there":
            file, words = tmp_path / "nowhere.pdf", "nowhere"
        case "a time changed":
            office.put(office.get().state, due_at=office.get().due_at + timedelta(hours=1))
        case _:
            slug, words = "nobody", "没有名为“nobody”的稿件"
    with pytest.raises((ContentError, StateError), match=words) as caught:
        attach(office, file, slug)
    assert "\n" not in str(caught.value)
    assert rows(office, scans) == []
    [line] = lines(office)
    assert (line.after, line.act) == ("refused", "attach_scan")


def test_a_scan_that_was_changed_where_it_is_kept_is_told(office: Any, tmp_path: Path) -> None:
    kept = attach(office, signed_page(tmp_path, "one", digest_of(office)))
    assert all(not check.trouble for check in verify(office.desk))
    file = next((office.folder / "var" / "media").glob(f"??/{kept.sha256}.pdf"))
    data = file.read_bytes()
    file.write_bytes(data + b"\n")
    assert any("扫描件" in check.what and kept.sha256 in check.trouble for check in verify(office.desk))
    with pytest.raises(AlteredError):
        archive(office, "a.zip")
    file.unlink()
    assert any(kept.sha256 in check.trouble for check in verify(office.desk))
    assert rows(office, packages) == []


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as pack:
        return {info.filename: pack.read(info) for info in pack.infolist()}


def test_a_package_holds_everything_and_its_manifest_every_file(office: Any, tmp_path: Path) -> None:
    kept = attach(office, signed_page(tmp_path, "one", digest_of(office)))
    office.run()
    made = archive(office, "a.zip")
    inside = members(office.folder / "a.zip")
    assert {
        "source.md",
        "revisions/0001.md",
        "revisions.json",
        "review.json",
        "history.json",
        "findings.json",
        "waivers.json",
        "receipts.json",
    } < inside.keys()
    assert inside[f"scans/{kept.sha256}.pdf"].startswith(b"%PDF-")
    manifest = json.loads(inside.pop("manifest.json"))
    assert sorted(each["path"] for each in manifest["files"]) == sorted(inside)
    assert manifest["previous"] == "0" * 64
    assert (manifest["post"], manifest["number"], manifest["digest"]) == ("one", 1, digest_of(office))
    assert inside["source.md"] == (office.folder / "posts" / "one.md").read_bytes()
    [receipt] = json.loads(inside["receipts.json"])
    assert receipt["address"].startswith("https://www.example.gov.cn/")
    assert [line["after"] for line in json.loads(inside["history.json"])][-1] == "published"
    line = lines(office)[-1]
    assert (line.after, line.act, line.proof) == ("archived", "archive", made.sha256)


def test_packages_make_a_chain_that_is_checked(office: Any) -> None:
    office.queue("two")
    made = [archive(office, "a.zip"), archive(office, "b.zip", "two"), archive(office, "c.zip")]
    assert [each.previous for each in made] == ["0" * 64, made[0].sha256, made[1].sha256]
    for number, name in enumerate(("a.zip", "b.zip", "c.zip"), 1):
        found = check_package(office.desk, office.folder / name)
        assert (found.number, found.troubles) == (number, ())
        assert json.loads(members(office.folder / name)["manifest.json"])["previous"] == found.previous


def test_the_same_content_gives_the_same_bytes_but_for_its_place_in_the_chain(office: Any) -> None:
    for name in ("a.zip", "b.zip"):
        archive(office, name)
    first, second = members(office.folder / "a.zip"), members(office.folder / "b.zip")
    for inside in (first, second):
        del inside["manifest.json"], inside["history.json"]  # archiving is itself a line of history
    assert first == second


def rewritten(path: Path, change: dict[str, bytes | None]) -> None:
    inside = members(path) | change
    with zipfile.ZipFile(path, "w") as pack:
        for name, data in inside.items():
            if data is not None:
                pack.writestr(name, data)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"source.md": b"other"}, "source.md 被改动过"),
        ({"source.md": None}, "缺少 source.md"),
        ({"more.txt": b"x"}, "多出 more.txt"),
        ({}, "不在归档链上"),
    ],
    ids=["changed", "missing", "one more", "packed again"],
)
def test_a_package_that_was_touched_is_found_out(office: Any, change: dict[str, bytes | None], words: str) -> None:
    archive(office, "a.zip")
    rewritten(office.folder / "a.zip", change)
    troubles = check_package(office.desk, office.folder / "a.zip").troubles
    assert any(words in trouble for trouble in troubles)
    assert any("不在归档链上" in trouble for trouble in troubles)


def test_a_forged_manifest_that_fits_its_files_is_not_in_the_chain(office: Any) -> None:
    archive(office, "a.zip")
    inside = members(office.folder / "a.zip")
    manifest = json.loads(inside["manifest.json"])
    import hashlib  # noqa: PLC0415

    for each in manifest["files"]:
        if each["path"] == "source.md":
            each["sha256"] = hashlib.sha256(b"other").hexdigest()
    rewritten(office.folder / "a.zip", {"source.md": b"other", "manifest.json": json.dumps(manifest).encode()})
    assert [trouble[:4] for trouble in check_package(office.desk, office.folder / "a.zip").troubles] == ["这个包（"]


@pytest.mark.parametrize("data", [b"", b"no zip", b"PK\x05\x06" + bytes(18)], ids=["empty", "text", "an empty zip"])
def test_what_is_no_package_is_refused_in_words(office: Any, data: bytes) -> None:
    (office.folder / "x.zip").write_bytes(data)
    with pytest.raises(ConfigError, match="不是归档包"):
        check_package(office.desk, office.folder / "x.zip")
    with pytest.raises(ConfigError, match="读不了"):
        check_package(office.desk, office.folder / "nowhere.zip")


def test_a_file_that_is_there_stays_and_the_chain_too(office: Any) -> None:
    (office.folder / "a.zip").write_bytes(b"mine")
    with pytest.raises(ConfigError, match="没有覆盖"):
        archive(office, "a.zip")
    assert (office.folder / "a.zip").read_bytes() == b"mine"
    assert rows(office, packages) == []
    with pytest.raises(ConfigError, match="写不了"):
        archive(office, "nowhere/a.zip")
    assert rows(office, packages) == []
    assert [line.after for line in lines(office)] == ["refused", "refused"]


def test_of_several_who_archive_at_once_each_has_a_place_in_the_chain(office: Any) -> None:
    office.desk.store.close()

    def archive_at_once(number: int, barrier: Any) -> int:
        desk = office.another()
        barrier.wait(30)
        target = office.folder / f"{number}.zip"
        return carry_out(desk, ArchivePost(post="one", target=target), replace(ANNA, name=f"clerk {number}")).number

    assert sorted(at_once(3, archive_at_once)) == [1, 2, 3]
    chain = sorted(rows(office, packages), key=lambda row: row.number)
    assert [row.previous for row in chain] == ["0" * 64, chain[0].sha256, chain[1].sha256]
    for number in range(3):
        assert check_package(office.desk, office.folder / f"{number}.zip").troubles == ()


@pytest.mark.parametrize("table", [scans, packages], ids=lambda table: table.name)
def test_the_database_itself_lets_nobody_rewrite_them(office: Any, tmp_path: Path, table: sa.Table) -> None:
    attach(office, signed_page(tmp_path, "one", digest_of(office)))
    archive(office, "a.zip")
    for statement in (table.update().values(sha256="0" * 64), table.delete()):
        with pytest.raises((StoreError, sa.exc.DBAPIError)), office.desk.store.write() as connection:
            connection.execute(statement)
    assert len(rows(office, table)) == 1


def test_what_is_cancelled_is_not_signed_for(office: Any) -> None:
    with_it = digest_of(office)
    carry_out(office.desk, Cancel(delivery=1), ANNA)
    assert digest_of(office) != with_it


def test_another_time_is_another_digest(office: Any) -> None:
    before = digest_of(office)
    carry_out(office.desk, Reschedule(delivery=1, at=office.clock() + timedelta(days=2)), ANNA)
    assert digest_of(office) != before


def test_the_form_is_filled_from_what_is_known(office: Any) -> None:
    office.run()
    with office.desk.store.read() as connection:
        form = form_of(office.desk, papers_of(office.desk, connection, "one"))
    [line] = form.channels
    assert line.published_at is not None
    assert line.address.startswith("https://www.example.gov.cn/")
    assert form.review.state == "none"
    assert form.number.startswith("2026-")


def test_a_form_is_never_written_over_a_file(office: Any) -> None:
    target = office.folder / "form.docx"
    write_form(office.desk, "one", target)
    before = target.read_bytes()
    with pytest.raises(ConfigError, match="没有覆盖"):
        write_form(office.desk, "one", target)
    with pytest.raises(ConfigError, match="没有覆盖"):
        put(target, b"other")
    assert target.read_bytes() == before
    assert list(office.folder.glob(".form*")) == []
    with pytest.raises(ConfigError, match=r"\.docx 或 \.pdf"):
        write_form(office.desk, "one", office.folder / "form.txt")


def test_the_index_lists_what_was_published_in_the_year_with_its_package(office: Any) -> None:
    office.run()
    made = archive(office, "a.zip")
    assert write_index(office.desk, 2026, office.folder / "2026.xlsx") == (1, 0)
    assert write_index(office.desk, 2025, office.folder / "2025.xlsx") == (0, 0)
    sheet = openpyxl.load_workbook(office.folder / "2026.xlsx").active
    head, row = ([cell.value for cell in line] for line in sheet.iter_rows())
    found = dict(zip(head, row, strict=True))
    assert (found["稿件编号"], found["归档包序号"], found["归档包 SHA-256"]) == ("one", 1, made.sha256)
    assert found["发布时间"].isoformat() == "2026-03-02T09:00:00"
    with pytest.raises(ConfigError, match="没有覆盖"):
        write_index(office.desk, 2026, office.folder / "2026.xlsx")
    with pytest.raises(ConfigError, match=r"\.xlsx"):
        write_index(office.desk, 2026, office.folder / "2026.csv")


def test_the_index_names_the_author_as_he_was_printed(office: Any) -> None:
    office.run()
    with office.desk.store.write() as connection:
        connection.execute(revisions.update().values(author="wang", byline="王芳"))
    write_index(office.desk, 2026, office.folder / "2026.xlsx")
    head, row = openpyxl.load_workbook(office.folder / "2026.xlsx").active.iter_rows(values_only=True)
    assert dict(zip(head, row, strict=True))["作者"] == "王芳"


def test_no_cell_of_a_workbook_is_ever_a_formula(office: Any) -> None:
    data = workbook(
        "表", [("甲", 10.0)], [["=1+1"], ["+cmd|' /C calc'!A0"], ["\x07\x00"], ["长" * 40_000]], made_at=office.clock()
    )
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    cells = [line[0] for line in sheet.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells[:2]] == ["=1+1", "+cmd|' /C calc'!A0"]


@pytest.fixture
def reviewed(bench: Any) -> Any:
    """An office whose posts need a review of three steps; the first is approved."""
    bench.channel("a")
    bench._desk = bench.another(reviews=POLICY)
    staff(bench.desk)
    bench.queue("one")
    submit(bench.desk)
    approve(bench.desk, "ed")
    return bench


def test_the_form_tells_the_review_as_it_stands_and_its_code_the_digest_of_the_review(reviewed: Any) -> None:
    with reviewed.desk.store.read() as connection:
        form = form_of(reviewed.desk, papers_of(reviewed.desk, connection, "one"))
    assert form.review.digest == stands(reviewed.desk).digest
    assert [(step.name, step.state, step.by_shown) for step in form.review.steps] == [
        ("一审", "approved", "ed同志"),
        ("一校", "open", ""),
        ("签发", "waiting", ""),
    ]


def test_what_was_signed_before_the_post_changed_is_refused(reviewed: Any, tmp_path: Path) -> None:
    signed = signed_page(tmp_path, "one", stands(reviewed.desk).digest)
    assert attach(reviewed, signed).digest == stands(reviewed.desk).digest
    file = reviewed.folder / "posts" / "one.md"
    file.write_text(file.read_text(encoding="utf-8") + "\n又写了一段。\n", encoding="utf-8")
    reviewed.queue()
    with pytest.raises(ContentError, match="另一版"):
        attach(reviewed, signed)
    assert len(rows(reviewed, scans)) == 1


def test_a_package_of_a_reviewed_post_holds_who_decided_what(reviewed: Any) -> None:
    approve_all(reviewed.desk)
    reviewed.run()
    archive(reviewed, "a.zip")
    inside = members(reviewed.folder / "a.zip")
    review = json.loads(inside["review.json"])
    assert (review["state"], [step["by"] for step in review["steps"]]) == ("approved", ["ed", "proof", "boss"])
    assert [each["deed"] for each in json.loads(inside["decisions.json"])] == [
        "submitted",
        "approved",
        "approved",
        "approved",
    ]
    assert check_package(reviewed.desk, reviewed.folder / "a.zip").troubles == ()
