"""What the rules prepare once is the same as what they would make anew, and nothing else is taken for it."""

import json
import re
from base64 import b64encode
from datetime import date

import pytest

from tests.corpus.measure import clean, planted
from xuanfa.checks.rules import engine, near, prepared, regex
from xuanfa.checks.rules.engine import Engine

WHEN = date(2026, 11, 29)
TEXT = "\n".join((*clean()[:60], *(row.text for row in planted()[:200])))


@pytest.fixture
def empty(monkeypatch: pytest.MonkeyPatch) -> prepared._Store:
    """Nothing is prepared yet."""
    store = prepared._Store()
    monkeypatch.setattr(prepared, "_STORE", store)
    return store


def test_a_pattern_that_was_kept_is_the_pattern_itself() -> None:
    Engine().check(TEXT, when=WHEN)
    patterns = json.loads(prepared.kept())["patterns"]
    assert len(patterns) > 200
    for name in patterns:
        flags, _, source = name.partition(" ")
        # Patterns are equal where flags, words and the numbers that are run are.
        assert prepared.compiled(source, int(flags)) == re.compile(source, int(flags))


@pytest.mark.parametrize(
    "source", [r"(?P<one>甲)(?P<two>乙)?|(丙)", r"(?i)[a-z一-龥]{2,3}$", r"(甲|乙)\1", "", r"(?<!\d)\d{4}年(?=月)"]
)
@pytest.mark.parametrize("flags", [0, re.MULTILINE, re.IGNORECASE | re.ASCII])
def test_any_pattern_comes_back_as_it_was(empty: prepared._Store, source: str, flags: int) -> None:
    made = prepared.compiled(source, int(flags))
    prepared.take(prepared.kept())
    back = prepared.compiled(source, int(flags))
    assert made == back == re.compile(source, flags)
    text = "甲乙丙甲甲ab2026年月\n1999年月"
    found = [(match.span(), match.groups(), match.groupdict(), match.lastgroup) for match in back.finditer(text)]
    right = re.compile(source, flags).finditer(text)
    assert found == [(match.span(), match.groups(), match.groupdict(), match.lastgroup) for match in right]


def test_tables_that_were_kept_are_those_that_are_made() -> None:
    kept = json.loads(prepared.kept() if prepared.has_more() else b"{}")
    made = {"near.keys": near._made_keys(), "near.turned": near._made_turned()}
    assert json.loads(json.dumps(made)) == made
    assert {name: kept.get("tables", made)[name] for name in made} == made


def test_nothing_new_is_prepared_where_all_was_taken(empty: prepared._Store) -> None:
    regex.compile("甲[乙丙]").search("甲乙")
    prepared.table("t", lambda: {"甲": [1]})
    data = prepared.kept()
    store = prepared._STORE
    store.patterns, store.tables, store.more = {}, {}, False
    prepared.take(data)
    regex.compile("甲[乙丙]").search("甲乙")
    assert prepared.table("t", dict) == {"甲": [1]}
    assert not prepared.has_more()


@pytest.mark.parametrize("data", [b"", b"x", b"[]", b"{}", b'{"patterns": [], "tables": {}}', b"\xff\xfe"])
def test_what_is_nothing_of_the_kind_is_refused(empty: prepared._Store, data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - json's own, too
        prepared.take(data)
    assert not empty.patterns


@pytest.mark.parametrize(
    "code",
    [
        [32, b64encode(b"\xff" * 16).decode(), 0, {}],
        [32, "!", 0, {}],
        [32, "AA==", 0, {}],
        [32],
        None,
        {},
        [32, b64encode(b"").decode(), 3, {"a": 9}],
    ],
)
def test_a_pattern_that_the_machine_does_not_know_is_made_anew(empty: prepared._Store, code: object) -> None:
    prepared.take(json.dumps({"patterns": {"0 甲乙": code}, "tables": {}}).encode())
    assert prepared.compiled("甲乙", 0) == re.compile("甲乙")
    assert prepared.has_more()


def test_a_pattern_is_compiled_when_it_is_tried(empty: prepared._Store) -> None:
    pattern = regex.compile("甲{2}")
    assert (pattern.pattern, empty.patterns) == ("甲{2}", {})
    assert pattern.search("甲甲") is not None
    assert list(empty.patterns) == ["0 甲{2}"]


def test_findings_are_the_same_with_what_was_taken(empty: prepared._Store) -> None:
    assert engine.DETECTORS
    first = Engine().check(TEXT, when=WHEN)
    prepared.take(prepared.kept())
    assert Engine().check(TEXT, when=WHEN) == first
