"""An archive package carries what the public saw: the text and the picture of every proof, and the figures of readers."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.domain.act import ArchivePost
from xuanfa.domain.act_public import AddProof, SetReaders
from xuanfa.domain.errors import AlteredError
from xuanfa.domain.page import Opened, Page
from xuanfa.domain.person import Person
from xuanfa.domain.readers import Figures
from xuanfa.operations.deciding.door import carry_out
from xuanfa.operations.papers.check import check_package
from xuanfa.operations.proving.passes import prove_due
from xuanfa.store import proofs

ANNA = Person(name="安娜", why="归档")
TEXT = "正文。法官走进校园，为孩子们讲课。"


@pytest.fixture
def office(bench: Any) -> Any:
    """A post that is out, looked at by the program with a picture, and pictured by a person."""
    bench.channel("a", public_page="text")
    page = Opened(
        address="", page=Page(200, f"<title>“one”</title><h1>“one”</h1><p>{TEXT}</p>"), media_type="text/html"
    )
    bench._desk = bench.another(
        open_page=lambda _c, address: replace(page, address=address),
        picture_page=lambda _c, _a: (b"\xff\xd8 a jpeg", ""),
    )
    bench.write("one", TEXT)
    bench.queue()
    bench.run()
    bench.clock.advance(minutes=2)
    assert prove_due(bench.desk, gap=0) == 1
    taken = bench.folder / "shot.png"
    Image.new("RGB", (60, 40), "white").save(taken)
    carry_out(bench.desk, AddProof(delivery=1, file=taken), ANNA)
    carry_out(bench.desk, SetReaders(delivery=1, figures=Figures(delivery=1, at=bench.clock(), reads=7)), ANNA)
    return bench


def archive(bench: Any, name: str) -> Path:
    carry_out(bench.desk, ArchivePost(post="one", target=bench.folder / name), ANNA)
    path: Path = bench.folder / name
    return path


def test_texts_and_pictures_of_the_page_are_in_it(office: Any) -> None:
    path = archive(office, "a.zip")
    with zipfile.ZipFile(path) as pack:
        fetched, by_hand = json.loads(pack.read("proofs.json"))
        assert (fetched["origin"], fetched["state"], by_hand["origin"], fetched["difference"]) == (
            "fetched",
            "same",
            "picture",
            "",
        )
        assert TEXT in pack.read(fetched["text"]).decode()
        assert pack.read(fetched["picture"]) == b"\xff\xd8 a jpeg"
        assert pack.read(by_hand["picture"]).startswith(b"\x89PNG")
        (read,) = json.loads(pack.read("readers.json"))
        assert (read["delivery"], read["reads"], read["likes"]) == (1, 7, None)
    assert check_package(office.desk, path).troubles == ()


def test_a_picture_that_is_gone_is_no_whole_package(office: Any) -> None:
    with office.desk.store.read() as connection:
        (kept,) = [each for each in proofs.of_delivery(connection, 1) if each.origin == "fetched"]
    office.desk.media.file(kept.screenshot, ".jpg").unlink()
    with pytest.raises(AlteredError):
        archive(office, "b.zip")
