"""The side of a column, wherever raw HTML says it: in its columns, or by the classes that pages and editors use."""

import re

import pytest

from xuanfa.content.text.leftovers import in_words
from xuanfa.content.text.markdown import leftovers, to_html

TWO = "<tr><td>1</td><td>2</td></tr>"
THREE = "<tr><td>1</td><td>2</td><td>3</td></tr>"


def sides(html: str) -> list[str]:
    return re.findall(
        r"<t[dh](?: [a-z]+span=\"\d\")*(?: class=\"align-(\w+)\")?(?: [a-z]+span=\"\d\")*>", to_html(html)
    )


@pytest.mark.parametrize(
    ("table", "wanted"),
    [
        (f'<table><col><col align="right">{TWO}</table>', ["", "right"]),
        (f'<table><colgroup><col style="width:30%"><col style="width:70%; text-align: center"></colgroup>{TWO}</table>', ["", "center"]),
        (f'<table><colgroup span="2" align="center"></colgroup><colgroup align="right"></colgroup>{THREE}</table>', ["center", "center", "right"]),
        (f'<table><colgroup align="center" span="3"><col><col align="left"></colgroup>{THREE}</table>', ["center", "left", ""]),
        (f'<table><col span=2 align=right>{THREE}</table>', ["right", "right", ""]),
        ('<table><col><col align="right"><tr align="center"><td>1</td><td>2</td></tr></table>', ["center", "right"]),
        ('<table><col align="right"><tr><td align="left">1</td></tr></table>', ["left"]),
        ('<table><col><col align="right"><tr><td colspan="2">合计</td></tr><tr><td>1</td><td>2</td></tr></table>', ["", "", "right"]),
        ('<table><col><col align="right"><tr><td rowspan="2">1</td><td>2</td></tr><tr><td>3</td></tr><tr><td>4</td><td>5</td></tr></table>',
         ["", "right", "right", "", "right"]),
        ('<table><col align="right"><col><tr><td>1<table><tr><td>2</td></tr></table></td><td>3</td></tr></table>', ["right", "right", ""]),
    ],
)  # fmt: skip
def test_a_column_has_its_side(table: str, wanted: list[str]) -> None:
    assert sides(table) == wanted
    assert "<col" not in to_html(table)
    assert leftovers(table) == []


@pytest.mark.parametrize(
    ("name", "side"),
    [
        *(("text-center", "center"), ("text-end", "right"), ("has-text-align-right", "right")),
        *(("ql-align-center", "center"), ("aligncenter", "center"), ("text-left", "left"), ("right", "right")),
    ],
)
def test_a_class_of_another_page_that_names_a_side_is_that_side(name: str, side: str) -> None:
    assert f'<p class="align-{side}">甲</p>' in to_html(f'<p class="{name}">甲</p>')
    assert sides(f'<table><tr><td class="{name}">1</td></tr></table>') == [side]
    assert sides(f'<table><col class="{name}"><tr><td>1</td></tr></table>') == [side]
    assert leftovers(f'<p class="{name}">甲</p>') == []


def test_what_is_set_for_this_program_goes_before_what_others_name() -> None:
    assert 'class="align-right"' in to_html('<p class="text-center align-right">甲</p>')


def test_other_classes_are_told_once_where_they_stand_first() -> None:
    html = '<table class="MsoTableGrid"><tr><td class="red">1</td><td class="red hidden">2</td></tr></table>'
    found = leftovers(f"甲\n\n{html}")
    assert [(each.what, each.line) for each in found] == [('class="red"', 3), ('class="hidden"', 3)]
    assert "已去掉" in in_words(found[0])
    assert 'class="' not in to_html(html)


def test_a_column_of_a_colour_is_told_as_a_cell_is() -> None:
    assert [each.what for each in leftovers(f'<table><col bgcolor="red">{TWO}</table>')] == ["bgcolor"]
