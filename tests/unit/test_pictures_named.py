"""What is named as a picture and is no file: called what it is, and never opened."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from xuanfa.content.reading.files import Files
from xuanfa.domain.errors import ContentError


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (os.mkfifo, "管道"),
        (Path.mkdir, "文件夹"),
        (_socket, "套接字"),
        (lambda path: path.symlink_to("gone.jpg"), "失效的链接"),
    ],
)
def test_what_is_no_file_is_named(tmp_path: Path, make: Callable[[Path], None], kind: str) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    make(posts / "a.jpg")
    with pytest.raises(ContentError, match=f"不是文件，而是{kind}"):
        Files(posts / "one.md", "posts/one.md").picture("a.jpg")


def test_a_link_to_a_device_is_not_followed(tmp_path: Path) -> None:
    posts = tmp_path / "posts"
    posts.mkdir()
    (posts / "a.jpg").symlink_to("/dev/zero")
    with pytest.raises(ContentError, match="不在稿件文件夹里"):
        Files(posts / "one.md", "posts/one.md").picture("a.jpg")
