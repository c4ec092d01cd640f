"""A restricted post (限阅) whose file says another list: fewer people at once, more only when somebody on the list has confirmed it. Pure."""

import pytest

from xuanfa.domain.access import Access, Restriction, Viewer

BOSS, ED, MAO = Viewer("boss"), Viewer("ed"), Viewer("mao")


def restricted(*words: str) -> Restriction:
    return Restriction(post_id=1, slug="one", access=Access(frozenset(words)))


@pytest.mark.parametrize(
    ("words", "kept", "wished"),
    [
        (["@ed"], {"@ed"}, None),
        (["@ed", "@boss"], {"@ed", "@boss"}, None),
        (["@ed", "@mao"], {"@ed", "@boss"}, {"@ed", "@mao"}),
        ([], {"@ed", "@boss"}, set()),
    ],
)
def test_what_a_file_takes_away_counts_and_what_it_adds_is_a_wish(
    words: list[str], kept: set[str], wished: set[str] | None
) -> None:
    after = restricted("@ed", "@boss").after(words)
    assert after.access.words == kept
    assert (None if after.wish is None else after.wish.words) == wished


def test_a_wish_may_only_take_people_out_until_it_is_confirmed() -> None:
    after = restricted("@ed", "@boss").after(["@ed", "@mao"])
    assert [after.opens_to(each) for each in (ED, BOSS, MAO)] == [True, False, False]
    everybody = restricted("@ed", "@boss").after([])
    assert [everybody.opens_to(each) for each in (ED, BOSS, MAO)] == [True, True, False]
