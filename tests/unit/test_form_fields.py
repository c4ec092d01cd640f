"""What an author answers for the review form, and where it stands on paper."""

import io
import zipfile
from dataclasses import replace
from typing import Any

import pytest

from tests.support.review_forms import FORM, ZONE
from xuanfa.content.reading.fields import Fields, read_fields
from xuanfa.content.reading.frontmatter import parse
from xuanfa.documents.faces import Faces
from xuanfa.documents.review_form import review_form
from xuanfa.domain.review_form import Answers


def read(*lines: str) -> tuple[Fields, list[str]]:
    source = "\n".join(["---", "title: 一篇", *lines, "---", "", "正文。", ""])
    fields, problems = read_fields(parse(source, "a.md"), "posts/a.md")
    return fields, [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("是", True),
        ("有", True),
        ("Yes", True),
        ("true", True),
        ("否", False),
        ("无", False),
        ("no", False),
        ("", None),
    ],
)
@pytest.mark.parametrize("key", ["case", "secret", "personal", "minors"])
def test_questions_are_answered_by_yes_or_no(key: str, written: str, answer: bool | None) -> None:
    fields, problems = read(f"{key}: {written}")
    assert (getattr(fields, key), problems) == (answer, [])


@pytest.mark.parametrize(
    ("written", "use"),
    [("none", "none"), ("无", "none"), ("辅助", "assisted"), ("Generated", "generated"), ("生成", "generated")],
)
def test_the_use_of_ai_is_one_of_three(written: str, use: str) -> None:
    fields, problems = read(f"ai: {written}")
    assert (fields.ai, problems) == (use, [])


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("case: 也许", "是或否"),
        ("minors: [是]", "是或否"),
        ("ai: 一点", "none（无）、assisted（辅助）或 generated（生成）"),
        ("涉案: 是", "是不是想写 case"),
    ],
)
def test_what_is_no_answer_is_a_problem_with_its_line(line: str, expected: str) -> None:
    _, (problem,) = read(line)
    assert "posts/a.md" in problem
    assert "3" in problem
    assert expected in problem


def page(**changes: Any) -> str:
    data = review_form(replace(FORM, **changes), ZONE, Faces())
    return zipfile.ZipFile(io.BytesIO(data)).read("word/document.xml").decode()


def test_answers_are_boxes_and_the_rest_is_left_to_the_pen() -> None:
    ticked = page(
        subtitle="记宁远堡法庭",
        phone="0935-8232000",
        answers=Answers(case=True, secret=False, minors=True, ai="assisted"),
    )
    assert "涉案 ■是 □否　　涉密 □是 ■否　　含个人信息 □是 □否" in ticked
    assert "涉未成年人 ■是 □否　　使用人工智能 □无　■辅助　□生成" in ticked
    assert "副题：记宁远堡法庭" in ticked
    assert "0935-8232000" in ticked
    empty = page(answers=Answers())
    assert "■是" not in empty
    assert "使用人工智能 □无　□辅助　□生成" in empty
