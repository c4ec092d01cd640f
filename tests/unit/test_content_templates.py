"""Templates are sandboxed and strict, a workspace's own go first, and whatever is wrong is told with file and line."""

from pathlib import Path

import pytest

from xuanfa.content.templates import Templates
from xuanfa.domain.errors import TemplateError


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return tmp_path / "own"


@pytest.fixture
def templates(tmp_path: Path, own: Path) -> Templates:
    return Templates([own, tmp_path / "shipped"])


def write(folder: Path, name: str, text: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, "utf-8")
    return file


def test_the_workspaces_own_template_goes_before_the_shipped_one_file_by_file(
    tmp_path: Path, own: Path, templates: Templates
) -> None:
    write(tmp_path / "shipped", "wecom/a.md", "shipped a")
    write(tmp_path / "shipped", "wecom/b.md", "shipped b, {% include 'wecom/a.md' %}")
    assert templates.render("wecom/b.md", {}) == "shipped b, shipped a"
    write(own, "wecom/a.md", "own a")
    assert templates.render("wecom/b.md", {}) == "shipped b, own a"


def test_only_html_and_xml_are_escaped(own: Path, templates: Templates) -> None:
    for name in ("k/a.html", "k/a.xml", "k/a.md", "k/a.json"):
        write(own, name, "{{ value }}")
    rendered = [templates.render(f"k/a.{ending}", {"value": "<甲&>"}) for ending in ("html", "xml", "md", "json")]
    assert rendered == ["&lt;甲&amp;&gt;", "&lt;甲&amp;&gt;", "<甲&>", "<甲&>"]


def test_chinese_stays_chinese_in_json(own: Path, templates: Templates) -> None:
    write(own, "k/a.json", "{{ {'b': '法院', 'a': 1} | tojson }}")
    assert templates.render("k/a.json", {}) == '{"b": "法院", "a": 1}'


def test_blocks_leave_no_empty_lines(own: Path, templates: Templates) -> None:
    write(own, "k/a.md", "{% if true %}\n  {% if true %}\n甲\n  {% endif %}\n{% endif %}\n乙\n")
    assert templates.render("k/a.md", {}) == "甲\n乙"


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("甲\n{{ titel }}", 2, "没有的名称：“titel”"),
        ("{{ post.titel }}", 1, "没有的名称"),
        ("甲\n乙\n{% if x %}", 3, "模板写法有误"),
        ("甲\n{{ 1 / 0 }}", 2, "ZeroDivisionError"),
        ("甲\n\n{{ ''.__class__.__mro__ }}", 3, "不允许的操作"),
        ("{{ items.append(1) }}", 1, "不允许的操作"),
        ("{% for i in range(10000000) %}{% endfor %}", 1, "OverflowError"),
        ("甲\n{% include 'k/none.md' %}", 2, "找不到模板“k/none.md”"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(own: Path, templates: Templates, text: str, line: int, part: str) -> None:
    file = write(own, "k/a.md", text)
    with pytest.raises(TemplateError) as caught:
        templates.render("k/a.md", {"post": {}, "items": []})
    assert str(caught.value.place) == f"{file}:{line}"
    assert part in caught.value.message


def test_a_mistake_in_an_included_template_is_told_where_it_is(own: Path, templates: Templates) -> None:
    write(own, "k/a.md", "{% include 'k/b.md' %}")
    file = write(own, "k/b.md", "甲\n{{ nothing }}")
    with pytest.raises(TemplateError) as caught:
        templates.render("k/a.md", {})
    assert str(caught.value.place) == f"{file}:2"


def test_a_missing_template_names_where_it_was_looked_for(tmp_path: Path, own: Path, templates: Templates) -> None:
    with pytest.raises(TemplateError) as caught:
        templates.render("k/none.md", {})
    assert f"{own}、{tmp_path / 'shipped'}" in caught.value.message


def test_a_template_of_another_encoding_is_named(own: Path, templates: Templates) -> None:
    file = write(own, "k/a.md", "")
    file.write_bytes("法院".encode("gb18030"))
    with pytest.raises(TemplateError, match="不是 UTF-8") as caught:
        templates.render("k/a.md", {})
    assert caught.value.place is not None
    assert caught.value.place.path == str(file)


def test_no_name_leads_out_of_the_folders(tmp_path: Path, own: Path, templates: Templates) -> None:
    write(own, "k/a.md", "x")
    write(tmp_path, "secret.md", "secret")
    assert templates.has("k/a.md")
    assert not templates.has("../secret.md")
    with pytest.raises(TemplateError, match="找不到模板"):
        templates.render("../secret.md", {})


def test_a_name_counts_as_used_wherever_it_might_be(tmp_path: Path) -> None:
    templates = Templates([tmp_path])
    for name, source in {
        "uses": "{{ text|length }}",
        "attribute": "{{ note.text }} text-align",
        "inherits": "{% extends 'uses' %}",
        "other": "{{ html }}",
    }.items():
        (tmp_path / name).write_text(source, encoding="utf-8")
    used = {name: templates.may_use(name, "text") for name in ("uses", "attribute", "inherits", "other", "missing")}
    assert used == {"uses": True, "attribute": False, "inherits": True, "other": False, "missing": True}
