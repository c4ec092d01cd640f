"""Of what a head of a table is one, on the website's pages, as a reader of screens will say it."""

import re

import pytest

from xuanfa.adapters.site.markup import fit
from xuanfa.content.text.markdown import to_html


def scopes(rows: str) -> list[str]:
    html, _ = fit(to_html(f"<table>{rows}</table>"), {}, "")
    return re.findall(r'<th[^>]* scope="(\w+)"', html)


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ("<tr><th>甲<th>乙</tr><tr><td>1<td>2</tr>", ["col", "col"]),
        ("<thead><tr><th>甲<th>乙</tr></thead><tr><th>丙<td>2</tr>", ["col", "col", "row"]),
        ("<tr><th>甲<th>乙</tr><tr><th>丙<td>1</tr><tr><th>丁<td>2</tr>", ["col", "col", "row", "row"]),
        ("<tr><th>甲<td>1</tr><tr><th>乙<td>2</tr>", ["row", "row"]),
        (
            "<tr><th rowspan=2>甲<th colspan=2>乙</tr><tr><th>丙<td>1</tr><tr><td>1<td>2<td>3</tr>",
            ["col", "col", "row"],
        ),
        ("<tr><th>甲<th>乙</tr>", ["col", "col"]),
        ('<tr><th scope="row">甲<th>乙</tr><tr><td>1<td>2</tr>', ["row", "col"]),
    ],
)
def test_a_head_says_of_what_it_is_one(rows: str, found: list[str]) -> None:
    assert scopes(rows) == found


def test_tables_one_after_the_other_are_counted_by_themselves() -> None:
    table = "<table><tr><th>甲<td>1</tr></table>"
    html, _ = fit(to_html(f"{table}\n\n| 乙 |\n|--|\n| 1 |\n\n{table}"), {}, "")
    assert re.findall(r'<th[^>]* scope="(\w+)"', html) == ["row", "col", "row"]
