"""Words in the console's templates: two languages as everywhere, Chinese set as Chinese is set, and nothing that a page may not say."""

import re
from collections.abc import Iterator

import pytest
from jinja2 import Environment, nodes

from tests.support.source import SOURCE
from tests.unit.test_messages import CHINESE, CODE, HALF_WIDTH, fields

FOLDER = SOURCE / "console" / "templates"
TEMPLATES = sorted(FOLDER.rglob("*.html"))
#: What a page does not say: commands, praise, and the buttons that say nothing (console design, 1.8).
UNSAID = re.compile(r"xuanfa [a-z]|确定|取消(?!一条|投递)|操作成功|[！!]|请稍候")


def said(text: str) -> Iterator[tuple[int, nodes.Call]]:
    """Calls of ``say``, with their lines."""
    for call in Environment(autoescape=True).parse(text).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name == "say":
            yield call.lineno, call


def wrong(text: str) -> Iterator[str]:
    """What is wrong with the words of a template."""
    for line, call in said(text):
        texts = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
        if len(call.args) != 2:
            yield f"{line}: not two texts"
            continue
        if len(texts) != 2:
            continue
        zh, en = map(str, texts)
        given = {each.key for each in call.kwargs}
        if not zh.strip() or not en.strip() or CHINESE.search(en):
            yield f"{line}: {zh!r} {en!r}"
        if HALF_WIDTH.search(CODE.sub("", zh)):
            yield f"{line}: half-width marks in {zh!r}"
        if UNSAID.search(zh):
            yield f"{line}: a page does not say {zh!r}"
        if given and not fields(zh) == fields(en) == given:
            yield f"{line}: {zh!r} is filled otherwise than {en!r}"
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}", "", text, flags=re.DOTALL)
    for number, each in enumerate(bare.splitlines(), 1):
        if CHINESE.search(each.replace('aria-hidden="true">宣<br>发<', "").replace(">宣</a>", "")):
            yield f"{number}: said in one language: {each.strip()}"


def test_both_languages_stand_in_every_template() -> None:
    assert len(TEMPLATES) > 5
    found = [f"{path.relative_to(FOLDER)}:{each}" for path in TEMPLATES for each in wrong(path.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "text",
    [
        "{{ say('登录') }}",
        "{{ say('有{a}件', 'there are {b}', a=1) }}",
        "{{ say('错误,请重试', 'wrong') }}",
        "{{ say('确定', 'OK') }}",
        "<p>登录</p>",
        "{{ say('登录', '登录') }}",
        "{{ say('请运行 xuanfa doctor', 'run xuanfa doctor') }}",
    ],
)
def test_what_is_wrong_is_found(text: str) -> None:
    assert list(wrong(text))
