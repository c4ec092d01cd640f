"""The rules that read a receiver's answer."""

import pytest

from xuanfa.adapters.shared.answers import Verdict, judge, parse_condition, parse_path, pick, pick_text

DATA = {"data": {"id": 7, "items": [{"url": "u"}], "none": None, "no": False, "zero": 0, "empty": ""}}


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("data.id", 7),
        ("data.items.0.url", "u"),
        ("data.items.1.url", None),
        ("data.items.-1", None),
        ("x.y", None),
        ("data.id.x", None),
    ],
)
def test_a_path_leads_to_a_value_or_to_nothing(path: str, value: object) -> None:
    assert pick(DATA, parse_path(path)) == value


def test_only_texts_and_numbers_are_ids() -> None:
    paths = ("data.id", "data.items.0.url", "data.no", "data.none", "data.items", "data.empty", "data.zero", "")
    assert [pick_text(DATA, path) for path in paths] == ["7", "u", None, None, None, None, "0", None]


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        ("data.id", Verdict.MET),
        ("data.no", Verdict.REFUSED),
        ("data.zero", Verdict.REFUSED),
        ("data.none", Verdict.UNCLEAR),
        ("data.id == 7", Verdict.MET),
        ('data.id == "7"', Verdict.MET),
        ("data.id==8", Verdict.REFUSED),
        ("data.items.0.url == u", Verdict.MET),
        ("data.no == false", Verdict.MET),
        ("data.zero == false", Verdict.REFUSED),
        ("data.other == 1", Verdict.UNCLEAR),
    ],
)
def test_a_condition_is_met_refused_or_unclear(condition: str, verdict: Verdict) -> None:
    assert judge([parse_condition(condition)], DATA) is verdict
