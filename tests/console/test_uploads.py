"""Files in parts: what is there is not sent again, what does not follow is not taken, nobody reaches another one's; and what is too large is refused
before it is read, in a sentence."""

import http.client
import io
import os
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
import pytest
from PIL import Image

from tests.support.browsing import Somebody
from tests.support.word_files import paragraph, title, word
from xuanfa.operations.desk import Desk
from xuanfa.store import drafts

Sit = Callable[[str], Somebody]


def picture() -> bytes:
    """A picture of more than two million bytes."""
    data = io.BytesIO()
    Image.effect_noise((960, 960), 90).convert("RGB").save(data, "PNG")
    return data.getvalue()


def begun(one: Somebody) -> tuple[str, str]:
    one.go("/posts")
    one.press("写一篇")
    return one.page.url.path.split("/")[2], dict(one.form("存为一版").fields)["csrf"]


def send(one: Somebody, csrf: str, name: str, offset: int, part: bytes) -> httpx.Response:
    return one.client.post(
        f"/uploads/{name}", data={"csrf": csrf, "offset": str(offset)}, files={"part": ("part", part)}
    )


def test_a_picture_goes_in_parts_and_on_from_where_the_server_is(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug, csrf = begun(one)
    data, name = picture(), secrets.token_hex(16)
    assert len(data) > 2_000_000
    first, second = data[:1_000_000], data[1_000_000:2_000_000]
    assert one.client.get(f"/uploads/{name}").json() == {"have": 0}
    assert send(one, csrf, name, 0, first).json() == {"have": 1_000_000}
    assert send(one, csrf, name, 0, first).json() == {"have": 1_000_000}, "the answer was lost: nothing is taken twice"
    assert send(one, csrf, name, 1_500_000, second).json() == {"have": 1_000_000}, "what does not follow is not taken"
    assert one.client.get(f"/uploads/{name}").json() == {"have": 1_000_000}
    assert send(one, csrf, name, 1_000_000, second).json() == {"have": 2_000_000}
    have = 2_000_000
    while have < len(data):
        have = send(one, csrf, name, have, data[have : have + 1_000_000]).json()["have"]
    answer = one.client.post(f"/posts/{slug}/pictures", data={"csrf": csrf, "upload": name, "upload-name": "a.png"})
    assert answer.status_code == 200, answer.text
    kept = desk.posts_folder / slug[:4] / answer.json()["name"]
    with Image.open(kept) as shown:
        assert shown.size == (960, 960)
    assert one.client.get(f"/uploads/{name}").json() == {"have": 0}, "it is kept no longer"
    again = one.client.post(f"/posts/{slug}/pictures", data={"csrf": csrf, "upload": name, "upload-name": "a.png"})
    assert (again.status_code, "重新选一次" in again.json()["detail"]) == (422, True)


def test_nobody_reaches_another_ones_parts(somebody: Sit, desk: Desk) -> None:
    one, other = somebody("wang"), somebody("bao")
    _, csrf = begun(one)
    name = secrets.token_hex(16)
    send(one, csrf, name, 0, b"x" * 1000)
    assert other.client.get(f"/uploads/{name}").json() == {"have": 0}
    assert not [path for path in (desk.folder / "var" / "uploads").iterdir() if path.stat().st_mode & 0o077]


@pytest.mark.parametrize("name", ["x", "..%2f..%2fetc", "0" * 65, "ABCDEFABCDEFABCDEF"])
def test_a_name_that_is_none_of_ours_is_refused(somebody: Sit, desk: Desk, name: str) -> None:
    one = somebody("wang")
    _, csrf = begun(one)
    assert send(one, csrf, name, 0, b"x").status_code in {404, 422}
    assert not (desk.folder / "var" / "uploads").exists()


@pytest.mark.parametrize("offset", ["", "-1", "x", "９", "1e9", "39999999999"])
def test_an_offset_that_is_none_is_refused(somebody: Sit, desk: Desk, offset: str) -> None:
    one = somebody("wang")
    _, csrf = begun(one)
    answer = one.client.post(
        f"/uploads/{secrets.token_hex(8)}", data={"csrf": csrf, "offset": offset}, files={"part": ("p", b"x")}
    )
    assert answer.status_code in {413, 422}
    assert answer.json()["detail"].endswith("。")


def test_what_nobody_asks_for_is_thrown_away(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    _, csrf = begun(one)
    names = [secrets.token_hex(16) for _ in range(25)]
    for name in names:
        send(one, csrf, name, 0, b"x")
    folder = desk.folder / "var" / "uploads"
    assert len(list(folder.iterdir())) == 20
    for path in folder.iterdir():
        os.utime(path, (time.time() - 90_000, time.time() - 90_000))
    send(one, csrf, secrets.token_hex(16), 0, b"x")
    assert len(list(folder.iterdir())) == 1


def test_a_word_file_comes_in_parts_too(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    data, name = word(title("巡回审判进乡村"), paragraph("法官到了村里。")), secrets.token_hex(16)
    one.go("/posts")
    form = one.form("用这个文件")
    send(one, dict(form.fields)["csrf"], name, 0, data)
    for _ in range(2):
        one.send(form, upload=name, **{"upload-name": "稿.docx"})
        assert (one.page.status_code, "法官到了村里。" in one.page.text) == (200, True)
    with desk.store.read() as connection:
        assert len(drafts.newest(connection, "wang")) == 1, "pressed twice, one draft"


@pytest.mark.parametrize("path", ["pictures", "picture"])
def test_a_picture_of_200_mb_is_refused_before_it_is_read(somebody: Sit, address: str, path: str) -> None:
    one = somebody("wang")
    slug, _ = begun(one)
    cookies = "; ".join(f"{name}={value}" for name, value in one.client.cookies.items())
    head = {
        "Content-Type": "multipart/form-data; boundary=x",
        "Content-Length": "200000000",
        "Cookie": cookies,
        "Origin": address,
    }
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=20)
    connection.request("POST", f"/posts/{slug}/{path}", headers=head)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert (answer.status, "这张图 200 MB，最多 20 MB，没有收" in text) == (413, True)


def test_a_picture_that_is_a_little_too_large_is_refused_in_the_same_words(somebody: Sit) -> None:
    one = somebody("wang")
    slug, csrf = begun(one)
    data = b"\x89PNG\r\n\x1a\n" + b"x" * 20_500_000
    answer = one.client.post(f"/posts/{slug}/pictures", data={"csrf": csrf}, files={"picture": ("a.png", data)})
    assert (answer.status_code, answer.json()["detail"]) == (422, "这张图 21 MB，最多 20 MB，没有收。请缩小后再传。")


def test_without_script_a_picture_is_put_at_the_end_of_the_text_with_what_was_typed(somebody: Sit, desk: Desk) -> None:
    one = somebody("wang")
    slug, _ = begun(one)
    form = one.form("放一张图…")
    form.action = f"/posts/{slug}/placing"
    one.send(form, title="题", text="正文。")
    assert one.page.url.path == f"/posts/{slug}/picture"
    data = io.BytesIO()
    Image.new("RGB", (64, 40), "red").save(data, "JPEG")
    fields = dict(one.form("放在文末").fields) | {"alt": "法官[在]村里", "caption": '图为"庭审"'}
    files = {"picture": ("a.jpg", data.getvalue())}
    for wrong, told in (({"alt": ""}, "请写一句图片说明"), ({}, "请选一张图")):
        answer = one.client.post(f"/posts/{slug}/picture", data=fields | wrong, files=files if wrong else None)
        assert (answer.status_code, told in answer.text, "图为" in answer.text) == (422, True, True)
    for _ in range(2):
        answer = one.client.post(f"/posts/{slug}/picture", data=fields, files=files)
        assert answer.status_code == 200
    one.page = answer
    text = dict(one.form("存为一版").fields)["text"]
    digest = text.partition("images/")[2].partition(".")[0]
    assert text == f'正文。\n\n![法官在村里](images/{digest}.jpg "图为”庭审”")'
    assert (desk.posts_folder / slug[:4] / "images" / f"{digest}.jpg").is_file()
