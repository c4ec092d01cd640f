"""A post of pictures alone, with a title and no text: every kind of channel takes it."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from xuanfa.bootstrap import open_desk
from xuanfa.domain.delivery import State
from xuanfa.operations.intake.queue import queue
from xuanfa.reports.listing import list_deliveries

PICTURES = 'pictures = "https://www.example.gov.cn/assets/pictures"\n'
KINDS = {
    "site": 'adapter = "site"\ndirectory = "public"\nbase_url = "https://www.example.gov.cn"\n',
    "wechat": 'adapter = "wechat"\n',
    "short": 'adapter = "weibo"\n',
    "long": f'adapter = "weibo"\nmode = "article"\n{PICTURES}',
    "pictures": 'adapter = "douyin"\nmode = "image_text"\n',
    "video": 'adapter = "douyin"\nmode = "video"\n',
    "byhand": 'adapter = "douyin"\nmode = "manual"\n',
    "hook": f'adapter = "webhook"\n{PICTURES}',
    "blog": 'adapter = "wordpress"\n',
    "mail": 'adapter = "email"\n',
    "ding": 'adapter = "dingtalk"\n',
    "fei": 'adapter = "feishu"\n',
    "group": 'adapter = "wecom"\n',
    "card": f'adapter = "wecom"\nmessage = "news"\n{PICTURES}',
    "pack": 'adapter = "manual"\n',
}


@pytest.fixture
def office(tmp_path: Path) -> Path:
    listed = ", ".join(f'"{name}"' for name in KINDS)
    tables = "".join(f"[channels.{name}]\n{text}rehearsal = true\n" for name, text in KINDS.items())
    (tmp_path / "xuanfa.toml").write_text(
        f'[columns.action]\ntitle = "我们在行动"\nchannels = [{listed}]\n{tables}', encoding="utf-8"
    )
    (tmp_path / "posts").mkdir()
    Image.new("RGB", (1200, 800), "#0b57a8").save(tmp_path / "posts" / "a.png")
    Image.new("RGB", (4000, 2250), "#a33").save(tmp_path / "posts" / "b.jpg")
    return tmp_path


@pytest.mark.parametrize("alt", ["", "法官在田间"])
def test_every_kind_takes_it(office: Path, clock: Any, alt: str) -> None:
    text = f"---\ntitle: 图说开放日\ncolumn: action\npublish_at: now\n---\n\n![{alt}](a.png)\n\n![](b.jpg)\n"
    (office / "posts" / "tu.md").write_text(text, encoding="utf-8")
    with open_desk(office, clock) as desk:
        report = queue(desk)
        rows = {row.channel: row for row in list_deliveries(desk.store)}
    assert not report.problems
    assert {name: row.reason for name, row in rows.items() if row.state is not State.SCHEDULED} == {}
    assert rows.keys() == KINDS.keys()


def test_with_neither_text_nor_pictures_it_is_nothing(office: Path, clock: Any) -> None:
    (office / "posts" / "kong.md").write_text(
        "---\ntitle: 什么也没有\ncolumn: action\npublish_at: now\n---\n\n<!-- 待写 -->\n", encoding="utf-8"
    )
    with open_desk(office, clock) as desk:
        queue(desk)
        assert not [row for row in list_deliveries(desk.store) if row.state is State.SCHEDULED]
