"""What a first visit brings over the wire: pages are gzipped where nothing can be learned from their length, and stay within the budget."""

import re
from collections.abc import Callable

import pytest

from tests.support.browsing import PASSWORD, Somebody
from xuanfa.console.guard import csrf

Sit = Callable[[str], Somebody]
PACKED = {"Accept-Encoding": "gzip"}
#: Ours, without pictures of posts (issue 13).
BUDGET = 60_000


def on_the_wire(one: Somebody, path: str) -> tuple[int, str]:
    with one.client.stream("GET", path, headers=PACKED) as answer:
        text = "".join(answer.iter_text())
        assert answer.status_code == 200, path
        return answer.num_bytes_downloaded, text


def test_the_desk_and_the_page_for_writing_stay_within_the_budget(somebody: Sit) -> None:
    zhou = somebody("zhou")
    zhou.go("/posts")
    zhou.press("写一篇")
    for path in ("/", zhou.page.url.path):
        size, text = on_the_wire(zhou, path)
        named = dict.fromkeys(re.findall(r'(?:src|href)="(/static/[^"#]+)', text))
        assert len(named) >= 5
        whole = size + sum(on_the_wire(zhou, each)[0] for each in named)
        assert whole < BUDGET, f"{path}: {whole}"
        assert size < len(text.encode()) / 2


def test_only_what_is_asked_for_and_no_answer_to_a_form_is_packed(somebody: Sit) -> None:
    zhou = somebody("zhou")
    answer = zhou.client.get("/posts", headers=PACKED)
    assert (answer.headers["content-encoding"], answer.headers["vary"]) == ("gzip", "Accept-Encoding")
    answer = zhou.client.get("/posts", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in answer.headers
    assert answer.headers["vary"] == "Accept-Encoding"
    zhou.go("/me/tokens")
    form = zhou.form("做令牌")
    answer = zhou.client.post(
        form.action, data={**dict(form.fields), "scope": "read", "again": PASSWORD}, headers=PACKED | same_site(zhou)
    )
    assert "xf_" in answer.text
    assert "content-encoding" not in answer.headers


def same_site(one: Somebody) -> dict[str, str]:
    return {"Origin": str(one.client.base_url).rstrip("/")}


def test_a_token_of_a_page_is_written_otherwise_each_time_and_always_counts() -> None:
    one, other = csrf.token_for("secret"), csrf.token_for("secret")
    assert one != other
    assert csrf.is_token("secret", one)
    assert csrf.is_token("secret", other)
    assert not csrf.is_token("another", one)


@pytest.mark.parametrize("typed", ["", "00", "zz", "0" * 64, "0" * 128, "令牌", "\udcff"])
def test_what_is_no_token_is_refused(typed: str) -> None:
    assert not csrf.is_token("secret", typed)
