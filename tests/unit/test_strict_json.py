"""JSON as RFC 8259 has it: what two programs would read in two ways is no proof of anything."""

import json
from datetime import timedelta

import pytest

from xuanfa.adapters.shared.http import Answer
from xuanfa.domain.strict_json import read_json


@pytest.mark.parametrize(
    "text",
    [
        '{"code":NaN}',
        '{"code":Infinity}',
        "[-Infinity]",
        "NaN",
        '{"code":1e999}',
        '{"code":-1e400}',
        '{"code":0,"code":1}',
        '{"a":{"code":0,"code":"0"}}',
        '{"a":1,"a":1.0}',
        '{"a":true,"a":1}',
        "[" * 100_000,
        "9" * 5_000,
        "",
        "{'a':1}",
    ],
    ids=lambda text: text[:24],
)
def test_what_is_no_json_or_says_two_things_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its words differ from one Python to the next
        read_json(text)
    assert Answer(200, {}, text.encode()).data is None


@pytest.mark.parametrize(
    "text",
    ['{"code":0,"code":0}', '{"id":123456789012345678901234567890}', '{"a":1e300}', "[]", '"NaN"', '{"a":"Infinity"}'],
)
def test_what_says_one_thing_is_read(text: str) -> None:
    assert read_json(text) == json.loads(text)
    assert Answer(200, {}, text.encode()).data == json.loads(text)


@pytest.mark.parametrize("value", ["Fri, 31 Dec 99999999999999999999 23:59:59 GMT", "Mon, 01 Jan 2026 00:00:00 -0000"])
def test_a_wait_that_is_no_date_is_none(value: str) -> None:
    assert Answer(429, {"retry-after": value}, b"").retry_after is None
    assert Answer(429, {"retry-after": "Mon, 01 Jan 2100 00:00:00 GMT", "date": value}, b"").retry_after is None
    assert Answer(429, {"retry-after": "Mon, 01 Jan 2100 00:00:00 GMT"}, b"").retry_after == timedelta(days=1)
